"""A claim that was read once and is settled again with other facts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policyengine import ir
from policyengine.claim import Claim, quoted
from policyengine.encode import Counted, Gap, Gaps, Standing, demanded, left_open
from policyengine.engine import Engine, Origin, Parameters
from policyengine.errors import ClaimError, Diagnostic

LEVEL, GRADE = "hospital_level", "hospital_grade"


@dataclass(frozen=True, slots=True)
class Place:
    """A fact of the claim, or of one of its fee lines (``line`` from 0)."""

    fact: str
    line: int | None = None


Assignment = Mapping[Place, ir.Value]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a claim comes to: the values of all steps and the split in minor units, or why it is refused."""

    values: tuple[Any, ...] = ()
    split: tuple[tuple[str, int], ...] = ()
    refused: ClaimError | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """Inputs of a claim in the order of the program, and what settles them. ``None`` stands for a fact not known."""

    engine: Engine
    claim: Claim
    inputs: tuple[Any, ...]
    rows: tuple[tuple[Any, ...], ...]
    counted: Counted
    standing: Standing
    at: Mapping[str, int]
    row_at: Mapping[str, int]
    open: Gaps

    @classmethod
    def of(
        cls, engine: Engine, claim: Claim, read: Any, counted: Counted, standing: Standing, parameters: Parameters
    ) -> Trial:
        inputs, rows = read
        at, row_at = (
            {d.name: n for n, d in enumerate(x for x in engine.program.inputs if x.domain == domain)}
            for domain in ("claim", "row")
        )
        gaps = left_open(engine.program, claim, parameters)
        return cls(engine, claim, inputs, rows, counted, standing, at, row_at, gaps)

    def run(self, facts: Assignment) -> Outcome:
        """What the claim comes to with ``facts`` in the place of its own."""
        inputs, rows = list(self.inputs), self.rows
        for place, value in facts.items():
            if place.line is None:
                inputs[self.at[place.fact]] = value
        if any(place.line is not None for place in facts):
            rows = tuple(self._row(facts, line) for line in range(len(rows)))
        if GRADE in {p.fact for p in facts} and LEVEL in self.at:
            inputs[self.at[LEVEL]] = level_of(inputs[self.at[GRADE]])
        if (asked := self._asked(facts, inputs, rows)) is not None:
            return Outcome(refused=asked)
        try:
            values = self.engine.answer(self.claim, tuple(inputs), rows, self._held(facts))
        except ClaimError as error:
            return Outcome(refused=error)
        return Outcome(values, tuple(self._split(values)))

    def _asked(self, facts: Assignment, inputs: Sequence[Any], rows: Sequence[Sequence[Any]]) -> ClaimError | None:
        """The refusal, if ``facts`` make the rules read something that is not stated."""
        placed = {(place.fact, place.line) for place in facts}
        if (GRADE, None) in placed:
            placed.add((LEVEL, None))
        gaps = self.open.keys() - placed
        if not gaps:
            return None
        on_claim = {name: _gap(name, None, gaps, inputs[at]) for name, at in self.at.items()}
        on_rows = [
            {name: _gap(name, line, gaps, row[at]) for name, at in self.row_at.items()} for line, row in enumerate(rows)
        ]
        needed = demanded(self.engine.program, on_claim, on_rows, frozenset(gaps))
        if not needed:
            return None
        return ClaimError(dict.fromkeys(d for gap, found in self.open.items() if gap in needed for d in found))

    def _row(self, facts: Assignment, line: int) -> tuple[Any, ...]:
        row = list(self.rows[line])
        for place, value in facts.items():
            if place.line == line:
                row[self.row_at[place.fact]] = value
        return tuple(row)

    def _held(self, facts: Assignment) -> tuple[int, ...]:
        """What the meters hold: a fact that a meter is kept by is another meter's row."""
        changed = {place.fact: str(value) for place, value in facts.items() if place.line is None}
        if not any(name in changed for meter in self.engine.program.meters for name in meter.per):
            return self.standing.values
        return self.engine.stand(self.claim, self.counted, changed).values

    def _split(self, values: tuple[Any, ...]) -> Iterator[tuple[str, int]]:
        layout = self.engine.layout
        for payer, steps in layout.shares:
            yield payer, sum(values[i] for i in steps)
        yield "patient", values[layout.patient]


def _gap(name: str, line: int | None, gaps: Collection[Gap], value: Any) -> Any:
    return frozenset([(name, line)]) if (name, line) in gaps else value


def trial_of(origin: Origin) -> Trial:
    """A settled claim, to be settled again. Raises ``ClaimError`` for one that was settled line by line."""
    require_whole(origin.engine, origin.claim)
    read = origin.engine.read(origin.claim)
    return Trial.of(origin.engine, origin.claim, read, origin.counted, origin.standing, origin.parameters)


def require_whole(engine: Engine, claim: Claim) -> None:
    """Raises ``ClaimError`` for a claim whose fee lines are settled one after the other: no single trial tells what a
    fact would change."""
    if engine.program.settle_by:
        message = (
            f"{engine.program.ruleset} settles fee lines one after the other; what a fact would change is not told"
        )
        raise ClaimError(Diagnostic("E575", message, record=f"claim {quoted(claim.id)}"))


def level_of(grade: str) -> str:
    """The level of a hospital follows from its grade."""
    return grade.partition("_")[0]


def borne(program: ir.Program, split: tuple[tuple[str, int], ...]) -> int:
    """What the patient bears, accounts included."""
    own = {share.payer for share in program.payers if share.side == "patient"} | {"patient"}
    return sum(amount for payer, amount in split if payer in own)
