"""The page of everything that the bundled rule sets assume, and what would settle it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache

from policyengine import terms
from policyengine.assemble import read
from policyengine.render.evidence import GRADES, aspect_words
from policyengine.render.markdown import markdown_of
from policyengine.render.page import Block, Code, Grid, Heading, Page, said
from policyengine.report.assumptions import Assumed, assumptions_of
from policyengine.report.names import Lang, pick, plain
from policyengine.rulebook import bundled_names, locate
from policyengine.ruleset import Ruleset
from policyengine.settlement import label_of

Found = list[tuple[Ruleset, tuple[Assumed, ...]]]


def assumed() -> str:
    """Every assumption of a bundled rule set about the world, the least known of each rule set first."""
    return markdown_of(Page("What is assumed", "en", tuple(_blocks(_found(), "en"))))


def assumed_zh() -> str:
    """The same page in 中文."""
    return markdown_of(Page("假设事项", "zh", tuple(_blocks(_found(), "zh"))))


@cache
def _found() -> Found:
    own = [(ruleset, tuple(_own(ruleset, name))) for ruleset, name in map(_read, bundled_names())]
    return [(ruleset, some) for ruleset, some in own if some]


def _read(name: str) -> tuple[Ruleset, str]:
    return read(locate(name)), name


def _own(ruleset: Ruleset, name: str) -> Iterator[Assumed]:
    """What the file itself assumes: a county's page does not repeat its city's."""
    for one in assumptions_of(ruleset):
        stated = one.said.span is not None and one.said.span.file.endswith(f"{name}/ruleset.yaml")
        if stated and terms.MADE_UP.en not in one.said.why:
            yield one


def _blocks(found: Found, lang: Lang) -> Iterator[Block]:
    every = [one for _, some in found for one in some]
    yield _opening(len(every), lang)
    counted = Counter(one.said.grade[:1] for one in every)
    words = {grade: pick(both, lang) for grade, both in GRADES.items()}
    words[""] = pick(("未分级", "no grade is given"), lang)
    rows = [(grade or "–", words[grade], str(counted[grade])) for grade in ("", *reversed(GRADES)) if counted[grade]]
    known = pick(("写明查明途径的", "with what would settle them"), lang)
    rows.append(("", known, str(sum(bool(one.said.settled_by) for one in every))))
    head = (("等级", "grade"), ("理由如何", "how good the reason is"), ("项数", "points"))
    yield Grid(tuple(pick(both, lang) for both in head), tuple(rows), 1)
    columns = (("对象", "of what"), ("假设", "what is assumed"), ("等级", "grade"), ("查明途径", "settled by"))
    for ruleset, some in found:
        yield Heading(2, f"{ruleset.name}")
        yield said(label_of(ruleset.title, "zh", ruleset.name))
        yield Grid(tuple(pick(both, lang) for both in columns), tuple(_row(one, lang) for one in some))


def _opening(points: int, lang: Lang) -> Block:
    if lang == "zh":
        return said(
            f"下列{points}项没有资料写明，由所附规则文件作出假设。", Code("policyengine show"), " 加 ",
            Code("--assumed"), " 列出一个规则集的各项及其位置。为演示机制而虚设的数额不在其列。",
        )  # fmt: skip
    return said(
        f"No source says these {points} points; the bundled rule sets assume them. ", Code("policyengine show"),
        " with ", Code("--assumed"), " lists them for one rule set, with their places. Figures that are made up to "
        "show a mechanism are left out.",
    )  # fmt: skip


def _row(one: Assumed, lang: Lang) -> tuple[str, ...]:
    zh = lang == "zh"
    of = " · ".join(part for part in (plain(one.name) or one.section, aspect_words(one.said, lang)) if part)
    return of, one.said.reason(zh), one.said.grade or "–", one.said.cure(zh) or "–"
