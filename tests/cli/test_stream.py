"""Standard input is answered line by line, so that a host and the engine stay in step whatever the lines hold."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cases.demo import claim, rule_file
from tests.cli.runner import json_lines, process, run

PARAMETER = "--param=second_share=5%"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return rule_file(tmp_path)


def lines(*records: object) -> str:
    return "".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in records)


def test_one_line_out_for_each_line_in(rules: Path) -> None:
    result = run("settle", rules, "-", PARAMETER, text=lines(claim(), claim(id="c2")))
    assert (result.exit_code, result.stderr) == (0, "")
    assert [found["claim"] for found in json_lines(result.stdout)] == ["c1", "c2"]


def test_a_bad_line_is_answered_with_its_error_and_the_next_is_settled(rules: Path) -> None:
    records = (claim(), "garbage", claim(id="c2", tier="village"), "[1, 2]", claim(id="c3", totl=3), claim(id="c4"))
    result = run("settle", rules, "-", PARAMETER, text=lines(*records))
    assert result.exit_code == 2
    answers = json_lines(result.stdout)
    assert [answer.get("claim") or answer["error"][0]["code"] for answer in answers] == [
        "c1", "E501", "E560", "E508", "E507", "c4",
    ]  # fmt: skip
    assert [answer["error"][0]["line"] for answer in answers[1:3] if answer["error"][0]["line"]] == [2, 3]
    assert result.stderr.count("error[") == 4


def test_a_refused_claim_leaves_no_trace_in_the_history(rules: Path) -> None:
    line = {"category": "bed", "catalogue_class": "a", "amount": "6400.00"}
    first, bad, last = claim(lines=[line]), claim(id="c2", lines=[line], tier="village"), claim(id="c3", lines=[line])
    result = run("settle", rules, "-", PARAMETER, text=lines(first, bad, last))
    answers = json_lines(result.stdout)
    assert [a["split"]["pooled_fund"] for a in answers if "split" in a] == ["4500.00", "500.00"]


def test_a_claim_that_comes_too_late_is_refused(rules: Path) -> None:
    result = run("settle", rules, "-", PARAMETER, text=lines(claim(), claim(id="c0", day="2018-03-19")))
    assert json_lines(result.stdout)[1]["error"][0]["code"] == "E551"


def test_an_answer_comes_before_the_next_line_is_sent(rules: Path) -> None:
    command = [sys.executable, "-m", "policyengine", "settle", str(rules), "-", PARAMETER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8") as host:
        assert host.stdin is not None
        assert host.stdout is not None
        for name in ("a", "b", "c"):
            host.stdin.write(lines(claim(id=name)))
            host.stdin.flush()
            assert json.loads(host.stdout.readline())["claim"] == name
        host.stdin.close()
        assert host.wait(30) == 0


def test_nothing_on_standard_input_is_an_error(rules: Path) -> None:
    result = run("settle", rules, "-", PARAMETER, text="")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "holds no claim" in result.stderr


def test_bytes_that_are_no_text(rules: Path) -> None:
    result = process("settle", rules, "-", PARAMETER, text=b"\xff\xfe{}\n" + lines(claim()).encode())
    assert result.returncode == 2
    assert [json.loads(line).get("claim") for line in result.stdout.splitlines()] == [None, "c1"]


def test_utf8_goes_out_whatever_the_locale(rules: Path) -> None:
    result = process(
        "settle", rules, "-", PARAMETER, text=lines(claim(id="单据一")), PYTHONIOENCODING="ascii", LC_ALL="C"
    )
    assert result.returncode == 0
    assert json.loads(result.stdout.decode("utf-8"))["claim"] == "单据一"
    assert "单据一".encode() in result.stdout


def test_explanations_are_for_text(rules: Path) -> None:
    result = run("settle", rules, "-", PARAMETER, "--explain", text=lines(claim()))
    assert (result.exit_code, result.stdout) == (2, "")
