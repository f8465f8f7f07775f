"""Files named on the command line, read whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from policyengine.errors import ClaimError, Diagnostic, Span

if TYPE_CHECKING:
    from policyengine.claim import Claim, History

LARGEST: Final = 50_000_000


def read_bytes(name: str, what: str) -> bytes:
    """The content of a file. Raises ``ClaimError`` if it cannot be read or is too large."""
    place = Span(name, 1, 1)
    try:
        with Path(name).open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ClaimError(Diagnostic("E630", f"the {what} cannot be read: {reason}", place, "a readable file")) from None
    if len(data) > LARGEST:
        raise ClaimError(Diagnostic("E630", f"the {what} is larger than {LARGEST // 10**6} MB", place))
    return data


def require_out(path: Path, *read: Path | str | None, folder: bool = False) -> None:
    """Raises ``ClaimError`` at once if results cannot be written there: JSON, a table, or a ``folder``, if that is
    possible and the name has no ending. ``read``: what the run reads."""
    from policyengine.bulk.writing import SINKS, part_of, refused, require_room

    if path.suffix or not folder:
        part_of(path, (".json", *SINKS), *read)
    elif not path.is_dir():
        require_room(path, *read)
        if path.exists():
            raise refused(path, "it is no folder", "a folder, or a name that ends in .json, " + ", ".join(SINKS))


def read_history(name: str | None) -> History | None:
    """A history file: the history itself, or a settlement, of which the history after the claim is taken."""
    if name is None:
        return None
    from policyengine.claim import History

    data = read_bytes(name, "history")
    document = read_object(name, data)
    if "history" in document:
        return History.model_validate(document["history"])
    return History.model_validate_json(data, file=name)


def read_object(name: str, data: bytes) -> dict[str, Any]:
    """A file that holds one JSON object. Raises ``ClaimError``."""
    from policyengine.claim import Document, decoded, value_of

    value, _ = value_of(Document(name, decoded(data, name)))
    if not isinstance(value, dict):
        raise ClaimError(Diagnostic("E631", "one JSON object is needed here", Span(name, 1, 1), "{…}"))
    return value


def read_claim(name: str) -> Claim:
    """A file that holds exactly one claim. Raises ``ClaimError``."""
    from policyengine.records import read_records

    records = list(read_records(name))
    if len(records) != 1:
        message = f"the file holds {len(records)} claims, but one is needed"
        raise ClaimError(Diagnostic("E631", message, records[1].place, "one claim"))
    return records[0].taken()
