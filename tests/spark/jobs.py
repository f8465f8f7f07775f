"""What runs in the driver's process: claims to Spark, and back as plain values."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

from policyengine import Rulebook
from policyengine.bulk import ColumnMap, open_claims
from policyengine.mass import Bulk, Digest, digest_of

Row = dict[str, Any]
TYPES = "id string, person_id string, tier string, amount bigint, registered_poor boolean, discharge_date string"


def settled(spark: Any, rows: Any, book: Rulebook, mapping: ColumnMap, **said: Any) -> dict[str, Row]:
    """Every claim by its id, settled."""
    from policyengine.spark import settle

    df = settle(spark.createDataFrame(rows, TYPES), book, mapping=mapping, **said)
    return {row["id"]: row.asDict() for row in df.collect()}


def refused(spark: Any, job: Any, *given: Any, **said: Any) -> str:
    """What the driver, or Spark, says of a job that fails."""
    try:
        job(spark, *given, **said)
    except Exception as error:
        return str(error)
    raise AssertionError("it did not fail")


def digests(spark: Any, file: Path, book: Rulebook, mapping: Path, partitions: int) -> tuple[str, int]:
    """The digest of a file of claims, shuffled beforehand, settled in so many partitions; how many are not settled."""
    from pyspark.sql import functions as F  # noqa: N812 - as everybody calls it

    from policyengine.spark import digest, settle

    shuffled = spark.read.parquet(str(file)).orderBy(F.rand(5))
    found = settle(shuffled, book, mapping=mapping, partitions=partitions).cache()
    not_settled = found.where("status <> 'settled'").count()
    return str(digest(found)), not_settled


def digest_of_one_process(file: Path, book: Rulebook, mapping: Path) -> tuple[str, int]:
    """The same without Spark, from the file as it stands."""
    bulk, total, not_settled = Bulk(book), Digest(), 0
    for batch in open_claims(file, book, mapping).batches():
        found = bulk.settle(batch)
        total += digest_of(batch.keys, found.status, found.amounts)
        not_settled += int((found.status != 0).sum())
    return str(total), not_settled


def kept(spark: Any, rows: Any, book: Rulebook, mapping: ColumnMap) -> tuple[list[str], list[Row]]:
    """Settled claims with two columns of their own, amounts in yuan, and how Spark types them."""
    from policyengine.spark import decimals, settle

    df = settle(spark.createDataFrame(rows, TYPES), book, mapping=mapping, only=["pooled_fund"], keep=["tier"])
    found = decimals(df)
    return found.dtypes, [row.asDict() for row in found.collect()]


def digest_of_claims(spark: Any, rows: Any) -> str:
    """A digest of what was never settled."""
    from policyengine.spark import digest

    return str(digest(spark.createDataFrame(rows, TYPES)))


def in_buckets(
    spark: Any, rows: Any, book: Rulebook, mapping: ColumnMap, said: int, forwards: bool = True
) -> dict[str, Row]:
    """Claims that stand in two buckets already, those of a person by day; ``said``: how many they are said to be."""
    from policyengine.spark import settle

    df = spark.createDataFrame(rows, TYPES).repartition(2, "person_id")
    df = df.sortWithinPartitions("person_id", "discharge_date", ascending=[True, forwards])
    return {row["id"]: row.asDict() for row in settle(df, book, mapping=mapping, arranged_in=said).collect()}


def of_households(spark: Any, rows: Any, book: Rulebook, mapping: ColumnMap) -> dict[str, int]:
    """What the fund pays of the claims of households."""
    from policyengine.spark import settle

    types = "id string, person_id string, household_id string, amount bigint, discharge_date string"
    found = settle(spark.createDataFrame(rows, types), book, mapping=mapping).collect()
    return {row["id"]: row["pooled_fund"] for row in found}


def digest_while_a_worker_is_killed(
    spark: Any, file: Path, book: Rulebook, mapping: Path, worker: int
) -> tuple[str, int, int]:
    """The digest, although the process group of a worker is killed when some partitions are settled; how many were
    settled by then, of how many."""
    from policyengine.spark import digest, settle

    partitions, after = 40, 4
    found = settle(spark.read.parquet(str(file)), book, mapping=mapping, partitions=partitions)
    digests: list[str] = []
    running = threading.Thread(target=lambda: digests.append(str(digest(found))))
    running.start()
    done = 0
    while running.is_alive() and not after <= done < partitions:
        done = _done(spark.sparkContext.statusTracker(), partitions)
        time.sleep(0.01)
    os.killpg(worker, signal.SIGKILL)
    running.join()
    return digests[0], done, partitions


def _done(tracker: Any, tasks: int) -> int:
    """How many tasks are done of the stage that has so many."""
    stages = (tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds())
    return max((stage.numCompletedTasks for stage in stages if stage and stage.numTasks == tasks), default=0)


def executors(spark: Any, wanted: int) -> int:
    """How many executors there are; waits for as many as are wanted."""
    end = time.monotonic() + 60
    while (found := _executors(spark)) != wanted and time.monotonic() < end:
        time.sleep(0.1)
    return found


def _executors(spark: Any) -> int:
    return int(spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size()) - 1


def statuses(spark: Any, rows: Any, book: Rulebook, mapping: ColumnMap) -> list[tuple[str, str, int]]:
    """Id, status and what the fund pays of every row."""
    from policyengine.spark import settle

    found = settle(spark.createDataFrame(rows, TYPES), book, mapping=mapping).collect()
    return sorted((row["id"], row["status"], row["pooled_fund"]) for row in found)
