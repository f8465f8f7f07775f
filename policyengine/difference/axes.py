"""The facts that two programs read, each with the values that can make a difference to either of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from policyengine import ir
from policyengine.analysis import AMOUNT, OTHER, input_range, input_words
from policyengine.encode import typed_parameters
from policyengine.generate import Domain
from policyengine.money import MAX_MINOR, RATE_GRID, exponent_of
from policyengine.questions.options import Option, options_of

TOTAL: Final = "total_charge"
LEVEL, GRADE = "hospital_level", "hospital_grade"
MOST_NUMBERS: Final = 40
"""Values of a number that are looked at; of more edges, these are taken evenly."""
PREFERRED: Final = ("treatment", "resident", "inpatient", "county", "a", "secondary_a", "secondary")
"""Words of codes that are taken where any will do and the rule file names none."""
RATES: Final = (0, 50_000, 100_000, 300_000, 1_000_000)
Key = tuple[ir.Domain, str]


@dataclass(frozen=True, slots=True)
class Axis:
    """A fact that one or both programs read. ``options``: values as integers, the plain one first: a code as a position
    in ``words``, a flag as 0 or 1, a rate in millionths. ``finite``: whether no other value can make a difference."""

    key: Key
    kind: ir.Kind
    decls: tuple[ir.InputDecl | None, ir.InputDecl | None]
    options: tuple[int, ...]
    words: tuple[str, ...] = ()
    finite: bool = True

    @property
    def name(self) -> str:
        return self.key[1]

    @property
    def decl(self) -> ir.InputDecl:
        """The declaration in the second program, or the first."""
        found = self.decls[1] or self.decls[0]
        assert found is not None
        return found

    def value(self, option: int) -> ir.Value:
        """The value as the programs read it."""
        match self.kind:
            case "flag":
                return bool(option)
            case "code":
                return self.words[option]
            case "rate":
                return Fraction(option, RATE_GRID)
            case _:
                return option

    def option(self, value: ir.Value) -> int:
        """The value as an integer."""
        if self.kind == "code":
            return self.words.index(str(value))
        return int(Fraction(value) * (RATE_GRID if self.kind == "rate" else 1))


def amount_key(program: ir.Program) -> Key:
    """The amount of a fee line; of a run, what a row is about."""
    name = program.run.bill if program.run is not None and program.run.bill else AMOUNT
    return ("row", name)


def axes_of(old: ir.Program, new: ir.Program) -> tuple[Axis, ...]:
    """An axis for every fact that either reads, without the amount of the line and the total that follows from it, and
    without a level of the hospital that follows from its grade."""
    programs = (old, new)
    options = [options_of(program) for program in programs]
    numbers = _numbers(programs)
    decls = [{(d.domain, d.name): d for d in program.inputs} for program in programs]
    amounts = {amount_key(program) for program in programs}
    keys: list[Key] = [k for k in dict.fromkeys((*decls[0], *decls[1])) if k not in amounts and k[1] != TOTAL]
    if ("claim", GRADE) in keys and ("claim", LEVEL) in keys:
        keys.remove(("claim", LEVEL))
    merged = [_merged(programs[at], decls[at]) for at in (0, 1)]
    return tuple(_axis(k, (decls[0].get(k), decls[1].get(k)), options, numbers, merged) for k in keys)


def fixed(axes: Iterable[Axis], programs: Sequence[ir.Program], parameters: Mapping[str, object]) -> tuple[Axis, ...]:
    """The axes with one value for each parameter that is given. Raises ``ClaimError`` for what is wrong with them."""
    known: dict[str, ir.Value] = {}
    for program in programs:
        own = {d.name.removeprefix("parameter.") for d in program.inputs if d.name.startswith("parameter.")}
        mine = {name: value for name, value in parameters.items() if name in own}
        known |= typed_parameters(program, mine, exponent_of(program.currency))
    if unknown := {name: value for name, value in parameters.items() if name not in known}:
        typed_parameters(programs[-1], unknown, exponent_of(programs[-1].currency))
    names = {f"parameter.{name}": value for name, value in known.items()}
    return tuple(replace(a, options=(a.option(names[a.name]),)) if a.name in names else a for a in axes)


def _axis(
    key: Key, decls: tuple[ir.InputDecl | None, ir.InputDecl | None], options: list[Mapping[Key, tuple[Option, ...]]],
    numbers: Mapping[str, tuple[int, ...]], merged: list[Mapping[Key, tuple[frozenset[str], ...]]],
) -> Axis:  # fmt: skip
    known = [d for d in decls if d is not None]
    kind, default = known[0].kind, next((d.default for d in known if d.default is not None), None)
    if kind == "flag":
        first = bool(default)
        return Axis(key, kind, decls, (int(first), int(not first)))
    if kind == "code":
        words = tuple(dict.fromkeys(word for d in known for word in input_words(d)))
        sets = [s for of in merged for s in of.get(key, ())]
        return Axis(key, kind, decls, tuple(_told_apart(words, sets, default)), words)
    if kind == "rate":
        return Axis(
            key, kind, decls, tuple(dict.fromkeys((_plain(known[0], default, RATE_GRID), *RATES))), finite=False
        )
    starts = {int(o.value) for of in options for o in of.get(key, ())}
    plain = _plain(known[0], default, 1)
    if starts and all(key in of for of, d in zip(options, decls, strict=True) if d is not None):
        return Axis(key, kind, decls, tuple(dict.fromkeys((plain, *_few(sorted(starts))))))
    low, high = (int(bound) for bound in input_range(known[0]))
    near = {n + by for n in numbers[kind] for by in (-1, 0, 1)} | {0, 1, 2}
    return Axis(key, kind, decls, tuple(dict.fromkeys((plain, *_few(sorted(n for n in near if low <= n <= high))))),
                finite=False)  # fmt: skip


def _plain(decl: ir.InputDecl, default: ir.Value | None, grid: int) -> int:
    """The value of a fact of which nobody thinks: its default, else the least."""
    low, _ = input_range(decl)
    return int(Fraction(default if default is not None else low) * grid)


def _few(values: list[int]) -> list[int]:
    step = -(-len(values) // MOST_NUMBERS)
    return values[::step] if values else []


def _numbers(programs: Iterable[ir.Program]) -> Mapping[str, tuple[int, ...]]:
    domains = [Domain.of(program) for program in programs]
    money = sorted({n for d in domains for n in d.amounts if n <= MAX_MINOR})
    return {"money": tuple(money), "count": tuple(sorted({n for d in domains for n in d.counts}))}


def _told_apart(words: tuple[str, ...], sets: Iterable[frozenset[str]], default: ir.Value | None) -> Iterator[int]:
    """One word of all those that every comparison and table takes alike, the default and the first words first."""
    seen: set[tuple[bool, ...]] = set()
    told = list(dict.fromkeys(sets))
    order = sorted(range(len(words)), key=lambda at: _rank(words[at], default))
    for at in order:
        like = tuple(words[at] in of for of in told)
        if like not in seen:
            seen.add(like)
            yield at


def _rank(word: str, default: ir.Value | None) -> tuple[bool, int, bool]:
    rank = PREFERRED.index(word) if word in PREFERRED else len(PREFERRED)
    return word != default, rank, word != OTHER


def _merged(program: ir.Program, decls: Mapping[Key, ir.InputDecl]) -> Mapping[Key, tuple[frozenset[str], ...]]:
    """The sets of words that the program tells from the rest, by code."""
    found: dict[Key, list[frozenset[str]]] = {}
    tables = {t.name: t for t in program.tables}
    for step in program.steps:
        for key, words in _sets(step.expr, tables, decls):
            found.setdefault(key, []).append(words)
    return {key: tuple(dict.fromkeys(sets)) for key, sets in found.items()}


def _sets(
    expr: ir.Expr, tables: Mapping[str, ir.Table], decls: Mapping[Key, ir.InputDecl]
) -> Iterator[tuple[Key, frozenset[str]]]:
    match expr:
        case ir.Logic(op="or", args=args) if (one := _alternatives(args)) is not None:
            yield one
            return
        case ir.Compare(left=ir.Input() as fact, right=ir.Lit(value=str(word))):
            yield (fact.domain, fact.name), frozenset([word])
            return
        case ir.Lookup(table=table, keys=keys):
            for at, key in enumerate(keys):
                if isinstance(key, ir.Input) and key.kind == "code":
                    cells = (row[at] for row in tables[table].patterns)
                    yield from (((key.domain, key.name), frozenset(map(str, c))) for c in cells
                                if isinstance(c, frozenset))  # fmt: skip
                else:
                    yield from _sets(key, tables, decls)
            return
        case ir.Input(kind="code"):
            yield from (((expr.domain, expr.name), frozenset([w])) for w in decls[expr.domain, expr.name].values)
            return
    for child in ir.children(expr):
        yield from _sets(child, tables, decls)


def _alternatives(args: tuple[ir.Expr, ...]) -> tuple[Key, frozenset[str]] | None:
    """``x == a or x == b`` as one set of words."""
    pairs = [(a.left, a.right) for a in args if isinstance(a, ir.Compare) and a.op == "=="]
    leaves = {left for left, _ in pairs}
    words = [right.value for _, right in pairs if isinstance(right, ir.Lit) and isinstance(right.value, str)]
    if len(words) != len(args) or len(leaves) != 1:
        return None
    leaf = leaves.pop()
    return ((leaf.domain, leaf.name), frozenset(words)) if isinstance(leaf, ir.Input) else None
