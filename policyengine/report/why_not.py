"""Why something did not apply, what would change it, and the room that is left: as text and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table

from policyengine import ir
from policyengine.encode import left_open
from policyengine.ir.printer import formula
from policyengine.money import grouped, minor_from, text_of
from policyengine.questions import Change, Option, Unapplied, WhyNot
from policyengine.report.grid import verbatim
from policyengine.report.names import Lang, fact_name, payer_name, pick, plain
from policyengine.report.options import option_data, option_text
from policyengine.report.reading import known_of
from policyengine.report.steps import Plan, layer_name, meter_name, plan_of
from policyengine.report.words import Teller
from policyengine.settlement import Settlement, label_of
from policyengine.settlement.limits import LimitUse

MOST_TOLD: Final = 12
"""Entries of a section of the text; the JSON has all."""

REACH: Final = {
    "fixed": ("由日期决定，不能改变", "follows from days, nobody can change it"),
    "other_kind": ("属于另一类单据", "another kind of claim"),
    "amounts": ("取决于金额或累计", "depends on amounts or accumulators"),
    "lines": ("取决于费用明细", "depends on the fee lines"),
    "never": ("任何事实都不能使其适用", "no facts make it apply"),
}


def why_not_text(settlement: Settlement, found: WhyNot, lang: Lang = "en") -> Group:
    """What did not apply, what would pay more, and the room left under every limit."""
    tell = _Telling.of(settlement, lang)
    sections: list[tuple[tuple[str, str], list[RenderableType]]] = [
        (("未适用的规定", "what did not apply"), list(tell.unapplied(found.unapplied))),
        (("哪些事实会使支付更多", "what would pay more"), list(tell.changes(found.changes))),
        (("各项限额余额", "room left under the limits"), list(tell.limits(settlement.limits))),
    ]
    parts: list[RenderableType] = []
    for title, body in sections:
        nothing = [verbatim(pick(("无", "nothing"), lang))]
        parts += [verbatim(pick(title, lang), "bold"), Padding(Group(*(body or nothing)), (0, 0, 1, 2))]
    return Group(*parts)


class _Telling:
    """Words for one settlement in one language."""

    __slots__ = ("claim", "lang", "open", "plan", "settlement", "teller")

    def __init__(self, settlement: Settlement, lang: Lang, plan: Plan, teller: Teller, claim: Teller) -> None:
        self.settlement, self.lang, self.plan, self.teller, self.claim = settlement, lang, plan, teller, claim
        gaps = left_open(settlement.layout.program, settlement.claim, settlement.origin.parameters)
        self.open = frozenset(name for name, line in gaps if line is None)

    @classmethod
    def of(cls, settlement: Settlement, lang: Lang) -> _Telling:
        plan = plan_of(settlement.layout.program)
        return cls(settlement, lang, plan, Teller(plan, lang), Teller(plan, lang, known_of(settlement)))

    # -- what did not apply ------------------------------------------------------------------------------------------

    def unapplied(self, found: Sequence[Unapplied]) -> Iterator[RenderableType]:
        """What the fewest facts stand against first; parts of a layer that is off are told with it."""
        own = [u for u in found if not u.inside]
        near = [u for u in own if u.reach == "open" and (u.change is None or u.change.gain >= 0)]
        near += [u for u in own if u.reach in ("fixed", "amounts", "lines")]
        near.sort(key=lambda u: (len(u.ways[0]), -u.change.gain if u.change else 0))
        alike: dict[object, list[Unapplied]] = {}
        for one in near:
            alike.setdefault((one.ways[:1], one.change and (one.change.facts, one.change.gain)), []).append(one)
        for several in list(alike.values())[:MOST_TOLD]:
            yield from self._alike(several, sum(u.inside == several[0].rule.id for u in found))
        hidden = [
            (sum(u.reach == "other_kind" for u in own), ("涉及另一类单据", "of other kinds of claims")),
            (sum(u.reach == "never" for u in own), REACH["never"]),
            (sum(u.reach == "open" for u in own) - sum(u.reach == "open" for u in near),
             ("适用则支付更少", "under which less would be paid")),
            (sum(len(several) for several in list(alike.values())[MOST_TOLD:]), ("其余各项", "further ones")),
        ]  # fmt: skip
        told = [f"{count} {pick(words, self.lang)}" for count, words in hidden if count]
        if told:
            more = pick(("此外：{}（--json 全部列出）", "besides: {} (--json lists them all)"), self.lang)
            yield verbatim(more.format(pick(("，", ", "), self.lang).join(told)), "dim")

    def _alike(self, several: Sequence[Unapplied], parts: int) -> Iterator[RenderableType]:
        """Provisions that need the same, told together. ``parts``: provisions of the layer that the first one is."""
        for one in several:
            line = verbatim(self.name(one.rule))
            line.append_text(verbatim(f"  [{one.rule.id}]", "dim"))
            yield line
            yield from (Padding(verbatim(cite, "dim"), (0, 0, 0, 4)) for cite in self._cites(one.rule))
        told = [pick(("需要：", "needs: "), self.lang) + self._needs(way) for way in several[0].ways[:1]]
        if several[0].change is not None:
            told.append(self._effect(several[0].change))
        if several[0].reach in REACH:
            told.append(pick(REACH[several[0].reach], self.lang))
        if parts:
            words = (f"该层另有 {parts} 项规定", f"with {parts} provision{'s' * (parts > 1)} of its own")
            told.append(pick(words, self.lang))
        yield from (Padding(verbatim(text), (0, 0, 0, 4)) for text in told)

    def _cites(self, rule: ir.Rule) -> Iterator[str]:
        for cite in rule.cites:
            title = self.settlement.origin.book.sources.get(cite.source, {}).get("title", cite.source)
            zh, en = (f"：“{cite.quote}”", f": “{cite.quote}”") if cite.quote else ("", "")
            yield pick((f"《{title}》{zh}", f"{title}{en}"), self.lang)

    def name(self, rule: ir.Rule) -> str:
        if rule.kind == "layer":
            return layer_name(self.plan, rule.id, self.lang)
        return label_of(rule.label, self.lang, plain(rule.id))

    def _needs(self, way: Sequence[Any]) -> str:
        return pick(("；", "; "), self.lang).join(self._need(need) for need in way)

    def _need(self, need: Any) -> str:
        text = self.teller.condition(need.condition)
        if len(need.facts) != 1 or need.amounts or need.line:
            return text
        if need.facts[0] in self.open:
            return text + pick(("（单据未写明）", " (not stated)"), self.lang)
        now = pick(("现为", "now "), self.lang) + self._value(need.facts[0], self._now(need.facts[0]))
        return text + pick((f"（{now}）", f" ({now})"), self.lang)

    def _now(self, fact: str) -> ir.Value:
        assert self.claim.known is not None
        return self.claim.known.inputs[fact]

    def _value(self, fact: str, value: ir.Value) -> str:
        kind = next(d.kind for d in self.plan.program.inputs if d.name == fact)
        return self.teller.value(value, kind, fact)

    # -- what would pay more -----------------------------------------------------------------------------------------

    def changes(self, found: Sequence[Change]) -> Iterator[RenderableType]:
        near = [change for change in found if change.reach != "other_kind"]
        for change in near[:MOST_TOLD]:
            note = pick((f"（{REACH['fixed'][0]}）", f" ({REACH['fixed'][1]})"), self.lang)
            yield verbatim(self._facts(change) + note * (change.reach == "fixed"))
            yield Padding(verbatim(self._effect(change)), (0, 0, 0, 4))
        left = len(found) - len(near[:MOST_TOLD])
        if left:
            words = (f"另有 {left} 种，多属另一类单据（--json 全部列出）",
                     f"{left} more, of other kinds of claims for the most part (--json lists them all)")  # fmt: skip
            yield verbatim(pick(words, self.lang), "dim")

    def _facts(self, change: Change) -> str:
        told = [f"{self.fact(fact)}{pick(('：', ': '), self.lang)}{self._either(fact, options)}"
                for fact, options in change.facts]  # fmt: skip
        return pick(("，且", ", and "), self.lang).join(told)

    def fact(self, name: str) -> str:
        return fact_name(self.plan.program, name, self.lang)

    def _either(self, fact: str, options: Sequence[Option]) -> str:
        return pick(("或", " or "), self.lang).join(self._option(fact, option) for option in options)

    def _option(self, fact: str, option: Option) -> str:
        decl = next(d for d in self.plan.program.inputs if (d.domain, d.name) == ("claim", fact))
        return option_text(self.teller, decl, option)

    def _effect(self, change: Change) -> str:
        """What the patient bears less, and who pays it."""
        if not change.gain and not change.payers:
            return pick(("本单据金额不变", "changes no amount of this claim"), self.lang)
        who = [f"{payer_name(self.plan.program, payer, self.lang)} {self._signed(amount)}"
               for payer, amount in change.payers.items()]  # fmt: skip
        less = pick(("个人少付", "the patient pays less by"), self.lang)
        more = pick(("个人多付", "the patient pays more by"), self.lang)
        amount = grouped(abs(change.gain), self.settlement.layout.exponent)
        head = pick(("个人负担不变", "the patient pays the same"), self.lang)
        if change.gain:
            head = f"{less if change.gain > 0 else more} {amount}"
        return f"{head}{pick(('：', ': '), self.lang)}{pick(('，', ', '), self.lang).join(who)}"

    def _signed(self, minor: int) -> str:
        return ("+" if minor > 0 else "-") + grouped(abs(minor), self.settlement.layout.exponent)

    # -- limits ------------------------------------------------------------------------------------------------------

    def limits(self, found: Sequence[LimitUse]) -> Iterator[RenderableType]:
        used = [limit for limit in found if limit.applies]
        if not used:
            return
        table = Table.grid(padding=(0, 3))
        for number in range(5):
            table.add_column(justify="left" if number in (0, 4) else "right")
        heads = (("", ""), ("限额", "limit"), ("已用", "used"), ("余额", "left"), ("期间", "window"))
        table.add_row(*(verbatim(pick(head, self.lang), "dim") for head in heads))
        for limit in used:
            amounts = (limit.limit, limit.used_before + limit.used_now, limit.left)
            window = pick(("每次", "this claim"), self.lang)
            window = window if limit.meter is None else meter_name(self.plan, limit.meter.name, self.lang)
            cells = (self._limit(limit), *(self._amount(amount) for amount in amounts), window)
            table.add_row(*(verbatim(cell) for cell in cells))
        yield table

    def _amount(self, amount: Decimal) -> str:
        exponent = self.settlement.layout.exponent
        return grouped(minor_from(amount, exponent), exponent)

    def _limit(self, limit: LimitUse) -> str:
        return label_of(limit.label, self.lang, plain(limit.provision))


# -- plain data --------------------------------------------------------------------------------------------------------


def why_not_data(settlement: Settlement, found: WhyNot) -> dict[str, Any]:
    """Everything that was found, as plain data; conditions in canonical form."""
    return {
        "unapplied": [_unapplied(settlement, one) for one in found.unapplied],
        "changes": [_change(settlement, change) for change in found.changes],
        "limits": [_limit(limit) for limit in settlement.limits],
    }


def _unapplied(settlement: Settlement, one: Unapplied) -> dict[str, Any]:
    printer = settlement.layout.printer
    return {
        "provision": one.rule.id,
        "kind": one.rule.kind,
        "label": dict(one.rule.label),
        "cites": [{"source": cite.source, "quote": cite.quote} for cite in one.rule.cites],
        "assumed": [str(why) for why in one.rule.assumed],
        "inside": one.inside,
        "reach": one.reach,
        "needs": [[formula(need.condition, printer) for need in way] for way in one.ways],
        "change": None if one.change is None else _change(settlement, one.change),
    }


def _change(settlement: Settlement, change: Change) -> dict[str, Any]:
    exponent, program = settlement.layout.exponent, settlement.layout.program
    decls = {d.name: d for d in program.inputs if d.domain == "claim"}
    return {
        "facts": {fact: [option_data(program, decls[fact], one) for one in options] for fact, options in change.facts},
        "gain": text_of(change.gain, exponent),
        "payers": {payer: text_of(minor, exponent) for payer, minor in change.payers.items()},
        "reach": change.reach,
    }


def _limit(limit: LimitUse) -> dict[str, Any]:
    return {
        "provision": limit.provision, "kind": limit.kind, "layers": list(limit.layers),
        "meter": limit.meter and limit.meter.name, "limit": str(limit.limit), "used_before": str(limit.used_before),
        "used_now": str(limit.used_now), "left": str(limit.left), "applies": limit.applies,
    }  # fmt: skip
