"""Settling batches: a rule set ready for claims by the million."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policyengine import cache, ir
from policyengine.backends.kernel import Kernel, Outputs, Shape, kernel_of
from policyengine.bulk.batch import Batch
from policyengine.coverage import require_in_force
from policyengine.encode.parameters import typed_parameters
from policyengine.mass.openings import Openings
from policyengine.mass.prepared import Prepared, Version, prepared
from policyengine.mass.running import Run
from policyengine.mass.turns import lines_of, settled_whole
from policyengine.money import exponent_of
from policyengine.rulebook import Rulebook

Array = NDArray[Any]
Hits = Mapping[int, Mapping[tuple[str, str], Array]]


def standard_outputs(program: ir.Program) -> Outputs:
    """The bill, what each payer bears, what the patient bears in total and by reason, sums outside the bill."""
    found: dict[str, tuple[str, ...]] = {"bill": (program.bill,)}
    found |= {share.payer: share.steps for share in program.payers}
    found["patient_total"] = ("patient_total",)
    for reason in program.reasons:
        name = f"patient.{reason.reason}"
        found[name] = (*found.get(name, ()), reason.step)
    for grant in program.grants:
        name = f"grant.{grant.payer}"
        found[name] = (*found.get(name, ()), grant.step)
    return {name: steps for name, steps in found.items() if steps}


@dataclass(frozen=True, slots=True)
class Settled:
    """``status`` of each claim (see ``Status``); ``amounts`` in minor units, zero for a claim that is not settled.
    ``hits``, if they are counted: of every version that had claims, by its number, how often each row of a table was
    looked up (kind ``table``) and each provision applied (its kind), by name."""

    batch: Batch
    status: Array
    amounts: Mapping[str, Array]
    hits: Mapping[int, Mapping[tuple[str, str], Array]] = field(default_factory=dict)


@dataclass(frozen=True)
class Bulk:
    """A rule set ready for batches; may be used by several threads at once.

    ``parameters`` as for ``settle``. ``known_on``: the rules as they were known on a day, for all claims; by default
    everything that the files hold, whatever day of settlement a claim states. ``only``: names of outputs, all of
    ``standard_outputs`` if empty. ``counting``: hits are counted. ``outputs_of``: the amounts of a program. ``making``:
    makes the kernel of the program of a number, in place of compiling that program. ``openings``: what members begin
    with. Raises ``RuleError`` for a rule set
    that is not in force, ``ClaimError`` for wrong parameters.
    """

    book: Rulebook
    parameters: Mapping[str, object] = field(default_factory=dict)
    known_on: datetime.date | None = None
    allow_draft: bool = False
    only: tuple[str, ...] = ()
    counting: bool = False
    outputs_of: Callable[[ir.Program], Outputs] = standard_outputs
    making: Callable[[int, Outputs, Shape], Kernel] | None = None
    openings: Openings | None = None
    kernels: dict[tuple[int, Shape], Kernel] = field(default_factory=dict, repr=False)
    lock: Lock = field(default_factory=Lock, repr=False, compare=False)

    def __post_init__(self) -> None:
        require_in_force(self.book, self.allow_draft)

    @cached_property
    def versions(self) -> tuple[Version, ...]:
        """The programs in their order, each with the parameters that are given."""
        programs = self.book.edition_on(self.known_on).programs
        return tuple(Version(p, typed_parameters(p, self.parameters, exponent_of(p.currency))) for p in programs)

    @cached_property
    def outputs(self) -> tuple[str, ...]:
        """The names of the amounts, those of all versions."""
        names = dict.fromkeys(name for version in self.versions for name in self.outputs_of(version.program))
        return tuple(name for name in names if not self.only or name in self.only)

    def prepared(self, batch: Batch) -> Prepared:
        """The batch made ready; several rule sets that are dated by the same day may share it."""
        return prepared(batch, self.book.dated_by)

    def settle(self, batch: Batch | Prepared) -> Settled:
        """Every claim of a batch, each after what its member's earlier ones left behind. Raises ``ClaimError`` for a
        fact that no column states."""
        given = batch if isinstance(batch, Prepared) else self.prepared(batch)
        by = self.versions[0].program.settle_by
        if by:
            return self._one_after_the_other(given, by)
        run, hits = self._run(given)
        return Settled(given.batch, run.status, run.amounts, hits)

    def _run(self, given: Prepared, refused: Array | None = None) -> tuple[Run, Hits]:
        run = Run(given, tuple(v.program for v in self.versions), self.outputs, refused, self.openings)
        hits: dict[int, Mapping[tuple[str, str], Array]] = {}
        for number, version in enumerate(self.versions):
            which = run.positions(version.program)
            if len(which):
                readings = run.readings(version, which)
                kernel = self.kernel(number, run.shape(readings, version.program, which, self.counting))
                found = run.run(kernel, version.program, readings, which)
                counted = kernel.source.counted.items()
                hits[number] = {key: found[place : place + count] for key, (place, count) in counted}
        return run, hits

    def _one_after_the_other(self, given: Prepared, by: str) -> Settled:
        lines, last = lines_of(given, by), dict[int, Mapping[tuple[str, str], Array]]()

        def run(refused: Array) -> Run:
            done, hits = self._run(lines, refused)
            last.clear()
            last.update(hits)
            return done

        status, amounts = settled_whole(given, lines, run, self._scopes(given))
        return Settled(given.batch, status, amounts, last)

    def _scopes(self, given: Prepared) -> Array:
        """Whose accumulators a claim can touch: its member's, or everybody's."""
        alone = all("person_id" in meter.per for v in self.versions for meter in v.program.meters)
        return given.who if alone else np.zeros(given.size, dtype=np.int64)

    def kernel(self, number: int, shape: Shape) -> Kernel:
        """Of the version of a number, for claims that come like this."""
        found = self.kernels.get((number, shape))
        if found is None:
            with self.lock:
                found = self.kernels.get((number, shape)) or self._made(number, shape)
                self.kernels[number, shape] = found
        return found

    def _made(self, number: int, shape: Shape) -> Kernel:
        program = self.versions[number].program
        outputs = {name: steps for name, steps in self.outputs_of(program).items() if name in self.outputs}
        if self.making is not None:
            return self.making(number, outputs, shape)
        return kernel_of(program, outputs, shape, cache.folder())
