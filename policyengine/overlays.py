"""Overlays: files that state only what is otherwise, put on top of a rule set that they do not name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from policyengine import codec, ir
from policyengine.errors import Diagnostic, RuleError
from policyengine.knowledge import dated
from policyengine.parse import parse
from policyengine.resolve import fault
from policyengine.ruleset import Ruleset
from policyengine.source import read_file

ALONE: Final = ("extends", "parts", "run", "rows")
"""What only a rule set states that stands for itself, or says what it rests on."""
_EVIDENCE: Final = ("Citation", "Assumption")


def overlay_of(file: Path, below: Sequence[Ruleset]) -> Ruleset:
    """The overlay in a file, as a rule set that extends the one of which ``below`` is the chain, the last file first.
    What it is for, where, in which currency and whether it is in force is as there, if it does not say. Raises
    ``RuleError``, E841 for a file that is none."""
    tree = read_file(file, str(file))
    for key in ALONE:
        if (node := tree.get(key)) is not None:
            hint = "name it as a rule set of its own, without the one before it"
            raise fault("E841", f"an overlay states no `{key}`: it is put on top of a rule set", node.span, hint=hint)
    name = getattr(tree.get("ruleset"), "text", "")
    content = hashlib.sha256(file.read_bytes()).hexdigest()
    currency = next((one.currency for one in below if "currency" in one.stated), "CNY")
    found = dated(parse(tree, name, ((name, content),), currency))
    first = below[0]
    status = found.status if "status" in found.stated else first.status
    return replace(found, status=status, title=found.title or first.title, place=found.place or first.place)


def is_overlay(file: Path) -> bool:
    """Whether a rule file neither rests on another one nor stands for itself. Raises ``RuleError`` if it is no YAML."""
    tree = read_file(file, str(file))
    return all(tree.get(key) is None for key in ALONE)


def require_change(overlay: Ruleset, before: Sequence[ir.Program], after: Sequence[ir.Program]) -> None:
    """Raises ``RuleError`` E842 for an overlay with which every claim is settled as without it. ``before``, ``after``:
    the programs of all periods."""
    if _paying(before) == _paying(after):
        text = f"the overlay `{overlay.name}` changes nothing: every claim would be settled as without it"
        hint = "look whether its values are others, and hold on days on which the rule set does"
        raise RuleError(Diagnostic("E842", text, overlay.span, "something that is otherwise", hint))


def _paying(programs: Sequence[ir.Program]) -> list[tuple[str, str, Any]]:
    """What is paid in which period, whatever it is called and rests on; periods in which it is the same are one."""
    plain = [(program.valid, _without_evidence(program)) for program in programs]
    found = []
    for same, periods in groupby(plain, key=lambda pair: pair[1]):
        days = [valid for valid, _ in periods]
        found.append((days[0][0], days[-1][1], same))
    return found


def _without_evidence(program: ir.Program) -> Any:
    bare = replace(program, ruleset="", valid=("", ""), known=("", ""))
    return _stripped(json.loads(codec.dumps(bare)))


def _stripped(data: Any) -> Any:
    """Plain data without places, citations and assumptions."""
    if isinstance(data, dict):
        return {key: _stripped(value) for key, value in data.items()}
    if not isinstance(data, list):
        return data
    if data and data[0] == "Span":
        return None
    return [_stripped(one) for one in data if not (isinstance(one, list) and one and one[0] in _EVIDENCE)]
