"""Codes of runs over earlier settlements: E37x of their rule files, E577–E579 of what they are handed."""

from __future__ import annotations

from policyengine.codes.base import Code

CODES: dict[str, Code] = {
    "E370": Code(
        "A run that is not whole, or not alone",
        "A run has `run` and `rows`, extends nothing, is extended by nothing, and is of the last day of its "
        "window.",
        "Write both sections; leave out `dated_by` and `extends`.",
        "run: {each: member, over: benefit_year, after: year_end}",
        "run: {each: member, over: benefit_year, after: year_end}\n"
        "rows: {of: settlements, bill: own, fields: {own: {type: money, from: patient_total}}}",
    ),
    "E371": Code(
        "A run over another window than it comes after",
        "A run after year_end is over a year, one after month_end over a month.",
        "Name a window of that length.",
        "run: {each: member, over: month, after: year_end}\n"
        "rows: {of: settlements, bill: own, fields: {own: {type: money, from: patient_total}}}",
        "run: {each: member, over: benefit_year, after: year_end}\n"
        "rows: {of: settlements, bill: own, fields: {own: {type: money, from: patient_total}}}",
    ),
    "E372": Code(
        "A field that a settlement does not have",
        "`from` names nothing of a settlement, something of another kind, or something that a rule set named "
        "under `of` does not have.",
        "Name an amount (bill, patient_total, own_in_scope, fund_total), or payer.…, reason.…, part.…, step.…, "
        "national.…, fact.….",
        "run: {each: member, over: benefit_year, after: year_end}\n"
        "rows: {of: settlements, bill: own, fields: {own: {type: money, from: pateint_total}}}",
        "run: {each: member, over: benefit_year, after: year_end}\n"
        "rows: {of: settlements, bill: own, fields: {own: {type: money, from: patient_total}}}",
    ),
    "E373": Code(
        "A fact that a run does not have",
        "The rows of a run are settlements, each of another stay: the hospital or the category of a fee line is "
        "not one fact of all of them.",
        "Make it a field of the rows: `from: fact.tier`.",
        "run: {each: member, over: benefit_year, after: year_end}\n"
        "rows: {of: settlements, bill: own, fields: {own: {type: money, from: patient_total}}}\n"
        "provisions: [{id: share, layer: basic, when: tier == 县级, fund_share: 50%}]",
        "run: {each: member, over: benefit_year, after: year_end}\n"
        "rows:\n"
        "  of: settlements\n"
        "  bill: own\n"
        "  fields: {own: {type: money, from: patient_total}, place: {type: code, from: fact.tier}}\n"
        "provisions:\n"
        "  - {id: elsewhere, classify: place != 县级, to: own_expense}\n"
        "  - {id: share, layer: basic, fund_share: 50%}",
    ),
    "E375": Code(
        "Rows that cannot be added up so",
        "`group_by` names fields that are flags, codes or ids, or `member` or `household`. Of rows that are added "
        "up, every other field is an amount or a count.",
        "Group by the field, too, or leave it out.",
        "run: {each: member, over: benefit_year, after: year_end}\n"
        "rows:\n"
        "  of: settlements\n"
        "  bill: own\n"
        "  group_by: [own]\n"
        "  fields: {own: {type: money, from: patient_total}, hospital: {type: id, from: fact.hospital_id}}",
        "run: {each: member, over: benefit_year, after: year_end}\n"
        "rows:\n"
        "  of: settlements\n"
        "  bill: own\n"
        "  group_by: [hospital]\n"
        "  fields: {own: {type: money, from: patient_total}, hospital: {type: id, from: fact.hospital_id}}",
    ),
    "E376": Code(
        "A bill without a field",
        "`bill` says what each row is about, so it is made of the fields of the row.",
        "Name a field.",
        "run: {each: member, over: benefit_year, after: year_end}\n"
        "rows: {of: settlements, bill: 100元, fields: {own: {type: money, from: patient_total}}}",
        "run: {each: member, over: benefit_year, after: year_end}\n"
        "rows: {of: settlements, bill: own, fields: {own: {type: money, from: patient_total}}}",
    ),
    "E577": Code(
        "A row that the run cannot take",
        "A settlement of another rule set, or one that lacks what a field reads; a row that lacks a field; another "
        "currency; an amount below zero.",
        "The message names the row and the field. Steps are read from settlements written with `--trace`.",
        '{"id": "s1", "day": "2016-10-20", "person": {"id": "p1"}, "fields": {}}',
        '{"id": "s1", "day": "2016-10-20", "person": {"id": "p1"}, "fields": {"own": "2000.00"}}',
    ),
    "E578": Code(
        "Rows that contradict each other",
        "A settlement stands twice, rows fall into several windows and none was named, or what the run reads of a "
        "member or household is not one thing.",
        "Hand in each settlement once; name the window; hand in what holds for the people at its end.",
    ),
    "E579": Code(
        "A window that was settled already",
        "The history says that an earlier run has settled this window for the member or household, or a later one.",
        "Use the history from before that run, and settle windows in their order.",
    ),
    "E660": Code(
        "Not what the command settles",
        "`year-end` settles runs after year_end, `month-end` those after month_end: over settlements, rows, or claims "
        "that they are told how to settle. `settle` settles claims.",
        "Use the command that the message names, or say by which rule set claims are settled first: `--of`.",
        "policyengine year-end cn/shanxi/136 claims.jsonl", "policyengine settle cn/shanxi/136 claims.jsonl",
    ),
    "E661": Code(
        "A parameter that cannot be sought",
        "The run does not read the parameter, or it is a flag or a code, of which none is the highest.",
        "Seek a rate, an amount or a count that the rule file leaves to the caller.",
        "--seek poor", "--seek second_share",
    ),
    "E662": Code(
        "No such payer in the run",
        "The total of a payer is held against the surplus who pays nothing in this run.",
        "Name one of its payers, or none for all funds together.",
        "--payer insurer", "--payer pooled_fund",
    ),
    "E663": Code(
        "A payment that does not rise with the parameter",
        "At a higher value the run paid less, so no value is the last one that the surplus affords.",
        "Seek another parameter, or settle the values that come into question one by one.",
    ),
    "E664": Code(
        "Not a surplus, or not a grain",
        "The surplus is an amount of 0 or more; the grain is of the kind of the parameter, above 0, and some "
        "multiple of it lies within the bounds of the parameter.",
        "Write plain decimals; rates with a percent sign.",
        "--surplus 12万", "--surplus 120000.00",
    ),
}  # fmt: skip
