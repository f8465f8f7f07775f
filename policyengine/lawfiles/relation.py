"""What must hold between amounts, as an expression of the IR; a tolerance loosens what it compares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext

from policyengine import expressions as ast
from policyengine import ir
from policyengine.backends.evaluate import Claim, worth
from policyengine.errors import Span
from policyengine.lawfiles.model import Exact, Law
from policyengine.resolve import fault, resolve

AMOUNTS = ("money", "exact")


class Operands:
    """The scope in which the relation is resolved: the names of its operands, and nothing else."""

    def __init__(self, kinds: Mapping[str, ir.Kind], currency: str, rounding: tuple[str, int]) -> None:
        self.kinds, self.currency, self.rounding = kinds, currency, rounding

    def find(self, name: str, span: Span) -> ir.Expr | None:  # noqa: ARG002  -- the protocol of a scope
        return ir.Input(name, self.kinds[name]) if name in self.kinds else None

    def call(self, node: ast.Call) -> ir.Expr | None:  # noqa: ARG002
        return None

    def rows(self) -> AbstractContextManager[None]:
        return nullcontext()

    def words(self, expr: ir.Expr) -> Mapping[str, str] | None:  # noqa: ARG002
        return None

    def known(self) -> Iterable[str]:
        return self.kinds


def relation_of(law: Law, node: ast.Node, scope: Operands) -> ir.Expr:
    """What must hold of the operands, loosened by the law's tolerance. Raises ``RuleError``."""
    return loosened(law, resolve(node, scope, "flag"))


def loosened(law: Law, expr: ir.Expr) -> ir.Expr:
    """``expr`` with the comparisons of amounts that it joins loosened. Raises ``RuleError`` if it compares none."""
    if not law.tolerance:
        return expr
    found = _looser(expr, ir.money(law.tolerance))
    if found == expr:
        raise fault("E799", "`holds` compares no amounts that a tolerance could loosen", law.holds.span)
    return found


def _looser(expr: ir.Expr, by: ir.Expr) -> ir.Expr:
    """Never inside of ``not``: there it would make the law stricter."""
    match expr:
        case ir.Logic(op="and" | "or"):
            return ir.rebuilt(expr, tuple(_looser(arg, by) for arg in expr.args))
        case ir.If(kind="flag"):
            return ir.rebuilt(expr, (expr.cond, _looser(expr.then, by), _looser(expr.other, by)))
        case ir.Compare(op="<" | "<=", left=left, right=right) if left.kind in AMOUNTS:
            return ir.compare(expr.op, left, ir.add(right, by))
        case ir.Compare(op=">" | ">=", left=left, right=right) if left.kind in AMOUNTS:
            return ir.compare(expr.op, ir.add(left, by), right)
        case ir.Compare(op="==", left=left, right=right) if left.kind in AMOUNTS:
            return ir.both(ir.compare("<=", left, ir.add(right, by)), ir.compare("<=", right, ir.add(left, by)))
        case _:
            return expr


def holds(relation: ir.Expr, values: Mapping[str, Exact]) -> bool:
    """Whether the relation holds of these values."""
    return bool(worth(relation, Claim({}, values, (), {})))
