"""双鸭山 sentence by sentence: the page and the rule files say the same of each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest

from policyengine.assemble import read
from policyengine.rulebook import locate
from policyengine.ruleset import Ruleset
from tests.house.files import ROOT

PAGE = (ROOT / "docs" / "sentences-of-shuangyashan.md").read_text(encoding="utf-8")
SPEECH, PROVINCE = (part.split("\n\n")[1] for part in PAGE.split("\n## ")[1:3])
CITY = "cn/heilongjiang/shuangyashan"
FILES = [
    CITY,
    *(
        f"{CITY}/{place}"
        for place in ("raohe", "raohe/second_compensation", "jixian", "jixian/second_compensation", "youyi", "baoqing",
                      "premium_help")
    ),
]  # fmt: skip
PLACE = re.compile(r"`([\w/…]+)`: ((?:`\w+`(?:, )?)+)")


def rows(table: str) -> list[tuple[str, dict[str, list[str]]]]:
    lines = [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]
    return [
        (said, {name.replace("…", CITY): re.findall(r"`(\w+)`", ids) for name, ids in PLACE.findall(where)})
        for said, where in lines
    ]


@cache
def book(name: str) -> Ruleset:
    return read(locate(name))


def items(name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Everything that a rule set holds, its own and its parents', with the words of the speech that it cites."""
    found = book(name)
    everything: list[tuple[str, object]] = [("covers", cover) for cover in found.covers]
    for section in ("provisions", "layers", "tables", "parameters"):
        everything += [(item.id.text, item) for item in getattr(found, section)]
    for parameter in found.parameters:
        everything += [(parameter.id.text, value) for value in parameter.values]
    for key, item in everything:
        cites = getattr(item, "cites", ())
        yield key, tuple(cite.quote for cite in cites if cite.source == "speech" and cite.quote)


@pytest.mark.parametrize(
    ("said", "where"), rows(SPEECH), ids=[f"sentence {n}" for n in range(1, len(rows(SPEECH)) + 1)]
)
def test_a_sentence_of_the_speech_is_quoted_where_the_page_says(said: str, where: dict[str, list[str]]) -> None:
    assert where
    for name, ids in where.items():
        for wanted in ids:
            quoted = [words for key, words in items(name) if key == wanted]
            assert quoted, f"{name} has no `{wanted}`"
            assert any(word in said for words in quoted for word in words), f"`{wanted}` of {name} does not quote it"


@pytest.mark.parametrize("name", FILES)
def test_what_a_rule_file_quotes_of_the_speech_stands_on_the_page(name: str) -> None:
    said = [sentence for sentence, _ in rows(SPEECH)]
    quoted = {word for _, words in items(name) for word in words}
    assert quoted
    assert sorted(word for word in quoted if not any(word in sentence for sentence in said)) == []


@pytest.mark.parametrize(("said", "where"), rows(PROVINCE), ids=[said[:24] for said, _ in rows(PROVINCE)])
def test_what_is_said_of_the_province_is_there(said: str, where: dict[str, list[str]]) -> None:
    assert where, said
    for name, ids in where.items():
        assert sorted(set(ids) - {key for key, _ in items(name)}) == []
