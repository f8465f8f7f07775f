"""The mechanisms, one file each. A new one is a file and a line in ``ALL``; everything else iterates this tuple."""

from __future__ import annotations

from policyengine.mechanisms.adjust import ADJUST
from policyengine.mechanisms.base import Mechanism
from policyengine.mechanisms.ceiling import CEILING
from policyengine.mechanisms.classify import CLASSIFY
from policyengine.mechanisms.deductible import DEDUCTIBLE
from policyengine.mechanisms.define import DEFINE
from policyengine.mechanisms.fund_share import FUND_SHARE
from policyengine.mechanisms.grant import GRANT
from policyengine.mechanisms.own_cost_cap import OWN_COST_CAP
from policyengine.mechanisms.pay import PAY
from policyengine.mechanisms.quota_price import QUOTA_PRICE
from policyengine.mechanisms.set_aside import SET_ASIDE
from policyengine.mechanisms.split import SPLIT
from policyengine.mechanisms.timing import TIMING
from policyengine.mechanisms.top_up import TOP_UP

ALL: tuple[Mechanism, ...] = (
    CLASSIFY, QUOTA_PRICE, DEFINE, SET_ASIDE, DEDUCTIBLE, FUND_SHARE, PAY, TOP_UP, OWN_COST_CAP, CEILING, SPLIT, ADJUST,
    GRANT, TIMING,
)  # fmt: skip

BY_KEY = {mechanism.key: mechanism for mechanism in ALL}
