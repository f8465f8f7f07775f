"""The examples of the diagnostic codes that are about rule files, run: each small text stands in a plain rule file."""

from __future__ import annotations

import json
import tempfile
import textwrap
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from policyengine.assemble import epochs, read
from policyengine.check import before_lowering, findings
from policyengine.codes import CODES
from policyengine.errors import Diagnostic, PolicyError
from policyengine.lower import lower_each
from policyengine.rulebook import Place

PLAIN = """
title: {en: an example}
valid: {from: 2016-01-01}
sources: {law: {title: made up}}
parts: [own_expense, in_scope]
layers: [{id: basic, payer: pooled_fund, on: in_scope, cite: law}]
provisions:
  - {id: outside, classify: class == 丙, to: own_expense, cite: law}
  - {id: deductible, layer: basic, deductible: 500元, cite: law}
  - {id: share, layer: basic, fund_share: 70%, cite: law}
"""
TABLE = {"keys": ["hospital_level"], "columns": ["off"], "gaps": "made up", "cite": "law"}
ALONE = {
    "when": lambda value: [{"id": "more", "adjust": "share", "when": value, "add": "5pp"}],
    "fund_share": lambda value: [{"id": "share", "layer": "basic", "fund_share": value}],
}
"""Examples of one key of a provision, and the provision that holds it."""

EARLY = {"classify", "deductible", "set_aside", "limits"}
"""Keys of provisions that stand before the share."""

Tree = dict[str, Any]


def rule_codes() -> list[str]:
    """The codes whose examples are rule files."""
    return [code for code, about in CODES.items() if code[:2] in ("E3", "E4", "W4") and about.bad]


def told(example: str) -> tuple[Diagnostic, ...]:
    """Everything that is said of the rule file that an example makes."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _write(root, "parent", load(PLAIN))
        _write(root, "city_draft", {**load(PLAIN), "status": "draft"})
        name = "cn/here"
        _write(root, name, laid_over(load(PLAIN), _tree_of(load(example))))
        try:
            ruleset = read(Place(root / name / "ruleset.yaml", name, root))
            before_lowering(ruleset)
            return findings(ruleset, lower_each(ruleset, epochs(ruleset)))
        except PolicyError as error:
            return error.diagnostics


def load(text: str) -> Any:
    """The text as plain lists, dictionaries and texts."""
    return yaml.load(text, Loader=yaml.BaseLoader)


def _write(root: Path, name: str, tree: Tree) -> None:
    folder = root / name
    folder.mkdir(parents=True)
    text = yaml.safe_dump({"ruleset": name, **tree}, allow_unicode=True, sort_keys=False, default_flow_style=None)
    (folder / "ruleset.yaml").write_text(text, encoding="utf-8")


def _tree_of(example: Any) -> Tree:
    """The sections of a rule file that an example means."""
    if isinstance(example, list):
        return {"provisions": example}
    ((key, value), *more) = example.items()
    if not more and key in ALONE:
        return {"provisions": ALONE[key](value)}
    if not more and key == "rows":
        return {
            "tables": {"t": {**TABLE, "rows": value}},
            "provisions": [{"id": "d", "layer": "basic", "deductible": "t.off"}],
        }
    return dict(example)


def laid_over(plain: Tree, tree: Tree) -> Tree:
    """The sections of ``tree`` in place of those of ``plain``; provisions in place of those of their names.

    A file that extends another has what it says itself, and a share of the example takes the place of the plain one.
    """
    if "extends" in tree:
        return {"title": plain["title"], **tree}
    own = tree.get("provisions", [])
    if not isinstance(own, list) or not all(isinstance(p, dict) for p in own):
        return {**plain, **tree}
    if "run" in tree or "rows" in tree:
        return {**plain, "provisions": [{"id": "share", "layer": "basic", "fund_share": "50%"}], **tree}
    names = {p.get("id") for p in own}
    kept = [p for p in plain["provisions"] if p["id"] not in names]
    if any("fund_share" in p and p.get("layer") == "basic" for p in own):
        return {**plain, **tree, "provisions": [*(p for p in kept if p["id"] != "share"), *own]}
    late = [p for p in own if not EARLY.intersection(p)]
    before = [p for p in kept if p["id"] != "share"] + [p for p in own if p not in late]
    return {**plain, **tree, "provisions": [*before, *(p for p in kept if p["id"] == "share"), *late]}


@cache
def messages() -> dict[str, str]:
    """What each bad example is answered with."""
    found = {}
    for code in rule_codes():
        said = [d.message for d in told(CODES[code].bad) if d.code == code]
        if said:
            found[code] = said[0]
    return found


def said() -> str:
    """The module ``policyengine.codes.said``: the messages, as Python."""
    entries = (f"    {json.dumps(code)}: {_literal(text)}," for code, text in sorted(messages().items()))
    head = '"""What the bad example of a code is answered with. Written by `make docs`; a test compares."""'
    return "\n".join((head, "", "# fmt: off", "SAID: dict[str, str] = {", *entries, "}", ""))


def _literal(text: str) -> str:
    parts = textwrap.wrap(text, 90, drop_whitespace=False)
    lines = [json.dumps(part, ensure_ascii=False) for part in parts]
    return lines[0] if len(lines) == 1 else "(\n        " + "\n        ".join(lines) + "\n    )"
