"""Whatever is handed in: a claim, or a ClaimError; never another exception."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from policyengine.claim import Claim, History
from policyengine.errors import ClaimError, Diagnostic
from tests.claims.support import SOUND, pretty

ODD = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.text(max_size=8)
    | st.binary(max_size=4)
    | st.dates()
    | st.datetimes()
    | st.sampled_from([Decimal("1E+999999"), Decimal("-1E-999999"), "９", "\ud800", "{}", "{text}", date, object()])
    | st.just(5000).map(lambda digits: 10**digits)
    | st.just(datetime.now)
)
ANY = st.recursive(
    ODD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6) | st.integers(), inner, max_size=3),
    max_leaves=6,
)


def places(data: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every path in a claim."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(place for key, value in inner for place in places(value, (*path, key)))]


ROWS = [{"meter": "m", "scope": {"person_id": "p"}, "window": "2017", "value": "5.00", "kind": "money"}]
HISTORY: dict[str, Any] = {"ruleset": "x", "last": "2017-05-01", "last_sequence": 1, "accumulators": ROWS}


@given(st.sampled_from(places(SOUND)), ANY)
def test_any_value_anywhere_in_a_claim(path: tuple[str | int, ...], value: Any) -> None:
    outcome(Claim, replaced(SOUND, path, value))


@given(st.sampled_from(places(HISTORY)), ANY)
def test_any_value_anywhere_in_a_history(path: tuple[str | int, ...], value: Any) -> None:
    outcome(History, replaced(HISTORY, path, value))


def outcome(model: type[Claim] | type[History], data: Any) -> None:
    try:
        model.model_validate(data)
    except ClaimError as error:
        for found in error.diagnostics:
            assert found.code[:2] == "E5"
            assert found.message.partition(": ")[2] or found.message
            assert "Input should" not in found.message


def replaced(data: Any, path: tuple[str | int, ...], value: Any) -> Any:
    if not path:
        return value
    copy = data.copy()
    copy[path[0]] = replaced(data[path[0]], path[1:], value)
    return copy


@given(st.binary(max_size=60))
def test_any_bytes(data: bytes) -> None:
    assert all(d.span for model in (Claim, History) for d in said_about(model, data))


@given(st.integers(0, len(pretty(SOUND))), st.integers(0, 8), st.text('{}[]",:0e.-N\\\n１t', max_size=4))
def test_any_damage_to_a_text(at: int, cut: int, put: str) -> None:
    text = pretty(SOUND)
    assert all(d.span for d in said_about(Claim, text[:at] + put + text[at + cut :]))


def said_about(model: type[Claim] | type[History], text: str | bytes) -> tuple[Diagnostic, ...]:
    try:
        model.model_validate_json(text)
    except ClaimError as error:
        return error.diagnostics
    return ()


def test_the_places_cover_the_claim() -> None:
    assert len(places(SOUND)) == 27
    assert replaced(SOUND, ("lines", 0, "amount"), 5)["lines"][0]["amount"] == 5
    assert json.loads(pretty(SOUND)) == SOUND
