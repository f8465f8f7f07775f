"""Runs over earlier settlements: what is paid when a month or a year has closed."""

from policyengine.runs.claims import RunClaims, claims_by_window, run_claims
from policyengine.runs.restating import restated, rows_of
from policyengine.runs.rows import Given, RunRow, Standing, Written, read_given
from policyengine.runs.seek import Affordable, Trial, highest_affordable
from policyengine.runs.settle import RunResult, settle_claims, settle_run

__all__ = [
    "Affordable",
    "Given",
    "RunClaims",
    "RunResult",
    "RunRow",
    "Standing",
    "Trial",
    "Written",
    "claims_by_window",
    "highest_affordable",
    "read_given",
    "restated",
    "rows_of",
    "run_claims",
    "settle_claims",
    "settle_run",
]
