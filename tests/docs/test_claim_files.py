"""The page about claim files, which is written whole by `make docs`: it tells every field, and its arithmetic holds."""

from __future__ import annotations

import re

import pytest

from policyengine.claim import Claim, Cumulative, History
from policyengine.claim.base import StrictModel
from policyengine.claim.history import Accumulator
from policyengine.claim.models import Encounter, FeeLine, Hospital, PaidElsewhere, Person
from policyengine.claim.periods import Period
from tests.docs.truth import assert_arithmetic, text_of

NAME = "docs/reference/claim-files.md"
MODELS = (Claim, Person, Encounter, Hospital, FeeLine, PaidElsewhere, History, Accumulator, Period, Cumulative)
SECTIONS = {History: "Histories", Cumulative: "Opening balances"}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_is_told_with_its_meaning_and_whether_it_is_needed(model: type[StrictModel]) -> None:
    title = SECTIONS.get(model, model.__name__)
    section = re.split(rf"^##+ {title}$", text_of(NAME), maxsplit=1, flags=re.MULTILINE)[1]
    for name, field in model.model_fields.items():
        row = re.search(rf"^\| `{name}` \| (.*?) \| (.*?) \| (.*?) \|", section, re.MULTILINE)
        assert row is not None, name
        assert row[1] == field.description
        assert row[2]
        assert (row[3] == "always") == field.is_required()


def test_the_arithmetic_of_the_page_holds() -> None:
    assert_arithmetic(NAME, at_least=12)


def test_every_table_is_filled_in() -> None:
    assert "{{" not in text_of(NAME)
