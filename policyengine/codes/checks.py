"""Codes of static checks that no rule set may fail: E4xx."""

from __future__ import annotations

from policyengine.codes.base import Code

CODES: dict[str, Code] = {
    "E401": Code(
        "One name for two things",
        "Parts, parameters, tables, formulas, meters, layers, provisions and facts share one set of names.",
        "Rename one of them.",
        "- {id: age, layer: basic, pay: 1元}",
        "- {id: age_bonus, layer: basic, pay: 1元}",
    ),
    "E402": Code(
        "An unknown source",
        "A citation names a source that is not listed under `sources:`.",
        "Correct the id, or add the source.",
        "- {id: d, layer: basic, deductible: 5元, cite: lawe}",
        "- {id: d, layer: basic, deductible: 5元, cite: law}",
    ),
    "E403": Code(
        "Two rows that match",
        "For some keys a table would give two answers; the message shows such keys.",
        "Make the rows exclude each other.",
        "rows: [[三级|二级, 5元], [二级, 6元]]",
        "rows: [[三级, 5元], [二级, 6元]]",
    ),
    "E404": Code(
        "A share that can leave 0–100 %",
        "Adjustments can lift or lower the share too far for some claim. Nothing is cut silently.",
        "Say what happens: `at_most: 100%`, `at_least: 0%`, or a stack with `up_to:`.",
        "- {id: more, adjust: share, when: retired, add: 35pp}",
        "- {id: more, adjust: share, when: retired, add: 35pp}\n- {id: most, adjust: share, at_most: 100%}",
    ),
    "E405": Code(
        "An adjustment that changes nothing",
        "What it names has no quantity that can be adjusted: a definition, a split, a timing, or an adjustment that "
        "adds nothing.",
        "Adjust the provision that states the amount or the share.",
        "- {id: nights, define: days_of_stay, label: Nights}\n- {id: more, adjust: nights, add: 1}",
        "- {id: more, adjust: deductible, add: 100元}",
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
        "- {id: poor, adjust: share, when: registered_poor, set: 80%}\n"
        "- {id: old, adjust: share, when: retired, set: 90%}",
        "- {id: poor, adjust: share, when: registered_poor, set: 80%}\n"
        "- {id: old, adjust: share, when: retired, set: 90%, overrides: poor}",
    ),
    "E408": Code(
        "Two values on one day",
        "A parameter or table has two values that hold on the same day.",
        "End the earlier one where the later begins: `to:` is the first day on which it no longer holds.",
        "parameters:\n  off:\n    - {value: 5元, to: 2018-01-01}\n    - {value: 6元, from: 2017-01-01}\n"
        "provisions:\n  - {id: d, layer: basic, deductible: off}",
        "parameters:\n  off:\n    - {value: 5元, to: 2017-01-01}\n    - {value: 6元, from: 2017-01-01}\n"
        "provisions:\n  - {id: d, layer: basic, deductible: off}",
    ),
    "E409": Code(
        "An amount that can fall below zero",
        "Adjustments can lower an amount too far for some claim; the message shows one. Nothing is cut silently.",
        "Say where it ends: `at_least: 0元`.",
        "- {id: less, adjust: deductible, when: retired, add: 0元 - 1000元}",
        "- {id: less, adjust: deductible, when: retired, add: 0元 - 1000元}\n"
        "- {id: least, adjust: deductible, at_least: 0元}",
    ),
    "E410": Code(
        "Repealed twice",
        "Two sentences of one file repeal the same provision of the parent.",
        "Keep one of them, with both citations.",
        "extends: parent\nprovisions:\n  - {id: one, repeals: share}\n  - {id: two, repeals: share}",
        "extends: parent\nprovisions:\n  - {id: one, repeals: share}\n  - {id: new, layer: basic, fund_share: 80%}",
    ),
    "E490": Code(
        "A value that cannot be divided by",
        "A rate that some claim makes zero, or that takes too many values to list, stands right of `/`, or under a "
        "ceiling that is converted to cost.",
        "Exclude zero; divide by literals and table columns, not by rates that a claim states.",
        "- {id: more, layer: basic, pay: 500元 / 0%}",
        "- {id: more, layer: basic, pay: 500元 / 91%}",
    ),
    "E491": Code(
        "An expression that nests too deep",
        "A step holds an expression of more than 100 levels.",
        "Give parts of it names of their own with `define`, or make a table of a long chain of conditions.",
    ),
    "E596": Code(
        "A fact that cannot be declared",
        "The name of the fact means something else already, so that no condition could read it: a shorter word for "
        "another fact, a day, an amount that clauses know. Or it is a fact of the glossary, of which a file can add "
        "words to open codes (`disease`, `hospital_id`), and change nothing else.",
        "Give it a name of its own; the words that are taken are listed in the terms.",
        "facts: {class: {type: code, values: {x: 甲类, y: 乙类}}}",
        "facts: {ward_class: {type: code, values: {x: 甲类, y: 乙类}}}",
    ),
}
