"""A row of the national platform's accumulator query, interface 5206 (人员累计信息查询), node ``cuminfo``."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from policyengine.claim.base import StrictModel
from policyengine.claim.fields import Amount, Text


class Cumulative(StrictModel):
    """What one accumulator of the platform holds for a person (人员累计信息)."""

    noun: ClassVar[str] = "accumulator"

    insutype: Text = Field(description="scheme, as a code of the platform (险种类型)")
    year: Text = Field(description="year, four digits (年度)")
    cum_ym: Text = Field(description="year and month, six digits (累计年月)")
    cum_type_code: Text = Field(description="which accumulator, a code of the place (累计类别代码)")
    cum: Amount = Field(description="its value (累计值)")
