"""Whether conditions can hold together: what is found holds, and where nothing is found nothing can be."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Mapping
from random import Random

import pytest

from policyengine import ir
from policyengine.analysis import Solution, Solver, held

FLAGS = tuple(ir.Input(name, "flag") for name in ("poor", "old"))
TIER = ir.Input("tier", "code")
AGE = ir.Input("age", "count")
TIERS = ("village", "county", "city")
TABLE = ir.Table(
    "t",
    ("tier", "age"),
    ((frozenset({"village"}), None), (frozenset({"county", "city"}), ir.Interval(None, 3)),
     (frozenset({"city"}), ir.Interval(3, None))),
    (ir.Column("limit", "count", (1, 4, 2)),),
)  # fmt: skip
COMPARE = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
Known = Mapping[ir.Expr, object]


def program() -> ir.Program:
    inputs = (
        *(ir.InputDecl(flag.name, "flag", default=False) for flag in FLAGS),
        ir.InputDecl("tier", "code", values=TIERS),
        ir.InputDecl("age", "count", low=0, high=6),
    )
    return ir.Program("t", ("", ""), "CNY", "discharge_date", inputs, (TABLE,), (), (), (), (), (), ())


def drawn(rng: Random, depth: int) -> ir.Expr:
    """A condition of random shape."""
    if depth and rng.random() < 0.7:
        parts = tuple(drawn(rng, depth - 1) for _ in range(rng.choice((1, 2, 3))))
        return ir.negated(parts[0]) if len(parts) == 1 else rng.choice((ir.both, ir.either))(*parts)
    choice = rng.randrange(4)
    if choice == 0:
        return rng.choice(FLAGS)
    if choice == 1:
        return ir.compare(rng.choice(("==", "!=")), TIER, ir.code(rng.choice(TIERS)))
    number = ir.count(rng.randrange(7))
    if choice == 2:
        shifted = ir.choose(rng.choice(FLAGS), ir.add(AGE, ir.count(2)), ir.maximum(AGE, number))
        return ir.compare(rng.choice(tuple(COMPARE)), shifted, ir.count(rng.randrange(9)))
    return ir.compare(rng.choice(tuple(COMPARE)), AGE, ir.lookup(TABLE, "limit", (TIER, AGE)))


class NoRow(Exception):
    pass


def value(expr: ir.Expr, known: Known) -> object:
    """The meaning by hand, apart from every back end; every part is looked at, so a missing row is always noticed."""
    match expr:
        case ir.Lit(value=constant):
            return constant
        case ir.Input():
            return known[expr]
        case ir.Logic(op="not", args=(arg,)):
            return not value(arg, known)
        case ir.Logic(op=op, args=args):
            return (all if op == "and" else any)([value(arg, known) for arg in args])
        case ir.Compare(op=op, left=left, right=right):
            return COMPARE[op](value(left, known), value(right, known))
        case ir.If(cond=cond, then=then, other=other):
            return value(then if value(cond, known) else other, known)
        case ir.Add(args=args):
            return sum(value(arg, known) for arg in args)  # type: ignore[misc]
        case ir.Max(args=args):
            return max(value(arg, known) for arg in args)  # type: ignore[type-var]
        case ir.Lookup(keys=keys):
            row = TABLE.row_of(tuple(value(key, known) for key in keys))  # type: ignore[misc]
            if row is None:
                raise NoRow
            return TABLE.column("limit").values[row]
    raise AssertionError(expr)


def worlds() -> list[Known]:
    leaves: tuple[ir.Expr, ...] = (*FLAGS, TIER, AGE)
    choices = [(True, False), (True, False), TIERS, range(7)]
    return [dict(zip(leaves, values, strict=True)) for values in itertools.product(*choices)]


def holds(expr: ir.Expr, known: Known) -> bool:
    try:
        return bool(value(expr, known))
    except NoRow:
        return False


@pytest.mark.parametrize("seed", range(300))
def test_it_agrees_with_trying_every_claim(seed: int) -> None:
    rng = Random(seed)
    conditions = [drawn(rng, 3) for _ in range(rng.choice((1, 2)))]
    solver = Solver(program())
    found = solver.together(*held(*conditions))
    met = [known for known in worlds() if all(holds(c, known) for c in conditions)]
    if found is None:
        assert met == []
    elif found.sure:
        world = next(known for known in worlds() if all(known[leaf] == v for leaf, v in found.values.items()))
        assert _lazily(conditions, world)
    else:
        pytest.fail("nothing here is beyond the solver")


def _lazily(conditions: list[ir.Expr], world: Known) -> bool:
    """A program stops at the first argument that decides, and so may never look for a row that is missing."""
    return all(_lazy(c, world) for c in conditions)


def _lazy(expr: ir.Expr, known: Known) -> bool:
    match expr:
        case ir.Logic(op="not", args=(arg,)):
            return not _lazy(arg, known)
        case ir.Logic(op="and", args=args):
            return all(_lazy(arg, known) for arg in args)
        case ir.Logic(op="or", args=args):
            return any(_lazy(arg, known) for arg in args)
        case _:
            return bool(value(expr, known))


def test_what_cannot_be_looked_into_is_never_certain() -> None:
    bill = ir.Sum(ir.Input("amount", "money", "row"), "money")
    large = ir.compare(">", bill, ir.money(5))
    small = ir.compare("<=", bill, ir.money(5))
    solver = Solver(program())
    assert solver.together(*held(large)) == Solution({}, sure=False)
    assert solver.together(*held(large, small)) is None


def test_a_grade_has_its_level() -> None:
    level, grade = ir.Input("hospital_level", "code"), ir.Input("hospital_grade", "code")
    inputs = (
        ir.InputDecl("hospital_level", "code", values=("tertiary", "secondary")),
        ir.InputDecl("hospital_grade", "code", values=("tertiary_a", "secondary_a", "secondary_b")),
    )
    both = ir.Program("t", ("", ""), "CNY", "discharge_date", inputs, (), (), (), (), (), (), ())
    third = ir.compare("==", level, ir.code("tertiary"))
    solver = Solver(both)
    assert solver.together(*held(third, ir.compare("==", grade, ir.code("secondary_b")))) is None
    found = solver.together(*held(third, ir.compare("!=", grade, ir.code("secondary_b"))))
    assert found == Solution({level: "tertiary", grade: "tertiary_a"}, sure=True)
