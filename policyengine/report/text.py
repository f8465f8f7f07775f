"""A settlement as text for people: who pays what, why the patient pays, payments, assumptions, the reckoning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from policyengine import ir
from policyengine.money import grouped, minor_from
from policyengine.report.explain import Explained, explained
from policyengine.report.grid import verbatim
from policyengine.report.names import WHEN, WHY, Lang, code_name, fact_name, payer_name, pick, plain, reason_name
from policyengine.settlement import Settlement, label_of

Row = tuple[str, str]
UNREAD = ("费用明细已写明、本规则未使用", "stated by the fee lines, not read by this rule set")


def settlement_text(settlement: Settlement, lang: Lang = "en", explain: bool = False, lines: bool = False) -> Group:
    """The settlement as tables; with ``explain``, every step of the reckoning with its sentence, with ``lines``, who
    pays how much of each fee line."""
    parts: list[RenderableType] = [_head(settlement, lang), _amounts(_split(settlement, lang))]
    sections: list[tuple[tuple[str, str], RenderableType | None]] = [
        (("总费用按病种定额重计", "the bill is the price of the case"), _restated(settlement, lang)),
        (_whose_reasons(settlement), _reasons(settlement, lang)),
        (("费用之外发给个人", "to the person, outside the bill"), _grants(settlement, lang)),
        (("费用明细分摊", "fee line by fee line"), _lines(settlement, lang) if lines else None),
        (("资金支付", "payments"), _payments(settlement, lang)),
        (("依据假设（资料未写明）", "rests on assumptions that no source states"), _assumed(settlement, lang)),
        (UNREAD, _unread(settlement, lang)),
        (("计算过程", "the reckoning"), _reckoning(settlement, lang) if explain else None),
    ]
    for title, body in sections:
        if body is not None:
            parts += [verbatim(pick(title, lang), "bold"), Padding(body, (0, 0, 1, 2))]
    return Group(*parts)


def _head(settlement: Settlement, lang: Lang) -> Text:
    program = settlement.layout.program
    claim, day = pick(("单据", "claim"), lang), getattr(settlement.claim.encounter, program.dated_by)
    kind = pick(("预结算（不入账）", "preliminary, nothing is booked"), lang) if settlement.preliminary else ""
    said = [kind, f"{claim} {settlement.claim.id}", str(day), program.ruleset, program.currency]
    if any(program.known):
        known = settlement.known_on
        said.append(pick((f"按 {known} 已发布的规定", f"as known on {known}"), lang) if known else "")
    return verbatim(" · ".join(part for part in said if part), "bold")


def _amounts(rows: Iterable[Row], last_is_total: bool = True) -> RenderableType:
    """Names and amounts, the amounts aligned at their right."""
    listed = list(rows)
    table = Table.grid(padding=(0, 3))
    table.add_column()
    table.add_column(justify="right")
    for number, (name, amount) in enumerate(listed, 1):
        style = "bold" if last_is_total and number == len(listed) else ""
        table.add_row(verbatim(name, style), verbatim(amount, style))
    return Padding(table, (0, 0, 1, 2)) if last_is_total else table


def _split(settlement: Settlement, lang: Lang) -> Iterator[Row]:
    program, exponent = settlement.layout.program, settlement.layout.exponent
    for payer, minor in settlement.split_minor.items():
        if minor or payer == "patient":
            yield _bearer(program, payer, lang), grouped(minor, exponent)
    yield pick(("合计", "total"), lang), grouped(settlement.minor(program.bill), exponent)


def _restated(settlement: Settlement, lang: Lang) -> RenderableType | None:
    """What was charged, and what the price exceeds it; nothing where the charges are the bill."""
    if not settlement.margin:
        return None
    exponent = settlement.layout.exponent
    margin, total = minor_from(settlement.margin, exponent), settlement.minor(settlement.layout.program.bill)
    rows = [
        (pick(("实际发生费用", "charged"), lang), grouped(total - margin, exponent)),
        (pick(("定额结余（归医院）", "margin, kept by the hospital"), lang), grouped(margin, exponent)),
    ]
    return _amounts(rows, last_is_total=False)


def _whose_reasons(settlement: Settlement) -> tuple[str, str]:
    """The reasons tell what accounts paid, too; that they do is said where an account paid anything."""
    if settlement.side("patient") == settlement.split_minor["patient"]:
        return "个人负担构成", "the patient's part, by reason"
    return "个人负担构成（含个人账户支付）", "the patient's part, accounts included, by reason"


def _reasons(settlement: Settlement, lang: Lang) -> RenderableType | None:
    exponent = settlement.layout.exponent
    rows = [(reason_name(r, lang), grouped(minor_from(a, exponent), exponent)) for r, a in settlement.patient.items()]
    return _amounts(rows, last_is_total=False) if rows else None


def _grants(settlement: Settlement, lang: Lang) -> RenderableType | None:
    """Sums outside the bill: what for, how much, who gives it."""
    grants, program = settlement.grants, settlement.layout.program
    table = Table.grid(padding=(0, 3))
    for number in range(3):
        table.add_column(justify="right" if number == 1 else "left")
    for grant in grants:
        what = label_of(grant.label, lang, plain(grant.provision))
        amount = grouped(minor_from(grant.amount, settlement.layout.exponent), settlement.layout.exponent)
        table.add_row(verbatim(what), verbatim(amount), verbatim(payer_name(program, grant.payer, lang)))
    return table if grants else None


def _lines(settlement: Settlement, lang: Lang) -> RenderableType:
    """One row a fee line, one column for each that bears anything; the last row sums."""
    program, exponent = settlement.layout.program, settlement.layout.exponent
    bearing = [payer for payer, minor in settlement.split_minor.items() if minor or payer == "patient"]
    names = [_bearer(program, payer, lang) for payer in bearing]
    table = Table.grid(padding=(0, 3))
    table.add_column(justify="right")
    table.add_column()
    for _ in range(len(bearing) + 1):
        table.add_column(justify="right")
    table.add_row(*(verbatim(cell, "dim") for cell in ("", "", pick(("金额", "amount"), lang), *names)))
    for line, stated in zip(settlement.by_line(), settlement.claim.lines, strict=True):
        amounts = (line.amount, *(line.split[payer] for payer in bearing))
        cells = (grouped(minor_from(amount, exponent), exponent) for amount in amounts)
        table.add_row(*(verbatim(c) for c in (str(line.number), code_name(program, "category", stated.category, lang))),
                      *(verbatim(cell) for cell in cells))  # fmt: skip
    sums = (settlement.minor(program.bill), *(settlement.split_minor[payer] for payer in bearing))
    total = pick(("合计", "total"), lang)
    table.add_row(verbatim(""), verbatim(total, "bold"), *(verbatim(grouped(s, exponent), "bold") for s in sums))
    return table


def _bearer(program: ir.Program, payer: str, lang: Lang) -> str:
    return pick(("个人现金", "patient"), lang) if payer == "patient" else payer_name(program, payer, lang)


def _payments(settlement: Settlement, lang: Lang) -> RenderableType | None:
    payments = settlement.payments
    if not payments:
        return None
    program, exponent = settlement.layout.program, settlement.layout.exponent
    table = Table.grid(padding=(0, 3))
    for number in range(4):
        table.add_column(justify="right" if number == 2 else "left")
    for payment in payments:
        names = (_party(program, payment.payer, lang), _party(program, payment.payee, lang))
        amount = grouped(minor_from(payment.amount, exponent), exponent)
        cells = (_word(WHEN, payment.when, lang), " → ".join(names), amount, _word(WHY, payment.why, lang))
        table.add_row(*(verbatim(cell) for cell in cells))
    return table


def _party(program: object, party: str, lang: Lang) -> str:
    known = {"patient": ("个人", "patient"), "hospital": ("医院", "hospital")}
    return pick(known[party], lang) if party in known else payer_name(program, party, lang)  # type: ignore[arg-type]


def _word(words: object, word: str, lang: Lang) -> str:
    assert isinstance(words, dict)
    return pick(words[word], lang) if word in words else word


def _assumed(settlement: Settlement, lang: Lang) -> RenderableType | None:
    """Each assumption once, with the first step that rests on it."""
    first = settlement.assumptions
    return Group(*(verbatim(f"- {why.told(lang == 'zh')}  [{step}]") for why, step in first.items())) if first else None


def _unread(settlement: Settlement, lang: Lang) -> RenderableType | None:
    names = [fact_name(settlement.layout.program, name, lang) for name in settlement.unread]
    return Group(*(verbatim(f"- {name}") for name in names)) if names else None


def _reckoning(settlement: Settlement, lang: Lang) -> RenderableType:
    return Group(*_steps(explained(settlement, lang), lang))


def _steps(steps: Sequence[Explained], lang: Lang) -> Iterator[RenderableType]:
    for step in steps:
        line = verbatim(step.title)
        line.append(pick(("：", ": "), lang))
        looked_up = step.formula.startswith(step.value) and step.formula.endswith((")", "）"))
        if step.formula and not looked_up:
            line.append_text(verbatim(f"{step.formula} = "))
        line.append_text(verbatim(step.value, "bold"))
        if looked_up:
            line.append_text(verbatim(step.formula.removeprefix(step.value)))
        line.append_text(verbatim(f"  [{step.step}]", "dim"))
        yield line
        for note in _notes(step, lang):
            yield Padding(verbatim(note, "dim"), (0, 0, 0, 4))


def _notes(step: Explained, lang: Lang) -> Iterator[str]:
    if step.because:
        yield pick((f"适用条件：{step.because}", f"because: {step.because}"), lang)
    for title, quote in step.cites:
        yield pick((f"《{title}》" + (f"：“{quote}”" if quote else ""),
                    title + (f": “{quote}”" if quote else "")), lang)  # fmt: skip
    for why in step.assumed:
        yield pick((f"假设：{why}", f"assumed: {why}"), lang)
