"""A program ready to run over columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policyengine.backends.kernel.build import Function, compiled
from policyengine.backends.kernel.code import ABREAST, BY_POINT, WIDTHS
from policyengine.backends.kernel.shape import ANY_SHAPE, Outputs, Shape, Source
from policyengine.backends.kernel.source import source_of
from policyengine.ir import Program

Array = NDArray[Any]

Given = Callable[[str, str], Any]
"""An argument, an array or a number, by its role and the name of the fact, meter, group of slots or output that it
belongs to. Facts and words are called ``claim age``, ``row amount``."""


@dataclass(frozen=True, slots=True)
class Kernel:
    """``source`` says what each argument is. ``counters``: how many there are, where hits are counted. ``beside``: of
    programs that are settled side by side, the numbers and the cells, with a column for each of them."""

    source: Source
    cells: Array
    function: Function
    beside: tuple[Array, Array] | None = None

    @property
    def counters(self) -> int:
        return sum(count for _, count in self.source.counted.values())

    def run(self, which: Array | range, given: Given) -> None:
        """Runs over the claims at the positions ``which``, in this order: for each, what its member's earlier ones left
        behind is read, and what it leaves behind is written. A kernel for whole batches runs over a range from 0.

        Writes to the arrays ``status`` (in: 0, or why the claim is not to be settled; out: what became of it),
        ``waiting`` (by member: 1 once a claim is missing from what is counted; ``missing``: whether one is), ``result``
        (0 for a claim that is not settled), ``hits``, and those of the meters. Of programs side by side, which all
        write to an element of their own, ``status`` is read only, and instead of ``result`` there are ``sum``,
        ``settled``, ``one`` and ``other`` (the halves of the digest), ``watched``, ``units`` and ``mark``.
        """
        assert isinstance(which, range) == self.source.whole, "a kernel for whole batches has them whole"
        held: list[Array] = []
        places = [self._argument(role, name, which, given, held) for role, name in self.source.arguments]
        arguments = np.array(places, dtype=np.int64)
        self.function(arguments.ctypes.data)

    def _argument(self, role: str, name: str, which: Array | range, given: Given, held: list[Array]) -> int:
        match role:
            case "count":
                return len(which)
            case "number":
                return self.source.numbers[int(name)]
            case "same" | "missing" | "salt":
                return int(given(role, name))
        found: Any = which if role == "which" else self.cells if role == "tab" else self._beside(role)
        if role == "eights":
            return len(found[0]) // ABREAST
        found = given(role, name) if found is None else found
        array = _checked(found, role)
        held.append(array)
        return int(array.ctypes.data)

    def _beside(self, role: str) -> Array | None:
        if self.beside is None:
            return None
        numbers, cells = self.beside
        return {"moved number": numbers, "moved cell": cells, "eights": cells}.get(role)


def _checked(array: Array, role: str) -> Array:
    """The array itself if it is written to; a copy, if need be, of one that is read. Its elements are as wide as the
    code takes them to be."""
    wide = array.dtype.itemsize * 8
    if role == "fact":
        assert array.dtype in (np.int64, np.int32, np.bool_), f"a fact of {array.dtype}"
    else:
        assert wide == WIDTHS.get(role, 64), f"{role} of {array.dtype}"
    assert array.flags.c_contiguous or role not in WRITTEN, f"{role} is not in one piece"
    return np.ascontiguousarray(array)


WRITTEN = ("status", "result", "hits", *(role for role in BY_POINT if not role.startswith("moved")))
"""Roles of arrays that a kernel writes to."""


def kernel_of(program: Program, outputs: Outputs, shape: Shape = ANY_SHAPE, folder: Path | None = None) -> Kernel:
    """The kernel of a program; ``folder`` keeps machine code. Raises as ``source_of``."""
    source = source_of(program, outputs, shape)
    return Kernel(source, np.array(source.cells, dtype=np.int64), compiled(source.text, folder))


def beside(kernels: Sequence[Kernel]) -> Kernel:
    """The kernels of programs that share their code as one for all of them, the last one repeated until there are as
    many as are settled at once."""
    first = kernels[0]
    wide = [*kernels, *[kernels[-1]] * (-len(kernels) % ABREAST)]
    numbers = [[kernel.source.numbers[at] for kernel in wide] for at in first.source.moved]
    cells = np.array([kernel.cells for kernel in wide], dtype=np.int64).T
    moved = np.array(numbers, dtype=np.int64).reshape(len(numbers), len(wide))
    return replace(first, beside=(moved, np.ascontiguousarray(cells)))
