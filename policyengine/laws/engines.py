"""All back ends give the same value for every step of a settlement."""

from __future__ import annotations

from policyengine.backends.evaluate import evaluate
from policyengine.settlement import Settlement


def differences(settlement: Settlement) -> str:
    """The first step on which the evaluator, or the columns where NumPy is installed, do not say what the compiled
    function said."""
    program, facts, known = settlement.layout.program, settlement.origin.facts(), settlement.known()
    claim = (facts.inputs, facts.rows, facts.used)
    meant = evaluate(program, *claim)
    for step, value in known.items():
        if meant[step] != value:
            return f"{step}: the evaluator says {meant[step]}, the compiled function {value}"
    try:
        from policyengine.backends.columns import columns_of, run
    except ImportError:
        return ""
    by_column = run(program, columns_of(program, [claim])).claim(0)
    wrong = next((step for step, value in meant.items() if by_column[step] != value), None)
    return f"{wrong}: the evaluator says {meant[wrong]}, the columns {by_column[wrong]}" if wrong else ""
