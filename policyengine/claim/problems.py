"""What is wrong with a record, before it is known where the record stands.

Validators raise the errors made here through pydantic, which adds the path of the field. ``problems_in`` turns whatever
pydantic collected into ``Problem``s in our words; ``diagnostics`` turns those into diagnostics.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, LiteralString

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from policyengine.errors import Diagnostic, nearest, printable

Path = tuple[str | int, ...]
"""Where a value stands in a record: ``("lines", 2, "amount")``."""

SHOWN = 40
"""Characters of a wrong value that a message repeats."""


ON_KEY = {"E507", "E525", "E532"}
"""Codes of fields that should not be there."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong."""

    code: str
    path: Path
    text: str
    expected: str = ""
    hint: str = ""
    related: tuple[tuple[str, Path], ...] = ()

    @property
    def on_key(self) -> bool:
        """Whether the name of the field is at fault, not its value."""
        return self.code in ON_KEY

    def message(self) -> str:
        """The problem with the path of its field in front."""
        return f"{path_text(self.path)}: {self.text}" if self.path else self.text


def path_text(path: Path) -> str:
    """``lines[2].amount`` for ``("lines", 2, "amount")``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else ("." if text else "") + quoted(part)
    return text


def path_of(text: str) -> Path:
    """The path that ``path_text`` wrote."""
    return tuple(int(part) if part.isdecimal() else part for part in text.replace("[", ".").replace("]", "").split("."))


def quoted(value: object) -> str:
    """A wrong value as a message repeats it: short, without control characters."""
    if isinstance(value, int) and abs(value) >= 10**SHOWN:
        return f"of more than {SHOWN} digits"
    text = printable(str(value)[: SHOWN + 1])
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def masked(identifier: str) -> str:
    """An id as messages and reprs show it: its first two characters (never all of it) and an ellipsis."""
    return printable(identifier[: min(2, len(identifier) - 1)]) + "…" if identifier else ""


def kind_of(value: object) -> str:
    """What ``value`` is, in plain words, without repeating it."""
    match value:
        case None:
            return "nothing (null)"
        case bool():
            return "true/false"
        case int():
            return "a whole number"
        case float():
            return "a float"
        case Decimal():
            return "a number"
        case str():
            return "a text"
        case list() | tuple() | set() | frozenset():
            return "a list"
        case dict():
            return "an object"
        case _:
            return f"a {type(value).__name__}"


def refuse(code: LiteralString, text: str, expected: str = "", hint: str = "") -> PydanticCustomError:
    """The error a validator of one field raises."""
    return PydanticCustomError(code, "{text}", {"text": text, "expected": expected, "hint": hint})


def refuse_all(problems: Iterable[Problem]) -> PydanticCustomError:
    """The error a validator of a whole record raises; the paths are relative to that record."""
    found = tuple(problems)
    return PydanticCustomError("problems", "{text}", {"text": "; ".join(p.message() for p in found), "problems": found})


def problems_in(error: ValidationError, fields: Mapping[str, tuple[str, ...]]) -> tuple[Problem, ...]:
    """Everything pydantic found, in our words. ``fields`` names the fields of each part, by the part's field name."""
    found: list[Problem] = []
    for detail in error.errors(include_url=False):
        path, context = tuple(part for part in detail["loc"] if part != "[key]"), detail.get("ctx", {})
        if detail["type"] == "problems":
            found += (_below(path, problem) for problem in context["problems"])
        elif "text" in context:
            found.append(Problem(detail["type"], path, context["text"], context["expected"], context["hint"]))
        else:
            found.append(_native(detail["type"], path, detail["input"], fields))
    return tuple(found)


def _below(path: Path, problem: Problem) -> Problem:
    related = tuple((text, path + where) for text, where in problem.related)
    return replace(problem, path=path + problem.path, related=related)


def _native(kind: str, path: Path, value: Any, fields: Mapping[str, tuple[str, ...]]) -> Problem:
    """An error of pydantic's own: the shape of the record is wrong."""
    match kind:
        case "missing":
            return Problem("E506", path, "is missing", hint=_part_hint(path))
        case "extra_forbidden":
            return Problem("E507", path, "no such field", *_unknown(path, fields))
        case "invalid_key":
            return Problem("E508", path[:-1], "the name of a field is not a text", "texts as names of fields")
        case "model_type" | "model_attributes_type" | "dict_type":
            return Problem("E508", path, f"expected an object, found {kind_of(value)}", "fields with their values")
        case "tuple_type" | "list_type":
            return Problem("E508", path, f"expected a list, found {kind_of(value)}", "a list")
        case _:
            return Problem("E508", path, f"{kind_of(value)} that cannot be read", "plain data")


def _part_hint(path: Path) -> str:
    return "every fee line states its category and its amount" if len(path) > 1 and path[0] == "lines" else ""


_NO_NAMES = ("name", "phone", "id_card", "id_number", "address", "mobile", "full_name", "姓名", "电话", "身份证")


def _unknown(path: Path, fields: Mapping[str, tuple[str, ...]]) -> tuple[str, str]:
    """Expectation and hint for a field that does not exist."""
    name = str(path[-1])
    part = next((p for p in reversed(path[:-1]) if isinstance(p, str)), "")
    known = fields.get(part, fields[""])
    homes = sorted(home for home, names in fields.items() if name in names and home and home != part)
    hint = nearest(name, known)
    if not hint and part == "person" and name.lower() in _NO_NAMES:
        hint = "the engine needs no names or numbers of people; give an opaque id"
    elif not hint and homes:
        hint = f"`{name}` belongs in `{homes[0]}`"
    return "one of " + ", ".join(known), hint


def diagnostics(problems: Iterable[Problem], record: str) -> Iterator[Diagnostic]:
    """The problems of a record that stands in no text; ``record`` names it."""
    for p in problems:
        related_fields = "".join(f" ({text}: {path_text(where)})" for text, where in p.related)
        yield Diagnostic(
            p.code, p.message() + related_fields, None, p.expected, p.hint, record=record, field=path_text(p.path)
        )
