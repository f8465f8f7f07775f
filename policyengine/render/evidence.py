"""The sentence behind every figure: citations with their words, and what no source says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from policyengine import ir
from policyengine.render.page import Block, Bullets, Code, Grid, Heading, Item, Run, Strong, item, said
from policyengine.render.titles import named
from policyengine.render.voice import Voice
from policyengine.report.assumptions import Assumed, assumptions_of
from policyengine.report.names import Lang, plain
from policyengine.report.statements import period_text
from policyengine.ruleset import Dates, Source

GRADES: Final[Mapping[str, tuple[str, str]]] = {
    "S": ("所给文件原文", "a document handed in"),
    "A": ("官方发布", "official"),
    "B": ("当地主流媒体", "local mainstream"),
    "C": ("转载汇编", "an aggregator"),
    "M": ("镜像网页", "a mirror"),
    "I": ("推断", "inferred"),
}
"""How good a source or an assumption is."""


ASPECTS: Final[Mapping[str, str]] = {
    "figure": "数额", "sum": "数额", "amount": "数额", "date": "日期", "days": "起止日期", "valid": "起止日期",
    "from": "起始日期", "since": "起始日期", "to": "终止日期", "until": "终止日期", "order": "次序", "who": "对象",
    "members": "对象", "others": "其他对象", "everybody": "对象", "rural": "城乡", "poor": "贫困人口", "place": "地区",
    "places": "地区", "year": "年度", "period": "期间", "window": "期间", "share": "比例", "rates": "比例",
    "payer": "支付方", "base": "计算基数", "care": "就医类别", "kind": "方式", "limit": "限额", "most": "限额",
    "class": "目录类别", "classes": "目录类别", "scope": "范围", "points": "百分点", "bill": "费用", "scheme": "险种",
    "rounding": "取整", "hospital": "医疗机构", "hospitals": "医疗机构", "formula": "公式", "excess": "超出部分",
    "deductible": "起付线", "threshold": "起付线", "wage": "工资", "transfer": "转诊", "rest": "其余部分",
    "ceiling": "封顶线", "annual_limit": "年度限额", "first_share": "先行自付", "price": "价格", "list": "目录",
    "diseases": "病种", "designated": "定点机构", "edge": "分段界限", "edges": "分段界限", "terms": "待遇规定",
    "quarter": "季度", "counts": "计数", "province": "省", "township": "乡镇", "out_of_province": "省外",
    "uplift": "提高幅度", "contract_fee": "签约费", "retired": "退休人员", "age": "年龄", "agreement": "协议",
    "money": "金额", "free": "免费范围", "ordinary": "“普通”的含义", "ungraded": "未定级机构", "income": "收入",
    "overrun": "超出定额", "crossing": "跨越起付线", "reading": "解读", "wording": "措辞", "words": "措辞",
}  # fmt: skip
"""Of what things are most often assumed, in 中文."""


def aspect_words(one: ir.Assumption, lang: Lang) -> str:
    """Of what it is assumed. A word not known in 中文 is left out where the reason is in 中文, too."""
    if lang == "en":
        return plain(one.aspect)
    return ASPECTS.get(one.aspect, "" if one.zh else one.aspect)


class Evident(Protocol):
    """An entry of a rule file that says who states it."""

    @property
    def cites(self) -> tuple[ir.Citation, ...]: ...

    @property
    def assumed(self) -> tuple[ir.Assumption, ...]: ...


class Dated(Protocol):
    """An entry of a rule file that holds from one day to another."""

    @property
    def valid(self) -> Dates: ...

    @property
    def published(self) -> date | None: ...


def in_force_items(voice: Voice, entry: Dated) -> Iterator[Item]:
    """From when to when an entry holds and when it was published, where it says so."""
    if entry.valid != (None, None):
        yield item(voice.say("施行期：", "in force: ") + period_text(entry.valid, voice.lang))
    if entry.published is not None:
        yield item(voice.say(f"{entry.published} 发布", f"published {entry.published}"))


def evidence_of(voice: Voice, entry: Evident) -> tuple[Item, ...]:
    """Who states an entry, and what is assumed of it, one a line."""
    return (*(_cited(voice, cite) for cite in entry.cites), *(assumed_item(voice, one) for one in entry.assumed))


def _cited(voice: Voice, cite: ir.Citation) -> Item:
    sources = voice.subject.ruleset.sources
    number, source = next((n, s) for n, s in enumerate(sources, start=1) if s.id.text == cite.source)
    named = voice.say(f"依据〔{number}〕《{_title(source)}》", f"stated by [{number}] {_title(source)}")
    grade = voice.say(f"（等级{source.grade}）", f" (grade {source.grade})") if source.grade else ""
    if not cite.quote:
        return item(named + grade)
    return item(f"{named}{grade}{voice.say('：', ': ')}", voice.say(f"“{cite.quote}”", f"“{cite.quote}”"))


def _title(source: Source) -> str:
    return source.title or source.id.text


def assumed_item(voice: Voice, one: ir.Assumption) -> Item:
    """An assumption, flagged, with what would settle it."""
    runs: list[Run] = [Strong(voice.say("【假设】", "[assumed]")), " "]
    if one.of:
        runs += [Code(".".join(part for part in (one.of, one.aspect) if part)), " "]
    elif words := aspect_words(one, voice.lang):
        runs.append(words + voice.say("：", ": "))
    runs.append(one.reason(voice.lang == "zh") + grade_words(voice, one.grade))
    if one.settled_by:
        runs.append(voice.say(f"；待查：{one.cure(zh=True)}", f"; settled by: {one.cure()}"))
    return Item(tuple(runs))


def grade_words(voice: Voice, grade: str) -> str:
    return voice.say(f"（等级{grade}）", f" (grade {grade})") if grade else ""


# -- sections --------------------------------------------------------------------------------------------------------


def sources_section(voice: Voice) -> Iterator[Block]:
    """The documents, numbered, with their grades and what the grades mean."""
    sources = voice.subject.ruleset.sources
    if not sources:
        return
    yield Heading(2, voice.say("资料来源", "Sources"))
    head = (voice.say("序号", "no."), voice.say("资料", "document"), voice.say("发布者", "publisher"),
            voice.say("日期", "date"), voice.say("出处", "place"), voice.say("等级", "grade"))  # fmt: skip
    rows = tuple((str(n), _title(s), s.publisher or "—", s.date or "—", s.url or s.file or "—", s.grade or "—")
                 for n, s in enumerate(sources, start=1))  # fmt: skip
    yield Grid(head, rows)
    legend = voice.say("；", "; ").join(f"{grade} {voice.say(*words)}" for grade, words in GRADES.items())
    yield said(voice.say(f"等级：{legend}。", f"Grades: {legend}."))


def assumptions_section(voice: Voice) -> Iterator[Block]:
    """Everything assumed in one table, the least known first."""
    found = assumptions_of(voice.subject.ruleset)
    if not found:
        return
    yield Heading(2, voice.say("假设事项", "What is assumed"))
    yield said(voice.say(
        f"下列{len(found)}项没有资料写明，由规则文件作出假设；查明之前，依此算出的金额均应复核。",
        f"No source states these {len(found)} points; the rule file assumes them. Until they are settled, every amount "
        "that rests on them should be checked.",
    ))  # fmt: skip
    head = (voice.say("对象", "of what"), voice.say("假设", "assumed"), voice.say("等级", "grade"),
            voice.say("查明途径", "settled by"))  # fmt: skip
    yield Grid(head, tuple(_row(voice, one) for one in found))


def _row(voice: Voice, one: Assumed) -> tuple[str, ...]:
    of = " · ".join(part for part in (named(voice, one.section, one.name), aspect_words(one.said, voice.lang)) if part)
    zh = voice.lang == "zh"
    return of, one.said.reason(zh), one.said.grade or "—", one.said.cure(zh) or "—"


@dataclass(frozen=True, slots=True)
class Gap:
    """What the rule file says is missing."""

    of: str
    why: str


def gaps_section(voice: Voice, gaps: Sequence[Gap]) -> Iterator[Block]:
    """What the policy leaves open, as far as the rule file says so."""
    if gaps:
        yield Heading(2, voice.say("未明确事项", "Documented gaps"))
        yield Bullets(tuple(item(Strong(gap.of), voice.say("：", ": "), gap.why) for gap in gaps))
