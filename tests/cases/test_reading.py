"""Case files are read strictly: whatever is wrong is one located error, and a case that cannot fail is refused."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from policyengine.casebook import find_cases, read_cases
from policyengine.claim import Claim
from policyengine.errors import RuleError
from policyengine.loading import load
from tests.cases.demo import CASES, rule_file


def faults(folder: Path, text: str) -> list[tuple[str, int, str]]:
    """Code, line and message of every fault of a case file."""
    path = folder / "cases.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RuleError) as caught:
        read_cases(path)
    found = []
    for diagnostic in caught.value.diagnostics:
        assert diagnostic.span is not None
        assert diagnostic.span.file == str(path)
        found.append((diagnostic.code, diagnostic.span.line, diagnostic.message))
    return found


def read(folder: Path, text: str) -> tuple[str, int, str]:
    """The only fault of a case file."""
    (found,) = faults(folder, text)
    return found


def test_a_case_is_read_with_what_is_given_merged_in(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(CASES.replace("{id: c1, lines", "{id: c1, encounter: {area: within_county, referred: true}, lines"))
    (case,) = read_cases(path)
    (turn,) = case.turns
    assert isinstance(turn.claim, Claim)
    assert turn.claim.person.id == "p1"
    assert turn.claim.encounter.area == "within_county"
    assert turn.claim.encounter.referred is True
    assert turn.claim.encounter.hospital.tier == "county"
    assert turn.expected is not None
    assert turn.expected.split is not None
    assert turn.expected.split["pooled_fund"].value == Decimal("1500.00")
    assert (case.id, case.source, case.span.line) == ("plain", "by hand", 5)


def test_quoted_scalars_stay_texts_and_plain_ones_become_what_they_look_like(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(CASES.replace("{id: c1, lines", '{id: "007", sequence: 2, facts: {a: 3, b: "3", c: x}, lines'))
    claim = read_cases(path)[0].turns[0].claim
    assert isinstance(claim, Claim)
    assert (claim.id, claim.sequence, claim.facts) == ("007", 2, {"a": 3, "b": "3", "c": "x"})


def test_an_id_that_is_a_plain_number_is_refused_like_in_json(tmp_path: Path) -> None:
    code, line, message = read(tmp_path, CASES.replace("{id: c1,", "{id: 7,"))
    assert (code, line) == ("E508", 9)
    assert "expected a text" in message


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "part"),
    [
        ("claims:", "claim:", "E302", 8, "no key `claim`"),
        ("    source: by hand\n", "", "E303", 5, "needs the key `source`"),
        ("pooled_fund: 1500.00", "pooled_fund: 1,500.00", "E134", 11, ""),
        ("pooled_fund: 1500.00", "pooled_fund: 1500元", "E643", 11, "1500元"),
        ("category: bed", "categry: bed", "E507", 9, "no such field"),
        ("category: bed", "category: bad", "E514", 9, "`bad` is not a category"),
        ("amount: 2400.00", "amount: 2400.005", "E510", 9, "more decimals"),
        ("hospital: {tier: county}", "hospital: {tier: town}", "E514", 3, "`town`"),
        ("steps: {share: 75%,", "refused: gone\n          steps: {share: 75%,", "E642", 13, "does not begin"),
        ("steps: {share: 75%,", "refused: E560\n          steps: {share: 75%,", "E642", 13, "no amounts"),
        ("steps: {share: 75%,", "refused: E56\n          steps: {share: 75%,", "E642", 13, "the whole code"),
        ("steps: {share: 75%,", "refused: E999 gone\n          steps: {share: 75%,", "E642", 13, "no error E999"),
        ("steps: {share: 75%,", "refused: 'E560: row'\n          steps: {share: 75%,", "E642", 13, "no amounts"),
        ("source: by hand", "source: by hand\n    history: {a: b}", "E304", 7, "a list"),
        ("source: by hand", "source: by hand\n    history: [{meter: paid}]", "E506", 7, "is missing"),
    ],
)
def test_faults_have_a_code_and_a_place(tmp_path: Path, old: str, new: str, code: str, line: int, part: str) -> None:
    assert old in CASES
    found = faults(tmp_path, CASES.replace(old, new, 1))
    assert (code, line) in [fault[:2] for fault in found]
    assert any(part in message for fault, _, message in found if fault == code)


def test_an_expectation_that_expects_nothing_is_refused(tmp_path: Path) -> None:
    head = CASES[: CASES.index("        expect:")]
    assert read(tmp_path, head)[:2] == ("E640", 5)
    assert read(tmp_path, head + "        expect: {}\n")[:2] == ("E640", 10)
    assert read(tmp_path, head + "        expect: {steps: {}}\n")[:2] == ("E640", 10)


def test_two_cases_of_one_name_are_refused(tmp_path: Path) -> None:
    again = CASES[CASES.index("  - id: plain") :]
    code, line, message = read(tmp_path, CASES + again)
    assert (code, line) == ("E641", 14)
    assert "`plain` stands twice" in message


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(CASES.replace("category: bed", "category: bad").replace("patient: 900.00", "patient: lots"))
    with pytest.raises(RuleError) as caught:
        read_cases(path)
    assert [d.code for d in caught.value.diagnostics] == ["E514", "E643"]


def test_case_files_stand_beside_the_rule_file(tmp_path: Path) -> None:
    path = rule_file(tmp_path)
    assert [p.name for p in find_cases(path)] == ["demo.yaml"]
    assert find_cases(path.parent) == find_cases(path)
    shutil.rmtree(path.parent / "cases")
    assert find_cases(path) == ()


def test_cases_of_a_bundled_rulebook_are_found_by_its_name() -> None:
    assert find_cases(load("cn/shanxi/136")) == find_cases("cn/shanxi/136") != ()


def test_no_such_rule_set() -> None:
    with pytest.raises(RuleError) as caught:
        find_cases("cn/shanxi/137")
    assert caught.value.diagnostics[0].code == "E601"
