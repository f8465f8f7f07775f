"""Claims by the million on Spark: a DataFrame of claims in, a DataFrame of their settlements out.

    from policyengine.spark import settle
    settled = settle(spark.read.parquet("claims"), "cn/shanxi/136", mapping="claims.columns.yaml")

Needs the extra ``spark`` and Java 17, and the same on the workers, which run the Python that ``PYSPARK_PYTHON`` names.
"""

import sys

from policyengine.errors import MissingExtra

try:
    import numba  # noqa: F401
    import pyarrow  # noqa: F401
    import pyspark  # noqa: F401
except ImportError as missing:  # pragma: no cover - the development environment has them
    raise MissingExtra(
        f"{sys.executable} lacks {missing.name}: claims on Spark need the extra, pip install "
        "'reimbursement-policyengine[spark]'; workers of Spark run the Python that PYSPARK_PYTHON names"
    ) from missing

from policyengine.spark.columns import decimals
from policyengine.spark.digesting import digest
from policyengine.spark.settling import settle

__all__ = ["decimals", "digest", "settle"]
