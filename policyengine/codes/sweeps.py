"""Codes of sweeps and seeks: levers, ranges, targets."""

from __future__ import annotations

from policyengine.codes.base import Code

CODES: dict[str, Code] = {
    "E760": Code(
        "A lever that there is not",
        "A sweep moves one number of the rule files: a parameter, the number of a provision, a cell of a table.",
        "Write the address of a number; `policyengine sweep RULESET --levers` lists them all.",
    ),
    "E761": Code(
        "A lever with several dated values",
        "A value holds from a day to a day, and another one before or after it: which of them moves is not clear, or "
        "none is in force on the day that was named.",
        "Say `--on DAY` for the one in force on that day, or `--on all` to give all of them the same value.",
    ),
    "E762": Code(
        "A range of values that cannot be read",
        "A range is `low:high:step` for a sweep and `low:high` for a seek, in the unit of the lever, and its steps "
        "lead from its beginning to its end.",
        "Write amounts in whole currency units (`6000:14000:500`), rates with their sign (`70%:80%:1%`).",
    ),
    "E764": Code(
        "A target that cannot be read",
        "A target is the name of an amount, a relation and a sum in whole currency units.",
        "Write it like `pooled_fund <= 120000000`; the names are those of the payers, `patient_total` and `bill`.",
    ),
    "E765": Code(
        "A total that rises and falls",
        "A seek halves its range again and again, which finds the value only where the total goes one way all along. "
        "Two of the values that were tried show that it does not.",
        "Look at the curve with `policyengine sweep`, and seek on a stretch of it that rises, or falls.",
    ),
    "E766": Code(
        "A target that every value meets, or none",
        "The total at both ends of the range lies on the same side of the target, so no value is the last to meet it; "
        "or not a single claim is settled.",
        "Widen the range, or change the target; `policyengine simulate` says why claims are not settled.",
    ),
    "E767": Code(
        "A sweep over a run",
        "The rows of a run are settlements of a month or a year, which a book of claims does not hold.",
        "Sweep the rule set that settles the claims; `policyengine year-end --seek` finds a parameter of a run.",
    ),
}
