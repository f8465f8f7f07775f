"""One value of a fact, or a range of values that come to the same: as text and as plain data."""

from __future__ import annotations

from typing import Any

from policyengine import ir
from policyengine.money import exponent_of, text_of
from policyengine.questions import Option
from policyengine.report.words import Teller


def option_text(teller: Teller, decl: ir.InputDecl, option: Option) -> str:
    """``yes``, ``county``, ``60 to 79``, ``80 or more``."""
    low = teller.value(option.value, decl.kind, decl.name)
    if option.high is None or option.high == option.value:
        return low
    if option.high == decl.high:
        return teller.say(f"{low}以上", f"{low} or more")
    high = teller.value(option.high, decl.kind, decl.name)
    return teller.say(f"{low}至{high}", f"{low} to {high}")


def option_data(program: ir.Program, decl: ir.InputDecl, option: Option) -> Any:
    """A value, or a range as an object; amounts as decimal texts."""
    ends = [option.value] if option.high in (None, option.value) else [option.value, option.high]
    told = [text_of(int(end), exponent_of(program.currency)) if decl.kind == "money" else end for end in ends]
    return told[0] if len(told) == 1 else {"from": told[0], "to": told[1]}
