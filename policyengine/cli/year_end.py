"""policyengine year-end – what is paid when a year has closed."""

from __future__ import annotations

from typing import Any

from policyengine.cli.options import with_examples
from policyengine.cli.runs import Asked, settle_after, with_options

RUN = "cn/heilongjiang/shuangyashan/jixian/second_compensation"


@with_examples(
    "year-end",
    f"policyengine test {RUN} --claims D-9 > claims.jsonl",
    f"policyengine year-end {RUN} claims.jsonl --param second_share=8%",
    f"policyengine year-end {RUN} claims.jsonl --seek second_share --surplus 350.00",
)
@with_options
def command(**asked: Any) -> int:
    """Settle the run RULESET over the SETTLEMENTS of a year.

    SETTLEMENTS are settlements as `policyengine settle --json` writes them (with `--trace`, if the run reads steps),
    rows that state the run's fields, or claims, which are settled first. Each member or household gets a settlement of
    its own; nothing is changed in those that it is made of. If anything is wrong, nothing is written.

    With --seek, the highest value of a parameter is found whose total the surplus affords. If even the lowest
    overspends, the exit code is 1.
    """
    return settle_after("year_end", Asked(**asked))
