"""Where a run stands between two batches, kept on disk, so that it goes on after an interruption and counts no claim
twice."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import signal
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Final, Self

from policyengine.bulk.plain import told_apart
from policyengine.bulk.writing import require_room, write_text
from policyengine.errors import ClaimError, Diagnostic

EVERY: Final = 30
"""Seconds between two checkpoints."""
SOURCE, RULES, LIBRARY = "over another source", "by other rules", "by another version of the library"
"""What two runs may differ in, as it is said."""
_BILLION: Final = 10**9


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """``run``: what tells a run from others, the fingerprint of its source and that of its rules and of everything else
    that its results hang on, each by what is said of a run that differs in it. ``position``: how many claims have been
    counted; ``state``: what the caller has made of them."""

    run: Mapping[str, str]
    position: int
    state: bytes

    def save(self, path: Path) -> None:
        """Writes it over the one before; whatever happens, one of the two is there. Raises ``ClaimError`` if it cannot
        be written."""
        state = base64.b64encode(self.state).decode()
        body = json.dumps({"run": dict(self.run), "position": self.position, "state": state})
        write_text(path, f"{_seal(body)}\n{body}")


def _seal(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def fingerprint(*values: Any) -> str:
    """What tells these values from others. Places at which they are written do not count."""
    text = json.dumps([told_apart(value) for value in values], ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def resumed(path: Path, run: Mapping[str, str]) -> Checkpoint | None:
    """The checkpoint in a file, ``None`` if there is no file. Raises ``ClaimError`` for one of another run, one that
    cannot be read, and for a run that nothing tells from another since a fingerprint of it is empty; E715
    for a file that cannot be written."""
    if not all(run.values()):
        text = "a run over a table in memory cannot be resumed: nothing tells it from another"
        raise ClaimError(Diagnostic("E709", text, None, "a file, or several", record=str(path)))
    if not path.exists():
        require_room(path)
        return None
    try:
        seal, _, body = path.read_text(encoding="ascii").partition("\n")
        if seal != _seal(body):
            raise ValueError
        data = json.loads(body)
        found = Checkpoint(data["run"], data["position"], base64.b64decode(data["state"], validate=True))
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise broken(path) from None
    differing = [what for what in dict.fromkeys([*run, *found.run]) if run.get(what) != found.run.get(what)]
    if differing:
        text, hint = (
            f"{path} was written by a run {', '.join(differing)}",
            "name another file, or delete it to begin anew",
        )
        raise ClaimError(Diagnostic("E709", text, None, "", hint, record=str(path)))
    return found


def broken(path: Path) -> ClaimError:
    """The error for a file that is no checkpoint."""
    return ClaimError(Diagnostic("E716", f"{path} is no checkpoint", None, record=str(path)))


class Stopped(KeyboardInterrupt):
    """A run was interrupted, and what it had counted is kept."""

    def __init__(self, path: Path, position: int) -> None:
        super().__init__(f"{position} claims are kept in {path}")
        self.path, self.position = path, position


@dataclass(slots=True)
class Keeper:
    """Keeps a run in a file while it goes on, used with ``with``: every so many seconds (``every``), when the run is
    interrupted (Ctrl-C), and at its end. Interrupted a second time, it ends at once."""

    path: Path
    run: Mapping[str, str]
    every: int = EVERY
    asked: bool = field(default=False, init=False)
    due: int = field(default=0, init=False)
    before: Any = field(default=None, init=False)

    def __enter__(self) -> Self:
        self.due = time.monotonic_ns() + self.every * _BILLION
        if threading.current_thread() is threading.main_thread():
            self.before = signal.signal(signal.SIGINT, self._interrupted)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.before is not None:
            signal.signal(signal.SIGINT, self.before)

    def _interrupted(self, _number: int, _frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True

    def after(self, position: int, state: Callable[[], bytes]) -> None:
        """A batch is counted, all claims before ``position``. Raises ``Stopped`` once the run has been interrupted."""
        if self.asked or time.monotonic_ns() >= self.due:
            self.save(position, state)
        if self.asked:
            raise Stopped(self.path, position)

    def save(self, position: int, state: Callable[[], bytes]) -> None:
        """Writes the checkpoint now."""
        Checkpoint(self.run, position, state()).save(self.path)
        self.due = time.monotonic_ns() + self.every * _BILLION
