"""Whatever is taken in comes out the same: claims and histories through JSON and back."""

from __future__ import annotations

import json
import pickle
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyengine.claim import Claim, History, Shape
from policyengine.errors import ClaimError
from policyengine.money import decimal_of, text_of
from policyengine.terms import AREAS, CARE_TYPES, CATEGORIES, CLASSES, GRADES, SCHEMES, TAGS
from tests.claims.support import SOUND, changed, without

IDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
MINOR = st.integers(0, 10**7)
DAYS = st.dates(date(1999, 1, 1), date(2030, 12, 31))


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


AMOUNTS = MINOR.flatmap(lambda m: st.sampled_from([text_of(m), decimal_of(m), decimal_of(m).normalize()]))
RATES = st.integers(0, 10**6).map(lambda m: Decimal(m) / 10**6)
FACTS = st.dictionaries(
    IDS.map(lambda name: "x_" + name),
    IDS | st.integers(-(10**6), 10**6) | st.booleans() | st.decimals(-999, 999, places=3),
    max_size=3,
)


@st.composite
def claims(draw: st.DrawFn) -> dict[str, Any]:
    """A sound claim with every field now and then."""
    admitted = draw(DAYS)
    left = admitted + timedelta(draw(st.integers(0, 60)))
    line = st.fixed_dictionaries(
        {"category": st.sampled_from([*CATEGORIES, *CATEGORIES.values()]), "amount": AMOUNTS},
        optional={
            "name": maybe(IDS),
            "catalogue_class": maybe(st.sampled_from([*CLASSES, *CLASSES.values()])),
            "quantity": st.integers(1, 10**6),
            "price_limit": maybe(AMOUNTS),
            "first_share_rate": maybe(RATES),
            "service_date": maybe(st.dates(admitted, left)),
            "facts": FACTS,
        },
    )
    person = st.fixed_dictionaries(
        {"id": IDS},
        optional={
            "household": maybe(IDS),
            "scheme": maybe(st.sampled_from([*SCHEMES, *SCHEMES.values()])),
            "birth_date": maybe(st.dates(date(1900, 1, 1), admitted)),
            "income_annual": maybe(AMOUNTS),
            "tags": st.sets(st.sampled_from([*TAGS]) | IDS).map(sorted),
        },
    )
    encounter = st.fixed_dictionaries(
        {
            "care_type": st.sampled_from([*CARE_TYPES]),
            "admission_date": st.just(admitted),
            "discharge_date": st.just(left),
        },
        optional={
            "hospital": st.fixed_dictionaries(
                {}, optional={"id": maybe(IDS), "grade": maybe(st.sampled_from([*GRADES]))}
            ),
            "area": maybe(st.sampled_from([*AREAS])),
            "referred": st.booleans(),
            "disease": maybe(IDS),
            "admission_ordinal": maybe(st.integers(0, 30)),
        },
    )
    stated = st.fixed_dictionaries(
        {"id": IDS, "person": person, "encounter": encounter, "lines": st.lists(line, min_size=1, max_size=4)},
        optional={"sequence": st.integers(0, 99), "facts": FACTS},
    )
    return draw(stated)


@settings(max_examples=60)
@given(claims())
def test_a_claim_survives_json(data: dict[str, Any]) -> None:
    claim = Claim.model_validate(data)
    text = claim.model_dump_json()
    again = Claim.model_validate_json(text)
    assert again == claim
    assert again.minor == claim.minor
    assert again.model_dump_json() == text
    assert Claim.model_validate(claim.model_dump()) == claim
    assert pickle.loads(pickle.dumps(claim)) == claim


@settings(max_examples=60)
@given(claims())
def test_minor_units_are_the_stated_amounts(data: dict[str, Any]) -> None:
    claim = Claim.model_validate(data)
    assert [decimal_of(m) for m in claim.amounts_minor] == [Decimal(line["amount"]) for line in data["lines"]]
    assert sum(claim.amounts_minor) == claim.total_minor


@settings(max_examples=60)
@given(claims())
def test_what_the_reader_takes_the_schema_takes(data: dict[str, Any]) -> None:
    stated = json.loads(Claim.model_validate(data).model_dump_json())
    assert not list(SCHEMA.iter_errors(stated))


SCHEMA = jsonschema.Draft202012Validator(Claim.model_json_schema())


@pytest.mark.parametrize(
    "data",
    [changed("lines.0.category", "beds"), without("person.id"), changed("totl", 5),
     changed("total", "1e5"), changed("lines.0.quantity", 0), changed("person.birth_date", "yesterday"),
     changed("person.tags", "retired"), changed("lines.0.first_share_rate", "2"), changed("encounter.referred", 1)],
)  # fmt: skip
def test_what_the_schema_refuses_the_reader_refuses(data: dict[str, Any]) -> None:
    assert list(SCHEMA.iter_errors(data))
    with pytest.raises(ClaimError):
        Claim.model_validate(data)


def test_the_schema_is_valid_and_explains_every_field_in_both_languages() -> None:
    for model in (Claim, History):
        schema = model.model_json_schema()
        jsonschema.Draft202012Validator.check_schema(schema)
        for part in [schema, *schema["$defs"].values()]:
            assert part["additionalProperties"] is False
            for name, about in part["properties"].items():
                said = about["description"]
                assert any("\u4e00" <= c <= "\u9fff" for c in said), name
                assert said[0].isascii(), name
    assert Claim.model_json_schema()["properties"]["lines"]["maxItems"] == 10_000
    jsonschema.validate(SOUND, Claim.model_json_schema())


PERS = (
    st.lists(st.sampled_from(["person_id", "household_id", "disease"]), unique=True, max_size=2).map(sorted).map(tuple)
)


@st.composite
def counted(draw: st.DrawFn) -> tuple[dict[Any, int], dict[str, Shape]]:
    """Values of meters by key, and the shapes of the meters."""
    shapes = draw(st.dictionaries(IDS, st.builds(Shape, PERS, st.sampled_from(["money", "count"])), max_size=3))
    used = {}
    for meter, shape in shapes.items():
        scope = st.tuples(*(IDS for _ in shape.per))
        windows = st.sampled_from(["2017", "2017-05", "lifetime", "v-1"])
        for key in draw(st.lists(st.tuples(scope, windows), max_size=3, unique=True)):
            used[meter, *key] = draw(st.integers(0, 10**13 - 1))
    return used, {m: s for m, s in shapes.items() if any(key[0] == m for key in used)}


@given(counted(), st.none() | DAYS, st.integers(0, 9), st.sampled_from(["CNY", "JPY"]))
def test_a_history_survives_json(
    values: tuple[dict[Any, int], dict[str, Shape]], last: date | None, sequence: int, currency: str
) -> None:
    used, shapes = values
    history = History.of(used, shapes, ruleset="cn/x", currency=currency, last=last, last_sequence=sequence)
    text = history.model_dump_json()
    again = History.model_validate_json(text)
    assert again == history
    assert (again.used, again.shapes) == (used, shapes)
    assert again.model_dump_json() == text
    assert pickle.loads(pickle.dumps(history)) == history
    assert hash(again) == hash(history)
