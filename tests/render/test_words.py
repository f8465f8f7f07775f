"""The words of a page: 中文 on the Chinese page, wherever the glossary has a word."""

from __future__ import annotations

import re

import pytest

from policyengine import terms
from policyengine.ir import Assumption
from policyengine.mechanisms import ALL
from policyengine.render.evidence import aspect_words
from policyengine.render.page import Bullets, Grid, Heading, Item, Paragraph, Strong
from policyengine.report.names import plain
from policyengine.rulebook import bundled_names
from tests.render.pages import page, subject, text

NAMES = bundled_names()
GLOSSARY = {
    *(plain(fact) for fact in terms.FACTS if "_" in fact), *(fact.en for fact in terms.FACTS.values()),
    *(plain(word) for fact in terms.FACTS.values() for word in fact.values if len(word) > 1),
    *(payer.en for payer in terms.PAYERS.values()), *(plain(payer) for payer in terms.PAYERS if "_" in payer),
    *(term.en for term in (*terms.CATEGORIES_OF_PARTS.values(), *terms.REASONS.values())),
    *(mechanism.en for mechanism in ALL), *(plain(m.key) for m in ALL if "_" in m.key), "deductible", "ceiling",
}  # fmt: skip
"""English words and ids of the glossary."""


def own_texts(name: str) -> set[str]:
    """Texts of the rule file that have no 中文: they are shown as they are."""
    ruleset = subject(name).ruleset
    entries = [*ruleset.layers, *ruleset.provisions, *ruleset.facts, *ruleset.parameters]
    entries += [*ruleset.meters, *ruleset.payers]
    labels = {label for e in entries for label in e.label.values()} | set(ruleset.title.values())
    ids = {plain(e.id.text) for e in (*entries, *ruleset.parts, *ruleset.windows)}
    ids |= {plain(column.text) for table in ruleset.tables for column in (*table.columns, *table.keys)}
    return labels | ids | {plain(word.text) for fact in ruleset.facts for word, _ in fact.values}


def shown_words(name: str) -> list[str]:
    """Headings, heads and cells of tables, and the texts that stand out in lists, without sources and assumptions."""
    found: list[str] = []
    for block in page(name, "zh").blocks:
        match block:
            case Heading(level=2, text="未明确事项" | "假设事项" | "资料来源"):
                break
            case Heading(text=words):
                found.append(words)
            case Grid(head=head, rows=rows):
                found += [*head, *(cell for row in rows for cell in row)]
            case Bullets(items=items):
                found += [word for item in items for word in _strong(item)]
            case Paragraph(runs=runs):
                found += [run for run in runs if isinstance(run, str) and "未能" not in run]
    return found


def _strong(item: Item) -> list[str]:
    return [run.text for run in item.runs if isinstance(run, Strong)]


@pytest.mark.parametrize("name", NAMES)
def test_the_chinese_page_has_no_english_word_of_the_glossary(name: str) -> None:
    own = own_texts(name)
    for words in shown_words(name):
        rest = words
        for text_ in sorted(own, key=len, reverse=True):
            rest = rest.replace(text_, "")
        english = [word for word in GLOSSARY if re.search(rf"(?<![A-Za-z]){re.escape(word)}(?![A-Za-z])", rest)]
        assert english == [], words


def test_an_assumption_is_flagged_with_what_would_settle_it() -> None:
    written = text("cn/heilongjiang/shuangyashan/raohe/second_compensation", "zh")
    assert "**【假设】** 公式：" in written
    assert "待查：县二次补偿的通知" in written


def test_a_parameter_that_nobody_knows_is_named_with_its_range() -> None:
    written = text("cn/heilongjiang/shuangyashan/raohe/second_compensation", "zh")
    assert "- **二次补偿比例（年终按结余确定）**：0% – 100% `second_share`" in written
    assert "没有默认值" in written


def test_the_sentence_stands_beside_the_figure() -> None:
    """篇1: 在同级别医疗机构住院报销比例在原基础上增加5个百分点."""
    lines = text("cn/heilongjiang/shuangyashan/raohe", "zh").splitlines()
    at = next(i for i, line in enumerate(lines) if "“住院补偿比例”提高5个百分点（适用：建档立卡贫困人口）" in line)
    below = "\n".join(lines[at + 1 : at + 4])
    assert "《健康扶贫工作会议上的讲话（篇1，双鸭山市）》（等级S）：“全面实施农村贫困人口在同级别医疗机构" in below


def test_values_stand_with_their_dates() -> None:
    written = text("cn/heilongjiang/shuangyashan/raohe", "zh")
    assert "8,000元，2016-01-01 前" in written
    assert "10,000元，自 2016-01-01 起" in written


def test_shares_of_several_parts_that_agree_are_one_column() -> None:
    """甲、乙 and the relaxed items by one table (86 %), domestic implants 65 %, imported ones 50 %."""
    written = text("examples/employee_city_2012", "zh")
    assert "支付比例（甲类、乙类、放宽项目） · 退休" in written
    assert "支付比例（国产植入材料）" in written


def test_an_aspect_without_a_word_in_chinese_is_left_to_the_reason() -> None:
    assert aspect_words(Assumption("apart", zh="单列", aspect="alone"), "zh") == ""
    assert aspect_words(Assumption("apart", aspect="alone"), "zh") == "alone"
    assert aspect_words(Assumption("apart", zh="单列", aspect="first_share"), "zh") == "先行自付"
    assert aspect_words(Assumption("apart", aspect="first_share"), "en") == "first share"
