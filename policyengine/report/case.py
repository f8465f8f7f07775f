"""A case for people and for programs: the course of the stay, what is left to pay, the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table

from policyengine import terms
from policyengine.cases.course import legal
from policyengine.cases.ledger import HOSPITAL, NATURES, PATIENT, left_open
from policyengine.cases.state import STAGES, Case, Event
from policyengine.money import grouped, text_of
from policyengine.report.grid import verbatim
from policyengine.report.names import Lang, pick, plain

if TYPE_CHECKING:
    from policyengine.cases.store.reading import Step

KINDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "open": ("登记", "registered"),
        "admit": ("入院", "admitted"),
        "agree": ("签订协议", "agreement signed"),
        "deposit": ("追加押金", "further deposit"),
        "treat": ("上传费用", "fees so far"),
        "discharge": ("出院", "discharged"),
        "transfer": ("转院", "transferred"),
        "death": ("死亡", "died"),
        "abscond": ("擅自离院", "left without notice"),
        "settle": ("结算", "settled"),
        "award": ("年终补偿", "awarded by a run"),
        "correct": ("退费重结", "settlement corrected"),
        "resettle": ("重新结算", "settled again"),
        "pay": ("个人付款", "paid"),
        "refund": ("退给个人", "given back"),
        "repay": ("资金拨付", "fund pays"),
        "reclaim": ("资金追回", "fund gets back"),
        "instalments": ("签订分期付款协议", "instalments agreed"),
        "default": ("逾期未付", "default"),
        "write_off": ("核销", "written off"),
        "reverse": ("冲正结算", "settlement reversed"),
        "confirm": ("确认结果", "outcome confirmed"),
        "compensate": ("冲正", "compensated"),
        "cancel": ("取消登记", "cancelled"),
        "close": ("结清", "closed"),
        "erase": ("删除个人标识", "person erased"),
    }
)
"""What events are called."""
PARTIES: Final = {PATIENT: ("个人", "patient"), HOSPITAL: ("医院", "hospital")}


def case_data(steps: Sequence[Step]) -> dict[str, Any]:
    """Plain data: where the case stands, and its events."""
    case = steps[-1].after
    return {
        "case": case.id, "person": case.person, "ruleset": case.ruleset, "currency": case.currency,
        "stage": case.stage, "left": [_balance(case, *one) for one in sorted(left_open(case.balances).items())],
        "balances": [_balance(case, *one) for one in sorted(case.balances.items())],
        "defaulted": case.defaulted, "unknown": sorted(case.pending), "legal": list(legal(case)),
        "events": [_event(step.event) for step in steps],
    }  # fmt: skip


def _balance(case: Case, account: tuple[str, str], amount: int) -> dict[str, str]:
    return {"party": account[0], "nature": account[1], "amount": text_of(amount, case.exponent)}


def _event(event: Event) -> dict[str, Any]:
    return {
        "event": event.number, "command": event.command, "kind": event.kind, "on": event.on.isoformat(),
        "at": event.at, "data": dict(event.data),
    }  # fmt: skip


def case_text(steps: Sequence[Step], lang: Lang = "en") -> Group:
    """The course of a stay as a table; what is left to pay, by which provision; what is legal next."""
    case = steps[-1].after
    title = f"{case.id} · {pick(STAGES[case.stage], lang)} · {case.ruleset} · {case.currency}"
    parts: list[RenderableType] = [verbatim(title, "bold"), Padding(_course(steps, lang), (1, 0, 1, 2))]
    if said := _advanced_by(steps, lang):
        parts += [verbatim(pick(("结算方式", "who advances"), lang), "bold"), Padding(said, (0, 0, 1, 2))]
    parts += [verbatim(pick(("尚未付清", "left to pay"), lang), "bold"), Padding(_left(case, lang), (0, 0, 1, 2))]
    next_ = ", ".join(legal(case))
    return Group(*parts, verbatim(pick(("下一步可以", "legal next"), lang) + f": {next_}"))


def _course(steps: Sequence[Step], lang: Lang) -> Table:
    table = Table.grid(padding=(0, 2))
    for justify in ("right", "left", "left", "left", "left"):
        table.add_column(justify=justify)
    for step in steps:
        event = step.event
        name, said = pick(KINDS[event.kind], lang), _said(step, lang)
        table.add_row(*map(verbatim, (str(event.number), str(event.on), name, said, event.command)))
    return table


def _said(step: Step, lang: Lang) -> str:
    """What an event says, in a few words."""
    event, case = step.event, step.after
    data = event.data
    parts: list[str] = []
    if event.kind == "admit":
        deposit = grouped(data["amount"], case.exponent)
        none = pick(("不收押金", "no deposit"), lang)
        parts.append(f"{pick(('押金', 'deposit'), lang)} {deposit}" if data["amount"] else none)
        parts += [pick(("已签协议", "agreement signed"), lang)] if data["agreement"] else []
    elif "bill" in data:
        parts.append(f"{data['claim']['id']} {grouped(data['bill']['total'], case.exponent)}")
    elif event.kind == "award":
        parts += [f"{party_name(p, lang)} {grouped(m, case.exponent)}" for p, m in data["awarded"].items()]
    elif event.kind == "treat":
        parts.append(grouped(data["charged"], case.exponent))
    elif "amount" in data:
        parts.append(f"{party_name(data.get('party', PATIENT), lang)} {grouped(data['amount'], case.exponent)}")
    elif event.kind == "instalments":
        parts.append("; ".join(f"{day} {grouped(minor, case.exponent)}" for day, minor in data["schedule"]))
    parts += [str(data[name]) for name in ("reason", "of") if name in data]
    if data.get("outcome") == "unknown":
        parts.append(pick(("结果未知", "outcome unknown"), lang))
    return ", ".join(parts)


def party_name(party: str, lang: Lang) -> str:
    """A party in words; a payer that only the rule file knows is shown by its id."""
    if party in PARTIES:
        return pick(PARTIES[party], lang)
    known = terms.PAYERS.get(party)
    return plain(party) if known is None else pick((known.zh, known.en), lang)


def _advanced_by(steps: Sequence[Step], lang: Lang) -> RenderableType | None:
    """The provision that says who advances, with its sentences."""
    case = steps[-1].after
    if case.settlement is None:
        return None
    by = next(s.event.data["bill"]["by"] for s in steps if s.event.number == case.settlement.number)
    lines = [by.get(lang) or by["provision"]]
    lines += [
        f"[{cite['source']}] “{cite['quote']}”" if cite["quote"] else f"[{cite['source']}]" for cite in by["cites"]
    ]
    return verbatim("\n".join(lines)) if len(lines) == 1 else Group(*map(verbatim, lines))


def _left(case: Case, lang: Lang) -> RenderableType:
    left = sorted(left_open(case.balances).items())
    if not left:
        return verbatim(pick(("无", "nothing"), lang))
    table = Table.grid(padding=(0, 3))
    for justify in ("left", "left", "right"):
        table.add_column(justify=justify)
    for (party, nature), amount in left:
        said = (party_name(party, lang), pick(NATURES[nature], lang), _signed(amount, case.exponent))
        table.add_row(*map(verbatim, said))
    return table


def ledger_data(steps: Sequence[Step]) -> dict[str, Any]:
    """Plain data: every posting, and the balances."""
    case = steps[-1].after
    return {
        "case": case.id, "currency": case.currency,
        "postings": [
            {
                "event": step.event.number, "command": step.event.command, "kind": step.event.kind,
                "on": step.event.on.isoformat(),
                "entries": [_balance(step.after, e.account, e.amount) for e in step.posting],
            }
            for step in steps if step.posting
        ],
        "balances": [_balance(case, *one) for one in sorted(case.balances.items())],
    }  # fmt: skip


def ledger_text(steps: Sequence[Step], lang: Lang = "en") -> Group:
    """Every posting with its entries, which sum to zero; then the balances."""
    case = steps[-1].after
    table = Table.grid(padding=(0, 3))
    for justify in ("left", "left", "left", "right"):
        table.add_column(justify=justify)
    for step in steps:
        head = f"{step.event.number} {step.event.on} {pick(KINDS[step.event.kind], lang)}"
        for line, entry in enumerate(step.posting):
            _entry(table, "" if line else head, entry.party, entry.nature, _signed(entry.amount, case.exponent), lang)
    for line, ((party, nature), amount) in enumerate(sorted(case.balances.items())):
        head = "" if line else pick(("余额", "balances"), lang)
        _entry(table, head, party, nature, _signed(amount, case.exponent), lang)
    return Group(verbatim(f"{case.id} · {case.currency}", "bold"), Padding(table, (1, 0, 0, 2)))


def _entry(table: Table, head: str, party: str, nature: str, amount: str, lang: Lang) -> None:
    table.add_row(*map(verbatim, (head, party_name(party, lang), pick(NATURES[nature], lang), amount)))


def _signed(minor: int, exponent: int) -> str:
    return ("−" if minor < 0 else "") + grouped(abs(minor), exponent)
