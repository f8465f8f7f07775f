"""Between what amounts a claim lies: as text and as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from policyengine import ir
from policyengine.money import grouped, minor_from
from policyengine.questions import Bounds, Missing, Option, Place, Range
from policyengine.report.data import diagnostic_data
from policyengine.report.grid import verbatim
from policyengine.report.names import Lang, fact_name, payer_name, pick
from policyengine.report.options import option_data, option_text
from policyengine.report.steps import plan_of
from policyengine.report.words import Teller


def bounds_text(found: Bounds, lang: Lang = "en") -> Group:
    """The range of what is payable and of every payer, what matters most, and the facts that lead to each end."""
    told = _Telling(found, lang)
    parts: list[RenderableType] = [verbatim(told.head(), "bold"), Padding(told.amounts(), (0, 0, 1, 2))]
    for title, body in (
        (("尚缺的事实", "what is not known"), list(told.missing())),
        (("两端各由哪些事实得出", "facts that lead to the ends"), list(told.ends())),
        (("政策未作规定的情形", "cases of which the policy states nothing"), list(told.refused())),
    ):
        if body:
            parts += [verbatim(pick(title, lang), "bold"), Padding(Group(*body), (0, 0, 1, 2))]
    return Group(*parts)


class _Telling:
    """Words for the bounds of one claim in one language."""

    __slots__ = ("found", "lang", "program", "teller")

    def __init__(self, found: Bounds, lang: Lang) -> None:
        self.found, self.lang, self.program = found, lang, found.engine.program
        self.teller = Teller(plan_of(self.program), lang)

    def head(self) -> str:
        claim, program = self.found.claim, self.program
        day = getattr(claim.encounter, program.dated_by)
        return f"{pick(('单据', 'claim'), self.lang)} {claim.id} · {day} · {program.ruleset} · {program.currency}"

    def amounts(self) -> RenderableType:
        table = Table.grid(padding=(0, 3))
        table.add_column()
        table.add_column(justify="right")
        table.add_column(justify="right")
        heads = (("", ""), ("最低", "at least"), ("最高", "at most"))
        table.add_row(*(verbatim(pick(head, self.lang), "dim") for head in heads))
        table.add_row(*self._row(pick(("可支付合计", "payable in all"), self.lang), self.found.payable, "bold"))
        for payer, amounts in self.found.payers.items():
            if amounts.high or payer == "patient":
                name = payer_name(self.program, payer, self.lang)
                table.add_row(*self._row(name, amounts))
        return table

    def _row(self, name: str, amounts: Range, style: str = "") -> tuple[Text, ...]:
        return tuple(verbatim(cell, style) for cell in (name, self._amount(amounts.low), self._amount(amounts.high)))

    def _amount(self, amount: Any) -> str:
        exponent = self.found.engine.layout.exponent
        return grouped(minor_from(amount, exponent), exponent)

    def missing(self) -> Iterator[RenderableType]:
        """The fact that matters most first; one that changes nothing is said to be irrelevant."""
        for one in self.found.missing:
            yield verbatim(f"{self.name(one.place)}{pick(('：', ': '), self.lang)}{self._matters(one)}")

    def _matters(self, one: Missing) -> str:
        if not one.relevant:
            return pick(("与本单据金额无关", "irrelevant, it changes no amount"), self.lang)
        if one.narrows:
            amount = self._amount(one.narrows)
            return pick(
                (f"查明后范围至少缩小 {amount}", f"once known, the range narrows by {amount} at least"), self.lang
            )
        return pick(("影响金额，须与其他事实一并查明", "it matters, together with other facts"), self.lang)

    def ends(self) -> Iterator[RenderableType]:
        """The facts of the least and of the greatest payable."""
        ends = self.found.payable
        if ends.low == ends.high:
            return
        for word, facts in ((("最低", "least"), ends.at_low), (("最高", "most"), ends.at_high)):
            told = [f"{self.name(place)}{pick(('：', ': '), self.lang)}{self._option(place, option)}"
                    for place, option in facts if self._relevant(place)]  # fmt: skip
            yield verbatim(
                f"{pick(word, self.lang)}{pick(('：', ' – '), self.lang)}{pick(('；', '; '), self.lang).join(told)}"
            )

    def _relevant(self, place: Place) -> bool:
        return any(one.place == place and one.relevant for one in self.found.missing)

    def _option(self, place: Place, option: Option) -> str:
        return option_text(self.teller, _decl(self.program, place), option)

    def name(self, place: Place) -> str:
        name = fact_name(self.program, place.fact, self.lang)
        if place.line is None:
            return name
        return pick((f"第{place.line + 1}行{name}", f"line {place.line + 1}, {name}"), self.lang)

    def refused(self) -> Iterator[RenderableType]:
        found = self.found
        if found.refusal is not None:
            count = (f"{found.combinations} 种组合中有 {found.refused} 种，例如：",
                     f"{found.refused} of {found.combinations}, such as: ")  # fmt: skip
            yield verbatim(pick(count, self.lang) + found.refusal.message)


def _decl(program: ir.Program, place: Place) -> ir.InputDecl:
    domain = "claim" if place.line is None else "row"
    return next(d for d in program.inputs if (d.domain, d.name) == (domain, place.fact))


def bounds_data(found: Bounds) -> dict[str, Any]:
    """The bounds as plain data."""
    program = found.engine.program
    return {
        "claim": found.claim.id,
        "ruleset": program.ruleset,
        "valid": {"from": program.valid[0] or None, "to": program.valid[1] or None},
        "currency": program.currency,
        "bounds": {
            "settled": found.settled,
            "payable": _range(program, found.payable),
            "payers": {payer: _range(program, amounts) for payer, amounts in found.payers.items()},
            "missing": [
                {**_place(m.place), "cases": m.cases, "relevant": m.relevant, "narrows": str(m.narrows)}
                for m in found.missing
            ],
            "combinations": found.combinations,
            "refused": found.refused,
            "refusal": None if found.refusal is None else diagnostic_data(found.refusal),
        },
    }


def _place(place: Place) -> dict[str, Any]:
    return {"fact": place.fact, "line": None if place.line is None else place.line + 1}


def _range(program: ir.Program, amounts: Range) -> dict[str, Any]:
    ends = {"at_low": amounts.at_low, "at_high": amounts.at_high}
    told = {name: [{**_place(p), "value": option_data(program, _decl(program, p), o)} for p, o in facts]
            for name, facts in ends.items()}  # fmt: skip
    return {"low": str(amounts.low), "high": str(amounts.high), **told}
