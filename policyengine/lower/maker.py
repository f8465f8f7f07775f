"""The workbench of lowering: steps are made here, names resolved, slots adjusted, guards remembered."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from typing import Any

from policyengine import expressions as ast
from policyengine import ir
from policyengine.analysis import Names as Known
from policyengine.errors import Span
from policyengine.lower.adjust import adjusted, slots_of
from policyengine.lower.ledger import Ledger
from policyengine.lower.meters import FIRST, VISITS, Meters
from policyengine.lower.scope import Names, NoValueYet
from policyengine.lower.tables import Built
from policyengine.mechanisms.base import Provision
from policyengine.resolve import fault, resolve, unknown_name
from policyengine.ruleset import Ruleset, in_force
from policyengine.shapes import Word


class Workbench:
    """Everything that the lowering of one rule file at one date shares. Implements ``mechanisms.base.Maker``.

    ``here`` is the ledger at work, that of the ``claim`` or that of its ``lines``: it says what the amount of a layer,
    or what is unpaid of a part, means to an expression.
    """

    def __init__(self, ruleset: Ruleset, day: datetime.date | None, built: Built) -> None:
        self.ruleset, self.day = ruleset, day
        self.rounding, self.currency = ruleset.rounding, ruleset.currency
        self.claim, self.lines = Ledger("claim"), Ledger("row")
        self.here = self.claim
        self.names = Names(ruleset, day, self._lazy)
        self.names.calls, self.names.built = self._call, built
        self.names.rows = lambda: self.at(self.lines)
        self.steps: dict[str, ir.Step] = {}
        self.layer = ""
        self.margins: list[tuple[str, str]] = []
        self.layer_on: ir.Expr = ir.TRUE
        self.guards: dict[tuple[str, ir.Expr], ir.Expr] = {}
        self.guard_names: dict[str, str] = {}
        self.never: dict[tuple[str, ir.Expr], str] = {}
        self.provisions = in_force(ruleset.provisions, day)
        self.defines = {p.id.text: p for p in self.provisions if p.mechanism == "define"}
        self.changes: dict[str, list[Provision]] = {}
        for change in (p for p in self.provisions if p.mechanism == "adjust"):
            self.changes.setdefault(change.values["adjust"].text, []).append(change)
        self.meters = Meters(self)

    @cached_property
    def slots(self) -> Mapping[str, None]:
        """Everything that an adjustment can name, in the order of the rule file."""
        provisions = self.ruleset.provisions
        several = (slot for p in provisions for slot in slots_of(p))
        layers = (f"{x.id}.payable" for x in self.ruleset.layers)
        return dict.fromkeys([*(p.id.text for p in provisions), *layers, *several])

    @property
    def known(self) -> Known:
        """The declarations and the steps so far, as the analysis of programs takes them."""
        inputs: dict[tuple[str, str], ir.InputDecl] = {(d.domain, d.name): d for d in self.names.inputs.values()}
        return Known(inputs, {}, self.names.tables, self.steps)

    @property
    def amounts(self) -> dict[str, ir.Expr]:
        return self.here.amounts

    @property
    def unpaid(self) -> dict[str, ir.Expr]:
        return self.here.unpaid

    @contextmanager
    def at(self, ledger: Ledger) -> Iterator[None]:
        """Inside, names mean what they mean in that ledger."""
        outer, self.here = self.here, ledger
        self.names.domain = ledger.domain
        try:
            yield
        finally:
            self.here = outer
            self.names.domain = outer.domain

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

    def _gathered(self, cites: tuple[ir.Citation, ...], assumed: tuple[ir.Assumption, ...]) -> dict[str, Any]:
        """The given evidence with that of the names looked up since the last step that has evidence."""
        names = self.names
        found = (*cites, *names.cited), (*assumed, *sorted(names.rests_on, key=str))
        names.cited, names.rests_on = [], set()
        return {"cites": tuple(dict.fromkeys(found[0])), "assumed": tuple(dict.fromkeys(found[1]))}

    # -- values ------------------------------------------------------------------------------------------------------

    def amount(self, node: ast.Node, *kinds: ir.Kind, row: bool = False) -> ir.Expr:
        if not self.names.open_names:
            self.names.resolved = 0
        try:
            expr = resolve(node, self.names, *(kinds or ("money", "exact")))
        except NoValueYet as missing:
            raise self._hole(missing) from None
        if expr.domain == "row" and not (row or self.here is self.lines):
            if any(isinstance(e, ir.Input) and e.name == ir.LINE_DAY for e in ir.walk(expr)):
                message = "a value that the day of a fee line chooses stands where one of the whole claim is needed"
                raise fault(
                    "E379", message, node.span, "a `classify`, a layer with `per: row`, or `sum(…)` over the lines"
                )
            message = "a value of a fee line stands where one of the whole claim is needed"
            raise fault(
                "E344",
                message,
                node.span,
                "a fact of the claim, or `sum(…)` over the lines",
                "a layer with `per: row` acts on every fee line and may read it",
            )
        return expr

    def _hole(self, missing: NoValueYet) -> Exception:
        day = f"on {self.day}" if self.day else "before its first date"
        message = f"`{missing.name}` has no value {day}, where the rule file holds"
        return fault("E343", message, missing.span, hint="add a dated value, or limit `valid:` of the rule file")

    def guard(self, provision: Provision) -> ir.Expr:
        key = (provision.id.text, self.layer_on)
        if key not in self.guards:
            own = ir.TRUE if provision.when is None else self.amount(provision.when, "flag")
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
        target = f"{provision.id}.{key}" if key else provision.id.text
        name = f"{target}.{self.layer}" if len(provision.layers) > 1 else target
        if name not in self.amounts:
            self.amounts[name] = adjusted(self, provision, stated, name, target)
        return self.amounts[name]

    def is_part(self, name: Word) -> bool:
        return name.text in self.claim.unpaid

    def left_by(self, layer: Word, amount: str) -> ir.Expr:
        return self.amounts.get(f"{layer}.{amount}", ir.ZERO)

    def rounded(self, amount: ir.Expr) -> ir.Expr:
        return amount if self.ruleset.round_end else ir.rounded(amount, *self.rounding)

    def bare(self, bindings: Mapping[str, ir.Expr]) -> AbstractContextManager[None]:
        return self.names.bare(bindings)

    # -- meters ------------------------------------------------------------------------------------------------------

    def used(self, meter: Word) -> ir.Expr:
        return self.meters.used(meter)

    def counted(self, meter: Word, layer: str, besides: frozenset[str] = frozenset()) -> ir.Expr:
        return self.meters.counted(meter, layer, besides)

    def keep(self, name: str, window: Word, amount: ir.Expr) -> None:
        self.meters.keep_for(name, window, amount, ("person_id",))

    def held(self, meter: str, window: Word, kind: ir.Kind = "money") -> ir.Expr:
        return self.meters.held(meter, window, kind)

    # -- names that lowering makes -------------------------------------------------------------------------------------

    def _lazy(self, name: str, span: Span) -> ir.Expr | None:
        if name in self.amounts:
            return self.amounts[name]
        if name in self.defines:
            return self.define(self.defines[name], span)
        if name in (FIRST, VISITS):
            return self.meters.visit(name)
        other = self.lines if self.here is self.claim else self.claim
        if name in other.amounts:
            return other.amounts[name]
        if any(p.mechanism == "define" and p.id.text == name for p in self.ruleset.provisions):
            raise NoValueYet(Word(name, span), span)
        head = name.partition(".")[0]
        if any(p.mechanism == "grant" and name == f"{p.id}.granted" for p in self.ruleset.provisions):
            message = f"`{name}` is outside the bill: it is known only after the layers, to meters and later grants"
            raise fault("E366", message, span, "an amount of the bill, or `used(…)` of a meter")
        if any(layer.id.text == head for layer in self.ruleset.layers) and "." in name:
            known = [n for n in self.amounts if n.startswith(f"{head}.")]
            if known:
                raise unknown_name(name, span, known, "amount of the layer")
            message = f"`{name}` is not known here: layers act in order, and `{head}` has not acted yet"
            raise fault("E345", message, span, "an amount of an earlier layer")
        return None

    def define(self, provision: Provision, span: Span | None = None) -> ir.Expr:
        """A ``define`` is lowered when its name is first needed, once for the claim and once for the fee lines."""
        name = provision.id.text
        if name not in self.amounts:
            outer, self.layer_on = self.layer_on, ir.TRUE
            evidence = (self.names.cited, self.names.rests_on)
            self.names.cited, self.names.rests_on = [], set()
            kinds: tuple[ir.Kind, ...] = ("money", "exact", "rate", "count", "flag", "code")
            node = provision.values["define"]
            value = self.names.once(name, span or provision.id.span, lambda: self.amount(node, *kinds, row=True))
            taken = name in self.steps and self.steps[name].expr != value
            step = f"{name}.{self.here.domain}" if taken else name
            self.amounts[name] = self.step(step, value, provision, term="defined", shown=True)
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
        self.still_open(name)
        return self.unpaid[name.text] if node.function == "unpaid" else self.paid_of(name.text)

    def paid_of(self, part: str) -> ir.Expr:
        """What layers have paid of a part so far."""
        return self.here.paid(part)

    def still_open(self, part: Word) -> None:
        """Raises ``RuleError`` for an unknown part, or one of a fee line that a layer has already paid as a whole."""
        if part.text not in self.unpaid:
            raise unknown_name(part.text, part.span, self.unpaid, "part")
        layer = self.here.closed.get(part.text)
        if layer is not None:
            message = f"the layer `{layer}` has paid `{part}` as a whole: what is unpaid of one fee line is not known"
            hint = "let the layers that act line by line stand first, or settle the lines one by one: `settle_by: row`"
            raise fault("E360", message, part.span, "a part that only such layers have paid", hint)
