"""A rule set as a policy document, from its title to the sources behind it."""

from __future__ import annotations

from collections.abc import Iterator

from policyengine.render.benefits import benefit_grid, listed
from policyengine.render.evidence import assumptions_section, evidence_of, gaps_section, sources_section
from policyengine.render.examples import Worked, examples_section, worked_out
from policyengine.render.page import Block, Bullets, Code, Heading, Item, Page, Strong, item, said
from policyengine.render.persons import audit_section, entitlements_sections
from policyengine.render.places import place_words
from policyengine.render.provisions import provisions_sections, whom_of
from policyengine.render.quantities import Reader, reader_of
from policyengine.render.stays import stays_section
from policyengine.render.subject import Subject
from policyengine.render.tables import gaps_of, parameters_section, required_section, tables_section
from policyengine.render.titles import layer_title, provision_title
from policyengine.render.voice import Voice, voice_of
from policyengine.report.amounts import amount_words
from policyengine.report.law import days_text
from policyengine.report.names import Lang, pick
from policyengine.report.words import MODES
from policyengine.ruleset import Layer
from policyengine.settlement import label_of

STATUS = {"approved": ("已发布", "approved"), "draft": ("草稿", "draft")}


def document_of(subject: Subject, lang: Lang, worked: Worked | None = None) -> Page:
    """The page of a rule set in one language. ``worked``: its examples, where they are worked out already."""
    examples = worked_out(subject) if worked is None else worked
    title = label_of(subject.ruleset.title, lang, subject.ruleset.name)
    return Page(title, lang, tuple(_blocks(voice_of(subject, lang), examples)))


def _blocks(voice: Voice, worked: Worked) -> Iterator[Block]:
    yield from head_section(voice)
    yield from required_section(voice)
    yield from benefits_section(voice)
    yield from provisions_sections(voice)
    yield from stays_section(voice)
    yield from entitlements_sections(voice)
    yield from audit_section(voice)
    yield from tables_section(voice)
    yield from parameters_section(voice)
    yield from examples_section(voice, worked)
    yield from gaps_section(voice, gaps_of(voice))
    yield from assumptions_section(voice)
    yield from sources_section(voice)


def head_section(voice: Voice) -> Iterator[Block]:
    """What the document is, where and when it holds, whom it is for."""
    ruleset = voice.subject.ruleset
    mark = voice.say("：", ": ")
    yield Bullets((
        item(Strong(voice.say("规则集", "rule set")), mark, Code(ruleset.name)),
        *_place(voice),
        Item((Strong(voice.say("有效期", "in force")), mark, days_text(ruleset, voice.lang)),
             evidence_of(voice, ruleset.grounds)),
        *_versions(voice),
        item(Strong(voice.say("状态", "status")), mark, pick(STATUS.get(ruleset.status, ("", "")), voice.lang)),
        *_covers(voice),
        item(Strong(voice.say("取整", "rounding")), mark, _rounding(voice)),
    ))  # fmt: skip


def _place(voice: Voice) -> Iterator[Item]:
    """Whose rules they are, and on whose they build."""
    ruleset = voice.subject.ruleset
    mark = voice.say("：", ": ")
    code = voice.say(f"（代码{ruleset.place}）", f" (code {ruleset.place})") if ruleset.place else ""
    if words := place_words(ruleset.name, voice.lang):
        yield item(Strong(voice.say("地区", "place")), mark, words + code)
    for name, _ in ruleset.files:
        if name != ruleset.name:
            yield item(Strong(voice.say("沿用", "builds on")), mark, Code(name))


def _versions(voice: Voice) -> Iterator[Item]:
    """Which of several versions the page shows."""
    programs = voice.subject.book.programs
    if len(programs) > 1:
        shown = _program_period(voice, voice.subject.program.valid)
        others = [_program_period(voice, p.valid) for p in programs if p.valid != voice.subject.program.valid]
        mark = voice.say("：", ": ")
        yield item(Strong(voice.say("本文所载版本", "version shown")), mark, shown)
        yield item(Strong(voice.say("其他版本", "other versions")), mark, voice.say("；", "; ").join(others))


def _program_period(voice: Voice, valid: tuple[str, str]) -> str:
    start, end = valid
    return voice.say(
        f"{start or '…'} 起{f'至 {end} 前' if end else ''}", f"from {start or '…'}{f' to before {end}' if end else ''}"
    )


def _covers(voice: Voice) -> Iterator[Item]:
    """Whom the rule set is for."""
    program = voice.subject.program
    if program.covers:
        words = voice.teller.condition(voice.subject.plan.by_name[program.covers].expr)
        below = tuple(one for cover in voice.subject.ruleset.covers for one in evidence_of(voice, cover))
        yield Item((Strong(voice.say("适用范围", "covers")), voice.say("：", ": "), words), below)


def _rounding(voice: Voice) -> str:
    ruleset = voice.subject.ruleset
    mode, unit = ruleset.rounding
    to = amount_words(unit, ruleset.currency, voice.lang)
    when = voice.say("，最后统一取整", ", at the end only") if ruleset.round_end else ""
    return voice.say(f"{MODES[mode][0]}至{to}{when}", f"{MODES[mode][1]} to {to}{when}")


def benefits_section(voice: Voice) -> Iterator[Block]:
    """The benefit list, layer by layer."""
    reader = reader_of(voice.subject.program)
    blocks = [block for layer in voice.subject.layers for block in _benefits_of(voice, reader, layer)]
    if blocks:
        yield Heading(2, voice.say("待遇清单", "Benefits"))
        yield from blocks


def _benefits_of(voice: Voice, reader: Reader, layer: Layer) -> Iterator[Block]:
    """A layer's figures as a table, and what of it is no figure."""
    found = listed(voice.subject, reader, layer.id.text)
    grid = benefit_grid(voice.subject, found, voice)
    if grid is None and not found.left_out:
        return
    yield Heading(3, layer_title(layer, voice))
    if whom := whom_of(voice, layer):
        yield said(voice.say(f"适用对象：{whom}。", f"For whom: {whom}."))
    if grid is not None:
        yield grid
    if grid is not None and found.first:
        zh = "表中数额为期内首次、此前没有累计时的标准。"
        yield said(voice.say(zh, "The figures are those of the first claim, before anything has been counted."))
    if found.left_out:
        titles = voice.listed(list(dict.fromkeys(provision_title(q.provision, voice) for q in found.left_out)))
        zh = f"随每次费用计算、不列数额的：{titles}，算法见“支付次序”。"
        yield said(voice.say(zh, f"Reckoned from each bill, as told under the order of settlement: {titles}."))
