"""Random programs: all back ends say the same as ``evaluate``, to the last digit and to the same failure."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyengine import ir
from policyengine.analysis import NUMERIC, analyse, overflows
from policyengine.backends.columns import columns_of, run
from policyengine.backends.evaluate import evaluate
from policyengine.ir import NoRow
from tests.backends.programs import random_case, random_program
from tests.backends.support import outcomes

PROGRAMS = 480
CLAIMS = 25
PARTS = 6


@pytest.mark.parametrize("part", range(PARTS))
def test_seeded_programs(part: int) -> None:
    failed = total = 0
    for seed in range(part, PROGRAMS, PARTS):
        rng = Random(seed)
        program = random_program(rng)
        found = outcomes(program, [random_case(rng, program) for _ in range(CLAIMS)])
        failed += sum(isinstance(f, NoRow) for f in found)
        total += len(found)
    assert total == PROGRAMS * CLAIMS // PARTS
    assert 0.05 < failed / total < 0.4, "the claims should meet both values and missing rows"


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.randoms(use_true_random=False))
def test_any_program(rng: Random) -> None:
    program = random_program(rng)
    outcomes(program, [random_case(rng, program) for _ in range(3)])


def test_the_programs_use_every_form_in_both_domains_and_both_widths() -> None:
    forms: Counter[tuple[type, str]] = Counter()
    modes: Counter[str] = Counter()
    wide = narrow = 0
    for seed in range(200):
        program = random_program(Random(seed))
        for step in program.steps:
            for part in ir.walk(step.expr):
                forms[type(part), step.domain] += 1
                if isinstance(part, ir.Round):
                    modes[part.mode] += 1
        overflowing = bool(overflows(program))
        wide += overflowing
        narrow += not overflowing
    rare = {(form.__name__, domain) for form in ir.FORMS for domain in ("claim", "row") if forms[form, domain] < 30}
    assert not rare
    assert min(modes.values()) >= 60
    assert len(modes) == 5
    assert wide >= 30
    assert narrow >= 50


def test_every_part_of_an_expression_stays_inside_its_facts() -> None:
    """Each part becomes a step of its own: its values lie on the grid and between the bounds."""
    checked = 0
    for seed in range(250):
        rng = Random(seed)
        program = random_program(rng)
        at = rng.randrange(len(program.steps))
        parts = [e for e in ir.walk(program.steps[at].expr) if e.kind in NUMERIC]
        if not parts:
            continue
        probe = ir.Step("probe", rng.choice(parts))
        cut = ir.Program(
            program.ruleset, program.valid, program.currency, program.dated_by, program.inputs, program.tables,
            (*program.steps[:at], probe), program.meters, (), (), (), (),
        )  # fmt: skip
        facts = analyse(cut).facts(probe.expr)
        for _ in range(10):
            try:
                found = evaluate(cut, *random_case(rng, cut))["probe"]
            except NoRow:
                continue
            for value in found if isinstance(found, tuple) else (found,):
                numerator = Fraction(value) * facts.denominator
                assert numerator.denominator == 1
                assert facts.least <= numerator <= facts.most
                assert value == 0 or (Fraction(value) / facts.quantum).denominator == 1
                checked += 1
    assert checked > 1_500


def test_columns_do_not_depend_on_the_batch() -> None:
    """A claim comes out the same alone and among others."""
    for seed in range(30):
        rng = Random(seed)
        program = random_program(rng)
        analysis = analyse(program)
        cases = [random_case(rng, program) for _ in range(6)]
        together = run(program, columns_of(program, cases), analysis)
        for at, case in enumerate(cases):
            alone = run(program, columns_of(program, [case]), analysis)
            assert alone.claim(0) == together.claim(at)
            assert bool(alone.failures) == bool(together.failed[at])


def test_no_column_is_ever_a_float() -> None:
    for seed in range(60):
        rng = Random(seed)
        program = random_program(rng)
        result = run(program, columns_of(program, [random_case(rng, program) for _ in range(5)]))
        for array in result.values.values():
            assert array.dtype in (np.dtype(np.int64), np.dtype(np.bool_), np.dtype(object))
            if array.dtype == object:
                assert all(type(v) is int for v in array.tolist())
