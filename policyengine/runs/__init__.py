"""Runs over earlier settlements: what is paid when a month or a year has closed."""

from policyengine.runs.claims import RunClaims, run_claims
from policyengine.runs.rows import RunRow, Standing, Written
from policyengine.runs.settle import RunResult, settle_run

__all__ = ["RunClaims", "RunResult", "RunRow", "Standing", "Written", "run_claims", "settle_run"]
