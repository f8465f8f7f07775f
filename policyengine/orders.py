"""Where the order of two sentences moves money: pairs that a rule file puts in an order without saying why.

Adjustments are free of order, and so is what looks at different lines, parts or claims. For each other pair the two
are swapped, both rule sets are lowered, and a claim is looked for that they settle differently. Where none is found,
nothing is said; that is no proof.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random
from typing import Any, Final, TypeVar

from policyengine import ir
from policyengine.analysis import Goal, Leaf, Solution
from policyengine.assemble import epochs
from policyengine.backends.evaluate import Results
from policyengine.check.claims import claim_data
from policyengine.check.conditions import guards
from policyengine.check.lines import matching
from policyengine.check.view import View
from policyengine.check.witness import run
from policyengine.claim import Claim
from policyengine.encode import encoder
from policyengine.errors import ClaimError, Diagnostic, RuleError
from policyengine.generate import Domain, draw_claim, draw_parameters, edges
from policyengine.ir import NoRow
from policyengine.lower import lower
from policyengine.mechanisms import BY_KEY
from policyengine.mechanisms.base import Provision
from policyengine.money import exponent_of, text_of
from policyengine.ruleset import Layer, Ruleset

Item = TypeVar("Item", Provision, Layer)
Question = Callable[[View], Sequence[Goal] | None]
AMOUNT, LIMIT = (ir.Input(name, "money", "row") for name in ("amount", "price_limit"))
SHARE = ir.Input("first_share_rate", "rate", "row")
DRAWN: Final = 30
SIZES: Final = (100_00, 123_45, 3_333_33, 50_000_00)
"""What the one fee line of a tried claim costs, in minor units, beside the amounts that the rules name."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two in an order, the rule set with both in each other's place, and when both act on one thing."""

    code: str
    first: Provision | Layer
    second: Provision | Layer
    swapped: Ruleset
    both: Question


def undeclared(ruleset: Ruleset) -> Iterator[Diagnostic]:
    """W433, W434, W435: an order of two provisions or layers that moves money and is stated nowhere."""
    later = _later(ruleset.provisions), _later(ruleset.layers)
    for pair in (*_lines(ruleset), *_clauses(ruleset), *_layers(ruleset)):
        if not _stated(pair, later[isinstance(pair.first, Layer)]):
            moved = _moved(ruleset, pair)
            if moved is not None:
                yield _finding(pair, *moved)


def _later(items: Sequence[Provision | Layer]) -> Mapping[str, set[str]]:
    """For each id the ids that are said to come later, directly or by way of others: b after a, c after b."""
    said = [(x.after.text, x.id.text) for x in items if x.after is not None]
    said += [(x.id.text, x.before.text) for x in items if x.before is not None]
    later: dict[str, set[str]] = {x.id.text: set() for x in items}
    for _ in items:
        for one, other in said:
            later.setdefault(one, set()).update({other}, later.get(other, ()))
    return later


def _stated(pair: Pair, later: Mapping[str, set[str]]) -> bool:
    """Whether something says which of the two comes first, or one of them says why it stands where it does."""
    one, other = pair.first.id.text, pair.second.id.text
    chosen = any(why.aspect == "order" for item in (pair.first, pair.second) for why in item.assumed)
    return chosen or other in later[one] or one in later[other]


def _finding(pair: Pair, amount: str, claim: str) -> Diagnostic:
    message = f"swapping `{pair.first.id}` and `{pair.second.id}` moves {amount}, and nothing says which comes first"
    hint = f"`after: {pair.first.id}` beside the sentence that says so, or `assumed: {{order: …}}`"
    related = (("the one before it", pair.first.id.span),)
    severity = "note" if isinstance(pair.second, Layer) else "warning"
    return Diagnostic(pair.code, message, pair.second.id.span, "", hint, severity, related, witness=claim)


# -- pairs -------------------------------------------------------------------------------------------------------------


def _lines(ruleset: Ruleset) -> Iterator[Pair]:
    """Two that take from one fee line."""
    takers = [p for p in ruleset.provisions if p.mechanism == "classify"]
    for one, two in itertools.combinations(takers, 2):

        def both(view: View, one: Provision = one, two: Provision = two) -> Sequence[Goal] | None:
            found = [matching(view, p) for p in (one, two)]
            return None if None in found else [(m, True) for m in found if m is not None]

        yield Pair("W433", one, two, replace(ruleset, provisions=_swapped(ruleset.provisions, one, two)), both)


def _clauses(ruleset: Ruleset) -> Iterator[Pair]:
    """Two clauses of one layer."""
    clauses = [p for p in ruleset.provisions if BY_KEY[p.mechanism].place == "layer"]
    for one, two in itertools.combinations(clauses, 2):
        if {x.text for x in one.layers} & {x.text for x in two.layers}:
            swapped = replace(ruleset, provisions=_swapped(ruleset.provisions, one, two))
            yield Pair("W434", one, two, swapped, _applying(one, two))


def _applying(one: Provision, two: Provision) -> Question:
    return lambda view: guards(view, one, two) if view.holds(one) and view.holds(two) else None


def _layers(ruleset: Ruleset) -> Iterator[Pair]:
    """Two layers that pay from one part."""
    for one, two in itertools.combinations(ruleset.layers, 2):
        shared = {p.text for p in one.on} & {p.text for p in two.on}
        if shared and "none" not in (one.payer.text, two.payer.text):
            swapped = replace(ruleset, layers=_swapped(ruleset.layers, one, two))
            yield Pair("W435", one, two, swapped, _acting(one, two))


def _acting(one: Layer, two: Layer) -> Question:
    def both(view: View) -> Sequence[Goal] | None:
        if any(view.step(f"{x.id}.payable") is None for x in (one, two)):
            return None
        return [(on, True) for x in (one, two) if (on := view.step(f"{x.id}.on")) is not None]

    return both


def _swapped(items: Sequence[Item], one: Item, two: Item) -> tuple[Item, ...]:
    places = {id(one): two, id(two): one}
    return tuple(places.get(id(item), item) for item in items)


# -- claims ------------------------------------------------------------------------------------------------------------


def _moved(ruleset: Ruleset, pair: Pair) -> tuple[str, str] | None:
    """How much the swap moves on some claim, and that claim as JSON."""
    for epoch in epochs(ruleset):
        view = View(lower(ruleset, epoch))
        goals = pair.both(view)
        solution = None if goals is None else view.solver.together(*goals)
        if solution is None or view.program.run is not None:
            continue
        try:
            other = lower(pair.swapped, epoch)
        except RuleError:
            return None
        found = _difference(view, other, solution)
        if found is not None:
            return found
    return None


def _difference(view: View, other: ir.Program, solution: Solution) -> tuple[str, str] | None:
    program = view.program
    for data, parameters in _tried(view, solution):
        try:
            claim = Claim.model_validate(data)
            results = [_split(p, run(p, encoder(p, parameters)(claim), {})) for p in (program, other)]
        except (ClaimError, NoRow):
            continue
        most = max(abs(results[0].get(who, 0) - results[1].get(who, 0)) for who in {**results[0], **results[1]})
        if most:
            shown = {"claim": data, **({"parameters": parameters} if parameters else {})}
            return text_of(most, exponent_of(program.currency)), json.dumps(shown, ensure_ascii=False)
    return None


def _tried(view: View, solution: Solution) -> Iterator[tuple[dict[str, Any], Mapping[str, Any]]]:
    """Claims of one fee line under which both act, of sizes that the rules name; then drawn ones."""
    program = view.program
    if solution.sure:
        named = [near for edge in edges(program, ("money", "exact"))[:8] for near in (edge, edge + 1, 2 * edge)]
        for minor in (*SIZES, *named):
            line: dict[Leaf, ir.Value] = {AMOUNT: minor, LIMIT: minor * 3 // 4, SHARE: Fraction(1, 10)}
            yield claim_data(program, {**line, **solution.values})
    rng, domain = Random(1), Domain.of(program)
    for number in range(DRAWN):
        yield draw_claim(domain, rng, number), draw_parameters(program, rng)


def _split(program: ir.Program, done: Results) -> dict[str, int]:
    """Who bears what; what stays with the patient is the rest."""
    return {share.payer: sum(done[step] for step in share.steps) for share in program.payers}  # type: ignore[misc]
