"""Codes of claims, histories and parameters: E5xx."""

from __future__ import annotations

from policyengine.codes.base import Code

CODES: dict[str, Code] = {
    "E501": Code(
        "Not JSON",
        "A comma, a quotation mark or a bracket is missing or too many, or the text is cut.",
        "Correct the character under the caret; texts stand in straight double quotes, numbers in the digits 0-9.",
        "{'total': 5}", '{"total": 5}',
    ),
    "E502": Code(
        "A field twice in one object",
        "Two values for one field: nobody can know which one is meant.",
        "Keep one of them.",
        '{"total": 5, "total": 6}', '{"total": 5}',
    ),
    "E503": Code(
        "A number that is not written plainly",
        "NaN and Infinity are no amounts; exponents and more than 24 characters hide how large a number is.",
        "Write the number out: digits with at most one point.",
        '{"total": 5e2}', '{"total": 500}',
    ),
    "E504": Code(
        "A claim file that is too large or too deep",
        "A claim file, or a line of a JSON Lines file, has at most 10 MB and 32 levels of nesting; a history 50 MB.",
        "Write one claim a line (JSON Lines).",
        "[" * 33, "[[]]",
    ),
    "E505": Code(
        "A claim file that cannot be read",
        "The file does not exist, may not be read, holds nothing, or is not UTF-8.",
        "Check the name; save the file as UTF-8.",
    ),
    "E506": Code(
        "A field is missing",
        "Every claim states its id, the person's id, the kind of care and its lines; a line its category and amount.",
        "State the field.",
        '{"person": {"scheme": "resident"}}', '{"person": {"id": "p-17", "scheme": "resident"}}',
    ),
    "E507": Code(
        "A field that does not exist",
        "The name is misspelt, belongs elsewhere in the claim, or says who somebody is: the engine wants no names.",
        "Correct the name, or take the field out; facts that the rule file declares stand under `facts`.",
        '{"totl": 5}', '{"total": 5}',
    ),
    "E508": Code(
        "A value of the wrong kind",
        "A text stands where a number is needed, a number where a text is, one value where a list is.",
        "Write the value as the message says; ids are texts, in quotes.",
        '{"id": 17}', '{"id": "17"}',
    ),
    "E509": Code(
        "Not an exact amount",
        "A Python float has lost the cents already; NaN, exponents, separators, full-width digits are no amounts.",
        'Give a decimal text ("12.50"), a Decimal, or an int in whole currency units.',
        '{"total": "1,300.50"}', '{"total": "1300.50"}',
    ),
    "E510": Code(
        "More decimals than the currency has",
        "Yuan have two decimals, yen none; nothing is rounded on the way in.",
        "Round the amount where it arises, by the rule that holds there.",
        '{"total": "5.005"}', '{"total": "5.01"}',
    ),
    "E511": Code(
        "A negative amount",
        "Only a claim that corrects another one holds negative amounts.",
        "Correct the sign. A correction names its original under `corrects`, and each negative line the line that it "
        "is taken off; `policyengine resettle --correct` nets them.",
        '{"lines": [{"category": "bed", "amount": "-5"}]}',
        '{"corrects": "c-16", "lines": [{"category": "bed", "amount": "-5"}]}',
    ),
    "E512": Code(
        "An amount above the limit",
        "One claim has at most 100,000,000,000 minor units (one thousand million yuan), each amount and the sum.",
        "Check the amount: are cents written as yuan?",
        '{"total": "1000000000.01"}', '{"total": "1000000000.00"}',
    ),
    "E513": Code(
        "The lines do not add up to the total",
        "The stated total differs from the sum of the fee lines: one of them is wrong, or a line is missing.",
        "Correct the line or the total; the total may be left out.",
        '{"total": "6.00"}', '{"total": "5.00"}',
    ),
    "E514": Code(
        "A word that the glossary does not have",
        "The field takes one of the words listed, as an id or in Chinese.",
        "Take a word from the list.",
        '{"encounter": {"care_type": "impatient"}}', '{"encounter": {"care_type": "住院"}}',
    ),
    "E515": Code(
        "Not a day",
        "A day is written year-month-day and exists in the calendar, in the years 1900 to 2199; a moment is no day.",
        "Write the day as 2017-05-03.",
        '{"person": {"id": "p-17", "birth_date": "2017-02-29"}}',
        '{"person": {"id": "p-17", "birth_date": "2016-02-29"}}',
    ),
    "E516": Code(
        "Days that contradict each other",
        "A discharge or a settlement before the admission, a fee line outside the stay, a birth after the care.",
        "Correct one of the two days.",
        '{"encounter": {"care_type": "inpatient", "admission_date": "2017-05-03", "discharge_date": "2017-05-01"}}',
        '{"encounter": {"care_type": "inpatient", "admission_date": "2017-05-01", "discharge_date": "2017-05-03"}}',
    ),
    "E517": Code(
        "A text that is empty, too long or not all visible",
        "Texts have 1 to 200 visible characters and no white space at their ends: ids must look like what they are.",
        "Take the invisible characters out, or shorten the text.",
        '{"id": " c-17"}', '{"id": "c-17"}',
    ),
    "E518": Code(
        "The same id or payer twice",
        "Ids of fee lines are unique in a claim; each payer that paid elsewhere stands once.",
        "Give the line its own id; add the payments of a payer up.",
        '{"paid_elsewhere": [{"payer": "employer", "amount": 1}, {"payer": "employer", "amount": 2}]}',
        '{"paid_elsewhere": [{"payer": "employer", "amount": 3}]}',
    ),
    "E519": Code(
        "A currency that is not known",
        "The library must know how many decimals a currency has.",
        "Write the ISO code of one of the currencies listed.",
        '{"currency": "RMB"}', '{"currency": "CNY"}',
    ),
    "E520": Code(
        "Level and grade of the hospital contradict each other",
        "A hospital of grade 三级甲等 is of level 三级.",
        "State the grade alone: the level follows from it.",
        '{"encounter": {"care_type": "inpatient", "hospital": {"level": "secondary", "grade": "tertiary_a"}}}',
        '{"encounter": {"care_type": "inpatient", "hospital": {"grade": "tertiary_a"}}}',
    ),
    "E521": Code(
        "Not a rate",
        "A rate is a share from 0 to 1 on a grid of one millionth.",
        "Write 0.1 or 10%.",
        '{"lines": [{"category": "bed", "amount": 5, "first_share_rate": "10"}]}',
        '{"lines": [{"category": "bed", "amount": 5, "first_share_rate": "10%"}]}',
    ),
    "E522": Code(
        "A whole number out of range",
        "A quantity is from 1 to 1,000,000; other whole numbers are not negative.",
        "Correct the number.",
        '{"sequence": -1}', '{"sequence": 1}',
    ),
    "E523": Code(
        "Too few or too many entries",
        "A claim has at most 10,000 fee lines and at most 1,000 declared facts. Without any line there is nothing to "
        "settle, unless the rule set gives grants, which need no bill.",
        "State the lines; split a larger bill.",
    ),
    "E524": Code(
        "A claim that corrects itself",
        "`corrects` names the original; the correction is a claim of its own.",
        "Give the correction its own id.",
        '{"id": "c-17", "corrects": "c-17"}', '{"id": "c-18", "corrects": "c-17"}',
    ),
    "E525": Code(
        "A fact of the glossary among the declared facts",
        "Facts that every claim knows have their own fields; `facts` is for those that only the rule file declares.",
        "Move the fact to the field that the message names.",
        '{"facts": {"area": "within_county"}}', '{"encounter": {"care_type": "inpatient", "area": "within_county"}}',
    ),
    "E530": Code(
        "A fact that the rule file reads is missing",
        "The result depends on the fact, and the rule file states no value for claims that are silent about it. "
        "Facts are not asked for where the claim's other facts keep the rules from reading them.",
        "State the fact where the message says.",
    ),
    "E531": Code(
        "A fact of the wrong kind",
        "The rule file declares what kind of value the fact has.",
        "Write the value as the message says.",
    ),
    "E532": Code(
        "A fact that the rule file does not declare",
        "Nothing would read it, so what it says would be lost; often the name is misspelt.",
        "Correct the name, or take the fact out.",
    ),
    "E533": Code(
        "A tag that nobody knows",
        "Neither the glossary nor the rule file has the tag; a misspelt tag would cost the person the right it gives.",
        "Take a tag from the list.",
    ),
    "E534": Code(
        "A payment made elsewhere that the rule file ignores",
        "The rule file says nothing about what this payer has already paid, so it would be paid twice.",
        "Correct the payer, or take the payment out if the policy really ignores it.",
    ),
    "E535": Code(
        "A number out of bounds",
        "The rule file states from where to where the fact goes; its results hold only there.",
        "Check the number and the unit.",
    ),
    "E536": Code(
        "A fact that is stated twice and differently",
        "The fact is false under `facts` and stands among the tags of the person, which says true.",
        "Keep one of the two.",
    ),
    "E537": Code(
        "Another currency than the rule file's",
        "A rule file counts in one currency; nothing is converted.",
        "Settle the claim under the rule file of its currency.",
    ),
    "E538": Code(
        "The day that selects the rules is missing",
        "The rule file says which day of the claim decides which version of the rules holds.",
        "State that day.",
    ),
    "E539": Code(
        "A correction alone",
        "A claim that corrects another was handed in to be settled like any claim; the other one is counted already.",
        "Settle the member's claims again with it: `policyengine resettle RULESET CLAIMS --correct FILE`.",
    ),
    "E540": Code(
        "A parameter is missing",
        "The policy leaves the value to the year's budget or to a decision; the rule file states only its bounds, and "
        "its rules read the value for this claim.",
        "Hand the parameter in.",
    ),
    "E541": Code(
        "A parameter that the rule file does not know",
        "Nothing would read it; often the name is misspelt.",
        "Correct the name, or leave it out.",
    ),
    "E542": Code(
        "A parameter of the wrong kind or out of bounds",
        "The rule file declares the kind and the bounds.",
        "Write the value as the message says.",
    ),
    "E543": Code(
        "A draft",
        "The rule set has `status: draft`: nobody has approved it, and no money is paid by it.",
        "To try it, say `--draft` or `allow_draft=True`; `policyengine test` runs its cases as they are.",
        "status: draft", "status: approved",
    ),
    "E544": Code(
        "A repealed rule set",
        "The rule set has `status: repealed`: it was withdrawn whole, whatever its dates say.",
        "Settle by its successor. Its cases still run, and receipts of claims settled by it are still verified.",
        "status: repealed", "valid: {to: 2022-09-18}",
    ),
    "E545": Code(
        "A claim that the rule set does not cover",
        "The rule file says whom and what it is for (`covers:`), and the claim is of somebody or something else.",
        "Settle it by the rules of its own scheme, place or kind of care, or correct the fact that the message shows.",
    ),
    "E546": Code(
        "A code that the map does not have",
        "The claim was read by a map of codes (`--codes`), and this code is not in it. Local codes need a local map.",
        "Correct the code, or add it to the map with the document that lists it.",
    ),
    "E550": Code(
        "An accumulator that the rule file does not know",
        "Ids of meters are stable across versions; an unknown one means another rule file or a misspelt id.",
        "Hand in the history of this rule file.",
    ),
    "E551": Code(
        "A claim that comes too late",
        "Claims count in the order of their days; a later one has been settled already, and its result would change.",
        "Settle in order, or re-settle from the earlier claim on.",
    ),
    "E552": Code(
        "An id is missing that an accumulator is kept by",
        "A household's limit needs the household's id, a disease programme's the disease.",
        "State the id.",
    ),
    "E553": Code(
        "An accumulator twice",
        "Two rows have the same meter, scope and window.",
        "Keep one row.",
    ),
    "E554": Code(
        "An accumulator of another scope or kind",
        "All rows of a meter are kept by the same ids and count the same kind of thing, as the rule file declares.",
        "Hand in the history of this rule file.",
    ),
    "E555": Code(
        "An accumulator out of range",
        "Accumulators hold 0 to 9,999,999,999,999 minor units of money, or as many of what is counted.",
        "Check the value: are cents written as yuan?",
    ),
    "E556": Code(
        "A window that its meter does not have",
        "An accumulator of a yearly meter has a window such as 2017, of a monthly one 2017-05, of a daily one "
        "2017-05-03.",
        "Correct the window; a row that no claim can reach would be ignored.",
    ),
    "E557": Code(
        "Too many accumulators",
        "A history has at most 100,000 rows.",
        "Split the history by person.",
    ),
    "E558": Code(
        "A history of another rule set",
        "The history says which rule set wrote it, and it is not this one.",
        "Use the member's history of this rule set; where accumulators are meant to be carried over, leave `ruleset` "
        "out.",
    ),
    "E559": Code(
        "A history of another person",
        "All accumulators of persons in the history are somebody else's.",
        "Use the history of the person of the claim.",
    ),
    "E560": Code(
        "A case that the policy does not cover",
        "A table of the rule file has no row for the facts of this claim; the message names them.",
        "Check the facts; if they are right, the policy states nothing for such a case.",
    ),
    "E561": Code(
        "A day outside every version",
        "The rule set has no version in force on the day that selects it.",
        "Check the date; or use the rule set that was in force then.",
    ),
    "E562": Code(
        "A settlement that rests on an assumption",
        "It was asked for without assumed values, but a provision that applies has one.",
        "Allow assumed values, or find a source and cite it in the rule file.",
    ),
    "E563": Code(
        "Payments made elsewhere that do not fit",
        "What the claim says was paid elsewhere is more than the bill has left for it, or its layer does not act for "
        "this claim.",
        "Check the amounts and the payer; nothing of them is cut or lost.",
    ),
    "E564": Code(
        "The same claim twice",
        "The claim has the id of the member's last claim, which is counted already.",
        "Use the settlement that was made of it. A correction is settled by settling the window again.",
    ),
    "E565": Code(
        "A claim behind one that was refused",
        "An earlier claim of this member was refused in the same run; settling on would take this one for an earlier "
        "stay than it is.",
        "Mend the refused claim and hand it in again, under its id; then hand in this one.",
    ),
    "E588": Code(
        "A fact that is stated and said to be unknown",
        "The name stands under `unknown`, and the claim states the fact in its place, too.",
        "Take it out of one of the two.",
        '{"unknown": ["care_type"]}', '{"unknown": ["referred"]}',
    ),
    "E589": Code(
        "An unknown fact in the wrong place",
        "Facts of a fee line are named in `unknown` of the line, those of person and stay in that of the claim.",
        "Move the name.",
        '{"unknown": ["catalogue_class"]}',
        '{"lines": [{"category": "bed", "amount": "5", "unknown": ["catalogue_class"]}]}',
    ),
    "E590": Code(
        "Columns that do not fit the program",
        "A column is missing, unknown, of another length or of another type.",
        "Build the columns from the program's inputs; amounts are integers of the smallest coin.",
    ),
    "E591": Code(
        "A value outside its bounds",
        "A column holds a value that the program was not proven safe for; nothing was computed.",
        "Remove the claim that the message names, or widen the bounds of the fact in the rule file.",
    ),
    "E592": Code(
        "A claim with unknown facts is not settled",
        "The claim names facts under `unknown`; a settlement would rest on what nobody has stated.",
        "State the facts. Until then `bounds(ruleset, claim)`, or `policyengine settle --bounds`, says between what "
        "amounts the claim lies.",
    ),
    "E593": Code(
        "An unknown fact whose cases cannot be counted",
        "The rules reckon with the number, or keep an accumulator by the fact: the cases have no end.",
        "State the fact, perhaps twice: once as low and once as high as it may be.",
    ),
    "E594": Code(
        "No such fact",
        "A name under `unknown` is neither a fact of the glossary nor one that the rule file declares.",
        "Correct the name; `docs/reference/terms.md` lists the facts.",
    ),
    "E595": Code(
        "Too many unknown facts",
        "Every combination of what the unknown facts can be is settled, 20,000 at most.",
        "State the facts that the message names; they have the most cases.",
    ),
}  # fmt: skip
