"""Claims settled again, for people and for programs: what changes, claim by claim, and what is due."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table

from policyengine.money import grouped, minor_from
from policyengine.report.data import as_texts, settlement_data
from policyengine.report.grid import verbatim
from policyengine.report.names import Lang, payer_name, pick
from policyengine.resettlement import Moved, Resettlement
from policyengine.settlement import Settlement

KINDS: Final = {"changed": ("变更", "changed"), "reversed": ("冲正", "reversed"), "inserted": ("补录", "inserted late")}
Row = tuple[str, ...]


def resettlement_data(found: Resettlement) -> dict[str, Any]:
    """Plain data: every change with the settlement that is taken back and the one that takes its place."""
    return {
        "claims": len(found.before),
        "equal": found.equal,
        "changes": [_change(moved) for moved in found.changes],
        "paid_after": as_texts(found.paid_after),
        "paid_back": as_texts(found.paid_back),
        "history": found.history.model_dump(mode="json"),
    }


def _change(moved: Moved) -> dict[str, Any]:
    """``reversal``: the national message of the first settlement with every amount negated."""
    return {
        "claim": moved.claim_id,
        "kind": moved.kind,
        "day": str(moved.settlement.day),
        "currency": moved.settlement.layout.program.currency,
        "difference": as_texts(moved.difference),
        "granted": as_texts(moved.granted),
        "reversal": as_texts(moved.reversal()) if moved.before else None,
        "before": moved.before and settlement_data(moved.before),
        "after": moved.after and settlement_data(moved.after),
    }


def resettlement_text(found: Resettlement, lang: Lang = "en") -> Group:
    """A table for every claim that changes, and the sums due."""
    parts: list[RenderableType] = [verbatim(_head(found, lang), "bold")]
    for moved in found.changes:
        title = f"{moved.claim_id} · {moved.settlement.day} · {pick(KINDS[moved.kind], lang)}"
        parts += [verbatim(""), verbatim(title, "bold"), Padding(_amounts(moved, lang), (0, 0, 0, 2))]
    if found.changes:
        parts += [
            verbatim(""),
            verbatim(pick(("合计", "due in all"), lang), "bold"),
            Padding(_due(found, lang), (0, 0, 0, 2)),
        ]
    return Group(*parts)


def _head(found: Resettlement, lang: Lang) -> str:
    changed, equal = len(found.changes), found.equal
    return pick(
        (f"重新结算：{equal} 笔不变，{changed} 笔变更", f"settled again: {equal} equal, {changed} changed"), lang
    )


def _amounts(moved: Moved, lang: Lang) -> Table:
    """What each payer bore, bears now, and the difference."""
    titles = ("", pick(("原结算", "first"), lang), pick(("重新结算", "now"), lang), pick(("差额", "difference"), lang))
    old, new = (_split(s) for s in (moved.before, moved.after))
    exponent = moved.settlement.layout.exponent
    rows = [
        (_payer(moved, payer, lang), grouped(old.get(payer, 0), exponent), grouped(new.get(payer, 0), exponent),
         _signed(minor, exponent))
        for payer, minor in moved.difference_minor.items() if old.get(payer) or new.get(payer)
    ]  # fmt: skip
    rows += [(name, "", "", _signed(minor_from(amount, exponent), exponent)) for name, amount in moved.granted.items()]
    return _table([titles, *rows])


def _split(settlement: Settlement | None) -> dict[str, int]:
    return {} if settlement is None else settlement.split_minor


def _payer(moved: Moved, payer: str, lang: Lang) -> str:
    if payer == "patient":
        return pick(("个人现金", "patient"), lang)
    programs = [s.layout.program for s in (moved.after, moved.before) if s is not None]
    program = next(p for p in programs if any(share.payer == payer for share in p.payers))
    return payer_name(program, payer, lang)


def _signed(minor: int, exponent: int) -> str:
    return f"{'+' if minor > 0 else '−' if minor < 0 else ''}{grouped(abs(minor), exponent)}"


def _due(found: Resettlement, lang: Lang) -> Table:
    titles = ("", pick(("应补付", "to pay after"), lang), pick(("应退回", "to get back"), lang))
    names = {payer: _payer(moved, payer, lang) for moved in found.changes for payer in moved.difference_minor}
    exponent = found.changes[0].settlement.layout.exponent
    back = found.paid_back

    def cell(amount: Decimal) -> str:
        return grouped(minor_from(amount, exponent), exponent)

    rows = [(names[p], cell(after), cell(back[p])) for p, after in found.paid_after.items() if after or back[p]]
    return _table([titles, *rows])


def _table(rows: Iterable[Row]) -> Table:
    listed = list(rows)
    table = Table.grid(padding=(0, 3))
    for at in range(len(listed[0])):
        table.add_column(justify="right" if at else "left")
    for number, row in enumerate(listed):
        table.add_row(*(verbatim(cell, "" if number else "italic") for cell in row))
    return table
