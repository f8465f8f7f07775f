"""A rule set small enough that everything about it is listed by hand."""

from __future__ import annotations

from pathlib import Path


def tiny(root: Path, rules: str, cases: str) -> Path:
    """``root`` with the rule set ``tiny`` and a case file beside it."""
    (root / "tiny" / "cases").mkdir(parents=True)
    (root / "tiny" / "ruleset.yaml").write_text(rules, encoding="utf-8")
    (root / "tiny" / "cases" / "tiny.yaml").write_text(cases, encoding="utf-8")
    return root
