"""The base of all records that callers hand in: frozen, no unknown fields, errors in our words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from policyengine.claim.document import Document
from policyengine.claim.jsontext import LARGEST_TEXT, decoded, too_large, value_of
from policyengine.claim.problems import Problem, diagnostics, problems_in, quoted
from policyengine.errors import ClaimError, Span


class StrictModel(BaseModel):
    """A frozen record. Everything wrong with it is raised as one ``ClaimError`` that lists every problem.

    ``noun`` says in messages what the record is; ``parts`` names the models of the fields that are records themselves;
    ``largest`` is the limit of its JSON text in bytes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    noun: ClassVar[str] = "record"
    parts: ClassVar[Mapping[str, type[StrictModel]]] = {}
    largest: ClassVar[int] = LARGEST_TEXT

    def __init__(self, /, **data: Any) -> None:
        try:
            super().__init__(**data)
        except ValidationError as error:
            problems = self._problems(error)
        else:
            return
        raise _claim_error(problems, self._record_name(data))

    # Tells pydantic that nested records need not call this method: their errors are collected, not raised one by one.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:
        """The record that a dictionary states. Raises ``ClaimError`` with all that is wrong."""
        try:
            return super().model_validate(obj, **options)
        except ValidationError as error:
            problems = cls._problems(error)
        raise _claim_error(problems, cls._record_name(obj))

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, *, file: str = "<claim>", **options: Any) -> Self:
        """The record that a JSON text states; numbers are read from their text.

        ``file`` names the text in errors. Raises ``ClaimError``; its diagnostics have line and column.
        """
        if len(json_data) > cls.largest:
            raise too_large(Span(file, 1, 1), "the text", cls.largest)
        text = json_data if isinstance(json_data, str) else decoded(bytes(json_data), file)
        document = Document(file, text)
        return cls.validate_in(document, 0, value_of(document)[0], **options)

    @classmethod
    def validate_in(cls, document: Document, start: int, value: Any, **options: Any) -> Self:
        """The record ``value`` that was read at ``start`` of a JSON text. Raises ``ClaimError`` with places."""
        try:
            return super().model_validate(value, **options)
        except ValidationError as error:
            problems = cls._problems(error)
        raise ClaimError(document.diagnostics(problems, cls._record_name(value), start))

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with other values in some fields, checked like a new record. Raises ``ClaimError``."""
        if not update:
            return super().model_copy(deep=deep)
        stated = {name: getattr(self, name) for name in self.model_fields_set}
        return self.model_validate({**stated, **update})

    @classmethod
    def _problems(cls, error: ValidationError) -> tuple[Problem, ...]:
        return problems_in(error, _fields_of(cls))

    @classmethod
    def _record_name(cls, data: object) -> str:
        """How messages name the record: ``claim c-17``."""
        identifier = data.get("id") if isinstance(data, dict) and cls.noun == "claim" else None
        return f"{cls.noun} {quoted(identifier)}" if isinstance(identifier, str) else cls.noun


@cache
def _fields_of(model: type[StrictModel]) -> dict[str, tuple[str, ...]]:
    """The field names of ``model`` (under the empty name) and of its parts, by the field that holds the part."""
    found = {"": tuple(model.model_fields)}
    for name, part in model.parts.items():
        inner = _fields_of(part)
        found |= {name: inner[""]} | {k: v for k, v in inner.items() if k}
    return found


def _claim_error(problems: tuple[Problem, ...], record: str) -> ClaimError:
    return ClaimError(diagnostics(problems, record))
