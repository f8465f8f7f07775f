"""A pass over the claims of a source: each batch worked out by one thread, taken in order, and kept on disk, so that an
interrupted pass goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from policyengine.bulk.batch import Batch, Marks
from policyengine.bulk.checkpoint import EVERY, Keeper, broken, resumed
from policyengine.bulk.plain import Plain
from policyengine.bulk.reader import BATCH, Claims
from policyengine.mass.driver import worked

P = TypeVar("P")
T_contra = TypeVar("T_contra", contravariant=True)
Told = Callable[[int, int | None], None]


class Taking(Protocol[T_contra]):
    """What is made of the claims."""

    def take(self, batch: Batch, part: T_contra) -> None:
        """Adds what a batch gave."""

    def kept(self) -> Any:
        """All that has been added up, as ``Plain`` writes it."""

    def restore(self, kept: Any) -> None:
        """Goes on with what was kept."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where a pass is kept. ``run``: as for ``Checkpoint``; ``plain``: writes what has been added up."""

    path: Path
    run: dict[str, str]
    plain: Plain
    every: int = EVERY


@dataclass(slots=True)
class Passing(Generic[P]):
    """How a pass is done. ``told``: called with the claims of each batch, and how many there are in all if that is
    known; first with those that were counted before. ``position``: how many claims are counted; ``ended``: all are."""

    claims: Claims
    size: int = BATCH
    sort: bool = False
    threads: int | None = None
    told: Told | None = None
    keeping: Keeping | None = None
    position: int = 0
    marks: Marks | None = None
    ended: bool = False

    def resume(self, taking: Taking[P]) -> None:
        """Goes on from the checkpoint, if there is one. Raises ``ClaimError`` as ``resumed``."""
        if self.keeping is None:
            return
        found = resumed(self.keeping.path, self.keeping.run)
        if found is None:
            return
        try:
            self.ended, self.marks, kept = self.keeping.plain.read(found.state)
        except (ValueError, KeyError, TypeError, IndexError, StopIteration):
            raise broken(self.keeping.path) from None
        self.position = found.position
        taking.restore(kept)
        self._tell(found.position)

    def over(self, work: Callable[[Batch], P], taking: Taking[P]) -> None:
        """Works out the batches that are not counted yet. Raises what the source and ``work`` raise, ``Stopped`` for a
        run that was interrupted and is kept."""
        if self.ended:
            return
        where = self.keeping
        keeper = None if where is None else Keeper(where.path, where.run, where.every)
        with keeper or nullcontext():
            batches = self.claims.batches(self.size, self.position, sort=self.sort, marks=self.marks)
            for batch, part in worked(batches, work, self.threads):
                taking.take(batch, part)
                self.position, self.marks = self.position + len(batch), batch.marks
                self._tell(len(batch))
                if keeper is not None:
                    keeper.after(self.position, lambda: self._state(taking))
            self.ended = True
            if keeper is not None:
                keeper.save(self.position, lambda: self._state(taking))

    def _state(self, taking: Taking[P]) -> bytes:
        assert self.keeping is not None, "it is kept"
        return self.keeping.plain.written((self.ended, self.marks, taking.kept()))

    def _tell(self, claims: int) -> None:
        if self.told is not None:
            self.told(claims, self.claims.source.rows)
