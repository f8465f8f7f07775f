"""Rendered pages for the tests, each made once."""

from __future__ import annotations

import datetime
from functools import cache

from policyengine.assemble import read
from policyengine.loading import load
from policyengine.render import Page, Subject, document_of, markdown_of, subject_of
from policyengine.render.examples import Worked, worked_out
from policyengine.rulebook import locate


@cache
def subject(name: str, on: datetime.date | None = None) -> Subject:
    return subject_of(load(name), read(locate(name)), on)


@cache
def worked(name: str, on: datetime.date | None = None) -> Worked:
    return worked_out(subject(name, on))


@cache
def page(name: str, lang: str, on: datetime.date | None = None) -> Page:
    return document_of(subject(name, on), "zh" if lang == "zh" else "en", worked(name, on))


@cache
def text(name: str, lang: str, on: datetime.date | None = None) -> str:
    return markdown_of(page(name, lang, on))


def rows_under(markdown: str, heading: str) -> list[list[str]]:
    """The rows of the first table below a heading, without its head."""
    lines = markdown.split(f"\n### {heading}\n", 1)[1].split("\n")
    start = next(at for at, line in enumerate(lines) if line.startswith("| "))
    cells = []
    for line in lines[start + 2 :]:
        if not line.startswith("| "):
            break
        cells.append([cell.strip() for cell in line.strip("| ").split(" | ")])
    return cells
