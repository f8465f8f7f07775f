"""Ids of people and households are never shown whole: not in reprs, not in errors, not in the lines errors quote."""

from __future__ import annotations

import json
import pickle
import traceback
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from policyengine.claim import Claim, FeeLine, History, Person, StrictModel, masked
from policyengine.claim.document import READABLE, masked_line
from policyengine.errors import ClaimError
from tests.claims.support import HOUSEHOLD, PERSON, SOUND, changed, merged, pretty, without

SECRETS = (PERSON, HOUSEHOLD, PERSON[:4], HOUSEHOLD[:4])

ALL_FIELDS_WRONG = [
    {"person": {"id": PERSON + "\n"}},
    {"person": {"id": PERSON * 30}},
    {"person": {"id": [PERSON]}},
    {"person": {"household": PERSON + " "}},
    {"person": {"full_name": PERSON}},
    {"person": PERSON},
    {"name": PERSON},
    {"id_card": HOUSEHOLD, "person": {"phone": PERSON}},
    {"total": "1.00"},
    {"lines": [{"category": "bed", "amount": 1.5}]},
    {"lines": [{"category": "bed", "amount": "-1", "name": PERSON}]},
    {"person": {"birth_date": "2099-01-01"}},
    {"facts": {"age": PERSON}},
]


@pytest.mark.parametrize("change", ALL_FIELDS_WRONG, ids=range(len(ALL_FIELDS_WRONG)))
def test_no_error_shows_an_id(change: dict[str, Any]) -> None:
    data = merged(SOUND, change)
    for read, stated in (
        (Claim.model_validate, data),
        (Claim.model_validate_json, json.dumps(data)),
        (Claim.model_validate_json, pretty(data)),
    ):
        with pytest.raises(ClaimError) as caught:
            read(stated)
        shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value.diagnostics)
        shown += pickle.dumps(caught.value).decode("latin1")
        assert not [s for s in SECRETS if s in shown]


def said_about(text: str) -> str:
    try:
        Claim.model_validate_json(text)
    except ClaimError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("indent", [None, 1], ids=["one line", "pretty"])
def test_no_damaged_text_shows_an_id(indent: int | None) -> None:
    sound = json.dumps(SOUND, indent=indent)
    for cut in range(len(sound)):
        for text in (sound[:cut], sound[:cut] + "?" + sound[cut:], sound[:cut] + '"' + sound[cut:]):
            assert not [s for s in SECRETS if s in said_about(text)], text


def test_no_repr_shows_an_id() -> None:
    claim = Claim.model_validate(SOUND)
    history = History.model_validate(
        {
            "accumulators": [
                {"meter": "m", "scope": {"person_id": PERSON}, "window": "2017", "value": 1, "kind": "count"}
            ]
        }
    )
    for shown in (claim, claim.person, history, history.accumulators):
        assert not [s for s in SECRETS if s in repr(shown) + str(shown)]
    assert repr(claim) == "Claim(id='c-17', person='QX…', lines=2, total='1,250.50 CNY')"
    assert "household" not in repr(Person(id=PERSON))
    assert repr(claim.person).startswith("Person(id='QX…', household='ZK…', scheme='resident'")


def test_errors_of_other_models_that_hold_claims_show_no_id_either() -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(list[Claim]).validate_python([changed("lines.0.amount", 1.5)])
    assert not [s for s in SECRETS if s in str(caught.value)]
    assert "a float is not exact" in str(caught.value)


@pytest.mark.parametrize(
    ("identifier", "shown"), [("4711", "47…"), ("p1", "p…"), ("p", "…"), ("", ""), ("张三丰", "张三…")]
)
def test_an_id_is_masked_to_two_characters_and_never_whole(identifier: str, shown: str) -> None:
    assert masked(identifier) == shown


def test_a_shown_line_keeps_names_words_and_amounts() -> None:
    line = '{"id": "c-17", "category": "bed", "amount": 5, "name": "阿司匹林", "note": 123456, "x": true}'
    assert masked_line(line, None, wary=False) == (
        '{"id": "c-……", "category": "bed", "amount": 5, "name": "阿司……", "note": 12……………, "x": true}'.replace(
            "……………", "…" * 4
        )
    )


def test_a_very_long_line_is_masked_once_and_wholly() -> None:
    lines = [{"category": "bed", "amount": "1.00", "name": PERSON}] * 600
    data = changed(
        "lines", [*lines, {"category": "bed", "amount": "x"}, {"category": "y", "amount": "1"}], without("total")
    )
    said = said_about(json.dumps(data))
    assert not [s for s in SECRETS if s in said]
    assert '"amount": "x"' in said
    assert '"category": "y"' in said


def test_the_value_at_fault_is_shown() -> None:
    line = '{"diagnosis": "gastritis", "disease": "flu"}'
    start = line.index('"gastritis"')
    assert masked_line(line, (start, start + 3), wary=False) == '{"diagnosis": "gastritis", "disease": "fl…"}'


def test_what_may_be_read_are_fields_of_the_models() -> None:
    def fields(model: type[StrictModel]) -> set[str]:
        return set(model.model_fields).union(*(fields(part) for part in model.parts.values()))

    assert fields(Claim) | fields(History) >= READABLE
    assert not READABLE & {"id", "household", "name", "birth_date", "scope", "facts"}


def test_there_is_no_place_for_a_name_of_a_person() -> None:
    assert not {"name", "phone", "id_card", "address"} & set(Person.model_fields)
    assert "name" in FeeLine.model_fields
    with pytest.raises(ClaimError):
        Claim.model_validate(changed("person.name", "张三", without("total")))
