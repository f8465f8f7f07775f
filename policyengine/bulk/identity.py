"""Ids as numbers: equal exactly where the ids are equal, and a hash that is the same on every machine."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from policyengine.bulk.compiling import compiled

NOT_STATED: Final = -1
"""The number of an id that is not stated."""

_SEED = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xFF51AFD7ED558CCD)
_SECOND = np.uint64(0xC4CEB9FE1A85EC53)
_SHIFT = np.uint64(33)
_BYTE = np.uint64(8)


Offsets = NDArray[np.int32] | NDArray[np.int64]


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
        return _keys_of_numbers(whole_numbers(ids))
    return _keys_of_texts(*texts_of(ids))


def whole_numbers(array: pa.Array) -> NDArray[np.int64]:
    """The values of an array of 64-bit whole numbers, not copied; anything where none is stated."""
    found: NDArray[np.int64] = np.frombuffer(array.buffers()[1] or b"", np.int64)[array.offset :]
    return found[: len(array)]


def numbered(ids: pa.Array) -> NDArray[np.int64]:
    """Each id as the number of the first appearance of its text, counted from 0; -1 where none is stated."""
    coded = ids if pa.types.is_dictionary(ids.type) else pc.dictionary_encode(ids)
    found = coded.indices.cast(pa.int64()).fill_null(NOT_STATED).to_numpy(zero_copy_only=False)
    return np.ascontiguousarray(found)


@compiled
def _mixed(h: np.uint64, word: np.uint64) -> np.uint64:
    h = (h ^ word) * _FIRST
    return h ^ (h >> _SHIFT)


@compiled
def _finished(h: np.uint64, length: np.uint64) -> np.uint64:
    h = (h ^ length) * _SECOND
    h = (h ^ (h >> _SHIFT)) * _FIRST
    return h ^ (h >> _SHIFT)


@compiled
def _key(data: NDArray[np.uint8], start: int, end: int) -> np.uint64:
    """The hash of the bytes from ``start`` to ``end``, eight at a time."""
    h, at = _SEED, start
    while at + 8 <= end:
        word = np.uint64(0)
        for k in range(8):
            word |= np.uint64(data[at + k]) << np.uint64(8 * k)
        h = _mixed(h, word)
        at += 8
    word, shift = np.uint64(0), np.uint64(0)
    while at < end:
        word |= np.uint64(data[at]) << shift
        shift += _BYTE
        at += 1
    return _finished(_mixed(h, word), np.uint64(end - start))


@compiled
def _keys_of_texts(offsets: Offsets, data: NDArray[np.uint8]) -> NDArray[np.uint64]:
    keys = np.empty(len(offsets) - 1, np.uint64)
    for i in range(len(keys)):
        keys[i] = _key(data, offsets[i], offsets[i + 1])
    return keys


@compiled
def _keys_of_numbers(numbers: NDArray[np.int64]) -> NDArray[np.uint64]:
    keys = np.empty(len(numbers), np.uint64)
    text = np.empty(20, np.uint8)
    for i in range(len(numbers)):
        value = numbers[i]
        left = np.uint64(value) if value >= 0 else ~np.uint64(value) + np.uint64(1)
        at = 20
        while at == 20 or left != np.uint64(0):
            tenth = left // np.uint64(10)
            at -= 1
            text[at] = np.uint8(left - tenth * np.uint64(10)) + np.uint8(48)
            left = tenth
        if value < 0:
            at -= 1
            text[at] = np.uint8(45)
        keys[i] = _key(text, at, 20)
    return keys
