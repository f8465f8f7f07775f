"""Tables and blocks of Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from policyengine.shapes import Field


def table(heading: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table; a bar inside a cell is escaped."""
    lines = [heading, tuple("---" for _ in heading), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def fields_table(fields: Iterable[Field]) -> str:
    """The keys of a mapping."""
    return table(("key", "", "meaning"), [(f"`{f.name}`", "needed" if f.required else "", f.doc) for f in fields])


def labelled(label: str, text: str) -> str:
    """A literal text under its label."""
    return f"{label}:\n\n" + "\n".join(f"    {line}" for line in text.splitlines())
