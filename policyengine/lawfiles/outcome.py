"""What came of a law: kept, broken by a claim, or never tried; and the same as text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from policyengine import expressions as ast
from policyengine.claim import FeeLine
from policyengine.errors import Diagnostic, printable, width
from policyengine.expressions import print_expression
from policyengine.lawfiles.model import Exact
from policyengine.lawfiles.parting import Parting, Rest, differing, parting_of, rests_of
from policyengine.lawfiles.ready import Ready
from policyengine.lawfiles.trying import Breach
from policyengine.runs import rows_of
from policyengine.settlement import Settlement, TraceStep, label_of

Row = tuple[str, ...]
ANSWERS = ("national.", "meter.")
"""Steps that say again what others say."""
MOST = 12
"""Steps that are shown side by side."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """``count``: how often the law was held against a claim, or a life; ``lives``: how many lives there were;
    ``breach``: the smallest claims found that break it."""

    ready: Ready
    count: int
    lives: int
    seed: int
    breach: Breach | None = None

    @property
    def passed(self) -> bool:
        """Whether it was tried and kept. A law that was never tried has not passed."""
        return self.breach is None and self.count > 0

    @property
    def diagnostic(self) -> Diagnostic | None:
        """What is wrong, with its place in the law file; claims that break the law as its witness."""
        law = self.ready.law
        if self.breach is not None:
            name = "rows" if _is_run(self.breach) else "claims"
            witness = json.dumps({name: _handed_in(self.breach)}, ensure_ascii=False)
            return Diagnostic("E802", f"the law `{law.id}` is broken", law.holds.span, witness=witness)
        if self.count:
            return None
        text = f"the law `{law.id}` was never tried: none of {self.lives} lives has a claim that it is about"
        hint = "more lives (`--examples`), or a condition that claims under this rule set can meet"
        return Diagnostic("E801", text, law.scope, hint=hint)

    def render(self) -> str:
        """The verdict as text: a line if the law was kept, otherwise what breaks it, with file and line."""
        return "\n".join(printable(line) for line in self._lines())

    def _lines(self) -> Iterator[str]:
        law = self.ready.law
        word = "BROKEN[E802]" if self.breach is not None else "kept" if self.count else "NOT TRIED[E801]"
        title = label_of(law.name, "en", "")
        yield f"{law.id.span}: {word} {law.id} {title}".rstrip()
        if self.breach is not None:
            yield from _broken(self, self.breach)
        elif (found := self.diagnostic) is not None:
            yield f"  {found.message}"
            yield f"  hint: {found.hint}"

    @property
    def documents(self) -> list[object]:
        """The claims that break the law, as JSON has them."""
        return [] if self.breach is None else _documents(self.breach)

    @property
    def command(self) -> str:
        """What tries the law again."""
        law = self.ready.law
        drawn = f"--examples {self.lives} --seed {self.seed}"
        return f"policyengine test {self.ready.where} --law {law.id} {drawn}"


def _documents(breach: Breach) -> list[object]:
    return [json.loads(claim.model_dump_json(exclude_unset=True)) for claim in breach.life]


def _is_run(breach: Breach) -> bool:
    return breach.ready.book.programs[-1].run is not None


def _handed_in(breach: Breach) -> list[object]:
    """The claims as they are handed in again; of a run its rows, each with an id of its own."""
    if not _is_run(breach):
        return _documents(breach)
    rows = [row for claim in breach.life for row in rows_of(breach.ready.book, claim)]
    numbered = (row.model_copy(update={"id": f"r{at}"}) for at, row in enumerate(rows, start=1))
    return [row.plain() for row in numbered]


def _broken(verdict: Verdict, breach: Breach) -> Iterator[str]:
    law = verdict.ready.law
    if law.for_all is not None:
        yield f"  for all: {print_expression(law.for_all)}"
    yield f"  holds: {print_expression(law.holds)}"
    yield from (f"  says: {line}" for line in _evidence(verdict.ready))
    yield f"  the smallest that breaks it, of {_many(len(breach.this), 'claim')}:"
    for settlement in breach.this:
        yield f"    {claim_line(settlement)}"
    yield from (f"    parameter {name} = {value}" for name, value in breach.parameters.items())
    yield from (f"  {line}" for line in _table(_amounts(breach)))
    yield from _reckoned(breach)
    yield "  as JSON Lines:"
    yield from (f"    {json.dumps(one, ensure_ascii=False)}" for one in _handed_in(breach))
    yield f"  try it again: {verdict.command}"


def _evidence(one: Ready) -> Iterator[str]:
    for cite in one.law.cites:
        title = one.book.sources.get(cite.source, {}).get("title", cite.source)
        yield title + (f" “{cite.quote}”" if cite.quote else "")
    yield from (f"assumed: {why}" for why in one.law.assumed)


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def claim_line(settlement: Settlement) -> str:
    """A claim in one line, for people."""
    claim, encounter = settlement.claim, settlement.claim.encounter
    hospital = encounter.hospital
    is_run = settlement.layout.program.run is not None
    who = ", ".join([claim.person.id, *sorted(claim.person.tags), *filter(None, [claim.person.scheme])])
    care = None if is_run else encounter.care_type
    where = [care, hospital.grade if hospital else None, hospital.tier if hospital else None, encounter.area,
             encounter.disease]  # fmt: skip
    lines = "; ".join(_row_line(line) if is_run else _fee_line(line) for line in claim.lines)
    facts = ", ".join(f"{name} {value}" for name, value in (claim.facts or {}).items())
    told = [f"{claim.id} on {settlement.day}", who, ", ".join(filter(None, where)), facts, lines]
    return " · ".join(part for part in told if part)


def _fee_line(line: FeeLine) -> str:
    return f"{line.category} {line.amount} class {line.catalogue_class}"


def _row_line(line: FeeLine) -> str:
    return ", ".join(f"{name} {value}" for name, value in line.facts.items())


# -- amounts -----------------------------------------------------------------------------------------------------------


def _amounts(breach: Breach) -> Iterator[Row]:
    """The split of the last claim, on both sides."""
    columns = [side[-1] for side in (breach.this, breach.other) if side]
    compare = breach.ready.law.compare
    yield ("", *(compare.sides if compare is not None and len(columns) > 1 else ("",)))
    shown = [{"bill": one.total, **one.split, "patient_total": one.amount("patient_total")} for one in columns]
    for name in dict.fromkeys(name for one in shown for name in one):
        found = [one.get(name) for one in shown]
        if any(found) or name == "patient_total":
            yield (name, *("–" if amount is None else f"{amount:,f}" for amount in found))
    if breach.ready.law.each == "life" or any(not isinstance(n, ast.Name) for n in _parts(breach)):
        yield from _sums(breach)


def _parts(breach: Breach) -> list[ast.Node]:
    return [breach.ready.law.holds] if breach.ready.relation is None else []


def _sums(breach: Breach) -> Iterator[Row]:
    """What is added up over the claims of a life."""
    names = [name for _, name, _ in breach.ready.operands]
    for name in names:
        yield (f"{name}, added up", exact_text(breach.values[name], breach.this[-1]))


def exact_text(value: Exact, settlement: Settlement) -> str:
    """An amount in minor units, a rate or a count as text."""
    from policyengine.money import text_of

    if isinstance(value, bool):
        return "yes" if value else "no"
    return text_of(value, settlement.layout.exponent) if isinstance(value, int) else str(value)


def _table(rows: Iterator[Row]) -> Iterator[str]:
    found = list(rows)
    columns = max(map(len, found))
    full = [(*row, *[""] * (columns - len(row))) for row in found]
    widths = [max(width(row[i]) for row in full) for i in range(columns)]
    for row in full:
        cells = [row[0] + " " * (widths[0] - width(row[0]))]
        cells += [" " * (widths[i] - width(row[i])) + row[i] for i in range(1, columns)]
        if any(cell.strip() for cell in cells):
            yield f"  {'  '.join(cells)}".rstrip()


# -- the reckoning -----------------------------------------------------------------------------------------------------


def _reckoned(breach: Breach) -> Iterator[str]:
    """Where two traces part; of one settlement, what the law looks at."""
    if breach.other:
        found = parting_of(breach.this[-1], breach.other[-1])
        if found is not None:
            assert breach.ready.law.compare is not None
            yield from _parting(found, breach.ready.law.compare.sides, breach)
            yield from _beside(breach, breach.ready.law.compare.sides)
        return
    for rest in rests_of(breach.this[-1], breach.ready.law.holds):
        yield from _rest(rest, breach)


def _beside(breach: Breach, sides: Sequence[str]) -> Iterator[str]:
    """The two reckonings side by side, as far as they differ."""
    differ = differing(breach.this[-1], breach.other[-1])
    found = [one for one in differ if one.step.shown and not one.step.name.startswith(ANSWERS)]
    rows = [("", *sides), *((one.step.name, _worth(one.this), _worth(one.other)) for one in found[:MOST])]
    if len(found) > 1:
        yield "  side by side, where they differ:"
        yield from (f"  {line}" for line in _table(iter(rows)))
    if len(found) > MOST:
        yield f"    … and {_many(len(found) - MOST, 'step')} more"


def _parting(found: Parting, sides: Sequence[str], breach: Breach) -> Iterator[str]:
    yield f"  the two reckonings part at {found.step.name}"
    for side, step in zip(sides, (found.this, found.other), strict=True):
        yield f"    {side}: {_worth(step)}" + (f" = {step.formula}" if step is not None else "")
    other = breach.ready.other
    yield from _cited(found.cites, {**(other.sources if other is not None else {}), **breach.ready.book.sources})
    yield from (f"    assumed: {why}" for why in found.step.assumed)


def _worth(step: TraceStep | None) -> str:
    return "–" if step is None else _value(step.value)


def _rest(rest: Rest, breach: Breach) -> Iterator[str]:
    yield f"  {rest.name} = {_value(rest.step.value)}"
    yield f"    formula: {rest.step.formula}"
    yield from _cited(rest.step.cites, breach.ready.book.sources)


def _cited(cites: Sequence[object], sources: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    for cite in cites:
        source, quote = getattr(cite, "source", ""), getattr(cite, "quote", "")
        yield f"    cited: {sources.get(source, {}).get('title', source)}" + (f" “{quote}”" if quote else "")


def _value(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else "[" + ", ".join(value) + "]"
