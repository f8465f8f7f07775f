"""``policyengine year-end``: claims or settlements in, the run out; wrong input has one located message."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.runner import json_lines, run
from tests.runs.support import YEAR

COUNTY = "cn/heilongjiang/shuangyashan/jixian"
SECOND = f"{COUNTY}/second_compensation"
SHARE = "--param=second_share=8%"


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    """Two stays that leave 2,000 each (example D-9 of the facts sheet)."""
    file = tmp_path / "claims.jsonl"
    file.write_text(run("test", SECOND, "--claims", "D-9").stdout, encoding="utf-8")
    return file


def test_claims_and_their_settlements_give_the_same(claims: Path, tmp_path: Path) -> None:
    written = tmp_path / "year.jsonl"
    written.write_text(run("settle", COUNTY, claims, "--json").stdout, encoding="utf-8")
    of_claims, of_settlements = (run("year-end", SECOND, file, SHARE, "--json") for file in (claims, written))
    assert of_claims.exit_code == 0, of_claims.stderr
    assert of_claims.stdout == of_settlements.stdout
    (one,) = json_lines(of_claims.stdout)
    assert one["split"] == {"pooled_fund": "320.00", "patient": "3680.00"}
    assert one["about"]["person"]["id"] == "p1"


def test_text_in_both_languages(claims: Path) -> None:
    english, chinese = (run("year-end", SECOND, claims, SHARE, "--lang", lang).stdout for lang in ("en", "zh"))
    assert "2 settlements counted" in english
    assert ["total", "4,000.00", "320.00", "3,680.00"] in [line.split() for line in english.splitlines()]
    assert "结算记录 2 笔" in chinese
    assert "step" not in english
    assert "second_compensation" in run("year-end", SECOND, claims, SHARE, "--explain").stdout


def test_seeking_a_share(claims: Path) -> None:
    found = run("year-end", SECOND, claims, "--seek=second_share", "--surplus=350.00", "--grain=0.1%")
    assert found.exit_code == 0, found.stderr
    assert found.stdout.splitlines()[:3] == [
        "second_share = 8.7%: the highest that 350.00 affords",
        "  8.7% pays 348.00; 2.00 is left",
        "  8.8% would pay 352.00",
    ]
    whole = run("year-end", SECOND, claims, "--seek=second_share", "--surplus=350.00", "--grain=0.1%", "--json")
    data = json.loads(whole.stdout)
    assert (data["found"], data["above"], data["left"]) == (
        {"value": "8.7%", "spent": "348.00"}, {"value": "8.8%", "spent": "352.00"}, "2.00",
    )  # fmt: skip
    assert [one["split"]["pooled_fund"] for one in data["settlements"]] == ["348.00"]


def test_a_surplus_that_affords_nothing_or_all(claims: Path) -> None:
    nothing = run("year-end", SECOND, claims, "--seek=second_share", "--surplus=199.99")
    assert nothing.exit_code == 1
    assert nothing.stdout.splitlines() == [
        "second_share: even the lowest value overspends 199.99", "  5% would pay 200.00",
    ]  # fmt: skip
    everything = run("year-end", SECOND, claims, "--seek=second_share", "--surplus=400.00")
    assert everything.exit_code == 0
    assert "it is the highest value that the rule file allows" in everything.stdout


def test_the_history_of_a_run_goes_into_the_next(claims: Path, tmp_path: Path) -> None:
    after = tmp_path / "after.json"
    assert run("year-end", SECOND, claims, SHARE, "--history-after", after).exit_code == 0
    again = run("year-end", SECOND, claims, SHARE, "--history", after)
    assert (again.exit_code, again.stdout) == (2, "")
    assert "E579" in again.stderr


def test_a_settlement_of_a_run_is_verified_like_any_other(claims: Path, tmp_path: Path) -> None:
    made, settled = tmp_path / "made.jsonl", tmp_path / "settled.json"
    settled.write_text(run("year-end", SECOND, claims, SHARE, "--json", "--run-claims", made).stdout, encoding="utf-8")
    verified = run("verify", settled, "--claim", made)
    assert verified.exit_code == 0, verified.stdout + verified.stderr
    changed = settled.read_text(encoding="utf-8").replace("320.00", "321.00")
    settled.write_text(changed, encoding="utf-8")
    assert run("verify", settled, "--claim", made).exit_code == 1


def test_wrong_usage(claims: Path) -> None:
    for wrong, said in (
        (["--seek=second_share"], "--seek and --surplus go together"),
        (["--payer=pooled_fund", SHARE], "go with --seek"),
        ([SHARE, "--seek=second_share", "--surplus=1"], "either given with --param or sought"),
        ([SHARE, "--explain", "--json"], "--explain is for text"),
    ):
        ended = run("year-end", SECOND, claims, *wrong)
        assert (ended.exit_code, ended.stdout) == (2, "")
        assert said in ended.stderr


def test_rule_sets_that_are_no_year_end_run(claims: Path, tmp_path: Path) -> None:
    ended = run("year-end", COUNTY, claims)
    assert ended.exit_code == 2
    assert "E660" in ended.stderr
    assert "policyengine settle" in ended.stderr
    monthly = tmp_path / "month.yaml"
    monthly.write_text(YEAR.replace("calendar_year, after: year_end", "month, after: month_end").replace(
        "ruleset: year", "ruleset: month"), encoding="utf-8")  # fmt: skip
    assert "policyengine month-end" in run("year-end", monthly, claims, SHARE).stderr


def test_claims_that_nobody_is_said_to_settle(claims: Path, tmp_path: Path) -> None:
    rules = tmp_path / "year.yaml"
    rules.write_text(YEAR.replace("of: given", "of: settlements").replace("{type: money}", "{type: money, from: "
                     "patient_total}"), encoding="utf-8")  # fmt: skip
    ended = run("year-end", rules, claims, SHARE)
    assert ended.exit_code == 2
    assert f"{claims}:1:1: error[E660]" in ended.stderr
    assert "320.00" not in ended.stdout
    settled = run("year-end", rules, claims, SHARE, "--of", COUNTY)
    assert (settled.exit_code, "100.00" in settled.stdout) == (0, True), settled.stderr


def test_bad_rows_are_located(tmp_path: Path) -> None:
    rules, rows = tmp_path / "year.yaml", tmp_path / "rows.jsonl"
    rules.write_text(YEAR, encoding="utf-8")
    good = '{"id": "s1", "day": "2016-10-20", "person": {"id": "p1"}, "fields": {"own": "10.00"}}\n'
    for bad, place, code in (
        (good, "2:8", "E578"),
        (good.replace("s1", "s2").replace("own", "owe"), "2:", "E577"),
        (good.replace("s1", "s2").replace("2016-10-20", "2016-10-32"), "2:21", "E515"),
        (good.replace("s1", "s2").replace("2016", "2017"), "", "E578"),
        ('{"id": "s2"}\n', "2:1", "E506"),
        ("{\n", "2:", "E501"),
    ):
        rows.write_text(good + bad, encoding="utf-8")
        ended = run("year-end", rules, rows, SHARE)
        assert (ended.exit_code, ended.stdout) == (2, ""), bad
        assert f"error[{code}]" in ended.stderr
        assert not place or f"{rows}:{place}" in ended.stderr, ended.stderr
        assert "Traceback" not in ended.stderr


def test_people_are_read_from_a_file(claims: Path, tmp_path: Path) -> None:
    people = tmp_path / "people.jsonl"
    people.write_text('{"person": {"id": "p1", "tags": []}}\n{"person": {"id": "p2"}}\n', encoding="utf-8")
    ended = run("year-end", SECOND, claims, SHARE, "--people", people)
    assert ended.exit_code == 0
    assert "1 handed in without a settlement in the window" in ended.stdout
    assert ["total", "4,000.00", "0.00", "4,000.00"] in [line.split() for line in ended.stdout.splitlines()]
    people.write_text('{"person": {"tags": []}}\n', encoding="utf-8")
    assert "E506" in run("year-end", SECOND, claims, SHARE, "--people", people).stderr
    assert run("year-end", SECOND, claims, SHARE, "--people", tmp_path / "none").exit_code == 2
