"""Windows and meters: what is remembered from claim to claim, for whom, until when. Dates are reckoned outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from policyengine.ir.forms import Kind

OPENED = ("anchored", "spell", "event")
"""Kinds of windows that a claim opens: a history says when."""


@dataclass(frozen=True, slots=True)
class Window:
    """When a meter starts again.

    By the calendar: ``visit``, ``day``, ``week``, ``month``, ``quarter``, ``half_year``, ``year`` (from the month and
    day ``starts``), ``anniversary`` (years from the day that the claim states as ``origin``), ``block`` (``length``
    units, one of them from the day ``origin`` on), ``lifetime``.
    Opened by a claim: ``anchored`` (``length`` units from the first use), ``spell`` (until ``length`` days out of
    hospital), ``event`` (until a claim for which the flag step ``reset`` holds).
    ``rolling``: the last ``length`` units, kept in buckets of one ``grain``. Units are ``month`` or ``day``. With
    ``back``, nothing but the bucket so many before this one, and ``grain`` is a period of the calendar.
    """

    name: str
    kind: str
    starts: tuple[int, int] = (1, 1)
    length: int = 1
    unit: str = "month"
    origin: str = ""
    grain: str = ""
    reset: str = ""
    back: int = 0

    @property
    def is_opened(self) -> bool:
        """Whether a claim opens it."""
        return self.kind in OPENED

    @property
    def is_order_free(self) -> bool:
        """Whether the window of a claim follows from the claim alone, whatever was settled before."""
        return not self.is_opened and self.kind != "rolling"


@dataclass(frozen=True, slots=True)
class Meter:
    """An accumulator: what ``step`` adds, for whom (``per``: identifier facts), in which window, kept how.

    ``when``: the flag step under which a claim counts (empty: always). ``opening``: codes of accumulators kept
    elsewhere whose values it begins with.
    """

    name: str
    kind: Kind
    per: tuple[str, ...]
    window: Window
    keep: str
    step: str
    label: Mapping[str, str] = field(default_factory=dict)
    high: int = 10**13
    when: str = ""
    opening: tuple[str, ...] = ()

    @property
    def is_order_free(self) -> bool:
        """Whether what a claim added can be subtracted again: a sum in a window that follows from the claim alone.
        Everything else is undone by counting the claims of the window again without it."""
        return self.keep == "sum" and self.window.is_order_free


def counted(keep: str, before: int, now: int) -> int:
    """What a meter holds after a claim that adds ``now``."""
    if keep == "sum":
        return before + now
    return max(before, now) if keep == "max" else now
