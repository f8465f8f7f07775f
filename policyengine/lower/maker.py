"""The workbench of lowering: steps are made here, names resolved, slots adjusted, guards remembered."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from policyengine import expressions as ast
from policyengine import ir
from policyengine.errors import Span
from policyengine.lower.adjust import adjusted
from policyengine.lower.meters import Meters
from policyengine.lower.scope import Names, NoValueYet
from policyengine.mechanisms.base import Provision
from policyengine.resolve import fault, resolve, unknown_name
from policyengine.ruleset import Ruleset, holds
from policyengine.shapes import Word


class Workbench:
    """Everything that the lowering of one rule file at one date shares. Implements ``mechanisms.base.Maker``."""

    def __init__(self, ruleset: Ruleset, day: datetime.date | None) -> None:
        self.ruleset, self.day = ruleset, day
        self.rounding = ruleset.rounding
        self.names = Names(ruleset, day, self._lazy)
        self.names.calls = self._call
        self.steps: dict[str, ir.Step] = {}
        self.amounts: dict[str, ir.Expr] = {}
        self.unpaid: dict[str, ir.Expr] = {}
        self.layer_on: ir.Expr = ir.TRUE
        self.guards: dict[tuple[str, ir.Expr], ir.Expr] = {}
        self.guard_names: dict[str, str] = {}
        self.never: dict[tuple[str, ir.Expr], str] = {}
        self.provisions = tuple(p for p in ruleset.provisions if holds(p.valid, day))
        self.defines = {p.id.text: p for p in self.provisions if p.mechanism == "define"}
        self.meters = Meters(self)

    # -- steps -------------------------------------------------------------------------------------------------------

    def step(self, name: str, expr: ir.Expr, of: Provision | None = None, **marks: Any) -> ir.Expr:
        """A named step. Constants and plain references that nobody needs to see stay what they are.

        What the names in its expression cite and assume is told with the step that they were looked up for.
        """
        if of is None and "cites" in marks:
            marks = {**marks, **self._gathered(marks["cites"], marks.get("assumed", ()))}
        if of is None and not marks.get("shown") and isinstance(expr, ir.Lit | ir.Ref):
            return expr
        if of is not None:
            marks = {**self._evidence(of), **marks}
        assert name not in self.steps or self.steps[name].expr == expr, f"two steps are called {name}"
        self.steps.setdefault(name, ir.Step(name, expr, **marks))
        return ir.Ref(name, expr.kind, expr.domain)

    def _evidence(self, provision: Provision) -> dict[str, Any]:
        return {
            **self._gathered(provision.cites, provision.assumed),
            "label": provision.label,
            "span": provision.span,
            "guard": self.guard_names.get(provision.id.text, ""),
        }

    def _gathered(self, cites: tuple[ir.Citation, ...], assumed: tuple[str, ...]) -> dict[str, Any]:
        """The given evidence with that of the names looked up since the last step that has evidence."""
        names = self.names
        found = (*cites, *names.cited), (*assumed, *sorted(names.rests_on))
        names.cited, names.rests_on = [], set()
        return {"cites": tuple(dict.fromkeys(found[0])), "assumed": tuple(dict.fromkeys(found[1]))}

    # -- values ------------------------------------------------------------------------------------------------------

    def amount(self, node: ast.Node, *kinds: ir.Kind, row: bool = False) -> ir.Expr:
        try:
            expr = resolve(node, self.names, *(kinds or ("money", "exact")))
        except NoValueYet as missing:
            raise self._hole(missing) from None
        if expr.domain == "row" and not row:
            message = "a value of a fee line stands where one of the whole claim is needed"
            raise fault("E344", message, node.span, "a fact of the claim, or `sum(…)` over the lines")
        return expr

    def _hole(self, missing: NoValueYet) -> Exception:
        day = f"on {self.day}" if self.day else "before its first date"
        message = f"`{missing.name}` has no value {day}, where the rule file holds"
        return fault("E343", message, missing.span, hint="add a dated value, or limit `valid:` of the rule file")

    def guard(self, provision: Provision) -> ir.Expr:
        key = (provision.id.text, self.layer_on)
        if key not in self.guards:
            own = ir.TRUE if provision.when is None else self.amount(provision.when, "flag", row=True)
            applies = ir.both(self.layer_on, own)
            name = f"{provision.id}.applies"
            if name in self.steps and self.steps[name].expr != applies:
                name = f"{provision.id}.applies.{sum(k[0] == provision.id.text for k in self.guards) + 1}"
            self.guards[key] = self.step(name, applies)
            if applies == ir.FALSE:
                self.steps[name] = ir.Step(name, applies)
                self.never[key] = name
        found = self.guards[key]
        self.guard_names[provision.id.text] = found.step if isinstance(found, ir.Ref) else self.never.get(key, "")
        return found

    def slot(self, provision: Provision, stated: ir.Expr, key: str = "") -> ir.Expr:
        name = f"{provision.id}.{key}" if key else provision.id.text
        if name not in self.amounts:
            outer = self.layer_on
            if len(provision.layers) > 1:
                self.layer_on = ir.TRUE
            self.amounts[name] = adjusted(self, provision, stated, name)
            self.layer_on = outer
        return self.amounts[name]

    def bare(self, bindings: Mapping[str, ir.Expr]) -> AbstractContextManager[None]:
        return self.names.bare(bindings)

    # -- meters ------------------------------------------------------------------------------------------------------

    def used(self, meter: Word) -> ir.Expr:
        return self.meters.used(meter)

    def counted(self, meter: Word) -> ir.Expr:
        return self.meters.counted(meter)

    # -- names that lowering makes -------------------------------------------------------------------------------------

    def _lazy(self, name: str, span: Span) -> ir.Expr | None:
        if name in self.amounts:
            return self.amounts[name]
        if name in self.defines:
            return self.define(self.defines[name], span)
        if any(p.mechanism == "define" and p.id.text == name for p in self.ruleset.provisions):
            raise NoValueYet(Word(name, span), span)
        head = name.partition(".")[0]
        if any(layer.id.text == head for layer in self.ruleset.layers) and "." in name:
            known = [n for n in self.amounts if n.startswith(f"{head}.")]
            if known:
                raise unknown_name(name, span, known, "amount of the layer")
            message = f"`{name}` is not known here: layers act in order, and `{head}` has not acted yet"
            raise fault("E345", message, span, "an amount of an earlier layer")
        return None

    def define(self, provision: Provision, span: Span | None = None) -> ir.Expr:
        """A ``define`` is lowered when its name is first needed."""
        name = provision.id.text
        if name not in self.amounts:
            outer, self.layer_on = self.layer_on, ir.TRUE
            evidence = (self.names.cited, self.names.rests_on)
            self.names.cited, self.names.rests_on = [], set()
            kinds: tuple[ir.Kind, ...] = ("money", "exact", "rate", "count", "flag", "code")
            node = provision.values["define"]
            value = self.names.once(name, span or provision.id.span, lambda: self.amount(node, *kinds, row=True))
            self.amounts[name] = self.step(name, value, provision, term="defined", shown=True)
            self.names.cited, self.names.rests_on = evidence
            self.layer_on = outer
        return self.amounts[name]

    def _call(self, node: ast.Call) -> ir.Expr | None:
        if node.function not in ("used", "unpaid", "paid"):
            return None
        if len(node.args) != 1 or not isinstance(node.args[0], ast.Name):
            what = "a meter" if node.function == "used" else "a part"
            raise fault("E320", f"`{node.function}` takes the name of {what}", node.span)
        name = Word(node.args[0].text, node.args[0].span)
        if node.function == "used":
            return self.used(name)
        if name.text not in self.unpaid:
            raise unknown_name(name.text, name.span, self.unpaid, "part")
        return self.unpaid[name.text] if node.function == "unpaid" else self.paid_of(name.text)

    def paid_of(self, part: str) -> ir.Expr:
        """What layers have paid of a part so far."""
        gross, unpaid = self.amounts[part], self.unpaid[part]
        return ir.ZERO if unpaid == gross else ir.sub(gross, unpaid)
