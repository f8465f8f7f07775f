"""What came of a case: passed, or where it differs – payer by payer, and the first step that departs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from policyengine.casebook.model import Case
from policyengine.errors import Span, printable, width
from policyengine.settlement import TraceStep, label_of


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as expected. ``gap``: got less expected, for amounts."""

    span: Span
    where: str
    expected: str
    got: str
    gap: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Departure:
    """The first step, in the order of the reckoning, whose value is not the expected one."""

    step: TraceStep
    expected: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of running a case. ``sources``: the documents of the rule set, for citations."""

    case: Case
    differences: tuple[Difference, ...]
    departure: Departure | None = None
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        return not self.differences

    def render(self) -> str:
        """The outcome as text: a line if the case passed, otherwise what differs, with file and line."""
        title = label_of(self.case.title, "en", "")
        head = f"{self.case.span}: {'passed' if self.passed else 'FAILED'} {self.case.id}"
        lines = [f"{head} {title}".rstrip(), *(() if self.passed else self._details())]
        return "\n".join(printable(line) for line in lines)

    def _details(self) -> Iterator[str]:
        yield f"  expected figures: {self.case.source}"
        yield from _table(self.differences)
        for difference in self.differences:
            yield from (f"  {difference.where}: {line}" for line in difference.note.splitlines())
        if self.departure is not None:
            yield from self._departure(self.departure)

    def _departure(self, departure: Departure) -> Iterator[str]:
        step = departure.step
        value = step.value if isinstance(step.value, str) else "[" + ", ".join(step.value) + "]"
        yield f"  first step that departs: {step.name} = {value}, expected {departure.expected}"
        yield f"    formula: {step.formula}"
        for cite in step.cites:
            title = self.sources.get(cite.source, {}).get("title", cite.source)
            yield f"    cited: {title}" + (f" “{cite.quote}”" if cite.quote else "")
        yield from (f"    assumed: {why}" for why in step.assumed)


def _table(differences: Sequence[Difference]) -> Iterator[str]:
    rows = [("", "expected", "got", "difference")]
    rows += [(d.where, d.expected, d.got, d.gap) for d in differences]
    widths = [max(width(row[i]) for row in rows) for i in range(4)]
    spans = ["", *(f"{d.span.file}:{d.span.line}" for d in differences)]
    for row, span in zip(rows, spans, strict=True):
        cells = [row[0] + " " * (widths[0] - width(row[0]))]
        cells += [" " * (widths[i] - width(row[i])) + row[i] for i in (1, 2, 3)]
        yield f"  {'  '.join(cells)}  {span}".rstrip()
