"""Health-insurance reimbursement policy as rule files; every claim's payable split, exact to the smallest coin.

    from policyengine import Claim, load, settle
    settlement = settle(load("cn/shanxi/136"), Claim.model_validate(data))

Names are loaded when they are first used, so that ``import policyengine`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from policyengine.chain import Chain, settle_many
    from policyengine.claim import Claim, History
    from policyengine.engine import presettle, settle
    from policyengine.errors import ClaimError, Diagnostic, PolicyError, RuleError
    from policyengine.loading import load
    from policyengine.lookup import Found, find
    from policyengine.questions import Bounds, WhyNot, bounds, why_not
    from policyengine.resettlement import Correct, Insert, Register, Resettlement, Reverse, resettle
    from policyengine.rulebook import Rulebook, bundled_names
    from policyengine.runs import Affordable, RunResult, RunRow, Standing, highest_affordable, run_claims, settle_run
    from policyengine.settlement import Payment, Settlement, TraceStep
    from policyengine.simulate import Question, Simulation, settle_table, simulate_claims
    from policyengine.verify import verify

__version__ = "0.1.0"

_HOMES = {
    "Affordable": "runs",
    "Bounds": "questions",
    "Chain": "chain",
    "Claim": "claim",
    "ClaimError": "errors",
    "Correct": "resettlement",
    "Diagnostic": "errors",
    "Found": "lookup",
    "History": "claim",
    "Insert": "resettlement",
    "Payment": "settlement",
    "PolicyError": "errors",
    "Question": "simulate",
    "Register": "resettlement",
    "Resettlement": "resettlement",
    "Reverse": "resettlement",
    "RuleError": "errors",
    "Rulebook": "rulebook",
    "RunResult": "runs",
    "RunRow": "runs",
    "Settlement": "settlement",
    "Simulation": "simulate",
    "Standing": "runs",
    "TraceStep": "settlement",
    "WhyNot": "questions",
    "bounds": "questions",
    "bundled_names": "rulebook",
    "find": "lookup",
    "highest_affordable": "runs",
    "load": "loading",
    "opening_history": "opening",
    "run_claims": "runs",
    "presettle": "engine",
    "resettle": "resettlement",
    "settle": "engine",
    "settle_many": "chain",
    "settle_run": "runs",
    "settle_table": "simulate",
    "simulate_claims": "simulate",
    "verify": "verify",
    "why_not": "questions",
}

__all__ = [
    "Affordable",
    "Bounds",
    "Chain",
    "Claim",
    "ClaimError",
    "Correct",
    "Diagnostic",
    "Found",
    "History",
    "Insert",
    "Payment",
    "PolicyError",
    "Question",
    "Register",
    "Resettlement",
    "Reverse",
    "RuleError",
    "Rulebook",
    "RunResult",
    "RunRow",
    "Settlement",
    "Simulation",
    "Standing",
    "TraceStep",
    "WhyNot",
    "bounds",
    "bundled_names",
    "find",
    "highest_affordable",
    "load",
    "opening_history",
    "presettle",
    "resettle",
    "run_claims",
    "settle",
    "settle_many",
    "settle_run",
    "settle_table",
    "simulate_claims",
    "verify",
    "why_not",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'policyengine' has no attribute {name!r}")
    value = getattr(import_module(f"policyengine.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
