"""Codes of what happens over time: publication, settling again, presettlement: E38x, E58x, E67x."""

from __future__ import annotations

from policyengine.codes.base import Code

CODES: dict[str, Code] = {
    "E380": Code(
        "Holds before it was published",
        "A note: a value, table, layer or provision was published later than the first day on which it holds.",
        "Nothing, if the document says so; `policyengine resettle` shows what is due for the claims in between.",
        "- {id: d, layer: basic, deductible: 5元, published: 2018-03-01, valid: {from: 2018-01-01}}",
        "- {id: d, layer: basic, deductible: 5元, published: 2017-12-01, valid: {from: 2018-01-01}}",
    ),
    "E580": Code(
        "Not yet published",
        "The rules are asked for as they were known on a day (`--known-on`, or the settlement date of the claim), and "
        "what the claim needs had not been published by then.",
        "Ask for a later day, or correct the settlement date or the `published:` of the rule file.",
    ),
    "E581": Code(
        "A preliminary settlement where a settlement is needed",
        "A presettlement (预结算) says what a settlement would be. It has no receipt, and no run counts it.",
        "Settle the claim.",
    ),
    "E582": Code(
        "A change of a claim that is not there",
        "A claim is reversed, corrected or tagged that does not stand among the claims; or a correction is handed in "
        "where a claim of its own is needed.",
        "Name the claim by its id as it was settled; the correction stands behind its original.",
    ),
    "E583": Code(
        "A correction that does not fit its original",
        "A correction nets lines of one claim: negative lines name a line by its id and take off at most its amount; "
        "person and stay are those of the original.",
        "Correct the line. For anything else hand in the claim as it should be, under its own id.",
        '{"id": "c-18", "corrects": "c-17", "lines": [{"category": "bed", "amount": "-5"}]}',
        '{"id": "c-18", "corrects": "c-17", "lines": [{"id": "3", "category": "bed", "amount": "-5"}]}',
    ),
    "E584": Code(
        "A claim that stands already",
        "Two claims of one id: one of them would be counted twice.",
        "Give each claim an id of its own; to change a claim, correct it.",
    ),
}  # fmt: skip
