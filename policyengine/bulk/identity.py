"""Ids as numbers: equal exactly where the ids are equal, and a hash that is the same on every machine."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from policyengine.bulk.compiling import compiled
from policyengine.bulk.hashing import BYTE, Offsets, keys_of_numbers, keys_of_texts, word_at

NOT_STATED: Final = -1
"""The number of an id that is not stated."""


class Texts(NamedTuple):
    """The bytes of an array of texts; text ``i`` is those from ``offsets[i]`` to ``offsets[i + 1]``."""

    offsets: Offsets
    data: NDArray[np.uint8]


def texts_of(array: pa.Array) -> Texts:
    """The bytes of an array of type string or large_string, not copied."""
    width: Any = np.int64 if pa.types.is_large_string(array.type) else np.int32
    _, offsets, data = array.buffers()
    if offsets is None or not len(array):
        return Texts(np.zeros(len(array) + 1, width), np.zeros(0, np.uint8))
    found = np.frombuffer(offsets, width)[array.offset : array.offset + len(array) + 1]
    return Texts(found, np.zeros(0, np.uint8) if data is None else np.frombuffer(data, np.uint8))


def plain_ids(array: pa.Array) -> pa.Array:
    """Ids as an array of texts (string or large_string) or of 64-bit whole numbers."""
    kind = array.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or kind == pa.int64():
        return array
    whole = pa.types.is_integer(kind) and kind != pa.uint64()
    return array.cast(pa.int64() if whole else pa.string())


def keys_of(ids: pa.Array) -> NDArray[np.uint64]:
    """A hash of the text of each id; the whole number 17 has that of the text ``17``."""
    ids = plain_ids(ids)
    if pa.types.is_integer(ids.type):
        return keys_of_numbers(whole_numbers(ids))
    return keys_of_texts(*texts_of(ids))


def whole_numbers(array: pa.Array) -> NDArray[np.int64]:
    """The values of an array of 64-bit whole numbers, not copied; anything where none is stated."""
    found: NDArray[np.int64] = np.frombuffer(array.buffers()[1] or b"", np.int64)[array.offset :]
    return found[: len(array)]


def numbered(ids: pa.Array) -> NDArray[np.int64]:
    """Each id as the number of the first appearance of its text, counted from 0; -1 where none is stated."""
    ids = plain_ids(ids)
    if pa.types.is_integer(ids.type):
        numbers = whole_numbers(ids)
        if not ids.null_count and _is_ascending(numbers):
            return _runs_of_numbers(numbers)
        found = _numbered(keys_of(ids), *_NO_TEXTS, numbers)
    else:
        keys = keys_of(ids)
        found = _numbered(keys, *texts_of(ids), _NO_NUMBERS)
    return _stated(found, ids) if ids.null_count else found


def _stated(numbers: NDArray[np.int64], ids: pa.Array) -> NDArray[np.int64]:
    """The numbers of the ids that are stated, counted anew, with -1 for those that are not."""
    kept = pc.indices_nonzero(ids.is_valid()).to_numpy()
    out = np.full(len(ids), NOT_STATED, np.int64)
    _, firsts, places = np.unique(numbers[kept], return_index=True, return_inverse=True)
    out[kept] = np.argsort(np.argsort(firsts))[places]
    return out


def numbered_within(runs: NDArray[np.int64], ids: pa.Array) -> NDArray[np.int64]:
    """Numbers of ids that need to be equal only within a run of rows, whose number is ``runs``: cheaper, as a run is
    short; the same id in another run has another number."""
    ids = plain_ids(ids)
    keys = keys_of(ids)
    if pa.types.is_integer(ids.type):
        found = _numbered_within(runs, keys, *_NO_TEXTS, whole_numbers(ids))
    else:
        found = _numbered_within(runs, keys, *texts_of(ids), _NO_NUMBERS)
    return found


def run_numbers(ids: pa.Array) -> NDArray[np.int64]:
    """The same for ids that stand side by side where they are equal: each run of rows with one id, by its number."""
    ids = plain_ids(ids)
    if pa.types.is_integer(ids.type):
        return _runs_of_numbers(whole_numbers(ids))
    return _runs_of_texts(*texts_of(ids))


_NO_NUMBERS = np.zeros(0, np.int64)
_NO_TEXTS = (np.zeros(1, np.int32), np.zeros(0, np.uint8))


@compiled
def same_up_to(offsets: Offsets, data: NDArray[np.uint8], one: int, other: int) -> np.uint64:
    """How many bytes two texts of an array have in common at their beginnings."""
    start, at = np.uint64(offsets[one]), np.uint64(offsets[other])
    length = min(np.uint64(offsets[one + 1]) - start, np.uint64(offsets[other + 1]) - at)
    k = np.uint64(0)
    while k + BYTE <= length and word_at(data, start + k) == word_at(data, at + k):
        k += BYTE
    while k < length and data[start + k] == data[at + k]:
        k += np.uint64(1)
    return k


@compiled
def is_same(offsets: Offsets, data: NDArray[np.uint8], one: int, other: int) -> bool:
    """Whether two texts of an array are equal."""
    length = offsets[one + 1] - offsets[one]
    if offsets[other + 1] - offsets[other] != length:
        return False
    return bool(same_up_to(offsets, data, one, other) == np.uint64(length))


@compiled
def _runs_of_texts(offsets: Offsets, data: NDArray[np.uint8]) -> NDArray[np.int64]:
    out, number = np.zeros(len(offsets) - 1, np.int64), 0
    for i in range(1, len(out)):
        number += 0 if is_same(offsets, data, i - 1, i) else 1
        out[i] = number
    return out


@compiled
def _is_ascending(numbers: NDArray[np.int64]) -> bool:
    """Whether none is below the one before it."""
    falls = False
    for i in range(1, len(numbers)):
        falls |= numbers[i] < numbers[i - 1]
    return not falls


@compiled
def _runs_of_numbers(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    out, number = np.zeros(len(numbers), np.int64), 0
    for i in range(1, len(out)):
        number += 0 if numbers[i] == numbers[i - 1] else 1
        out[i] = number
    return out


@compiled
def _numbered_within(
    runs: NDArray[np.int64], keys: NDArray[np.uint64], offsets: Offsets, data: NDArray[np.uint8],
    numbers: NDArray[np.int64],
) -> NDArray[np.int64]:  # fmt: skip
    out, count, start = np.empty(len(keys), np.int64), 0, 0
    for i in range(len(keys)):
        start = i if i > 0 and runs[i] != runs[i - 1] else start
        out[i] = -1
        for k in range(start, i):
            if keys[k] == keys[i] and (numbers[k] == numbers[i] if len(numbers) else is_same(offsets, data, k, i)):
                out[i] = out[k]
                break
        if out[i] < 0:
            out[i] = count
            count += 1
    return out


@compiled
def _numbered(
    keys: NDArray[np.uint64], offsets: Offsets, data: NDArray[np.uint8], numbers: NDArray[np.int64]
) -> NDArray[np.int64]:
    """By a table of the first row of each key; rows of one key are compared, so that no two ids ever get one number."""
    size = 16
    while size < 2 * len(keys):
        size *= 2
    table, out, count = np.full(size, -1, np.int64), np.empty(len(keys), np.int64), 0
    for i in range(len(keys)):
        at = np.int64(keys[i] & np.uint64(size - 1))
        while True:
            first = table[at]
            if first < 0:
                table[at], out[i] = i, count
                count += 1
                break
            same = keys[first] == keys[i]
            if same and (numbers[first] == numbers[i] if len(numbers) else is_same(offsets, data, first, i)):
                out[i] = out[first]
                break
            at = (at + 1) & (size - 1)
    return out
