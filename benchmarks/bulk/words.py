"""The figures in words and tables."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence

from benchmarks.bulk.contest import ROUNDS, Contestant, Result
from benchmarks.results import processor

Row = Sequence[str]


def table(head: Row, rows: Iterable[Row]) -> str:
    """The first column to the left, the others to the right."""
    ruler = ["---", *("---:" for _ in head[1:])]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, ruler, *rows))


def speeds(results: Sequence[Result]) -> str:
    head = ("", "threads", "million claims a second, median", "lowest – highest", "processor ns a claim",
            "first round, s", "claims of a round", "wrong fen")  # fmt: skip
    return table(head, (_row(result) for result in results))


def _row(result: Result) -> Row:
    low, high = min(result.rates) / 1e6, max(result.rates) / 1e6
    wrong = {0: "**0**", -1: "–"}.get(result.wrong, f"{result.wrong:,}")
    one = result.contestant
    return (
        one.label, one.threads, _figures(result.rate / 1e6), f"{_figures(low)} – {_figures(high)}",
        f"{result.of_processor:,.0f}", f"{result.first:.2f}", f"{one.count:,}", wrong,
    )  # fmt: skip


def _figures(number: float) -> str:
    return f"{number:.1f}" if number >= 10 else f"{number:.3g}"


def ratios(results: Sequence[Result], ours: str, bars: Iterable[tuple[str, float | None]]) -> str:
    """``bars``: module of the other and how many times as fast ours is wanted to be."""
    by = {result.contestant.module: result for result in results}
    rows = [(*bar(_against(by[name].contestant), by[ours].times(by[name]), wanted),
             f"{by[ours].times_of_processor(by[name]):.2f} ×") for name, wanted in bars if name in by]  # fmt: skip
    return table(("ratio", "measured", "wanted", "", "by processor time"), rows)


def _against(other: Contestant) -> str:
    return f"ours : {other.label} (threads: {other.threads})"


def bars(rows: Iterable[Row]) -> str:
    """Rows of ``bar``."""
    return table(("", "measured", "wanted", ""), rows)


def bar(label: str, value: float, wanted: float | None, unit: str = "×", most: bool = False) -> Row:
    """A figure beside what is wanted of it: at least, or at ``most``."""
    shown = f"{value:.2f} {unit}" if value < 10 else f"{value:.1f} {unit}"
    if wanted is None:
        return label, shown, "–", ""
    met = value <= wanted if most else value >= wanted
    return label, shown, f"{'≤' if most else '≥'} {wanted:.3g} {unit}", "met" if met else "**missed**"


def versions(results: Sequence[Result]) -> str:
    known = {name: number for result in results for name, number in result.versions.items()}
    return ", ".join(f"{name} {number}" for name, number in sorted(known.items()))


def head(load: str) -> str:
    return f"""# Claims by the million

{processor()}, {platform.system()}, Python {platform.python_version()}; {load}. Every contestant in a process of its
own, on the same seeded claims in minor units; one round of each in turn, {ROUNDS} rounds after a first one that is told
apart (compilation and cold caches); medians; ratios are medians of the ratios within a round. *Wrong fen*: claims of
which an amount differs from plain integers, reckoned one claim after the other."""
