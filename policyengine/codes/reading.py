"""Codes of reading YAML: E1xx."""

from __future__ import annotations

from policyengine.codes.base import Code

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
}  # fmt: skip
