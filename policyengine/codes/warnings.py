"""Codes of static checks that warn: W4xx."""

from __future__ import annotations

from policyengine.codes.base import Code

CODES: dict[str, Code] = {
    "W410": Code(
        "Used by nothing",
        "A parameter, table, column, formula, meter, definition, stack, window, payer, part, source or fact "
        "that nothing "
        "in the file uses.",
        "Delete it, or use it: perhaps a name is misspelt elsewhere.",
        "parameters: {off: 5元}", "parameters: {off: 5元}\nprovisions: [{id: d, layer: basic, deductible: off}]",
    ),
    "W411": Code(
        "Nobody is cited",
        "A value without a source and without a word on why it is assumed cannot be judged later.",
        "Add `cite:` with the words of the source, or `assumed:` with the reason and its grade.",
        "- {id: more, adjust: share, add: 5pp, cite: []}", "- {id: more, adjust: share, add: 5pp, cite: law}",
    ),
    "W413": Code(
        "A gap in a table",
        "For some keys no row says anything. A claim with these keys is refused.",
        "Add the row, or say why there is none: `gaps: the plan names no such hospital`.",
        "tables: {t: {keys: [retired], columns: [off], rows: [[yes, 5元]]}}\n"
        "provisions: [{id: d, layer: basic, deductible: t.off}]",
        "tables: {t: {keys: [retired], columns: [off], rows: [[yes, 5元], [no, 6元]]}}\n"
        "provisions: [{id: d, layer: basic, deductible: t.off}]",
    ),
    "W414": Code(
        "Wide numbers",
        "An exact intermediate value can leave 64 bits, so that columns of claims use slower integers of any length. "
        "What is settled is right all the same.",
        "Round an amount before it; the cost of a ceiling with `converts: rounded_cost`.",
        "- {id: one, define: 33.3333% of in_scope}\n- {id: more, layer: basic, pay: 33.3333% of (33.3333% of one)}",
        "- {id: one, define: round(33.3333% of in_scope)}\n- {id: more, layer: basic, pay: 33.3333% of one}",
    ),
    "W415": Code(
        "A condition that nobody can meet",
        "The provision never applies: its condition contradicts itself or the facts' values.",
        "Correct the condition.",
        "- {id: more, adjust: share, when: hospital_level == 三级 and hospital_grade == 二级甲等, add: 5pp}",
        "- {id: more, adjust: share, when: hospital_level == 二级 and hospital_grade == 二级甲等, add: 5pp}",
    ),
    "W416": Code(
        "A layer that never pays",
        "It has no share, amount, target or cap, so what it looks at stays with the patient.",
        "Add the clause that pays, or make the layer a shadow: `payer: none`.",
        "layers:\n  - {id: basic, payer: pooled_fund, on: in_scope}\n"
        "  - {id: help, payer: medical_assistance, on: in_scope}",
        "layers: [{id: basic, payer: pooled_fund, on: in_scope}]",
    ),
    "W417": Code(
        "Bands that begin above nothing",
        "The layer has a deductible and bands whose first edge is above 0: between the deductible and that "
        "edge nothing "
        "is paid. Perhaps the edges are of the cost that includes the deductible.",
        "Begin at 0, or say `position: deductible`.",
        "- {id: share, layer: basic, fund_share: {bands: [[500元, 60%], [5000元, 70%]]}}",
        "- {id: share, layer: basic, fund_share: {position: deductible, bands: [[500元, 60%], [5000元, 70%]]}}",
    ),
    "W418": Code(
        "Nothing is left to classify",
        "Provisions that classify fee lines act in file order; earlier ones take whole every line that this "
        "one looks at.",
        "Move it up, or correct its condition.",
        "- {id: drugs, classify: category == 西药费 and class == 丙, take: 10% of left, to: own_expense}",
        "- {id: drugs, classify: category == 西药费 and class == 乙, take: 10% of left, to: own_expense}",
    ),
    "W419": Code(
        "An adjustment that never has an effect",
        "Another one overrides it and applies wherever it does.",
        "Delete it, or correct a condition.",
        "- {id: poor, adjust: share, when: registered_poor and retired, set: 80%}\n"
        "- {id: all, adjust: share, when: registered_poor, set: 90%, overrides: poor}",
        "- {id: poor, adjust: share, when: registered_poor and retired, set: 80%, overrides: all}\n"
        "- {id: all, adjust: share, when: registered_poor, set: 90%}",
    ),
    "W420": Code(
        "A ceiling that never binds",
        "A lower ceiling of the same layer on the same thing holds wherever this one does.",
        "Delete it, or correct the figures or the conditions.",
        "- {id: high, layer: basic, ceiling: 5000元, when: retired}\n- {id: low, layer: basic, ceiling: 3000元}",
        "- {id: high, layer: basic, ceiling: 5000元}\n- {id: low, layer: basic, ceiling: 3000元, when: retired}",
    ),
    "W421": Code(
        "Days without a value",
        "Between two dated values of a parameter, or two versions of a table, there are days on which none holds. "
        "Nothing needs the value there now; a claim of those days would be refused as soon as something does.",
        "Let the periods follow each other.",
        "parameters:\n  off:\n    - {value: 5元, to: 2017-01-01}\n    - {value: 6元, from: 2018-01-01}\n"
        "provisions:\n  - {id: d, layer: basic, deductible: off, valid: {from: 2018-01-01}}",
        "parameters:\n  off:\n    - {value: 5元, to: 2018-01-01}\n    - {value: 6元, from: 2018-01-01}\n"
        "provisions:\n  - {id: d, layer: basic, deductible: off, valid: {from: 2018-01-01}}",
    ),
    "W422": Code(
        "Valid on no day of the file",
        "The validity of a value, table, layer or provision lies outside that of the rule file.",
        "Correct the days.",
        "- {id: d, layer: basic, deductible: 5元, valid: {to: 2015-01-01}}",
        "- {id: d, layer: basic, deductible: 5元, valid: {to: 2017-01-01}}",
    ),
    "W423": Code(
        "More is earned than is left",
        "A layer looks at a base of its own that an earlier layer has already paid from; for some claim both together "
        "exceed it, and what the later one earned is cut.",
        "Let the layer look at what is unpaid, or write why not: `assumed: {base: …}`.",
        "layers:\n  - {id: basic, payer: pooled_fund, on: in_scope}\n"
        "  - {id: second, payer: supplement, on: in_scope, base: in_scope}\n"
        "provisions: [{id: half, layer: second, fund_share: 50%}]",
        "layers:\n  - {id: basic, payer: pooled_fund, on: in_scope}\n"
        "  - {id: second, payer: supplement, on: in_scope}\n"
        "provisions: [{id: half, layer: second, fund_share: 50%}]",
    ),
    "W424": Code(
        "A deductible that may be paid already",
        "`less: X.deductible` takes the whole deductible off, though a layer in between has paid from it. "
        "Which is meant "
        "is a convention, not a law.",
        "Write why: `assumed: {less: …}`; or leave the deductible in.",
        "layers:\n  - {id: basic, payer: pooled_fund, on: in_scope}\n"
        "  - {id: help, payer: medical_assistance, on: in_scope}\n"
        "  - {id: illness, payer: critical_illness, on: in_scope, less: basic.deductible}\n"
        "provisions:\n  - {id: half, layer: help, fund_share: 50%}\n  - {id: more, layer: illness, fund_share: 60%}",
        "layers:\n  - {id: basic, payer: pooled_fund, on: in_scope}\n"
        "  - {id: illness, payer: critical_illness, on: in_scope, less: basic.deductible}\n"
        "  - {id: help, payer: medical_assistance, on: in_scope}\n"
        "provisions:\n  - {id: half, layer: help, fund_share: 50%}\n  - {id: more, layer: illness, fund_share: 60%}",
    ),
    "W425": Code(
        "Bands and a cap with two windows",
        "Bands by what was used so far and a cap on the own cost count in windows that start on different "
        "days, so that "
        "one starts again while the other goes on.",
        "Let both meters count in one window.",
        "meters:\n  spent: {counts: in_scope, in: month}\n  borne: {counts: cap.kept, in: calendar_year}\n"
        "layers:\n  - {id: basic, payer: pooled_fund, on: in_scope}\n  - {id: cap, payer: pooled_fund, on: in_scope}\n"
        "provisions:\n  - {id: share, layer: basic, fund_share: {position: used(spent), bands: [[0元, 0%], "
        "[900元, 60%]]}}\n"
        "  - {id: own, layer: cap, own_cost_cap: 4500元, meter: borne}",
        "meters:\n  spent: {counts: in_scope, in: calendar_year}\n  borne: {counts: cap.kept, in: calendar_year}\n"
        "layers:\n  - {id: basic, payer: pooled_fund, on: in_scope}\n  - {id: cap, payer: pooled_fund, on: in_scope}\n"
        "provisions:\n  - {id: share, layer: basic, fund_share: {position: used(spent), bands: [[0元, 0%], "
        "[900元, 60%]]}}\n"
        "  - {id: own, layer: cap, own_cost_cap: 4500元, meter: borne}",
    ),
    "W426": Code(
        "A condition that every claim meets",
        "It leaves nobody out: perhaps `or` stands for `and`, or a value is missing.",
        "Correct it, or leave it out.",
        "- {id: more, adjust: share, when: retired or not retired, add: 5pp}", "- {id: more, adjust: share, add: 5pp}",
    ),
    "W427": Code(
        "A comparison that is decided beforehand",
        "The fact never lies on the other side of the number.",
        "Correct the number, or the bounds of the fact under `facts:`.",
        "- {id: more, adjust: share, when: retired and age >= 0, add: 5pp}",
        "- {id: more, adjust: share, when: retired and age >= 60, add: 5pp}",
    ),
    "W428": Code(
        "The same condition twice",
        "Under `and`, `or` or in a list the same thing stands a second time: perhaps another one was meant.",
        "Leave it out, or write the one that was meant.",
        "- {id: more, adjust: share, when: retired and student and retired, add: 5pp}",
        "- {id: more, adjust: share, when: retired and student, add: 5pp}",
    ),
    "W429": Code(
        "The same change twice",
        "Two adjustments change one quantity alike, and both apply: perhaps two sentences of one policy, or "
        "one sentence "
        "that two documents repeat.",
        "Make the second sentence a second citation of the first (`restates:` in a file that extends it).",
        "- {id: one, adjust: share, when: retired, add: 5pp}\n- {id: two, adjust: share, when: retired, add: 5pp}",
        "- {id: one, adjust: share, when: retired, add: 5pp}",
    ),
    "W431": Code(
        "Repeated with other figures",
        "A sentence is said to restate a provision, but the words quoted name other figures.",
        "Use `replaces:` for a sentence that changes the provision, or quote the words that repeat it.",
        "extends: parent\nprovisions: [{id: again, restates: share, cite: {law: 报销比例为80%}}]",
        "extends: parent\nprovisions: [{id: again, restates: share, cite: {law: 报销比例为70%}}]",
    ),
    "W433": Code(
        "An order of fee lines that nothing states",
        "Two provisions take from one fee line; what the second finds depends on the first. Only `check --order` looks "
        "for this: it swaps them and shows a claim that is then settled otherwise.",
        "`after:` or `before:` with the sentence that fixes the order, or `assumed: {order: …}`.",
    ),
    "W434": Code(
        "An order of clauses that nothing states",
        "Two clauses of one layer act on one base in file order. Only `check --order` looks for this: it swaps them "
        "and shows a claim that is then settled otherwise.",
        "`after:` or `before:` with the sentence that fixes the order, or `assumed: {order: …}`.",
    ),
    "W435": Code(
        "An order of layers that nothing states",
        "A note: two layers pay from one part, and who comes first pays from more. The list of layers is an order that "
        "the author has written; this only shows what hangs on it. Only `check --order` looks for this.",
        "`after:` or `before:` with the sentence that fixes the order, or `assumed: {order: …}`.",
    ),
    "W436": Code(
        "A source that cannot be looked up",
        "It names neither a `url` nor a `file`, or no `grade`. Only `check --sources` looks for this.",
        "Say where the document is, and how good it is.",
    ),
    "W437": Code(
        "Quoted words that the source does not have",
        "The `file` of the source, beside the rule file, can be read and does not hold the words; spaces and line ends "
        "do not count. Only `check --sources` looks for this.",
        "Quote the words as they stand, or name the source that has them.",
    ),
    "W438": Code(
        "A target or a cap that pays again what a share pays",
        "`top_up` and `own_cost_cap` look at what was paid and borne when their layer began. A share of the same layer "
        "is not in it, so that for one cost both are paid.",
        "Give the clause a layer of its own after the share's. Or say what is looked at: `counting: payable`, "
        "`measure: …`; or why it is so: `assumed: {order: …}`.",
        "- {id: to_ninety, layer: basic, top_up: 90% of in_scope}",
        "- {id: to_ninety, layer: basic, top_up: 90% of in_scope, counting: payable}",
    ),
}  # fmt: skip
