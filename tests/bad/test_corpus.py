"""The runner of the bad files does fail when a file is not refused as it expects."""

from pathlib import Path

import pytest

from policyengine.source import read_file
from tests.bad.corpus import check

GOOD = "# expect: E135 2:1 «when» `when` has no value\nwhen:\n"

WHOLE = """\
# expect: E135 2:1 «when» = `when` has no value · a value · write it behind the colon or indented below the key, or \
delete the line
when:
"""


@pytest.mark.parametrize("text", [GOOD, WHOLE])
def test_exact_expectation(text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(text)
    check(path, read_file)


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("E135", "E136"),
        GOOD.replace("2:1", "2:2"),
        GOOD.replace("2:1", "3:1"),
        GOOD.replace("«when»", "«whe»"),
        GOOD.replace("has no value", "has a value"),
        GOOD + "where:\n",
        GOOD.replace("when:\n", "when: a\n"),
        GOOD.replace("# expect", "# expected"),
        WHOLE.replace(" · a value", ""),
        WHOLE.replace("the line", "the lines"),
        WHOLE.replace("= `when`", "= when"),
        "when:\n",
    ],
)
def test_wrong_expectation(text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(text)
    with pytest.raises(AssertionError):
        check(path, read_file)


def test_sidecar(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"a: \xff\n")
    path.with_name("a.yaml.expect").write_text("expect: E104 1:4 «\\xff» not UTF-8\n")
    check(path, read_file)
