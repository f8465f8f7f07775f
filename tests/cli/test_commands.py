"""The smaller commands: test, show, list, explain, schema."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from policyengine import __version__
from policyengine.codes import CODES
from policyengine.rulebook import bundled_names
from tests.cases.demo import CASES, RULES, rule_file
from tests.cli.runner import json_lines, run

# -- test --------------------------------------------------------------------------------------------------------------


def test_cases_that_pass(tmp_path: Path) -> None:
    result = run("test", rule_file(tmp_path))
    assert (result.exit_code, result.stdout, result.stderr) == (0, "1 case: 1 passed, 0 failed\n", "")
    assert "passed plain" in run("test", rule_file(tmp_path), "--verbose").stdout


def test_a_case_that_fails_shows_the_difference(tmp_path: Path) -> None:
    result = run("test", rule_file(tmp_path, cases=CASES.replace("pooled_fund: 1500.00", "pooled_fund: 1499.00")))
    assert result.exit_code == 1
    assert "FAILED plain" in result.stdout
    assert "split pooled_fund" in result.stdout
    assert "+1.00" in result.stdout
    assert result.stdout.endswith("1 case: 0 passed, 1 failed\n")


def test_a_bad_case_file_is_bad_input_and_does_not_stop_the_others(tmp_path: Path) -> None:
    good, bad = rule_file(tmp_path / "a"), rule_file(tmp_path / "b", cases="cases: 3\n")
    result = run("test", bad, good)
    assert result.exit_code == 2
    assert "error[E304]" in result.stderr
    assert result.stdout == "1 case: 1 passed, 0 failed; 1 rule set could not be run\n"


def test_where_nothing_could_be_run_no_count_is_shown(tmp_path: Path) -> None:
    result = run("test", rule_file(tmp_path, cases="cases: 3\n"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "error[E304]" in result.stderr


def test_nothing_to_run_is_not_a_success(tmp_path: Path) -> None:
    result = run("test", rule_file(tmp_path, cases=""))
    assert result.exit_code == 1
    assert result.stdout.endswith("0 cases: 0 passed, 0 failed\n")


def test_the_claims_of_a_case_can_be_settled(tmp_path: Path) -> None:
    rules = rule_file(tmp_path)
    claims = run("test", rules, "--claims", "plain").stdout
    assert [claim["id"] for claim in json_lines(claims)] == ["c1"]
    result = run("settle", rules, "-", "--param=second_share=5%", text=claims)
    assert json.loads(result.stdout)["split"]["pooled_fund"] == "1500.00"
    unknown = run("test", rules, "--claims", "plian")
    assert (unknown.exit_code, unknown.stdout) == (2, "")
    assert "did you mean `plain`?" in unknown.stderr


# -- show, list --------------------------------------------------------------------------------------------------------


SHOWN = (
    "notice: 示例办法, 县政府, 2017-01-01, [A]",
    "second_share: given by the caller, rate 5% … 10%",
    "cases without a row: two tiers",
    "paid: paid this year: basic.paid, in benefit_year, per person_id",
    "[notice] “报销75%”",
    "adjust: share, add: 10pp, when: registered_poor",
    "assumed: year: the notice",
)


def test_show_has_every_provision_in_the_order_of_the_law_with_its_sentence(tmp_path: Path) -> None:
    text = run("show", rule_file(tmp_path)).stdout
    heads = [line.split(" · ")[0].strip() for line in text[text.index("\nprovisions") :].splitlines() if " · " in line]
    assert heads == ["outside", "floor", "share", "poor", "top", "more", "at_once"]
    for part in SHOWN:
        assert part in text


DATED = RULES.replace("fund_share: 75%, cite", "valid: {to: 2019-01-01}, fund_share: 75%, cite").replace(
    "  - {id: top,",
    "  - {id: share_2019, layer: basic, valid: {from: 2019-01-01}, fund_share: 80%, cite: notice}\n  - {id: top,",
)


def test_show_on_a_day_has_only_what_holds(tmp_path: Path) -> None:
    path = rule_file(tmp_path, DATED)
    both, before, after = (run("show", path, *on).stdout for on in ((), ("--on", "2018-12-31"), ("--on", "2019-01-01")))
    assert [("75%, " in t or "fund_share: 75%" in t, "fund_share: 80%" in t) for t in (both, before, after)] == [
        (True, True), (True, False), (False, True),
    ]  # fmt: skip
    assert "(before 2019-01-01)" in both
    assert "(from 2019-01-01)" in both


@pytest.mark.parametrize("day", ["2018-02-30", "20180301", "today", "2016-12-31"])
def test_show_refuses_a_day_that_is_none(tmp_path: Path, day: str) -> None:
    result = run("show", rule_file(tmp_path), "--on", day)
    assert (result.exit_code, result.stdout) == (2, "")


def test_show_says_which_file_states_a_provision() -> None:
    text = run("show", "cn/heilongjiang/shuangyashan/raohe").stdout
    assert "stated by: cn/heilongjiang/shuangyashan" in text


ALSO_SHOWN = {
    "cn/heilongjiang/shuangyashan/raohe": (
        "agreement: yes, default: defaulter",
        "issuer · issued by: code, village (村民委员会)",
        "needs: subsistence_certificate with rural",
        "grants: treat_first_pay_later, when: (registered_poor or subsistence) and not defaulter",
    ),
    "cn/yunnan/qujing": ("pair: line, same: [name, line_date]",),
    "world/japan/high_cost": (
        "insurer: fund, oth_pay, insurer",
        "each household, over month, after month_end",
        "charge: money, from bill, medical cost",
    ),
    "examples/primitives/adjust": ("uplifts: combine: sum, up_to: 95%",),
}


@pytest.mark.parametrize(("name", "parts"), ALSO_SHOWN.items(), ids=list(ALSO_SHOWN))
def test_show_says_what_is_no_provision(name: str, parts: tuple[str, ...]) -> None:
    """The course of a stay, evidence, entitlements, audits, payers, runs, stacks."""
    text = run("show", name).stdout
    for part in parts:
        assert part in text


def test_list_names_every_bundled_rule_set() -> None:
    result = run("list")
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines()] == list(bundled_names())
    assert "建档立卡" in run("list", "--lang", "zh").stdout


# -- explain, schema, version ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_explained(code: str) -> None:
    result = run("explain", code.lower())
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{code}: {CODES[code].title}\n")


def test_codes_are_listed_and_unknown_ones_refused() -> None:
    listed = run("explain").stdout.splitlines()
    assert [line.split()[0] for line in listed] == sorted(CODES)
    unknown = run("explain", "E299")
    assert (unknown.exit_code, unknown.stdout) == (2, "")


@pytest.mark.parametrize("kind", ["ruleset", "claim", "history", "settlement"])
def test_schemas_are_schemas(kind: str) -> None:
    result = run("schema", kind)
    assert result.exit_code == 0
    schema = json.loads(result.stdout)
    jsonschema.validators.validator_for(schema).check_schema(schema)
    assert result.stdout == run("schema", kind).stdout
    assert schema["type"] == "object"


def test_the_version() -> None:
    assert run("--version").stdout == f"policyengine, version {__version__}\n"
