"""Meters: what they hold before the claim, what this claim has added so far, what it adds in the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from policyengine import expressions as ast
from policyengine import ir
from policyengine.parse.windows import PREDEFINED
from policyengine.resolve import fault, unknown_name
from policyengine.ruleset import Layer, MeterDecl, WindowDecl
from policyengine.shapes import Word

if TYPE_CHECKING:
    from policyengine.lower.maker import Workbench

FIRST, VISITS, BILLS = "first_of_visit", "visits", "visit.bills"
"""Names that every rule file knows, and the meter behind them: how many bills of the visit there have been."""
FIRST_LABEL = {"zh": "本次就诊的首张账单", "en": "first bill of the visit"}
VISIT = next(window for window in PREDEFINED if window.name == "visit")


class Meters:
    """The meters of a rule file and those that ``to_date`` layers need for themselves."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench
        self.decls = {m.id.text: m for m in bench.ruleset.meters}
        self.later = {x.id.text for x in bench.ruleset.layers} | {
            p.id.text for p in bench.ruleset.provisions if p.mechanism == "grant"
        }
        self.windows = {w.name: WindowDecl(Word(w.name, bench.ruleset.span), w) for w in PREDEFINED}
        self.windows |= {w.id.text: w for w in bench.ruleset.windows}
        self.made: dict[str, ir.Window] = {}
        self.own: dict[str, tuple[ir.Window, ir.Expr, tuple[str, ...], str]] = {}
        self.read: set[str] = set()

    def used(self, meter: Word) -> ir.Expr:
        """What a meter held before this claim; one that counts visits, before the first bill of this visit."""
        decl = self._decl(meter)
        held = self.held(meter.text, decl.window, self.kind(decl))
        if not any(name.text == VISITS for node in decl.counts for name in _names(node)):
            return held
        kept = f"{meter}.before_visit"
        before = ir.choose(self.visit(FIRST), held, ir.Hist(kept, "count"))
        self.own[kept] = (VISIT, before, self._per(decl.per), "max")
        return before

    def visit(self, name: str) -> ir.Expr:
        """Whether this is the first bill of its visit (``FIRST``); how many visits begin with it (``VISITS``)."""
        self.own[BILLS] = (VISIT, ir.Lit(1, "count"), ("person_id",), "sum")
        none_before = ir.compare("==", ir.Hist(BILLS, "count"), ir.Lit(0, "count"))
        first = self.bench.step(FIRST, none_before, label=FIRST_LABEL, shown=True)
        return first if name == FIRST else ir.choose(first, ir.Lit(1, "count"), ir.Lit(0, "count"))

    def held(self, meter: str, window: Word, kind: ir.Kind = "money") -> ir.Expr:
        """What a meter held before this claim; nothing, if its window begins anew with this claim."""
        found = ir.Hist(meter, kind)
        reset = self.window(window).reset
        return ir.choose(ir.Ref(reset, "flag"), ir.Lit(0, kind), found) if reset else found

    def _decl(self, meter: Word) -> MeterDecl:
        if meter.text not in self.decls:
            raise unknown_name(meter.text, meter.span, self.decls, "meter")
        self.read.add(meter.text)
        return self.decls[meter.text]

    def counted(self, meter: Word, layer: str, besides: frozenset[str] = frozenset()) -> ir.Expr:
        """What layers before ``layer`` add to the meter with this claim, ``besides`` those on these parts."""
        decl = self._decl(meter)
        left_out = {x.id.text for x in self.bench.ruleset.layers if any(p.text in besides for p in x.on)} | {layer}
        known = [node for node in decl.counts if self._is_known(node) and not left_out & _heads(node)]
        if not known or decl.keep != "sum":
            return ir.Lit(0, self.kind(decl))
        return self._if_counted(decl, ir.add(*(self._added(node) for node in known)))

    def _if_counted(self, decl: MeterDecl, added: ir.Expr) -> ir.Expr:
        """``added``, or nothing where the meter does not count the claim."""
        if decl.when is None:
            return added
        return ir.choose(self.bench.amount(decl.when, "flag"), added, ir.Lit(0, added.kind))

    def _added(self, node: ast.Node) -> ir.Expr:
        """What is counted, in whole coins: a meter is never exact, even where nothing is rounded before the end."""
        kinds: tuple[ir.Kind, ...] = ("money", "exact", "count") if self.bench.ruleset.round_end else ("money", "count")
        return self._whole(self.bench.amount(node, *kinds))

    def _whole(self, amount: ir.Expr) -> ir.Expr:
        return ir.rounded(amount, *self.bench.rounding) if amount.kind == "exact" else amount

    def _is_known(self, node: ast.Node) -> bool:
        """Whether everything that ``node`` names of layers and grants is known; plain facts are not counted early."""
        named = [n.text for n in _names(node) if n.text.partition(".")[0] in self.later]
        return bool(named) and all(n in self.bench.amounts for n in named)

    def kind(self, decl: MeterDecl) -> ir.Kind:
        return self._kind(decl.counts[0], {})

    def _kind(self, node: ast.Node, bound: Mapping[str, ir.Kind]) -> ir.Kind:
        """What ``node`` counts, told by its form: a definition may read the very meter that counts it. ``bound``: the
        kinds of the names of a formula."""
        names = self.bench.names
        match node:
            case ast.IfElse():
                return self._kind(node.then, bound)
            case ast.Binary(op="+" | "-"):
                return self._kind(node.left, bound)
            case ast.Call(function="min" | "max" | "positive") if node.args:
                return self._kind(node.args[0], bound)
            case ast.Call(function="used", args=(ast.Name(text=meter),)) if meter in self.decls:
                decl = self.decls[meter]
                return names.once(f"used({meter})", decl.id.span, lambda: self.kind(decl))
            case ast.Call() if node.function in names.formulas:
                formula = names.formulas[node.function]
                kinds = [self._kind(arg, bound) for arg in node.args]
                inner = dict(zip((n.text for n in formula.of), kinds, strict=False))
                return names.once(node.function, node.span, lambda: self._kind(formula.body, inner))
            case ast.Name() if node.text in bound:
                return bound[node.text]
            case ast.Name() if node.text in self.bench.defines:
                define = self.bench.defines[node.text].values["define"]
                return names.once(f"{node.text} (kind)", node.span, lambda: self._kind(define, {}))
            case ast.Name() if node.text.partition(".")[0] in self.later:
                return "money"
        return self._added(node).kind

    def window(self, name: Word) -> ir.Window:
        found = self.windows.get(name.text)
        if found is None:
            raise unknown_name(name.text, name.span, self.windows, "window")
        if found.window.kind == "anniversary":
            return replace(
                found.window, origin=self.bench.names.day_name(Word(found.window.origin, found.id.span), "claim")
            )
        if found.reset_when is None:
            return found.window
        if name.text not in self.made:
            self.made[name.text] = replace(found.window, reset=self._reset(found.id, found.reset_when))
        return self.made[name.text]

    def _reset(self, window: Word, condition: ast.Node) -> str:
        """The step that says whether the window begins anew with this claim."""
        bench, name = self.bench, f"window.{window}.begins"
        evidence = (bench.names.cited, bench.names.rests_on)
        bench.names.cited, bench.names.rests_on = [], set()
        holds = bench.names.once(f"{window} (window)", window.span, lambda: bench.amount(condition, "flag"))
        bench.step(name, holds, term="window", shown=True, cites=())
        bench.names.cited, bench.names.rests_on = evidence
        return name

    def keep_for_layer(self, name: str, layer: Layer, amount: ir.Expr) -> None:
        """A meter of a layer over a window: it sums ``amount``, for the person or for whom the layer names."""
        assert layer.to_date is not None
        self.keep_for(name, layer.to_date, amount, self._per(layer.scope) or ("person_id",))

    def keep_for(self, name: str, window: Word, amount: ir.Expr, per: tuple[str, ...]) -> None:
        """A meter that no author declares: it sums ``amount`` over ``window`` for ``per``."""
        self.own[name] = (self.window(window), amount, per, "sum")

    def finish(self) -> tuple[ir.Meter, ...]:
        """Every meter with the step that says what this claim adds."""
        return tuple(self._finish_declared()) + tuple(self._finish_own())

    def _finish_declared(self) -> Iterator[ir.Meter]:
        for decl in self.decls.values():
            added = [self._added(node) for node in decl.counts]
            if len({a.kind for a in added}) != 1:
                raise fault("E346", "a meter counts either money or a number", decl.id.span)
            yield self._meter(decl.id.text, ir.add(*added), self._per(decl.per), self.window(decl.window), decl)

    def _finish_own(self) -> Iterator[ir.Meter]:
        for name, (window, amount, per, keep) in self.own.items():
            yield replace(self._meter(name, self._whole(amount), per, window, None), keep=keep)

    def _per(self, whose: Iterable[Word]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.bench.names.identifier(who) for who in whose))

    def _meter(
        self, name: str, added: ir.Expr, per: tuple[str, ...], window: ir.Window, decl: MeterDecl | None
    ) -> ir.Meter:
        step, when = f"meter.{name}", ""
        if decl is None:
            self.bench.step(step, added, shown=True, term="meter")
            return ir.Meter(name, added.kind, per, window, "sum", step)
        if decl.when is not None:
            when = f"{step}.counts"
            self.bench.step(when, self.bench.amount(decl.when, "flag"), shown=True, term="condition")
        self.bench.step(step, self._if_counted(decl, added), shown=True, term="meter")
        opening = self._opening(decl, per, window)
        return ir.Meter(name, added.kind, per, window, decl.keep, step, decl.label, when=when, opening=opening)

    def _opening(self, decl: MeterDecl, per: tuple[str, ...], window: ir.Window) -> tuple[str, ...]:
        """The codes of the accumulators kept elsewhere. They are a person's, of a year, a month or a life."""
        if decl.opening and (per != ("person_id",) or window.kind not in OPENING or decl.keep != "sum"):
            expected = "a sum per member, in a window of a year, a month or a lifetime"
            raise fault("E358", f"`{decl.id}` cannot begin with what is kept elsewhere", decl.opening[0].span, expected)
        return tuple(code.text for code in decl.opening)


OPENING = ("year", "month", "lifetime")
"""Kinds of windows whose accumulators other systems keep, too."""


def _heads(node: ast.Node) -> set[str]:
    """What stands before the dot in the names of an expression: layers, if there are any."""
    return {name.text.partition(".")[0] for name in _names(node)}


def _names(node: ast.Node) -> Iterator[ast.Name]:
    if isinstance(node, ast.Name):
        yield node
    for child in ast.children(node):
        yield from _names(child)
