"""Finding rule files by bundled name or path, and the programs made of them.

A name such as ``cn/heilongjiang/shuangyashan`` is the folder of a ``ruleset.yaml`` below the bundled ``rulesets/``; a
path names such a folder, or a file. What a file ``extends`` is looked up below the same root and then among the bundled
ones. Nothing outside these roots is read.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from policyengine import codec, ir
from policyengine.errors import Diagnostic, RuleError, Span, nearest

FILE = "ruleset.yaml"
MAX_EXTENDS = 16
NAME = re.compile(r"[a-z0-9_\-]{1,64}(/[a-z0-9_\-]{1,64}){0,15}", re.ASCII)


@dataclass(frozen=True)
class Rulebook:
    """A rule set ready to settle claims: one program for each period in which nothing changes.

    ``digest``: SHA-256 over the names and contents of every file it was made from; ``files``: each with its own.
    """

    name: str
    title: Mapping[str, str]
    digest: str
    files: tuple[tuple[str, str], ...]
    programs: tuple[ir.Program, ...]
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    status: str = "approved"
    prepared: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def dated_by(self) -> str:
        """Which date of a claim selects the version."""
        return self.programs[0].dated_by

    @cached_property
    def all_meters(self) -> ir.Program:
        """The last program with the meters of every epoch: what a history may hold."""
        meters = {m.name: m for p in self.programs for m in p.meters}
        return replace(self.programs[-1], meters=tuple(meters.values()))

    def program_on(self, day: datetime.date) -> ir.Program | None:
        """The program in force on ``day``, or ``None`` if the rule set has no version for it."""
        iso = day.isoformat()
        for program in self.programs:
            start, end = program.valid
            if (not start or start <= iso) and (not end or iso < end):
                return program
        return None


def written(book: Rulebook) -> str:
    """A rulebook as text, for the cache."""
    return codec.dumps((book.name, book.title, book.digest, book.files, book.programs, book.sources, book.status))


def from_written(text: str) -> Rulebook:
    """What ``written`` wrote. Raises ``ValueError``, ``KeyError``, ``TypeError`` or ``IndexError`` for other texts."""
    return Rulebook(*codec.loads(text))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a rule set stands: its file, its name, and the root below which names are looked up."""

    file: Path
    name: str
    root: Path

    @property
    def shown(self) -> str:
        """The file's name in messages: ``rulesets/…`` for bundled ones."""
        for root, prefix in ((bundled_root(), "rulesets/"), (self.root, "")):
            if self.file.is_relative_to(root):
                return prefix + self.file.relative_to(root).as_posix()
        return str(self.file)


def bundled_root() -> Path:
    """The folder of the rule sets that travel with the library."""
    here = Path(__file__).resolve().parent
    inside = here / "rulesets"
    return inside if inside.is_dir() else here.parent / "rulesets"


def bundled_names(root: Path | None = None) -> tuple[str, ...]:
    """Names of all rule sets below ``root`` (default: the bundled ones), sorted."""
    base = root or bundled_root()
    return tuple(sorted(p.parent.relative_to(base).as_posix() for p in base.rglob(FILE)))


def locate(name: str | Path, root: Path | None = None) -> Place:
    """File, name and root of a rule set. Raises ``RuleError`` if there is none."""
    base = (root or bundled_root()).resolve()
    text = str(name)
    if isinstance(name, str) and NAME.fullmatch(text) and (base / text / FILE).is_file():
        return Place(base / text / FILE, text, base)
    for file in (Path(text) / FILE, Path(text)):
        if _is_file(file):
            return _at_path(file, base)
    known = bundled_names(base)
    message = f"there is no rule set `{text}`"
    raise RuleError(Diagnostic("E601", message, None, "a bundled name or a path", nearest(text, known), record=text))


def _is_file(path: Path) -> bool:
    """Whether there is a regular file; what cannot be the name of a file is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _at_path(stated: Path, base: Path) -> Place:
    """A file below the bundled root keeps its name; the root of any other follows from the name it gives itself."""
    file = stated.resolve()
    if file.is_relative_to(base):
        return Place(file, file.parent.relative_to(base).as_posix(), base)
    declared = declared_name(stated)
    if not NAME.fullmatch(declared):
        message = f"`{declared}` is not the name of a rule set"
        raise RuleError(Diagnostic("E602", message, None, "a name such as cn/shanxi", record=str(file)))
    depth = len(Path(declared).parts)
    whole = file.name == FILE and file.parent.as_posix().endswith("/" + declared)
    return Place(file, declared, file.parents[depth] if whole else file.parent)


def declared_name(file: Path) -> str:
    """The name that a rule file gives itself, or the file's own."""
    from policyengine.source import read_file

    node = read_file(file, str(file)).get("ruleset")
    return getattr(node, "text", "") or file.stem


def place_of(name: str, base: Path, at: Span | None = None) -> Place:
    """The rule set that ``extends: name`` means. Raises ``RuleError``, placed at ``at``."""
    if not NAME.fullmatch(name):
        raise RuleError(Diagnostic("E602", f"`{name}` is not the name of a rule set", at, "a name such as cn/shanxi"))
    for root in (base, bundled_root()):
        file = (root / name / FILE).resolve()
        if file.is_file():
            if not file.is_relative_to(root):
                raise RuleError(Diagnostic("E602", f"`{name}` leads outside the folder of the rule sets", at))
            return Place(file, name, root)
    known = {*bundled_names(base), *bundled_names()}
    raise RuleError(Diagnostic("E601", f"there is no rule set `{name}`", at, hint=nearest(name, known)))
