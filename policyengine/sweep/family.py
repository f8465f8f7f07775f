"""A rule set at every point of a sweep. It is lowered at few of them; the kernels of the others follow.

Kernels of programs that differ in numbers only share their machine code. Over a box of points each number of a kernel
is taken to be affine in every lever: it is read off at the corners and compared at points inside. Where one differs, or
the code does, the box is halved, until at the last every point is lowered by itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from threading import RLock

import numpy as np

from policyengine import cache, ir
from policyengine.assemble import check_numbers, flattened, lowered_again, parsed
from policyengine.backends.kernel import Kernel, Moves, Outputs, Shape, Source, kernel_of, moves_of
from policyengine.errors import RuleError, Span
from policyengine.levers import moved
from policyengine.mass import Bulk, Openings
from policyengine.rulebook import Place, Rulebook
from policyengine.ruleset import Ruleset
from policyengine.sweep.boxes import Box, Point, between, box_of
from policyengine.sweep.ranges import Axis
from policyengine.sweep.watched import outputs_of, watched_by, watching

FEW = 4
"""So few points are lowered one by one."""


def ruleset_at(place: Place) -> Ruleset:
    """The rule set of a place, with all that it extends. Raises ``RuleError``."""
    return flattened(parsed(place))


@dataclass(slots=True)
class Family:
    """The rule set ``book``, written in ``ruleset``, at every point of ``axes``; may be used by several threads.
    ``openings``: what members begin with, at every point the same."""

    book: Rulebook
    ruleset: Ruleset
    axes: tuple[Axis, ...]
    parameters: Mapping[str, object] = field(default_factory=dict)
    allow_draft: bool = False
    openings: Openings | None = None
    programs: dict[Point, tuple[ir.Program, ...]] = field(default_factory=dict, repr=False)
    templates: dict[tuple[Point, Point, int, Shape], Template | None] = field(default_factory=dict, repr=False)
    kernels: dict[tuple[int, Shape], tuple[ir.Program, Kernel]] = field(default_factory=dict, repr=False)
    lock: RLock = field(default_factory=RLock, repr=False)
    limits: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.limits = watched_by(self.ruleset, tuple(axis.lever for axis in self.axes))

    def check(self) -> None:
        """Raises ``RuleError`` if the rule set is none with the first or last values of the levers."""
        for point in Box(tuple((axis.first, axis.last) for axis in self.axes)).corners():
            ruleset = self._written(point)
            try:
                check_numbers(ruleset, self.lowered(point))
            except RuleError as error:
                raise self._with(error, point) from None

    def lowered(self, point: Point) -> tuple[ir.Program, ...]:
        """The programs of the rule set with these values. Raises ``RuleError``."""
        with self.lock:
            if point not in self.programs:
                try:
                    found = lowered_again(self._written(point), self.ruleset, self.book.programs)
                except RuleError as error:
                    raise self._with(error, point) from None
                self.programs[point] = tuple(watching(program, self.limits) for program in found)
            return self.programs[point]

    def _written(self, point: Point) -> Ruleset:
        values: dict[Span, Fraction] = {}
        for axis, grains in zip(self.axes, point, strict=True):
            values |= {literal.span: axis.value(grains) for literal in axis.lever.literals}
        return moved(self.ruleset, values)

    def _with(self, error: RuleError, point: Point) -> RuleError:
        """The faults of a rule set that is none with these values."""
        said = ", ".join(f"{a.lever.address} = {a.text(x)}" for a, x in zip(self.axes, point, strict=True))
        return RuleError(replace(found, message=f"{found.message} (with {said})") for found in error.diagnostics)

    # --- a point ----------------------------------------------------------------------------------------------------

    def at(self, point: Point, only: tuple[str, ...] = ()) -> Bulk:
        """The rule set with these values, ready for batches."""
        box = self._alike(box_of(self.axes, point), point)
        programs = self.lowered(box.corners()[0])
        book = replace(self.book, programs=programs, earlier=(), prepared={})

        def making(number: int, outputs: Outputs, shape: Shape) -> Kernel:
            with self.lock:
                return self._kernel(box, point, number, outputs, shape)

        return Bulk(
            book, self.parameters, None, self.allow_draft, only, outputs_of=outputs_of, making=making,
            openings=self.openings,
        )  # fmt: skip

    def moves(self, points: Iterable[Point], watched: frozenset[str]) -> list[Moves]:
        """What the rule set differs in at these points, by version."""
        boxes = dict.fromkeys(self._alike(box_of(self.axes, point), point) for point in points)
        lowered = [self.lowered(point) for box in boxes for point in (*box.corners(), *box.inside())]
        return [moves_of(programs, watched) for programs in zip(*lowered, strict=True)]

    def _alike(self, box: Box, point: Point) -> Box:
        """The largest box around a point in which programs are built alike, numbers aside."""
        while box.size > FEW:
            shapes = [tuple(map(built, self.lowered(one))) for one in (*box.corners(), *box.inside())]
            if all(shape == shapes[0] for shape in shapes):
                return box
            box = box.half(point)
        return Box(tuple((x,) for x in point))

    def _kernel(self, box: Box, point: Point, number: int, outputs: Outputs, shape: Shape) -> Kernel:
        while box.size > FEW:
            template = self._template(box, number, outputs, shape)
            found = None if template is None else template.at(point)
            if found is not None:
                return found
            box = box.half(point)
        return self._exact(point, number, outputs, shape)

    def _exact(self, point: Point, number: int, outputs: Outputs, shape: Shape) -> Kernel:
        """The kernel of the program lowered at this very point."""
        program = self.lowered(point)[number]
        known = self.kernels.get((id(program), shape))
        if known is None:
            known = self.kernels[id(program), shape] = program, kernel_of(program, outputs, shape, cache.folder())
        return known[1]

    def _template(self, box: Box, number: int, outputs: Outputs, shape: Shape) -> Template | None:
        corners = box.corners()
        key = (corners[0], corners[-1], number, shape)
        if key not in self.templates:
            known = {point: self._exact(point, number, outputs, shape) for point in corners}
            template = Template.of(box, known)
            inside = {point: self._exact(point, number, outputs, shape) for point in box.inside()}
            holds = template is not None and all(template.is_at(*one) for one in inside.items())
            self.templates[key] = template if holds else None
        return self.templates[key]


def built(program: ir.Program) -> ir.Program:
    """A program without its numbers: whatever claims, accumulators and answers hang on."""
    return replace(program, steps=(), tables=())


@dataclass(frozen=True, slots=True)
class Template:
    """The kernels of a box: ``kernel`` is one of them; ``numbers`` and ``cells``: the places that differ, each with the
    values at the corners."""

    box: Box
    kernel: Kernel
    numbers: Mapping[int, Mapping[Point, int]]
    cells: Mapping[int, Mapping[Point, int]]

    @classmethod
    def of(cls, box: Box, known: Mapping[Point, Kernel]) -> Template | None:
        """``known``: the kernels at the corners; ``None`` if they do not share their code."""
        kernels = list(known.values())
        if not all(_share(kernels[0].source, other.source) for other in kernels):
            return None
        numbers = _differing({point: kernel.source.numbers for point, kernel in known.items()})
        cells = _differing({point: kernel.source.cells for point, kernel in known.items()})
        return cls(box, kernels[0], numbers, cells)

    def at(self, point: Point) -> Kernel | None:
        """The kernel at a point of the box, ``None`` if a number of it would not be whole."""
        source, ends = self.kernel.source, self.box.ends
        numbers, cells = list(source.numbers), list(source.cells)
        for into, differing in ((numbers, self.numbers), (cells, self.cells)):
            for place, known in differing.items():
                value = between(ends, known, point)
                if value is None:
                    return None
                into[place] = value
        found = replace(source, numbers=tuple(numbers), cells=tuple(cells))
        return Kernel(found, np.array(cells, dtype=np.int64), self.kernel.function)

    def is_at(self, point: Point, kernel: Kernel) -> bool:
        """Whether it gives this kernel at a point."""
        found = self.at(point)
        return found is not None and found.source == kernel.source


def _share(one: Source, other: Source) -> bool:
    """Whether two sources differ in nothing but numbers and cells."""
    return replace(one, numbers=other.numbers, cells=other.cells) == other and (
        len(one.numbers) == len(other.numbers) and len(one.cells) == len(other.cells)
    )


def _differing(known: Mapping[Point, tuple[int, ...]]) -> dict[int, dict[Point, int]]:
    return {
        place: dict(zip(known, values, strict=True))
        for place, values in enumerate(zip(*known.values(), strict=True))
        if any(one != other for one, other in itertools.pairwise(values))
    }
