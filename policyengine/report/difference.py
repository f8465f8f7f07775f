"""What differs between two rule sets, as text."""

from __future__ import annotations

from rich.console import Group, RenderableType

from policyengine.difference import Difference
from policyengine.report.difference_claims import claims_text
from policyengine.report.difference_law import law_text
from policyengine.report.grid import verbatim
from policyengine.report.names import Lang, pick


def difference_text(found: Difference, lang: Lang = "en") -> Group:
    """Everything that was found."""
    head = verbatim(f"{found.old.shown} → {found.new.shown}", "bold")
    book: list[RenderableType] = []
    if found.book is not None:
        from policyengine.report.simulation import simulation_text

        title = pick(("结算单数据上的差别", "over the book of claims"), lang)
        books = (found.old.book, found.new.book)
        book = [verbatim(""), verbatim(title, "bold"), simulation_text(books, found.book, lang)]
    return Group(head, verbatim(""), *law_text(found.law, lang), *claims_text(found, lang), *book)
