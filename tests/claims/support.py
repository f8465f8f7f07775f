"""What the tests of this directory share: one sound claim, changes to it, and what is said about a wrong one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from policyengine.claim import Claim
from policyengine.errors import ClaimError, Diagnostic

PERSON, HOUSEHOLD = "QX7421906", "ZK5530817"

SOUND: dict[str, Any] = {
    "id": "c-17",
    "person": {"id": PERSON, "household": HOUSEHOLD, "scheme": "resident", "tags": ["registered_poor"]},
    "encounter": {
        "care_type": "inpatient",
        "admission_date": "2017-05-01",
        "discharge_date": "2017-05-09",
        "hospital": {"grade": "tertiary_a"},
    },
    "lines": [
        {"id": "l-1", "category": "bed", "catalogue_class": "a", "amount": "800.00"},
        {
            "id": "l-2",
            "category": "western_drug",
            "catalogue_class": "b",
            "amount": "450.50",
            "first_share_rate": "10%",
        },
    ],
    "total": "1250.50",
}


def changed(path: str, value: Any, of: dict[str, Any] = SOUND) -> dict[str, Any]:
    """A copy of a sound claim with another value at ``path``: ``lines.0.amount``."""
    copy: dict[str, Any] = json.loads(json.dumps(of))
    *outer, last = [int(p) if p.isdecimal() else p for p in path.split(".")]
    target: Any = copy
    for part in outer:
        target = target[part]
    target[last] = value
    return copy


def without(path: str, of: dict[str, Any] = SOUND) -> dict[str, Any]:
    """A copy of a sound claim without the field at ``path``."""
    copy = changed(path, None, of)
    *outer, last = [int(p) if p.isdecimal() else p for p in path.split(".")]
    target: Any = copy
    for part in outer:
        target = target[part]
    del target[last]
    return copy


def merged(base: Any, change: Any) -> Any:
    """``change`` laid over ``base``: objects field by field, all else replaced."""
    if not isinstance(base, dict) or not isinstance(change, dict):
        return change
    return base | {name: merged(base.get(name), value) for name, value in change.items()}


def refusals(read: Callable[..., object], *args: Any, **options: Any) -> tuple[Diagnostic, ...]:
    """Every diagnostic with which ``read`` refuses; the error carries no trace of what was refused."""
    with pytest.raises(ClaimError) as caught:
        read(*args, **options)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None or caught.value.__suppress_context__
    return caught.value.diagnostics


def refusal(read: Callable[..., object], *args: Any, **options: Any) -> Diagnostic:
    """The one diagnostic with which ``read`` refuses."""
    (found,) = refusals(read, *args, **options)
    return found


def refused(data: Any) -> Diagnostic:
    return refusal(Claim.model_validate, data)


def refused_text(text: str | bytes) -> Diagnostic:
    return refusal(Claim.model_validate_json, text)


def underlined(found: Diagnostic) -> str:
    """The characters that the caret marks."""
    assert found.span is not None
    return found.span.text[found.span.column - 1 :][: found.span.length]


def pretty(data: Any) -> str:
    """A claim as JSON over several lines."""
    return json.dumps(data, ensure_ascii=False, indent=1)
