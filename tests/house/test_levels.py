"""Imports point strictly downwards; siblings do not know each other; nothing goes in a circle."""

from __future__ import annotations

import pytest

from tests.house.files import ROOT, modules
from tests.house.imports import Import, imports
from tests.house.levels import LEVELS, level_of, room_of

RUNTIME = [i for i in imports() if not i.typing and i.target]
BETWEEN_ROOMS = [i for i in RUNTIME if room_of(i.module) != room_of(i.target)]


def shown(found: Import) -> str:
    return f"{found.module}:{found.line} imports {found.target}"


def test_every_module_has_a_level() -> None:
    """The package itself stands above all: it only says where its names live."""
    unknown = sorted({room_of(m) for m in modules() if m and level_of(m) is None})
    assert unknown == [], "give these rooms a level in tests/house/levels.py and docs/architecture.md"


def test_imports_point_strictly_downwards() -> None:
    wrong = [shown(i) for i in BETWEEN_ROOMS if i.module and (level_of(i.module) or 0) <= (level_of(i.target) or 0)]
    assert wrong == []


def test_the_package_itself_imports_nothing() -> None:
    assert [shown(i) for i in RUNTIME if not i.module] == []


def test_a_mechanism_knows_no_other_mechanism() -> None:
    """Each is one file; what they share is in ``mechanisms.base``, ``rooms`` and ``rounding``."""
    inside = [i for i in RUNTIME if i.module.startswith("mechanisms.") and i.target.startswith("mechanisms")]
    assert [
        shown(i) for i in inside if i.target not in ("mechanisms.base", "mechanisms.rooms", "mechanisms.rounding")
    ] == []


def test_back_ends_see_the_program_and_nothing_above_it() -> None:
    seen = {room_of(i.target) for i in BETWEEN_ROOMS if i.module.startswith("backends")}
    assert seen <= {"errors", "money", "terms", "ir", "analysis"}


def test_no_import_goes_in_a_circle() -> None:
    """Inside a room a function may import what its own module is imported by; at the top of a module nothing may."""
    edges: dict[str, set[str]] = {m: set() for m in modules()}
    for found in RUNTIME:
        if not found.lazy:
            edges[found.module].add(found.target)
    assert circle(edges) == []


def circle(edges: dict[str, set[str]]) -> list[str]:
    """One circle of a graph as a path, or nothing."""
    done: set[str] = set()

    def walk(node: str, path: list[str]) -> list[str]:
        if node in path:
            return [*path[path.index(node) :], node]
        if node in done:
            return []
        for target in sorted(edges.get(node, ())):
            if found := walk(target, [*path, node]):
                return found
        done.add(node)
        return []

    return next((found for node in sorted(edges) if (found := walk(node, []))), [])


@pytest.mark.parametrize(
    ("edges", "found"), [({"a": {"b"}, "b": {"a"}}, ["a", "b", "a"]), ({"a": {"b"}, "b": set()}, [])]
)
def test_a_circle_is_noticed(edges: dict[str, set[str]], found: list[str]) -> None:
    assert circle(edges) == found


def test_the_architecture_page_shows_the_same_levels() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| ") and line[2].isdigit()]
    shown_rooms: dict[int, set[str]] = {}
    for level, room, *_ in rows:
        shown_rooms.setdefault(int(level), set()).add(room.strip("`"))
    assert [shown_rooms.get(level) for level in range(len(LEVELS))] == [set(rooms) for rooms in LEVELS]
