"""Settling batches: a rule set ready for claims by the million."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from numpy.typing import NDArray

from policyengine import cache, ir
from policyengine.backends.kernel import Kernel, Outputs, Shape, kernel_of
from policyengine.bulk.batch import Batch
from policyengine.coverage import require_in_force
from policyengine.encode.parameters import typed_parameters
from policyengine.mass.running import Run, Version
from policyengine.money import exponent_of
from policyengine.rulebook import Rulebook

Array = NDArray[Any]


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
    """``status`` of each claim (see ``Status``); ``amounts`` in minor units, zero for a claim that is not settled."""

    batch: Batch
    status: Array
    amounts: Mapping[str, Array]


@dataclass(frozen=True)
class Bulk:
    """A rule set ready for batches; may be used by several threads at once.

    ``parameters`` and ``known_on`` as for ``settle``. ``only``: names of outputs, all of ``standard_outputs`` if empty.
    Raises ``RuleError`` for a rule set that is not in force or whose integers can leave 256 bits, ``ClaimError`` for
    wrong parameters.
    """

    book: Rulebook
    parameters: Mapping[str, object] = field(default_factory=dict)
    known_on: datetime.date | None = None
    allow_draft: bool = False
    only: tuple[str, ...] = ()
    kernels: dict[tuple[int, Shape], Kernel] = field(default_factory=dict, repr=False)

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
        names = dict.fromkeys(name for version in self.versions for name in standard_outputs(version.program))
        return tuple(name for name in names if not self.only or name in self.only)

    def settle(self, batch: Batch) -> Settled:
        """Every claim of a batch, each after what its member's earlier ones left behind. Raises ``ClaimError`` for a
        fact that no column states."""
        run = Run(batch, self.book.dated_by, tuple(v.program for v in self.versions), self.outputs)
        for number, version in enumerate(self.versions):
            which = run.positions(version.program)
            if len(which):
                readings = run.readings(version, which)
                run.run(self._kernel(number, run.shape(readings)), version, readings, which)
        return Settled(batch, run.status, run.amounts)

    def _kernel(self, number: int, shape: Shape) -> Kernel:
        found = self.kernels.get((number, shape))
        if found is None:
            program = self.versions[number].program
            outputs = {name: steps for name, steps in standard_outputs(program).items() if name in self.outputs}
            found = self.kernels[number, shape] = kernel_of(program, outputs, shape, cache.folder())
        return found
