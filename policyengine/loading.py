"""``load``: a rule set by name or path, out of the cache if its files have not changed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from policyengine import cache
from policyengine.errors import RuleError
from policyengine.rulebook import MAX_EXTENDS, Place, Roots, Rulebook, from_written, locate, place_of, written

LIMIT_BYTES = 2**20
Files = tuple[tuple[str, bytes], ...]
_EXTENDS = re.compile(rb"^extends:[ \t]*([a-z0-9_/\-]+)[ \t]*(?:#.*)?\r?$", re.MULTILINE)


def load(name: str | Path, path: Roots = (), overlays: Roots = ()) -> Rulebook:
    """The rule set of that name, or at that path. ``path``: folders of rule sets to look for it in, before those of
    ``POLICYENGINE_PATH`` and the bundled ones. ``overlays``: files that state only what is otherwise, put on top of it
    in their order; ``load("cn/shanxi/136+reform.yaml")`` is the same in one text. Raises ``RuleError`` with everything
    that is wrong."""
    return load_at(locate(name, path, overlays))


def load_at(place: Place) -> Rulebook:
    """The rule set at a place. Raises as ``load``."""
    files = tuple(contents(place))
    key = cache.key_of(files)
    found: Rulebook | None = cache.recall(key, from_written)
    if found is None:
        from policyengine.assemble import assemble

        found = assemble(place)
        if _is_made_of(found, place, files):
            cache.store(key, found, written)
    return found


@dataclass(frozen=True, slots=True)
class About:
    """What a list says of a rule set: its title by language, the period in which it holds (ISO days, empty for an open
    end), its status."""

    title: Mapping[str, str]
    valid: tuple[str, str]
    status: str


def about(place: Place) -> About:
    """What a list says of the rule set at a place, kept beside it in the cache, so that its programs need not be read.
    Raises as ``load``."""
    files = tuple(contents(place))
    key = cache.key_of((("what a list says", b""), *files))
    found: About | None = cache.recall(key, _about)
    if found is None:
        book = load_at(place)
        found = About(book.title, (book.programs[0].valid[0], book.programs[-1].valid[1]), book.status)
        if _is_made_of(book, place, files):
            cache.store(key, found, lambda one: json.dumps([dict(one.title), one.valid, one.status]))
    return found


def _about(text: str) -> About:
    title, (first, last), status = json.loads(text)
    return About(title, (first, last), status)


def _is_made_of(found: Rulebook, place: Place, files: Files) -> bool:
    """Whether a rule set was made of the files that its key is of."""
    own = found.files[: len(found.files) - len(place.overlays)]
    return [name for name, _ in own] == [name for name, _ in reversed(files[len(place.overlays) :])]


def contents(place: Place) -> Iterator[tuple[str, bytes]]:
    """Name and content of a file and of what it extends, found without reading the YAML; before them the overlays, the
    last one first. A key, not a proof: what is really extended is compared before an entry is stored."""
    for overlay in reversed(place.overlays):
        with overlay.open("rb") as file:
            yield f"overlay {overlay}", file.read(LIMIT_BYTES + 1)
    for _ in range(MAX_EXTENDS + 1):
        with place.file.open("rb") as file:
            content = file.read(LIMIT_BYTES + 1)
        yield place.name, content
        parent = _EXTENDS.search(content)
        if parent is None:
            return
        try:
            place = place_of(parent[1].decode(), place)
        except RuleError:
            return
