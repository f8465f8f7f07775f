"""Simulated books of claims against the same claims settled one after the other, under rule sets of all sorts."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from policyengine import Chain, Claim, ClaimError, load
from policyengine.bulk import document, open_claims
from policyengine.cli import main
from policyengine.mass import standard_outputs
from policyengine.simulate import Question, simulate_claims

SOME = {
    "cn/shanxi/136": "a yearly cap, grants outside the bill",
    "examples/family_limits": "accumulators of households",
    "examples/items_before_deductible": "layers on fee lines",
    "examples/dalian_drug_lines": "lines settled one after the other",
}


@pytest.mark.parametrize("name", SOME)
def test_totals_and_refusals_are_those_of_single_claims(name: str, tmp_path: Path) -> None:
    book, table = load(name), tmp_path / "claims.parquet"
    year = max((book.programs[-1].valid[0] or "2018")[:4], "2018")
    words = ("synth", "shanxi", "--people", "60", "--seed", "5", "--years", year, "--for", name, "-o", str(table))
    assert CliRunner().invoke(main, words).exit_code == 0
    question = Question(group_by=("month",), exercised=True)
    total = simulate_claims(book, table, question, reforms=[book], allow_draft=True, size=20).baseline.total
    assert total.settled, SOME[name]
    chain, sums, settled, claims = Chain(book, allow_draft=True), dict.fromkeys(total.amounts, 0), 0, 0
    for batch in open_claims(table, book, table.with_name("claims.columns.yaml")).batches():
        for at in range(len(batch)):
            claims += 1
            try:
                settlement = chain.settle(Claim.model_validate(document(book, batch, at)))
            except ClaimError:
                continue
            settled, known = settled + 1, settlement.known()
            for output, steps in standard_outputs(settlement.layout.program).items():
                sums[output] += int(sum(known[step] for step in steps))
    assert (total.claims, total.settled, total.amounts) == (claims, settled, sums)
