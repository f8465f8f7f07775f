"""Rule sets with steps that laws ask for: every claim that is settled by them is tried by the law at once."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from policyengine import expressions as ast
from policyengine import ir
from policyengine.assemble import check_numbers, epochs, flattened, parsed
from policyengine.errors import Diagnostic, RuleError, Span
from policyengine.lawfiles.model import Compare
from policyengine.levers import lever_at, moved
from policyengine.loading import load
from policyengine.lower import lower_each
from policyengine.lower.asked import Asked
from policyengine.resolve import fault
from policyengine.rulebook import Place, Roots, Rulebook, examined, locate, search_path
from policyengine.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class Written:
    """A rule set as its files say it, and as it is loaded."""

    ruleset: Ruleset
    book: Rulebook

    def with_steps(self, asked: Iterable[Asked]) -> Rulebook:
        """The rule set with steps for what is asked. Raises ``RuleError`` with every fault of what is asked."""
        programs = lower_each(self.ruleset, epochs(self.ruleset), tuple(asked))
        return replace(examined(self.book), programs=programs, earlier=(), prepared={})


def written(name: str, path: Roots) -> Written:
    """The rule set of that name or path. Raises ``RuleError``."""
    place = locate(name, path)
    book = load(place.file, path)
    return Written(flattened(parsed(place)), book)


def compared(compare: Compare, own: Written, place: Place, path: Roots) -> Written:
    """The rule set that a comparison is with. Raises ``RuleError``."""
    if compare.rules is not None:
        return _other(compare, own, place, path)
    if compare.numbers:
        values: dict[Span, Fraction] = {}
        for address, number in compare.numbers:
            values |= _moved(own.ruleset, address.text, address.span, number)
        ruleset = moved(own.ruleset, values)
        changed = Written(ruleset, own.book)
        check_numbers(ruleset, lower_each(ruleset, epochs(ruleset)))
        return changed
    return own


def _other(compare: Compare, own: Written, place: Place, path: Roots) -> Written:
    assert compare.rules is not None
    name, span = compare.rules.text, compare.rules.span
    beside = place.file.parent / name
    roots = dict.fromkeys((*search_path(path), *place.roots))
    try:
        found = written(str(beside) if name.startswith(".") else name, tuple(roots))
    except RuleError as error:
        raise RuleError(replace(d, span=d.span or span, record="") for d in error.diagnostics) from None
    if found.ruleset.currency != own.ruleset.currency:
        text = f"{found.book.name} is in {found.ruleset.currency}, {own.book.name} in {own.ruleset.currency}"
        raise fault("E797", text, span, "two rule sets of one currency")
    require_claims(found.book, span)
    _require_alike(found.book, own.book, span)
    return found


def _require_alike(found: Rulebook, own: Rulebook, span: Span) -> None:
    """Raises ``RuleError`` where one settles claims, and the other what claims were settled to."""
    is_run, wanted = (book.programs[0].run is not None for book in (found, own))
    if is_run and not wanted:
        raise fault("E797", f"{found.name} is a run over settlements", span, "a rule set that settles claims")
    if wanted and not is_run:
        raise fault("E797", f"{found.name} settles claims", span, "a run over settlements")


def require_claims(book: Rulebook, span: Span) -> None:
    """Raises ``RuleError`` for a rule set whose claims no law file can be about."""
    program = book.programs[0]
    if program.settle_by:
        raise fault(
            "E797", f"{book.name} settles fee lines one after the other", span, "a rule set that settles claims"
        )


def _moved(ruleset: Ruleset, address: str, span: Span, number: ast.Number) -> dict[Span, Fraction]:
    """The places of a number, each with its other value. Raises ``RuleError``."""
    try:
        lever = lever_at(ruleset, address, all_days=True)
    except RuleError as error:
        raise RuleError(replace(d, span=span, record="") for d in error.diagnostics) from None
    if lever.unit != number.unit:
        expected = f"a value like {lever.literals[0].text}"
        raise RuleError(Diagnostic("E317", f"`{address}` is of another kind", number.span, expected))
    return {literal.span: number.value for literal in lever.literals}


def frozen(book: Rulebook, day: datetime.date, span: Span) -> Rulebook:
    """The rule set as it is in force on ``day``, for claims of any day. Raises ``RuleError``."""
    program = book.program_on(day)
    if program is None:
        first, last = book.programs[0].valid[0] or "any day", book.programs[-1].valid[1] or "today and later"
        raise fault("E798", f"{book.name} has no version in force on {day}", span, f"a day from {first} to {last}")
    whole = replace(program, valid=("", ""))
    return replace(book, programs=(whole,), prepared={})


def kinds_of(book: Rulebook, step: str) -> Mapping[ir.Kind, None]:
    """What a step is in the programs of a rule set."""
    return dict.fromkeys(program.step(step).kind for program in book.programs)
