"""Evidence as policies speak of it, short."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from policyengine.entitlements import Derive, Evidences, Law, Standing, law_of, plain, standing

RAOHE = "cn/heilongjiang/shuangyashan/raohe"


@cache
def law(name: str = RAOHE) -> Law:
    return law_of(name)


def shown(identifier: str, kind: str, recorded: str = "2016-01-01", **rest: Any) -> dict[str, Any]:
    """A record of evidence; facts of its kind are given beside the days."""
    days = {key: rest.pop(key) for key in ("since", "until", "void") if key in rest}
    return {"id": identifier, "kind": kind, "recorded": recorded, **days, "facts": rest}


def person(*evidence: dict[str, Any]) -> Evidences:
    return Evidences.model_validate({"person": "p-17", "evidence": list(evidence)})


def on(day: str, *evidence: dict[str, Any], known_on: str = "", derive: Derive = plain) -> Standing:
    """The standing under the rules of 饶河."""
    then = date.fromisoformat(known_on) if known_on else None
    return standing(law(), person(*evidence), date.fromisoformat(day), then, derive)


CARD = shown("e-1", "id_card")
REGISTER = shown("e-2", "household_register")
CERTIFICATE = shown("e-3", "poverty_certificate", issuer="township", since="2016-03-01", until="2018-03-01")
