"""Codes of rule files that act on fee lines one by one."""

from __future__ import annotations

from policyengine.codes.base import Code

CODES: dict[str, Code] = {
    "E360": Code(
        "A fee line of a part that was paid as a whole",
        "A layer on the whole claim pays out of all lines together. What it has left of a single line is not known, so "
        "no layer with `per: row` can act on that part afterwards.",
        "Let the layers with `per: row` stand first, give them a part of their own, or settle the lines one after the "
        "other: `settle_by: row`.",
        "layers: [{id: basic, payer: pooled_fund, on: in_scope}, {id: copay, payer: account, on: in_scope, per: row}]",
        "layers: [{id: copay, payer: account, on: in_scope, per: row}, {id: basic, payer: pooled_fund, on: in_scope}]",
    ),
    "E361": Code(
        "Counting from line to line without an order of the lines",
        "A layer with `per: row` acts on every fee line as if it were the only one. A room that a meter or a "
        "window limits is used up by one line after the other, and which comes first is not said.",
        "`settle_by: row` at the head of the file settles the lines one after the other; or let the layer act on "
        "the claim.",
        "layers:\n"
        "  - {id: copay, payer: pooled_fund, on: in_scope, per: row}\n"
        "meters: {met: {counts: copay.deductible, in: calendar_year}}\n"
        "provisions:\n"
        "  - {id: deductible, layer: copay, deductible: 100元, meter: met}\n"
        "  - {id: share, layer: copay, fund_share: 70%}",
        "layers:\n"
        "  - {id: copay, payer: pooled_fund, on: in_scope, per: row}\n"
        "meters: {met: {counts: copay.deductible, in: calendar_year}}\n"
        "provisions:\n"
        "  - {id: deductible, layer: copay, deductible: 100元}\n"
        "  - {id: share, layer: copay, fund_share: 70%}",
    ),
    "E362": Code(
        "One clause of fee lines and of whole claims",
        "A clause with several layers has one quantity. Of a layer with `per: row` that is a quantity of each "
        "line, of another one a quantity of the claim.",
        "Write the clause twice.",
        "layers:\n"
        "  - {id: of_line, payer: pooled_fund, on: in_scope, per: row}\n"
        "  - {id: basic, payer: pooled_fund, on: in_scope}\n"
        "provisions:\n"
        "  - {id: each, layer: of_line, fund_share: 50%}\n"
        "  - {id: top, layer: [of_line, basic], ceiling: 500元}",
        "layers:\n"
        "  - {id: of_line, payer: pooled_fund, on: in_scope, per: row}\n"
        "  - {id: basic, payer: pooled_fund, on: in_scope}\n"
        "provisions:\n"
        "  - {id: each, layer: of_line, fund_share: 50%}\n"
        "  - {id: top, layer: of_line, ceiling: 500元}\n"
        "  - {id: top_claim, layer: basic, ceiling: 500元}",
    ),
    "E363": Code(
        "Moved into a part of the same layer",
        "`set_aside … to:` takes an amount out of the reach of later layers. The layer that moves it must not look at "
        "that part itself.",
        "Name a part that the layer does not look at.",
        "- {id: flat, layer: basic, set_aside: 2元, to: in_scope}",
        "- {id: flat, layer: basic, set_aside: 2元, to: own_expense}",
    ),
    "E364": Code(
        "One amount for all fee lines where each is settled by itself",
        "With `settle_by: row` every fee line is a claim of its own. A price of the case, a payment made elsewhere and "
        "a run are of the claim as a whole, and would count once for every line.",
        "Leave one of the two out: let layers on lines (`per: row`) do what needs the line.",
        "settle_by: row\nprovisions: [{id: price, quota_price: 5000元}]",
        "provisions: [{id: price, quota_price: 5000元}]",
    ),
    "E575": Code(
        "Fee lines that are settled one after the other",
        "The rule set settles every fee line by itself, each on its day. Then either all lines state their day or none "
        "does; and what a single fact would change is not told, since it may change every line.",
        "State the service date of every line, or of none: then all are of the day of the claim.",
    ),
    "E377": Code(
        "Versions of different form",
        "The day of a fee line chooses among the versions of a table, so that they are one table with the day as its "
        "first key. Their keys and columns are the same, and each says `dated_by`.",
        "Write all versions with the same keys, columns and `dated_by`.",
        "tables:\n"
        "  price:\n"
        "    - {dated_by: row.service_date, keys: [category], columns: [limit], rows: [[any, 30元]], "
        "valid: {to: 2024-07-01}}\n"
        "    - {dated_by: row.service_date, keys: [class], columns: [limit], rows: [[any, 40元]], "
        "valid: {from: 2024-07-01}}",
        "tables:\n"
        "  price:\n"
        "    - {dated_by: row.service_date, keys: [category], columns: [limit], rows: [[any, 30元]], "
        "valid: {to: 2024-07-01}}\n"
        "    - {dated_by: row.service_date, keys: [category], columns: [limit], rows: [[any, 40元]], "
        "valid: {from: 2024-07-01}}",
    ),
    "E378": Code(
        "Days of fee lines without a version",
        "One version ends before the next begins. A fee line of a day in between could not be held against any.",
        "Let one period end on the day on which the next begins; or, for a table, say under `gaps` why nothing holds.",
        "parameters:\n"
        "  bed:\n"
        "    dated_by: row.service_date\n"
        "    values: [{value: 30元, to: 2024-06-01}, {value: 40元, from: 2024-07-01}]",
        "parameters:\n"
        "  bed:\n"
        "    dated_by: row.service_date\n"
        "    values: [{value: 30元, to: 2024-07-01}, {value: 40元, from: 2024-07-01}]",
    ),
    "E379": Code(
        "The day of a line where there is no line",
        "With `dated_by: row.service_date` each fee line takes the version of its own day. The claim as a whole has no "
        "such day.",
        "Read it in a `classify`, in a layer with `per: row` or inside `sum(…)`; or leave `dated_by` out, then the day "
        "of the claim chooses.",
        "parameters:\n"
        "  threshold:\n"
        "    dated_by: row.service_date\n"
        "    values: [{value: 400元, to: 2024-07-01}, {value: 500元, from: 2024-07-01}]\n"
        "provisions: [{id: d, layer: basic, deductible: threshold}]",
        "parameters:\n"
        "  threshold:\n"
        "    values: [{value: 400元, to: 2024-07-01}, {value: 500元, from: 2024-07-01}]\n"
        "provisions: [{id: d, layer: basic, deductible: threshold}]",
    ),
}
