"""A digest of results that does not depend on the order, nor on how the claims were divided among workers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from policyengine.backends.kernel import totals
from policyengine.bulk.compiling import compiled
from policyengine.bulk.identity import keys_of

Array = NDArray[Any]

_MODULUS: Final = 2**64
_FIRST, _SECOND, _OTHER = np.uint64(totals.FIRST), np.uint64(totals.SECOND), np.uint64(totals.OTHER)
_THIRTY, _TWENTY_SEVEN, _THIRTY_ONE = map(np.uint64, totals.SHIFTS)
_BLOCK: Final = 1 << 15
"""So many claims stay near the processor while all their amounts are taken in."""


@dataclass(frozen=True, slots=True)
class Digest:
    """How many claims there are, and two sums modulo 2⁶⁴ over them, each of a hash of the id of the claim, its status
    and its amounts by name. Digests of parts add up to that of the whole."""

    claims: int = 0
    one: int = 0
    other: int = 0

    def __add__(self, more: Digest) -> Digest:
        return Digest(self.claims + more.claims, (self.one + more.one) % _MODULUS, (self.other + more.other) % _MODULUS)

    def __str__(self) -> str:
        return f"{self.claims:x}-{self.one:016x}{self.other:016x}"


def digest_of(keys: NDArray[np.uint64], status: Array, amounts: Mapping[str, Array]) -> Digest:
    """The digest of settled claims. An amount that a rule set does not know is as good as one of zero."""
    found = Digest()
    for start in range(0, len(keys), _BLOCK):
        block = slice(start, start + _BLOCK)
        found += _of_block(keys[block], status[block], {name: minor[block] for name, minor in amounts.items()})
    return found


def _of_block(keys: Array, status: Array, amounts: Mapping[str, Array]) -> Digest:
    hashes = keys.copy()
    _mix_in(hashes, np.uint64(1), status)
    for name, minor in amounts.items():
        _add_in(hashes, keys, salt_of(name), minor)
    one, other = _sums(hashes)
    return Digest(len(keys), int(one), int(other))


@lru_cache(maxsize=1000)
def salt_of(name: str) -> np.uint64:
    """What tells an amount from others of its size."""
    return np.uint64(keys_of(pa.array([name]))[0])


@compiled
def _mixed(value: np.uint64) -> np.uint64:
    value = (value ^ (value >> _THIRTY)) * _FIRST
    value = (value ^ (value >> _TWENTY_SEVEN)) * _SECOND
    return value ^ (value >> _THIRTY_ONE)


@compiled
def _mix_in(hashes: Array, salt: np.uint64, values: Array) -> None:
    for i in range(len(hashes)):
        hashes[i] = _mixed(hashes[i] ^ _mixed(np.uint64(values[i]) + salt))


@compiled
def _add_in(hashes: Array, keys: Array, salt: np.uint64, values: Array) -> None:
    """Amounts of zero leave no trace; the others are added, in whatever order the names come."""
    for i in range(len(hashes)):
        some = np.uint64(values[i] != 0)  # no jump, so that the processor takes several at once
        hashes[i] += some * _mixed(_mixed(np.uint64(values[i]) + salt) ^ keys[i])


@compiled
def _sums(hashes: Array) -> tuple[np.uint64, np.uint64]:
    one, other = np.uint64(0), np.uint64(0)
    for i in range(len(hashes)):
        one += _mixed(hashes[i])
    for i in range(len(hashes)):
        other += _mixed(hashes[i] + _OTHER)
    return one, other
