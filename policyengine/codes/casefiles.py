"""Codes of the command line's files and of case files: E63x, E64x."""

from __future__ import annotations

from policyengine.codes.base import Code

CODES: dict[str, Code] = {
    "E630": Code(
        "A file of the command line cannot be read",
        "A history, a claim or a receipt is not there, may not be read, or is larger than 50 MB.",
        "Check the path; give one person's accumulators, not the whole town's.",
        "--history histroy.json", "--history history.json",
    ),
    "E631": Code(
        "A file of the command line holds something else",
        "A receipt or a history is one JSON object; `verify` takes exactly one claim.",
        "Write the one record that is meant to a file of its own.",
        '[{"id": "c-1"}, {"id": "c-2"}]', '{"id": "c-1"}',
    ),
    "E640": Code(
        "A case that cannot fail",
        "A case of a case file, or one of its expectations, expects nothing; it would pass whatever the rules say.",
        "State what the claim must come to: split, patient, national, steps, payments, or refused.",
        "expect: {}", "expect: {split: {pooled_fund: 600.00, patient: 400.00}}",
    ),
    "E641": Code(
        "Two cases of one name",
        "Cases are named in reports, so their ids are unique in a file.",
        "Give the second one another id.",
        "- id: D-3 (twice)", "- id: D-3 and - id: D-4",
    ),
    "E642": Code(
        "Not a refusal",
        "`refused` names the code of an error and a part of its message, and stands alone: a claim that is refused has "
        "no amounts.",
        "Begin with the whole code, as the message prints it; delete the other expectations, or `refused`.",
        'refused: "unknown tag"', 'refused: "E512 larger than the limit"',
    ),
    "E643": Code(
        "An expected amount that is no amount",
        "Amounts of a case are plain decimals in whole currency units, without unit or separators.",
        "Write digits with at most one point.",
        "split: {patient: 1,450元}", "split: {patient: 1450.00}",
    ),
    "E644": Code(
        "Not an amount of the settlement message",
        "A record of the past states amounts of interface 2304 or 2207 by their fields, at least one.",
        "Correct the name of the field, or leave out what is no amount.",
        '{"claim": {…}, "official": {"hifp": "1200.00"}}', '{"claim": {…}, "official": {"hifp_pay": "1200.00"}}',
    ),
}  # fmt: skip
