"""Settling claims by the million: batches of columns through the kernels of a rule set."""

from policyengine.mass.abreast import Abreast, Groups, Summed
from policyengine.mass.digest import Digest, digest_of
from policyengine.mass.driver import worked
from policyengine.mass.openings import Openings, openings_of
from policyengine.mass.settling import Bulk, Settled, standard_outputs

__all__ = [
    "Abreast", "Bulk", "Digest", "Groups", "Openings", "Settled", "Summed", "digest_of", "openings_of",
    "standard_outputs", "worked",
]  # fmt: skip
