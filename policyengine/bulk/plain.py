"""What a run has added up, as text and back: exactly, and plain data only, nothing in it can run."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np

_PLAIN = (str, int, bool, type(None))


@dataclass(frozen=True, slots=True)
class Plain:
    """Writes and reads values of ``classes`` (dataclasses, each known by its name), whole numbers, texts, lists,
    tuples, mappings in their order, and arrays."""

    classes: Sequence[type[Any]]

    def written(self, value: Any) -> bytes:
        """The value as JSON. Raises ``TypeError`` for what is none of these."""
        return json.dumps(self._plain(value), ensure_ascii=True, separators=(",", ":")).encode("ascii")

    def read(self, data: bytes) -> Any:
        """What ``written`` wrote. Raises ``ValueError``, ``KeyError``, ``TypeError`` or ``IndexError`` for others."""
        return self._made(json.loads(data))

    def _plain(self, value: Any) -> Any:
        """Whatever is not a text or a number is a list with a tag first."""
        if type(value) in self.classes:
            return [type(value).__name__, *(self._plain(getattr(value, one.name)) for one in fields(value))]
        match value:
            case np.ndarray():
                packed = base64.b64encode(zlib.compress(np.ascontiguousarray(value).tobytes(), 1)).decode("ascii")
                return ["array", value.dtype.str, packed]
            case tuple() | list():
                return ["tuple" if isinstance(value, tuple) else "list", *map(self._plain, value)]
            case Mapping():
                return ["mapping", *([self._plain(key), self._plain(one)] for key, one in value.items())]
        if type(value) not in _PLAIN:
            raise TypeError(f"a {type(value).__name__} cannot be kept")
        return value

    def _made(self, data: Any) -> Any:
        if not isinstance(data, list):
            return data
        tag, rest = data[0], data[1:]
        match tag:
            case "array":
                return np.frombuffer(zlib.decompress(base64.b64decode(rest[1])), np.dtype(rest[0])).copy()
            case "tuple":
                return tuple(map(self._made, rest))
            case "list":
                return [self._made(one) for one in rest]
            case "mapping":
                return {self._made(key): self._made(one) for key, one in rest}
        made = next(one for one in self.classes if one.__name__ == tag)
        return made(*map(self._made, rest))


def told_apart(value: Any) -> Any:
    """A value without the places at which its parts are written, as plain data: what tells it from another."""
    if is_dataclass(value) and not isinstance(value, type):
        return [type(value).__name__, *(told_apart(getattr(value, one.name)) for one in fields(value) if one.compare)]
    if isinstance(value, Mapping):
        return [[told_apart(key), told_apart(one)] for key, one in sorted(value.items(), key=lambda pair: str(pair[0]))]
    if isinstance(value, tuple | list):
        return [told_apart(one) for one in value]
    return value if type(value) in _PLAIN else str(value)
