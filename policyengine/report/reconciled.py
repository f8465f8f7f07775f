"""A reconciliation for people and for programs: totals of both sides, differences by kind."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table

from policyengine.cases.reconcile import KINDS, Reconciled, Totals
from policyengine.money import grouped, text_of
from policyengine.report.grid import verbatim
from policyengine.report.names import Lang, pick


def reconciled_data(found: Reconciled, exponent: int) -> dict[str, Any]:
    """Plain data."""
    return {
        "ours": _totals(found.ours, exponent), "theirs": _totals(found.theirs, exponent), "equal": found.equal,
        "differences": [
            {"kind": one.kind, "references": list(one.references), "ours": text_of(one.ours, exponent),
             "theirs": text_of(one.theirs, exponent)}
            for one in found.differences
        ],
    }  # fmt: skip


def _totals(totals: Totals, exponent: int) -> dict[str, Any]:
    return {
        "payments": totals.count, "paid": text_of(totals.paid, exponent), "refunds": totals.refunds,
        "refunded": text_of(totals.refunded, exponent), "net": text_of(totals.net, exponent),
    }  # fmt: skip


def reconciled_text(found: Reconciled, exponent: int, lang: Lang = "en") -> Group:
    """The totals as a table, and every difference."""
    head = (f"{found.equal} 笔相符，{len(found.differences)} 处差异", f"{found.equal} lines agree, "
            f"{len(found.differences)} differences")  # fmt: skip
    parts: list[RenderableType] = [verbatim(pick(head, lang)), Padding(_sums(found, exponent, lang), (1, 0, 1, 2))]
    return Group(*parts, Padding(_differences(found, exponent, lang), (0, 0, 0, 2)))


def _sums(found: Reconciled, exponent: int, lang: Lang) -> Table:
    rows = [
        (("付款", "paid"), found.ours.paid, found.theirs.paid),
        (("退款", "refunded"), found.ours.refunded, found.theirs.refunded),
        (("净额", "net"), found.ours.net, found.theirs.net),
    ]
    table = _table(3)
    table.add_row(*map(verbatim, ("", pick(("我方", "ours"), lang), pick(("对方", "theirs"), lang))))
    for name, ours, theirs in rows:
        table.add_row(*map(verbatim, (pick(name, lang), _signed(ours, exponent), _signed(theirs, exponent))))
    return table


def _differences(found: Reconciled, exponent: int, lang: Lang) -> Table:
    table = _table(4)
    for one in found.differences:
        cells = (pick(KINDS[one.kind], lang), _signed(one.ours, exponent), _signed(one.theirs, exponent))
        table.add_row(*map(verbatim, (*cells, ", ".join(one.references))))
    return table


def _table(columns: int) -> Table:
    table = Table.grid(padding=(0, 3))
    for at in range(columns):
        table.add_column(justify="right" if at in (1, 2) else "left")
    return table


def _signed(minor: int, exponent: int) -> str:
    return ("−" if minor < 0 else "") + grouped(abs(minor), exponent)
