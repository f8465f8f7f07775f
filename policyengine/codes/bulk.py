"""Codes of tables of claims: their sources, columns, order, and what is written of them."""

from __future__ import annotations

from policyengine.codes.base import Code

CODES: dict[str, Code] = {
    "E700": Code(
        "A source of claims that cannot be read",
        "Claims by the million are read from Parquet, CSV or Arrow IPC files, from a folder of them, or from tables of "
        "pyarrow, polars, pandas or DuckDB.",
        "Name a file that is there, or hand in one of these tables.",
    ),
    "E701": Code(
        "A mapping of columns names a fact that there is not",
        "Its fields are facts of the glossary, `elsewhere.` with a payer, or facts that the rule file declares.",
        "Write the name of the fact; `policyengine show` lists those of a rule set.",
    ),
    "E702": Code(
        "A column of money without its unit",
        "A whole number may be yuan or fen, and a binary number has lost which it was. Decimals and decimal texts are "
        "whole currency units.",
        "State the unit in the mapping (`{column: amount, unit: 分}`), or as `unit` in the metadata of the Arrow "
        "field.",
    ),
    "E703": Code(
        "A fact that every claim states has no column",
        "Every claim has an id, a person and a kind of care, the day that selects the rules, a household where "
        "something is counted by it; every fee line has a category and an amount.",
        "Name the column under `fields` of the mapping, or state what holds for all rows under `constants`.",
    ),
    "E704": Code(
        "A column of a type that cannot state the fact",
        "A day is no amount, and a whole number is no word until it is said what it means.",
        "Cast the column, or add `values:` (what its numbers mean) or `format:` (how its days are written).",
    ),
    "E705": Code(
        "A value that is not exact in the unit of its column",
        "Half a fen, or an amount in a unit in which it is not a decimal of at most four places.",
        "Mend the value, or the unit in the mapping.",
    ),
    "E706": Code(
        "Rows out of order",
        "What a claim is paid hangs on those before it: rows stand in the ascending order of the person (of the "
        "household, where a meter is kept for it), then of the day that selects the rules, then of the sequence.",
        "Sort the table, or let the reader do it: `sort=True`.",
    ),
    "E707": Code(
        "A person in two households",
        "Where one meter is kept by household and another by person, a person belongs to one household.",
        "Give the person one household, or each membership a person id of its own.",
    ),
    "E708": Code(
        "A mapping names a column that the table does not have",
        "Names of columns are compared letter by letter.",
        "Write the name as it stands in the table.",
    ),
    "E710": Code(
        "A fact stated twice",
        "A tag stands in a column of its own or in the list `tags`; fee lines stand in one place.",
        "Drop one of the two.",
    ),
    "E711": Code(
        "A unit that is not known, or not of the rule set's currency",
        "Units of money are those of the currency in which the rule set counts.",
        "Write the unit of the column.",
    ),
    "E712": Code(
        "A fee line of no claim",
        "The table of fee lines stands in the order of the claims; each line has the `id` of its claim.",
        "Sort the lines like the claims, and leave out those of claims that are not in the table.",
    ),
    "E713": Code(
        "A value that the mapping does not know",
        "A column with `values:` holds nothing else.",
        "Add the value to the mapping, or mend it in the table.",
    ),
    "E714": Code(
        "A day that is not written in the format of its column",
        "`format:` says how all days of the column are written.",
        "Mend the day, or the format in the mapping.",
    ),
    "E709": Code(
        "A checkpoint of another run",
        "A run goes on from a checkpoint only over the same source and by the same rules; else claims would be counted "
        "twice or not at all.",
        "Begin anew with another checkpoint file, or hand in the source and the rules of the run that was interrupted.",
    ),
    "E715": Code(
        "A file that cannot be written",
        "Results are written as .parquet, .csv or .arrow, rejected rows as .csv, .parquet or .jsonl; never over a file "
        "that is read, nor beside the files of a folder that is. Or the disk has no room.",
        "Give the file one of these names, in a folder that is there and is not read.",
    ),
    "E716": Code(
        "A checkpoint that cannot be read",
        "It was cut or edited.",
        "Delete it; the run then begins anew.",
    ),
    "E717": Code(
        "A fact that the rules read has no column",
        "Claims by the million are settled by columns. A fact without a default, which no column states, would be "
        "missing from every claim.",
        "Name its column under `fields` of the mapping, or state what holds for all rows under `constants`.",
    ),
    "E718": Code(
        "A column holds another kind of thing than the rules read",
        "The rule file reads a word where the column holds numbers, say.",
        "Hand in a column of the kind that the rule file declares.",
    ),
    "E719": Code(
        "A row with more or fewer cells than the table has columns",
        "Which cell is missing, or where one was cut in two, cannot be known. The row is refused, the others are read. "
        "Of a table of fee lines the file is refused, since nobody knows whose bill would be too small.",
        "Put cells that hold the separator into quotation marks; or say in the mapping what separates them.",
    ),
    "E845": Code(
        "A way of writing CSV files that is none",
        "`separator:` is one sign, `encoding:` the name of an encoding.",
        "Write `encoding: GB18030` for files of Chinese systems, `separator: ;` or `separator: tab`.",
    ),
}
