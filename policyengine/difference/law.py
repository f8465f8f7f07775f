"""What changed in the law: two flattened rule files compared entry by entry, field by field, by what they say."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from policyengine.difference.entries import entries_of
from policyengine.difference.model import ALWAYS, Change, Dates, Entry, Field, Side
from policyengine.difference.pairing import Group, Pairing, paired
from policyengine.difference.sense import Names, sense
from policyengine.difference.tables import cells
from policyengine.printing.compare import bare

ORDERED = ("layers", "provisions")


def law_changes(old: Side, new: Side) -> tuple[Change, ...]:
    """Everything that is not the same in both, in the order of the second file, what was dropped at its end.

    An entry under another id that says the same is ``renamed``; one of which only citations, assumptions or words for
    people differ is ``reworded``; a layer or a clause whose place changed among those that stay is ``moved``.
    """
    left, right = entries_of(old.ruleset, old.day), entries_of(new.ruleset, new.day)
    pairing = paired(left, right)
    found = [change for one, two in pairing.pairs for change in _compared(one, two, pairing.names)]
    found += [Change("added", None, entry) for group in pairing.added for entry in group]
    found += [Change("dropped", entry, None) for group in pairing.dropped for entry in group]
    found += _moved(left, right, pairing)
    place = {id(entry): at for at, entry in enumerate((*right, *left))}
    return tuple(sorted(found, key=lambda change: place[id(change.entry)]))


def _compared(old: Group, new: Group, names: Names) -> Iterator[Change]:
    """Versions that hold on the same days are held against each other; what else there is came or went."""
    if len(old) == len(new) == 1 and old[0].section not in ("parameters", "tables"):
        yield from _change(old[0], new[0], names, ALWAYS)
        return
    met: set[int] = set()
    for one in old:
        for two in new:
            days = _both(one.valid, two.valid)
            if days is not None:
                met |= {id(one), id(two)}
                yield from _change(one, two, names, days)
    yield from (Change("dropped", one, None) for one in old if id(one) not in met)
    yield from (Change("added", None, two) for two in new if id(two) not in met)


def _both(one: Dates, two: Dates) -> Dates | None:
    start = max((day for day in (one[0], two[0]) if day is not None), default=None)
    end = min((day for day in (one[1], two[1]) if day is not None), default=None)
    return None if start is not None and end is not None and start >= end else (start, end)


def _change(old: Entry, new: Entry, names: Names, days: Dates) -> Iterator[Change]:
    fields = tuple(_fields(old, new, names, days))
    if fields:
        yield Change("changed", old, new, fields)
    elif old.id != new.id:
        yield Change("renamed", old, new)
    elif _words(old) != _words(new):
        yield Change("reworded", old, new)


def _words(entry: Entry) -> object:
    return bare((dict(entry.label), entry.cites, entry.assumed))


def _fields(old: Entry, new: Entry, names: Names, days: Dates) -> Iterator[Field]:
    if old.kind != new.kind:
        yield Field("mechanism", old.kind, new.kind)
    if old.section not in ("parameters", "tables") and old.valid != new.valid:
        yield Field("valid", old.valid, new.valid)
    for name in dict.fromkeys((*old.said, *new.said)):
        if old.section == "tables" and name in ("rows", "columns", "gaps"):
            continue
        before, after = old.said.get(name), new.said.get(name)
        if sense(before, names) != sense(after, {}):
            yield Field(name, before, after, valid=days)
    if old.section == "tables":
        yield from cells(old, new, names)


# -- order -----------------------------------------------------------------------------------------------------------


def _moved(left: Sequence[Entry], right: Sequence[Entry], pairing: Pairing) -> Iterator[Change]:
    """Layers, and clauses that act one after the other, that stand at another place among those that stay."""
    pairs = {(one[0].section, one[0].id): (one[0], two[0]) for one, two in pairing.pairs}
    standing = dict.fromkeys((x.section, x.id) for x in left if x.section in ORDERED)
    by_place: dict[str, list[tuple[Entry, Entry]]] = {}
    for key in standing:
        if key in pairs and (place := _place(pairs[key][0])) and _place(pairs[key][1]):
            by_place.setdefault(place, []).append(pairs[key])
    for met in by_place.values():
        yield from _reordered([old for old, _ in met], [new for _, new in met], right)


def _place(entry: Entry) -> str:
    """Among what the place of an entry matters; empty where it does not."""
    if entry.section == "layers":
        return "layers"
    if entry.kind == "classify":
        return "classify"
    return f"in {' '.join(entry.within)}" if entry.within and entry.kind != "adjust" else ""


def _reordered(olds: Sequence[Entry], news: Sequence[Entry], right: Sequence[Entry]) -> Iterator[Change]:
    """The fewest entries that must have been moved: all but a longest run that kept its order."""
    at = {id(entry): place for place, entry in enumerate(right)}
    places = [at[id(entry)] for entry in news]
    kept = _rising(places)
    ordered = [news[i] for i in sorted(range(len(news)), key=places.__getitem__)]
    for index, (old, new) in enumerate(zip(olds, news, strict=True)):
        if index not in kept:
            now = next(i for i, entry in enumerate(ordered) if entry is new)
            behind = (olds[index - 1].id if index else "", ordered[now - 1].id if now else "")
            yield Change("moved", old, new, behind=behind)


def _rising(places: Sequence[int]) -> set[int]:
    """The indices of a longest rising run."""
    tails: list[int] = []
    before: list[int | None] = []
    for index, place in enumerate(places):
        length = bisect_left([places[i] for i in tails], place)
        before.append(tails[length - 1] if length else None)
        tails[length:] = [index] if length == len(tails) else [index, *tails[length + 1 :]]
    found: set[int] = set()
    last = tails[-1] if tails else None
    while last is not None:
        found.add(last)
        last = before[last]
    return found
