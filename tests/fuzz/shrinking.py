"""The smallest input that still fails as a large one did."""

from __future__ import annotations

import re
from collections.abc import Callable

PIECES = (64, 32, 16, 8, 4, 2, 1)
TRIES = 400


def kind(failure: str) -> str:
    """What of a failure stays the same while its input shrinks: no numbers, none of the input's own words."""
    return re.sub(r"\d+", "#", failure.partition(":")[0])


def shrunk(data: bytes, fails: Callable[[bytes], bool], tries: int = TRIES) -> bytes:
    """``data`` without every part that ``fails`` can do without: halves first, single bytes in the end."""
    size = len(data)
    while size > 0 and tries > 0:
        at = 0
        while at < len(data) and tries > 0:
            tries -= 1
            shorter = data[:at] + data[at + size :]
            if shorter != data and fails(shorter):
                data = shorter
            else:
                at += size
        size = min(size // 2, len(data) // 2) if size > 1 else 0
    return data
