"""Fee lines: a ``classify`` for which earlier ones leave nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policyengine import ir
from policyengine.check.view import View, Views
from policyengine.errors import Diagnostic
from policyengine.mechanisms.base import Provision
from policyengine.ruleset import Ruleset


def matching(view: View, provision: Provision) -> ir.Expr | None:
    """Which lines a ``classify`` takes from; ``None`` if the program does not have it."""
    stated = view.step(f"{provision.id}.stated")
    if view.step(f"{provision.id}.taken") is None:
        return None
    match stated if stated is not None else view.step(provision.id.text):
        case ir.If(cond=cond, other=ir.Lit(value=0)):
            return cond
        case ir.Lit(value=0):
            return ir.FALSE
        case _:
            return ir.TRUE


def nothing_left(ruleset: Ruleset, views: Views) -> Iterator[Diagnostic]:
    """W418: every line that a ``classify`` looks at has been taken whole by earlier ones."""
    adjusted = {p.values["adjust"].text for p in ruleset.provisions if p.mechanism == "adjust"}
    whole: list[Provision] = []
    for provision in (p for p in ruleset.provisions if p.mechanism == "classify"):
        takers = [_takers(view, provision, whole) for view in views if matching(view, provision) is not None]
        if takers and all(takers):
            message = f"nothing is left for `{provision.id}`: what it looks at has been taken whole"
            related = tuple((f"`{p.id}` takes it", p.id.span) for p in takers[0])
            yield Diagnostic("W418", message, provision.id.span, severity="warning", related=related)
        if "take" not in provision.values and provision.id.text not in adjusted:
            whole.append(provision)


def _takers(view: View, provision: Provision, earlier: Sequence[Provision]) -> list[Provision]:
    """The earlier provisions that together take every line; none if some line is left, or nothing matches at all."""
    own = matching(view, provision)
    assert own is not None
    known = [(p, m) for p in earlier if (m := matching(view, p)) is not None]
    if not known or view.solver.together((own, True)) is None:
        return []
    if view.solver.together((own, True), *((m, False) for _, m in known)) is not None:
        return []
    return [p for p, m in known if view.solver.together((own, True), (m, True)) is not None]
