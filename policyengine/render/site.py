"""Many rule sets as a folder of pages: one a rule set and language, and an index by place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from policyengine.render.document import document_of
from policyengine.render.examples import worked_out
from policyengine.render.page import Block, Bullets, Code, Heading, Item, Link, Page, said
from policyengine.render.places import PLACES, folder_words
from policyengine.render.subject import Subject
from policyengine.report.names import Lang, pick
from policyengine.report.statements import period_text
from policyengine.settlement import label_of

LANGUAGES: tuple[Lang, Lang] = ("zh", "en")
INDEX = {"zh": "index", "en": "index.en"}


def site_of(subjects: Sequence[Subject], suffix: str) -> Iterator[tuple[str, Page]]:
    """The pages with their relative paths. ``suffix``: that of the files, such as ``.html``."""
    for lang in LANGUAGES:
        yield INDEX[lang] + suffix, _index(subjects, lang, suffix)
    for subject in subjects:
        worked = worked_out(subject)
        for lang in LANGUAGES:
            page = document_of(subject, lang, worked)
            way = _way(subject.ruleset.name, lang, suffix)
            yield file_of(subject.ruleset.name, lang, suffix), replace(page, blocks=(way, *page.blocks))


def file_of(name: str, lang: Lang, suffix: str) -> str:
    """Where the page of a rule set stands."""
    return f"{name}.{lang}{suffix}"


def _way(name: str, lang: Lang, suffix: str) -> Block:
    """From a page to the index, and to the same page in the other language."""
    *folders, own = name.split("/")
    other: Lang = "en" if lang == "zh" else "zh"
    index = Link(pick(("返回目录", "all rule sets"), lang), "../" * len(folders) + INDEX[lang] + suffix)
    return said(index, " · ", Link(pick(("English", "中文"), lang), file_of(own, other, suffix)))


def _index(subjects: Sequence[Subject], lang: Lang, suffix: str) -> Page:
    return Page(pick(("医疗保障报销政策汇编", "Health-insurance reimbursement policies"), lang), lang,
                tuple(_index_blocks(subjects, lang, suffix)))  # fmt: skip


def _index_blocks(subjects: Sequence[Subject], lang: Lang, suffix: str) -> Iterator[Block]:
    other: Lang = "en" if lang == "zh" else "zh"
    yield said(Link(pick(("English", "中文"), lang), INDEX[other] + suffix))
    ordered = sorted(subjects, key=lambda s: s.ruleset.name)
    for first, of_first in groupby(ordered, key=lambda s: s.ruleset.name.split("/")[0]):
        yield Heading(2, folder_words(first, lang))
        for place, found in groupby(of_first, key=_place):
            if place:
                yield Heading(3, folder_words(place, lang))
            yield Bullets(tuple(_entry(subject, lang, suffix) for subject in found))


def _place(subject: Subject) -> str:
    """The folder below the first: a province, a country; empty for an example, which is of no place."""
    folders = subject.ruleset.name.split("/")
    return folders[1] if len(folders) > 2 or (len(folders) == 2 and folders[1] in PLACES) else ""


def _entry(subject: Subject, lang: Lang, suffix: str) -> Item:
    ruleset = subject.ruleset
    title = label_of(ruleset.title, lang, ruleset.name)
    period = period_text(ruleset.valid, lang)
    return Item((Link(title, file_of(ruleset.name, lang, suffix)), f" · {period} · ", Code(ruleset.name)))
