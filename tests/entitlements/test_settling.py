"""Claims settled with evidence: the tags are as it says, on the day of the claim, whatever the claim states."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from policyengine import load, settle
from policyengine.claim import Claim
from policyengine.cli import main
from policyengine.entitlements import Evidences, Shown, shown
from policyengine.errors import ClaimError
from tests.entitlements import people
from tests.entitlements.people import CARD, CERTIFICATE, RAOHE, REGISTER

POOR = ("registered_poor",)


def visit(person: str = "p-17", day: str = "2017-06-20", **more: Any) -> dict[str, Any]:
    """A visit in the county hospital: the registration of 10 yuan is waived for who has shown all three documents."""
    tags = more.pop("tags", ())
    hospital = {"level": "secondary", "tier": "county"}
    stay = {"care_type": "outpatient", "discharge_date": day, "area": "within_county", "hospital": hospital}
    line = {"category": "registration", "catalogue_class": "c", "amount": "10.00"}
    who = {"id": person, "scheme": "ncms", "tags": list(tags)}
    return {"id": f"c-{person}-{day}", "person": who, "encounter": stay | more.pop("stay", {}), "lines": [line], **more}


def of(person: str, *evidence: dict[str, Any]) -> dict[str, Any]:
    return {"person": person, "evidence": list(evidence)}


EVERYBODY = (of("p-17", CARD, REGISTER, CERTIFICATE), of("p-18"))


def handed(known_on: str = "", *records: dict[str, Any]) -> Shown:
    then = date.fromisoformat(known_on) if known_on else None
    return shown(people.law(), map(Evidences.model_validate, records or EVERYBODY), then)


def own_share(claim: Claim) -> Decimal:
    return settle(load(RAOHE), claim).split["patient"]


@pytest.mark.parametrize(
    ("claim", "share"),
    [
        (visit(), "0.00"), (visit(tags=POOR), "0.00"), (visit("p-18"), "10.00"), (visit("p-18", tags=POOR), "10.00"),
        (visit(day="2018-03-01"), "10.00"), (visit(day="2018-02-28"), "0.00"), (visit(unknown=[*POOR]), "0.00"),
        (visit("p-18", unknown=[*POOR]), "10.00"),
    ],
)  # fmt: skip
def test_tags_are_as_the_evidence_says_on_the_day_of_the_claim(claim: dict[str, Any], share: str) -> None:
    """The certificate ends before 2018-03-01; the second person has shown nothing."""
    assert own_share(handed()(Claim.model_validate(claim))) == Decimal(share)


def test_what_was_recorded_after_the_settlement_counts_only_where_nobody_says_when_it_was() -> None:
    late = of("p-17", CARD, REGISTER, {**CERTIFICATE, "recorded": "2017-07-01"})
    at_once = Claim.model_validate(visit(stay={"settlement_date": "2017-06-20"}))
    assert own_share(handed("", late)(at_once)) == 10
    assert own_share(handed("", late)(Claim.model_validate(visit()))) == 0
    assert own_share(handed("2017-06-30", late)(Claim.model_validate(visit()))) == 10
    assert own_share(handed("2017-07-01", late)(at_once)) == 0


def refused(error: Any) -> str:
    with pytest.raises(ClaimError) as caught:
        error()
    return str(caught.value)


def test_a_person_of_whom_nothing_is_handed_in_is_not_taken_to_have_shown_nothing() -> None:
    told = refused(lambda: handed()(Claim.model_validate(visit("p-19"))))
    assert "error[E922]: person.id:" in told


def test_a_person_has_one_record() -> None:
    assert "error[E921]: two records say what p-… has shown" in refused(lambda: handed("", *EVERYBODY, of("p-18")))


@pytest.mark.parametrize("number", ["11010519491231002X", "130503670401001", "13812345678", "张三"])
def test_what_tells_who_somebody_is_is_no_id_of_a_person_or_of_a_document(number: str) -> None:
    told = refused(lambda: Evidences.model_validate(of(number)))
    assert "error[E866]" in told
    assert number not in told
    if number != "张三":
        assert "error[E866]" in refused(lambda: Evidences.model_validate(of("p-17", {**CARD, "id": number})))


def ran(folder: Path, *words: str, claims: list[dict[str, Any]], evidence: str) -> tuple[int, str, str]:
    (folder / "claims.jsonl").write_text("\n".join(map(json.dumps, claims)), encoding="utf-8")
    (folder / "shown.jsonl").write_text(evidence, encoding="utf-8")
    said = ["settle", RAOHE, str(folder / "claims.jsonl"), "--evidence", str(folder / "shown.jsonl"), "--json", *words]
    found = CliRunner().invoke(main, said)
    return found.exit_code, found.stdout, found.stderr


def test_the_command_does_the_same(tmp_path: Path) -> None:
    claims, lines = [visit(), visit("p-18", tags=POOR)], "\n".join(map(json.dumps, EVERYBODY))
    code, out, _ = ran(tmp_path, claims=claims, evidence=lines)
    assert code == 0
    by_hand = [json.loads(line)["split"]["patient"] for line in out.splitlines()]
    assert by_hand == ["0.00", "10.00"]
    _, out, _ = ran(tmp_path, "--known-on", "2015-12-31", claims=claims, evidence=lines)
    assert [json.loads(line)["split"]["patient"] for line in out.splitlines()] == ["10.00", "10.00"]


@pytest.mark.parametrize(
    ("evidence", "where", "code"),
    [
        ("\n".join(map(json.dumps, (*EVERYBODY, of("p-18")))), "shown.jsonl:3:", "E921"),
        (json.dumps(EVERYBODY[0]), "claims.jsonl:2:", "E922"),
        (json.dumps(of("p-17", {**CARD, "kind": "id_crad"})), "shown.jsonl:1:", "E910"),
        (json.dumps(of("p-17", {**CERTIFICATE, "facts": {"issuer": "villag"}})), "shown.jsonl:1:", "E911"),
        ('{"person": "p-17"', "shown.jsonl:1:", "E501"),
    ],
)  # fmt: skip
def test_wrong_input_is_refused_at_its_place_and_nothing_is_written(
    tmp_path: Path, evidence: str, where: str, code: str
) -> None:
    exit_code, out, err = ran(tmp_path, claims=[visit(), visit("p-18")], evidence=evidence)
    assert (exit_code, out) == (2, "")
    assert f"error[{code}]" in err
    assert where in err
