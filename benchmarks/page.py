"""RESULTS.md in parts, each written by the run that measured it; the other parts stay as they are."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parent / "RESULTS.md"
PARTS = ("one claim at a time", "claims by the million", "a hundred million claims", "claims on Spark")


def put(part: str, text: str, page: Path = PAGE) -> None:
    """Writes a part, in its place among PARTS."""
    found = _parts(page.read_text(encoding="utf-8")) if page.is_file() else {}
    found[part] = text.strip()
    body = "\n\n".join(f"{_mark(name)}\n\n{found[name]}" for name in PARTS if name in found)
    page.write_text(body + "\n", encoding="utf-8")


def _parts(text: str) -> dict[str, str]:
    pieces = re.split(r"<!-- measured: (.+?) -->\n", text)
    return {name: body.strip() for name, body in zip(pieces[1::2], pieces[2::2], strict=True)}


def _mark(name: str) -> str:
    return f"<!-- measured: {name} -->"
