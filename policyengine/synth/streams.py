"""Random numbers by name: each draw has a stream of its own, and each block of people a place of its own in it.

So what is drawn depends on the seed, the name of the draw and the number of the person alone: not on how many people
there are, nor on what else is drawn. Philox counts; its raw numbers are the same wherever NumPy runs.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.integer[Any]]
Marks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Streams:
    """The streams of a seed for one block of people."""

    seed: int
    block: int

    def of(self, name: str, count: int) -> Ints:
        """``count`` numbers from 0 to 2³² − 1."""
        key = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")
        at = np.array([0, 0, self.block, 0], dtype=np.uint64)
        source = np.random.Philox(counter=at, key=np.array([self.seed, key], dtype=np.uint64))
        raw = source.random_raw((count + 1) // 2)
        halves = raw.astype("<u8", copy=False).view("<u4")[:count]
        return halves.astype(np.int64)
