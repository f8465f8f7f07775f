"""Whom paying for care ruins, and what of a rule set the claims exercise, as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

from rich.console import RenderableType

from policyengine import ir
from policyengine.money import exponent_of, grouped
from policyengine.report.grid import Grid, verbatim
from policyengine.report.names import Lang, code_name, fact_name, pick, plain, term_name
from policyengine.report.simulation_words import group_name
from policyengine.rulebook import Rulebook
from policyengine.settlement import label_of
from policyengine.simulate import Burden, Outcome, Simulation
from policyengine.simulate.model import Hit, Means
from policyengine.terms import FACTS

_MEASURES: Final[Mapping[str, tuple[str, str]]] = {
    "over_10": ("自付超过收入的10%", "pay more than 10 % of their income"),
    "over_25": ("自付超过收入的25%", "pay more than 25 % of their income"),
    "over_capacity": ("自付超过支付能力的40%", "pay more than 40 % of their capacity to pay"),
    "poor": ("支付前已在贫困线以下", "are poor before they pay"),
    "impoverished": ("因病致贫：支付后落入贫困线以下", "are made poor by paying"),
    "poorer": ("贫困且有自付", "are poor and have to pay"),
}


def hardship_text(program: ir.Program, found: Simulation, lang: Lang) -> Iterator[RenderableType]:
    """Burdens under the baseline and every reform: all together, and by group or year. Nothing if none are measured."""
    means = found.means
    if means is None:
        return
    titles = {
        True: ("灾难性卫生支出与因病致贫（人年，按家庭合计，含无结算单的家庭）",
               "catastrophic expenditure and impoverishment: years of people, by the purse of their household"),
        False: ("灾难性卫生支出与因病致贫（有结算单的人年，按本人收入）",
                "catastrophic expenditure and impoverishment: years of people with claims, by their own income"),
    }  # fmt: skip
    yield verbatim("")
    yield verbatim(pick(titles[means.of_households], lang), "bold")
    yield from (verbatim("  " + text) for text in _amounts(found, means, lang))
    grid = Grid(["", *(one.name for one in found.outcomes)])
    labels = sorted({label for one in found.outcomes for label in one.burdens})
    _add(grid, pick(("全部", "all"), lang), [_together(one) for one in found.outcomes], means, lang)
    if means.by and len(labels) > 1:
        for label in labels:
            burdens = [one.burdens.get(label, Burden()) for one in found.outcomes]
            names = (group_name(program, *pair, lang) for pair in zip(means.by, label, strict=True))
            _add(grid, ", ".join(names), burdens, means, lang)
    yield grid.shown()


def _amounts(found: Simulation, means: Means, lang: Lang) -> Iterator[str]:
    exponent = exponent_of(found.currency)
    for zh, en, amount in (
        ("贫困线", "poverty line", means.poverty_line),
        ("生存支出", "subsistence", means.subsistence),
    ):
        said = (
            pick(("未给出，不测算", "not given: not measured"), lang) if amount is None else grouped(amount, exponent)
        )
        yield f"{pick((zh, en), lang)}: {said}"


def _together(outcome: Outcome) -> Burden:
    found = Burden()
    for burden in outcome.burdens.values():
        found.add(burden)
    return found


def _add(grid: Grid, name: str, burdens: list[Burden], means: Means, lang: Lang) -> None:
    grid.add(name, *(f"{burden.people:,}" for burden in burdens), style="bold")
    for field, words in (("unknown", ("收入不详", "of unknown income")),
                         ("incomplete", ("有未结算的结算单", "with a claim that is not settled"))):  # fmt: skip
        if any(getattr(burden, field) for burden in burdens):
            grid.add(f"  {pick(words, lang)}", *(f"{getattr(burden, field):,}" for burden in burdens))
    for field, words in _MEASURES.items():
        needed = means.subsistence if field == "over_capacity" else means.poverty_line
        if needed is not None or field in ("over_10", "over_25"):
            grid.add(f"  {pick(words, lang)}", *(_of(getattr(burden, field), burden.measured) for burden in burdens))


def _of(count: int, whole: int) -> str:
    """A count with its share, in hundredths of a percent, rounded half up."""
    if not whole:
        return f"{count:,}"
    hundredths = int(Fraction(count, whole) * 10_000 + Fraction(1, 2))
    return f"{count:,} ({hundredths // 100}.{hundredths % 100:02} %)"


# What the claims exercise


def exercised_text(books: Mapping[str, Rulebook], found: Simulation, lang: Lang) -> Iterator[RenderableType]:
    """Of every rule set: how often each provision that has a condition applied and each row of a table was looked up;
    those that never were. ``books``: by the names of the outcomes."""
    for outcome in found.outcomes:
        if not outcome.hits:
            continue
        yield verbatim("")
        title = (f"结算单用到的规则：{outcome.name}", f"what the claims exercise: {outcome.name}")
        yield verbatim(pick(title, lang), "bold")
        programs = {program.valid[0]: program for program in books[outcome.name].every_program}
        several = len({since for since, _, _ in outcome.hits}) > 1
        grid = Grid(["", pick(("次数", "times"), lang)])
        for hit, counts in sorted(outcome.hits.items()):
            version = f"{hit[0] or '…'}: " if several else ""
            for name, count in _rows(programs[hit[0]], hit, counts, lang):
                never = pick(("从未", "never"), lang)
                grid.add(version + name, f"{count:,}" if count else never, style="" if count else "yellow")
        yield grid.shown()


def _rows(program: ir.Program, hit: Hit, counts: list[int], lang: Lang) -> Iterator[tuple[str, int]]:
    _, kind, name = hit
    if kind == "table":
        table = program.table(name)
        for at, count in enumerate(counts):
            patterns = table.patterns[at] if table.patterns else ()
            cells = (_cell(program, key, one, lang) for key, one in zip(table.keys, patterns, strict=False))
            yield f"{name} {at + 1}: {', '.join(cells)}", count
        return
    rule = next((rule for rule in program.rules if (rule.kind, rule.id) == (kind, name)), None)
    label = label_of(rule.label, lang, plain(name)) if rule is not None else plain(name)
    what = pick(("层次", "layer"), lang) if kind == "layer" else term_name(kind, lang)
    yield f"{label} ({name}, {what})", sum(counts)


def _cell(program: ir.Program, key: str, pattern: ir.Pattern, lang: Lang) -> str:
    """What one cell of a row is met by."""
    if pattern is None:
        return pick(("任意", "any"), lang)
    if isinstance(pattern, ir.Interval):
        low, high = ("" if end is None else str(end) for end in (pattern.low, pattern.high))
        return f"{fact_name(program, key, lang)} {low}..{high}"
    if all(isinstance(word, bool) for word in pattern):
        return "|".join("yes" if word else "no" for word in sorted(pattern, key=bool))
    order = list(FACTS[key].values) if key in FACTS else []
    words = sorted(map(str, pattern), key=lambda word: (order.index(word) if word in order else len(order), word))
    return "|".join(code_name(program, key, word, lang) for word in words)
