"""Every file of ``yaml/`` is one mistake in YAML or in its characters, and is refused exactly as it says."""

from pathlib import Path

import pytest

from policyengine import source
from tests.bad.corpus import check, files

FOLDER = Path(__file__).parent / "yaml"


@pytest.mark.parametrize("path", files(FOLDER), ids=lambda path: path.stem)
def test_bad_file_is_refused_as_it_expects(path: Path) -> None:
    check(path, source.read_file)


@pytest.mark.parametrize("path", files(FOLDER), ids=lambda path: path.stem)
def test_bad_file_is_refused_alike_without_libyaml(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "FAST_PARSER", None)
    check(path, source.read_file)


def test_the_corpus_is_there() -> None:
    assert len(files(FOLDER)) >= 200
