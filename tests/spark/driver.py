"""Spark in a process of its own: this one opens no sockets. Jobs are functions of a module, called with the driver of
Spark first; what they return comes back by a pipe."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
Job = Callable[..., Any]
Ask = Callable[..., Any]
PLAIN = {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.sql.shuffle.partitions": "3",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "1000",
    "spark.log.level": "OFF",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}
"""Small, on this machine alone; record batches are short, so that scopes are cut."""


def _lacking() -> str:
    if importlib.util.find_spec("pyspark") is None:
        return "Spark needs the extra: pip install 'reimbursement-policyengine[spark]'"
    has_java = shutil.which("java") is not None or "JAVA_HOME" in os.environ
    return "" if has_java else "Spark needs Java 17 or later: apt-get install default-jre-headless"


LACKING = _lacking()
"""What is missing for Spark to run here; empty if nothing is."""
_spark: Any = None


@contextmanager
def driver(master: str, more: dict[str, str] | None = None) -> Iterator[Ask]:
    """Runs jobs, one after the other; the JVM and its Python workers end with the process."""
    with tempfile.TemporaryDirectory() as folder:
        settings = PLAIN | {"spark.master": master, "spark.local.dir": folder} | (more or {})
        spawned = get_context("spawn")
        with ProcessPoolExecutor(1, spawned, _begin, (settings,)) as pool:
            yield lambda job, *given, **said: pool.submit(_run, job, given, said).result(timeout=240)
            pool.submit(_end).result(timeout=60)


def _begin(settings: dict[str, str]) -> None:
    global _spark  # noqa: PLW0603 - one a process, as Spark has it
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("tests")
    for name, value in settings.items():
        builder = builder.config(name, value)
    _spark = builder.getOrCreate()


def _run(job: Job, given: tuple[Any, ...], said: dict[str, Any]) -> Any:
    """What the job returns. Errors of Spark hold locks, which no pipe carries: they come back as their text."""
    from pyspark.errors import PySparkException

    try:
        return job(_spark, *given, **said)
    except PySparkException as error:
        raise RuntimeError(str(error)) from None


def _end() -> None:
    _spark.stop()
