"""Where a run stands between two batches, kept on disk, so that it goes on after an interruption and counts no claim
twice."""

from __future__ import annotations

import base64
import binascii
import json
import os
from dataclasses import dataclass
from pathlib import Path

from policyengine.errors import ClaimError, Diagnostic


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """``source``: the fingerprint of the source; ``rules``: that of the rules and of everything else that the results
    hang on; ``position``: how many claims have been counted; ``state``: what the caller has made of them."""

    source: str
    rules: str
    position: int
    state: bytes

    def save(self, path: Path) -> None:
        """Writes it over the one before; whatever happens, one of the two is there."""
        part = path.with_name(f"{path.name}.part")
        state = base64.b64encode(self.state).decode()
        data = {"source": self.source, "rules": self.rules, "position": self.position, "state": state}
        with part.open("w", encoding="ascii") as stream:
            json.dump(data, stream)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)


def resumed(path: Path, source: str, rules: str) -> Checkpoint | None:
    """The checkpoint in a file, ``None`` if there is no file. Raises ``ClaimError`` for one of another source or of
    other rules, one that cannot be read, and for a source that nothing tells from another."""
    if not source:
        text = "a run over a table in memory cannot be resumed: nothing tells it from another"
        raise ClaimError(Diagnostic("E709", text, None, "a file, or several", record=str(path)))
    if not path.exists():
        return None
    try:
        data = json.loads(path.read_text(encoding="ascii"))
        state = base64.b64decode(data["state"], validate=True)
        found = Checkpoint(str(data["source"]), str(data["rules"]), int(data["position"]), state)
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise ClaimError(Diagnostic("E716", f"{path} is no checkpoint", None, record=str(path))) from None
    for what, one, other in (("over another source", found.source, source), ("by other rules", found.rules, rules)):
        if one != other:
            text, hint = f"{path} was written by a run {what}", "name another file, or delete this one to begin anew"
            raise ClaimError(Diagnostic("E709", text, None, "", hint, record=str(path)))
    return found
