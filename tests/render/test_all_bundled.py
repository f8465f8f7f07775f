"""Every bundled rule set as a document, in one language or the other."""

from __future__ import annotations

import re
from itertools import cycle

import pytest

from policyengine.mechanisms.base import Provision
from policyengine.persons import AuditRule, Entitlement
from policyengine.render import Subject, document_of, html_of, markdown_of
from policyengine.rulebook import bundled_names
from policyengine.ruleset import CourseDecl, in_force
from tests.render.pages import page, subject, text
from tests.render.test_markdown import tree_of

NAMES = bundled_names()
LANGUAGES = ("zh", "en")


def of_persons(about: Subject) -> list[CourseDecl | Entitlement | AuditRule]:
    """What is said of the course of a stay and of persons on the day of the page."""
    entitlements = in_force(about.ruleset.entitlements, about.persons_on)
    return [*about.courses, *entitlements, *in_force(about.ruleset.audit, about.persons_on)]


def acting(about: Subject) -> list[Provision]:
    """The provisions that do anything: a clause does nothing where no layer of it is in force, nor does its change."""
    layers = {layer.id.text for layer in about.layers}
    found = [p for p in about.provisions if not p.layers or layers & {x.text for x in p.layers}]
    targets = layers | {p.id.text for p in found}
    return [p for p in found if p.mechanism != "adjust" or str(p.values["adjust"]).partition(".")[0] in targets]


@pytest.mark.parametrize(("name", "lang"), list(zip(NAMES, cycle(LANGUAGES), strict=False)))
def test_every_page_is_sound_html_and_holds_every_provision(name: str, lang: str) -> None:
    body = tree_of(html_of(page(name, lang))).find("body")
    assert body is not None
    said = "".join(body.itertext())
    for provision in (*acting(subject(name)), *of_persons(subject(name))):
        for cite in provision.cites:
            assert " ".join(cite.quote.split()) in said, cite
        for one in provision.assumed:
            assert " ".join((one.zh if lang == "zh" and one.zh else one.why).split()) in said
    assert len(re.findall("【假设】|\\[assumed\\]", said)) >= sum(len(p.assumed) for p in acting(subject(name)))


def test_the_same_bytes_every_time() -> None:
    first = text("cn/heilongjiang/shuangyashan/raohe", "zh")
    assert markdown_of(document_of(subject("cn/heilongjiang/shuangyashan/raohe"), "zh")) == first
