"""A sweep that is lost on the way gives the curve of one that was not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from policyengine import ClaimError
from policyengine.sweep import Curve, Reading, lever_at, sweep_claims, sweep_range
from tests.simulate.test_resumed import Lost, after, rows
from tests.simulate.town import COLUMNS, table
from tests.sweep.village import RULES, written


def swept(source: Path, move: str = "top=500:1300:200", **said: Any) -> Curve:
    book, ruleset = written(RULES)
    address, _, values = move.rpartition("=")
    axes = [sweep_range(lever_at(ruleset, address), values)]
    return sweep_claims(book, ruleset, axes, Reading(source, COLUMNS, size=40, **said), group_by=("tier",))


def test_a_sweep_goes_on_where_it_was_lost(tmp_path: Path) -> None:
    source, checkpoint = tmp_path / "claims.parquet", tmp_path / "sweep.checkpoint"
    pq.write_table(table(rows()), source)
    with pytest.raises(Lost):
        swept(source, checkpoint=checkpoint, every=0, told=after(3))
    seen: list[int] = []
    found = swept(source, checkpoint=checkpoint, told=lambda claims, _: seen.append(claims))
    whole = swept(source)
    assert found.points == whole.points
    assert list(found.points) == list(whole.points)
    assert seen[0] > 40, "three batches were counted before"
    assert sum(seen) == 320
    with pytest.raises(ClaimError, match=r"E709.*for another question"):
        swept(source, "top=500:1500:200", checkpoint=checkpoint)
