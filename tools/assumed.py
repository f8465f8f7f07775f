"""The page of everything that the bundled rule sets assume, and what would settle it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from policyengine import terms
from policyengine.assemble import read
from policyengine.render.evidence import GRADES
from policyengine.render.markdown import markdown_of
from policyengine.render.page import Block, Code, Grid, Heading, Page, said
from policyengine.report.assumptions import Assumed, assumptions_of
from policyengine.report.names import plain
from policyengine.rulebook import bundled_names, locate
from policyengine.ruleset import Ruleset
from policyengine.settlement import label_of


def assumed() -> str:
    """Every assumption of a bundled rule set about the world, the least known of each rule set first."""
    found = [(read(locate(name)), name) for name in bundled_names()]
    own = [(ruleset, tuple(_own(ruleset, name))) for ruleset, name in found]
    return markdown_of(Page("What is assumed", "en", tuple(_blocks([(r, some) for r, some in own if some]))))


def _own(ruleset: Ruleset, name: str) -> Iterator[Assumed]:
    """What the file itself assumes: a county's page does not repeat its city's."""
    for one in assumptions_of(ruleset):
        stated = one.said.span is not None and one.said.span.file.endswith(f"{name}/ruleset.yaml")
        if stated and terms.MADE_UP.en not in one.said.why:
            yield one


def _blocks(found: list[tuple[Ruleset, tuple[Assumed, ...]]]) -> Iterator[Block]:
    every = [one for _, some in found for one in some]
    yield said(
        f"No source says these {len(every)} points; the bundled rule sets assume them. ", Code("policyengine show"),
        " with ", Code("--assumed"), " lists them for one rule set, with their places. Figures that are made up to "
        "show a mechanism are left out.",
    )  # fmt: skip
    counted = Counter(one.said.grade[:1] for one in every)
    words = {grade: en for grade, (_, en) in GRADES.items()} | {"": "no grade is given"}
    rows = [(grade or "–", words[grade], str(counted[grade])) for grade in ("", *reversed(GRADES)) if counted[grade]]
    rows.append(("", "with what would settle them", str(sum(bool(one.said.settled_by) for one in every))))
    yield Grid(("grade", "how good the reason is", "points"), tuple(rows), 1)
    for ruleset, some in found:
        yield Heading(2, f"{ruleset.name}")
        yield said(label_of(ruleset.title, "zh", ruleset.name))
        yield Grid(("of what", "what is assumed", "grade", "settled by"), tuple(_row(one) for one in some))


def _row(one: Assumed) -> tuple[str, ...]:
    of = " · ".join(part for part in (plain(one.name) or one.section, one.said.aspect) if part)
    return of, one.said.why, one.said.grade or "–", one.said.settled_by or "–"
