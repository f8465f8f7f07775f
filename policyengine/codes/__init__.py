"""Every diagnostic code: what it means, what causes it, how to cure it. `policyengine explain CODE` prints this."""

from policyengine.codes import casefiles, checks, claims, literals, reading, rules, runs
from policyengine.codes.base import Code

CODES: dict[str, Code] = {
    **reading.CODES, **literals.CODES, **rules.CODES, **checks.CODES, **claims.CODES, **runs.CODES, **casefiles.CODES,
}  # fmt: skip

__all__ = ["CODES", "Code"]
