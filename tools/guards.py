"""Writes docs/coverage-and-mutants.md: what the cases of every bundled rule set reach, and how many mutants they kill.

It takes minutes: every mutant of every rule file is run against the cases. ``python tools/guards.py [NAME …]`` measures
the named rule sets again and keeps the other rows.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from policyengine.exercise import KINDS, reach  # noqa: E402
from policyengine.mutation import tally  # noqa: E402
from policyengine.report.mutation import percent  # noqa: E402
from policyengine.rulebook import bundled_names, bundled_root, locate  # noqa: E402

PAGE = ROOT / "docs" / "coverage-and-mutants.md"
BAR = 95
HEADS = ("rule set", "cases", *(term.en for term in KINDS.values()), "coverage", "mutants", "killed", "score")
_ROW = re.compile(r"^\| (?P<name>[a-z][a-z0-9_/\-]*) \|.*\|$", re.MULTILINE)

HEAD = """\
# Coverage and mutants of the bundled rule sets

<!-- Written by `python tools/guards.py`; changes here are lost. -->

What the cases beside each rule file reach of what the file itself says, and how many small slips in it they notice:
[what is counted](testing-policy.md#what-the-cases-see-coverage-and-mutants). A file that extends another is measured
by its own sentences and its own cases.

Mutants that are the same program are not counted, nor targets that no claim can reach, where that is proved. Every
other mutant that no case kills counts as not killed here, whether or not any claim could tell it apart: the scores are
lower bounds. `policyengine mutate NAME` and `policyengine coverage NAME` seek those claims.

"""


def row_of(name: str) -> tuple[str, ...]:
    """One rule set measured: the cells of its row."""
    found, mutants = reach(locate(name), claims=False), tally(locate(name), seek=False)
    kinds = ("–" if not possible else f"{reached} / {possible}" for reached, possible in map(found.of_kind, KINDS))
    killed = mutants.count("killed")
    score = percent(killed, mutants.told)
    return (
        name,
        str(found.cases),
        *kinds,
        percent(found.reached, found.possible),
        str(mutants.told),
        str(killed),
        score,
    )


def rows_of(page: str) -> dict[str, str]:
    """The rows of a page by rule set."""
    return {match["name"]: match[0] for match in _ROW.finditer(page)}


def figures_of(row: str) -> tuple[int, int]:
    """Mutants and killed ones, as a row states them."""
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    return int(cells[-3]), int(cells[-2])


def page_of(rows: dict[str, str]) -> str:
    """The page: the totals, then a row for each rule set."""
    figures = [figures_of(row) for row in rows.values()]
    told, killed = (sum(column) for column in zip(*figures, strict=True))
    above = sum(k * 100 >= BAR * m for m, k in figures)
    said = (
        f"Together {killed} of {told} mutants are killed ({percent(killed, told)}). The bar is {BAR} % for every rule "
        f"set: {above} of {len(rows)} reach it, {len(rows) - above} do not yet.\n\n"
    )
    table = [f"| {' | '.join(HEADS)} |", "| --- |" + " ---: |" * (len(HEADS) - 1), *rows.values()]
    return HEAD + said + "\n".join(table) + "\n"


def main(names: list[str]) -> None:
    """Measures the named rule sets, or all, and writes the page."""
    every = bundled_names(bundled_root())
    kept = rows_of(PAGE.read_text(encoding="utf-8")) if names and PAGE.is_file() else {}
    rows = {}
    for name in every:
        if name in kept and name not in names:
            rows[name] = kept[name]
        else:
            rows[name] = f"| {' | '.join(row_of(name))} |"
            sys.stdout.write(f"{rows[name]}\n")
            sys.stdout.flush()
    PAGE.write_text(page_of(rows), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
