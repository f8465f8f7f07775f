"""Running the command line in this process, and as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from policyengine.cli import main

SCRIPTS = Path(sys.executable).parent


def run(*args: str | Path, text: str | None = None) -> Result:
    """A command in this process: ``exit_code``, ``stdout``, ``stderr``."""
    return CliRunner().invoke(main, [str(arg) for arg in args], input=text)


def process(*args: str | Path, text: str | bytes = b"", **variables: str) -> subprocess.CompletedProcess[bytes]:
    """A command as a process of its own, with bytes in and out."""
    data = text.encode() if isinstance(text, str) else text
    environment = {**os.environ, **variables}
    command = [sys.executable, "-m", "policyengine", *map(str, args)]
    return subprocess.run(command, input=data, capture_output=True, check=False, env=environment, timeout=60)


def json_lines(text: str) -> list[Any]:
    """Every line read as JSON."""
    return [json.loads(line) for line in text.splitlines()]
