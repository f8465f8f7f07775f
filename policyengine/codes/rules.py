"""Codes of rule files: E3xx. The examples are provisions unless they show a whole section."""

from __future__ import annotations

from policyengine.codes.base import Code

CODES: dict[str, Code] = {
    "E301": Code(
        "A mapping is needed",
        "A text, a list or a pair of empty braces stands where keys with values belong.",
        "Write keys with values, in braces or one a line.",
        "- a sentence", "- {id: share, layer: basic, fund_share: 70%}",
    ),
    "E302": Code(
        "An unknown key",
        "The section, layer or provision has no key of this name. It may belong to another mechanism.",
        "Correct the spelling, or look the mechanism up in the reference.",
        "- {id: share, layer: basic, fund_share: 70%, wen: retired}",
        "- {id: share, layer: basic, fund_share: 70%, when: retired}",
    ),
    "E303": Code(
        "A missing key",
        "Something that has no meaning of its own accord was left out.",
        "Add the key; nothing is assumed in its place.",
        "- {layer: basic, fund_share: 70%}", "- {id: share, layer: basic, fund_share: 70%}",
    ),
    "E304": Code(
        "Another form is needed",
        "A list stands for a single value, or the other way round; or a list is empty that needs an entry.",
        "Write the form that the message names.",
        "layers: {basic: pooled_fund}", "layers: [{id: basic, payer: pooled_fund, on: in_scope}]",
    ),
    "E305": Code(
        "Not a name",
        "A name has letters (Latin or Chinese), digits and underscores, and does not begin with a digit.",
        "Choose such a name.",
        "- {id: my-share, layer: basic, fund_share: 70%}", "- {id: my_share, layer: basic, fund_share: 70%}",
    ),
    "E306": Code(
        "Not one of the choices",
        "The key takes one word out of a short list.",
        "Take one that the message lists.",
        "dated_by: discharge", "dated_by: discharge_date",
    ),
    "E307": Code(
        "A period without days",
        "`to` is the first day on which something no longer holds, so it comes after `from`; no year "
        "starts on 29 February.",
        "Correct the days.",
        "valid: {from: 2018-01-01, to: 2018-01-01}", "valid: {from: 2018-01-01, to: 2019-01-01}",
    ),
    "E308": Code(
        "Not a rounding",
        "Rounding is a mode (half_up, half_even, half_down, up, down) and a unit of at least the smallest coin. Only "
        "the head of a file may begin it with `end`.",
        "Write both.",
        "rounding: nearest", "rounding: half_up 0.01元",
    ),
    "E309": Code(
        "A part of its own needs a category",
        "Every part of the bill is sent in a national field; only the standard names say which.",
        "Say what the part counts as.",
        "parts: [own_expense, class_b, in_scope]",
        "parts: {own_expense: own_expense, class_b: first_share, in_scope: in_scope}",
    ),
    "E310": Code(
        "An unknown name",
        "No fact, parameter, table, meter, layer or definition has this name here.",
        "Correct the spelling, or declare it.",
        "- {id: d, layer: basic, deductible: dedctible_annual}", "- {id: d, layer: basic, deductible: 500元}",
    ),
    "E311": Code(
        "A value of another kind",
        "For example a rate stands where an amount of money is needed.",
        "Write a value of the kind that the message names, with its unit.",
        "- {id: d, layer: basic, deductible: 5%}", "- {id: d, layer: basic, deductible: 5元}",
    ),
    "E312": Code(
        "A decimal without a unit",
        "0.7 can be a share, an amount or a mistake.",
        "Write the unit: 70%, 0.7元.",
        "- {id: share, layer: basic, fund_share: 0.7}", "- {id: share, layer: basic, fund_share: 70%}",
    ),
    "E313": Code(
        "An amount in another currency",
        "A rule file has one currency, CNY unless it says otherwise.",
        "Write `currency:` at the top, or the amount in the file's currency.",
        "- {id: d, layer: basic, deductible: 500usd}", "- {id: d, layer: basic, deductible: 500元}",
    ),
    "E315": Code(
        "A code has no order",
        "Codes and flags are equal or not; there is no less and no more.",
        "Use `==`, `!=` or `in [...]`.",
        "when: hospital_level > 二级", "when: hospital_level == 三级",
    ),
    "E316": Code(
        "Not a value of the code",
        "Opposite a code stands one of its own words, in English or 中文. Words of `disease` and `hospital_id` are "
        "declared under `facts:`.",
        "Take one of the words listed, or declare the word.",
        "when: hospital_level == 四级", "when: hospital_level == 三级",
    ),
    "E317": Code(
        "Two kinds that do not go together",
        "Money is compared with and added to money, rates to rates, counts to counts.",
        "Bring both sides to one kind.",
        "when: total_charge > 5%", "when: total_charge > 500元",
    ),
    "E318": Code(
        "Division by something else than a rate",
        "Only a rate can stand right of `/`. A division by an amount has a name, and says what holds where there is "
        "nothing to divide by.",
        "Divide by a rate; else say `pro_rata(amount, part, whole, otherwise)` or "
        "`ratio(part, whole, otherwise, down, 1%)`.",
        "- {id: d, layer: basic, deductible: 500元 / 5元}", "- {id: d, layer: basic, deductible: 500元 / 91%}",
    ),
    "E319": Code(
        "A product without a rate or a count",
        "Money is multiplied by a rate or a count; money times money has no meaning.",
        "Make one side a rate or a count.",
        "- {id: d, layer: basic, deductible: 5元 * 5元}", "- {id: d, layer: basic, deductible: 5元 * 5}",
    ),
    "E320": Code(
        "The wrong number or kind of values for a function",
        "`used` takes a meter, `unpaid` and `paid` a part, `elsewhere` a payer, a formula what it declares.",
        "Give the function what it takes.",
        "- {id: d, layer: basic, deductible: min()}", "- {id: d, layer: basic, deductible: 500元}",
    ),
    "E321": Code(
        "A row of another length",
        "Each row has one cell for each key and each column.",
        "Add or remove cells.",
        "rows: [[三级]]", "rows: [[三级, 500元]]",
    ),
    "E322": Code(
        "Not one mechanism",
        "A provision says one thing: it has exactly one key that names a mechanism.",
        "Split it into two provisions, or add the missing key.",
        "- {id: x, layer: basic, pay: 1元, deductible: 2元}", "- {id: x, layer: basic, pay: 1元}",
    ),
    "E323": Code(
        "A file with another name inside",
        "A rule set is called after its folder; `ruleset:` repeats the name so that a moved file is noticed.",
        "Make them equal.",
        "ruleset: cn/elsewhere", "ruleset: cn/here",
    ),
    "E324": Code(
        "Fixed by the rule file it extends",
        "Parts and currency are those of the parent.",
        "Leave them out in the child.",
        "extends: parent\n"
        "parts: [in_scope]",
        "extends: parent\n"
        "provisions: [{id: more, adjust: share, when: retired, add: 5pp}]",
    ),
    "E325": Code(
        "Already defined",
        "A name of the parent, or an earlier one of the same file, is defined again without saying so.",
        "Choose another name, or say `replaces:`.",
        "extends: parent\n"
        "provisions: [{id: share, layer: basic, fund_share: 80%}]",
        "extends: parent\n"
        "provisions: [{id: share_new, replaces: share, layer: basic, fund_share: 80%}]",
    ),
    "E326": Code(
        "Nothing of this name to refer to",
        "`replaces`, `repeals`, `restates`, `after` and `before` name something that exists.",
        "Correct the name; `replaces`, `repeals` and `restates` need `extends:`.",
        "extends: parent\n"
        "provisions: [{id: again, restates: shaer}]",
        "extends: parent\n"
        "provisions: [{id: again, restates: share}]",
    ),
    "E327": Code(
        "Defined by itself",
        "A parameter, formula, table or definition needs its own value.",
        "Break the circle that the message shows.",
        "- {id: one, define: two}\n- {id: two, define: one}", "- {id: one, define: 5元}",
    ),
    "E328": Code(
        "A key that cannot choose a row",
        "Rows are chosen by codes, flags, counts and amounts of whole coins.",
        "Use such a key, or `round` the amount in a definition.",
        "tables: {t: {keys: [half], columns: [off], rows: [[..500元, 5元], [500元.., 6元]]}}\n"
        "provisions:\n"
        "  - {id: half, define: 50% of total_charge}\n"
        "  - {id: d, layer: basic, deductible: t.off}",
        "tables: {t: {keys: [half], columns: [off], rows: [[..500元, 5元], [500元.., 6元]]}}\n"
        "provisions:\n"
        "  - {id: half, define: round(50% of total_charge)}\n"
        "  - {id: d, layer: basic, deductible: t.off}",
    ),
    "E329": Code(
        "A cell that does not fit its column",
        "A cell is a plain value, and a column holds values of one kind.",
        "Write formulas in provisions; split the column.",
        "rows: [[三级, 5元], [二级, 5%]]", "rows: [[三级, 5元], [二级, 6元]]",
    ),
    "E330": Code(
        "Classified to nobody, or twice",
        "`classify` puts an amount into a part (`to`) or to a payer (`payer`).",
        "State exactly one.",
        "- {id: x, classify: class == 丙}", "- {id: x, classify: class == 丙, to: own_expense}",
    ),
    "E331": Code(
        "A part that is not there",
        "The part is not among `parts:`, or not among those the layer looks at.",
        "Name one that is.",
        "- {id: x, classify: true, to: first_share}", "- {id: x, classify: true, to: own_expense}",
    ),
    "E332": Code(
        "Not a band",
        "A band is a pair of its lower edge and its share.",
        "Write pairs.",
        "fund_share: {bands: [[1000元]]}", "fund_share: {bands: [[0元, 50%], [1000元, 60%]]}",
    ),
    "E333": Code(
        "Edges that do not rise",
        "Each band begins where the one before it ends.",
        "Sort the bands by their edges.",
        "fund_share: {bands: [[1000元, 50%], [0元, 60%]]}", "fund_share: {bands: [[0元, 60%], [1000元, 50%]]}",
    ),
    "E334": Code(
        "A ceiling on the base has no cost to convert to",
        "`converts: cost` turns a payout back into the cost that earned it; a ceiling on the base is a cost "
        "already.",
        "Leave one of the two out.",
        "- {id: c, layer: basic, ceiling: 5000元, limits: base, converts: cost}",
        "- {id: c, layer: basic, ceiling: 5000元, limits: base}",
    ),
    "E335": Code(
        "Split twice",
        "What a layer pays is divided among payers once.",
        "Write one split with all payers.",
        "- {id: one, layer: basic, split: {pooled_fund: 70%, patient: 30%}}\n"
        "- {id: two, layer: basic, split: {pooled_fund: 60%, patient: 40%}}",
        "- {id: one, layer: basic, split: {pooled_fund: 70%, patient: 30%}}",
    ),
    "E336": Code(
        "Shares that do not sum to 100 %",
        "A split divides the whole; what stays unpaid has its own line, `patient`.",
        "Complete the shares.",
        "- {id: shares, layer: basic, split: {pooled_fund: 70%, medical_assistance: 20%}}",
        "- {id: shares, layer: basic, split: {pooled_fund: 70%, medical_assistance: 20%, patient: 10%}}",
    ),
    "E337": Code(
        "A split under a condition",
        "A split names all who bear the payable; under a condition nobody would be named where it fails.",
        "Let the shares depend on the condition, or make two layers with conditions that exclude each other.",
        "- {id: shares, layer: basic, when: orphan, split: {pooled_fund: 75%, medical_assistance: 25%}}",
        "- {id: shares, layer: basic, split: {pooled_fund: 75% if orphan else 70%, patient: 25% if orphan "
        "else 30%}}",
    ),
    "E338": Code(
        "A base lowered after the share",
        "Clauses act in file order. A deductible, a set-aside or a ceiling on the base behind the share would change "
        "what is told about the claim and nothing of what is paid.",
        "Move the clause before the share.",
        "- {id: share, layer: basic, fund_share: 80%}\n- {id: floor, layer: basic, deductible: 100元}",
        "- {id: floor, layer: basic, deductible: 100元}\n- {id: share, layer: basic, fund_share: 80%}",
    ),
    "E339": Code(
        "A count made of days that does not fit",
        "Years, months, weeks and days are counted `since` a day; what the calendar says of a day has no beginning. "
        "Expressions read such counts, never a day itself.",
        "Declare a count: `counts`, with `since` for what lasts, `until` for the day up to which it counts.",
        "facts: {years_enrolled: {counts: years}}", "facts: {years_enrolled: {counts: years, since: birth_date}}",
    ),
    "E340": Code(
        "An adjustment that changes nothing",
        "`adjust` names a provision; what happens to it is said by set, scale, add, at_least or at_most.",
        "Add one of them.",
        "- {id: x, adjust: share, when: retired}", "- {id: x, adjust: share, when: retired, add: 5pp}",
    ),
    "E341": Code(
        "5% where 5pp may be meant",
        "A share raised by 5 % is 73.5 % out of 70 %; a share raised by five points is 75 %. The words of a policy "
        "rarely say which.",
        "Write `5pp` for points, or `scale: 105%` for a relative rise.",
        "- {id: x, adjust: share, add: 5%}", "- {id: x, adjust: share, add: 5pp}",
    ),
    "E342": Code(
        "Points where a share is meant",
        "Points are added to a share; a share itself is a percentage.",
        "Write the percentage.",
        "- {id: share, layer: basic, fund_share: 5pp}", "- {id: share, layer: basic, fund_share: 5%}",
    ),
    "E343": Code(
        "No value on a day",
        "The rule file holds on a day for which a parameter or table says nothing.",
        "Add a dated value, or limit `valid:` of the rule file.",
        "parameters: {p: [{from: 2017-01-01, value: 5元}]}\n"
        "provisions: [{id: d, layer: basic, deductible: p}]",
        "parameters: {p: [{from: 2016-01-01, value: 5元}]}\n"
        "provisions: [{id: d, layer: basic, deductible: p}]",
    ),
    "E344": Code(
        "A fee line's value outside the lines",
        "A clause of a layer looks at the whole claim; a line has many values.",
        "Use `sum(...)` over the lines, or a `classify` provision.",
        "- {id: d, layer: basic, deductible: amount}", "- {id: d, layer: basic, deductible: sum(amount)}",
    ),
    "E345": Code(
        "Not known yet",
        "Layers act in order; an amount of a later layer, or of this one, is not there yet.",
        "Move the layer, or use what earlier layers leave.",
        "layers: [{id: basic, payer: pooled_fund, on: in_scope, less: basic.deductible}]",
        "layers:\n"
        "  - {id: basic, payer: pooled_fund, on: in_scope}\n"
        "  - {id: help, payer: medical_assistance, on: in_scope, less: basic.deductible}\n"
        "provisions: [{id: half, layer: help, fund_share: 50%}]",
    ),
    "E346": Code(
        "A meter of two kinds",
        "A meter counts either money or a number.",
        "Make two meters.",
        "meters: {m: {counts: [basic.paid, 1], in: lifetime}}", "meters: {m: {counts: basic.paid, in: lifetime}}",
    ),
    "E347": Code(
        "Several parts where one is possible",
        "`base:` and `to_date:` speak of one amount.",
        "Let the layer look at one part.",
        "layers: [{id: basic, payer: pooled_fund, on: [in_scope, own_expense], base: 500元}]",
        "layers: [{id: basic, payer: pooled_fund, on: in_scope, base: 500元}]",
    ),
    "E348": Code(
        "An unrounded base over a window",
        "What a window keeps is whole coins.",
        "Round it: `base: round(…)`.",
        "layers: [{id: basic, payer: pooled_fund, on: in_scope, base: 50% of in_scope, to_date: calendar_year}]",
        "layers: [{id: basic, payer: pooled_fund, on: in_scope, base: round(50% of in_scope), to_date: "
        "calendar_year}]",
    ),
    "E349": Code(
        "A clause without its layer, or the other way round",
        "Deductibles, shares, ceilings and the like are clauses of a layer; classify, adjust, define, timing are not.",
        "Add or remove `layer:`.",
        "- {id: d, deductible: 5元}", "- {id: d, layer: basic, deductible: 5元}",
    ),
    "E350": Code(
        "A share above 100 %",
        "A fund cannot pay more than all of what it looks at.",
        "Check the decimal point.",
        "- {id: share, layer: basic, fund_share: 850%}", "- {id: share, layer: basic, fund_share: 85%}",
    ),
    "E351": Code(
        "Too many provisions",
        "A rule file has at most 10,000 layers and 10,000 provisions; it would take minutes to check more.",
        "Say what repeats in a table, or split the file: a rule set can extend another one.",
    ),
    "E365": Code(
        "A grant from nobody",
        "A grant is a sum that somebody gives the person; an account is the person's own, `none` has no money.",
        "Name a fund or the hospital.",
        "- {id: aid, grant: 2000元, payer: account}", "- {id: aid, grant: 2000元, payer: medical_assistance}",
    ),
    "E366": Code(
        "A grant read by the bill",
        "Grants are reckoned after the bill and stand outside it: no layer, definition or earlier grant can read one.",
        "Let a meter count `<id>.granted` and read `used(…)`, or say the amount again.",
        "- {id: aid, grant: 2000元, payer: medical_assistance}\n"
        "- {id: share, layer: basic, pay: 'min(base, aid.granted)'}\n"
        "- {id: all, layer: basic, fund_share: 50%}",
        "- {id: aid, grant: 2000元, payer: medical_assistance}\n"
        "- {id: share, layer: basic, fund_share: 50%}",
    ),
    "E367": Code(
        "A ceiling that cannot be converted to cost",
        "`converts: cost` asks which cost earned the ceiling. That is the ceiling divided by the share, band by band; "
        "a layer that also pays fixed sums, targets or above a cap, or whose payable is changed, has no such cost.",
        "Give the share and its ceiling a layer of their own.",
        "- {id: share, layer: basic, fund_share: 50%}\n"
        "- {id: less, adjust: basic.payable, scale: 90%}\n"
        "- {id: top, layer: basic, ceiling: 300元, converts: cost}",
        "- {id: share, layer: basic, fund_share: 50%}\n"
        "- {id: top, layer: basic, ceiling: 300元, converts: cost}",
    ),
}  # fmt: skip
