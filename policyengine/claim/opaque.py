"""Ids that tell nothing of a person: what looks like an ID, phone or card number is refused before it is stored."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import PlainValidator, WithJsonSchema

from policyengine.claim.fields import read_text
from policyengine.claim.problems import refuse

PERSON = re.compile(r"[A-Za-z0-9._:-]{1,200}", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def telling(text: str) -> str:
    """What ``text`` looks like that would tell who somebody is: empty for nothing."""
    bare = re.sub(r"[\s-]", "", text).upper()
    if re.fullmatch(r"[0-9]{17}[0-9X]", bare) and _is_day(bare[6:14]) and _CHECKS[_weighed(bare)] == bare[17]:
        return "an ID number"
    if re.fullmatch(r"[0-9]{15}", bare) and _is_day("19" + bare[6:12]):
        return "an ID number of 15 digits"
    if re.fullmatch(r"(\+?86)?1[3-9][0-9]{9}", bare):
        return "a mobile number"
    if re.fullmatch(r"62[0-9]{14,17}", bare) and _luhn(bare):
        return "the number of a bank card"
    return ""


def _weighed(digits: str) -> int:
    return sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=False)) % 11


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(f"{text[:4]}-{text[4:6]}-{text[6:]}").year >= 1900
    except ValueError:
        return False


def _luhn(digits: str) -> bool:
    doubled = (int(d) * (1 + at % 2) for at, d in enumerate(reversed(digits)))
    return sum(d // 10 + d % 10 for d in doubled) % 10 == 0


def read_id(value: object) -> str:
    """An id of a case or a command."""
    text = read_text(value)
    if found := telling(text):
        raise refuse("E866", f"this looks like {found}", "an id that tells nothing of a person")
    return text


def read_person(value: object) -> str:
    """The id of a person or a household: letters, digits, ``. _ : -``, so that no name in characters is one."""
    text = read_id(value)
    if not PERSON.fullmatch(text):
        raise refuse("E866", "the id of a person is of letters, digits and . _ : -", 'an opaque id such as "p-17"')
    return text


_SCHEMA = {"type": "string", "minLength": 1, "maxLength": 200}
Id = Annotated[str, PlainValidator(read_id), WithJsonSchema(_SCHEMA)]
PersonId = Annotated[str, PlainValidator(read_person), WithJsonSchema(_SCHEMA)]
