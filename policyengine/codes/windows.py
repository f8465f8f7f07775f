"""Codes of windows, scopes and accumulators: in rule files, in histories, between a history and a claim."""

from __future__ import annotations

from policyengine.codes.base import Code

RULES: dict[str, Code] = {
    "E352": Code(
        "A limit in money with a meter that counts a number",
        "What is left of a deductible, ceiling or own-cost cap is its amount less what its meter holds.",
        "Name a meter of an amount; a limit on how often something is paid is a condition: `when: used(stays) < "
        "3`.",
        "meters: {stays: {counts: 1, in: calendar_year}}\n"
        "provisions: [{id: top, layer: basic, ceiling: 500元, meter: stays}]",
        "meters: {spent: {counts: basic.paid, in: calendar_year}}\n"
        "provisions: [{id: top, layer: basic, ceiling: 500元, meter: spent}]",
    ),
    "E353": Code(
        "Meters named twice",
        "A limit has one amount and a `meter:`, or an amount for each of several meters.",
        "Drop `meter:`, or write one amount.",
        "meters: {own: {counts: basic.deductible, in: calendar_year}, family: {counts: basic.deductible, in: "
        "calendar_year, per: household}}\n"
        "provisions: [{id: d, layer: basic, deductible: {own: 400元, family: 1000元}, meter: own}]",
        "meters: {own: {counts: basic.deductible, in: calendar_year}, family: {counts: basic.deductible, in: "
        "calendar_year, per: household}}\n"
        "provisions: [{id: d, layer: basic, deductible: {own: 400元, family: 1000元}}]",
    ),
    "E354": Code(
        "A scope that is not an id or a code",
        "A meter is kept for somebody or something: for an id (member, household, a declared `type: id`) or for a code "
        "of the claim (disease, tier, care_type …). Amounts, counts, flags and facts of fee lines are none.",
        "Name ids or codes; for a flag declare a code with two words.",
        "meters: {m: {counts: 1, in: lifetime, per: [member, age]}}",
        "meters: {m: {counts: 1, in: lifetime, per: [member, tier]}}",
    ),
    "E355": Code(
        "A window that does not say in one way when it ends",
        "A window names exactly one of its forms; `starts` belongs to years and blocks, `grain` to rolling months, "
        "`back` to periods of the calendar.",
        "Take one form.",
        "windows: {w: {kind: month, rolling_days: 30}}", "windows: {w: {rolling_days: 30}}",
    ),
    "E356": Code(
        "A window without a length",
        "Months, years and days of a window are a whole number, at least one.",
        "Write the number.",
        "windows: {w: {rolling_days: 0}}", "windows: {w: {rolling_days: 30}}",
    ),
    "E383": Code(
        "A layer of several people without a window",
        "`per: household` says whose claims a layer with `to_date` sums up; without a window it looks at one.",
        "Add `to_date:`, or keep a meter `per: household` for its limits.",
        "layers: [{id: basic, payer: pooled_fund, on: in_scope, per: household}]",
        "layers: [{id: basic, payer: pooled_fund, on: in_scope, per: household, to_date: calendar_year}]",
    ),
    "E358": Code(
        "A meter that other systems do not keep",
        "What is kept elsewhere (人员累计信息) are sums of one member, by year and month.",
        "Give `opening` to sums per member in a window of a year, a month or a lifetime.",
        "meters: {m: {counts: 1, in: visit, opening: C0000}}",
        "meters: {m: {counts: 1, in: benefit_year, opening: C0000}}",
    ),
}  # fmt: skip

HISTORIES: dict[str, Code] = {
    "E576": Code(
        "A claim from before the first year of a window",
        "The window's years begin on a day that the claim states (of enrolment, of birth), and the claim is of an "
        "earlier day.",
        "Correct the day, or exclude such claims: `covers:`.",
    ),
    "E566": Code(
        "A period twice",
        "A history has one period for each window and scope.",
        "Remove one of the two.",
    ),
    "E567": Code(
        "A period that ends before it starts",
        "The last day in hospital of a spell is not before its first day.",
        "Correct the days.",
    ),
    "E568": Code(
        "A claim from before the accumulator's window",
        "A window that claims open, and one that rolls on, can only be followed forward. Somebody who shares the "
        "accumulator (of a household, a programme) has a later claim that was counted already.",
        "Settle the claims of all who share it in the order of their days.",
    ),
    "E569": Code(
        "A period of an unknown window",
        "No meter of the rule set uses a window of this name and scope that claims open.",
        "Correct the names; windows of the calendar and rolling ones have no period.",
    ),
    "E570": Code(
        "A period with the wrong dates",
        "A spell has the last day in hospital, `out`; other windows have not.",
        "Add or remove `out`.",
    ),
    "E571": Code(
        "A row without its period",
        "The meter's window is opened by a claim, and the row says since when; the history's periods do not.",
        "Add the period: without it nobody knows whether the window still runs.",
    ),
    "E572": Code(
        "An accumulator of the platform that cannot be read",
        "A row of interface 5206 has a year of four digits, a month of six and a value that fits the meter it is for.",
        "Correct the row.",
    ),
    "E573": Code(
        "An accumulator of the platform twice",
        "Rows of one code are added over their months; the same month twice would be counted twice.",
        "Remove one of the two.",
    ),
    "E574": Code(
        "Accumulators of several schemes",
        "A person may be insured in several schemes (insutype); their accumulators are not one.",
        "Say which scheme counts.",
    ),
}
CODES: dict[str, Code] = RULES | HISTORIES
