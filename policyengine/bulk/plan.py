"""Which column of a table states which fact of a rule set, decided once before any row is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import pyarrow as pa

from policyengine.bulk.days import pattern_of
from policyengine.bulk.facts import REFUSED, TAGS, Fact, Wanted
from policyengine.bulk.forms import NeedsUnit, Unfitting, require_form
from policyengine.bulk.mapping import LINES, ColumnMap, Facts, Stated
from policyengine.bulk.units import NoUnit, decimals
from policyengine.errors import ClaimError, Diagnostic, RuleError, Span, nearest
from policyengine.money import EXPONENTS


@dataclass(frozen=True, slots=True)
class Reading:
    """How one fact is read: from ``column``, or ``constant``. ``decimals``: how many of a number are counted."""

    fact: Fact
    column: str
    constant: str | None
    decimals: int
    exponent: int
    format: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Report:
    """``unread``: columns of the source that nothing reads; ``absent``: facts that the rule set reads and no column
    states."""

    unread: tuple[str, ...]
    absent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """``tags``: the column with lists of tags. ``templates``: the fee lines that stand in columns of the claim;
    ``lines``: the facts of those that stand in the list ``column``, or in a table of their own, ``line_id`` being the
    column with the id of the claim."""

    wanted: Wanted
    claim: tuple[Reading, ...]
    report: Report
    tags: str = ""
    templates: tuple[tuple[Reading, ...], ...] = ()
    column: str = ""
    lines: tuple[Reading, ...] = ()
    line_id: str = ""

    def __getitem__(self, name: str) -> Reading:
        return next(reading for reading in self.claim if reading.fact.name == name)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the source that are read."""
        readings = [*self.claim, *(r for template in self.templates for r in template)]
        names = [r.column for r in readings if r.column]
        return tuple(dict.fromkeys(filter(None, (*names, self.tags, self.column))))

    @property
    def line_columns(self) -> tuple[str, ...]:
        """The columns of the table of fee lines that are read."""
        return tuple(dict.fromkeys((self.line_id, *(r.column for r in self.lines if r.column))))


def plan(
    wanted: Wanted, schema: pa.Schema, mapping: ColumnMap | None, lines: pa.Schema | None = None,
    name: str = "the table of claims",
) -> Plan:  # fmt: skip
    """How claims are read from a table, called ``name``, and their fee lines from a second one if there is one. Raises
    ``RuleError`` for mistakes of the mapping, ``ClaimError`` for columns that do not fit."""
    return _Planner(wanted, schema, mapping or ColumnMap(), lines, name).plan()


@dataclass(slots=True)
class _Planner:
    wanted: Wanted
    schema: pa.Schema
    mapping: ColumnMap
    line_schema: pa.Schema | None
    name: str
    wrong: list[Diagnostic] = field(default_factory=list)

    def plan(self) -> Plan:
        self._names(self.mapping.facts)
        stated = self._stated(self.mapping.facts, self.wanted.claim, self.schema)
        tags = self._tags(stated)
        claim = tuple(self._readings(stated, self.wanted.claim, self.schema))
        missing = [n for n in self.wanted.claim if n not in stated and not (tags and n in self.wanted.tags)]
        for name in missing:
            if name in self.wanted.needed:
                self._missing(name, "fields")
        for name in ("id", self.wanted.scope):
            if name in stated and not stated[name].column:
                self._refuse("E703", f"`{name}` is not the same for all rows", stated[name], "a column")
        made = Plan(self.wanted, claim, Report((), tuple(n for n in missing if n not in REFUSED)), tags)
        made = self._with_lines(made)
        if self.wrong:
            located = all(d.span is not None for d in self.wrong)
            raise RuleError(self.wrong) if located else ClaimError(self.wrong)
        unread = [name for name in self.schema.names if name not in made.columns]
        if self.line_schema is not None:
            unread += [f"{LINES}.{name}" for name in self.line_schema.names if name not in made.line_columns]
        return replace(made, report=Report(tuple(unread), made.report.absent))

    def _refuse(self, code: str, text: str, stated: Stated | None = None, expected: str = "", hint: str = "") -> None:
        span = stated.span if stated is not None else None
        self.wrong.append(Diagnostic(code, text, span, expected, hint, record="" if span else self.name))

    def _names(self, facts: Facts) -> None:
        for name, stated in facts.items():
            if name not in self.wanted.known and not name.startswith("elsewhere."):
                named = replace(stated, span=stated.key)
                self._refuse("E701", f"there is no fact `{name}`", named, hint=nearest(name, self.wanted.known))

    def _missing(self, name: str, section: str, stated: Stated | None = None) -> None:
        hint = f"name it in the mapping under `{section}`, or under `constants` what holds for every row"
        self._refuse("E703", f"no column states `{name}`", stated, f"a column `{name}`", hint)

    def _stated(self, facts: Facts, wanted: Mapping[str, Fact], schema: pa.Schema) -> dict[str, Stated]:
        """Where each fact stands that is read: as the mapping says, else in a column of its name."""
        own = {name: Stated(name) for name in wanted if name in schema.names}
        return own | {name: stated for name, stated in facts.items() if name in wanted}

    def _tags(self, stated: Mapping[str, Stated]) -> str:
        """The column that lists tags, if the rule set reads any."""
        given = self.mapping.facts.get(TAGS, Stated(TAGS if TAGS in self.schema.names else ""))
        if not given.column or not self.wanted.tags:
            return ""
        if given.column not in self.schema.names:
            self._no_column(given, self.schema)
            return ""
        kind = self.schema.field(given.column).type
        if not (pa.types.is_list(kind) or pa.types.is_large_list(kind)):
            self._refuse("E704", f"the column `{given.column}` is {kind}, no list of tags", given, "a list of texts")
        for name in self.wanted.tags & stated.keys():
            self._refuse("E710", f"`{name}` has a column, and there is a list of tags", stated[name], "one of the two")
        return given.column

    def _no_column(self, stated: Stated, schema: pa.Schema) -> None:
        text = f"the table has no column `{stated.column}`"
        self._refuse("E708", text, stated, hint=nearest(stated.column, schema.names))

    def _readings(
        self, stated: Mapping[str, Stated], wanted: Mapping[str, Fact], schema: pa.Schema
    ) -> Iterator[Reading]:
        for name, fact in wanted.items():
            one = stated.get(name)
            if one is not None and (reading := self._reading(fact, one, schema)) is not None:
                yield reading

    def _reading(self, fact: Fact, stated: Stated, schema: pa.Schema) -> Reading | None:
        exponent = EXPONENTS[self.wanted.currency]
        if not stated.column:
            full = {"money": exponent, "rate": 6}.get(fact.kind, 0)
            return Reading(fact, "", stated.constant, full, exponent, span=stated.span)
        if stated.column not in schema.names:
            self._no_column(stated, schema)
            return None
        column = schema.field(stated.column)
        said = (column.metadata or {}).get(b"unit", b"").decode()
        unit = stated.unit or (said if fact.kind in ("money", "rate") else "")
        try:
            counted = decimals(unit, fact.kind, self.wanted.currency)
            require_form(fact, column.type, stated.format, stated.values, unit)
            if stated.format:
                pattern_of(stated.format)
        except NoUnit as error:
            self._refuse("E711", f"`{stated.column}`: {error}", stated, error.expected, error.hint)
        except NeedsUnit as error:
            self._refuse("E702", f"the column `{stated.column}` of {fact.name} {error}", stated, *error.advice)
        except Unfitting as error:
            self._refuse("E704", f"the column `{stated.column}` of {fact.name} {error}", stated, *error.advice)
        else:
            return Reading(fact, stated.column, None, counted, exponent, stated.format, stated.values, stated.span)
        return None

    # Fee lines

    def _with_lines(self, made: Plan) -> Plan:
        column = self.mapping.column if self.mapping.column in self.schema.names else ""
        places = [bool(self.mapping.templates), bool(column), self.line_schema is not None]
        if sum(places) > 1:
            self._refuse("E710", "fee lines stand in two places", None, "a list, a table of their own, or templates")
        if self.mapping.templates:
            return replace(made, templates=tuple(self._template(facts) for facts in self.mapping.templates))
        self._names(self.mapping.lines)
        if self.line_schema is not None:
            by = self.mapping.lines.get("id", Stated("id"))
            if by.column not in self.line_schema.names:
                self._no_column(by, self.line_schema)
            return replace(made, line_id=by.column, lines=self._line_readings(self.line_schema))
        if column and (inner := self._of_list(column)) is not None:
            return replace(made, column=column, lines=self._line_readings(inner))
        if self.wanted.billed and not column:
            hint = "name a list column `lines`, hand in a table of lines, or write templates in the mapping"
            self._refuse("E703", "no column states the fee lines", None, "a column `lines`", hint)
        return made

    def _of_list(self, column: str) -> pa.Schema | None:
        kind = self.schema.field(column).type
        if not ((pa.types.is_list(kind) or pa.types.is_large_list(kind)) and pa.types.is_struct(kind.value_type)):
            expected = "a list of structs with `category`, `amount` and so on"
            self._refuse("E704", f"the column `{column}` is {kind}, no list of fee lines", None, expected)
            return None
        return pa.schema(list(kind.value_type))

    def _line_readings(self, schema: pa.Schema) -> tuple[Reading, ...]:
        stated = self._stated(self.mapping.lines, self.wanted.lines, schema)
        for name in ("category", "amount"):
            if name not in stated:
                self._missing(name, "lines: fields")
        return tuple(self._readings(stated, self.wanted.lines, schema))

    def _template(self, facts: Facts) -> tuple[Reading, ...]:
        self._names(facts)
        for name in ("category", "amount"):
            if name not in facts:
                self._missing(name, "lines", next(iter(facts.values()), None))
        return tuple(self._readings(facts, self.wanted.lines, self.schema))
