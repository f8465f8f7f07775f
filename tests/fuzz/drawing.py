"""The inputs of a campaign: number ``n`` of a seed is always the same bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

from policyengine.mechanisms import ALL
from policyengine.rulebook import bundled_root
from policyengine.terms import FACTS, PAYERS, TAGS
from tests.claims.support import SOUND, pretty
from tests.fuzz.mutations import HUGE, damaged_bytes, mutant

ROOT = Path(__file__).resolve().parent.parent
SMALL: Final = 2_600
"""Bytes of the rule files that are mutated: small ones, so that one change matters and many can be tried."""
CUT: Final = 20
"""Rule files that are cut off behind every byte."""

EXPRESSIONS: Final = (
    "max(0元, charge - 500元) if retired else 0元", "used(spend) + 10% of base",
    "registered_poor and care_type == 住院",
    "hospital_level in [一级, 二级] or age between 60 and 70", "sum(amount where category == bed)",
    "1000元", "85%", "5pp",
    "min(20万元, base * (50% if part_month else 100%))", "not (a <= 3 or b != 乙)", "base.fund_share", "18..60",
    "2016-02-29", "甲|乙|丙", "10000.50元", "..60", "0元..5000元", "paid(in_scope) - unpaid(own_expense) / share",
    "-(-3)",
    "100000円",
)  # fmt: skip
SIGNS: Final = (
    "+", "-", "*", "/", "of", "and", "or", "not", "且", "或", "非", "==", "!=", "<", "<=", ">", ">=", "in", "between",
    "if", "else", "where", "(", ")", "[", "]", ",", "..", " ", "\n", ".", "%", "=", "!", "&&", "，", "（", "_", "\\",
    "'", '"', "é", "\u200b", "sum", "min", "max", "used", "paid", "base", "in_scope", "700元", "85%", "5pp", "20万元",
    "甲", "'x'", "1usd", "|", "**", "__class__", "lambda", "{}", ";", ":", "2016-02-30", "0", "3",
)  # fmt: skip

SECTIONS: Final = (
    "ruleset", "title", "valid", "sources", "parts", "layers", "provisions", "meters", "tables", "parameters",
    "windows", "formulas", "stacks", "facts", "payers", "run", "rows", "extends", "covers", "id", "layer", "when",
    "cite", "assumed", "from", "to", "on", "payer", "of", "in", "per", "value", "keys", "columns", "counts", "less",
)  # fmt: skip


def _texts(paths: Sequence[Path]) -> tuple[str, ...]:
    return tuple(path.read_text(encoding="utf-8") for path in paths)


@cache
def rule_files() -> tuple[str, ...]:
    """Small bundled rule files, the smallest first, and the hand-made bad ones without their expectations."""
    small = sorted((p.stat().st_size, p) for p in bundled_root().rglob("ruleset.yaml") if p.stat().st_size < SMALL)
    bad = [re.sub(r"(?m)^# expect:.*\n", "", t) for t in _texts(sorted((ROOT / "bad" / "rules").glob("*.yaml")))]
    return (*_texts([path for _, path in small]), *bad)


@cache
def cut_files() -> tuple[bytes, ...]:
    """The rule files that are cut off behind every byte: of different sizes, none with a parent."""
    whole = [text for text in rule_files() if "extends:" not in text and text.startswith("#")]
    every = max(1, len(whole) // CUT)
    return tuple(text.encode() for text in whole[::every][:CUT])


@cache
def rule_words() -> tuple[str, ...]:
    """Words that rule files are made of."""
    keys = {field.name for mechanism in ALL for field in mechanism.fields}
    written = {word for text in rule_files() for word in re.findall(r"[\w.%]+", text)}
    return (*sorted(keys), *SECTIONS, *FACTS, *PAYERS, *TAGS, *EXPRESSIONS, *SIGNS, *HUGE[:8], *sorted(written))


def _rules(number: int, chance: Random) -> bytes:
    for whole in cut_files():
        if number < len(whole):
            return whole[:number]
        number -= len(whole)
    return damaged_bytes(mutant(chance.choice(rule_files()), chance, rule_words()), chance)


def _reader(_: int, chance: Random) -> bytes:
    lines = chance.choice(rule_files()).split("\n")
    start = chance.randrange(len(lines))
    some = "\n".join(lines[start : start + chance.randrange(1, 9)]) + "\n"
    return damaged_bytes(mutant(some, chance, rule_words()), chance)


def _expression(_: int, chance: Random) -> bytes:
    text = chance.choice(EXPRESSIONS)
    if chance.random() < 0.5:
        text = chance.choice(("", " ")).join(chance.choices(SIGNS, k=chance.randrange(1, 14)))
    return damaged_bytes(mutant(text, chance, SIGNS), chance)


@cache
def _of(surface: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The good texts of a surface and the words that they are made of."""
    texts = GOOD[surface]()
    return texts, (*sorted({word for text in texts for word in re.findall(r"[\w.%]+", text)}), *HUGE[:8], *SIGNS)


def _mutants(surface: str) -> Callable[[int, Random], bytes]:
    def draw(_: int, chance: Random) -> bytes:
        texts, words = _of(surface)
        return damaged_bytes(mutant(chance.choice(texts), chance, words), chance)

    return draw


HISTORY: Final = """\
{"ruleset": "cn/shanxi/136", "last": "2017-05-01", "last_sequence": 1, "accumulators": [
 {"meter": "m", "scope": {"person_id": "p"}, "window": "2017", "value": "5.00", "kind": "money"},
 {"meter": "n", "scope": {}, "window": "lifetime", "value": 3, "kind": "count"}]}
"""


def _claims() -> tuple[str, ...]:
    one = pretty(SOUND)
    line = re.sub(r"\n *", " ", one)
    return one, f"[{one},\n{one}]", f"{line}\n{line}\n"


def _case_files() -> tuple[str, ...]:
    found = sorted(p for p in bundled_root().rglob("cases/*.yaml") if p.stat().st_size < SMALL)
    return _texts(found)


def _profiles() -> tuple[str, ...]:
    return _texts(sorted((ROOT.parent / "policyengine" / "synth" / "profiles").glob("*.yaml")))


def _mapping() -> tuple[str, ...]:
    from tests.bulk.test_mapping import HOSPITAL

    return (HOSPITAL,)


def _table() -> tuple[str, ...]:
    from tests.fuzz.tables import CSV

    return (CSV,)


GOOD: Final[Mapping[str, Callable[[], tuple[str, ...]]]] = {
    "claims": _claims,
    "history": lambda: (HISTORY,),
    "cases": _case_files,
    "codes": lambda: _texts(sorted((bundled_root() / "codes").glob("*.yaml"))),
    "profile": _profiles,
    "columns": _mapping,
    "table": _table,
}
DRAWS: Final[Mapping[str, Callable[[int, Random], bytes]]] = {
    "rules": _rules, "reader": _reader, "expression": _expression, "literal": _expression,
    **{surface: _mutants(surface) for surface in GOOD},
}  # fmt: skip


def drawn(surface: str, seed: int, number: int) -> bytes:
    """Input ``number`` of a seed."""
    return DRAWS[surface](number, Random(f"{seed} {surface} {number}"))
