"""Spark on two threads: claims settled, against the same rows through Spark's Arrow bridge and back, untouched.

    python -m benchmarks.on_spark [claims]    writes its part of RESULTS.md; needs the extra `spark` and Java 17

Both jobs read the same file, bring the claims of a person together, sort them and hand them to Python; one hands them
back as they are, the other what each claim is paid. Ends with 1 if the digest is not that of one process.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.clock import busy
from benchmarks.page import put
from benchmarks.results import processor
from policyengine import Rulebook, load
from policyengine.bulk import open_claims
from policyengine.mass import Bulk, Digest, digest_of
from policyengine.spark import digest, settle
from policyengine.spark.arranging import arranged
from policyengine.synth import Order, load_profile, make_claims, plan_of

RULES = "cn/shanxi/136"
CLAIMS = 1_000_000
PARTITIONS = 8
ROUNDS = 5
WANTED = 70
SETTINGS = {
    "spark.master": "local[2]", "spark.ui.enabled": "false", "spark.driver.memory": "3g", "spark.log.level": "OFF",
    "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.showConsoleProgress": "false",
}  # fmt: skip


def untouched(batches: Iterator[Any]) -> Iterator[Any]:
    yield from batches


def main(claims: int) -> int:
    from pyspark.sql import SparkSession

    load_before, book = busy(), load(RULES)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.appName("benchmark")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    with tempfile.TemporaryDirectory() as folder:
        file, mapping = _drawn(Path(folder) / "claims.parquet", book, claims)
        settled = settle(spark.read.parquet(str(file)), book, mapping=mapping, partitions=PARTITIONS)
        plan = open_claims(file, book, mapping).plan
        together = arranged(spark.read.parquet(str(file)), plan, ("id",), PARTITIONS, False)
        plain = together.toDF(*(f"c{at}" for at in range(len(together.columns))))
        jobs = {"settled": settled, "untouched": plain.mapInArrow(untouched, plain.schema)}
        taken = _in_turn(jobs)
        is_same = str(digest(settled)) == str(_alone(file, book, mapping))
    spark.stop()
    text = _page(claims, taken, is_same, load_before, (len(plain.columns), len(settled.columns)))
    put("claims on Spark", text)
    print(text)
    return 0 if is_same else 1


def _drawn(file: Path, book: Rulebook, claims: int) -> tuple[Path, Path]:
    drawn = plan_of(load_profile("shanxi"), 3, (2018, 2019), ("stays",), book)
    make_claims(drawn, Order(file, claims=claims), lambda _rows, _blocks: None)
    return file, file.with_suffix(".columns.yaml")


def _alone(file: Path, book: Rulebook, mapping: Path) -> Digest:
    bulk, total = Bulk(book), Digest()
    for batch in open_claims(file, book, mapping).batches():
        found = bulk.settle(batch)
        total += digest_of(batch.keys, found.status, found.amounts)
    return total


def _in_turn(jobs: dict[str, Any]) -> dict[str, list[float]]:
    """Seconds of each job, in turn within each round, after a warm-up round."""
    taken: dict[str, list[float]] = {name: [] for name in jobs}
    for number in range(ROUNDS + 1):
        for name, job in jobs.items():
            start = time.perf_counter()
            job.write.format("noop").mode("overwrite").save()
            if number:
                taken[name].append(time.perf_counter() - start)
    return taken


def _page(claims: int, taken: dict[str, list[float]], is_same: bool, load_before: str, columns: tuple[int, int]) -> str:
    ratio = median(100 * u / s for s, u in zip(taken["settled"], taken["untouched"], strict=True))
    rows = "\n".join(
        f"| {name} | {claims / median(seconds):,.0f} | {claims / max(seconds):,.0f} – {claims / min(seconds):,.0f} |"
        for name, seconds in taken.items()
    )
    versions = ", ".join(f"{name} {version(name)}" for name in ("pyspark", "pyarrow", "numba"))
    verdict = "met" if ratio >= WANTED else "**missed**"
    return f"""# Measured on Spark

Written by `make bench`, or `python -m benchmarks.on_spark`; measure again on your own machine.
{processor()}, {platform.system()}, Python {platform.python_version()}, {versions}.
`local[2]`, {claims:,} synthetic stays of `{RULES}` from Parquet, {PARTITIONS} partitions; {load_before}.
Medians of {ROUNDS} rounds after a warm-up round, both jobs in turn within each round.

| the same shuffle and sort, then | claims a second, median | lowest – highest |
|---|---:|---:|
{rows}

Settled at **{ratio:.0f} %** of the rate of rows that go to Python and back untouched (median of the rounds; wanted: at
least {WANTED} %, {verdict}). {columns[0]} columns go to Python, {columns[1]} come back settled.
The digest is {"that" if is_same else "**not that**"} of one process without Spark.
"""


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else CLAIMS))
