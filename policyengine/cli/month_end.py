"""policyengine month-end – what is paid when a month has closed."""

from __future__ import annotations

from typing import Any

from policyengine.cli.options import with_examples
from policyengine.cli.runs import Asked, settle_after, with_options

RUN = "world/japan/high_cost"


@with_examples(
    "month-end",
    f"policyengine test {RUN} --claims W123 > month.jsonl",
    f"policyengine month-end {RUN} month.jsonl --history-after october.json",
    f"policyengine month-end {RUN} month.jsonl --json",
)
@with_options
def command(**asked: Any) -> int:
    """Settle the run RULESET over the SETTLEMENTS of a month.

    SETTLEMENTS and options are those of `policyengine year-end`, for runs that take place after each month. Meters of
    the run, such as how often a household was refunded within twelve months, are carried on with --history and
    --history-after.
    """
    return settle_after("month_end", Asked(**asked))
