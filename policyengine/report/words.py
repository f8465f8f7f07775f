"""Formulas in words, 中文 or English: ``26,600.00 的 75%``, ``the lesser of 80.00 and 95.00``.

With the values of a settlement, branches are decided and amounts stand in the place of names; without them the
formula is told by names alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from policyengine import ir
from policyengine.money import exponent_of, rate_text
from policyengine.report.amounts import amount_text, amount_words
from policyengine.report.names import (
    Lang,
    code_name,
    fact_name,
    pick,
    plain,
)
from policyengine.report.reading import Known, simplified
from policyengine.report.steps import Plan, meter_name, step_name

COMPARED: Final = {
    "==": ("为", "is"), "!=": ("不为", "is not"), "<": ("低于", "is less than"), "<=": ("不高于", "is at most"),
    ">": ("高于", "is more than"), ">=": ("不低于", "is at least"),
}  # fmt: skip
MODES: Final = {
    "half_up": ("四舍五入", "rounded half up"),
    "half_even": ("四舍六入五成双", "rounded half to even"),
    "half_down": ("五舍六入", "rounded half down"),
    "up": ("向上取整", "rounded up"),
    "down": ("向下取整", "rounded down"),
}


ADDED: Final = ("adjust", "add")
"""Terms of steps that hold what an adjustment adds."""

BEFORE_VISIT: Final = ".before_visit"
"""How the name of a meter ends that keeps what another held before the bills of one visit."""

LEAVES: Final = (ir.Lit, ir.Ref, ir.Input, ir.Hist, ir.Lookup, ir.Sum)
"""Forms that need no brackets inside a formula."""

_GAP = re.compile(r"(?<=[\u3001-\u9fff，：（）“”]) (?=[\u3001-\u9fff，：（“])|(?<=）) | (?=（)")


def close_up(text: str) -> str:
    """``text`` without spaces beside full-width brackets or between Chinese characters."""
    return _GAP.sub("", text)


@dataclass(frozen=True, slots=True)
class Teller:
    """Who tells a formula: the program it stands in, the language, the values of a claim, the layer of the step.

    ``titles``: what tables (``base``) and columns (``base.cap``) are called where they have names for people.
    ``with_unit``: amounts are told with their currency.
    """

    plan: Plan
    lang: Lang
    known: Known | None = None
    layer: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    with_unit: bool = False

    def say(self, zh: str, en: str) -> str:
        """The phrase of the language."""
        return pick((zh, en), self.lang)

    def formula(self, expr: ir.Expr, band: bool = False) -> str:
        """``expr`` in words. ``band``: it is the part of an amount that lies between two edges."""
        if band and self.known is not None and (slice_ := _slice(expr)) is not None:
            return close_up(self._between(self.known, *slice_))
        return close_up(self._text(expr if self.known is None else simplified(expr, self.known)))

    def value(self, value: ir.Value, kind: ir.Kind, fact: str = "") -> str:
        """A value as people write it; exact amounts that do not end are cut off with an ellipsis."""
        match value:
            case bool():
                return self.say("是", "yes") if value else self.say("否", "no")
            case str():
                return code_name(self.plan.program, fact, value, self.lang)
            case _ if kind == "rate":
                return rate_text(Fraction(value))
            case _ if kind == "count":
                return str(value)
        currency = self.plan.program.currency
        if self.with_unit:
            return amount_words(Fraction(value), currency, self.lang)
        return amount_text(Fraction(value), exponent_of(currency))

    def held(self, step: ir.Step, value: ir.Value) -> str:
        """The value of a step; what is added to a rate is told in points."""
        if step.kind == "rate" and step.term in ADDED:
            points = rate_text(Fraction(value)).removesuffix("%")
            return self.say(f"{points}个百分点", f"{points} point{'' if points == '1' else 's'}")
        return self.value(value, step.kind)

    # -- values, names ---------------------------------------------------------------------------------------------

    def _text(self, expr: ir.Expr) -> str:
        match expr:
            case ir.Lit(value=value, kind=kind):
                return self.value(value, kind)
            case ir.Ref() | ir.Input() | ir.Hist():
                return self._leaf(expr)
            case ir.Compare() | ir.Logic():
                return self._condition(expr)
            case ir.If(then=ir.Hist(meter=m) as counted, other=ir.Hist(meter=kept)) if kept == m + BEFORE_VISIT:
                return self._leaf(counted)
            case ir.If(cond=cond, then=then, other=other):
                a, b, c = self._inner(then), self._condition(cond), self._inner(other)
                return self.say(f"若{b}则为 {a}，否则为 {c}", f"{a} if {b}, otherwise {c}")
            case ir.Lookup():
                return self._cell(expr)
            case ir.Sum(of=ir.If(cond=cond, then=then, other=ir.Lit(value=0))):
                which, inner = self._inner(cond, ir.Compare), self._inner(then)
                return self.say(
                    f"{which}的各费用明细的{inner}合计", f"the sum over the fee lines where {which} of {inner}"
                )
            case ir.Sum(of=of):
                inner = self._inner(of)
                return self.say(f"各费用明细的{inner}合计", f"the sum over the fee lines of {inner}")
            case _:
                return self._arithmetic(expr)

    def _inner(self, expr: ir.Expr, *open_forms: type[ir.Expr]) -> str:
        """A part of a formula, in brackets where it is one itself; ``open_forms`` need none here."""
        text = self._text(expr)
        return text if isinstance(expr, (*LEAVES, *open_forms)) else self.say(f"（{text}）", f"({text})")

    def _leaf(self, expr: ir.Ref | ir.Input | ir.Hist) -> str:
        name, fact = self._name(expr)
        if not name and isinstance(expr, ir.Ref) and expr.domain == "row":
            if expr.step.endswith(".left"):
                return self.say("该明细剩余金额", "what is left of the line")
            return self._inner(self.plan.by_name[expr.step].expr)
        if self.known is None or expr.domain == "row":
            return name
        value = self.known.value(expr)
        if isinstance(expr, ir.Ref):
            text = self.held(self.plan.by_name[expr.step], value)
        else:
            text = self.value(value, expr.kind, fact)
        return self.say(f"{text}（{name}）", f"{text} ({name})") if name else text

    def _name(self, expr: ir.Ref | ir.Input | ir.Hist) -> tuple[str, str]:
        """What a leaf is called, and the fact whose words its codes are."""
        match expr:
            case ir.Input(name=name):
                return fact_name(self.plan.program, name, self.lang), name
            case ir.Hist(meter=meter):
                name = meter_name(self.plan, meter, self.lang)
                return self.say(f"此前累计：{name}", f"{name}, counted before"), ""
            case ir.Ref(step=step):
                found = self.plan.by_name[step]
                named = found.shown or found.term or (self.known is None and not step.endswith(".left"))
                return (step_name(self.plan, found, self.lang, self.layer) if named else ""), ""

    def _cell(self, expr: ir.Lookup) -> str:
        column = self.titles.get(f"{expr.table}.{expr.column}", plain(expr.column))
        plainly = self.say(f"“{plain(expr.table)}”表", f"the table “{plain(expr.table)}”")
        table = self.titles.get(expr.table, plainly)
        if self.known is None or expr.domain == "row":
            keys = self.say("、", ", ").join(self._text(key) for key in expr.keys)
            return self.say(f"{table}中按{keys}的 {column}", f"{column} in {table} by {keys}")
        keys = self.say("、", ", ").join(self._key(key) for key in expr.keys)
        found = self.value(self.known.value(expr), expr.kind)
        return self.say(f"{found}（{table}：{keys}）", f"{found} ({table}: {keys})")

    def _key(self, key: ir.Expr) -> str:
        assert self.known is not None
        fact = key.name if isinstance(key, ir.Input) else ""
        text = self.value(self.known.value(key), key.kind, fact)
        if key.kind == "code" or not isinstance(key, ir.Input):
            return text
        return self.say(f"{self._name(key)[0]} {text}", f"{self._name(key)[0]}: {text}")

    # -- arithmetic ------------------------------------------------------------------------------------------------

    def _arithmetic(self, expr: ir.Expr) -> str:
        match expr:
            case ir.Add(args=args):
                return " + ".join(self._inner(a, ir.Scale, ir.Add) for a in args)
            case ir.Sub(left=left, right=right):
                return f"{self._inner(left, ir.Scale, ir.Add, ir.Sub)} − {self._inner(right, ir.Scale)}"
            case ir.Min(args=args):
                return self._extreme(args, ("较小者", "最小者"), ("the lesser of", "the least of"))
            case ir.Max(args=args):
                return self._greater(args)
            case ir.Scale(of=of, by=ir.Inverse(of=rate)):
                return f"{self._inner(of)} ÷ {self._inner(rate)}"
            case ir.Scale(of=of, by=by) if by.kind == "count":
                return f"{self._inner(of)} × {self._inner(by)}"
            case ir.Scale(of=of, by=by):
                return self.say(f"{self._inner(of)} 的 {self._inner(by)}", f"{self._inner(by)} of {self._inner(of)}")
            case ir.Inverse(of=of):
                return f"1 ÷ {self._inner(of)}"
            case ir.Round(of=of, mode=mode, unit=unit):
                return self._rounded(of, mode, unit, expr.kind)
            case ir.Portion(of=of, part=part, whole=whole, mode=mode, unit=unit):
                zh, en = MODES[mode]
                shared = f"{self._inner(of)} × {self._inner(part)} ÷ {self._inner(whole)}"
                return self.say(
                    f"{shared}，{zh}至 {self.value(unit, expr.kind)}",
                    f"{shared}, {en} to {self.value(unit, expr.kind)}",
                )
            case _:
                raise AssertionError(f"unknown form {type(expr).__name__}")

    def _extreme(self, args: Sequence[ir.Expr], zh: tuple[str, str], en: tuple[str, str]) -> str:
        parts, many = [self._inner(a, ir.Scale, ir.Sub) for a in args], len(args) > 2
        if self.lang == "zh":
            return ("、".join(parts) if many else " 与 ".join(parts)) + f" 中{zh[many]}"
        return f"{en[many]} {', '.join(parts[:-1])} and {self._inner(args[-1], ir.Scale)}"

    def _greater(self, args: Sequence[ir.Expr]) -> str:
        kept = [a for a in args if not (isinstance(a, ir.Lit) and a.value == 0)]
        if len(kept) == 1 and len(args) > 1:
            inner = self._inner(kept[0])
            return self.say(f"{inner}（不低于 0）", f"{inner}, at least 0")
        return self._extreme(args, ("较大者", "最大者"), ("the greater of", "the greatest of"))

    def _rounded(self, of: ir.Expr, mode: str, unit: int, kind: ir.Kind) -> str:
        to = self.value(unit, kind)
        zh, en = MODES[mode]
        return self.say(f"{self._inner(of)}，{zh}至 {to}", f"{self._inner(of)}, {en} to {to}")

    def _between(self, known: Known, whole: ir.Expr, low: ir.Expr, high: ir.Expr | None) -> str:
        """The part of an amount above ``low``, up to ``high``."""
        texts = [self.value(known.value(e), e.kind) for e in (whole, low, high) if e is not None]
        if high is None:
            return self.say(f"{texts[0]} 中超过 {texts[1]} 的部分", f"the part of {texts[0]} above {texts[1]}")
        return self.say(
            f"{texts[0]} 中 {texts[1]} 至 {texts[2]} 的部分", f"the part of {texts[0]} from {texts[1]} to {texts[2]}"
        )

    # -- conditions ------------------------------------------------------------------------------------------------

    def condition(self, expr: ir.Expr) -> str:
        """A condition in words, as it stands: nothing in it is decided."""
        return close_up(self._condition(expr))

    def _condition(self, expr: ir.Expr) -> str:
        match expr:
            case ir.Lit(value=value):
                return self.say("总是", "always") if value else self.say("从不", "never")
            case ir.Logic(op="not", args=(arg,)):
                return self.say(f"非{self._bracketed(arg)}", f"not {self._bracketed(arg)}")
            case ir.Logic(op="or", args=args) if (choices := _choices(args)) is not None:
                return self._one_of(*choices)
            case ir.Logic(op=op, args=args):
                word = self.say("且" if op == "and" else "或", f" {op} ")
                return word.join(self._bracketed(a, op) for a in args)
            case ir.Compare(op=op, left=left, right=right):
                return self._compared(op, left, right)
            case ir.Input(name=name):
                return fact_name(self.plan.program, name, self.lang)
            case ir.Ref(step=step):
                inner = self.plan.by_name[step]
                if self._is_named(expr):
                    return step_name(self.plan, inner, self.lang, self.layer)
                return self._condition(inner.expr)
            case _:
                return self._text(expr)

    def _bracketed(self, expr: ir.Expr, inside: str = "") -> str:
        """A condition inside another, in brackets where it would else be misread; ``inside``: what joins the outer."""
        text = self._condition(expr)
        inner = self.plan.by_name[expr.step].expr if isinstance(expr, ir.Ref) else expr
        simple = not isinstance(inner, ir.Logic) or inner.op in ("not", inside) or _choices(inner.args) is not None
        return text if simple or self._is_named(expr) else self.say(f"（{text}）", f"({text})")

    def _one_of(self, code: ir.Input, words: list[str]) -> str:
        """A code that is one of several words."""
        names = [code_name(self.plan.program, code.name, word, self.lang) for word in words]
        name = fact_name(self.plan.program, code.name, self.lang)
        return self.say(f"{name}为{'或'.join(names)}", f"{name} is {' or '.join(names)}")

    def _is_named(self, expr: ir.Expr) -> bool:
        """Whether a reference leads to a quantity that the rule file defines by name."""
        return isinstance(expr, ir.Ref) and self.plan.by_name[expr.step].term == "defined"

    def _compared(self, op: str, left: ir.Expr, right: ir.Expr) -> str:
        fact = left.name if isinstance(left, ir.Input) else right.name if isinstance(right, ir.Input) else ""
        sides = (self._side(left, fact), self._side(right, fact))
        return f"{sides[0]} {pick(COMPARED[op], self.lang)} {sides[1]}"

    def _side(self, side: ir.Expr, fact: str) -> str:
        """One side of a comparison: a code by its name alone, an amount with its value."""
        if isinstance(side, ir.Lit):
            return self.value(side.value, side.kind, fact)
        if side.kind == "code" and isinstance(side, ir.Ref | ir.Input):
            return self._name(side)[0] or self._text(side)
        return self._text(side)


def _slice(expr: ir.Expr) -> tuple[ir.Expr, ir.Expr, ir.Expr | None] | None:
    """Whole amount, lower and upper edge of the amount of a band; ``None`` for a formula of another form."""
    match expr:
        case ir.Max(args=(ir.Sub(left=ir.Min(args=(whole, high)), right=low), ir.Lit(value=0))):
            return whole, low, high
        case ir.Max(args=(ir.Sub(left=whole, right=low), ir.Lit(value=0))):
            return whole, low, None
        case _:
            return None


def _choices(args: Sequence[ir.Expr]) -> tuple[ir.Input, list[str]] | None:
    """The code and its words, if ``args`` compare one code with several words."""
    words: list[str] = []
    codes: set[ir.Input] = set()
    for arg in args:
        match arg:
            case ir.Compare(op="==", left=ir.Input(kind="code") as code, right=ir.Lit(value=str(word))):
                codes.add(code)
                words.append(word)
            case _:
                return None
    return (codes.pop(), words) if len(codes) == 1 else None
