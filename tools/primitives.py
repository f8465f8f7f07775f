"""A mechanism at work: its example rule set, the first claim of its case file, the command and what comes of it."""

from __future__ import annotations

import contextlib
import os
import shlex
import tempfile
from pathlib import Path

from click.testing import CliRunner

from policyengine.casebook import find_cases, read_cases
from policyengine.cli import main

ROOT = Path(__file__).resolve().parent.parent
FOLDER = "examples/primitives"


def example(key: str) -> str:
    """The section of a mechanism that shows it at work; empty if it has no example rule set."""
    name = f"{FOLDER}/{key}"
    file = ROOT / "rulesets" / name / "ruleset.yaml"
    if not file.is_file():
        return ""
    case = read_cases(find_cases(name)[0])[0]
    asked = f"policyengine test {name} --claims {case.id}"
    command = f"policyengine settle {name} claim.json"
    with tempfile.TemporaryDirectory() as folder:
        claims = _run(asked, Path(folder))
        (Path(folder) / "claim.json").write_text(claims, encoding="utf-8")
        shown = _run(command, Path(folder))
    parts = [
        f"### `{name}`",
        f"```yaml\n{file.read_text(encoding='utf-8').strip()}\n```",
        f"`{asked} > claim.json` writes:",
        f"```json\n{claims.strip()}\n```",
        f"```console\n$ {command}\n{shown.rstrip()}\n```",
        f"Its other cases, worked by hand, stand in [cases](../../rulesets/{name}/cases/{find_cases(name)[0].name}).",
    ]
    return "\n\n".join(parts)


def _run(command: str, folder: Path) -> str:
    """What a command writes in ``folder``. Raises ``RuntimeError`` if it fails."""
    with contextlib.chdir(folder):
        ran = CliRunner(env={**os.environ, "COLUMNS": "100"}).invoke(main, shlex.split(command)[1:])
    if ran.exit_code:
        raise RuntimeError(f"{command}: {ran.output}")
    return ran.output
