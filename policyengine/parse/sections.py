"""The sections of a rule file that are mappings: one field table and one reader each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from policyengine import ir, terms
from policyengine.parse.common import (
    EVIDENCE,
    HOLDS,
    LABEL,
    PERIOD,
    PUBLISHED,
    Held,
    Read,
    check_period,
    common,
    text_of,
)
from policyengine.parse.courses import COURSE, read_course
from policyengine.parse.evidence import TITLE, Grade
from policyengine.parse.persons import AUDIT, ENTITLEMENT, KIND, read_audit, read_entitlement, read_kind
from policyengine.parse.windows import WINDOW, read_window
from policyengine.resolve import fault
from policyengine.ruleset import (
    Cover,
    Dated,
    FactDecl,
    Formula,
    MeterDecl,
    Parameter,
    PartDecl,
    PayerDecl,
    Source,
    Stack,
    TableDecl,
)  # fmt: skip
from policyengine.shapes import (
    Choice,
    Either,
    Expression,
    Faults,
    Field,
    Flag,
    ListOf,
    MapOf,
    Name,
    OneOrMany,
    Text,
    Word,
    read_record,
    record_schema,
    scalar,
)  # fmt: skip
from policyengine.source import MapNode, Node, ScalarNode, SeqNode

SOURCE = tuple(
    Field(name, Grade() if name == "grade" else Text(), doc, name == "title")
    for name, doc in (
        ("title", "the document's title"),
        ("publisher", "who published it"),
        ("date", "the day of publication"),
        ("url", "where it was found"),
        ("file", "the file that holds it"),
        ("grade", "how good the source is: S (seed), A, B, C, M, I"),
    )
)
FACT = (
    Field("type", Choice(("code", "id", "flag", "count", "money", "rate", "date")), "the kind of value"),
    Field("of", Choice(("claim", "row")), "whether a claim or a fee line states it"),
    Field("counts", Choice((*terms.SPANS, *terms.CALENDAR)), "a count made of days, instead of `type`"),
    Field("since", Name(), "for years, months, weeks, days: the day from which it counts"),
    Field("until", Name(), "the day up to which it counts, or that the calendar is asked about; see `dated_by`"),
    Field("values", Either(mapping=MapOf(Text()), listing=ListOf(Name())), "the words of a code"),
    Field("low", Expression(), "the least value"),
    Field("high", Expression(), "the greatest value"),
    Field("default", Expression(), "what it means when a claim does not state it"),
    LABEL,
)
PAYER = (
    Field("side", Choice(("fund", "hospital", "patient", "nobody")), "on whose side the payer stands", True),
    Field("national", Choice(tuple(dict.fromkeys(p.field for p in terms.PAYERS.values()))), "the national field"),
    LABEL,
)
DATED = (
    Field("value", Expression(), "the value", True),
    *PERIOD,
    PUBLISHED,
    *EVIDENCE,
)
FORMULA = (
    Field("of", OneOrMany(Name()), "the names of its values", True),
    Field("is", Expression(), "the formula", True),
    LABEL,
)
CODE = Read(lambda node: Word(Text().read(node), node.span), {"type": "string"})
METER = (
    Field("counts", OneOrMany(Expression(), 1), "what each claim adds", True),
    Field("in", Name(), "the window after which it starts again", True),
    Field("per", OneOrMany(Name()), "whose meter it is; default the person"),
    Field("keep", Choice(("sum", "max", "last")), "what is kept of the claims' values"),
    Field("when", Expression(), "the condition under which a claim counts"),
    Field("opening", OneOrMany(CODE), "codes of the accumulators kept elsewhere whose sum it begins with"),
    LABEL,
)
STACK = (
    Field("combine", Choice(("sum", "best")), "whether additions are summed or the best one counts"),
    Field("add_at_most", Expression(), "the most that is added"),
    Field("up_to", Expression(), "the value above which additions no longer lift"),
)


COVER = (
    Field("when", Expression(), "the condition on facts under which a claim is settled", True),
    *EVIDENCE,
    Field("replaces", Flag(), "whether it takes the place of what the parent covers, instead of narrowing it"),
)
COVERS = Either(mapping=Read(lambda node: read_record(node, COVER, "`covers`"), record_schema(COVER)),
                single=Expression())  # fmt: skip


def read_cover(node: Node) -> Cover:
    values = COVERS.read(node)
    if not isinstance(values, dict):
        return Cover(values, span=node.span)
    rest = common(values)
    return Cover(values["when"], rest["cites"], rest["assumed"], values.get("replaces", False), node.span)


def read_source(key: Word, node: Node) -> Source:
    return Source(key, **read_record(node, SOURCE, "a source"))


def read_fact(key: Word, node: Node) -> FactDecl:
    values = read_record(node, FACT, "a fact")
    listed = tuple(w if isinstance(w, tuple) else (w, w.text) for w in values.pop("values", ()))
    label = text_of(values.pop("label", None))
    if "counts" in values:
        _check_count(key, values)
    elif not values.get("type") and key.text not in terms.FACTS:
        raise fault("E303", "a fact needs a `type`", key.span, "code, id, flag, count, money, rate or date")
    if values.get("type") == "id" and values.get("of") == "row":
        raise fault("E354", f"`{key}` is an id of a fee line", key.span, "an id of the claim")
    return FactDecl(key, values.pop("type", ""), listed, label, **values)


def _check_count(key: Word, values: dict[str, Any]) -> None:
    """A count made of days has no type of its own, and a beginning only if it lasts."""
    measure = values["counts"]
    if values.get("type", "count") != "count":
        raise fault("E339", f"`{key}` counts {measure}; its type can only be count", key.span)
    if (measure in terms.SPANS) != ("since" in values):
        expected = "since: a day" if measure in terms.SPANS else "`until` alone"
        raise fault(
            "E339", f"`counts: {measure}` {'needs' if measure in terms.SPANS else 'has no'} `since`", key.span, expected
        )
    values["type"] = "count"


def read_payer(key: Word, node: Node) -> PayerDecl:
    values = read_record(node, PAYER, "a payer")
    default = {"fund": "oth_pay", "hospital": "hosp_part_amt", "patient": "acct_pay", "nobody": ""}[values["side"]]
    return PayerDecl(key, values["side"], values.get("national", default), text_of(values.get("label")))


def read_dated(node: Node) -> Dated:
    return _dated(read_record(node, DATED, "a dated value"), node)


def _dated(values: dict[str, Any], node: Node) -> Dated:
    check_period(values, node.span)
    values["valid"] = Held((values.pop("from", None), values.pop("to", None)))
    return Dated(**common(values), **values, span=node.span)


BY_LINE = Field(
    "dated_by", Choice(("row.service_date",)), "each fee line takes the version of its own day, not that of the claim's"
)
PARAMETER = (
    LABEL,
    Field("replaces", Flag(), "whether it takes the place of the parent's parameter of this name"),
    BY_LINE,
    Field("type", Choice(("money", "rate", "count", "flag")), "the kind of a parameter that the caller gives"),
    Field("low", Expression(), "the least value that the caller may give"),
    Field("high", Expression(), "the greatest value that the caller may give"),
    Field("values", ListOf(Read(read_dated, record_schema(DATED))), "the values by date"),
    PUBLISHED,
    *EVIDENCE,
)

SINGLE = (*(field for field in PARAMETER if field.name in ("replaces", "label")), *DATED)
"""A parameter that has one value, written without a list."""


def read_parameter(key: Word, node: Node) -> Parameter:
    if isinstance(node, SeqNode):
        return Parameter(key, ListOf(Read(read_dated, {})).read(node))
    if isinstance(node, ScalarNode):
        return Parameter(key, (Dated(Expression().read(node), span=node.span),))
    if node.get("value") is not None:
        values = read_record(node, SINGLE, "a parameter with one value")
        label, replaces = text_of(values.pop("label", None)), values.pop("replaces", False)
        return Parameter(key, (_dated(values, node),), label=label, replaces=replaces)
    values = read_record(node, PARAMETER, "a parameter")
    if ("values" in values) == ("type" in values):
        raise fault("E303", "a parameter has either values or, if the caller gives it, a type", key.span)
    if "type" in values and "dated_by" in values:
        raise fault("E303", "a parameter that the caller gives has no versions by day", key.span, "`values`")
    rest = common(values)
    del rest["valid"]
    return Parameter(key, **rest, **values)


def read_cell(node: Node) -> Word:
    return Word(scalar(node, "a cell").text, node.span)


CELL = Read(read_cell, {"type": ["string", "number", "boolean"]})
TABLE = (
    BY_LINE,
    Field("replaces", Flag(), "whether it takes the place of the parent's table of this name"),
    Field("keys", ListOf(Name(dotted=True)), "the facts that choose the row", True),
    Field("columns", ListOf(Name()), "the values that a row gives", True),
    Field("rows", ListOf(ListOf(CELL)), "the rows: key cells, then values", True),
    Field("gaps", Text(), "why some combinations of keys have no row"),
    HOLDS,
    PUBLISHED,
    *EVIDENCE,
)


def read_table(key: Word, node: Node) -> TableDecl:
    values = read_record(node, TABLE, "a table")
    width = len(values["keys"]) + len(values["columns"])
    faults = Faults()
    for row in values["rows"]:
        if len(row) != width:
            span = row[0].span if row else node.span
            faults.add(fault("E321", f"the row has {len(row)} cells, the table {width}", span))
    for name in values["keys"]:
        if name.text == ir.LINE_DAY:
            hint = f"`dated_by: {name}` says that the day of each fee line chooses among the versions"
            faults.add(fault("E310", f"`{name}` is not a key that a table states", name.span, hint=hint))
    faults.done()
    return TableDecl(key, **common(values), **values)


def read_formula(key: Word, node: Node) -> Formula:
    values = read_record(node, FORMULA, "a formula")
    return Formula(key, values["of"], values["is"], text_of(values.get("label")))


def read_meter(key: Word, node: Node) -> MeterDecl:
    values = read_record(node, METER, "a meter")
    per = values.get("per", (Word("person_id", key.span),))
    label, rest = text_of(values.get("label")), {name: values[name] for name in ("when", "opening") if name in values}
    return MeterDecl(key, values["counts"], values["in"], per, values.get("keep", "sum"), label, **rest)


def read_stack(key: Word, node: Node) -> Stack:
    return Stack(key, **read_record(node, STACK, "a stack"))


def read_part(item: Node, category: Node | None = None) -> PartDecl:
    name = Name().read(item)
    if category is not None:
        return PartDecl(name, Choice(tuple(terms.CATEGORIES_OF_PARTS)).read(category))
    if name.text not in terms.CATEGORIES_OF_PARTS:
        expected = f"`{name}: in_scope` (or own_expense, first_share, over_limit)"
        raise fault("E309", f"`{name}` is not a standard part; say what it counts as", name.span, expected)
    return PartDecl(name, name.text)


def read_parts(node: Node) -> tuple[PartDecl, ...]:
    if isinstance(node, MapNode):
        return tuple(read_part(key, value) for key, value in node.entries)
    if isinstance(node, SeqNode):
        return tuple(read_part(item) for item in node.items)
    raise fault("E304", "parts are a list or a mapping", node.span, "[own_expense, in_scope]")


SECTIONS: Mapping[str, tuple[Callable[[Word, Node], Any], tuple[Field, ...]]] = {
    "sources": (read_source, SOURCE),
    "facts": (read_fact, FACT),
    "payers": (read_payer, PAYER),
    "parameters": (read_parameter, PARAMETER),
    "tables": (read_table, TABLE),
    "formulas": (read_formula, FORMULA),
    "windows": (read_window, WINDOW),
    "meters": (read_meter, METER),
    "stacks": (read_stack, STACK),
    "settlement": (read_course, COURSE),
    "evidence": (read_kind, KIND),
    "entitlements": (read_entitlement, ENTITLEMENT),
    "audit": (read_audit, AUDIT),
}
"""Every section that maps names to entries: its reader and its field table."""

__all__ = ["COVER", "COVERS", "SECTIONS", "TITLE", "read_cover", "read_parts"]
