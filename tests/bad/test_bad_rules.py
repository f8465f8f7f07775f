"""Every file of ``rules/`` is readable YAML with a mistake in the policy, and is refused, or warned of, as it says."""

from pathlib import Path

import pytest

from policyengine.assemble import assemble
from policyengine.assemble import read as read_rules
from policyengine.check import findings
from policyengine.errors import RuleError
from policyengine.rulebook import Place, bundled_root
from tests.bad.corpus import check, files

FOLDER = Path(__file__).parent / "rules"


def read(path: Path, _: str) -> object:
    """Refuses what ``check`` warns of, too."""
    place = Place(path, "bad", FOLDER, (bundled_root(),))
    book = assemble(place)
    found = findings(read_rules(place), book.programs)
    if found:
        raise RuleError(found)
    return book


@pytest.mark.parametrize("path", files(FOLDER), ids=lambda path: path.stem)
def test_bad_rule_is_refused_as_it_expects(path: Path) -> None:
    check(path, read)


def test_the_corpus_is_there() -> None:
    assert len(files(FOLDER)) >= 100
