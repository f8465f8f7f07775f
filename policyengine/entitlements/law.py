"""The entitlements of a rule set by day, as known on a day; and evidence read by what its kinds declare."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from policyengine import ir
from policyengine.assemble import Chain, flattened, parsed
from policyengine.claim.problems import Problem, diagnostics, masked, quoted
from policyengine.encode.typed import Mistyped, expected_of, typed
from policyengine.entitlements.records import Evidence, Evidences, Piece
from policyengine.errors import ClaimError, Diagnostic, RuleError, nearest
from policyengine.knowledge import publications
from policyengine.loading import load_at
from policyengine.lower.entitlements import KIND, Rights, cut_days, input_of, lower_entitlements
from policyengine.money import exponent_of
from policyengine.rulebook import Place, Roots, locate
from policyengine.ruleset import Ruleset, holds


@dataclass(slots=True)
class Law:
    """The entitlements of a rule set: lowered once for every period in which the same holds and was known."""

    chain: Chain
    latest: Ruleset
    published: tuple[date, ...]
    seen: dict[int, Ruleset] = field(default_factory=dict)
    made: dict[tuple[int, int], Rights] = field(default_factory=dict)
    inputs: dict[str, dict[str, ir.InputDecl]] = field(default_factory=dict)

    def as_known(self, known_on: date) -> Ruleset:
        """The rule set, flattened, as it was known on a day."""
        at = bisect_right(self.published, known_on)
        if at not in self.seen:
            self.seen[at] = flattened(self.chain, known_on)
        return self.seen[at]

    def cuts(self, known_on: date) -> tuple[date, ...]:
        """The days on which other sentences, or other figures in them, begin to hold."""
        return cut_days(self.as_known(known_on))

    def on(self, day: date, known_on: date) -> Rights:
        """What holds on a day. Raises ``ClaimError`` if the rule set does not hold on it."""
        ruleset = self.as_known(known_on)
        if not holds(ruleset.valid, day):
            message = f"{ruleset.name} does not hold on {day}"
            raise ClaimError(Diagnostic("E913", message, None, "a day on which it holds", record=ruleset.name))
        key = bisect_right(self.published, known_on), bisect_right(cut_days(ruleset), day)
        if key not in self.made:
            self.made[key] = lower_entitlements(ruleset, day)
        return self.made[key]

    @property
    def flags(self) -> frozenset[str]:
        """The flags that the rule file declares as facts of a claim."""
        return frozenset(f.id.text for f in self.latest.facts if f.type == "flag" and f.of == "claim")

    def pieces(self, evidences: Evidences) -> tuple[Piece, ...]:
        """The records with typed values. Raises ``ClaimError`` for what the rule file does not know."""
        problems: list[Problem] = []
        found = [self._piece(at, one, problems) for at, one in enumerate(evidences.evidence)]
        if problems:
            raise ClaimError(diagnostics(problems, f"evidence of {masked(evidences.person)}"))
        return tuple(piece for piece in found if piece is not None)

    def _piece(self, at: int, one: Evidence, problems: list[Problem]) -> Piece | None:
        path = ("evidence", at)
        if one.kind not in self.inputs:
            expected = "one of " + ", ".join(self.inputs)
            text = f"`{quoted(one.kind)}` is no kind of evidence"
            problems.append(Problem("E910", (*path, "kind"), text, expected, nearest(one.kind, self.inputs)))
            return None
        declared = self.inputs[one.kind]
        values: dict[str, ir.Value] = {KIND: one.kind}
        for name in one.facts:
            if name not in declared:
                text, expected = f"`{one.kind}` states no such thing", ", ".join(declared) or "nothing"
                problems.append(Problem("E911", (*path, "facts", name), text, expected, nearest(name, declared)))
        exponent = exponent_of(self.latest.currency)
        for name, decl in declared.items():
            if name not in one.facts:
                text = f"`{one.kind}` does not state `{name}`"
                problems.append(Problem("E911", (*path, "facts"), text, f"{name}: {expected_of(decl, exponent)}"))
                continue
            try:
                values[decl.name] = typed(decl, one.facts[name], exponent)
            except Mistyped as wrong:
                where = (*path, "facts", name)
                problems.append(Problem("E911", where, wrong.text, expected_of(decl, exponent), wrong.hint))
        return Piece(one.id, one.kind, one.since, one.until, one.recorded, one.void, values)


def law_of(name: str | Path, path: Roots = (), overlays: Roots = ()) -> Law:
    """The entitlements of a rule set by name or path. Raises ``RuleError`` with everything that is wrong with it, or if
    it has none."""
    return law_at(locate(name, path, overlays))


def law_at(place: Place) -> Law:
    """The entitlements of the rule set at a place. Raises as ``law_of``."""
    load_at(place)
    chain = parsed(place)
    latest = flattened(chain)
    if not latest.entitlements:
        message = f"{latest.name} declares no entitlements"
        raise RuleError(Diagnostic("E914", message, latest.span, "the section `entitlements:`"))
    stated = {one.published for ruleset in chain for one in ruleset.entitlements if one.published is not None}
    inputs = {kind.id.text: {f.id.text: input_of(kind.id.text, f) for f in kind.fields} for kind in latest.evidence}
    return Law(chain, latest, tuple(sorted({*publications(chain), *stated})), inputs=inputs)
