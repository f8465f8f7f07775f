"""A kernel over claims whose meters are stated, as the other back ends are run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from policyengine.analysis import input_words
from policyengine.backends.columns import Columns
from policyengine.backends.kernel import ANY_SHAPE, Outputs, Shape, kernel_of
from policyengine.ir import Program

DAY = 17_000
"""Some day: what a window holds does not depend on it here."""


def every_step(program: Program) -> Outputs:
    return {s.name: (s.name,) for s in program.steps if s.domain == "claim"}


def run(
    program: Program, columns: Columns, outputs: Outputs | None = None, folder: Any = None, shape: Shape = ANY_SHAPE
) -> tuple[Any, dict[str, Any], Mapping[str, int], tuple[str, ...]]:
    """The status of each claim, the outputs by name with their denominators, and the words of codes."""
    outputs = every_step(program) if outputs is None else outputs
    kernel = kernel_of(program, outputs, shape, folder)
    size = columns.size
    every = np.arange(size, dtype=np.int32)
    status, waiting = np.zeros(size, np.uint8), np.zeros(size, np.uint8)
    results = {name: np.zeros(size, np.int64) for name in outputs}
    words = {word: at for at, word in enumerate(kernel.source.words)}
    decls = {(d.domain, d.name): d for d in program.inputs}
    after = {name: used.astype(np.int64) for name, used in columns.used.items()}
    state: dict[tuple[str, str], Any] = {}

    def given(role: str, name: str) -> Any:
        match role:
            case "status":
                return status
            case "who":
                return every.astype(np.int64)
            case "missing":
                return False
            case "waiting":
                return waiting
            case "offsets":
                return columns.offsets.astype(np.int64)
            case "fact":
                domain, fact = name.split(" ", 1)
                found = (columns.inputs if domain == "claim" else columns.rows)[fact]
                return found.astype(np.int32) if decls[domain, fact].kind == "code" else found
            case "words":
                decl = decls[tuple(name.split(" ", 1))]  # type: ignore[index]
                return np.array([-1, *(words[w] for w in input_words(decl))], dtype=np.int64)
            case "slot":
                return every
            case "meter":
                return after[name]
            case "asked":
                return np.full(size, DAY, np.int64)
            case "since" | "out" | "day" | "first" | "last":
                return state.setdefault((role, name), np.full(size, DAY, np.int32))
            case "bucket":
                return np.full(2 * size, DAY, np.int64)
            case "oldest" | "newest":
                return np.arange(size, 2 * size)
            case "follows":
                return np.full(2 * size, -1, np.int64)
            case "added":
                return np.concatenate([np.zeros(size, np.int64), columns.used[name].astype(np.int64)])
            case "result":
                return results[name]
            case _:
                raise AssertionError(role)

    kernel.run(range(size) if shape.whole else every, given)
    return status, results, kernel.source.denominators, kernel.source.words
