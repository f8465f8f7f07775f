"""Trying mutants: against the cases beside the rule file, against laws, then by seeking claims that tell them apart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from policyengine.casebook import Case, find_cases, read_cases, run_case
from policyengine.errors import Diagnostic, RuleError
from policyengine.lawfiles import named_here
from policyengine.mutation.apart import Field, broken_law, told_apart
from policyengine.mutation.book import Stand, changed_book, compiled, interpreted, is_legal, stand_of
from policyengine.mutation.model import Mutant, Tally, Verdict
from policyengine.mutation.normal import Forms
from policyengine.mutation.slips import mutants
from policyengine.mutation.upheld import Upheld
from policyengine.rulebook import Place, Rulebook

LIVES = 150
"""Members drawn to tell survivors apart, if nothing else is said."""


@dataclass(frozen=True, slots=True)
class Search:
    """How claims are sought that tell apart what survives: ``lives``, members drawn for it; ``small``: the claims are
    made as small as they get; ``most``: claims tried for one mutant (0: all)."""

    lives: int = LIVES
    small: bool = True
    most: int = 0


FULL = Search()


def tally(place: Place, search: Search | None = FULL, seed: int = 1) -> Tally:
    """Every mutant of a rule file, tried.

    What no case kills is held against the laws: those beside the rule file, and those of all rule sets. Then claims
    are sought that tell apart what survives; where they break a law, that kills it. Without a ``search`` everything
    that neither case nor law kills has survived. ``seed``: what claims are drawn by.

    Raises ``RuleError`` for a file that is wrong as it stands (E820: one of which a case fails, E677: one that breaks a
    law beside it).
    """
    stand = stand_of(place)
    cases = [case for file in find_cases(place.file, place.roots) for case in read_cases(file)]
    _cases_pass(stand, cases)
    trial = _Trial(stand, cases, search, seed)
    verdicts = tuple(trial.of(mutant) for mutant in mutants(stand.chain[0], stand.chain[1:]))
    return Tally(stand.book.name, verdicts, len(cases), sum(verdict.tried for verdict in verdicts))


def _cases_pass(stand: Stand, cases: list[Case]) -> None:
    failed = [case for case in cases if not run_case(stand.book, case, path=stand.place.roots).passed]
    if failed:
        message = f"the case `{failed[0].id}` fails under the rule file as it stands: no mutant can be tried"
        hint = f"`policyengine test {named_here(stand.place)}` shows what differs"
        raise RuleError(Diagnostic("E820", message, failed[0].span, "cases that pass", hint))


class _Trial:
    """What the trials of one rule file share: forms of programs, cases in the order in which they last killed, lives
    to compare on once they are needed."""

    def __init__(self, stand: Stand, cases: list[Case], search: Search | None, seed: int) -> None:
        self.stand, self.cases, self.search, self.seed = stand, cases, search, seed
        self.forms = Forms()
        self.form = self.forms.of_book(stand.book)

    @cached_property
    def upheld(self) -> Upheld:
        return Upheld.of(self.stand, self.seed)

    @cached_property
    def ground(self) -> Field:
        assert self.search is not None
        return Field.of(self.stand.book, self.cases, self.seed, self.search.lives)

    def of(self, mutant: Mutant) -> Verdict:
        try:
            book = changed_book(self.stand, mutant)
        except RuleError as error:
            return Verdict(mutant, "refused", error.diagnostics[0].code)
        if self.forms.of_book(book) == self.form:
            return Verdict(mutant, "equivalent")
        try:
            return self._tried(mutant, book)
        except AssertionError:
            code = is_legal(self.stand, mutant, book)
            if not code:
                raise
            return Verdict(mutant, "refused", code)

    def _tried(self, mutant: Mutant, book: Rulebook) -> Verdict:
        quick = interpreted(self.stand, book)
        for at, case in enumerate(self.cases):
            if not run_case(quick, case, path=self.stand.place.roots).passed:
                self.cases.insert(0, self.cases.pop(at))
                return Verdict(mutant, "killed", case.id)
        code = is_legal(self.stand, mutant, book)
        if code:
            return Verdict(mutant, "refused", code)
        if law := self.upheld.killer(mutant, book):
            return Verdict(mutant, "killed", law)
        if self.forms.of_book(book, self.stand.book) == self.form:
            return Verdict(mutant, "equivalent")
        if self.search is None:
            return Verdict(mutant, "survived")
        apart, tried = told_apart(self.ground, compiled(self.stand, book), self.search.small, self.search.most)
        if apart is None:
            return Verdict(mutant, "alike", tried=tried)
        law = broken_law(book, apart)
        return Verdict(mutant, "killed" if law else "survived", law, apart, tried)
