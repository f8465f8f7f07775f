"""Every file of ``rules/`` is a readable YAML file with a mistake in the policy, and is refused exactly as it says."""

from pathlib import Path

import pytest

from policyengine.assemble import assemble
from policyengine.rulebook import Place
from tests.bad.corpus import check, files

FOLDER = Path(__file__).parent / "rules"


def read(path: Path, _: str) -> object:
    return assemble(Place(path, "bad", FOLDER))


@pytest.mark.parametrize("path", files(FOLDER), ids=lambda path: path.stem)
def test_bad_rule_is_refused_as_it_expects(path: Path) -> None:
    check(path, read)


def test_the_corpus_is_there() -> None:
    assert len(files(FOLDER)) >= 100
