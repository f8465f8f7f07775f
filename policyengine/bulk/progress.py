"""How far a run has come: claims, claims a second, time left. Shown on a terminal only, on the error stream."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, Task, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.text import Text


class _Rate(ProgressColumn):
    """Claims a second."""

    def render(self, task: Task) -> Text:
        rate = task.finished_speed or task.speed
        return Text("" if rate is None else f"{int(rate):,} claims/s")


@dataclass(slots=True)
class Progress:
    """Used with ``with``. ``total``: how many claims there are, if that is known; ``done``: how many were counted in
    an earlier run."""

    total: int | None
    done: int = 0
    label: str = "claims"
    console: Console = field(default_factory=lambda: Console(stderr=True))
    bar: Bar = field(init=False, repr=False)
    task: TaskID = field(init=False, repr=False)

    def __post_init__(self) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
        self.bar = Bar(*columns, console=self.console, disable=not self.console.is_terminal, transient=True)
        self.task = self.bar.add_task(self.label, total=self.total, completed=self.done)

    def advance(self, claims: int) -> None:
        """So many claims more are counted."""
        self.bar.advance(self.task, claims)

    def __enter__(self) -> Self:
        self.bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.bar.stop()
