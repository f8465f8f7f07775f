"""Bytes of a CSV file that are no UTF-8: marked as it is read, so that the rows that hold them can be looked at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

MARK: Final = "\uffff"
"""What stands for broken bytes: no character, so that no text holds it."""
_LONGEST: Final = 4
_BROKEN = re.compile("[\udc80-\udcff]+")


@dataclass(slots=True)
class Marking:
    """Goes over the blocks of a file; whole blocks that are in order are handed on as they are. ``left``: the beginning
    of a character whose end is in the next block; ``some``: whether anything has been marked."""

    left: bytes = b""
    some: bool = False

    def __call__(self, block: pa.Buffer) -> pa.Buffer:
        """The block, with marks in it. An empty one is the end of the file."""
        text = pa.py_buffer(self.left + bytes(block)) if self.left else block
        end = _whole(memoryview(text).cast("B")) if block.size else text.size
        text, self.left = text.slice(0, end), bytes(text.slice(end))
        if _is_good(text):
            return text
        self.some = True
        marked = _BROKEN.sub(MARK, bytes(text).decode("utf-8", "surrogateescape"))
        return pa.py_buffer(marked.encode("utf-8"))

    def refuse(self, batch: pa.RecordBatch) -> None:
        """Raises ``ArrowInvalid``, as reading does, for columns with broken texts."""
        for name, column in zip(batch.schema.names, batch.columns, strict=True) if self.some else ():
            texts = column.dictionary if isinstance(column, pa.DictionaryArray) else column
            if pc.any(pc.match_substring(texts, MARK)).as_py():
                raise pa.ArrowInvalid(f"In CSV column {name}: CSV conversion error to string: invalid UTF8 data")


def _whole(text: memoryview) -> int:
    """Where the last character ends that is whole."""
    for back in range(1, min(_LONGEST, len(text)) + 1):
        byte = text[-back]
        if byte >= 0xC0:
            length = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return len(text) - back if length > back else len(text)
        if byte < 0x80:
            break
    return len(text)


def _is_good(text: pa.Buffer) -> bool:
    offsets = pa.py_buffer(np.array([0, text.size], dtype=np.int64))
    try:
        pa.LargeStringArray.from_buffers(1, offsets, text).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True
