"""Past official settlements held against a rule set: what agrees, what differs, and which provision a difference points
to."""

from policyengine.backtest.compare import Backtest, Compared, Kind, backtest
from policyengine.backtest.explain import Cause
from policyengine.backtest.records import Official

__all__ = ["Backtest", "Cause", "Compared", "Kind", "Official", "backtest"]
