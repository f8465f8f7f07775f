"""Codes of static checks: E4xx, and W4xx for warnings."""

from __future__ import annotations

from policyengine.codes.base import Code

CODES: dict[str, Code] = {
    "E401": Code(
        "One name for two things",
        "Parts, parameters, tables, formulas, meters, layers, provisions and facts share one set of names.",
        "Rename one of them.",
        "- {id: age, layer: basic, pay: 1元}", "- {id: age_bonus, layer: basic, pay: 1元}",
    ),
    "E402": Code(
        "An unknown source",
        "A citation names a source that is not listed under `sources:`.",
        "Correct the id, or add the source.",
        "- {id: d, layer: basic, deductible: 5元, cite: lawe}", "- {id: d, layer: basic, deductible: 5元, cite: law}",
    ),
    "E403": Code(
        "Two rows that match",
        "For some keys a table would give two answers; the message shows such keys.",
        "Make the rows exclude each other.",
        "rows: [[三级|二级, 5元], [二级, 6元]]", "rows: [[三级, 5元], [二级, 6元]]",
    ),
    "E404": Code(
        "A share that can leave 0–100 %",
        "Adjustments can lift or lower the share too far for some claim. Nothing is cut silently.",
        "Say what happens: `at_most: 100%`, `at_least: 0%`, or a stack with `up_to:`.",
    ),
    "E405": Code(
        "An adjustment that changes nothing",
        "What it names has no quantity that can be adjusted: a definition, a split, a timing, or an adjustment that "
        "adds nothing.",
        "Adjust the provision that states the amount or the share.",
        "- {id: more, adjust: nights, add: 1}", "- {id: more, adjust: deductible, add: 100元}",
    ),
    "E406": Code(
        "Two shares of one base",
        "Shares of one layer are added up; two that can apply to the same claim would pay more than is meant.",
        "Let conditions exclude each other, put the shares into a table, or let an `adjust` add points.",
        "- {id: one, layer: basic, fund_share: 80%}\n- {id: two, layer: basic, fund_share: 50%}",
        "- {id: one, layer: basic, fund_share: 80%}",
    ),
    "E407": Code(
        "Two adjustments set one quantity",
        "Both conditions can hold at once, and nothing says which wins.",
        "Add `overrides:` to the one that wins, or make the conditions exclude each other.",
    ),
    "E408": Code(
        "Two values on one day",
        "A parameter or table has two values that hold on the same day.",
        "End the earlier one where the later begins: `to:` is the first day on which it no longer holds.",
    ),
    "E490": Code(
        "A value that cannot be divided by",
        "A rate that some claim makes zero, or that takes too many values to list, stands right of `/`, or under a "
        "ceiling that is converted to cost.",
        "Exclude zero; divide by literals and table columns, not by rates that a claim states.",
    ),
    "E491": Code(
        "An expression that nests too deep",
        "A step holds an expression of more than 100 levels.",
        "Give parts of it names of their own with `define`, or make a table of a long chain of conditions.",
    ),
    "W410": Code(
        "Used by nothing",
        "A parameter, table, formula, meter or definition that no provision reads.",
        "Delete it, or use it: perhaps a name is misspelt elsewhere.",
    ),
    "W411": Code(
        "Nobody is cited",
        "A value without a source and without a word on why it is assumed cannot be judged later.",
        "Add `cite:` with the words of the source, or `assumed:` with the reason and its grade.",
    ),
    "W413": Code(
        "A gap in a table",
        "For some keys no row says anything. A claim with these keys is refused.",
        "Add the row, or say why there is none: `gaps: the plan names no such hospital`.",
    ),
    "W414": Code(
        "Wide numbers",
        "An exact intermediate value can leave 64 bits, so that columns of claims use slower integers of any length.",
        "Round an amount before it.",
    ),
    "W415": Code(
        "A condition that nobody can meet",
        "The provision never applies: its condition contradicts itself or the facts' values.",
        "Correct the condition.",
    ),
    "W416": Code(
        "A layer that never pays",
        "It has no share, amount, target or cap, so what it looks at stays with the patient.",
        "Add the clause that pays, or make the layer a shadow: `payer: none`.",
    ),
}  # fmt: skip
