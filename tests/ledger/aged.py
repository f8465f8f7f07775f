"""Stores as earlier releases left them: what later versions of the tables added is taken out again."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import create_engine, text

MARKED = ("scopes", "uses")
"""The tables whose rows carry a mark since the third version."""


def aged(place: Path | str, version: int) -> None:
    """Make a store of the newest version one of an earlier version, with the rows that it holds."""
    engine = create_engine(f"sqlite:///{place}" if isinstance(place, Path) else place)
    with engine.begin() as connection:
        if version < 3:
            for table in MARKED:
                connection.execute(text(f"ALTER TABLE {table} DROP COLUMN mark"))
        if version < 2:
            connection.execute(text("DROP INDEX cases_by_person"))
        connection.execute(text("UPDATE schema_version SET version = :version"), {"version": version})
    engine.dispose()
