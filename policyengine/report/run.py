"""A run as text and as data: what each is paid, what is spent in all, the proof of a sought value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from policyengine.money import exponent_of, grouped, text_of
from policyengine.report.data import settlement_data
from policyengine.report.grid import verbatim
from policyengine.report.names import Lang, payer_name, pick
from policyengine.runs import Affordable, RunResult, Trial
from policyengine.settlement import Settlement


def run_text(result: RunResult, lang: Lang = "en") -> Group:
    """The run as a table: a line for each claim, and the sums."""
    first = result.settlements[0]
    program = first.layout.program
    made = result.of
    head = f"{program.ruleset} · {made.window} ({made.day}) · {program.currency}"
    counted = [(f"结算记录 {made.rows} 笔", f"{_count(made.rows, 'settlement')} counted")]
    if made.outside:
        counted.append((f"其他期间 {made.outside} 笔未计入", f"{made.outside} of other windows left out"))
    if made.without:
        counted.append((f"{made.without} 人本期无记录", f"{made.without} handed in without a settlement in the window"))
    told = ", ".join(pick(words, lang) for words in counted)
    parts: list[RenderableType] = [
        verbatim(head, "bold"),
        verbatim(f"  {told}"),
        Padding(_table(result, lang), (1, 0, 0, 2)),
    ]
    assumed = dict.fromkeys(why for one in result.settlements for why in one.assumptions)
    if assumed:
        title = ("依据假设（资料未写明）", "rests on assumptions that no source states")
        parts += [
            verbatim(""),
            verbatim(pick(title, lang), "bold"),
            *(verbatim(f"  - {why.told(lang == 'zh')}") for why in assumed),
        ]
    return Group(*parts)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _table(result: RunResult, lang: Lang) -> Table:
    program = result.settlements[0].layout.program
    payers = [*(share.payer for share in program.payers), "patient"]
    table = Table.grid(padding=(0, 3))
    table.add_column()
    for _ in range(len(payers) + 1):
        table.add_column(justify="right")
    names = [pick(("个人现金", "patient"), lang) if p == "patient" else payer_name(program, p, lang) for p in payers]
    table.add_row(*(verbatim(x, "italic") for x in ("", pick(("金额", "bill"), lang), *names)))
    for one in result.settlements:
        table.add_row(*(verbatim(cell) for cell in (one.claim.id, *_cells([one], payers))))
    total = pick(("合计", "total"), lang)
    table.add_row(*(verbatim(cell, "bold") for cell in (total, *_cells(result.settlements, payers))))
    return table


def _cells(settlements: Sequence[Settlement], payers: Sequence[str]) -> Iterator[str]:
    layout = settlements[0].layout
    splits = [one.split_minor for one in settlements]
    yield grouped(sum(one.minor(layout.program.bill) for one in settlements), layout.exponent)
    for payer in payers:
        yield grouped(sum(split[payer] for split in splits), layout.exponent)


def affordable_text(found: Affordable, currency: str, lang: Lang = "en") -> Group:
    """The sought value with its proof."""
    surplus = _money(found.surplus, currency)
    if found.found is None:
        words = (f"最低值也超出结余 {surplus}", f"even the lowest value overspends {surplus}")
        return Group(verbatim(f"{found.parameter}: {pick(words, lang)}", "bold"), _would(found.lowest, currency, lang))
    value, spent = found.found.value, _money(found.found.spent, currency)
    left = _money(found.surplus - found.found.spent, currency)
    words = (f"结余 {surplus} 可承受的最高值", f"the highest that {surplus} affords")
    highest = ("已是规则允许的最高值", "it is the highest value that the rule file allows")
    return Group(
        verbatim(f"{found.parameter} = {value}: {pick(words, lang)}", "bold"),
        _indented((f"{value} 支付 {spent}，余 {left}", f"{value} pays {spent}; {left} is left"), lang),
        _indented(highest, lang) if found.above is None else _would(found.above, currency, lang),
    )


def _money(minor: int, currency: str) -> str:
    return grouped(minor, exponent_of(currency))


def _would(trial: Trial, currency: str, lang: Lang) -> Text:
    spent = _money(trial.spent, currency)
    return _indented((f"{trial.value} 将支付 {spent}", f"{trial.value} would pay {spent}"), lang)


def _indented(words: tuple[str, str], lang: Lang) -> Text:
    return verbatim("  " + pick(words, lang))


def affordable_data(found: Affordable, currency: str) -> dict[str, Any]:
    """The sought value with its proof, and the settlements at it, as plain data."""
    exponent = exponent_of(currency)

    def trial(one: Any) -> dict[str, str] | None:
        return None if one is None else {"value": one.value, "spent": text_of(one.spent, exponent)}

    left = None if found.found is None else text_of(found.surplus - found.found.spent, exponent)
    return {
        "parameter": found.parameter,
        "surplus": text_of(found.surplus, exponent),
        "lowest": trial(found.lowest),
        "found": trial(found.found),
        "above": trial(found.above),
        "left": left,
        "settlements": [settlement_data(one) for one in (found.result.settlements if found.result else ())],
    }
