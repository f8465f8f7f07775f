"""Laws that kill mutants: those beside the rule file, and those that every rule set keeps.

They are tried on what no case kills, on claims that are drawn by seed: the same mutant is killed by the same law. By
column where NumPy is there (the extra ``bulk``); without it the laws of a file are tried on fewer claims, and those of
all rule sets only on the claims that tell a mutant apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec

from policyengine import ir
from policyengine.assemble import flattened
from policyengine.errors import Diagnostic, RuleError
from policyengine.lawfiles import Law, Written, broken_by, find_laws, named_here, read_laws, ready_for
from policyengine.mutation.book import Stand, changed_programs
from policyengine.mutation.model import LAW, Mutant
from policyengine.rulebook import Rulebook

CLAIMS, EXAMPLES, LIVES = 1_000, 12, 200
"""Claims by column and lives on which the laws of a file are tried, and lives by column for those of all rule sets."""


@dataclass(frozen=True, slots=True)
class Upheld:
    """The laws that a rule file keeps. ``broken``: laws of all rule sets that it does not; they kill nothing."""

    stand: Stand
    laws: tuple[Law, ...]
    broken: frozenset[str]
    seed: int

    @classmethod
    def of(cls, stand: Stand, seed: int) -> Upheld:
        """Raises ``RuleError``: E677 for a rule file that breaks a law beside it."""
        laws = read_laws(find_laws(stand.place.file, stand.place.roots))
        whole = cls(stand, laws, frozenset(), seed)
        if one := whole._of_file(Written(stand.ruleset, stand.book)):
            span = next(law.span for law in laws if law.id.text == one)
            text = f"the law `{one}` is broken by the rule file as it stands: no mutant can be tried"
            hint = f"`policyengine test {named_here(stand.place)}` shows the claim that breaks it"
            raise RuleError(Diagnostic("E677", text, span, "laws that are kept", hint))
        known = (law for program in stand.book.every_program for law in _general(program, seed))
        return cls(stand, laws, frozenset(known), seed)

    def killer(self, mutant: Mutant, book: Rulebook) -> str:
        """The first law that a mutant breaks, as ``law: its id``; empty for none."""
        ruleset = flattened((mutant.ruleset, *self.stand.chain[1:]))
        found = self._of_file(Written(ruleset, book)) or self._of_all(book)
        return f"{LAW}{found}" if found else ""

    def _of_file(self, written: Written) -> str:
        try:
            laws = ready_for(written, self.stand.place, self.laws)
        except RuleError:
            if written.book is self.stand.book:
                raise
            return ""  # a law that cannot be said of the mutant says nothing against it
        return broken_by(laws, EXAMPLES, self.seed, CLAIMS if has_columns() else 0)

    def _of_all(self, book: Rulebook) -> str:
        found = (law for program in changed_programs(self.stand, book) for law in _general(program, self.seed))
        return next((law for law in found if law not in self.broken), "")


def has_columns() -> bool:
    """Whether claims can be settled by column here."""
    return find_spec("numpy") is not None


def _general(program: ir.Program, seed: int) -> Iterator[str]:
    """The laws of all rule sets that drawn lives break, by column."""
    if not has_columns():
        return
    from policyengine.trials import breaches

    one = ir.unrolled(program, 1) if program.settle_by else program
    yield from (found.law.id for found in breaches(one, LIVES, seed))
