"""Parameters handed in with a run: required, typed, bounded, exact."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from policyengine import ir
from policyengine.claim import Claim
from policyengine.encode import encode, encoder
from tests.claims.programs import program
from tests.claims.support import SOUND, refusal


def claim() -> Claim:
    return Claim.model_validate(SOUND)


SECOND_SHARE = ir.InputDecl("parameter.second_share", "rate", low=Fraction(1, 20), high=Fraction(1, 10))


@pytest.mark.parametrize("stated", ["7%", "0.07", Decimal("0.07"), Fraction(7, 100)], ids=repr)
def test_a_parameter_is_read_exactly(stated: Any) -> None:
    assert encode(program(SECOND_SHARE), claim(), {"second_share": stated}).inputs == (Fraction(7, 100),)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [("count", "3", 3), ("flag", "true", True), ("flag", "false", False), ("money", "7.50", 750), ("money", 7, 700)],
)  # fmt: skip
def test_parameters_may_be_texts(kind: ir.Kind, text: Any, value: ir.Value) -> None:
    decl = ir.InputDecl("parameter.p", kind)
    assert encode(program(decl), claim(), {"p": text}).inputs == (value,)


@pytest.mark.parametrize(
    ("kind", "stated"),
    [("count", "true"), ("count", "3.0"), ("count", "-1"), ("flag", []), ("flag", "True"), ("code", 3)],
)  # fmt: skip
def test_other_texts_are_no_parameters(kind: ir.Kind, stated: Any) -> None:
    decl = ir.InputDecl("parameter.p", kind, values=("a",))
    assert refusal(encode, program(decl), claim(), {"p": stated}).code == "E542"


def test_a_parameter_that_only_another_version_reads_may_be_given_and_need_not() -> None:
    made = program(declared=(SECOND_SHARE,))
    assert encode(made, claim()).inputs == encode(made, claim(), {"second_share": "7%"}).inputs == ()
    assert refusal(encode, made, claim(), {"second_share": "70%"}).code == "E542"


def test_a_missing_parameter_that_the_rules_read_is_refused() -> None:
    found = refusal(encode, program(SECOND_SHARE), claim())
    assert (found.code, found.record, found.field) == ("E540", "parameters", "second_share")
    assert found.message == "second_share: the rule file needs the parameter `second_share`"
    assert found.expected == "a rate such as 0.1 or 10%, at least 5%, at most 10%"


def test_a_missing_parameter_is_refused_with_the_reason_why_it_is_asked_for() -> None:
    asked = ir.InputDecl("parameter.threshold", "money", reason="figure: not found in any source [I]")
    assert refusal(encode, program(asked), claim()).hint == "figure: not found in any source [I]"


BAD_PARAMETERS: list[tuple[dict[str, Any] | None, str, str]] = [
    ({"second_share": "4%"}, "E542", "second_share: 4% is out of bounds"),
    ({"second_share": "10.0001%"}, "E542", "second_share: 10.0001% is out of bounds"),
    ({"second_share": 0.07}, "E542", "second_share: a float is not exact; give the rate as a text"),
    ({"second_share": True}, "E542", "second_share: true/false is not a rate"),
    (
        {"second_share": "7%", "secondshare": "7%"},
        "E541",
        "secondshare: the rule file knows no parameter `secondshare`",
    ),
]


@pytest.mark.parametrize(("stated", "code", "message"), BAD_PARAMETERS, ids=range(len(BAD_PARAMETERS)))
def test_wrong_parameters_are_refused_before_any_claim(stated: dict[str, Any] | None, code: str, message: str) -> None:
    found = refusal(encoder, program(SECOND_SHARE), stated)
    assert (found.code, found.record) == (code, "parameters")
    assert found.message.startswith(message)
    if code != "E541":
        assert found.expected == "a rate such as 0.1 or 10%, at least 5%, at most 10%"
