"""A cluster of two workers, one of which is killed in mid-job: the digest of one process, and nothing left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine import load
from policyengine.synth import Order, load_profile, make_claims, plan_of
from tests.spark import jobs
from tests.spark.cluster import SMALL, cluster, processes
from tests.spark.driver import LACKING, driver

CLAIMS = 60_000
EXECUTORS = {
    "spark.executor.cores": "1",
    "spark.executor.memory": "512m",
    "spark.executor.extraJavaOptions": SMALL,
    "spark.sql.adaptive.enabled": "false",
}


@pytest.mark.agree
@pytest.mark.skipif(bool(LACKING), reason=LACKING)
def test_a_worker_is_killed_in_mid_job(tmp_path: Path) -> None:
    rules, file = load("cn/shanxi/136"), tmp_path / "claims.parquet"
    drawn = plan_of(load_profile("shanxi"), 11, (2017, 2018), ("stays",), rules)
    make_claims(drawn, Order(file, claims=CLAIMS), lambda _rows, _blocks: None)
    mapping = file.with_suffix(".columns.yaml")
    with cluster(tmp_path, workers=2) as running:
        with driver(running.address, EXECUTORS) as ask:
            assert ask(jobs.executors, 2) == 2
            found, done, of = ask(jobs.digest_while_a_worker_is_killed, file, rules, mapping, running.workers[0])
            assert 0 < done < of, "the worker was killed while the job ran"
            assert ask(jobs.executors, 1) == 1
        assert found == jobs.digest_of_one_process(file, rules, mapping)[0]
    assert processes(running.mark) == []
