"""Finding rule files and making programs of them: by bundled name or path, flattened, one program an epoch.

A name such as ``cn/heilongjiang/shuangyashan`` is the folder of a ``ruleset.yaml`` below the bundled ``rulesets/``; a
path names a file or such a folder. What a file ``extends`` is looked up in the same root. Nothing outside the root is
read.
"""

from __future__ import annotations

import datetime
import hashlib
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from policyengine import ir
from policyengine.errors import Diagnostic, RuleError, Span, nearest
from policyengine.inherit import flatten, resolve_own
from policyengine.lower import Epoch, lower
from policyengine.parse import parse
from policyengine.ruleset import Ruleset
from policyengine.source import read_file

FILE = "ruleset.yaml"
MAX_EXTENDS = 16
_NAME = re.compile(r"[a-z0-9_\-]+(/[a-z0-9_\-]+)*", re.ASCII)


@dataclass(frozen=True)
class Rulebook:
    """A rule file ready to settle claims: one program for each period in which nothing changes.

    ``digest``: SHA-256 over the names and contents of every file it was made from.
    """

    name: str
    title: Mapping[str, str]
    digest: str
    files: tuple[tuple[str, str], ...]
    programs: tuple[ir.Program, ...]
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    status: str = "approved"
    prepared: dict[tuple[str, str], Any] = field(default_factory=dict, compare=False, repr=False)

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
        """The program in force on ``day``, or ``None`` if the rule file has no version for it."""
        iso = day.isoformat()
        for program in self.programs:
            start, end = program.valid
            if (not start or start <= iso) and (not end or iso < end):
                return program
        return None


def bundled_root() -> Path:
    """The folder of the rule sets that travel with the library."""
    here = Path(__file__).parent
    inside = here / "rulesets"
    return inside if inside.is_dir() else here.parent / "rulesets"


def bundled_names(root: Path | None = None) -> tuple[str, ...]:
    """Names of all rule sets below ``root`` (default: the bundled ones), sorted."""
    base = root or bundled_root()
    return tuple(sorted(p.parent.relative_to(base).as_posix() for p in base.rglob(FILE)))


def load(name: str | Path, root: Path | None = None) -> Rulebook:
    """The rule set of that bundled name, or at that path. Raises ``RuleError`` with everything that is wrong."""
    from policyengine.cache import cached

    found, name_in_root, base = locate(name, root)
    ruleset_files = tuple(_chain_files(found, base))
    return cached(ruleset_files, lambda: book_of(read(found, name_in_root, base)))


def locate(name: str | Path, root: Path | None = None) -> tuple[Path, str, Path]:
    """File, name and root of a rule set. Raises ``RuleError`` if there is none."""
    base = (root or bundled_root()).resolve()
    text = str(name)
    as_path = Path(text)
    if isinstance(name, str) and _NAME.fullmatch(text) and (base / text / FILE).is_file():
        return base / text / FILE, text, base
    for file in (as_path / FILE, as_path):
        if file.is_file():
            return _own_root(file.resolve(), base)
    known = bundled_names(base)
    message = f"there is no rule set `{text}`"
    raise RuleError(Diagnostic("E601", message, None, "a bundled name or a path", nearest(text, known), record=text))


def _own_root(file: Path, base: Path) -> tuple[Path, str, Path]:
    """A file below the bundled root keeps its name; any other file's root is found by the name it gives itself."""
    if file.is_relative_to(base):
        return file, file.parent.relative_to(base).as_posix(), base
    declared = _declared_name(file)
    depth = len(Path(declared).parts)
    above = file.parents[depth] if file.name == FILE and len(file.parents) > depth else file.parent
    return file, declared, above


def _declared_name(file: Path) -> str:
    node = read_file(file, str(file)).get("ruleset")
    return getattr(node, "text", "") or file.stem


def _file_of(name: str, base: Path, at: Span) -> Path:
    """The file that ``extends: name`` means: below the root of the rule set, or else below the bundled root."""
    if not _NAME.fullmatch(name):
        raise RuleError(Diagnostic("E602", f"`{name}` is not the name of a rule set", at, "a name such as cn/shanxi"))
    for root in (base, bundled_root().resolve()):
        file = (root / name / FILE).resolve()
        if file.is_file():
            if not file.is_relative_to(root):
                raise RuleError(Diagnostic("E602", f"`{name}` leads outside the folder of the rule sets", at))
            return file
    known = {*bundled_names(base), *bundled_names()}
    raise RuleError(Diagnostic("E601", f"there is no rule set `{name}`", at, hint=nearest(name, known)))


def _shown(file: Path, base: Path) -> str:
    for root, prefix in ((bundled_root().resolve(), "rulesets/"), (base, "")):
        if file.is_relative_to(root):
            return prefix + file.relative_to(root).as_posix()
    return str(file)


def _chain_files(file: Path, base: Path) -> Iterator[tuple[str, bytes]]:
    """Shown name and content of the file and of everything that it extends, without a full parse."""
    seen: list[Path] = []
    while True:
        seen.append(file)
        shown = _shown(file, base)
        yield shown, file.read_bytes() if file.stat().st_size <= 2**20 else b""
        tree = read_file(file, shown)
        parent = tree.get("extends")
        if parent is None or not hasattr(parent, "text"):
            return
        file = _file_of(parent.text, base, parent.span)
        _check_chain(seen, file, base, parent.span)


def _check_chain(seen: list[Path], file: Path, base: Path, at: Span) -> None:
    if file in seen:
        names = [_shown(f, base) for f in [*seen[seen.index(file) :], file]]
        raise RuleError(Diagnostic("E603", "`extends` goes in a circle: " + " → ".join(names), at))
    if len(seen) >= MAX_EXTENDS:
        raise RuleError(Diagnostic("E604", f"`extends` is more than {MAX_EXTENDS} deep", at))


def read(file: Path, name: str, base: Path, seen: tuple[Path, ...] = ()) -> Ruleset:
    """The flattened rule set of a file."""
    shown = _shown(file, base)
    tree = read_file(file, shown)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    ruleset = parse(tree, name, ((shown, digest),))
    if ruleset.extends is None:
        return resolve_own(ruleset)
    parent_file = _file_of(ruleset.extends.text, base, ruleset.extends.span)
    _check_chain([*seen, file], parent_file, base, ruleset.extends.span)
    parent = read(parent_file, ruleset.extends.text, base, (*seen, file))
    return flatten(ruleset, parent)


def epochs(ruleset: Ruleset) -> tuple[Epoch, ...]:
    """The periods, inside the rule set's validity, in which nothing changes."""
    start, end = ruleset.valid
    inside = [d for d in ruleset.cut_points() if (start is None or d > start) and (end is None or d < end)]
    edges = [start, *inside, end]
    return tuple(itertools.pairwise(edges))


def book_of(ruleset: Ruleset) -> Rulebook:
    """Lowers every epoch and runs the checks that no rule set may fail."""
    from policyengine.check import essential

    programs = tuple(lower(ruleset, epoch) for epoch in epochs(ruleset))
    essential(ruleset, programs)
    digest = digest_of(ruleset.files)
    sources = {
        s.id.text: {k: v for k in ("title", "publisher", "date", "url", "file", "grade") if (v := getattr(s, k))}
        for s in ruleset.sources
    }
    return Rulebook(ruleset.name, ruleset.title, digest, ruleset.files, programs, sources, ruleset.status)


def digest_of(files: tuple[tuple[str, str], ...]) -> str:
    """SHA-256 over shown names and content hashes, in order."""
    text = "\n".join(f"{name} {content}" for name, content in files)
    return hashlib.sha256(text.encode()).hexdigest()
