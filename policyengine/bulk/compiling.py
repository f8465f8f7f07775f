"""How functions over arrays are compiled: kept on disk from process to process, free of the interpreter's lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """``function`` compiled at its first call, once for all processes."""
    return cast(F, numba.njit(cache=True, nogil=True)(function))
