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


@dataclass(frozen=True, slots=True)
class Gap:
    """A period, [from, to) as ISO dates, for which the rules were not yet known: what had not been published, where."""

    valid: tuple[str, str]
    message: str
    span: Span


@dataclass(frozen=True, slots=True)
class Edition:
    """A rule set as it was known in a period, [from, to) as ISO dates: a program for each period of validity."""

    known: tuple[str, str]
    programs: tuple[ir.Program, ...]
    gaps: tuple[Gap, ...] = ()

    def program_on(self, day: datetime.date) -> ir.Program | None:
        """The program in force on ``day``, or ``None`` if the rule set has no version for it."""
        return next((program for program in self.programs if _contains(program.valid, day)), None)


def _contains(period: tuple[str, str], day: datetime.date) -> bool:
    start, end = period
    iso = day.isoformat()
    return (not start or start <= iso) and (not end or iso < end)


@dataclass(frozen=True)
class Rulebook:
    """A rule set ready to settle claims: one program for each period in which nothing changes.

    ``digest``: SHA-256 over the names and contents of every file it was made from; ``files``: each with its own.
    ``programs``: as everything in the files is known; ``earlier``: as less had been published, the latest first.
    """

    name: str
    title: Mapping[str, str]
    digest: str
    files: tuple[tuple[str, str], ...]
    programs: tuple[ir.Program, ...]
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    status: str = "approved"
    earlier: tuple[Edition, ...] = ()
    prepared: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def dated_by(self) -> str:
        """Which date of a claim selects the version."""
        return self.programs[0].dated_by

    @cached_property
    def all_meters(self) -> ir.Program:
        """The last program with the meters of every epoch: what a history may hold."""
        meters = {m.name: m for p in self.every_program for m in p.meters}
        return replace(self.programs[-1], meters=tuple(meters.values()))

    @property
    def every_program(self) -> tuple[ir.Program, ...]:
        """The programs of all editions, the latest first."""
        return (*self.programs, *(program for edition in self.earlier for program in edition.programs))

    def edition_on(self, known_on: datetime.date | None) -> Edition:
        """The rule set as it was known on a day; by default with everything that its files hold."""
        if known_on is not None:
            for edition in self.earlier:
                if _contains(edition.known, known_on):
                    return edition
        return Edition(self.programs[-1].known, self.programs)

    def program_on(self, day: datetime.date, known_on: datetime.date | None = None) -> ir.Program | None:
        """The program in force on ``day`` as the rules were known on ``known_on``; ``None`` if there is no version."""
        return self.edition_on(known_on).program_on(day)

    def gap_on(self, day: datetime.date, known_on: datetime.date | None) -> Gap | None:
        """What of the rules for ``day`` had not been published by ``known_on``."""
        return next((gap for gap in self.edition_on(known_on).gaps if _contains(gap.valid, day)), None)


def written(book: Rulebook) -> str:
    """A rulebook as text, for the cache. Programs that differ only by their periods are written once."""
    head = (book.name, book.title, book.digest, book.files, book.sources, book.status)
    bodies: dict[int, tuple[int, ir.Program]] = {}
    for program in book.every_program:
        bodies.setdefault(id(program.steps), (len(bodies), program))
    editions = tuple(
        (e.known, tuple((bodies[id(p.steps)][0], p.valid) for p in e.programs),
         tuple((g.valid, g.message, g.span) for g in e.gaps))
        for e in (book.edition_on(None), *book.earlier)
    )  # fmt: skip
    return codec.dumps((head, tuple(program for _, program in bodies.values()), editions))


def from_written(text: str) -> Rulebook:
    """What ``written`` wrote. Raises ``ValueError``, ``KeyError``, ``TypeError`` or ``IndexError`` for other texts."""
    head, bodies, editions = codec.loads(text)
    latest, *earlier = (
        Edition(known, tuple(replace(bodies[at], valid=valid, known=known) for at, valid in programs),
                tuple(Gap(*gap) for gap in gaps))
        for known, programs, gaps in editions
    )  # fmt: skip
    name, title, digest, files, sources, status = head
    return Rulebook(name, title, digest, files, latest.programs, sources, status, tuple(earlier))


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
