"""The result of settling one claim, and what is read off it: payments, the national message, the receipt."""

from policyengine.settlement.grants import Granted
from policyengine.settlement.lines import LineSplit
from policyengine.settlement.result import (
    Facts,
    Layout,
    Origin,
    Payment,
    Settlement,
    TraceStep,
    label_of,
    payer_label,
)

__all__ = [
    "Facts",
    "Granted",
    "Layout",
    "LineSplit",
    "Origin",
    "Payment",
    "Settlement",
    "TraceStep",
    "label_of",
    "payer_label",
]
