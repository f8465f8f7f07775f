"""One record of the past: a claim and the settlement message that was sent for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field

from policyengine.claim import Claim, StrictModel, quoted
from policyengine.claim.fields import Amount, Text
from policyengine.claim.problems import Problem, refuse_all
from policyengine.errors import nearest
from policyengine.settlement.national import AMOUNTS


def _known(value: object) -> object:
    """Raises for a field that no settlement message has, and for a message without any."""
    if not isinstance(value, dict):
        return value
    names = ", ".join(AMOUNTS)
    message = "is not an amount of the settlement message"
    wrong = [
        Problem("E644", (str(name),), f"`{quoted(name)}` {message}", f"some of {names}", nearest(str(name), AMOUNTS))
        for name in value if name not in AMOUNTS
    ]  # fmt: skip
    if not value:
        wrong = [Problem("E644", (), "nothing was settled", f"some of {names}")]
    if wrong:
        raise refuse_all(wrong)
    return value


class Official(StrictModel):
    """A claim and what it was officially settled to (历史结算)."""

    noun: ClassVar[str] = "record"
    parts: ClassVar[Mapping[str, type[StrictModel]]] = {"claim": Claim}

    claim: Claim = Field(description="the claim (结算申请)")
    official: Annotated[dict[Text, Amount], BeforeValidator(_known)] = Field(
        description="amounts of interface 2304 or 2207 in whole currency units; only those given are compared "
        "(结算报文金额字段)"
    )
