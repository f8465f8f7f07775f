"""Codes of finding rule sets, receipts and the command line: E6xx."""

from __future__ import annotations

from policyengine.codes.base import Code

CODES: dict[str, Code] = {
    "E601": Code(
        "No such rule set",
        "No bundled rule set has this name, and no file or folder this path.",
        "`policyengine list` shows the bundled ones.",
    ),
    "E602": Code(
        "Not the name of a rule set",
        "A name is a path of small letters, digits, `_` and `-` below the folder of rule sets; nothing "
        "outside is read.",
        "Write a name such as cn/shanxi/136.",
        "extends: ../secret", "extends: cn/heilongjiang/shuangyashan",
    ),
    "E603": Code(
        "`extends` in a circle",
        "A rule set extends itself, perhaps through others.",
        "Break the circle that the message shows.",
    ),
    "E604": Code(
        "`extends` too deep",
        "More than 16 rule sets extend one another.",
        "Flatten some of them.",
    ),
    "E620": Code(
        "Not a receipt",
        "The file lacks fields that every receipt has.",
        "Use the `receipt` of a settlement, whole.",
    ),
    "E621": Code(
        "A receipt that does not agree",
        "Recomputing gives another result, or rules, claim, history or parameters are not those of the receipt.",
        "The field says what differs: rules (another version of the files), claim, history, or the result itself.",
    ),
}  # fmt: skip
