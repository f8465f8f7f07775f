"""Which entry of one rule file is which of the other: by id, by what replaces it, by saying the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from policyengine.difference.model import ALWAYS, Entry
from policyengine.difference.sense import Names, sense

Group = tuple[Entry, ...]
"""The entries of one id in one section: one, or a version for each period."""
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Pairing:
    """``pairs``: entries that are the same thing in both; ``names``: what the second calls names of the first;
    ``dropped``, ``added``: those that only one of them has."""

    pairs: tuple[tuple[Group, Group], ...]
    names: Names
    dropped: tuple[Group, ...]
    added: tuple[Group, ...]


def paired(old: Sequence[Entry], new: Sequence[Entry]) -> Pairing:
    """Entries of the same id belong together; then what says that it replaces one; then what says the same under
    another name, which may make more of them say the same; then what is alone in its place."""
    left, right = _groups(old), _groups(new)
    found: dict[Key, Key] = {key: key for key in left if key in right}
    names: dict[str, str] = {}
    _replaced(left, right, found, names)
    while _same(left, right, found, names):
        pass
    _alone(left, right, found, names)
    taken = set(found.values())
    return Pairing(
        tuple((left[one], right[other]) for one, other in found.items()),
        names,
        tuple(group for key, group in left.items() if key not in found),
        tuple(group for key, group in right.items() if key not in taken),
    )


def _groups(entries: Iterable[Entry]) -> dict[Key, Group]:
    found: dict[Key, Group] = {}
    for entry in entries:
        key = (entry.section, entry.id)
        found[key] = (*found.get(key, ()), entry)
    return found


def _take(one: Key, other: Key, found: dict[Key, Key], names: dict[str, str]) -> None:
    found[one] = other
    if one[1] != other[1]:
        names[one[1]] = other[1]


def _replaced(left: dict[Key, Group], right: dict[Key, Group], found: dict[Key, Key], names: dict[str, str]) -> None:
    """What says that it replaces an entry of the other file is what became of it."""
    for forward, (here, there) in ((True, (left, right)), (False, (right, left))):
        for key, group in there.items():
            target = (key[0], group[0].replaces)
            taken = found.keys() | set(found.values())
            if group[0].replaces and target in here and target not in taken and key not in taken:
                _take(*((target, key) if forward else (key, target)), found, names)


def _same(left: dict[Key, Group], right: dict[Key, Group], found: dict[Key, Key], names: dict[str, str]) -> bool:
    """Takes together, in their order, entries that say the same but for their ids; whether there were any."""
    before = len(found)
    taken = set(found.values())
    waiting: dict[str, list[Key]] = {}
    for key, group in right.items():
        if key not in taken:
            waiting.setdefault(repr((key[0], said(group, {}))), []).append(key)
    for key, group in left.items():
        if key not in found and (same := waiting.get(repr((key[0], said(group, names))))):
            _take(key, same.pop(0), found, names)
    return len(found) > before


def said(group: Group, names: Names) -> Any:
    """What the versions of an entry say, its id aside."""
    return tuple((entry.kind, entry.valid, sense(dict(entry.said), names)) for entry in group)


def _alone(left: dict[Key, Group], right: dict[Key, Group], found: dict[Key, Key], names: dict[str, str]) -> None:
    """A provision that is the only one of its mechanism, place and condition to go, and one that is the only one to
    come, are one provision under another id."""
    taken = set(found.values())
    gone, come = _by_place(left, found.keys(), names), _by_place(right, taken, {})
    for place, keys in gone.items():
        others = come.get(place, [])
        if len(keys) == len(others) == 1:
            _take(keys[0], others[0], found, names)


def _by_place(groups: dict[Key, Group], taken: Iterable[Key], names: Names) -> dict[str, list[Key]]:
    found: dict[str, list[Key]] = {}
    known = set(taken)
    for key, group in groups.items():
        entry = group[0]
        if entry.section != "provisions" or key in known or not entry.within:
            continue
        where = [sense(entry.said.get(name), names) for name in ("layer", "when")]
        found.setdefault(repr((entry.kind, where, [e.valid for e in group] != [ALWAYS])), []).append(key)
    return found
