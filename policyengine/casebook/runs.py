"""Running a case of a run: its settlements are made, the run is settled, each result is held against the case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from policyengine.casebook.compare import differences_of, steps_of
from policyengine.casebook.model import Case, RunCase, Sought
from policyengine.casebook.outcome import Departure, Difference, Outcome
from policyengine.chain import Chain
from policyengine.errors import ClaimError
from policyengine.loading import load
from policyengine.money import exponent_of, text_of
from policyengine.rulebook import Roots, Rulebook, examined
from policyengine.runs import RunClaims, RunResult, RunRow, highest_affordable, run_claims, settle_claims
from policyengine.settlement import Settlement


def settle_run_case(rulebook: Rulebook, case: Case, known_on: date | None = None, path: Roots = ()) -> Outcome:
    """Settle the run of ``case`` and compare. Faults of what is handed in become differences."""
    assert case.run is not None, "the case is one of a run"
    wanted = case.run
    try:
        made = claims_of(rulebook, wanted, path)
        found, departure = _compared(rulebook, case, wanted, made, known_on)
    except ClaimError as error:
        return Outcome(case, tuple(_refused(wanted, error)), None, rulebook.sources)
    if wanted.refused is not None:
        text = f"{wanted.refused.code} {wanted.refused.part}".strip()
        found = [Difference(wanted.refused.span, "refused", text, f"settled: {len(made.claims)} claims")]
    return Outcome(case, tuple(found), departure, rulebook.sources)


def claims_of(rulebook: Rulebook, wanted: RunCase, path: Roots = ()) -> RunClaims:
    """The claims of the run of a case. Raises ``ClaimError``, ``RuleError`` if there is no rule set that settles it
    first."""
    rows: list[Settlement | RunRow] = list(wanted.rows)
    if wanted.claims:
        run = rulebook.programs[0].run
        base = wanted.base or (run.of[0] if run is not None else "")
        chain = Chain(examined(load(base, path)), None, wanted.parameters or None)
        rows += [chain.settle(claim) for claim in wanted.claims]
    return run_claims(rulebook, rows, window=wanted.window, people=wanted.people)


def _compared(
    rulebook: Rulebook, case: Case, wanted: RunCase, made: RunClaims, known_on: date | None
) -> tuple[list[Difference], Departure | None]:
    given = {} if wanted.sought is None else {wanted.sought.parameter}
    parameters = {name: text for name, text in case.parameters.items() if name not in given}
    differences: list[Difference] = []
    departure = None
    result: RunResult | None
    if wanted.sought is None:
        result = settle_claims(rulebook, made, case.history, parameters=parameters, known_on=known_on)
    else:
        found, result = _found(rulebook, case, wanted.sought, made, parameters, known_on)
        differences += found
    settled = {one.claim.person.id: one for one in result.settlements} if result is not None else {}
    for unit in wanted.units:
        one = settled.pop(unit.of, None)
        if one is None:
            differences.append(Difference(unit.span, f"unit {unit.of}", "a settlement", "none"))
            continue
        steps, departed = steps_of(unit.expected, one)
        differences += [*differences_of(unit.expected, one), *steps]
        departure = departure or departed
    if wanted.units:
        differences += [
            Difference(wanted.span, f"unit {name}", "none", f"settled: {s!r}") for name, s in settled.items()
        ]
    return differences, departure


def _found(
    rulebook: Rulebook,
    case: Case,
    sought: Sought,
    made: RunClaims,
    parameters: dict[str, str],
    known_on: date | None,
) -> tuple[list[Difference], RunResult | None]:
    best = highest_affordable(
        rulebook, made, sought.parameter, sought.surplus, payer=sought.payer, grain=sought.grain, history=case.history,
        parameters=parameters, known_on=known_on,
    )  # fmt: skip
    exponent = exponent_of(rulebook.programs[0].currency)
    value = "none" if best.found is None else best.found.value
    got = {"value": value}
    got |= {n: text_of(t.spent, exponent) for n, t in (("spent", best.found), ("above", best.above)) if t is not None}
    expected = {"value": sought.value}
    expected |= {n: f"{a.value:f}" for n, a in (("spent", sought.spent), ("above", sought.above)) if a is not None}
    differences = [
        Difference(sought.span, f"sought {name}", text, got.get(name, "–"))
        for name, text in expected.items() if got.get(name) != text
    ]  # fmt: skip
    return differences, best.result


def _refused(wanted: RunCase, error: ClaimError) -> Iterator[Difference]:
    got = "; ".join(f"{d.code} {d.message}" for d in error.diagnostics)
    if wanted.refused is None:
        yield Difference(wanted.span, "run", "settlements", "refused", note=got)
    elif not any(d.code == wanted.refused.code and wanted.refused.part in d.message for d in error.diagnostics):
        yield Difference(wanted.refused.span, "refused", f"{wanted.refused.code} {wanted.refused.part}".strip(), got)
