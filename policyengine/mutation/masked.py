"""Steps that a slip changes and that come to the same all the same: where they would part, no claim can be.

For every step the conditions are kept under which it may come out differently, as goals that the solver can refute: the
two sides of a condition, the rows of a table in which something changed, the steps that it rests on. What no claim can
meet is dropped at once, so that a change behind a condition that excludes it is followed no further.
"""

from __future__ import annotations

from collections.abc import Iterator

from policyengine import ir
from policyengine.analysis import Goal, row_goal
from policyengine.check.view import View

Goals = tuple[Goal, ...]
MOST = 40
"""Ways in which one step may part, beyond which it is not looked into."""
ANYHOW: tuple[Goals, ...] = ((),)


class Unproved(Exception):
    """Whether a claim is refused may differ: nothing is proved of any step."""


def unmoved(before: ir.Program, after: ir.Program) -> frozenset[str]:
    """The steps of a program of which it is proved that they come to the same under a mutant of it."""
    if before.run is not None or before.inputs != after.inputs or before.meters != after.meters:
        return frozenset()
    try:
        return frozenset(name for name, ways in Parting(before, after).found().items() if not ways)
    except Unproved:
        return frozenset()


class Parting:
    """Under what the steps of a program and of its mutant part: nothing for a step that never does."""

    def __init__(self, before: ir.Program, after: ir.Program) -> None:
        self.view = View(before)
        self.before, self.steps = before, {step.name: step.expr for step in after.steps}
        self.tables = {table.name: table for table in after.tables}
        self.ways: dict[str, tuple[Goals, ...]] = {}
        covers = before.covers
        self.always: Goals = ((ir.Ref(covers, "flag"), True),) if covers else ()

    def found(self) -> dict[str, tuple[Goals, ...]]:
        """Raises ``Unproved``."""
        for step in self.before.steps:
            other = self.steps.get(step.name)
            if step.name == self.before.covers:
                self.always = ()
            self.ways[step.name] = ANYHOW if other is None else self._kept(self._apart(step.expr, other, ()))
            if step.name == self.before.covers and self.ways[step.name]:
                raise Unproved
        return self.ways

    def _kept(self, ways: Iterator[Goals]) -> tuple[Goals, ...]:
        """The ways that some claim may take."""
        kept: dict[Goals, None] = {}
        for way in ways:
            if way not in kept and self.view.solver.together(*way, *self.always) is not None:
                kept[way] = None
            if not way or len(kept) > MOST:
                return ANYHOW
        return tuple(kept)

    def _moves(self, expr: ir.Expr) -> bool:
        """Whether anything in an expression of the mutant may come out differently."""
        return any(isinstance(e, ir.Ref) and self.ways.get(e.step, ANYHOW) for e in ir.walk(expr)) or any(
            isinstance(e, ir.Lookup) and self.tables.get(e.table) != self.view.names.tables.get(e.table)
            for e in ir.walk(expr)
        )

    def _apart(self, one: ir.Expr, two: ir.Expr, path: Goals) -> Iterator[Goals]:
        """Ways in which ``two``, of the mutant, may differ from ``one``; they cover all."""
        still = not self._moves(two)
        if one == two and still:
            return
        match one, two:
            case ir.Ref(), ir.Ref() if one == two:
                yield from ((*path, *way) for way in self.ways[one.step])
            case ir.Lookup(), ir.Lookup():
                yield from self._cells(one, two, path)
            case ir.If(), ir.If():
                yield from self._apart(one.cond, two.cond, path)
                yield from self._apart(one.then, two.then, (*path, (one.cond, True)))
                yield from self._apart(one.other, two.other, (*path, (one.cond, False)))
            case ir.If(), _:
                yield from self._apart(one.then, two, (*path, (one.cond, True)))
                yield from self._apart(one.other, two, (*path, (one.cond, False)))
            case _, ir.If() if not self._moves(two.cond):
                yield from self._apart(one, two.then, (*path, (two.cond, True)))
                yield from self._apart(one, two.other, (*path, (two.cond, False)))
            case _ if one.kind == two.kind == "flag" and still:
                yield (*path, (ir.either(ir.both(one, ir.negated(two)), ir.both(ir.negated(one), two)), True))
            case ir.Logic(), ir.Logic() if _alike(one, two):
                yield from self._parts(one, two, path)
            case ir.Sum(), ir.Sum():
                inside = self._kept(self._apart(one.of, two.of, path))
                yield from (tuple(goal for goal in way if _of_claim(goal)) for way in inside)
            case _ if _alike(one, two):
                for inner, other in zip(ir.children(one), ir.children(two), strict=True):
                    yield from self._apart(inner, other, path)
            case _:
                yield path

    def _parts(self, one: ir.Logic, two: ir.Logic, path: Goals) -> Iterator[Goals]:
        """A condition among others counts only where those that stay leave it open."""
        pairs = list(zip(one.args, two.args, strict=True))
        stays = [arg for arg, other in pairs if arg == other and not self._moves(other)]
        left_open = tuple((arg, one.op == "and") for arg in stays) if one.op != "not" else ()
        for arg, other in pairs:
            yield from self._apart(arg, other, (*path, *left_open))

    def _cells(self, one: ir.Lookup, two: ir.Lookup, path: Goals) -> Iterator[Goals]:
        """The rows in which something changed. Raises ``Unproved`` where a row may be missing from one of the two."""
        table, other = self.view.names.tables[one.table], self.tables.get(two.table)
        if other is None or one.keys != two.keys or one.column != two.column or one.table != two.table:
            raise Unproved
        if any(self._moves(key) for key in two.keys):
            raise Unproved
        rows = list(zip(table.patterns, table.column(one.column).values, strict=True))
        others = list(zip(other.patterns, other.column(two.column).values, strict=True))
        for mine, theirs, whole, lookup in ((rows, others, table, one), (others, rows, other, two)):
            patterns = {repr(pattern) for pattern, _ in theirs}
            for at, row in enumerate(mine):
                if row in theirs:
                    continue
                way = (*path, row_goal(whole, lookup, at))
                if repr(row[0]) not in patterns and self.view.solver.together(*way, *self.always) is not None:
                    raise Unproved
                yield way


def _alike(one: ir.Expr, two: ir.Expr) -> bool:
    """Whether two expressions differ in nothing but what is inside them."""
    inside = ir.children(one)
    if type(one) is not type(two) or not inside or len(inside) != len(ir.children(two)):
        return False
    return ir.rebuilt(two, inside) == one


def _of_claim(goal: Goal) -> bool:
    """Whether a goal is of the claim: what holds of one fee line says nothing of another."""
    return isinstance(goal, tuple) and goal[0].domain == "claim"
