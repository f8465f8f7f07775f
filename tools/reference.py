"""Writes the pages of ``docs/reference`` from the data they describe. ``make docs`` runs it; a test compares.

python tools/reference.py
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
SAID_FILE = ROOT / "policyengine" / "codes" / "said.py"
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from policyengine.codes import CODES, SAID  # noqa: E402
from policyengine.mechanisms import ALL  # noqa: E402
from policyengine.mechanisms.base import Mechanism  # noqa: E402
from tools.assumed import assumed, assumed_zh  # noqa: E402
from tools.battery import battery  # noqa: E402
from tools.casefile import case_file  # noqa: E402
from tools.claimfile import claim_file  # noqa: E402
from tools.commands import commands  # noqa: E402
from tools.examples import messages, said  # noqa: E402
from tools.glossary import glossary  # noqa: E402
from tools.lawfile import law_file  # noqa: E402
from tools.laws import laws  # noqa: E402
from tools.markdown import fields_table, labelled, table  # noqa: E402
from tools.primitives import example  # noqa: E402
from tools.profiles import profiles  # noqa: E402
from tools.rulefile import rule_file  # noqa: E402

NOTE = "<!-- Written by `make docs`; changes here are lost. -->\n"
FAMILIES = {
    "E1": "Reading a rule file", "E2": "Expressions and literals", "E3": "Structure and names of a rule file",
    "E4": "Findings of `check`", "W4": "Warnings of `check`", "E5": "Claims, histories, parameters",
    "E6": "Names, receipts, command line",
    "E7": "Claims by the million, synthetic claims, laws",
    "E8": "Changes of policy guarded: law files, differences, mutants, coverage, simulation; cases",
    "E9": "Entitlements and audits; the course of a stay",
}  # fmt: skip


def pages() -> dict[str, str]:
    """Every page of the reference by file name."""
    makers: dict[str, Callable[[], str]] = {
        "errors.md": errors,
        "mechanisms.md": mechanisms,
        "terms.md": glossary,
        "rule-file.md": rule_file,
        "commands.md": commands,
        "claim-files.md": claim_file,
        "case-files.md": case_file,
        "law-files.md": law_file,
        "laws.md": laws,
        "assumed.md": assumed,
        "assumed.zh.md": assumed_zh,
        "synthetic-profiles.md": profiles,
        "battery.md": battery,
    }
    return {name: f"{NOTE}\n{make().strip()}\n" for name, make in makers.items()}


def errors() -> str:
    """Every diagnostic code, by family."""
    parts = [
        "# Diagnostics",
        "`policyengine explain CODE` prints the same. E: an error, nothing is settled; W: a warning.",
    ]
    for family, title in FAMILIES.items():
        found = [code for code in CODES if code.startswith(family)]
        if found:
            parts.append(f"## {title}")
            parts += [_code(code) for code in found]
    return "\n\n".join(parts)


def _code(code: str) -> str:
    about = CODES[code]
    lines = [f"### {code} – {about.title}", about.cause, about.cure]
    if about.bad:
        lines.append(labelled("bad", about.bad))
    if code in SAID:
        lines.append(labelled("said", SAID[code]))
    if about.good:
        lines.append(labelled("good", about.good))
    return "\n\n".join(lines)


PLACES = {
    "row": "Acts on fee lines, in file order, before any layer.",
    "case": "Acts on the whole bill, before any layer.",
    "layer": "A clause of a layer; needs `layer:`.",
    "free": "Stands outside the layers; order does not matter.",
}


def mechanisms() -> str:
    """Every mechanism with its fields."""
    parts = [
        "# Mechanisms",
        "A provision holds one of these keys, and the fields that all provisions have (see [rule file](rule-file.md)).",
        table(("key", "中文", "what it does"), [(f"[`{m.key}`](#{m.key})", m.zh, m.doc) for m in ALL]),
    ]
    return "\n\n".join([*parts, *(_mechanism(m) for m in ALL)])


def _mechanism(mechanism: Mechanism) -> str:
    title = f"## {mechanism.key}\n\n{mechanism.en}, {mechanism.zh}. {mechanism.doc} {PLACES[mechanism.place]}"
    snippet = f"```yaml\n{mechanism.example}\n```" if mechanism.example else ""
    parts = (title, fields_table(mechanism.fields), snippet, example(mechanism.key))
    return "\n\n".join(part for part in parts if part)


def main() -> int:
    SAID_FILE.write_text(said(), encoding="utf-8")
    SAID.clear()
    SAID.update(messages())
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"docs/reference/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
