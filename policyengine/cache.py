"""Lowered rule sets kept by content: in memory, and as JSON files in the user's cache folder.

The key covers the content of every rule file and of this library, so an entry never goes stale; a damaged one is a
miss. ``POLICYENGINE_CACHE`` names another folder, or ``off``.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections import OrderedDict
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

MOST_KEPT = 256
"""Rule sets in memory: all the bundled ones, which take some fifty megabytes, and others."""
_kept: OrderedDict[str, Any] = OrderedDict()


def folder() -> Path | None:
    """Where entries are kept on disk, or ``None`` if they are not."""
    stated = os.environ.get("POLICYENGINE_CACHE", "")
    if stated == "off":
        return None
    if stated:
        return Path(stated)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "policyengine"


@cache
def library_digest() -> str:
    """Changes whenever a source file of the library does."""
    here = Path(__file__).parent
    seen = hashlib.sha256()
    for file in sorted(here.rglob("*.py")):
        stat = file.stat()
        seen.update(f"{file.relative_to(here)} {stat.st_mtime_ns} {stat.st_size}\n".encode())
    return seen.hexdigest()


@cache
def sources_digest() -> str:
    """SHA-256 over the source files of this library, the same wherever it is installed."""
    here, seen = Path(__file__).parent, hashlib.sha256()
    for file in sorted(here.rglob("*.py")):
        content = file.read_bytes()
        seen.update(f"{file.relative_to(here).as_posix()}\0{len(content)}\0".encode() + content)
    return seen.hexdigest()


def key_of(files: tuple[tuple[str, bytes], ...]) -> str:
    """The key of rule files, given by shown name and content."""
    seen = hashlib.sha256(library_digest().encode())
    for name, content in files:
        seen.update(f"{name}\0{len(content)}\0".encode() + content)
    return seen.hexdigest()


def recall(key: str, read: Callable[[str], Any]) -> Any | None:
    """The entry of ``key``, or ``None``; ``read`` makes it of the text on disk."""
    if key in _kept:
        _kept.move_to_end(key)
        return _kept[key]
    found = _read(key, read)
    if found is not None:
        _remember(key, found)
    return found


def store(key: str, value: Any, write: Callable[[Any], str]) -> None:
    """Keep ``value`` under ``key``; ``write`` makes the text for the disk."""
    _remember(key, value)
    where = folder()
    if where is not None:
        with contextlib.suppress(OSError):  # a cache that cannot be written is no fault of the caller's
            _write(where, key, write(value))


def _remember(key: str, value: Any) -> None:
    _kept[key] = value
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)


def _write(where: Path, key: str, text: str) -> None:
    where.mkdir(parents=True, exist_ok=True)
    body = text.encode()
    with tempfile.NamedTemporaryFile(dir=where, delete=False) as file:
        file.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
    Path(file.name).replace(where / f"{key}.json")


def _read(key: str, read: Callable[[str], Any]) -> Any | None:
    where = folder()
    if where is None:
        return None
    try:
        found, _, body = (where / f"{key}.json").read_bytes().partition(b"\n")
        if hashlib.sha256(body).hexdigest().encode() != found:
            return None
        return read(body.decode())
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None
