"""Files written all or none, and never over others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from policyengine.errors import Diagnostic, RuleError

Files = Mapping[Path, str]
"""Contents by path."""


def write(files: Files, replacing: Files | None = None) -> None:
    """Writes new files, and replaces others. Raises ``RuleError`` before anything is written if a new one is there
    already, and if a folder cannot be written to."""
    there = [path for path in files if path.exists()]
    if there:
        hint = "choose another name, or go on with what is there"
        raise RuleError(
            Diagnostic("E608", f"`{path}` is there already", None, "", hint, record=str(path)) for path in there
        )
    written: list[Path] = []
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            written.append(path)
            path.write_text(text, encoding="utf-8", newline="\n")
        for path, text in (replacing or {}).items():
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        for path in written:
            path.unlink(missing_ok=True)
        message = f"the file cannot be written: {error.strerror}"
        raise RuleError(Diagnostic("E607", message, None, record=str(written[-1]))) from None
