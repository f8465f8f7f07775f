"""Whole rule files drawn from the grammar: every section, every mechanism, dates, citations, 中文.

What is drawn is a tree ready to be laid out. Many files mean something and can be lowered; the others must be refused
at their places. Names come first, so that what is drawn later can use them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from random import Random

from policyengine.mechanisms import ALL
from policyengine.mechanisms.base import Mechanism
from policyengine.parse import ORDER, SELECTING
from policyengine.parse.provisions import layer_fields, provision_fields
from policyengine.parse.sections import COVER, DATED, FACT, FORMULA, METER, PARAMETER, SINGLE, SOURCE, STACK, TABLE
from policyengine.parse.windows import CALENDAR, PERIODS, WINDOW
from policyengine.printing.layout import Branch, Entry, Tree
from policyengine.shapes import Field
from policyengine.testing.expressions import expression
from policyengine.testing.fields import leaf, listing, mapping, period, record, rounding
from policyengine.testing.scope import Scope

STANDARD = ("own_expense", "over_limit", "first_share")
IDS = ("基本", "second", "大病")
"""Ids of layers."""

NAMED = (("money", "threshold"), ("rate", "更高"), ("count", "most"), ("flag", "kept"))
"""Parameters that may be drawn, with their kinds."""

Sections = dict[str, Tree]


def drawn_file(rng: Random) -> Branch:
    """A rule file called ``drawn``."""
    sections: Sections = {"ruleset": leaf("drawn"), **_head(rng)}
    scope = _parts(rng, sections)
    for section in (_sources, _facts, _parameters, _tables, _windows, _meters, _stacks, _covers, _law, _formulas):
        section(rng, sections, scope)
    return Branch([Entry(key, sections[key]) for key in ORDER if key in sections])


def _without(table: Iterable[Field], *names: str) -> list[Field]:
    return [field for field in table if field.name not in names]


def _head(rng: Random) -> Sections:
    title = mapping({"zh": leaf("某县"), "en": leaf("A county: it")})
    drawn: Sections = {
        "title": rng.choice((title, leaf("某县"))),
        "place": leaf(rng.choice(("230524", "SE", "US-NY"))),
        "dated_by": leaf(rng.choice(SELECTING)),
        "valid": period(rng, Scope(())),
        "rounding": leaf(rng.choice(("", "end ")) + rounding(rng, Scope(())).text),
        "settle_by": rng.choice((leaf("row"), mapping({"row": leaf("position")}))),
        "status": leaf(rng.choice(("draft", "approved", "repealed"))),
        "published": leaf("2015-06-01"),
    }
    chance = {"title": 0.5, "dated_by": 0.3, "rounding": 0.3}
    return {key: tree for key, tree in drawn.items() if rng.random() < chance.get(key, 0.15)}


def _parts(rng: Random, sections: Sections) -> Scope:
    names = [*rng.sample(STANDARD, rng.randrange(3)), "in_scope"]
    if rng.random() < 0.3:
        sections["parts"] = mapping({"甲类": leaf("in_scope"), **{name: leaf(name) for name in names}})
        return Scope(("甲类", *names))
    sections["parts"] = listing(leaf(name) for name in names)
    return Scope(tuple(names))


def _sources(rng: Random, sections: Sections, scope: Scope) -> None:
    sections["sources"] = mapping({name: record(rng, SOURCE, scope, {}) for name in ("law", "notice")}, flow=False)


def _facts(rng: Random, sections: Sections, scope: Scope) -> None:
    drawn: Sections = {}
    for kind, name, default in (("flag", "expert", "false"), ("count", "visits", "0"), ("money", "押金", "0元"),
                                ("rate", "own_share", "10%")):  # fmt: skip
        if rng.random() < 0.3:
            given: Sections = {"type": leaf(kind), "default": leaf(default)}
            drawn[name] = record(rng, [f for f in FACT if f.name in ("type", "default", "label")], scope, given)
            scope.values[kind].append(name)
    if rng.random() < 0.3:
        drawn["disease"] = mapping({"values": mapping({"gastric_cancer": leaf("胃癌"), "stroke": leaf("脑卒中")})})
        scope.codes["disease"] = ("胃癌", "stroke")
    if drawn:
        sections["facts"] = mapping(drawn, flow=False)


def _parameters(rng: Random, sections: Sections, scope: Scope) -> None:
    """Bare values, single ones, values by date, and those that the caller gives."""
    drawn: Sections = {}
    for kind, name in NAMED:
        if rng.random() < 0.4:
            drawn[name] = _parameter(rng, kind, scope)
            scope.values[kind].append(name)
    if drawn:
        sections["parameters"] = mapping(drawn, flow=False)


def _parameter(rng: Random, kind: str, scope: Scope) -> Tree:
    value = leaf(
        "true" if kind == "flag" else expression(kind, rng, Scope(()), 0) if kind == "rate" else _constant(rng, kind)
    )
    table = _without(DATED, "from", "to", "published")
    match rng.randrange(5):
        case 0:
            return value
        case 1:
            return record(rng, _without(SINGLE, "from", "to", "published", "replaces"), scope, {"value": value})
        case 2:
            ends = [f for f in DATED if f.name in ("to", "from")][::-1]
            dated = [record(rng, [*table, end], scope, {"value": value, end.name: leaf("2017-01-01")}) for end in ends]
            return listing(dated, flow=False)
        case 3:
            listed = listing([record(rng, table, scope, {"value": value})], flow=False)
            kept = _without(PARAMETER, "type", "low", "high", "replaces", "published", *_seldom(rng))
            return record(rng, kept, scope, {"values": listed})
        case _:
            asked = _without(PARAMETER, "values", "low", "high", "replaces", "dated_by")
            return record(rng, asked, scope, {"type": leaf(kind)})


def _seldom(rng: Random) -> tuple[str, ...]:
    """The day of the fee line chooses now and then only: whatever reads it must stand where there is a line."""
    return ("dated_by",) if rng.random() < 0.8 else ()


def _constant(rng: Random, kind: str) -> str:
    number = rng.randrange(101)
    return {"money": f"{number * 100}元", "rate": f"{number}%", "count": str(number)}[kind]


def _tables(rng: Random, sections: Sections, scope: Scope) -> None:
    """A table by one code; claims with another word have no row."""
    if rng.random() < 0.5:
        return
    key = rng.choice(sorted(scope.codes.keys() - {"disease"}))
    rows = [[word, _constant(rng, "money"), _constant(rng, "rate")] for word in scope.codes[key]]
    given: Sections = {
        "keys": listing([leaf(key)]), "columns": listing([leaf("least"), leaf("share")]),
        "rows": listing((listing(leaf(cell) for cell in row) for row in rows), flow=False),
    }  # fmt: skip
    kept = TABLE if rng.random() < 0.1 else _without(TABLE, "valid", "published", "replaces", *_seldom(rng))
    sections["tables"] = mapping({"base": record(rng, kept, scope, given)}, flow=False)
    scope.values["money"].append("base.least")
    scope.values["rate"].append("base.share")


def _windows(rng: Random, sections: Sections, scope: Scope) -> None:
    form = rng.choice(("kind", "rolling_months", "anchored_days", "reset_after_days_out", "", ""))
    if not form:
        return
    given: Sections = {}
    if form == "kind":
        kind = rng.choice(CALENDAR)
        given["kind"] = leaf(kind)
        if kind == "year" and rng.random() < 0.5:
            given["starts"] = leaf("07-01")
        if kind in PERIODS and rng.random() < 0.5:
            given["back"] = leaf("1")
    table = [field for field in WINDOW if field.name == form or field.name in given]
    sections["windows"] = mapping({"周期": record(rng, table, scope, given, often=1)}, flow=False)
    scope.windows.append("周期")


def _meters(rng: Random, sections: Sections, scope: Scope) -> None:
    """Meters count what the layers leave; their names are known before the layers are."""
    drawn: Sections = {}
    for kind, name, counted in (("money", "paid_so_far", f"{IDS[0]}.paid"), ("count", "stays", "1")):
        if rng.random() < 0.4:
            table = METER if rng.random() < 0.2 else _without(METER, "when", "opening")
            drawn[name] = record(rng, table, scope, {"counts": leaf(counted)})
            scope.meters[kind].append(name)
    if drawn:
        sections["meters"] = mapping(drawn, flow=False)


def _stacks(rng: Random, sections: Sections, scope: Scope) -> None:
    if rng.random() < 0.3:
        sections["stacks"] = mapping({"uplifts": record(rng, STACK, Scope(()), {})}, flow=False)
        scope.stacks.append("uplifts")


def _covers(rng: Random, sections: Sections, scope: Scope) -> None:
    if rng.random() < 0.3:
        when = leaf(expression("flag", rng, Scope(()), 0))
        whole = record(rng, _without(COVER, "replaces"), scope, {"when": when})
        sections["covers"] = rng.choice((when, whole))


def _formulas(rng: Random, sections: Sections, scope: Scope) -> None:
    body = rng.choice(("50% of x", "min(x, 5000元)", "x if registered_poor else 0元"))
    given: Sections = {"of": leaf("x"), "is": leaf(body)}
    if scope.formulas:
        sections["formulas"] = mapping({f: record(rng, FORMULA, scope, given) for f in scope.formulas}, flow=False)


# -- layers and provisions ---------------------------------------------------------------------------------------------


def _law(rng: Random, sections: Sections, scope: Scope) -> None:
    """Layers with their clauses; then what stands free. What acts earlier can be read by what acts later."""
    if rng.random() < 0.3:
        scope.formulas.append("half")
    said = [_provision(rng, m, scope, {}) for m in ALL if m.place in ("row", "case") and rng.random() < 0.5]
    layers: list[Tree] = []
    for name in IDS[: rng.randint(1, 3)]:
        layers.append(_layer(rng, name, scope))
        clauses = [m for m in ALL if m.place == "layer" and rng.random() < 0.3]
        said += [_provision(rng, m, scope, {"layer": leaf(name)}) for m in clauses]
        scope.layers.append(name)
    said += [_provision(rng, m, scope, {}) for m in ALL if m.place == "free" and rng.random() < 0.4]
    sections["layers"] = listing(layers, flow=False)
    for at, tree in enumerate(said):
        tree.entries[0].value = leaf(f"p{at}")
    if said:
        sections["provisions"] = listing(said, flow=False)


def _layer(rng: Random, name: str, scope: Scope) -> Tree:
    given: Sections = {
        "id": leaf(name), "payer": leaf(rng.choice(scope.funds)), "on": listing([leaf(scope.parts[-1])])
    }  # fmt: skip
    rare = {"valid", "published", "per", "to_date", "base", "less"}
    table = [f for f in layer_fields("CNY") if f.name not in rare or rng.random() < 0.15]
    return record(rng, _without(table, "after", "before"), scope, given)


def _provision(rng: Random, mechanism: Mechanism, scope: Scope, given: Sections) -> Branch:
    """A provision with what its mechanism needs to make sense, and some of what it may say besides."""
    key, row = mechanism.key, mechanism.place == "row"
    bare = ("left",) if row else ("base",) if key in ("set_aside", "pay", "top_up") else ()
    inside = replace(scope, row=row, bare=bare, layers=[] if mechanism.place in ("row", "case") else list(scope.layers))
    known: Sections = {"id": leaf("p"), **given}
    never = {"replaces", "after", "before", "layer", "overrides"} - known.keys()
    if not scope.meters["money"] or mechanism.place != "layer":
        never.add("meter")
    match key:
        case "classify":
            known["to"], never = leaf(rng.choice(scope.parts)), never | {"payer"}
        case "adjust":
            known["adjust"] = leaf(f"p{rng.randrange(6)}")
            kind = rng.choice(("at_most", "scale", "add", "set"))
            known[kind] = leaf(expression("points" if kind == "add" else "rate", rng, Scope(()), 0))
            never |= {"set", "scale", "add", "at_least", "at_most"} - {kind} | (
                {"stack"} if not scope.stacks else set()
            )
        case "split":
            share = rng.randrange(101)
            known["split"] = mapping({"pooled_fund": leaf(f"{share}%"), "other_fund": leaf(f"{100 - share}%")})
            never |= {"when"}
        case "set_aside":
            never |= {"to"}
        case "ceiling":
            never |= {"limits"}
    table = [f for f in provision_fields(mechanism.fields) if f.name not in never]
    table = [f for f in table if f.name not in ("valid", "published") or rng.random() < 0.1]
    tree = record(rng, table, inside, known)
    by_meter = any(entry.key == key and isinstance(entry.value, Branch) for entry in tree.entries)
    tree.entries = [entry for entry in tree.entries if entry.key != "meter" or not by_meter]
    return tree
