"""What a claim states and a program never reads: refused, so that nothing a caller says is lost in silence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policyengine import ir
from policyengine.claim import Claim, quoted
from policyengine.encode.rows import stray_line_facts
from policyengine.encode.typed import claim_error
from policyengine.errors import ClaimError, Diagnostic, nearest
from policyengine.terms import FACTS, PAYERS, TAGS


@dataclass(frozen=True, slots=True)
class Leftovers:
    """The names that claims for one program may state."""

    facts: frozenset[str]
    line_facts: frozenset[str]
    tags: frozenset[str]
    payers: frozenset[str]
    currency: str

    @classmethod
    def of(cls, program: ir.Program) -> Leftovers:
        own = [d for d in (*program.inputs, *program.declared) if d.name not in FACTS and "." not in d.name]
        own = [d for d in own if d.days is None]
        on_claim = [d for d in own if d.domain == "claim"]
        of = {domain: {d.name for d in program.days if d.domain == domain} for domain in ("claim", "row")}
        return cls(
            frozenset(d.name for d in on_claim) | of["claim"],
            frozenset(d.name for d in own if d.domain == "row") | of["row"],
            frozenset(TAGS) | {d.name for d in on_claim if d.kind == "flag"},
            frozenset(d.name.partition(".")[2] for d in program.inputs if d.name.startswith("elsewhere.")),
            program.currency,
        )

    def refuse(self, claim: Claim) -> None:
        """Raises ``ClaimError`` for every statement of ``claim`` that the program cannot read."""
        quiet = not (claim.facts or claim.paid_elsewhere or claim.minor.line_facts)
        if quiet and claim.person.tags <= self.tags and claim.currency == self.currency:
            return
        wrong = [*self._facts(claim), *self._tags(claim), *self._payers(claim), *self._currency(claim)]
        wrong += stray_line_facts(claim, self.line_facts, self._line_hint)
        if wrong:
            raise ClaimError(wrong)

    def _facts(self, claim: Claim) -> Iterator[Diagnostic]:
        for name in claim.facts:
            if name not in self.facts:
                hint = nearest(name, self.facts)
                if name in self.line_facts:
                    hint = f"it is a fact of a fee line: lines[…].facts.{name}"
                expected = "one of " + ", ".join(sorted(self.facts)) if self.facts else "no facts"
                text = "the rule file declares no such fact"
                yield from claim_error(claim, "E532", ("facts", name), text, expected, hint).diagnostics

    def _line_hint(self, name: str) -> str:
        return f"it is a fact of the claim: facts.{name}" if name in self.facts else nearest(name, self.line_facts)

    def _tags(self, claim: Claim) -> Iterator[Diagnostic]:
        for tag in sorted(claim.person.tags - self.tags):
            text = f"neither the glossary nor the rule file knows the tag `{quoted(tag)}`"
            known = [f"{t} ({TAGS[t][0]})" if t in TAGS else t for t in sorted(self.tags)]
            hint = nearest(tag, self.tags) or nearest(tag, [zh for zh, _ in TAGS.values()])
            expected = "some of " + ", ".join(known)
            yield from claim_error(claim, "E533", ("person", "tags"), text, expected, hint, member=tag).diagnostics

    def _payers(self, claim: Claim) -> Iterator[Diagnostic]:
        for index, paid in enumerate(claim.paid_elsewhere):
            if paid.payer not in self.payers:
                text = f"the rule file takes no account of what `{quoted(paid.payer)}` paid elsewhere"
                known = [f"{p} ({PAYERS[p].zh})" if p in PAYERS else p for p in sorted(self.payers)]
                expected = "one of " + ", ".join(known) if known else "no payments made elsewhere"
                path = ("paid_elsewhere", index, "payer")
                yield from claim_error(
                    claim, "E534", path, text, expected, nearest(paid.payer, self.payers)
                ).diagnostics

    def _currency(self, claim: Claim) -> Iterator[Diagnostic]:
        if claim.currency != self.currency:
            text = f"the claim is in {claim.currency}, the rule file counts in {self.currency}"
            hint = f"state `currency: {self.currency}` in the claim, if its amounts are of it"
            yield from claim_error(claim, "E537", ("currency",), text, self.currency, hint).diagnostics
