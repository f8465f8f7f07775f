"""Reading, lowering and checking do not get out of hand. The bounds are generous: `make bench` measures."""

from __future__ import annotations

import time
from pathlib import Path

from benchmarks.reading import PROVISIONS, TABLES, checked, largest, province
from policyengine.assemble import epochs, read


def seconds_of_processor(place: object) -> float:
    start = time.process_time()
    checked(place)  # type: ignore[arg-type]
    return time.process_time() - start


def test_the_largest_bundled_rule_file(tmp_path: Path) -> None:
    """Wanted: 0.3 seconds."""
    assert seconds_of_processor(largest()) < 1.5


def test_a_rule_file_as_large_as_a_province(tmp_path: Path) -> None:
    place = province(tmp_path)
    ruleset = read(place)
    assert (len(ruleset.provisions), len(ruleset.tables), len(epochs(ruleset))) == (PROVISIONS, TABLES, 10)
    assert seconds_of_processor(place) < 15
