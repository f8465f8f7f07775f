"""A program as machine code over columns of claims: millions a second, exact to the fen.

Numbers are arguments, so that programs which differ in numbers only share a kernel. Needs the extra ``bulk``.
"""

from policyengine.backends.kernel.meters import Group, group_of, groups_of
from policyengine.backends.kernel.moving import alike, moves_of
from policyengine.backends.kernel.run import Kernel, beside, kernel_of
from policyengine.backends.kernel.shape import ANY_SHAPE, Moves, Outputs, Shape, Source, TooWide
from policyengine.backends.kernel.source import source_of
from policyengine.backends.kernel.status import Status

__all__ = [
    "ANY_SHAPE", "Group", "Kernel", "Moves", "Outputs", "Shape", "Source", "Status", "TooWide", "alike", "beside",
    "group_of", "groups_of", "kernel_of", "moves_of", "source_of",
]  # fmt: skip
