"""The rooms of the house by level, lowest first. ``docs/architecture.md`` shows the same table.

A room is a module of the library or a package with everything in it; ``backends.*`` makes every back end a room of its
own. A room imports from lower levels only, never from its own level.
"""

from __future__ import annotations

LEVELS: tuple[tuple[str, ...], ...] = (
    ("errors", "codes"),
    ("money", "terms"),
    ("ir", "claim", "rowsources"),
    ("source", "expressions", "encode", "analysis", "codec", "records"),
    ("resolve", "settlement", "cache", "backends.*"),
    ("shapes", "coverage"),
    ("mechanisms", "persons"),
    ("ruleset",),
    ("parse", "inherit", "knowledge", "linedates", "levers"),
    ("lower", "schema", "printing"),
    ("check",),
    ("rulebook", "overlays"),
    ("assemble", "codemaps"),
    ("loading", "turns"),
    ("engine", "opening", "lookup", "entitlements", "audits"),
    ("chain", "verify"),
    ("runs", "resettlement"),
    ("casebook", "laws", "generate", "bulk"),
    ("mass", "volume", "synth", "orders", "cases", "questions", "scaffold", "testing"),
    ("simulate", "backtest", "spark", "lawfiles", "exercise", "trials"),
    ("sweep", "difference", "mutation"),
    ("report",),
    ("render",),
    ("cli", "pytest_plugin"),
    ("__main__",),
)


def room_of(module: str) -> str:
    """``ir.build`` stands in ``ir``, ``backends.columns.plan`` in ``backends.columns``."""
    parts = module.split(".")
    return ".".join(parts[:2]) if f"{parts[0]}.*" in ROOMS and len(parts) > 1 else parts[0]


def level_of(module: str) -> int | None:
    """The level of the room of a module, or ``None`` for a room that the table does not know."""
    room = room_of(module)
    return LEVEL.get(room, LEVEL.get(f"{room.split('.')[0]}.*"))


ROOMS = {room for rooms in LEVELS for room in rooms}
LEVEL = {room: level for level, rooms in enumerate(LEVELS) for room in rooms}
