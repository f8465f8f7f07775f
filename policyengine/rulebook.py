"""Finding rule files by name or path, and the programs made of them.

A name such as ``cn/heilongjiang/shuangyashan`` is the folder of a ``ruleset.yaml`` below a root. Roots are the folders
that the caller names, those of ``POLICYENGINE_PATH``, and the bundled ``rulesets/``; a path names such a folder, or a
file. What a file ``extends`` is looked up below its own root and then below these. Nothing outside the roots is read.
"""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from policyengine import codec, ir
from policyengine.errors import Diagnostic, RuleError, Span, nearest

FILE = "ruleset.yaml"
PATH = "POLICYENGINE_PATH"
"""The variable that names further folders of rule sets, separated as in PATH."""

Roots = str | Path | Iterable[str | Path]
MAX_EXTENDS = 16
PLUS = "+"
"""Between a rule set and the file of an overlay, and between overlays."""
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
    status_at: Span | None = None
    place: str = ""
    prepared: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        """A rulebook goes to another process without what was prepared in this one."""
        return {f.name: getattr(self, f.name) for f in fields(self)} | {"prepared": {}}

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
        return self.latest

    @cached_property
    def latest(self) -> Edition:
        """The rule set with everything that its files hold."""
        return Edition(self.programs[-1].known, self.programs)

    def program_on(self, day: datetime.date, known_on: datetime.date | None = None) -> ir.Program | None:
        """The program in force on ``day`` as the rules were known on ``known_on``; ``None`` if there is no version."""
        return self.edition_on(known_on).program_on(day)

    def gap_on(self, day: datetime.date, known_on: datetime.date | None) -> Gap | None:
        """What of the rules for ``day`` had not been published by ``known_on``."""
        return next((gap for gap in self.edition_on(known_on).gaps if _contains(gap.valid, day)), None)


def written(book: Rulebook) -> str:
    """A rulebook as text, for the cache. Programs that differ only by their periods are written once."""
    head = (book.name, book.title, book.digest, book.files, book.sources, book.status, book.status_at, book.place)
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
    name, title, digest, files, sources, status, status_at, place = head
    return Rulebook(name, title, digest, files, latest.programs, sources, status, tuple(earlier), status_at, place)


def examined(book: Rulebook) -> Rulebook:
    """The rule set as if it were in force: to run its cases, or to recompute what was settled while it was."""
    return replace(book, status="approved")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a rule set stands: its file, its name, the root below which it was found, and the roots below which names
    are looked up after its own. ``overlays``: files that are put on top of it, one after the other."""

    file: Path
    name: str
    root: Path
    path: tuple[Path, ...] = ()
    overlays: tuple[Path, ...] = ()

    @property
    def shown(self) -> str:
        """The file's name in messages: ``rulesets/…`` for bundled ones."""
        for root, prefix in ((bundled_root(), "rulesets/"), (self.root, "")):
            if self.file.is_relative_to(root):
                return prefix + self.file.relative_to(root).as_posix()
        return str(self.file)

    @property
    def roots(self) -> tuple[Path, ...]:
        """The roots below which names are looked up, its own first."""
        return tuple(dict.fromkeys((self.root, *self.path)))


def bundled_root() -> Path:
    """The folder of the rule sets that travel with the library."""
    here = Path(__file__).resolve().parent
    inside = here / "rulesets"
    return inside if inside.is_dir() else here.parent / "rulesets"


def search_path(stated: Roots = ()) -> tuple[Path, ...]:
    """The folders below which names are looked up, first one first: the stated ones, those of ``POLICYENGINE_PATH``,
    the bundled one. Raises ``RuleError`` for one that is no folder."""
    given = (stated,) if isinstance(stated, str | Path) else tuple(stated)
    named = (root for root in os.environ.get(PATH, "").split(os.pathsep) if root)
    found = [_root(Path(root)) for root in (*given, *named)]
    return tuple(dict.fromkeys((*found, bundled_root().resolve())))


def _root(folder: Path) -> Path:
    try:
        resolved = folder.resolve()
        known = resolved.is_dir()
    except (OSError, ValueError):
        known = False
    if not known:
        message = f"`{folder}` is no folder of rule sets"
        hint = f"it is named with `--rulesets`, `path=` or {PATH}"
        raise RuleError(Diagnostic("E606", message, None, "a folder", hint, record=str(folder)))
    return resolved


def bundled_names(root: Path | None = None) -> tuple[str, ...]:
    """Names of all rule sets below ``root`` (default: the bundled ones), sorted."""
    base = root or bundled_root()
    return tuple(sorted(p.parent.relative_to(base).as_posix() for p in base.rglob(FILE)))


def known_places(path: Roots = ()) -> tuple[Place, ...]:
    """Every rule set below the roots of the search path, root by root; a name belongs to the first root that has it.

    Raises ``RuleError`` for a root that is no folder, and for the first file that stands where a bundled one does.
    """
    roots = search_path(path)
    names = dict.fromkeys(name for root in roots for name in bundled_names(root) if NAME.fullmatch(name))
    found = [place for name in names if (place := _below(name, roots)) is not None]
    return tuple(sorted(found, key=lambda place: (roots.index(place.root), place.name)))


def locate(name: str | Path, path: Roots = (), overlays: Roots = ()) -> Place:
    """File, name and root of a rule set, by name or path; of ``NAME+FILE``, with the overlay of that file, before those
    of ``overlays``. Raises ``RuleError`` if there is none."""
    roots, text = search_path(path), str(name)
    given = (overlays,) if isinstance(overlays, str | Path) else tuple(overlays)
    found = _found(name, roots)
    if found is None and PLUS in text:
        text, *files = text.split(PLUS)
        found, given = _found(text, roots), (*files, *given)
    if found is not None:
        return replace(found, overlays=tuple(map(_overlay, given)))
    message = f"there is no rule set `{text}`"
    hint = nearest(text, {known for root in roots for known in bundled_names(root)})
    raise RuleError(Diagnostic("E601", message, None, "a bundled name or a path", hint, record=text))


def _overlay(stated: str | Path) -> Path:
    if not _is_file(Path(stated)):
        message = f"there is no overlay `{stated}`"
        raise RuleError(Diagnostic("E841", message, None, "a file that states what is otherwise", record=str(stated)))
    return Path(stated)


def _found(name: str | Path, roots: tuple[Path, ...]) -> Place | None:
    """The rule set of that name or at that path, if there is one."""
    text = str(name)
    if isinstance(name, str) and NAME.fullmatch(text):
        place = _below(text, roots)
        if place is not None:
            return place
    for file in (Path(text) / FILE, Path(text)):
        if _is_file(file):
            return _at_path(file, roots)
    return None


def _is_file(path: Path) -> bool:
    """Whether there is a regular file; what cannot be the name of a file is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _at_path(stated: Path, roots: tuple[Path, ...]) -> Place:
    """A file below a root keeps its name; the root of any other follows from the name it gives itself."""
    file = stated.resolve()
    for root in roots:
        if file.is_relative_to(root):
            return Place(file, file.parent.relative_to(root).as_posix(), root, roots)
    declared = declared_name(stated)
    if not NAME.fullmatch(declared):
        message = f"`{declared}` is not the name of a rule set"
        raise RuleError(Diagnostic("E602", message, None, "a name such as cn/shanxi", record=str(file)))
    depth = len(Path(declared).parts)
    whole = file.name == FILE and file.parent.as_posix().endswith("/" + declared)
    return Place(file, declared, file.parents[depth] if whole else file.parent, roots)


def declared_name(file: Path) -> str:
    """The name that a rule file gives itself, or the file's own."""
    from policyengine.source import read_file

    node = read_file(file, str(file)).get("ruleset")
    return getattr(node, "text", "") or file.stem


def place_of(name: str, child: Place, at: Span | None = None) -> Place:
    """The rule set that ``extends: name`` of ``child`` means. Raises ``RuleError``, placed at ``at``."""
    if not NAME.fullmatch(name):
        raise RuleError(Diagnostic("E602", f"`{name}` is not the name of a rule set", at, "a name such as cn/shanxi"))
    place = _below(name, child.roots, at)
    if place is None:
        known = {known for root in child.roots for known in bundled_names(root)}
        raise RuleError(Diagnostic("E601", f"there is no rule set `{name}`", at, hint=nearest(name, known)))
    return place


def _below(name: str, roots: tuple[Path, ...], at: Span | None = None) -> Place | None:
    """The rule set of that name below the first root that has it. Raises ``RuleError`` if it leads out of the root, or
    differs from a bundled one of the same name: nobody could tell by which of them a claim was settled."""
    for root in roots:
        file = (root / name / FILE).resolve()
        if not _is_file(file):
            continue
        record = "" if at else name
        if not file.is_relative_to(root):
            message = f"`{name}` leads outside the folder of the rule sets"
            raise RuleError(Diagnostic("E602", message, at, record=record))
        bundled = bundled_root().resolve() / name / FILE
        if file != bundled and bundled.is_file() and file.read_bytes() != bundled.read_bytes():
            message = f"`{name}` is bundled with the library, and another file of this name stands below {root}"
            hint = f"give it a name of its own (`extends: {name}` takes over the rest), or name the file by its path"
            raise RuleError(Diagnostic("E605", message, at, "a name that is not bundled", hint, record=record))
        return Place(file, name, root, roots)
    return None
