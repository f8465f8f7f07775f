"""From the tree of a rule file to its typed form. One field table a section; every fault is collected and located."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from policyengine import expressions as ast
from policyengine import ir, terms
from policyengine.errors import Span, nearest
from policyengine.mechanisms import ALL, BY_KEY
from policyengine.mechanisms.base import Provision
from policyengine.money import EXPONENTS, MODES, exponent_of
from policyengine.resolve import fault
from policyengine.ruleset import (
    Dated,
    FactDecl,
    Formula,
    Layer,
    MeterDecl,
    Parameter,
    PartDecl,
    PayerDecl,
    Ruleset,
    Source,
    Stack,
    TableDecl,
)
from policyengine.shapes import (
    Choice,
    Date,
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
    pairs,
    read_record,
    record_schema,
    scalar,
)
from policyengine.source import MapNode, Node, ScalarNode, SeqNode

TITLE = Either(mapping=MapOf(Text()), single=Text())
CITE = Either(mapping=MapOf(OneOrMany(Text())), single=Name(), listing=ListOf(Name()))
ASSUMED = Either(mapping=MapOf(Text()), single=Text())
WINDOW_KINDS = ("visit", "day", "month", "year", "lifetime")
PREDEFINED = tuple(
    ir.Window(n, k)
    for n, k in (
        ("visit", "visit"),
        ("day", "day"),
        ("month", "month"),
        ("calendar_year", "year"),
        ("benefit_year", "year"),
        ("lifetime", "lifetime"),
    )
)
SELECTING = ("discharge_date", "admission_date", "settlement_date", "service_date")

EVIDENCE = (
    Field("cite", CITE, "who says so: source ids, each with the words it says"),
    Field("assumed", ASSUMED, "what is not in the source, with the reason"),
)
VALIDITY = (
    Field("from", Date(), "first day on which it holds"),
    Field("to", Date(), "first day on which it no longer holds"),
)
class _Validity:
    """A period {from, to}."""

    def read(self, node: Node) -> tuple[datetime.date | None, datetime.date | None]:
        values = read_record(node, VALIDITY, "a period")
        period(values, node.span)
        return (values.get("from"), values.get("to"))

    def schema(self) -> dict[str, Any]:
        return record_schema(VALIDITY)


VALID = Field("valid", _Validity(), "the period in which it holds: {from: first day, to: first day no longer}")
PROVISION = (
    Field("id", Name(), "the provision's name", True),
    Field("label", TITLE, "what people call it"),
    Field("layer", OneOrMany(Name()), "the layer or layers it is a clause of"),
    Field("when", Expression(), "the condition under which it applies"),
    *EVIDENCE,
    VALID,
    Field("published", Date(), "the day on which it was published"),
    Field("replaces", Name(), "the provision of the parent whose place it takes"),
    Field("overrides", OneOrMany(Name()), "the `set` adjustments that it wins against"),
    Field("after", Name(), "the provision after which it stands"),
    Field("before", Name(), "the provision before which it stands"),
)
NOTES = (
    Field("restates", Name(), "the provision of the parent that this sentence says again"),
    Field("repeals", Name(), "the provision of the parent that no longer holds"),
)


def text_of(title: Any) -> dict[str, str]:
    """A label as {language: text}; a single text serves every language."""
    if title is None:
        return {}
    return {"": title} if isinstance(title, str) else {k.text: v for k, v in title}


def citations(value: Any) -> tuple[ir.Citation, ...]:
    if value is None:
        return ()
    if isinstance(value, Word):
        return (ir.Citation(value.text, "", value.span),)
    if value and isinstance(value[0], Word):
        return tuple(ir.Citation(w.text, "", w.span) for w in value)
    return tuple(ir.Citation(key.text, quote, key.span) for key, quotes in value for quote in quotes)


def assumptions(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(f"{k}: {v}" for k, v in value)


def common(values: dict[str, Any]) -> dict[str, Any]:
    """The evidence, validity and label of an entry, taken out of its values."""
    dates = values.pop("valid", None) or (None, None)
    out: dict[str, Any] = {
        "cites": citations(values.pop("cite", None)),
        "assumed": assumptions(values.pop("assumed", None)),
    }
    if "label" in values:
        out["label"] = text_of(values.pop("label"))
    out["valid"] = dates
    return out


def period(values: Mapping[str, Any], span: Span) -> None:
    start, end = values.get("from"), values.get("to")
    if start is not None and end is not None and start >= end:
        raise fault("E307", "the period ends before it starts", span, "`from` before `to`")


def rounding(node: Node, currency: str) -> tuple[str, int]:
    """``half_up 0.01元``: a mode and a unit."""
    words = scalar(node, "a mode and a unit such as `half_up 0.01元`").text.split()
    if not words or words[0] not in MODES or len(words) > 2:
        raise fault("E308", "not a rounding", node.span, f"a mode ({', '.join(MODES)}) and a unit: `half_up 0.01元`",
                    nearest(words[0], MODES) if words else "")  # fmt: skip
    unit = ast.parse_money(words[1], node.span, currency) if len(words) == 2 else 1
    if unit < 1:
        raise fault("E308", "the unit of rounding is at least the smallest coin", node.span)
    return words[0], unit


def read_source(key: Word, node: Node) -> Source:
    fields = tuple(Field(n, Text(), n, n == "title") for n in ("title", "grade", "url", "file", "date", "publisher"))
    return Source(key, **read_record(node, fields, "a source"))


def read_fact(key: Word, node: Node) -> FactDecl:
    values = read_record(
        node,
        (
            Field("type", Choice(("code", "flag", "count", "money", "rate")), "the kind of value"),
            Field("values", Either(mapping=MapOf(Text()), listing=ListOf(Name())), "the words of a code"),
            Field("label", TITLE, "what people call it"),
            Field("of", Choice(("claim", "row")), "whether a claim or a fee line states it"),
            Field("low", Expression(), "the least value"),
            Field("high", Expression(), "the greatest value"),
            Field("default", Expression(), "what it means when a claim does not state it"),
        ),
        "a fact",
    )
    words = values.pop("values", ())
    listed = tuple(w if isinstance(w, tuple) else (w, w.text) for w in words)
    label = text_of(values.pop("label", None))
    if not values.get("type") and key.text not in terms.FACTS:
        raise fault("E303", "a fact needs a `type`", key.span, "code, flag, count, money or rate")
    return FactDecl(key, values.pop("type", ""), listed, label, **values)


def read_part(item: Node, category: Node | None = None) -> PartDecl:
    name = Name().read(item)
    if category is not None:
        return PartDecl(name, Choice(tuple(terms.CATEGORIES_OF_PARTS)).read(category))
    if name.text not in terms.CATEGORIES_OF_PARTS:
        raise fault("E309", f"`{name}` is not a standard part; say what it counts as", name.span,
                    f"`{name}: in_scope` (or own_expense, first_share, over_limit)")  # fmt: skip
    return PartDecl(name, name.text)


def read_parts(node: Node) -> tuple[PartDecl, ...]:
    if isinstance(node, MapNode):
        return tuple(read_part(key, value) for key, value in node.entries)
    if isinstance(node, SeqNode):
        return tuple(read_part(item) for item in node.items)
    raise fault("E304", "parts are a list or a mapping", node.span, "[own_expense, in_scope]")


def read_payer(key: Word, node: Node) -> PayerDecl:
    fields = tuple(f for p in terms.PAYERS.values() if (f := p.field))
    values = read_record(
        node,
        (
            Field("side", Choice(("fund", "hospital", "patient", "nobody")), "on whose side the payer stands", True),
            Field("national", Choice(tuple(dict.fromkeys(fields))), "the national field that the amount is sent in"),
            Field("label", TITLE, "what people call it"),
        ),
        "a payer",
    )
    default = {"fund": "oth_pay", "hospital": "hosp_part_amt", "patient": "acct_pay", "nobody": ""}[values["side"]]
    return PayerDecl(key, values["side"], values.get("national", default), text_of(values.get("label")))


def read_dated(node: Node) -> Dated:
    fields = (
        Field("value", Expression(), "the value", True), *VALIDITY, *EVIDENCE,
        Field("published", Date(), "the day on which it was published"),
    )  # fmt: skip
    values = read_record(node, fields, "a dated value")
    period(values, node.span)
    values["valid"] = (values.pop("from", None), values.pop("to", None))
    return Dated(**common(values), **values, span=node.span)


def read_parameter(key: Word, node: Node) -> Parameter:
    if isinstance(node, SeqNode):
        return Parameter(key, tuple(read_dated(item) for item in node.items))
    if isinstance(node, ScalarNode):
        return Parameter(key, (Dated(Expression().read(node), span=node.span),))
    if node.get("value") is not None:
        return Parameter(key, (read_dated(node),))
    values = read_record(
        node,
        (
            Field("values", ListOf(_Shaped(read_dated)), "the values by date"),
            Field("replaces", Flag(), "whether it takes the place of the parent's parameter of this name"),
            Field("type", Choice(("money", "rate", "count", "flag")), "the kind of a parameter that the caller gives"),
            Field("low", Expression(), "the least value that the caller may give"),
            Field("high", Expression(), "the greatest value that the caller may give"),
            Field("label", TITLE, "what people call it"), *EVIDENCE,
        ),
        "a parameter",
    )  # fmt: skip
    if ("values" in values) == ("type" in values):
        raise fault("E303", "a parameter has either values or, if the caller gives it, a type", key.span)
    rest = common(values)
    del rest["valid"]
    return Parameter(key, **rest, **values)


class _Shaped:
    """A reading function as a shape."""

    def __init__(self, function: Any) -> None:
        self.read = function

    def schema(self) -> dict[str, Any]:
        return {}


class _Cell:
    def read(self, node: Node) -> Word:
        return Word(scalar(node, "a cell").text, node.span)

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "number", "boolean"]}


def read_table(key: Word, node: Node) -> TableDecl:
    values = read_record(
        node,
        (
            Field("keys", ListOf(Name(dotted=True)), "the facts that choose the row", True),
            Field("columns", ListOf(Name()), "the values that a row gives", True),
            Field("rows", ListOf(ListOf(_Cell())), "the rows: key cells, then values", True),
            Field("replaces", Flag(), "whether it takes the place of the parent's table of this name"),
            *EVIDENCE, VALID,
        ),
        "a table",
    )  # fmt: skip
    width = len(values["keys"]) + len(values["columns"])
    faults = Faults()
    for row in values["rows"]:
        if len(row) != width:
            span = row[0].span if row else node.span
            faults.add(fault("E321", f"the row has {len(row)} cells, the table {width}", span))
    faults.done()
    return TableDecl(key, **common(values), **values)


def read_formula(key: Word, node: Node) -> Formula:
    values = read_record(
        node,
        (
            Field("of", OneOrMany(Name()), "the names of its values", True),
            Field("is", Expression(), "the formula", True),
        ),
        "a formula",
    )
    return Formula(key, values["of"], values["is"])


def read_window(key: Word, node: Node) -> ir.Window:
    values = read_record(
        node,
        (
            Field("kind", Choice(WINDOW_KINDS), "how long it lasts", True),
            Field("starts", Text(), "for a year: the day it starts, MM-DD"),
        ),
        "a window",
    )
    starts = (1, 1)
    if "starts" in values:
        day = ast.parse_date("2000-" + values["starts"], node.span)
        starts = (day.month, day.day)
        if starts == (2, 29):
            raise fault("E307", "a year cannot start on 29 February", node.span)
    return ir.Window(key.text, values["kind"], starts)


def read_meter(key: Word, node: Node) -> MeterDecl:
    values = read_record(
        node,
        (
            Field("counts", OneOrMany(Expression()), "what each claim adds", True),
            Field("in", Name(), "the window after which it starts again", True),
            Field("per", OneOrMany(Name()), "whose meter it is; default the person"),
            Field("keep", Choice(("sum", "max", "last")), "what is kept of the claims' values"),
            Field("label", TITLE, "what people call it"),
        ),
        "a meter",
    )
    per = values.get("per", (Word("person_id", key.span),))
    return MeterDecl(key, values["counts"], values["in"], per, values.get("keep", "sum"), text_of(values.get("label")))


def read_stack(key: Word, node: Node) -> Stack:
    fields = (
        Field("combine", Choice(("sum", "best")), "whether additions are summed or the best one counts"),
        Field("add_at_most", Expression(), "the most that is added"),
        Field("up_to", Expression(), "the value above which additions no longer lift"),
    )
    return Stack(key, **read_record(node, fields, "a stack"))


def read_layer(node: Node, currency: str) -> Layer:
    values = read_record(
        node,
        (
            Field("id", Name(), "the layer's name", True),
            Field("payer", Name(), "who pays; `none` for a shadow that only computes", True),
            Field("on", OneOrMany(Name()), "the parts it looks at and pays for, in order", True),
            Field("when", Expression(), "the condition under which it acts"),
            Field("base", Expression(), "what it looks at instead of what is unpaid"),
            Field("less", OneOrMany(Expression()), "amounts taken off what it looks at"),
            Field("to_date", Name(), "the window over which its clauses are read as one sentence"),
            Field("recover", Flag(), "whether a negative result is taken back"),
            Field("round", _Shaped(lambda n: rounding(n, currency)), "mode and unit, if not the file's"),
            Field("label", TITLE, "what people call it"),
            Field("after", Name(), "the layer after which it stands"),
            Field("before", Name(), "the layer before which it stands"),
            *EVIDENCE, VALID,
        ),
        "a layer",
    )  # fmt: skip
    values["rounding"] = values.pop("round", None)
    return Layer(**common(values), **values)


def read_provision(node: Node, origin: str = "") -> Provision:
    """A provision: exactly one mechanism (or ``restates``, ``repeals``), its fields and the common ones."""
    if not isinstance(node, MapNode):
        raise fault("E301", "a provision is a mapping", node.span, "{id: …, layer: …, …}")
    notes = {f.name: f for f in NOTES}
    present = [key for key, _ in node.entries if key.text in BY_KEY or key.text in notes]
    if len(present) != 1:
        what = "names no mechanism" if not present else "names two mechanisms: " + ", ".join(k.text for k in present)
        keys = [key.text for key, _ in node.entries]
        known = {f.name for f in PROVISION}
        guesses = [h for k in keys if k not in known and (h := nearest(k, BY_KEY))]
        span = present[1].span if present else node.span
        expected = "one of " + ", ".join([m.key for m in ALL] + list(notes))
        raise fault("E322", f"a provision {what}", span, expected, guesses[0] if guesses else "")
    key = present[0].text
    own = (notes[key],) if key in notes else BY_KEY[key].fields
    values = read_record(node, PROVISION + own, f"a provision of `{key}`")
    head = {
        n: values.pop(n) for n in ("id", "when", "published", "replaces", "overrides", "after", "before") if n in values
    }
    return Provision(
        mechanism=key, layers=values.pop("layer", ()), **head, **common(values), values=values, origin=origin, span=node.span
    )  # fmt: skip


def parse(tree: MapNode, name: str, files: tuple[tuple[str, str], ...] = ()) -> Ruleset:
    """A rule file's tree as a ``Ruleset``. Raises ``RuleError`` with all faults found."""
    faults = Faults()
    currency = _currency(tree, faults)
    origin = name
    listed: Mapping[str, Any] = {
        "sources": read_source, "facts": read_fact, "payers": read_payer, "parameters": read_parameter,
        "tables": read_table, "formulas": read_formula, "windows": read_window, "meters": read_meter,
        "stacks": read_stack,
    }  # fmt: skip
    out: dict[str, Any] = {}
    for key, node in tree.entries:
        if key.text in listed:
            out[key.text] = faults.attempt(lambda n=node, k=key: _section(n, k, listed[k.text]))  # type: ignore[misc]
        elif key.text == "layers":
            out["layers"] = faults.attempt(lambda n=node: _items(n, lambda i: read_layer(i, currency)))  # type: ignore[misc]
        elif key.text == "provisions":
            found = faults.attempt(lambda n=node: _items(n, lambda i: read_provision(i, origin))) or ()  # type: ignore[misc]
            out["provisions"] = tuple(p for p in found if p.mechanism in BY_KEY)
            out["notes"] = tuple(p for p in found if p.mechanism not in BY_KEY)
        elif key.text in HEAD:
            out.update(faults.attempt(lambda n=node, k=key: _head(k.text, n, currency)) or {})  # type: ignore[misc]
        else:
            faults.add(fault("E302", f"a rule file has no section `{key.text}`", key.span,
                             hint=nearest(key.text, [*listed, *HEAD, "layers", "provisions"])))  # fmt: skip
    if tree.get("ruleset") is None:
        faults.add(fault("E303", "a rule file needs the key `ruleset`: its name", tree.span, "ruleset: cn/…"))
    faults.done()
    declared = out.pop("name", name)
    if declared != name and name and not name.startswith("/"):
        span = tree.get("ruleset").span  # type: ignore[union-attr]
        raise fault("E323", f"the file is named `{name}` but says that it is `{declared}`", span, f"ruleset: {name}")
    return Ruleset(name=declared, span=tree.span, files=files, stated=frozenset(out), **out)


HEAD = ("ruleset", "title", "extends", "currency", "rounding", "dated_by", "valid", "status", "parts")


def _currency(tree: MapNode, faults: Faults) -> str:
    node = tree.get("currency")
    if node is None:
        return "CNY"
    found = faults.attempt(lambda: Choice(tuple(EXPONENTS)).read(node))
    exponent_of(found or "CNY")
    return found or "CNY"


def _head(key: str, node: Node, currency: str) -> dict[str, Any]:
    match key:
        case "ruleset":
            return {"name": Text().read(node)}
        case "title":
            return {"title": text_of(TITLE.read(node))}
        case "extends":
            return {"extends": Word(Text().read(node), node.span)}
        case "currency":
            return {"currency": currency}
        case "rounding":
            return {"rounding": rounding(node, currency)}
        case "dated_by":
            return {"dated_by": Choice(SELECTING).read(node)}
        case "valid":
            return {"valid": VALID.shape.read(node)}
        case "status":
            return {"status": Choice(("draft", "approved", "repealed")).read(node)}
        case _:
            return {"parts": read_parts(node)}


def _section(node: Node, key: ScalarNode, read: Any) -> tuple[Any, ...]:
    faults, found = Faults(), []
    for name, value in pairs(node, f"`{key.text}`"):
        if isinstance(value, SeqNode) and key.text == "tables":
            found += [faults.attempt(lambda n=name, i=item: read(n, i)) for item in value.items]  # type: ignore[misc]
        else:
            found.append(faults.attempt(lambda n=name, v=value: read(n, v)))  # type: ignore[misc]
    faults.done()
    return tuple(found)


def _items(node: Node, read: Any) -> tuple[Any, ...]:
    if not isinstance(node, SeqNode):
        raise fault("E304", "a list is needed here", node.span, "- {id: …}")
    faults = Faults()
    found = [faults.attempt(lambda item=item: read(item)) for item in node.items]  # type: ignore[misc]
    faults.done()
    return tuple(found)


def known_date(text: str) -> datetime.date:
    """An ISO date from our own data."""
    return datetime.date.fromisoformat(text)
