"""A history for people: what each meter holds, in which days, for whom, and what is left of the limits on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table

from policyengine import ir
from policyengine.claim import History, Key, masked
from policyengine.money import decimal_of, exponent_of, grouped, minor_from
from policyengine.report.grid import verbatim
from policyengine.report.names import Lang, pick, plain
from policyengine.report.windows import days_words, last_days, scope_words, window_words
from policyengine.settlement import Settlement, label_of
from policyengine.settlement.limits import LimitUse

Row = tuple[str, tuple[str, ...]]
"""A meter and a scope."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What a meter holds for a scope in a window: minor units or a count. The buckets of a rolling meter are one."""

    meter: ir.Meter
    scope: Mapping[str, str]
    window: str
    first: date | None
    last: date | None
    value: int
    limits: tuple[LimitUse, ...] = ()


def holdings(program: ir.Program, history: History, settled: Iterable[Settlement] = ()) -> tuple[Holding, ...]:
    """Every row of ``history``, in the order of the meters of ``program``; ``settled``: settlements that led to it, the
    last of which says what is left."""
    meters = {m.name: m for m in program.meters}
    left = _left(settled)
    found = [
        _holding(meters[name], scope, rows, history, left)
        for (name, scope), rows in _grouped(meters, history.used).items()
    ]
    order = {name: at for at, name in enumerate(meters)}
    return tuple(sorted(found, key=lambda h: (order[h.meter.name], tuple(h.scope.values()), h.window)))


def _grouped(meters: Mapping[str, ir.Meter], used: Mapping[Key, int]) -> dict[tuple[str, Any], list[tuple[str, int]]]:
    """Rows by what they are told as: one by one, those of a rolling meter together."""
    found: dict[tuple[str, Any], list[tuple[str, int]]] = {}
    for (name, scope, window), value in sorted(used.items()):
        whole = meters[name].window.kind == "rolling"
        found.setdefault((name, (scope, "" if whole else window)), []).append((window, value))
    return found


def _holding(
    meter: ir.Meter, told: tuple[tuple[str, ...], str], rows: list[tuple[str, int]], history: History,
    left: Mapping[tuple[str, tuple[str, ...], str], tuple[LimitUse, ...]],
) -> Holding:  # fmt: skip
    scope, per, window = told[0], tuple(sorted(meter.per)), rows[0][0]
    value = rows[0][1]
    for _, more in rows[1:]:
        value = ir.counted(meter.keep, value, more)
    opened = history.opened.get((meter.window.name, per, scope))
    first, last = last_days(meter, window, history.last, opened.out if opened else None)
    limits = left.get((meter.name, scope, rows[-1][0]), ())
    return Holding(meter, dict(zip(per, scope, strict=True)), window, first, last, value, limits)


def _left(settled: Iterable[Settlement]) -> dict[Key, tuple[LimitUse, ...]]:
    """The limits on each row, as the last claim that was counted in it left them."""
    found: dict[Key, tuple[LimitUse, ...]] = {}
    for settlement in settled:
        uses = [use for use in settlement.limits if use.applies and use.meter is not None]
        for name, key in settlement.origin.counted_in().items():
            own = tuple(use for use in uses if use.meter is not None and use.meter.name == name)
            found[key] = own or found.get(key, ())
    return found


# -- text --------------------------------------------------------------------------------------------------------------


def history_text(
    program: ir.Program, history: History, held: tuple[Holding, ...], lang: Lang = "en", unread: Sequence[str] = ()
) -> Group:
    """A table a meter: for whom, in which days, how much, and the limits on it with what is left. ``unread``: codes of
    the platform that no meter begins with."""
    head = pick(("累计", "accumulators"), lang)
    until = f" · {pick(('截至', 'up to'), lang)} {history.last}" if history.last else ""
    parts: list[RenderableType] = [verbatim(f"{head} · {program.ruleset} · {program.currency}{until}", "bold")]
    for meter in program.meters:
        rows = [h for h in held if h.meter.name == meter.name]
        if rows:
            about = f"{window_words(meter.window, lang)}{pick(('，按', ', per '), lang)}"
            title = f"{label_of(meter.label, lang, plain(meter.name))} [{meter.name}]"
            parts += [verbatim(f"{title}: {about}{scope_words(program, meter.per, lang)}"), _table(program, rows, lang)]
    if not held:
        parts.append(verbatim(pick(("尚无累计", "nothing counted yet"), lang)))
    if unread:
        parts.append(verbatim(pick(("本规则未使用的累计类别", "codes that no meter begins with"), lang), "bold"))
        parts.append(Padding(verbatim(", ".join(unread)), (0, 0, 0, 2)))
    return Group(*parts)


def _table(program: ir.Program, rows: list[Holding], lang: Lang) -> RenderableType:
    table = Table.grid(padding=(0, 3))
    for justify in ("left", "left", "right", "left"):
        table.add_column(justify=justify)
    for row in rows:
        days = row.window if row.meter.window.kind == "visit" else days_words(row.first, row.last, lang)
        whom = ", ".join(masked(one) for one in row.scope.values())
        table.add_row(*(verbatim(cell) for cell in (whom, days, _amount(program, row), "; ".join(_limits(row, lang)))))
    return Padding(table, (0, 0, 1, 2))


def _amount(program: ir.Program, row: Holding) -> str:
    return grouped(row.value, exponent_of(program.currency)) if row.meter.kind == "money" else str(row.value)


def _limits(row: Holding, lang: Lang) -> Iterator[str]:
    for use in row.limits:
        name = label_of(use.label, lang, plain(use.provision))
        limit, left = (_grouped_amount(amount) for amount in (use.limit, use.left))
        yield pick((f"{name}{limit}，余{left}", f"{name} {limit}, {left} left"), lang)


def _grouped_amount(amount: Any) -> str:
    exponent = -amount.as_tuple().exponent
    return grouped(minor_from(amount, exponent), exponent)


# -- plain data --------------------------------------------------------------------------------------------------------


def history_data(
    program: ir.Program, history: History, held: tuple[Holding, ...], unread: Sequence[str] = ()
) -> dict[str, Any]:
    """The history as the next claim takes it, and every holding with its days and limits."""
    return {
        "ruleset": program.ruleset,
        "currency": program.currency,
        "holds": [_data(program, one) for one in held],
        "unread": list(unread),
        "history": history.model_dump(mode="json"),
    }


def _data(program: ir.Program, one: Holding) -> dict[str, Any]:
    exponent = exponent_of(program.currency)
    return {
        "meter": one.meter.name,
        "label": dict(one.meter.label),
        "scope": dict(one.scope),
        "window": {
            "name": one.meter.window.name,
            "key": one.window,
            "from": None if one.first is None else str(one.first),
            "to": None if one.last is None else str(one.last),
        },
        "keep": one.meter.keep,
        "value": str(decimal_of(one.value, exponent)) if one.meter.kind == "money" else one.value,
        "limits": [
            {"provision": use.provision, "kind": use.kind, "limit": str(use.limit), "left": str(use.left)}
            for use in one.limits
        ],
    }
