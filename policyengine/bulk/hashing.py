"""Hashes of ids: of the bytes of their texts, the same on every machine and in every run."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from policyengine.bulk.compiling import compiled

Offsets = NDArray[np.int32] | NDArray[np.int64]

BYTE = np.uint64(8)
_SEED = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xFF51AFD7ED558CCD)
_SECOND = np.uint64(0xC4CEB9FE1A85EC53)
_SHIFT = np.uint64(33)
_ZEROS = np.uint64(0x3030303030303030)
_EIGHT = np.uint64(100_000_000)


@compiled
def word_at(data: NDArray[np.uint8], at: np.uint64) -> np.uint64:
    """Eight bytes as one number, the first one the lowest; compiled to one load."""
    word = np.uint64(data[at])
    for k in range(np.uint64(1), BYTE):
        word |= np.uint64(data[at + k]) << (BYTE * k)
    return word


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
    h, at, stop = _SEED, np.uint64(start), np.uint64(end)
    while at + BYTE <= stop:
        h = _mixed(h, word_at(data, at))
        at += BYTE
    left, word = stop - at, np.uint64(0)
    if left > np.uint64(0) and at + BYTE <= np.uint64(len(data)):
        word = word_at(data, at) & ((np.uint64(1) << (BYTE * left)) - np.uint64(1))
    else:
        for k in range(np.uint64(0), left):
            word |= np.uint64(data[at + k]) << (BYTE * k)
    return _finished(_mixed(h, word), stop - np.uint64(start))


@compiled
def keys_of_texts(offsets: Offsets, data: NDArray[np.uint8]) -> NDArray[np.uint64]:
    keys = np.empty(len(offsets) - 1, np.uint64)
    for i in range(len(keys)):
        keys[i] = _key(data, offsets[i], offsets[i + 1])
    return keys


@compiled
def keys_of_numbers(numbers: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Of the texts of whole numbers: those of up to sixteen digits are written in registers, others byte by byte."""
    keys = np.empty(len(numbers), np.uint64)
    if _are_short(numbers):
        for i in range(len(numbers)):
            keys[i] = _key_of_eight(np.uint64(numbers[i]))
        return keys
    text = np.empty(20, np.uint8)
    for i in range(len(numbers)):
        value = np.uint64(numbers[i])
        if value < _EIGHT:
            keys[i] = _key_of_eight(value)
        elif value < _EIGHT * _EIGHT:
            keys[i] = _key_of_sixteen(value)
        else:
            at = _written(numbers[i], text)
            keys[i] = _key(text, at, 20)
    return keys


@compiled
def _are_short(numbers: NDArray[np.int64]) -> bool:
    """Whether all have eight digits at most, so that several are taken at once."""
    longer = False
    for i in range(len(numbers)):
        longer |= bool(np.uint64(numbers[i]) >= _EIGHT)
    return not longer


@compiled
def _digits(value: np.uint64) -> np.uint64:
    """The eight digits of a number, zeros in front with them, as eight bytes of which the first is the lowest: halves,
    quarters and eighths are divided side by side."""
    high = value // np.uint64(10_000)
    both = high | ((value - high * np.uint64(10_000)) << np.uint64(32))
    high = ((both * np.uint64(10_486)) >> np.uint64(20)) & np.uint64(0x7F0000007F)
    both = high | ((both - high * np.uint64(100)) << np.uint64(16))
    high = ((both * np.uint64(103)) >> np.uint64(10)) & np.uint64(0x000F000F000F000F)
    return high | ((both - high * np.uint64(10)) << BYTE)


@compiled
def _count(value: np.uint64) -> np.uint64:
    """How many digits a number below 10⁸ has; 0 has one."""
    found, power = np.uint64(1), np.uint64(10)
    for _ in range(7):
        found += np.uint64(1) if value >= power else np.uint64(0)
        power *= np.uint64(10)
    return found


@compiled
def _key_of_eight(value: np.uint64) -> np.uint64:
    length = _count(value)
    word = (_digits(value) | _ZEROS) >> (BYTE * (BYTE - length))
    h = _mixed(_SEED, word)
    return _finished(_mixed(h, np.uint64(0)) if length == BYTE else h, length)


@compiled
def _key_of_sixteen(value: np.uint64) -> np.uint64:
    """Of nine digits or more."""
    high = value // _EIGHT
    length = _count(high)
    first, last = _digits(high) | _ZEROS, _digits(value - high * _EIGHT) | _ZEROS
    if length == BYTE:
        return _finished(_mixed(_mixed(_mixed(_SEED, first), last), np.uint64(0)), BYTE + BYTE)
    before = BYTE * (BYTE - length)
    h = _mixed(_SEED, (first >> before) | (last << (BYTE * length)))
    return _finished(_mixed(h, last >> before), BYTE + length)


@compiled
def _written(value: np.int64, text: NDArray[np.uint8]) -> int:
    """Writes a number to the end of ``text``, twenty bytes; where it begins."""
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
    return at
