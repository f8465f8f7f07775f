"""Every diagnostic code: what it means, what causes it, how to cure it. `policyengine explain CODE` prints this."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """``bad`` and ``good`` are small examples, of a rule file unless the code is about claims."""

    title: str
    cause: str
    cure: str
    bad: str = ""
    good: str = ""


CODES: dict[str, Code] = {
    "E101": Code(
        "A file that cannot be read",
        "The file does not exist, may not be read, or its name is no file name.",
        "Check the name and the permissions.",
    ),
    "E102": Code(
        "Not a regular file",
        "The name belongs to a folder, a device, a pipe or a socket. None of these is opened.",
        "Name the rule file itself.",
    ),
    "E103": Code(
        "A file that is too large",
        "A rule file has at most 1 MiB (1,048,576 bytes); a larger one is refused before it is read.",
        "Split it: a rule set can extend another one.",
    ),
    "E104": Code(
        "Not UTF-8",
        "The file was saved in another encoding (GBK, GB18030, UTF-16), or a character in it is damaged.",
        "Save the file as UTF-8; a byte order mark is allowed.",
    ),
    "E105": Code(
        "A control character",
        "NUL, an escape character, an unusual line end or half a surrogate pair stands in the text or in an escape.",
        "Delete it. Lines end with LF or CRLF.",
        'title: "a\\0b"', 'title: "ab"',
    ),
    "E106": Code(
        "A character that changes the direction of the text",
        "With such a character a line shows other rules than those that are read.",
        "Delete it.",
        "when: poor \u202e or retired", "when: poor or retired",
    ),
    "E107": Code(
        "An invisible character",
        "A zero-width space, a soft hyphen or the like: two names may look the same and differ.",
        r"Delete it. A quotation that needs it says it as an escape inside double quotes: \u200c.",
        "parts: [in\u200b_scope]", "parts: [in_scope]",
    ),
    "E108": Code(
        "An unusual space at the edge of a text",
        "A no-break or full-width space indents a line or ends a value. To YAML it is a part of the text.",
        "Replace it by ordinary spaces, or delete it.",
        "id: deductible\n\u3000layer: basic", "id: deductible\nlayer: basic",
    ),
    "E109": Code(
        "A tab",
        "A tab is as wide as an editor pleases, and YAML does not take it for indentation.",
        r"Use spaces. Inside double quotes a tab can be written \t.",
        "parameters:\n\tceiling: 70000元", "parameters:\n  ceiling: 70000元",
    ),
    "E111": Code(
        "An empty file",
        "Nothing stands in the file, or only comments.",
        "Begin with `ruleset:` and the name of the rule set.",
        "# to be written\n", "ruleset: cn/shanxi\n",
    ),
    "E112": Code(
        "A file that is no mapping",
        "The file is a list or a single text: perhaps the first colon is full-width, or has no space behind it.",
        "Write `key: value` lines from the first line on.",
        "ruleset:cn/shanxi", "ruleset: cn/shanxi",
    ),
    "E113": Code(
        "A second document",
        "Behind `---` or `...` another YAML document begins, or something else stands there.",
        "Put each rule set into a file of its own.",
        "ruleset: cn/a\n---\nruleset: cn/b", "ruleset: cn/a",
    ),
    "E114": Code(
        "A YAML directive",
        "A line begins with `%`. Directives change how YAML is read; every rule file is read the same way.",
        "Delete the line.",
        "%YAML 1.2\n---\nruleset: cn/a", "ruleset: cn/a",
    ),
    "E121": Code(
        "A YAML tag",
        "A value without quotes begins with `!`. Rule files have no tags: the type of a value comes from its field.",
        "Put a text that begins with `!` in quotes. In a condition write `not`.",
        "when: !retired", "when: not retired",
    ),
    "E122": Code(
        "A YAML anchor",
        "A value without quotes begins with `&`. What one place says shall not depend on another one unseen.",
        "Delete the anchor; name the shared value as a parameter or a formula.",
        "ceiling: &c 70000元", "ceiling: 70000元",
    ),
    "E123": Code(
        "A YAML alias",
        "A value without quotes begins with `*`. Aliases can also blow a small file up to a huge one.",
        "Write the value out, or name it as a parameter or a formula.",
        "ceiling: *c", "ceiling: ceiling_inpatient",
    ),
    "E124": Code(
        "A YAML merge key",
        "The key `<<` copies entries of another mapping, unseen.",
        "Write the entries out; a rule set takes over another one with `extends`.",
        "<<: {layer: basic}", "layer: basic",
    ),
    "E131": Code(
        "The same key twice",
        "A mapping has two entries of one name; usual YAML readers would silently keep the last.",
        "Delete or rename one of them. The first one's place is shown as well.",
        "ceiling: 1000元\nceiling: 9000元", "ceiling: 9000元",
    ),
    "E132": Code(
        "A key that is a list or mapping",
        "Brackets, braces or a dash stand where the name of an entry is due.",
        "Write a name; put a text that begins with a bracket or brace in quotes.",
        "{{rate}}: 5%", "rate: 5%",
    ),
    "E133": Code(
        "A missing key",
        "Nothing stands before a colon, or an empty pair of quotes.",
        "Write the name of the entry.",
        '"": 70%', "fund_share: 70%",
    ),
    "E134": Code(
        "An entry in braces without a value",
        "A comma inside braces begins a new entry: `{define: min(a, b)}` has the entries `define` and `b)`.",
        "Put the text with the comma in quotes, or write one entry in a line, without braces.",
        "{define: min(a, b)}", '{define: "min(a, b)"}',
    ),
    "E135": Code(
        "An entry without a value",
        "Nothing stands behind the colon, and nothing is indented below the key.",
        "Write the value or delete the line. A text that is meant to be empty is a pair of quotes.",
        "when:\nlayer: basic", "when: retired\nlayer: basic",
    ),
    "E136": Code(
        "An empty list item",
        "Nothing stands behind a dash.",
        "Write the item or delete the line.",
        "parts:\n  - in_scope\n  -", "parts:\n  - in_scope",
    ),
    "E137": Code(
        "A text cut in two by a comma",
        "A comma inside brackets or braces ends a text, here one whose parenthesis is still open.",
        "Put the whole text in quotes.",
        "rows: [[county, min(a, b)]]", 'rows: [[county, "min(a, b)"]]',
    ),
    "E141": Code(
        "Nested too deep",
        "Lists and mappings stand in one another more than 64 deep.",
        "Look for a bracket too many.",
    ),
    "E142": Code(
        "Too many values",
        "A file holds at most 200,000 keys, values, lists and mappings.",
        "Split it into several files.",
    ),
    "E143": Code(
        "A text that is too long",
        "A single text has at most 64 KiB (65,536 bytes in UTF-8).",
        "Look for a missing quote; keep long sources in files of their own.",
    ),
    "E151": Code(
        "Wrong indentation",
        "A line is indented so that it belongs to no list or mapping above it, or goes on with the text above it.",
        "Indent the entries of one mapping, and the items of one list, by the same number of spaces.",
        "provisions:\n    a: 1\n  b: 2", "provisions:\n    a: 1\n    b: 2",
    ),
    "E152": Code(
        "A bracket that is not closed",
        "A `[` or `{` has no partner, or the wrong one.",
        "Close it; put a text that holds a single bracket in quotes.",
        "rows: [[county, 1000元]", "rows: [[county, 1000元]]",
    ),
    "E153": Code(
        "A quote that is not closed",
        "A text begins with a quote and does not end before the file does.",
        "Write the closing quote.",
        'title: "讲话', 'title: "讲话"',
    ),
    "E154": Code(
        "A line without colon",
        "In a mapping every line is `key: value`. The colon or its space is missing, or the colon is full-width.",
        "Write `key: value`, with a key of at most 1,024 characters.",
        "layer: basic\nfund_share:70%", "layer: basic\nfund_share: 70%",
    ),
    "E155": Code(
        "A colon too many",
        "A second `: ` stands in one line, or in one entry in braces.",
        "Put the text that contains `: ` in quotes, or add the missing comma.",
        "title: Chapter 3: ceilings", 'title: "Chapter 3: ceilings"',
    ),
    "E156": Code(
        "A character that needs quotes",
        "Without quotes no text begins with % @ ` or a comma; inside brackets none begins with | > or holds ?.",
        "Put the whole text in quotes.",
        "title: @2016", 'title: "@2016"',
    ),
    "E157": Code(
        "An unknown escape",
        "In double quotes a backslash begins an escape, and this one means no character.",
        r"Write \\ for a backslash, or use single quotes.",
        r'file: "C:\policy"', r"file: 'C:\policy'",
    ),
    "E158": Code(
        "A malformed beginning of a text of several lines",
        "Behind `|` or `>` only - or +, a digit from 1 to 9 and a comment may stand.",
        "Begin the text in the next line; put a text that begins with `|` or `>` in quotes.",
        "when: >60", 'note: ">60"',
    ),
    "E159": Code(
        "Something that does not belong to the value",
        "Behind a closing quote or bracket something goes on; a comma is missing, or stands where none belongs.",
        "Put the whole text into one pair of quotes; separate items with one comma.",
        "title: 'it's'", "title: 'it''s'",
    ),
    "E160": Code(
        "A closing bracket too many",
        "A `]` or `}` stands where no bracket is open.",
        "Delete it; put a text with brackets in quotes.",
        "parts: [a, b]]", "parts: [a, b]",
    ),
    "E161": Code(
        "A dash that begins no list item",
        "A `- ` stands within a line or inside brackets, or begins a line that goes on with the text above it.",
        "Begin list items in lines of their own, all indented alike; put a text with `- ` in quotes.",
        "less:\n  - basic.deductible\n   - over_ceiling", "less:\n  - basic.deductible\n  - over_ceiling",
    ),
    "E162": Code(
        "Not YAML",
        "The text cannot be read as YAML, for a reason that has no code of its own.",
        "Compare the line with its neighbours.",
    ),
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
        "At most 64 KiB of text, 2,000 names, values and operators, 64 levels inside one another.",
        "Use in [a, b], a table, or name parts with define.",
        "when: " + "(" * 65 + "retired" + ")" * 65, "when: retired",
    ),
    "E222": Code(
        "A construct of programming languages",
        "Expressions have no loops, no indexing, no members, no functions of their own, no texts with a prefix.",
        "State the rule with operators, tables and formulas.",
        "when: tags[0] == retired", "when: retired",
    ),
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
        "Correct the sign, or name the original claim under `corrects`.",
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
        "A claim has 1 to 10,000 fee lines and at most 1,000 declared facts.",
        "State the lines; split a larger bill.",
        '{"lines": []}', '{"lines": [{"category": "bed", "amount": 5}]}',
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
        "The result depends on the fact, and the rule file states no value for claims that are silent about it.",
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
    "E540": Code(
        "A parameter is missing",
        "The policy leaves the value to the year's budget or to a decision; the rule file states only its bounds.",
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
    "E557": Code(
        "Too many accumulators",
        "A history has at most 100,000 rows.",
        "Split the history by person.",
    ),
}  # fmt: skip
