"""Pages as HTML: one file that needs no other, readable on paper. The texts come by way of the Markdown."""

from __future__ import annotations

from html import escape
from typing import Final

from markdown_it import MarkdownIt

from policyengine.errors import printable
from policyengine.render.markdown import markdown_of
from policyengine.render.page import Page

STYLE: Final = """
body { font: 16px/1.65 "Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", SimSun, Georgia, serif;
  color: #1a1a1a; background: #fff; max-width: 62em; margin: 2em auto; padding: 0 1.5em; }
h1 { font-size: 1.6em; text-align: center; line-height: 1.35; margin: 1em 0; }
h2 { font-size: 1.25em; border-bottom: 1px solid #888; margin-top: 2em; }
h3 { font-size: 1.08em; margin-top: 1.5em; }
table { border-collapse: collapse; margin: 1em 0; font-variant-numeric: tabular-nums; }
th, td { border: 1px solid #999; padding: 0.25em 0.6em; vertical-align: top; }
th { background: #f2f2f2; }
th, td { word-break: keep-all; overflow-wrap: break-word; }
code { font-family: ui-monospace, Consolas, monospace; font-size: 0.88em; color: #555; }
li { margin: 0.2em 0; }
a { color: #1a4b8c; }
@media print {
  body { font-size: 10.5pt; max-width: none; margin: 0; padding: 0; }
  h2, h3 { break-after: avoid; }
  table, li { break-inside: avoid; }
  thead { display: table-header-group; }
  a { color: inherit; text-decoration: none; }
  @page { margin: 20mm 18mm; }
}
"""
LANGUAGES: Final = {"zh": "zh-CN", "en": "en"}


def html_of(page: Page) -> str:
    """The page as a whole HTML document. Markup inside the texts of rule files is shown as text."""
    reader = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
    return (
        f'<!DOCTYPE html>\n<html lang="{LANGUAGES[page.lang]}">\n<head>\n<meta charset="utf-8" />\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1" />\n'
        f"<title>{escape(printable(page.title))}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"{reader.render(markdown_of(page))}</body>\n</html>\n"
    )
