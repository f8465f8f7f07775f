"""Synthetic people and claims: seeded, documented, the same bytes everywhere, as many as are asked for."""

from policyengine.errors import MissingExtra

try:
    import numpy  # noqa: F401
    import pyarrow  # noqa: F401
except ImportError as missing:  # pragma: no cover - the development environment has them
    text = "synthetic claims need NumPy and PyArrow: pip install 'reimbursement-policyengine[bulk]'"
    raise MissingExtra(text) from missing

from policyengine.synth.figures import figures_markdown
from policyengine.synth.making import Order, Written, format_of, make_claims
from policyengine.synth.model import Profile
from policyengine.synth.plan import Plan, plan_of
from policyengine.synth.reading import bundled_profiles, load_profile

__all__ = [
    "Order",
    "Plan",
    "Profile",
    "Written",
    "bundled_profiles",
    "figures_markdown",
    "format_of",
    "load_profile",
    "make_claims",
    "plan_of",
]
