"""Settling a claim's fee lines one after the other (``settle_by: row``): the program is run once for each line.

The facts of the claim are those of every line, the rules those of the claim's day. Lines come in the order of their
days, those of one day as they stand in the claim, and a line is counted in the windows of its day. What a line leaves
on the meters is there for the next one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from policyengine import ir
from policyengine.claim import Claim, quoted
from policyengine.encode import Counted, Standing, count_on, draft_of, one_after_the_other
from policyengine.errors import ClaimError, Diagnostic
from policyengine.settlement import Facts, Layout

if TYPE_CHECKING:
    from policyengine.engine import Engine

MOST_WRITTEN = 16
"""Layouts of claims written out that an engine keeps, by the number of lines."""


@dataclass(frozen=True, slots=True)
class Written:
    """Claims with one number of lines, written out: the layout, and for each sum the places of what it adds."""

    layout: Layout
    sums: tuple[tuple[int, ...], ...]


def written_out(engine: Engine, lines: int) -> Written:
    """How claims with so many lines are written out; kept with the engine."""
    found = engine.written.get(lines)
    if found is None:
        whole = ir.unrolled(engine.program, lines)
        index = {step.name: at for at, step in enumerate(whole.steps)}
        tail = whole.steps[len(engine.program.steps) * lines :]
        sums = tuple(tuple(index[e.step] for e in ir.walk(s.expr) if isinstance(e, ir.Ref)) for s in tail)
        denominators = engine.layout.denominators * lines + (1,) * len(tail)
        while len(engine.written) >= MOST_WRITTEN:
            engine.written.pop(next(iter(engine.written)))
        found = engine.written[lines] = Written(Layout.of(whole, denominators), sums)
    return found


def line_by_line(engine: Engine, claim: Claim, counted: Counted) -> tuple[tuple[Any, ...], Standing]:
    """The values of the claim written out, and where the meters stand. Raises ``ClaimError``."""
    inputs, rows = engine.read(claim)
    rolling = frozenset(m.name for m in engine.program.meters if m.window.kind == "rolling")
    draft, values, standings, changes = draft_of(counted), dict[int, list[Any]](), dict[int, Standing](), []
    for at in order_of(claim, engine.program.settle_by):
        standing = standings[at] = _stand_of(engine, claim, at, draft, standings)
        found = engine.answer(claim, inputs, (rows[at],), standing.values)
        change = engine.change(standing, found)
        changes.append(change)
        count_on(draft, change, rolling)
        values[at] = [v[0] if isinstance(v, list | tuple) else v for v in found]
    every = [value for at in range(len(claim.lines)) for value in values[at]]
    for places in written_out(engine, len(claim.lines)).sums:
        every.append(sum(every[place] for place in places))
    turns = tuple(standings[at].values for at in range(len(claim.lines)))
    return tuple(every), one_after_the_other(list(standings.values()), changes)._replace(turns=turns)


def _stand_of(engine: Engine, claim: Claim, at: int, draft: Counted, before: Collection[int]) -> Standing:
    """Where the meters stand for one line. Raises ``ClaimError``, which names a line that comes too late."""
    days = [claim.lines[other].service_date for other in before]
    own = claim.lines[at].service_date
    try:
        return engine.stand(_of_its_day(claim, at, engine.program.dated_by), draft)
    except ClaimError as error:
        if own is None or all(day is None or day <= own for day in days):
            raise
        found = error.diagnostics
    field = f"lines[{at}].service_date"
    hint = "the lines are settled in the order in which they stand: list them in the order of their days"
    raise ClaimError([replace(d, field=field, message=_of_line(d.message, field), hint=hint,
                              expected="a line of a later day") if d.code == "E568" else d for d in found])  # fmt: skip


def _of_line(message: str, field: str) -> str:
    """What is said of a claim, said of its line."""
    return f"{field}: {message.partition(': ')[2]}"


def order_of(claim: Claim, by: str) -> list[int]:
    """The fee lines in the order of their settlement. Raises ``ClaimError`` if only some of them state their day."""
    lines = claim.lines
    stated = [(line.service_date, at) for at, line in enumerate(lines) if line.service_date is not None]
    if stated and len(stated) < len(lines):
        field = f"lines[{next(at for at, line in enumerate(lines) if line.service_date is None)}].service_date"
        text = f"{field}: the lines are settled one after the other, each on its day, and only some state it"
        hint = "state the service date of every line; or of none, then all are of the day of the claim"
        record = f"claim {quoted(claim.id)}"
        raise ClaimError(Diagnostic("E575", text, None, "a day such as 2017-05-03", hint, record=record, field=field))
    return [at for _, at in sorted(stated)] if stated and by == "service_date" else list(range(len(lines)))


def _of_its_day(claim: Claim, at: int, dated_by: str) -> Claim:
    """The claim as if it were of the day of its line, for the windows that the line is counted in.

    It was checked as a whole; of the day of one line, other lines may lie after the discharge.
    """
    day = claim.lines[at].service_date
    if day is None:
        return claim
    encounter = BaseModel.model_copy(claim.encounter, update={dated_by: day})
    return BaseModel.model_copy(claim, update={"encounter": encounter})


def facts_by_line(
    program: ir.Program, inputs: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], standing: Standing
) -> Facts:
    """What the program written out reads: facts of each line under names of its own, meters as each line found them."""
    prefixes = [ir.line_prefix(at) for at in range(len(rows))]
    of_lines = {prefix + name: value for prefix, row in zip(prefixes, rows, strict=True) for name, value in row.items()}
    used = {
        prefix + meter.name: value
        for prefix, held in zip(prefixes, standing.turns, strict=True)
        for meter, value in zip(program.meters, held, strict=True)
    }
    return Facts({**inputs, **of_lines}, (), used)
