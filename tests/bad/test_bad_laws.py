"""Every file of ``laws/`` is a law file with a mistake, beside the village of ``tests/lawfiles``, and is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine.lawfiles import read_laws, ready
from tests.bad.corpus import check, files
from tests.lawfiles.village import RULES, village

FOLDER = Path(__file__).parent / "laws"
YEN = RULES.replace("元", "円").replace("title: {en", "currency: JPY\nrounding: half_up 1円\ntitle: {en")


@pytest.mark.parametrize("path", files(FOLDER), ids=lambda path: path.stem)
def test_bad_law_is_refused_as_it_expects(path: Path, tmp_path: Path) -> None:
    folder = village(tmp_path)
    village(tmp_path, rules=YEN, name="village_of_yen")
    check(path, lambda file, shown: ready(str(folder), read_laws([file], lambda _: shown), tmp_path))


def test_every_code_of_law_files_is_drawn_or_is_a_verdict() -> None:
    drawn = {line.split()[2] for path in files(FOLDER) for line in path.read_text("utf-8").splitlines()[:3]
             if line.startswith("# expect:")}  # fmt: skip
    assert {f"E{number}" for number in range(790, 800)} <= drawn
