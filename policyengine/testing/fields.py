"""Values of fields, drawn by the shapes of the field tables: what is new there is drawn without further ado."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from random import Random
from typing import Any

from policyengine.mechanisms.fund_share import BANDS
from policyengine.parse.evidence import ASSUMPTION
from policyengine.printing.layout import Branch, Entry, Leaf, Tree
from policyengine.shapes import (
    Choice,
    Date,
    Either,
    Expression,
    Field,
    Flag,
    ListOf,
    MapOf,
    Name,
    OneOrMany,
    Record,
    Text,
)  # fmt: skip
from policyengine.testing.expressions import expression
from policyengine.testing.scope import Scope

KINDS = {
    "classify": "flag", "when": "flag", "fund_share": "rate", "split": "rate", "up_to": "rate", "scale": "rate",
    "add_at_most": "points",
}  # fmt: skip
"""Kinds of expressions by key; any other is an amount."""

AWKWARD = (
    "yes", "010", "- a", "a: b", "#no", "it's", '"so"', "a, b", "{x}", "50 %", "null", "~", "@", " ",
    "é\n", "x\ny", "\\",
)  # fmt: skip
WORDS = ("起付线", "the", "ceiling", "of 2016", "is", "read", "as", "binding [I]", "（县级）", "a:", "'so'")
NOTHING = ("anything", "某物")
"""Names of nothing."""

DAYS = ("2015-01-01", "2016-01-01", "2017-06-30", "2018-12-31", "2020-02-29")


def leaf(text: str) -> Leaf:
    return Leaf(text, breaks=" " in text)


def mapping(entries: Mapping[str, Tree], flow: bool = True) -> Branch:
    return Branch([Entry(key, value) for key, value in entries.items()], flow=flow)


def listing(items: Iterable[Tree], flow: bool = True) -> Branch:
    return Branch([Entry(None, item) for item in items], is_list=True, flow=flow)


def record(rng: Random, table: Sequence[Field], scope: Scope, given: Mapping[str, Tree], often: float = 0.3) -> Branch:
    """A mapping with ``given`` entries, all keys that are needed, and some of the others."""
    out: dict[str, Tree] = {}
    for field in table:
        if field.name in given:
            out[field.name] = given[field.name]
        elif field.required or rng.random() < often:
            out[field.name] = value(rng, field.shape, field.name, scope)
    return mapping(out)


def value(rng: Random, shape: Any, name: str, scope: Scope) -> Tree:
    """A value of a field called ``name``."""
    match shape:
        case Choice():
            return leaf(rng.choice(shape.options))
        case Flag():
            return leaf(rng.choice(("yes", "no")))
        case Date():
            return leaf(rng.choice(DAYS))
        case Name():
            return leaf(rng.choice(names(name, scope)))
        case Text():
            return leaf(text(rng))
        case Expression():
            return leaf(expression(KINDS.get(name, "money"), rng, scope))
        case OneOrMany():
            found = [value(rng, shape.of, name, scope) for _ in range(rng.choice((1, 1, 2)))]
            return found[0] if len(found) == 1 else listing(_distinct(found))
        case ListOf():
            return listing(_distinct([value(rng, shape.of, name, scope) for _ in range(rng.randint(1, 2))]))
        case MapOf():
            keys = names(name, scope)
            chosen = rng.sample(keys, min(len(keys), rng.randint(1, 2)))
            return mapping({key: value(rng, shape.of, name, scope) for key in chosen})
        case Either():
            forms = [form for form in (shape.mapping, shape.single, shape.listing) if form is not None]
            forms = [form for form in forms if not isinstance(form, MapOf) or names(name, scope) != NOTHING] or forms
            return value(rng, rng.choice(forms), name, scope)
        case Record():
            drawn = record(rng, shape.fields, scope, {})
            if drawn.entries:
                return drawn
            one = rng.choice(shape.fields)
            return mapping({one.name: value(rng, one.shape, one.name, scope)})
    made = BY_KEY.get(name) or BY_SHAPE.get(type(shape).__name__)
    assert made is not None, f"say in `BY_SHAPE` how a {type(shape).__name__} is drawn, for the key `{name}`"
    return made(rng, scope)


def _distinct(found: list[Tree]) -> list[Tree]:
    return list({str(item): item for item in found}.values())


def names(name: str, scope: Scope) -> Sequence[str]:
    """Names that may stand under a key."""
    money = scope.meters["money"]
    pools: dict[str, Sequence[str]] = {
        "to": scope.parts, "of": scope.parts[-1:], "on": scope.parts, "payer": scope.funds, "overrun": ("hospital",),
        "meter": money, "deductible": money, "ceiling": money, "own_cost_cap": money, "once": scope.windows,
        "to_date": scope.windows, "in": scope.windows, "stack": scope.stacks, "split": scope.funds,
        "at_discharge": scope.funds, "per": ("person_id", "household_id"), "label": ("zh", "en"),
        "aspect": ("from", "whom", "范围"), "why": ("zh", "en"), "cite": ("law", "notice"),
    }  # fmt: skip
    return pools.get(name) or NOTHING


def text(rng: Random) -> str:
    """What people write: words, 中文, and everything that YAML could stumble over."""
    match rng.randrange(3):
        case 0:
            return " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, 40)))
        case 1:
            return rng.choice(AWKWARD)
        case _:
            return "".join(chr(rng.choice((rng.randrange(33, 127), rng.randrange(0x4E00, 0x9FA5)))) for _ in range(8))


def _share(rng: Random, scope: Scope) -> Tree:
    """A share, shares by part, or bands with rising edges."""
    match rng.randrange(4):
        case 0:
            return mapping({part: leaf(expression("rate", rng, scope, 1)) for part in scope.parts[-1:]})
        case 1:
            edges = sorted(rng.sample(range(50), rng.randint(1, 3)))
            bands = [[f"{edge * 1000}元", expression("rate", rng, scope, 0)] for edge in edges]
            listed = listing(listing(leaf(cell) for cell in band) for band in bands)
            return record(rng, BANDS.fields, scope, {"bands": listed})
        case _:
            return leaf(expression("rate", rng, scope))


def rounding(rng: Random, _scope: Scope) -> Leaf:
    mode = rng.choice(("half_up", "half_even", "half_down", "up", "down"))
    return leaf(mode + rng.choice((" 0.01元", " 1元", " 0.1元", "")))


def period(rng: Random, _scope: Scope) -> Tree:
    start, end = sorted(rng.sample(DAYS, 2))
    kept = rng.choice((("from", "to"), ("from",), ("to",)))
    return mapping({key: leaf(day) for key, day in (("from", start), ("to", end)) if key in kept})


def _code(rng: Random, _scope: Scope) -> Tree:
    return leaf(rng.choice(("Q0101", "5110", "某码")))


def _length(rng: Random, _scope: Scope) -> Tree:
    return leaf(str(rng.randint(1, 36)))


def _grade(rng: Random, _scope: Scope) -> Tree:
    return leaf(rng.choice(("I", "C", "A/M")))


def _assumed(rng: Random, scope: Scope) -> Tree:
    """In short, by aspect, in full, or a list of these."""
    match rng.randrange(4):
        case 0:
            return mapping({"from": leaf(text(rng)), "范围": leaf(f"{text(rng)} [B]")})
        case 1:
            return record(rng, ASSUMPTION, scope, {})
        case 2:
            return listing([leaf(text(rng)), record(rng, ASSUMPTION, scope, {})], flow=False)
        case _:
            return leaf(text(rng))


Made = Callable[[Random, Scope], Tree]


def _acts(rng: Random, _scope: Scope) -> Tree:
    return leaf(rng.choice(("claim", "row")))


BY_SHAPE: dict[str, Made] = {
    "_Share": _share,
    "Rounding": rounding,
    "Assumed": _assumed,
    "Grade": _grade,
    "Acts": _acts,
}
"""Shapes that are no plain ones, by the name of their class."""

LENGTHS = (
    "years", "months", "days", "anchored_months", "anchored_days", "rolling_months", "rolling_days",
    "reset_after_days_out",
)  # fmt: skip
BY_KEY: dict[str, Made] = {"valid": period, "round": rounding, "opening": _code, **dict.fromkeys(LENGTHS, _length)}
"""Fields that read their value by a function of their own, by key."""
