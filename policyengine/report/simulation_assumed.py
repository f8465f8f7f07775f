"""What a simulation assumes, and what follows from it: answers of people to what they pay, intervals of totals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from rich.console import RenderableType

from policyengine import ir
from policyengine.money import exponent_of, grouped
from policyengine.report.grid import Grid, verbatim
from policyengine.report.names import Lang, pick
from policyengine.report.simulation_words import amount_name
from policyengine.simulate import Outcome, Reform, Simulation
from policyengine.simulate.assumed import WHOLE
from policyengine.simulate.sampling import interval

Name = Callable[[str], str]


def assumptions(found: Simulation, lang: Lang = "en") -> list[str]:
    """What every output repeats."""
    said = []
    if (one := found.elasticity) is not None:
        said.append(pick((f"假定：需求价格弹性 {one.text}（{one.label}）",
                          f"assumed: demand elasticity {one.text} ({one.label})"), lang))  # fmt: skip
    if (drawn := found.sampling) is not None:
        said.append(pick((
            f"假定：参保人为独立抽取的样本；95% 区间，自助抽样 {drawn.draws} 次，种子 {drawn.seed}",
            "assumed: the people of the book are a sample, drawn independently; "
            f"95 % intervals of {drawn.draws:,} draws, seed {drawn.seed}",
        ), lang))  # fmt: skip
    return said


def answered(reform: Reform) -> dict[str, Fraction]:
    """The sums of all groups after people have answered to what they pay, in minor units, and of claims."""
    found: dict[str, int] = {}
    for sums in reform.responses.values():
        for name, value in sums.items():
            found[name] = found.get(name, 0) + value
    return {name: Fraction(value, WHOLE) for name, value in found.items()}


def intervals(one: Outcome) -> dict[str, tuple[int, int]]:
    """From what to what the total of each amount lies."""
    return {name: interval(totals) for name, totals in one.sampled.items()}


def changes(before: Outcome, after: Outcome) -> dict[str, tuple[int, int]]:
    """From what to what a reform changes the total of each amount, the same people drawn before and after."""
    none = [0] * len(next(iter(before.sampled.values()), []))
    names = dict.fromkeys((*before.sampled, *after.sampled))
    return {
        name: interval([
            new - old for old, new in zip(before.sampled.get(name, none), after.sampled.get(name, none), strict=True)
        ])
        for name in names
    }  # fmt: skip


def assumed_text(program: ir.Program, found: Simulation, lang: Lang) -> Iterator[RenderableType]:
    """Both, if they were asked for."""

    def name(amount: str) -> str:
        return amount_name(program, amount, lang)

    if found.elasticity is not None:
        for reform in found.reforms:
            yield from _answers(reform, found, name, lang)
    if found.sampling is not None:
        yield from _intervals(found, name, lang)


def _title(text: str) -> list[RenderableType]:
    return [verbatim(""), verbatim(text, "bold")]


def _answers(reform: Reform, found: Simulation, name: Name, lang: Lang) -> Iterator[RenderableType]:
    exponent, sums = exponent_of(found.currency), answered(reform)
    yield from _title(pick((f"就医行为随负担变化后：{reform.outcome.name}",
                            f"after people have answered to what they pay: {reform.outcome.name}"), lang))  # fmt: skip
    yield verbatim("  " + assumptions(found, lang)[0])
    rows = Grid(["", reform.outcome.name, *(pick(pair, lang) for pair in (("变化后", "answered"), ("差额", "change")))])
    total = reform.outcome.total
    for amount, minor in total.amounts.items():
        after = _half_up(sums[amount])
        rows.add(
            name(amount), *(grouped(value, exponent) for value in (minor, after)), _signed(after - minor, exponent)
        )
    yield rows.shown()


def _half_up(value: Fraction) -> int:
    """To whole minor units, half away from zero."""
    size = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return size if value >= 0 else -size


def _intervals(found: Simulation, name: Name, lang: Lang) -> Iterator[RenderableType]:
    yield from _title(pick(("合计的区间", "intervals of the totals"), lang))
    yield verbatim("  " + assumptions(found, lang)[-1])
    change = pick(("变化", "change"), lang)
    columns: list[Mapping[str, tuple[int, int]]] = [intervals(one) for one in found.outcomes]
    columns += [changes(found.baseline, reform.outcome) for reform in found.reforms]
    names = [*(one.name for one in found.outcomes), *(f"{change}: {one.outcome.name}" for one in found.reforms)]
    rows, exponent = Grid(["", *names]), exponent_of(found.currency)
    to = pick(("至", "to"), lang)
    for amount in dict.fromkeys(key for column in columns for key in column if not key.startswith("patient.")):
        cells = []
        for at, column in enumerate(columns):
            low, high = column.get(amount, (0, 0))
            write = grouped if at < len(found.outcomes) else _signed
            cells.append(f"{write(low, exponent)} {to} {write(high, exponent)}")
        rows.add(name(amount), *cells)
    yield rows.shown()


def _signed(minor: int, exponent: int) -> str:
    return f"+{grouped(minor, exponent)}" if minor > 0 else grouped(minor, exponent)
