"""Whatever stands in a rule file is shown as text, and never acts as markup."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyengine.render import html_of
from policyengine.render.page import Block, Bullets, Code, Grid, Heading, Page, Strong, item, said

NASTY = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "![a](http://x/y.png)",
    "**bold** _it_ `code`", "a | b", "1. first", "- x", "# x #", "> quote", "&lt;b&gt; &copy;", "a\n\nb", "~~~", "\\",
    "http://example.org", "<http://example.org>", "--- ", "===", "a\u202eb", "x*", "*x", "__init__", "&#60;", "a \\| b",
)  # fmt: skip


def every_place(text: str) -> tuple[Block, ...]:
    return (
        Heading(2, text), said(text), said("a ", Strong(text), " b"), Bullets((item(text, below=(item(text),)),)),
        Grid((text, "n"), ((text, text),), 1), said(Code(text)),
    )  # fmt: skip


def tree_of(html: str) -> ET.Element:
    """The document as a tree; a tag that is not closed is an error."""
    return ET.fromstring(html.removeprefix("<!DOCTYPE html>\n"))


def texts_of(element: ET.Element) -> Iterator[str]:
    yield from ("".join(e.itertext()) for e in element.iter() if e.tag in ("h2", "th", "td", "strong"))


@pytest.mark.parametrize("text", NASTY)
def test_markup_in_a_text_is_shown(text: str) -> None:
    body = tree_of(html_of(Page("t", "en", every_place(text)))).find("body")
    assert body is not None
    allowed = {"body", "h1", "h2", "p", "strong", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "code"}
    assert {element.tag for element in body.iter()} <= allowed
    assert [e.attrib for e in body.iter() if set(e.attrib) - {"style"}] == []


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Co", "Cn")), min_size=1, max_size=30))
def test_every_text_comes_out_as_it_went_in(text: str) -> None:
    plain = " ".join(text.split())
    if plain and text.isprintable():
        found = set(texts_of(tree_of(html_of(Page("t", "en", every_place(text))))))
        assert found <= {plain, "n"}, found
        assert plain in found


def test_a_title_is_escaped_in_the_head() -> None:
    html = html_of(Page("</title><script>x</script>", "zh", (said("a"),)))
    assert "<script>" not in html
