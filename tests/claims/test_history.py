"""Histories: rows for people, a dictionary for settling, both the same; wrong rows are refused with their place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policyengine.claim import Accumulator, History, Shape
from tests.claims.support import refusal, underlined

ROW = {"meter": "paid", "scope": {"person_id": "QX7421906"}, "window": "2017", "value": "13.50", "kind": "money"}


def rows(*changes: dict[str, Any]) -> dict[str, Any]:
    return {"accumulators": [{**ROW, **change} for change in changes]}


def test_rows_become_minor_units_by_key() -> None:
    scope = {"person_id": "p", "disease": "d"}
    history = History.model_validate(rows({}, {"meter": "stays", "value": 3, "kind": "count", "scope": scope}))
    assert history.used == {("paid", ("QX7421906",), "2017"): 1350, ("stays", ("d", "p"), "2017"): 3}
    assert history.shapes == {"paid": Shape(("person_id",), "money"), "stays": Shape(("disease", "person_id"), "count")}


def test_whole_money_may_be_a_number_and_yen_have_no_decimals() -> None:
    assert list(History.model_validate(rows({"value": 13})).used.values()) == [1300]
    assert list(History.model_validate({**rows({"value": 13}), "currency": "JPY"}).used.values()) == [13]


def test_the_largest_value_is_taken() -> None:
    history = History.model_validate(rows({"value": 10**13 - 1, "kind": "count"}))
    assert list(history.used.values()) == [10**13 - 1]
    assert list(History.model_validate(rows({"value": "99999999999.99"})).used.values()) == [10**13 - 1]
    assert list(History.model_validate(rows({"value": 0})).used.values()) == [0]


def test_an_accumulator_without_a_person_counts_for_everybody() -> None:
    history = History.model_validate(rows({"scope": {}, "window": "lifetime"}))
    assert history.used == {("paid", (), "lifetime"): 1350}


def test_rows_of_a_made_history_are_written_when_they_are_read() -> None:
    shapes = {"paid": Shape(("person_id",), "money")}
    made = History.of({("paid", ("p-2",), "2017"): 5, ("paid", ("p-1",), "2017"): 1350}, shapes)
    assert "accumulators" not in vars(made)
    assert [(type(row), row.scope, str(row.value)) for row in made.accumulators] == [
        (Accumulator, {"person_id": "p-1"}, "13.50"), (Accumulator, {"person_id": "p-2"}, "0.05"),
    ]  # fmt: skip
    assert made == History.model_validate(made.model_dump())
    assert made.model_copy(update={"last_sequence": 4}).used == made.used


def test_histories_are_equal_when_they_say_the_same() -> None:
    one, other = History.model_validate(rows({"value": "13.50"})), History.model_validate(rows({"value": "13.5"}))
    assert one == other
    assert hash(one) == hash(other)
    assert one != History.model_validate(rows({"value": "13.51"}))
    assert one != History.empty()
    assert History.empty() == History() == History.model_validate({})


WRONG: list[tuple[list[dict[str, Any]], str, str, str]] = [
    # rows, code, message, underlined in JSON
    ([{"value": True}], "E509", "accumulators[0].value: true/false is not an amount", "true"),
    ([{"value": "1e5"}], "E509", "accumulators[0].value: not a plain decimal amount", '"1e5"'),
    ([{"value": "1.5", "kind": "count"}], "E508", "accumulators[0].value: expected a whole number", '"1.5"'),
    ([{"value": "1.505"}], "E555", "accumulators[0].value: more than 2 decimals", '"1.505"'),
    ([{"value": "-1"}], "E555", "accumulators[0].value: the value is out of range", '"-1"'),
    ([{"value": "100000000000.00"}], "E555", "accumulators[0].value: larger than the limit", '"100000000000.00"'),
    ([{"value": 10**13, "kind": "count"}], "E555", "accumulators[0].value: the value is out of range", str(10**13)),
    ([{"kind": "yuan"}], "E508", "accumulators[0].kind: expected the kind of a meter", '"yuan"'),
    ([{"window": ""}], "E517", "accumulators[0].window: the text is empty", '""'),
    ([{}, {}], "E553", "accumulators[1]: the meter paid has this scope and window twice", "{"),
    (
        [{}, {"scope": {"household_id": "h"}}],
        "E554",
        "accumulators[1]: the meter paid has rows of another scope or kind",
        "{",
    ),
    (
        [{"scope": "QX7421906"}],
        "E508",
        "accumulators[0].scope: expected an object, found a text",
        '"QX' + "…" * 7 + '"',
    ),
    ([{"who": "x"}], "E507", "accumulators[0].who: no such field", '"who"'),
]


@pytest.mark.parametrize(
    ("changes", "code", "message", "mark"), WRONG, ids=[f"{w[1]}-{i}" for i, w in enumerate(WRONG)]
)
def test_a_wrong_row_is_named_and_underlined(changes: list[dict[str, Any]], code: str, message: str, mark: str) -> None:
    found = refusal(History.model_validate, rows(*changes))
    assert (found.code, found.record) == (code, "history")
    assert found.message.startswith(message)
    located = refusal(History.model_validate_json, json.dumps(rows(*changes), indent=1), file="history.json")
    assert located.code == code
    assert underlined(located) == mark
    assert located.span is not None
    assert located.span.file == "history.json"


def test_a_float_is_refused() -> None:
    assert refusal(History.model_validate, rows({"value": 1.5})).message.endswith(
        "as a text such as '12.50' or as a Decimal"
    )


def test_a_history_that_was_put_together_unchecked_counts_its_rows_when_asked() -> None:
    sound = History.model_validate(rows({}))
    unchecked = History.model_construct(accumulators=sound.accumulators)
    assert (unchecked.used, unchecked.shapes) == (sound.used, sound.shapes)
    with pytest.raises(AttributeError):
        unchecked.meters  # noqa: B018


def test_an_unknown_currency() -> None:
    assert refusal(History.model_validate, {"currency": "RMB"}).code == "E519"


def test_a_history_has_at_most_a_hundred_thousand_rows() -> None:
    found = refusal(History.model_validate, {"accumulators": [ROW] * 100_001})
    assert (found.code, found.message) == ("E557", "accumulators: there are 100,001 accumulators")
    many = [{**ROW, "scope": {"person_id": f"p-{n}"}} for n in range(100_000)]
    assert len(History.model_validate({"accumulators": many}).used) == 100_000
