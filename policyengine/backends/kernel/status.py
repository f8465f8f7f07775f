"""What becomes of a claim in a kernel."""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """A claim that is ``BAD``, ``FULL`` or ``ELSEWHERE`` is missing from what is counted: the later ones of its member
    wait. One that the policy does not cover or has no row for, and one that comes too late for a window that has moved
    on, is passed over."""

    SETTLED = 0
    BAD = 1
    WAITING = 2
    NOT_COVERED = 3
    NO_ROW = 4
    ELSEWHERE = 5
    FULL = 6
    PASSED = 7
    LATE = 8

    @property
    def is_missed(self) -> bool:
        """Whether the member's later claims wait for it."""
        return self in (Status.BAD, Status.ELSEWHERE, Status.FULL)
