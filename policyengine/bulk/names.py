"""Columns of ids: whether a claim takes each of them, and which are equal."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from policyengine.bulk.batch import Ids
from policyengine.bulk.compiling import compiled
from policyengine.bulk.days import Bad
from policyengine.bulk.hashing import Offsets
from policyengine.bulk.identity import numbered, plain_ids, run_numbers, texts_of
from policyengine.bulk.words import is_plain
from policyengine.claim.fields import LONGEST_TEXT

_FIRST, _SPAN = np.uint8(33), np.uint8(93)
"""The letters, digits and signs of ASCII: from ``!`` on, so many more. What is below wraps around and lies above."""


def ids(array: pa.Array, together: bool) -> tuple[Ids, Bad]:
    """The ids of a column, and the rows whose id a claim would not take. ``together``: equal ids stand side by side."""
    texts, bad = plain_ids(array), unfit(plain_ids(array))
    runs = together and bad is None and not texts.null_count  # a row without an id may stand between equal ones
    return Ids(run_numbers(texts) if runs else numbered(texts), texts), bad


def unfit(texts: pa.Array) -> Bad:
    """The rows whose text is no id: empty, too long, with characters that are not seen."""
    if not len(texts) or pa.types.is_integer(texts.type):
        return None
    offsets, data = texts_of(texts)
    lengths = np.diff(offsets)
    used = data[offsets[0] : offsets[-1]]
    if lengths.min() > 0 and lengths.max() <= LONGEST_TEXT and ((used - _FIRST) <= _SPAN).all():
        return None
    bad = _unusual(offsets, data)
    if texts.null_count:
        bad &= texts.is_valid().to_numpy(zero_copy_only=False)
    for row in np.flatnonzero(bad):
        bad[row] = not _is_id(texts[int(row)])
    return bad if bad.any() else None


def _is_id(text: pa.Scalar) -> bool:
    try:
        return is_plain(text.as_py())
    except UnicodeDecodeError:
        return False


@compiled
def _unusual(offsets: Offsets, data: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """The texts that are to be looked at: anything but a few letters, digits and signs of ASCII."""
    out = np.zeros(len(offsets) - 1, np.bool_)
    for i in range(len(out)):
        start, end = offsets[i], offsets[i + 1]
        unusual = end == start or end - start > LONGEST_TEXT
        for at in range(start, end):
            unusual |= data[at] < 33 or data[at] > 126
        out[i] = unusual
    return out
