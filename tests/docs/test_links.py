"""Every link of every page leads somewhere, and every page is found from the README."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.files import ROOT, shown, tracked

PAGES = [path for path in tracked() if path.suffix == ".md"]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def without_code(page: str) -> str:
    return re.sub(r"^```.*?^```$", "", page, flags=re.MULTILINE | re.DOTALL)


def links(path: Path) -> list[str]:
    found = LINK.findall(re.sub(r"`[^`\n]*`", "", without_code(path.read_text(encoding="utf-8"))))
    return [link for link in found if not link.startswith(("http:", "https:"))]


def anchors(path: Path) -> set[str]:
    """The anchors that headings have on common hosts: lower case, spaces as hyphens, other signs gone."""
    headings = re.findall(r"^#+ (.+)$", without_code(path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_every_link_leads_to_a_page_and_a_heading_of_it(page: Path) -> None:
    for link in links(page):
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target in tracked() or any(file.is_relative_to(target) for file in tracked()), link
        assert not anchor or anchor in anchors(target), link


def test_every_page_is_found_from_the_readme() -> None:
    found, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in found:
            continue
        found.add(page)
        targets = ((page.parent / link.partition("#")[0]).resolve() for link in links(page) if not link.startswith("#"))
        waiting += [target for target in targets if target in PAGES]
    assert sorted(shown(page) for page in set(PAGES) - found) == [], "link them from docs/index.md"
