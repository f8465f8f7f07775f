"""The code of a kernel: one loop over the claims of a program, meters carried from claim to claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from policyengine.analysis import (
    NUMERIC,
    Analysis,
    analyse,
    overflows,
)  # fmt: skip
from policyengine.backends.kernel import meters
from policyengine.backends.kernel.code import Code, Value
from policyengine.backends.kernel.emit import Emitter
from policyengine.backends.kernel.facts import Facts
from policyengine.backends.kernel.levels import Level, levels_of
from policyengine.backends.kernel.lifted import lifted
from policyengine.backends.kernel.moving import Moving
from policyengine.backends.kernel.pool import Hits, Pool
from policyengine.backends.kernel.shape import ANY_SHAPE, LIMIT, NOTHING_MOVES, Moves, Outputs, Shape, Source, TooWide
from policyengine.backends.kernel.status import Status
from policyengine.backends.kernel.totals import Totals
from policyengine.ir import Input, Program, Step, Sum, reached, walk


def source_of(program: Program, outputs: Outputs, shape: Shape = ANY_SHAPE) -> Source:
    """Raises as ``analyse``, and ``TooWide`` for a program whose integers can leave 256 bits."""
    raised = lifted(program)
    analysis = analyse(raised.program)
    if wide := [found for found in overflows(raised.program, analysis) if found.magnitude >= LIMIT]:
        raise TooWide(tuple(wide))
    words, code = analysis.words, Code()
    hits, moves = Hits() if shape.counting else None, shape.moves or NOTHING_MOVES
    pool = Pool(code, {word: at for at, word in enumerate(words)}, hits=hits, moves=moves)
    writer = Writer(raised.program, analysis, outputs, shape, Emitter(analysis, pool, {}, code))
    writer.write(raised.numbers)
    by_name = writer.by_name
    return Source(
        code.finished(),
        tuple(code.arguments),
        tuple(pool.numbers),
        tuple(pool.cells) or (0,),
        words,
        {name: _denominator(analysis, [by_name[step] for step in steps]) for name, steps in outputs.items()},
        {} if pool.hits is None else pool.hits.places,
        writer.apart,
        shape.whole,
        shape.in_turn,
        tuple(at for at in sorted(moves.numbers) if at < len(raised.numbers)),
        tuple(pool.moved),
    )


def _denominator(analysis: Analysis, steps: Sequence[Step]) -> int:
    """That of an output: sums are of whole minor units."""
    found = {analysis.denominator(s.expr) if s.kind in NUMERIC else 1 for s in steps}
    assert len(steps) == 1 or found == {1}, "a sum of amounts that are not rounded"
    return found.pop()


def _asked(program: Program, outputs: Outputs, by_name: Mapping[str, Step]) -> set[str]:
    """The steps that anything is made of which leaves the kernel."""
    asked = [name for steps in outputs.values() for name in steps]
    asked += [name for m in program.meters for name in (m.step, m.when, m.window.reset) if name]
    asked += [*(step for _, step in program.stated), *([program.covers] if program.covers else [])]
    return {*asked, *reached((by_name[name].expr for name in asked), by_name)}


@dataclass(slots=True)
class Writer:
    """Writes the loop over the claims; ``claim`` is the position of the one that the code is about, ``next`` the block
    to leave it for. ``level``: claims are left by no jump, where each is settled ``apart`` or at several points:
    ``status`` is what became of the claim so far, and all else is computed with facts that are within their bounds, and
    thrown away."""

    program: Program
    analysis: Analysis
    outputs: Outputs
    shape: Shape
    emitter: Emitter
    by_name: dict[str, Step] = field(init=False)
    asked: set[str] = field(init=False)
    facts: Facts = field(init=False)
    apart: bool = field(init=False)
    level: bool = field(init=False)
    kept: Mapping[str, Value] = field(default_factory=dict)
    status: Value = None
    missing: Value = None
    none: Value = None
    claim: Value = None
    next: Value = None

    def __post_init__(self) -> None:
        self.by_name = self.emitter.steps = {s.name: s for s in self.program.steps}
        self.asked = _asked(self.program, self.outputs, self.by_name)
        self.facts = Facts(self.program, self.shape, self.emitter)
        self.apart = self._is_apart()
        self.level = self.emitter.level = self.apart or self.shape.moves is not None

    def _is_apart(self) -> bool:
        """Whether no claim changes anything for another one, and all of it is done without loops within a claim."""
        if (
            self.shape.moves is not None
            or self.program.meters
            or self.shape.counting
            or not (self.shape.whole and self.shape.single)
        ):
            return False
        return not any(self.emitter.is_long(e) for step in self.program.steps for e in walk(step.expr))

    @property
    def code(self) -> Code:
        return self.emitter.code

    def write(self, numbers: Mapping[str, int]) -> None:
        kinds = {d.name: d.kind for d in self.program.inputs}
        for name, value in numbers.items():
            self.emitter.known[0][Input(name, kinds[name])] = self.emitter.pool.number(value)
        code, levels = self.code, levels_of(self.program)
        self.emitter.failing = lambda none: self._leave_if(none, Status.NO_ROW)
        every = code.given("count")
        if not self.level:
            self.missing = code.variable(code.is_true(code.given("missing")))
        if self.shape.moves is None:
            self.kept = meters.variables_of(self.program, code, self.shape.in_turn)
        with code.each_apart(every) if self.apart else code.each(code.number(0), every) as at, self.emitter.scope():
            self.claim = self.facts.claim = at if self.shape.whole else code.load("which", "", at)
            if self.shape.moves is not None:
                self._abreast(levels, Moving(self.by_name, self.shape.moves))
            else:
                self._alone(levels)

    def _alone(self, levels: Sequence[Level]) -> None:
        """The claim under one program."""
        self.next = None if self.apart else self.code.new_block()
        slots = self._slots()
        self._begin()
        self._refuse_wrong(self.facts.wrong())
        self._settle(levels, slots)
        for name, steps in self.outputs.items():
            self._output(name, self._amount(steps))
        self._count_rules()
        self._end()

    def _settle(self, levels: Sequence[Level], slots: Mapping[meters.Group, meters.Slot]) -> None:
        """From what the accumulators hold to what they hold then."""
        places = meters.read(self.program, self.emitter, self.claim, slots, self._leave_if)
        if self.none is not None:
            self._leave_if(self.none, Status.NO_ROW)
        for level in levels:
            self._level(level)
        self._outcome()
        settled = self._is_settled() if self.level else self.code.truth(True)
        meters.write(self.emitter, places, self.claim, self._step, settled)

    def _slots(self) -> Mapping[meters.Group, meters.Slot]:
        return meters.slots_of(self.program, self.code, self.claim, self.shape.in_turn, self.kept)

    # --- several programs side by side ------------------------------------------------------------------------------

    def _abreast(self, levels: Sequence[Level], moving: Moving) -> None:
        """The claim under all programs: first what they have in common, then each."""
        code, watched = self.code, moving.moves.watched & self.outputs.keys()
        wrong, before = self.facts.wrong(), code.load("status", "", self.claim)
        slots, member = self._slots(), code.load("who", "", self.claim)
        self._ahead(levels, moving)
        summed = [name for name in self.outputs if name not in watched]
        shared = [name for name in summed if not any(moving.is_moved(self.by_name[s].expr) for s in self.outputs[name])]
        with self.emitter.softly(code.variable(code.truth(False))):
            amounts = {name: self._amount(self.outputs[name]) for name in shared}
        moved = [Level(x.claim, tuple(r for r in x.rows if moving.is_moved(r.expr)), x.sums) for x in levels]
        totals = Totals.begun(code, self.claim, amounts, bool(watched))
        with code.each_point(), self.emitter.scope():
            self._numbers(moving.moves)
            waits = code.load("waiting", "", member)
            self.status = before
            self._leave_if(code.is_true(waits), Status.WAITING)
            self._refuse_wrong(wrong)
            self._settle(moved, slots)
            settled = self._is_settled()
            code.store("waiting", "", member, code.any_of([code.is_true(waits), self._is_missed()]))
            others = [name for name in summed if name not in amounts]
            totals.add(code, self.status, settled, lambda name: self._amount(self.outputs[name]), others)
            for name in watched:
                some = code.compare(">", self._amount(self.outputs[name]), code.number(0))
                totals.watch(code, name, code.all_of([settled, some]))

    def _numbers(self, moves: Moves) -> None:
        """The numbers that differ."""
        decls = {d.name: d for d in self.program.inputs}
        for place, decl in enumerate(decls[f"#{at}"] for at in sorted(moves.numbers) if f"#{at}" in decls):
            value = self.code.load("moved number", "", self.code.number(place))
            self.emitter.known[-1][Input(decl.name, decl.kind)] = value

    def _ahead(self, levels: Sequence[Level], moving: Moving) -> None:
        """What all programs have in common. A lookup without a row matters where it is asked for."""
        code, emitter = self.code, self.emitter
        if self.shape.single:
            self.facts.of_line([step.expr for step in self.program.steps], self.claim)
        none = code.variable(code.truth(False))
        for level in levels:
            sums = tuple(s for s in level.sums if not moving.is_moved(s))
            rows = tuple(s for s in level.rows if not moving.is_moved(s.expr))
            claim = [s for s in level.claim if not moving.is_moved(s.expr)]
            for step in claim:
                if self._must(step):
                    emitter.ahead(step.expr)
            with emitter.only_softly(none):
                self._level(Level((), rows, sums))
        exprs = [step.expr for step in self.program.steps if self._must(step)]
        for expr in moving.still(exprs):
            if self.shape.single or expr.domain == "claim":
                emitter.ahead(expr)
        self.none = code.now(none)

    def _must(self, step: Step) -> bool:
        """Whether it is computed for every claim."""
        return step.name in self.asked or self.analysis.facts(step.expr).partial

    def _is_missed(self) -> Value:
        """Whether the later claims of the member wait for this one."""
        missed = [status for status in Status if status.is_missed]
        return self.code.any_of([self.code.compare("==", self.status, self.code.number(s)) for s in missed])

    # --- what comes out ---------------------------------------------------------------------------------------------

    def _end(self) -> None:
        code = self.code
        if self.apart:
            code.store("status", "", self.claim, self.status)
            return
        behind = code.new_block()
        code.go_to(behind)
        code.go_on_in(self.next)
        for name in self.outputs:
            code.store("result", name, self.claim, code.number(0))
        code.go_to(behind)
        code.go_on_in(behind)

    def _step(self, name: str) -> Value:
        return self.emitter.value(self.by_name[name].expr)

    def _amount(self, steps: Sequence[str]) -> Value:
        """The sum of steps."""
        found, *others = (self.code.as_number(self._step(step)) for step in steps)
        for value in others:
            found = self.code.add(found, value)
        return found

    def _output(self, name: str, found: Value) -> None:
        if self.apart:
            found = self.code.choose(self._is_settled(), found, self.code.like(found, 0))
        self.code.store("result", name, self.claim, found)

    def _count_rules(self) -> None:
        """A provision with a condition on fee lines applies as often as there are such lines."""
        hits = self.emitter.pool.hits
        for rule in self.program.rules if hits is not None else ():
            assert hits is not None
            place = hits.place(rule.kind, rule.id, 1)
            guard = self.by_name[rule.guard].expr if rule.guard else None
            if guard is not None and guard.domain == "row":
                with self.facts.every_line() as line:
                    self.facts.of_line([guard], line)
                    self._count(hits, place, self.emitter.value(guard))
            else:
                self._count(hits, place, self.code.truth(True) if guard is None else self.emitter.value(guard))

    def _count(self, hits: Hits, place: int, applies: Value) -> None:
        with self.code.only_if(applies):
            hits.one(self.code, place, self.code.number(0))

    # --- before anything is computed --------------------------------------------------------------------------------

    def _begin(self) -> None:
        code = self.code
        before = code.load("status", "", self.claim)
        if self.apart:
            self.status = before
            return
        with code.only_if(code.is_true(before)):
            with code.only_if(code.compare("==", before, code.number(Status.BAD))):
                self._wait()
            code.go_to(self.next)
        with code.only_if(code.now(self.missing)):
            member = code.load("who", "", self.claim)
            self._leave_if(code.is_true(code.load("waiting", "", member)), Status.WAITING)

    def _wait(self) -> None:
        """The later claims of the member wait for this one."""
        code = self.code
        code.put(self.missing, code.truth(True))
        code.store("waiting", "", code.load("who", "", self.claim), code.number(1))

    def _leave(self, status: Status) -> None:
        self.code.store("status", "", self.claim, self.code.number(status))
        if status.is_missed:
            self._wait()
        self.code.go_to(self.next)

    def _is_settled(self) -> Value:
        return self.code.compare("==", self.status, self.code.number(Status.SETTLED))

    def _leave_if(self, condition: Value, status: Status) -> None:
        if self.level:
            now = self.code.all_of([self._is_settled(), condition])
            self.status = self.code.choose(now, self.code.number(status), self.status)
            return
        with self.code.only_if(condition):
            self._leave(status)

    def _refuse_wrong(self, wrong: Sequence[Value]) -> None:
        if wrong:
            self._leave_if(self.code.any_of(wrong), Status.BAD)

    # --- levels -----------------------------------------------------------------------------------------------------

    def _level(self, level: Level) -> None:
        """What a line does to a claim that no jump leaves is told by a flag behind the loop over its lines."""
        for step in level.claim:
            if self._must(step):
                self.emitter.value(step.expr)
        sums = [total for total in level.sums if not self.emitter.has(total)]
        must = [s.expr for s in level.rows if self.analysis.facts(s.expr).partial]
        if not sums and not must:
            return
        code = self.code
        places = {total: code.variable(code.number(0)) for total in sums}
        none = {total: code.variable(code.truth(False)) for total in sums if self.analysis.facts(total.of).partial}
        missed = code.variable(code.truth(False)) if self.level and self.emitter.soft is None else self.emitter.soft
        with self.facts.every_line() as line, self.emitter.only_softly(missed):
            self.facts.of_line([*(s.of for s in sums), *must], line)
            for expr in must:
                self.emitter.value(expr)
            for total in sums:
                self._add(total, places[total], none.get(total))
        if missed is not None and self.emitter.soft is None:
            self._leave_if(code.now(missed), Status.NO_ROW)
        for total in sums:
            if total in none:
                self.emitter.open[total] = code.now(places[total]), code.now(none[total])
            else:
                self.emitter.known[-1][total] = code.now(places[total])

    def _add(self, total: Sum, place: Value, none: Value | None) -> None:
        """A sum that may be asked for nowhere raises a flag where a line has no row."""
        if none is None:
            value = self.emitter.value(total.of)
        else:
            with self.emitter.softly(none):
                value = self.emitter.value(total.of)
        self.code.put(place, self.code.add(self.code.now(place), value))

    # --- behind it --------------------------------------------------------------------------------------------------

    def _outcome(self) -> None:
        code = self.code
        if self.program.covers:
            self._leave_if(code.negated(self._step(self.program.covers)), Status.NOT_COVERED)
        kinds = {d.name: d.kind for d in self.program.inputs if d.domain == "claim"}
        for name, step in self.program.stated:
            stated = self.emitter.value(Input(name, kinds[name]))
            whole = code.by(stated, self.analysis.denominator(self.by_name[step].expr))
            self._leave_if(code.compare("!=", whole, self._step(step)), Status.ELSEWHERE)
