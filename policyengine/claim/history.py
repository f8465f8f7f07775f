"""What was counted before a claim: accumulators, as rows for people and files, as a plain dictionary for settling.

A history is an argument and a result, never kept by the library. A missing row is zero. Validated histories carry their
rows; one made by settling (``History.of``) carries the dictionary and writes its rows only when somebody reads them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, NamedTuple, Self

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    SerializerFunctionWrapHandler,
    WithJsonSchema,
    model_serializer,
    model_validator,
)

from policyengine.claim.base import StrictModel
from policyengine.claim.fields import DECIMAL_SCHEMA, Day, Ordinal, Text, read_amount
from policyengine.claim.periods import Account, Opened, Period, opened_in, opened_rows
from policyengine.claim.problems import Path, Problem, kind_of, masked, quoted, refuse, refuse_all
from policyengine.errors import nearest
from policyengine.money import EXPONENTS, NotMoney, minor_from, text_of

MOST_ROWS = 100_000
LARGEST_VALUE = 10**13 - 1
"""The largest value of an accumulator, 13 digits: minor units of money, or a count."""

Key = tuple[str, tuple[str, ...], str]
"""Meter, scope (the ids in the alphabetical order of their facts), window."""

KINDS = ("money", "count")
NOTHING_OPENED: Mapping[Account, Opened] = {}


class Shape(NamedTuple):
    """What all rows of one meter have in common: the facts of its scope, sorted, and its kind."""

    per: tuple[str, ...]
    kind: str


def _read_value(value: object) -> Decimal | int:
    return value if isinstance(value, int) and not isinstance(value, bool) else read_amount(value)


def _read_kind(value: object) -> str:
    if value not in KINDS:
        raise refuse("E508", "expected the kind of a meter", "money or count")
    return str(value)


def _rows(value: object) -> object:
    if isinstance(value, list | tuple) and len(value) > MOST_ROWS:
        raise refuse("E557", f"there are {len(value):,} accumulators", f"at most {MOST_ROWS:,}")
    return value


def _plain(value: Decimal | int) -> str | int:
    return value if isinstance(value, int) else str(value)


class Accumulator(StrictModel):
    """What one meter has counted for one scope in one window (累计)."""

    noun: ClassVar[str] = "accumulator"

    meter: Text = Field(description="id of the meter in the rule file (累计项)")
    scope: dict[Text, Text] = Field(description='for whom, by fact: {"person_id": "p-17"} (累计范围)')
    window: Text = Field(description="2017, 2017-05, 2017-05-03, lifetime, or the id of a visit (累计期间)")
    value: Annotated[
        Decimal | int,
        PlainValidator(_read_value),
        PlainSerializer(_plain, when_used="json"),
        WithJsonSchema(DECIMAL_SCHEMA),
    ] = Field(description="money in whole currency units, or a count (累计值)")
    kind: Annotated[
        Literal["money", "count"], PlainValidator(_read_kind), WithJsonSchema({"type": "string", "enum": list(KINDS)})
    ] = Field(description="what is counted: money or a count (类型)")

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        yield from (("meter", self.meter), ("scope", {name: masked(one) for name, one in self.scope.items()}))
        yield from (("window", self.window), ("value", self.value), ("kind", self.kind))


class History(StrictModel):
    """All that settled claims have left behind (历史累计)."""

    noun: ClassVar[str] = "history"
    parts: ClassVar[Mapping[str, type[StrictModel]]] = {"accumulators": Accumulator, "periods": Period}
    largest: ClassVar[int] = 50_000_000

    ruleset: Text | None = Field(default=None, description="rule file that wrote the history (规则文件)")
    currency: Text = Field(default="CNY", description="ISO code of the currency of all money (币种)")
    last: Day | None = Field(default=None, description="selecting day of the last claim that was settled (末次日期)")
    last_sequence: Ordinal = Field(default=0, description="sequence of that claim (末次顺序号)")
    last_claim: Text | None = Field(default=None, description="id of that claim (末次单据)")
    accumulators: Annotated[tuple[Accumulator, ...], BeforeValidator(_rows)] = Field(
        default=(), description="one row a meter, scope and window (累计)", json_schema_extra={"maxItems": MOST_ROWS}
    )
    periods: Annotated[tuple[Period, ...], BeforeValidator(_rows)] = Field(
        default=(), description="one row a window that a claim opened, and scope (起算期间)",
        json_schema_extra={"maxItems": MOST_ROWS},
    )  # fmt: skip

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name in ("accumulators", "periods"):
                self._write_rows()
                return self.__dict__[name]
            return super().__getattr__(name)

    @cached_property
    def used(self) -> Mapping[Key, int]:
        """Minor units or counts by key. Read it, copy it, never change it."""
        return _count(self.accumulators, EXPONENTS[self.currency])[0]

    @cached_property
    def shapes(self) -> Mapping[str, Shape]:
        """Scope and kind of each meter that has rows."""
        return _count(self.accumulators, EXPONENTS[self.currency])[1]

    @cached_property
    def opened(self) -> Mapping[Account, Opened]:
        """The windows that claims have opened: their first day and, for spells, the last day in hospital."""
        return opened_in(self.periods)[0]

    @property
    def owner(self) -> str | None:
        """The one person whose accumulators these are; ``None`` if they are of several, or of no person alone."""
        persons = {scope[0] for name, scope, _ in self.used if self.shapes[name].per == ("person_id",)}
        return persons.pop() if len(persons) == 1 else None

    def _write_rows(self) -> None:
        """The rows of a history made by ``of``, written at the first reading."""
        for part, rows in self.plain_rows().items():
            self.__dict__[part] = tuple(self.parts[part](**row) for row in rows)

    def plain_rows(self) -> dict[str, list[dict[str, Any]]]:
        """What was counted as JSON, sorted: the rows of a history that was made by settling, by their field."""
        return {"accumulators": list(self._used_rows()), "periods": list(opened_rows(self.opened))}

    def _used_rows(self) -> Iterator[dict[str, Any]]:
        exponent = EXPONENTS[self.currency]
        for (meter, scope, window), value in sorted(self.used.items()):
            shape = self.shapes[meter]
            shown = text_of(value, exponent) if shape.kind == "money" else value
            scopes = dict(zip(shape.per, scope, strict=True))
            yield {"meter": meter, "scope": scopes, "window": window, "value": shown, "kind": shape.kind}

    @classmethod
    def empty(cls, ruleset: str | None = None, currency: str = "CNY") -> Self:
        """Nothing counted yet."""
        return cls(ruleset=ruleset, currency=currency)

    @classmethod
    def of(
        cls,
        used: Mapping[Key, int],
        shapes: Mapping[str, Shape],
        *,
        ruleset: str | None = None,
        currency: str = "CNY",
        last: date | None = None,
        last_sequence: int = 0,
        last_claim: str | None = None,
        opened: Mapping[Account, Opened] = NOTHING_OPENED,
    ) -> Self:
        """A history out of counted values that are known to be sound; ``shapes`` covers every meter of ``used``."""
        made = cls.model_construct(
            set(cls.model_fields), ruleset=ruleset, currency=currency, last=last, last_sequence=last_sequence,
            last_claim=last_claim,
        )  # fmt: skip
        del made.__dict__["accumulators"], made.__dict__["periods"]
        made.__dict__.update(used=used, shapes=shapes, opened=opened)
        return made

    @model_validator(mode="after")
    def _counted(self) -> Self:
        if self.currency not in EXPONENTS:
            text, expected = f"the currency `{quoted(self.currency)}` is not known", "one of " + ", ".join(EXPONENTS)
            raise refuse_all([Problem("E519", ("currency",), text, expected, nearest(self.currency, EXPONENTS))])
        used, shapes, problems = _count(self.accumulators, EXPONENTS[self.currency])
        opened, more = opened_in(self.periods)
        if problems or more:
            raise refuse_all([*problems, *more])
        self.__dict__.update(used=used, shapes=shapes, opened=opened)
        return self

    @model_serializer(mode="wrap")
    def _with_rows(self, handler: SerializerFunctionWrapHandler) -> Any:
        assert self.accumulators is not None, "reading the rows writes them"
        plain = handler(self)
        if not self.opened:
            plain.pop("periods", None)
        return plain

    def _essence(self) -> tuple[object, ...]:
        return (self.ruleset, self.currency, self.last, self.last_sequence, self.last_claim)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, History)
            and (self._essence(), self.opened) == (other._essence(), other.opened)
            and self.used == other.used
        )

    def __hash__(self) -> int:
        return hash((self._essence(), len(self.used)))

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        yield from (("ruleset", self.ruleset), ("last", self.last), ("last_sequence", self.last_sequence))
        yield "accumulators", len(self.used)


def _count(rows: tuple[Accumulator, ...], exponent: int) -> tuple[dict[Key, int], dict[str, Shape], list[Problem]]:
    """The rows as one dictionary, the shapes of their meters, and what is wrong with them."""
    used: dict[Key, int] = {}
    shapes: dict[str, Shape] = {}
    problems: list[Problem] = []
    for index, row in enumerate(rows):
        path: Path = ("accumulators", index)
        per = tuple(sorted(row.scope))
        key = (row.meter, tuple(row.scope[name] for name in per), row.window)
        shape = Shape(per, row.kind)
        if shapes.setdefault(row.meter, shape) != shape:
            text = f"the meter {quoted(row.meter)} has rows of another scope or kind"
            problems.append(Problem("E554", path, text, _shape_text(shapes[row.meter])))
        if key in used:
            text = f"the meter {quoted(row.meter)} has this scope and window twice"
            problems.append(Problem("E553", path, text, "one row a meter, scope and window"))
        value = _value(row, exponent, (*path, "value"))
        if isinstance(value, Problem):
            problems.append(value)
        else:
            used[key] = value
    return used, shapes, problems


def _shape_text(shape: Shape) -> str:
    return f"{shape.kind} per {', '.join(shape.per) or 'nobody in particular'}"


def _value(row: Accumulator, exponent: int, path: Path) -> int | Problem:
    """The value of a row in minor units or as a count."""
    if row.kind == "count" and not isinstance(row.value, int):
        return Problem("E508", path, f"expected a whole number, found {kind_of(row.value)}", "a count such as 3")
    try:
        value = row.value if row.kind == "count" else minor_from(row.value, exponent, LARGEST_VALUE)
    except NotMoney as error:
        return Problem("E555", path, str(error), f"at most {text_of(LARGEST_VALUE, exponent)}")
    assert isinstance(value, int)
    if not 0 <= value <= LARGEST_VALUE:
        return Problem("E555", path, "the value is out of range", f"from 0 to {LARGEST_VALUE:,}")
    return value
