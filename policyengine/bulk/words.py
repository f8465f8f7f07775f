"""Columns of words and flags. What a word means is looked at once for each word, not for each row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pydantic_core import PydanticCustomError

from policyengine.bulk.batch import Codes, Flags
from policyengine.bulk.cells import Unfit, cell, raw_of
from policyengine.bulk.compiling import compiled
from policyengine.bulk.days import Bad
from policyengine.bulk.forms import is_text
from policyengine.bulk.plan import Reading
from policyengine.claim.fields import read_text
from policyengine.terms import TAGS


def coded(array: pa.Array) -> tuple[NDArray[np.int32], list[Any]]:
    """Each row as the place of its value among the values that there are; -1 where nothing is stated."""
    if not pa.types.is_dictionary(array.type):
        array = pc.dictionary_encode(array)
    places, values = array.indices, [raw_of(value) for value in array.dictionary]
    if places.type == pa.int32() and not places.null_count:
        found: NDArray[np.int32] = np.frombuffer(places.buffers()[1] or b"", np.int32)[places.offset :][: len(places)]
    else:
        if places.null_count:
            places = places.cast(pa.int64()).fill_null(-1)
        found = places.to_numpy(zero_copy_only=False).astype(np.int32)
    if None in values:
        found = np.where(found == values.index(None), -1, found).astype(np.int32)
    return found, values


def codes(reading: Reading, array: pa.Array) -> tuple[Codes, Bad]:
    """The words of a column, and the rows whose word the reader of claims would not take."""
    if pa.types.is_null(array.type):
        return Codes(np.full(len(array), -1, np.int32), ()), None
    places, values = coded(array)
    words = [_word(reading, value) for value in values]
    known = tuple("" if word is None else word for word in words)
    return Codes(places, known), _rows_of(places, [word is None for word in words], values)


def _rows_of(places: NDArray[np.int32], wrong: list[bool], values: list[Any]) -> Bad:
    """The rows that hold one of the values that are wrong; a value that is not stated is none."""
    wrong = [one and value is not None for one, value in zip(wrong, values, strict=True)]
    if not any(wrong):
        return None
    bad: NDArray[np.bool_] = np.array([*wrong, False])[places]  # the last one is for -1
    return bad if bad.any() else None


def _word(reading: Reading, value: object) -> str | None:
    """The word that a value of the column is; ``None`` if it is none."""
    try:
        word = cell(reading, value)
    except Unfit:
        return None
    return word if isinstance(word, str) and _taken(reading, word) else None


def _taken(reading: Reading, word: str) -> bool:
    if reading.fact.words:
        return word in reading.fact.words
    return is_plain(word)


def is_plain(text: str) -> bool:
    """Whether a claim takes this text as an id or as a word."""
    try:
        read_text(text)
    except PydanticCustomError:
        return False
    return True


def flags(reading: Reading, array: pa.Array) -> tuple[Flags, Bad]:
    """The flags of a column, and the rows that hold none."""
    count = len(array)
    if pa.types.is_null(array.type):
        return Flags(np.zeros(count, np.bool_), np.zeros(count, np.bool_)), None
    if pa.types.is_boolean(array.type) and not reading.values:
        stated = array.is_valid().to_numpy(zero_copy_only=False) if array.null_count else None
        return Flags(_bits(array.fill_null(False) if array.null_count else array), stated), None
    places, values = coded(array)
    meant = [_flag(reading, value) for value in values]
    holds = np.array([*(one is True for one in meant), False])[places]
    stated = places >= 0
    bad = _rows_of(places, [one is None for one in meant], values)
    return Flags(holds, None if stated.all() else stated), bad


def _bits(array: pa.Array) -> NDArray[np.bool_]:
    """The values of an array of flags that are all stated, eight to a byte."""
    within = array.offset % 8
    data = np.frombuffer(array.buffers()[1] or b"", np.uint8)[array.offset // 8 :]
    return np.unpackbits(data, count=within + len(array), bitorder="little")[within:].view(np.bool_)


def _flag(reading: Reading, value: object) -> bool | None:
    try:
        found = cell(reading, value)
    except Unfit:
        return None
    return found if isinstance(found, bool) else None


def meant(reading: Reading, array: pa.Array) -> tuple[pa.Array, Bad]:
    """A column of days, numbers or ids with ``values``, as the texts that these mean."""
    places, values = coded(array)
    texts = [None if value is None else _text(reading.values, value) for value in values]
    bad = _rows_of(places, [text is None for text in texts], values)
    rows = pa.array(places, mask=places < 0)
    return pa.array(texts, pa.string()).take(rows), bad


def _text(values: Mapping[str, str], value: object) -> str | None:
    return values.get(("true" if value else "false") if isinstance(value, bool) else str(value))


def tags(array: pa.Array, wanted: Iterable[str], known: Iterable[str]) -> tuple[dict[str, Flags], Bad]:
    """A flag for each tag that is wanted, out of a column of lists, and the rows that list what is no known tag."""
    names = list(wanted)
    starts = array.offsets.to_numpy()
    inner = array.values.slice(starts[0], starts[-1] - starts[0]) if len(starts) else array.values
    if not is_text(inner.type) and not pa.types.is_dictionary(inner.type):
        inner = inner.cast(pa.string())
    places, values = coded(inner)
    ids = {zh: tag for tag, (zh, _) in TAGS.items()}
    listed = [None if value is None else ids.get(value, value) for value in values]
    taken = {*TAGS, *known}
    which = np.array([names.index(tag) if tag in names else -1 if tag in taken else -2 for tag in listed] + [-2])
    held, bad = _listed(starts - starts[0], which[places], len(names))
    return {name: Flags(held[at]) for at, name in enumerate(names)}, bad if bad.any() else None


@compiled
def _listed(
    starts: NDArray[np.int64], which: NDArray[np.int64], count: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    held, bad = np.zeros((count, len(starts) - 1), np.bool_), np.zeros(len(starts) - 1, np.bool_)
    for i in range(len(starts) - 1):
        for at in range(starts[i], starts[i + 1]):
            if which[at] >= 0:
                held[which[at], i] = True
            elif which[at] == -2:
                bad[i] = True
    return held, bad
