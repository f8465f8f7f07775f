"""The code of a kernel: one loop over the claims of a program, meters carried from claim to claim."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from policyengine.analysis import (
    MAX_ROWS,
    NUMERIC,
    Analysis,
    analyse,
    every_word,
    input_range,
    is_summed,
    overflows,
)  # fmt: skip
from policyengine.backends.kernel import meters
from policyengine.backends.kernel.code import Code, Value
from policyengine.backends.kernel.emit import Emitter
from policyengine.backends.kernel.levels import Level, levels_of, row_inputs
from policyengine.backends.kernel.lifted import lifted
from policyengine.backends.kernel.pool import Hits, Pool
from policyengine.backends.kernel.shape import ANY_SHAPE, LIMIT, Outputs, Shape, Source, TooWide
from policyengine.backends.kernel.status import Status
from policyengine.ir import Expr, Input, InputDecl, Program, Step, Sum, reached, walk
from policyengine.money import MAX_MINOR, RATE_GRID


def source_of(program: Program, outputs: Outputs, shape: Shape = ANY_SHAPE) -> Source:
    """Raises as ``analyse``, and ``TooWide`` for a program whose integers can leave 256 bits."""
    raised = lifted(program)
    analysis = analyse(raised.program)
    if wide := [found for found in overflows(raised.program, analysis) if found.magnitude >= LIMIT]:
        raise TooWide(tuple(wide))
    words, code = every_word(program), Code()
    pool = Pool(code, {word: at for at, word in enumerate(words)}, hits=Hits() if shape.counting else None)
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


def _range(decl: InputDecl) -> tuple[int, int]:
    """The least and the largest that a fact may be, as columns hold it."""
    scale = RATE_GRID if decl.kind == "rate" else 1
    low, high = (bound * scale for bound in input_range(decl))
    return int(-(-low // 1)), int(high // 1)


@dataclass(slots=True)
class Writer:
    """Writes the loop over the claims; ``claim`` is the position of the one that the code is about, ``next`` the block
    to leave it for. Claims that are settled ``apart`` are left by no jump: ``status`` is what became of the claim so
    far, and all else is computed with facts that are within their bounds, and thrown away."""

    program: Program
    analysis: Analysis
    outputs: Outputs
    shape: Shape
    emitter: Emitter
    by_name: dict[str, Step] = field(init=False)
    asked: set[str] = field(init=False)
    apart: bool = field(init=False)
    status: Value = None
    missing: Value = None
    claim: Value = None
    next: Value = None

    def __post_init__(self) -> None:
        self.by_name = self.emitter.steps = {s.name: s for s in self.program.steps}
        self.asked = _asked(self.program, self.outputs, self.by_name)
        self.apart = self.emitter.level = self._is_apart()

    def _is_apart(self) -> bool:
        """Whether no claim changes anything for another one, and all of it is done without loops within a claim."""
        if self.program.meters or self.shape.counting or not (self.shape.whole and self.shape.single):
            return False
        return not any(self.emitter.is_long(e) for step in self.program.steps for e in walk(step.expr))

    @property
    def code(self) -> Code:
        return self.emitter.code

    def write(self, numbers: Mapping[str, int]) -> None:
        kinds = {d.name: d.kind for d in self.program.inputs}
        for name, value in numbers.items():
            self.emitter.known[0][Input(name, kinds[name])] = self.emitter.pool.number(value)
        code = self.code
        every = code.given("count")
        if not self.apart:
            self.missing = code.variable(code.is_true(code.given("missing")))
        with code.each_apart(every) if self.apart else code.each(code.number(0), every) as at, self.emitter.scope():
            self.claim = at if self.shape.whole else code.load("which", "", at)
            self.next = None if self.apart else code.new_block()
            self._begin()
            self._facts()
            places = meters.read(self.program, self.emitter, self.claim, self._leave_if)
            for level in levels_of(self.program):
                self._level(level)
            self._outcome()
            meters.write(self.emitter, places, self.claim, self._step)
            for name, steps in self.outputs.items():
                self._output(name, [self._step(step) for step in steps])
            self._count_rules()
            self._end()

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

    def _output(self, name: str, values: Sequence[Value]) -> None:
        found = self.code.as_number(values[0])
        for value in values[1:]:
            found = self.code.add(found, value)
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
                with self._pass() as line:
                    self._line_facts([guard], line)
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
        self.emitter.failing = lambda none: self._leave_if(none, Status.NO_ROW)
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
        if self.apart:
            now = self.code.all_of([self._is_settled(), condition])
            self.status = self.code.choose(now, self.code.number(status), self.status)
            return
        with self.code.only_if(condition):
            self._leave(status)

    def _facts(self) -> None:
        """The facts of the claim; one that is out of its bounds refuses it, on a fee line as well."""
        code, wrong = self.code, list[Value]()
        for decl in self._stated("claim"):
            value = self._loaded(decl, "claim", self.claim)
            wrong += self._wrong(decl, "claim", value)
            self.emitter.known[-1][Input(decl.name, decl.kind)] = self._within(decl, "claim", value)
        rows = [d for d in self._stated("row") if ("row", d.name) not in self.shape.uniform and d.kind != "flag"]
        if not self.shape.single:
            wrong.append(code.compare(">", code.sub(*reversed(self._lines())), code.number(MAX_ROWS)))
        if rows:
            wrong += self._wrong_rows(rows)
        if wrong:
            self._leave_if(code.any_of(wrong), Status.BAD)

    def _wrong_rows(self, rows: Sequence[InputDecl]) -> list[Value]:
        code = self.code
        any_wrong = code.variable(code.truth(False))
        totals = {d.name: code.variable(code.number(0)) for d in rows if is_summed(d)}
        with self._pass() as line:
            for decl in rows:
                value = self._loaded(decl, "row", line)
                code.put(any_wrong, code.any_of([code.now(any_wrong), *self._wrong(decl, "row", value)]))
                if decl.name in totals:
                    code.put(totals[decl.name], code.add(code.now(totals[decl.name]), value))
        over = [code.compare(">", code.now(total), code.number(MAX_MINOR)) for total in totals.values()]
        return [code.now(any_wrong), *over]

    def _stated(self, domain: str) -> Iterator[InputDecl]:
        return (d for d in self.program.inputs if d.domain == domain and not d.name.startswith("#"))

    def _wrong(self, decl: InputDecl, domain: str, value: Value) -> list[Value]:
        """Conditions that a fact must not meet; none for one that all claims share, which was looked at before."""
        code = self.code
        if (domain, decl.name) in self.shape.uniform or decl.kind == "flag":
            return []
        if decl.kind == "code":
            return [code.compare("<", value, code.number(0))]
        low, high = _range(decl)
        return [code.compare("<", value, code.number(low)), code.compare(">", value, code.number(high))]

    def _within(self, decl: InputDecl, domain: str, value: Value) -> Value:
        """The fact; of a claim that is not left by a jump, any that is within its bounds where this one is not."""
        wrong = self._wrong(decl, domain, value) if self.apart else []
        if not wrong:
            return value
        low = 0 if decl.kind == "code" else _range(decl)[0]
        return self.code.choose(self.code.any_of(wrong), self.code.number(low), value)

    def _loaded(self, decl: InputDecl, domain: str, at: Value) -> Value:
        code, name = self.code, f"{domain} {decl.name}"
        if (domain, decl.name) in self.shape.uniform:
            shared = code.given("same", name)
            return code.is_true(shared) if decl.kind == "flag" else shared
        if decl.kind == "code":
            position = code.load("fact", name, at, "code")
            return code.load("words", name, code.add(position, code.number(1)))
        return code.load("fact", name, at, "flag" if decl.kind == "flag" else "")

    def _lines(self) -> tuple[Value, Value]:
        """The first fee line of the claim, and the one behind its last."""
        after = self.code.add(self.claim, self.code.number(1))
        return self.code.load("offsets", "", self.claim), self.code.load("offsets", "", after)

    @contextmanager
    def _pass(self) -> Iterator[Value]:
        """A pass over the fee lines of the claim."""
        with self.emitter.scope():
            if self.shape.single:
                yield self.claim
            else:
                with self.code.each(*self._lines()) as line:
                    yield line

    # --- levels -----------------------------------------------------------------------------------------------------

    def _level(self, level: Level) -> None:
        for step in level.claim:
            if step.name in self.asked or self.analysis.facts(step.expr).partial:
                self.emitter.value(step.expr)
        sums = list(level.sums)
        must = [s.expr for s in level.rows if self.analysis.facts(s.expr).partial]
        if not sums and not must:
            return
        code = self.code
        places = {total: code.variable(code.number(0)) for total in sums}
        none = {total: code.variable(code.truth(False)) for total in sums if self.analysis.facts(total.of).partial}
        with self._pass() as line:
            self._line_facts([*(s.of for s in sums), *must], line)
            for expr in must:
                self.emitter.value(expr)
            for total in sums:
                self._add(total, places[total], none.get(total))
        for total in sums:
            if total in none:
                self.emitter.open_sums[total] = code.now(places[total]), code.now(none[total])
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

    def _line_facts(self, exprs: Sequence[Expr], line: Value) -> None:
        """The facts of the line that expressions read."""
        decls = {d.name: d for d in self._stated("row")}
        for fact in row_inputs(exprs, self.by_name):
            decl = decls[fact.name]
            self.emitter.known[-1][fact] = self._within(decl, "row", self._loaded(decl, "row", line))

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
