"""How runs end: exit codes, closed pipes, our own faults, texts that would play tricks on a terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest

from policyengine.cli import COMMANDS, main
from policyengine.cli.options import examples_of
from tests.cases.demo import CASES, RULES, claim, rule_file
from tests.cli.runner import SCRIPTS, process, run

PARAMETER = "--param=second_share=5%"


@pytest.mark.parametrize(
    "args",
    [["nonsense"], ["settle"], ["settle", "demo"], ["list", "--lang", "fr"], ["schema", "nothing"], ["--nonsense"]],
)
def test_a_wrong_command_line_is_2(args: list[str]) -> None:
    result = run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr


def broken(*_: Any, **__: Any) -> None:
    raise KeyError("secret\u202e")


def test_a_fault_of_our_own_is_3_without_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policyengine.rulebook.bundled_names", broken)
    result = run("list")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith("internal error: KeyError: 'secret")
    assert "report it" in result.stderr
    assert "Traceback" not in result.stderr
    assert "\u202e" not in result.stderr


def test_the_traceback_of_our_own_fault_on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policyengine.rulebook.bundled_names", broken)
    monkeypatch.setenv("POLICYENGINE_TRACEBACK", "1")
    result = run("list")
    assert result.exit_code == 3
    assert "Traceback" in result.stderr


def test_an_assertion_is_our_own_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise AssertionError("the split does not sum")

    monkeypatch.setattr("policyengine.chain.Chain.settle", fails)
    result = run("settle", rule_file(tmp_path), "-", PARAMETER, text=json.dumps(claim()) + "\n")
    assert (result.exit_code, result.stdout) == (3, "")


def test_an_interrupt_is_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def stops(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("policyengine.rulebook.bundled_names", stops)
    assert run("list").exit_code == 130


@pytest.mark.parametrize("args", [["explain"], ["schema", "ruleset"], ["show", "cn/shanxi/136"]])
def test_a_reader_that_goes_away_is_no_fault(args: list[str]) -> None:
    command = [sys.executable, "-m", "policyengine", *args]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as going:
        assert going.stdout is not None
        assert going.stderr is not None
        going.stdout.read(10)
        going.stdout.close()
        assert going.stderr.read() == b""
        assert going.wait(60) == 0


def test_a_stream_whose_reader_goes_away_ends_quietly(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "policyengine", "settle", str(rule_file(tmp_path)), "-", PARAMETER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as going:
        assert going.stdin is not None
        assert going.stdout is not None
        assert going.stderr is not None
        going.stdin.write(json.dumps(claim()).encode() + b"\n")
        going.stdin.flush()
        going.stdout.readline()
        going.stdout.close()
        going.stdin.write(json.dumps(claim(id="c2")).encode() + b"\n")
        going.stdin.close()
        assert going.stderr.read() == b""
        assert going.wait(60) == 0


def test_the_installed_command_is_the_same() -> None:
    script, module = SCRIPTS / "policyengine", process("--version")
    assert module.returncode == 0
    installed = subprocess.run([script, "--version"], capture_output=True, check=True)
    assert installed.stdout == module.stdout


def test_no_colour_when_piped(tmp_path: Path) -> None:
    path = rule_file(tmp_path, RULES.replace("75%", "0.75"))
    for result in (process("check", path), process("show", "cn/shanxi/136"), process("settle", path, "x.json")):
        assert b"\x1b" not in result.stdout + result.stderr


TRICK = "\u202eevil\u202c\u0007"


def shown_raw(text: str) -> set[str]:
    """Characters of a text that do not print, line ends aside."""
    return {c for c in text if not c.isprintable() and c != "\n"}


def test_tricks_on_the_command_line_are_escaped() -> None:
    for args in (
        ["explain", TRICK],
        ["settle", TRICK, "-"],
        ["show", TRICK],
        ["test", "--claims", TRICK],
        ["check", TRICK],
    ):
        ended = run(*args, text="")
        assert ended.exit_code == 2
        assert shown_raw(ended.stdout + ended.stderr) == set()


def test_tricks_in_the_names_of_files_are_escaped(tmp_path: Path) -> None:
    good, bad = tmp_path / f"a{TRICK}", tmp_path / f"b{TRICK}"
    rules, wrong = rule_file(good), rule_file(bad, RULES.replace("75%", "0.75"))
    failing = rule_file(tmp_path / f"c{TRICK}", cases=CASES.replace("1500.00, patient", "1.00, patient"))
    runs: list[list[str | Path]] = [
        ["show", rules],
        ["check", wrong],
        ["check", wrong, "--format", "json"],
        ["check", wrong, "--format", "sarif"],
        ["test", failing, wrong],
        ["settle", rules, good / "none"],
        ["settle", wrong, "-"],
    ]
    for args in runs:
        ended = run(*args, text="")
        assert shown_raw(ended.stdout + ended.stderr) == set(), args
    assert "\\u202eevil" in run("test", failing).stdout


# -- help, examples, weight --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_that_ends_with_examples(name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    command = main.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None
    examples = examples_of(command)
    assert 2 <= len(examples) <= 3
    assert result.stdout.split()[-1] == examples[-1].split()[-1]
    assert all(option.help for option in command.params if isinstance(option, click.Option))


@pytest.mark.parametrize("name", COMMANDS)
def test_the_examples_work(name: str, tmp_path: Path) -> None:
    command = main.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None
    script = "set -eu\n" + "\n".join(examples_of(command))
    kept = {"POLICYENGINE_CACHE": os.environ["POLICYENGINE_CACHE"]}
    environment = {"PATH": f"{SCRIPTS}:/usr/bin:/bin", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8", **kept}
    ran = subprocess.run(
        ["sh", "-c", script], cwd=tmp_path, capture_output=True, check=False, env=environment, timeout=120
    )
    assert (ran.returncode, ran.stderr.decode()) == (0, "")


def test_every_command_and_option_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    for name in COMMANDS:
        section = page.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        command = main.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None
        assert all(
            spelled in section for option in command.params for spelled in option.opts if spelled.startswith("-")
        )
        assert all(example in section for example in examples_of(command))


def test_importing_the_command_line_is_light() -> None:
    heavy = ("pydantic", "yaml", "rich", "policyengine.claim", "policyengine.rulebook", "policyengine.ir")
    code = f"import sys, policyengine.cli; print(*[m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
