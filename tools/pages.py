"""Pages that show files, commands, programs and what comes of them: read, tried in an empty folder, written anew.

    python tools/pages.py    rewrites what the pages of ``PAGES`` show as output; read the difference before keeping it

A fenced block is one of these:

    ```yaml my_county/ruleset.yaml    a file: written into the folder under that name
    ```diff my_county/ruleset.yaml    a change of a file that is there
    ```console                        lines with `$ ` are commands, the lines below each are its whole output
    ```python                         a program; the block ```text output behind it is what it writes
    ```…                              anything else is only to be read
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

PAGES: dict[str, tuple[str, ...]] = {
    "README.md": ("demo",),
    "docs/tutorial.md": (),
    "docs/language.md": (),
    "docs/semantics.md": (),
    "docs/synthetic-claims.md": (),
    "docs/simulation.md": (),
    "docs/testing-policy.md": (),
    "docs/sweeps.md": (),
    "docs/bulk-claims.md": (),
    "docs/spark.md": (),
    "docs/cases.md": (),
    "docs/entitlements.md": (),
    "CONTRIBUTING.md": ("policyengine", "rulesets", "tools", "tests/bad"),
}
"""The pages, each with what of this repository it finds in its folder."""

FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PLAIN = re.compile(r"(policyengine [^|<>;&$`\\]*?)( (?:\||>) (?:(?!&&|policyengine).)*)?")
"""A command that needs no shell, and what its output goes through."""
FAULT = re.compile(r"^(Traceback|internal error).*$|command not found", re.MULTILINE)
"""What no page shows."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: the words behind its fence, its text, where the text begins and ends in the page."""

    language: str
    words: str
    text: str
    start: int
    end: int
    line: int


class Untrue(Exception):
    """A page cannot be tried: it names a file that is not there, or a change that does not fit."""


def blocks(page: str) -> list[Block]:
    """Every fenced block of a page, in order."""
    return [
        Block(m[1], m[2].strip(), m[3], m.start(3), m.end(3), page.count("\n", 0, m.start(3)) + 1)
        for m in FENCE.finditer(page)
    ]


def turns(console: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with the output that is shown below it."""
    found: list[tuple[str, str]] = []
    for line in console.splitlines(keepends=True):
        if line.startswith("$ "):
            found.append((line[2:].rstrip("\n"), ""))
        elif not found:
            raise Untrue(f"a console block begins with output: {line!r}")
        else:
            found[-1] = (found[-1][0], found[-1][1] + line)
    return found


def tried(page: str, folder: Path, *, shell: bool = True) -> str:
    """The page with the outputs that really come of it. ``shell=False``: plain commands run in this process."""
    out, at = "", 0
    program: str | None = None
    for block in blocks(page):
        new = block.text
        if block.language == "console":
            ran = ((command, _run(command, folder, shell)) for command, _ in turns(block.text))
            new = "".join(f"$ {command}\n{output}" for command, output in ran)
        elif block.language == "diff" and block.words:
            _change(folder / block.words, block.text)
        elif block.language == "text" and block.words == "output":
            if program is None:
                raise Untrue(f"line {block.line}: no program stands before this output")
            new = _process([sys.executable, "-c", program], folder)
        elif block.words and re.fullmatch(r"[\w./-]+\.\w+", block.words):
            (folder / block.words).parent.mkdir(parents=True, exist_ok=True)
            (folder / block.words).write_text(block.text, encoding="utf-8")
        program = block.text if block.language == "python" and not block.words else None
        out, at = out + page[at : block.start] + new, block.end
    return out + page[at:]


def _run(command: str, folder: Path, shell: bool) -> str:
    plain = PLAIN.fullmatch(command)
    if shell or plain is None or (folder / "policyengine").is_dir():
        return _process(["sh", "-c", command], folder)
    from click.testing import CliRunner

    from policyengine.cli import main

    with contextlib.chdir(folder):
        told = CliRunner().invoke(main, shlex.split(plain[1])[1:])
    if plain[2] is None:
        return told.output
    if told.stderr:
        return _process(["sh", "-c", command], folder)
    return _process(["sh", "-c", f"cat {plain[2]}"], folder, told.stdout)


def _process(command: Sequence[str], folder: Path, given: str = "") -> str:
    """What a process that is given a text writes, on either stream, in the order in which it writes it."""
    path = f"{Path(sys.executable).parent}:{os.defpath}"
    library = folder if (folder / "policyengine").is_dir() else ROOT
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(library), "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}
    ran = subprocess.run(
        command, cwd=folder, input=given.encode(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        env=environment, timeout=300,
    )  # fmt: skip
    return ran.stdout.decode()


def _change(file: Path, diff: str) -> None:
    """Apply a change: lines with a minus go, lines with a plus come, all others stand as they are."""
    lines = [line for line in diff.splitlines(keepends=True) if not line.startswith(("---", "+++", "@@"))]
    old = "".join(line[line[0] in " -" :] for line in lines if line[0] != "+")
    new = "".join(line[line[0] in " +" :] for line in lines if line[0] != "-")
    text = file.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise Untrue(f"the change of {file.name} fits {text.count(old)} times:\n{old}")
    file.write_text(text.replace(old, new), encoding="utf-8")


def furnish(name: str, folder: Path) -> None:
    """Copy what a page finds in its folder."""
    for part in PAGES[name]:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))


def main() -> int:
    for name in PAGES:
        page = (ROOT / name).read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            furnish(name, Path(folder))
            new = tried(page, Path(folder), shell=False)
        if found := FAULT.search(new):
            raise Untrue(f"{name} is left as it is: {found[0]}")
        (ROOT / name).write_text(new, encoding="utf-8")
        print(name if new == page else f"{name} (changed)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
