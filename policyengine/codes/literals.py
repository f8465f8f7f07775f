"""Codes of expressions and literals: E2xx."""

from __future__ import annotations

from policyengine.codes.base import Code

CODES: dict[str, Code] = {
    "E201": Code(
        "A character that expressions do not have",
        "A full-width or typographic sign, an invisible character, or a mark such as ; : { } stands in an expression.",
        "Write the ASCII sign, or delete the character.",
        "when: （age >= 60）", "when: (age >= 60)",
    ),
    "E202": Code(
        "Something is missing or out of place",
        "A value, an operator or a word of the grammar does not stand where it is needed.",
        "Complete the expression: one operator between two values; `a if condition else b`; `x in [a, b]`.",
        "when: retired student", "when: retired or student",
    ),
    "E203": Code(
        "A value outside its range",
        "A share lies between 0% and 100%, percentage points between -100pp and 100pp, an amount is not negative.",
        "Check the figure against the sentence it comes from.",
        "fund_share: 850%", "fund_share: 85%",
    ),
    "E204": Code(
        "A number that is not written plainly",
        "Numbers are digits 0-9 with at most one point: no separators, no exponent, no idle zero, no plus sign.",
        "Write all digits and nothing else, then the unit.",
        "when: amount >= 1,000元", "when: amount >= 1000元",
    ),
    "E205": Code(
        "The unit is missing, unknown or of the wrong kind",
        "An amount says its currency, a rate its percent sign; the unit stands directly behind the digits.",
        "Write 700元, 85%, 5pp; a bare number is a count.",
        "ceiling: 70000", "ceiling: 70000元",
    ),
    "E206": Code(
        "An amount in another currency",
        "A rule file counts in one currency; nothing is converted.",
        "State the amount in the currency of the rule file.",
        "ceiling: 700usd", "ceiling: 700元",
    ),
    "E207": Code(
        "A rate without its unit",
        "0.85 and 85 could both be meant as 85%.",
        "Write the percent sign, or pp for percentage points.",
        "fund_share: 0.85", "fund_share: 85%",
    ),
    "E208": Code(
        "Percent where percentage points are meant",
        "Adding 5% to a rate of 70% could give 75% (points) or 73.5% (a part of the rate).",
        "Write 5pp for points; write scale: 105% for a part of the rate.",
        "add: 5%", "add: 5pp",
    ),
    "E209": Code(
        "Percentage points where a rate is meant",
        "Points are the difference of two rates, not a rate.",
        "Write the rate with a percent sign.",
        "fund_share: 85pp", "fund_share: 85%",
    ),
    "E210": Code(
        "Finer than the smallest unit",
        "Amounts stop at the currency's smallest unit, rates at one millionth, other numbers at four decimals.",
        "Round the figure as the policy does. 1.000元 is refused because it looks like a thousand.",
        "fund_share: 33.33333%", "fund_share: 33.3333%",
    ),
    "E211": Code(
        "A number that is too large",
        "Numbers have at most 13 digits, amounts at most 13 digits of the smallest unit.",
        "Check the digits and the unit (万元 is ten thousand yuan).",
        "ceiling: 20000000亿元", "ceiling: 20万元",
    ),
    "E212": Code(
        "Not a date",
        "A date is year-month-day with 4-2-2 digits, a day of the calendar, from 1900 to 2199.",
        "Write a day that exists, such as 2026-02-28.",
        "from: 2026-02-30", "from: 2026-02-28",
    ),
    "E213": Code(
        "Not a count",
        "Here a whole number without unit is needed, not negative.",
        "Write digits only.",
        "times: 2.5", "times: 2",
    ),
    "E214": Code(
        "Not an interval",
        "Table keys are half-open intervals: 18..60 begins with 18 and ends before 60.",
        "Write 18..60, 60.. or ..18; any fits every value.",
        "age: 18-60", "age: 18..60",
    ),
    "E215": Code(
        "Not a list of alternatives",
        "A key cell holds codes with | between them, each once, or the word any alone.",
        "Delete the empty or repeated alternative.",
        "tier: province||city", "tier: province|city",
    ),
    "E216": Code(
        "Comparisons do not chain",
        "a < b < c would compare true or false with c.",
        "Write two comparisons with and, or use between (both ends count).",
        "when: 18 <= age <= 60", "when: age between 18 and 60",
    ),
    "E217": Code(
        "An operator that the language does not have",
        "Expressions know + - * / of, and or not, == != < <= > >=, in, between, if else.",
        "Use the operator named in the hint: and for &&, or for ||, not for !, == for =.",
        "when: retired && age > 60", "when: retired and age > 60",
    ),
    "E218": Code(
        "Brackets do not match",
        "A bracket is not closed, closes nothing, or closes one of the other kind.",
        "Put the missing bracket, or delete the one too many.",
        "take: min(left, 100元", "take: min(left, 100元)",
    ),
    "E219": Code(
        "Not a name",
        "Names begin with a letter and have Latin (a-z), Chinese, kana or hangul letters, digits and single "
        "underscores. Letters of other scripts that look the same are refused, so that two names never look alike.",
        "Retype the name; it may have been copied with a foreign letter in it.",
        "when: rеtired", "when: retired",
    ),
    "E220": Code(
        "A quoted text is wrong",
        "A quoted text ends with the mark it begins with, has no escapes and only visible characters.",
        "Close the quotes; use the other kind of quotes around a text that has quotes inside.",
        'when: disease == "dialysis', "when: disease == dialysis",
    ),
    "E221": Code(
        "The expression is too large",
        "At most 64 KiB of text, 2,000 names, values and operators, formulas and parameters written out, "
        "64 levels or names inside one another.",
        "Use in [a, b], a table, or name parts with define.",
        "when: " + "(" * 65 + "retired" + ")" * 65, "when: retired",
    ),
    "E222": Code(
        "A construct of programming languages",
        "Expressions have no loops, no indexing, no members, no functions of their own, no texts with a prefix.",
        "State the rule with operators, tables and formulas.",
        "when: tags[0] == retired", "when: retired",
    ),
}  # fmt: skip
