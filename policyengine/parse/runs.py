"""The sections ``run`` and ``rows``: a rule file whose claims are made of earlier settlements."""

from __future__ import annotations

from typing import Any

from policyengine import terms
from policyengine.parse.common import LABEL, Read, text_of
from policyengine.resolve import fault
from policyengine.rowsources import AMOUNTS, GROUPS, mistaken_kind, unknown_source
from policyengine.ruleset import FactDecl, FieldDecl, RowsDecl, RunDecl
from policyengine.shapes import (
    Choice,
    Either,
    Expression,
    Field,
    ListOf,
    MapOf,
    Name,
    OneOrMany,
    Record,
    Text,
    Word,
    read_record,
    record_schema,
    scalar,
)  # fmt: skip
from policyengine.source import Node

EACH = ("member", "household", "population")
AFTER = {"month_end": "month", "year_end": "year"}
"""When a run takes place, with the kind of window that ends then."""

FIELD_TYPES = ("money", "rate", "count", "flag", "code", "id")
SETTLEMENTS, GIVEN = "settlements", "given"
"""What rows may be made of beside settlements of named rule sets: any settlements, or rows as they are handed in."""

RUN = (
    Field("each", Choice(EACH), "for whom one settlement is made: each member, each household, or all together", True),
    Field("over", Name(), "the window whose settlements are taken: a month or a year", True),
    Field("after", Choice(tuple(AFTER)), "when the run takes place", True),
)


def _source(node: Node) -> Word:
    word = Word(scalar(node, "such as `patient_total` or `step.basic.kept`").text, node.span)
    problem, hint = unknown_source(word.text)
    if problem:
        raise fault("E372", problem, node.span, ", ".join([*AMOUNTS, *(f"{group}.…" for group in GROUPS)]), hint)
    return word


FIELD = (
    Field("type", Choice(FIELD_TYPES), "the kind of value; an `id` is only grouped by", True),
    Field("from", Read(_source, {"type": "string"}), "what of the settlement it is"),
    Field("values", Either(mapping=MapOf(Text()), listing=ListOf(Name())), "the words of a code"),
    LABEL,
)
BASE = Read(lambda node: Word(scalar(node, "the name of a rule set").text, node.span), {"type": "string"})
ROWS = (
    Field("of", OneOrMany(BASE), "the rule sets whose settlements are taken; or `settlements` (any), or `given`", True),
    Field("bill", Expression(), "the amount that each row is about: a field, or an amount made of fields", True),
    Field("group_by", ListOf(Name()), "fields, `member` or `household`: rows that agree in them are added up"),
    Field("fields", MapOf(Record(FIELD, dict, "a field of the rows")), "what the rows say, by name", True),
)


def read_run(node: Node) -> RunDecl:
    return RunDecl(**read_record(node, RUN, "a run"), span=node.span)


def read_rows(node: Node) -> RowsDecl:
    """The rows of a run. Raises ``RuleError``."""
    values = read_record(node, ROWS, "the rows of a run")
    given = [word.text for word in values["of"]] == [GIVEN]
    fields = tuple(_field(name, value, given) for name, value in values["fields"])
    group_by = values.get("group_by")
    _check_groups(group_by or (), fields, group_by is not None)
    return RowsDecl(values["of"], values["bill"], fields, group_by, node.span)


def _field(name: Word, values: dict[str, Any], given: bool) -> FieldDecl:
    source = values.get("from")
    if given and source is not None:
        raise fault("E372", "rows that are handed in say their fields themselves", source.span, "no `from`")
    if not given and source is None:
        raise fault("E303", f"the field `{name}` does not say what of the settlement it is", name.span, "from: …")
    problem = "" if source is None else mistaken_kind(source.text, values["type"])
    if source is not None and problem:
        raise fault("E372", problem, source.span, "`type:` of that kind")
    words = tuple(w if isinstance(w, tuple) else (w, w.text) for w in values.get("values", ()))
    if values["type"] == "code" and not words:
        words = _glossary_words(source)
    if (values["type"] == "code") != bool(words):
        message = "a code has words" if values["type"] == "code" else f"a {values['type']} has no words"
        raise fault("E306", message, name.span, "`values:` beside `type: code`")
    return FieldDecl(name, values["type"], source, words, text_of(values.get("label")))


def _glossary_words(source: Word | None) -> tuple[tuple[Word, str], ...]:
    """The words of a code of the glossary, which need not be said again."""
    fact = terms.FACTS.get("" if source is None else source.text.removeprefix("fact."))
    if source is None or fact is None or fact.open:
        return ()
    return tuple((Word(word, source.span), zh) for word, zh in fact.values.items())


def _check_groups(group_by: tuple[Word, ...], fields: tuple[FieldDecl, ...], grouped: bool) -> None:
    kinds = {field.id.text: field.type for field in fields}
    for word in group_by:
        if word.text in EACH[:2]:
            continue
        if kinds.get(word.text) not in ("flag", "code", "id"):
            expected = "member, household, or a field that is a flag, a code or an id"
            raise fault("E375", f"rows cannot be grouped by `{word}`", word.span, expected)
    for field in fields:
        if grouped and field.type not in ("money", "count") and field.id.text not in {w.text for w in group_by}:
            message = f"rows are added up, but `{field.id}` is a {field.type}: the rows of a group may differ in it"
            raise fault("E375", message, field.id.span, f"group_by: [… {field.id}]")


def facts_of(rows: RowsDecl) -> tuple[FactDecl, ...]:
    """The fields as facts of the rows, which expressions read."""
    return tuple(
        FactDecl(field.id, field.type, field.values, field.label, "row") for field in rows.fields if field.type != "id"
    )


RUN_SCHEMA, ROWS_SCHEMA = record_schema(RUN), record_schema(ROWS)
