"""openfisca-core."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import MONTH
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from benchmarks.bulk.claims import Array, Arrays
from benchmarks.bulk.contestants.populations import answers, job_of

__all__ = ["PACKAGES", "answers", "ready"]
PACKAGES = ("openfisca-core", "numpy")
CORE = SimpleNamespace(
    build_entity=build_entity, Enum=Enum, EnumArray=EnumArray, ParameterNode=ParameterNode, MONTH=MONTH,
    SimulationBuilder=SimulationBuilder, TaxBenefitSystem=TaxBenefitSystem, Variable=Variable, group_first=False,
)  # fmt: skip


def ready(claims: Arrays) -> Callable[[], Array]:
    return job_of(CORE, claims)
