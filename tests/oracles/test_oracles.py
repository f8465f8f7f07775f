"""Claims settled by the rule files of three policies, and split by oracles that were written without them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from policyengine import Claim, ClaimError, History, Rulebook, ir, load, settle
from policyengine.analysis import input_words
from policyengine.backends.columns import Columns, run
from policyengine.generate import Domain
from tests.oracles.drawn import draw_facts, facts_of, stays
from tests.oracles.policies import POLICIES, Facts, Policy

CLAIMS = 2_000
CAMPAIGN, MEMBERS, STAYS = 1_000_000, 10_000, 5
REFUSALS = {"E545": "no terms", "E560": "no terms", "E563": "does not fit"}

Split = dict[str, int]


def meant(policy: Policy, facts: Facts, year: Any) -> tuple[Split | str, Any]:
    """The split that the oracle says, or why there is none, and the year after it."""
    try:
        return policy.answer(facts, year)
    except LookupError:
        return "no terms", year
    except ValueError:
        return "does not fit", year


def found(book: Rulebook, claim: Claim, history: History | None) -> tuple[Split | str, History | None]:
    """The split that the rule file gives, or why there is none, and the history after it."""
    try:
        settlement = settle(book, claim, history)
    except ClaimError as error:
        return REFUSALS[error.diagnostics[0].code], history
    return {payer: amount for payer, amount in settlement.split_minor.items() if amount}, settlement.history


def compared(policy: Policy, seed: int) -> Iterator[str]:
    """Whole lives without end; of each claim whether it was split or why not, the same by both."""
    book = load(policy.name)
    for life in stays(book, policy, seed):
        history, years = None, dict[str, Any]()
        for claim in life:
            facts = facts_of(claim)
            expected, after = meant(policy, facts, years.get(facts["day"][:4], policy.empty()))
            years[facts["day"][:4]] = after
            outcome, history = found(book, claim, history)
            assert outcome == expected, f"claim {claim.id} of seed {seed}: {facts}"
            yield outcome if isinstance(outcome, str) else "split"


@pytest.mark.parametrize("policy", POLICIES, ids=lambda p: p.name)
def test_the_rule_file_splits_as_the_oracle_does(policy: Policy) -> None:
    kinds = Counter(kind for kind, _ in zip(compared(policy, seed=1), range(CLAIMS), strict=False))
    assert kinds["split"] >= CLAIMS // 2
    assert kinds["no terms"]


def columns_of(program: ir.Program, claims: Sequence[Facts], used: dict[str, NDArray[np.int64]]) -> Columns:
    """Facts as columns; each claim has one line in the catalogue and one outside it."""
    inputs = {d.name: _column(d, [f[d.name] for f in claims]) for d in program.inputs if d.domain == "claim"}
    each: dict[str, list[Any]] = {
        "amount": [amount for f in claims for amount in (f["in_scope"], f["outside"])],
        "catalogue_class": ["a", "c"] * len(claims),
    }
    rows = {
        d.name: _column(d, each.get(d.name, [False] * 2 * len(claims))) for d in program.inputs if d.domain == "row"
    }
    return Columns(inputs, np.arange(0, 2 * len(claims) + 1, 2, dtype=np.int64), rows, used)


def _column(decl: ir.InputDecl, values: Sequence[Any]) -> NDArray[Any]:
    if decl.kind == "code":
        at = {word: index for index, word in enumerate(input_words(decl))}
        return np.array([at[value] for value in values], dtype=np.int64)
    return np.array(values, dtype=np.bool_ if decl.kind == "flag" else np.int64)


def splits_of(program: ir.Program, values: Any, count: int) -> list[Split]:
    """What each payer pays of each claim by the columns; the rest of the bill is not among them."""
    paid = {
        p.payer: sum((np.broadcast_to(values[step], count) for step in p.steps), np.zeros(count, dtype=np.int64))
        for p in program.payers
    }
    lists = {payer: column.tolist() for payer, column in paid.items()}
    return [{payer: column[at] for payer, column in lists.items() if column[at]} for at in range(count)]


def chunk(policy: Policy, program: ir.Program, seed: int) -> int:
    """Years of ``MEMBERS`` members, every stay of each compared; returns how many stays were split."""
    rng, domain, count = Random(seed), Domain.of(program), 0
    persons = [{tag: rng.random() < 0.7 for tag in ("registered_poor", "subsistence")} for _ in range(MEMBERS)]
    years = [policy.empty() for _ in persons]
    meters = {m.name: np.zeros(MEMBERS, dtype=np.int64) for m in program.meters}
    for _ in range(STAYS):
        drawn = [draw_facts(program, domain, rng, person) for person in persons]
        answers = [meant(policy, facts, year) for facts, year in zip(drawn, years, strict=True)]
        years = [after for _, after in answers]
        kept = np.array([at for at, (split, _) in enumerate(answers) if not isinstance(split, str)])
        claims = [drawn[at] for at in kept]
        columns = run(program, columns_of(program, claims, {name: used[kept] for name, used in meters.items()}))
        assert not columns.failures
        for at, split in zip(kept, splits_of(program, columns.values, len(kept)), strict=True):
            patient = drawn[at]["total_charge"] - sum(split.values())
            assert {**split, **({"patient": patient} if patient else {})} == answers[at][0], drawn[at]
        for meter in program.meters:
            if meter.window.kind != "visit":
                counts = columns.values[meter.when] if meter.when else True
                meters[meter.name][kept] += np.where(counts, columns.values[meter.step], 0)
        count += len(kept)
    return count


def campaign(policy: Policy, count: int) -> int:
    """Chunks of every version of the rule set in turn until ``count`` stays were split."""
    programs = [p for p in load(policy.name).programs if p.valid[0] < policy.until]
    done = seed = 0
    while done < count:
        done += chunk(policy, programs[seed % len(programs)], seed)
        seed += 1
    return done


@pytest.mark.agree
@pytest.mark.parametrize("policy", POLICIES, ids=lambda p: p.name)
def test_a_million_stays_split_by_the_columns_as_the_oracle_does(policy: Policy) -> None:
    assert campaign(policy, CAMPAIGN) >= CAMPAIGN
