"""Writes docs/coverage-and-mutants.md: what the cases of every bundled rule set reach, how many mutants cases and laws
kill, and what came of the rest. The survivors, each with what tells it apart, stand beside it as JSON.

    python tools/guards.py [NAME …]    measures the named rule sets, or all, and keeps the other rows

Each rule set is measured in a process of its own, one for each core. What claims are sought for a survivor is bounded
(``SEARCH``), so that all of it takes minutes.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from policyengine.exercise import KINDS, Reach, reach  # noqa: E402
from policyengine.mutation import KINDS as SLIPS  # noqa: E402
from policyengine.mutation import Search, Tally, Verdict, tally  # noqa: E402
from policyengine.report.mutation import apart_amounts, percent  # noqa: E402
from policyengine.rulebook import bundled_names, bundled_root, locate  # noqa: E402

PAGE = ROOT / "docs" / "coverage-and-mutants.md"
FIGURES = ROOT / "docs" / "coverage-and-mutants.json"
BAR = 95
SEARCH = Search(lives=40, small=False, most=1_500)
"""How claims are sought for the page; `policyengine mutate` seeks longer."""
RESULTS = ("cases", "laws", "survived", "alike", "equivalent")
HEADS = (
    "rule set", "cases", *(term.en for term in KINDS.values()), "out of reach", "coverage", "mutants",
    "killed by cases", "by laws only", "not killed, a claim can", "no claim found", "equivalent", "score", "at least",
)  # fmt: skip
Figures = Mapping[str, Any]

HEAD = """\
# Coverage and mutants of the bundled rule sets

<!-- Written by `python tools/guards.py`; changes here are lost. -->

What the cases beside each rule file reach of what the file itself says, and how many small slips in it cases and laws
notice: [what is counted](testing-policy.md#what-the-cases-see-coverage-and-mutants). A file that extends another is
measured by its own sentences, its own cases and its own laws.

- **Out of reach**: provisions, bands, rows and outcomes of conditions that no claim can reach, which was proved. They
  are not counted.
- **Not killed, a claim can**: no case and no law notices, and a claim was found that comes out differently; of a run
  over settlements, rows.
- **No claim found**: no case and no law notices, and none of the claims that were tried ({most} at most for each
  mutant) comes out differently. Some change nothing, as a row that another sentence shadows; that is not proved.
  `policyengine mutate NAME` seeks longer.
- **Equivalent**: the same program, which was proved. Not counted as mutants.
- **Score**: killed, of those that are killed or that a claim was found for. **At least**: killed, of all mutants, as if
  each could be told apart.

[The survivors](coverage-and-mutants.json), each with its line, the slip, and what a claim comes to with it and without.

"""


def measured(name: str) -> Figures:
    """One rule set measured."""
    found, mutants = reach(locate(name), claims=False), tally(locate(name), SEARCH)
    return {"cases": found.cases, "reach": _reach(found), "mutants": _mutants(mutants)}


def _reach(found: Reach) -> dict[str, list[int]]:
    """Reached and possible, by kind; what is out of reach."""
    figures = {kind: list(found.of_kind(kind)) for kind in KINDS}
    return {**figures, "all": [found.reached, found.possible, len(found.targets) - found.possible]}


def _mutants(found: Tally) -> dict[str, Any]:
    by_laws = sum(found.by_laws.values())
    counts = {result: found.count(result) for result in ("survived", "alike", "equivalent")}
    open_ones = {result: [_told(v) for v in found.verdicts if v.result == result] for result in ("survived", "alike")}
    return {"sought": True, "cases": found.count("killed") - by_laws, "laws": by_laws, **counts, "open": open_ones}


def _told(verdict: Verdict) -> dict[str, Any]:
    """A survivor: its line, what was changed, what a claim comes to."""
    change = verdict.mutant.change
    told: dict[str, Any] = {"line": change.span.line, "in": verdict.mutant.of, "slip": SLIPS[change.kind].en}
    told |= {"from": change.before, "to": change.after}
    if verdict.apart is None:
        return {**told, "tried": verdict.tried}
    one, two = apart_amounts(verdict.apart)
    return {**told, "as it stands": one, "changed": two}


def row_of(name: str, figures: Figures) -> str:
    """The row of a rule set."""
    reached, possible, beyond = figures["reach"]["all"]
    kinds = (figures["reach"][kind] for kind in KINDS)
    mutants = figures["mutants"]
    killed, told = killed_of(figures)
    cells = [
        name, str(figures["cases"]), *(f"{one} / {of}" if of else "–" for one, of in kinds), str(beyond),
        percent(reached, possible), str(told + mutants["alike"]), *_counts(mutants),
        ("" if mutants["sought"] else "≥ ") + percent(killed, told), percent(killed, told + mutants["alike"]),
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _counts(mutants: Figures) -> Iterator[str]:
    """What came of the mutants; where no claims were sought, at most what survives can be told apart."""
    for result in RESULTS:
        at_most = "≤ " if result == "survived" and not mutants["sought"] else ""
        yield f"{at_most}{mutants[result]}"


def killed_of(figures: Figures) -> tuple[int, int]:
    """Mutants killed, of those that are killed or that a claim can tell apart."""
    mutants = figures["mutants"]
    killed = mutants["cases"] + mutants["laws"]
    return killed, killed + mutants["survived"]


def page_of(found: Mapping[str, Figures]) -> str:
    """The page: the totals, then a row for each rule set."""
    sums = {result: sum(one["mutants"][result] for one in found.values()) for result in RESULTS}
    killed, told = (sum(column) for column in zip(*map(killed_of, found.values()), strict=True))
    above = sum(k * 100 >= BAR * of for k, of in map(killed_of, found.values()))
    full = sum(one["reach"]["all"][0] == one["reach"]["all"][1] for one in found.values())
    mutants = told + sums["alike"]
    unsought = sum(not one["mutants"]["sought"] for one in found.values())
    said = (
        f"Of {mutants} mutants {sums['cases']} are killed by cases and {sums['laws']} more by laws. A claim was found "
        f"for {sums['survived']} others, none for {sums['alike']}: the score is {percent(killed, told)}, and at least "
        f"{percent(killed, mutants)}. {sums['equivalent']} more are equivalent. The bar is {BAR} % for every rule set: "
        f"{above} of {len(found)} reach it. Coverage is complete for {full}.\n\n"
    )
    if unsought:
        said += (
            f"Of {unsought} rule sets no claims were sought yet: at most all that survives can be told apart (≤).\n\n"
        )
    table = [f"| {' | '.join(HEADS)} |", "| --- |" + " ---: |" * (len(HEADS) - 1)]
    table += [row_of(name, one) for name, one in found.items()]
    return HEAD.replace("{most}", f"{SEARCH.most:,}") + said + "\n".join(table) + "\n"


def known() -> dict[str, Figures]:
    """The figures that were measured last."""
    found: dict[str, Figures] = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.is_file() else {}
    return found


def write(found: Mapping[str, Figures]) -> None:
    """Writes the page and the figures behind it, one rule set a line."""
    lines = (f"{json.dumps(name)}: {json.dumps(one, ensure_ascii=False)}" for name, one in found.items())
    FIGURES.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    PAGE.write_text(page_of(found), encoding="utf-8")


def measure(names: list[str]) -> Iterator[tuple[str, Figures]]:
    """The rule sets measured, each as soon as it is; those that take longest first."""
    before = known()
    order = sorted(names, key=lambda name: -sum(before[name]["mutants"][r] for r in RESULTS) if name in before else 0)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        asked = {pool.submit(measured, name): name for name in order}
        for done in as_completed(asked):
            yield asked[done], done.result()


def main(names: list[str]) -> None:
    """Measures the named rule sets, or all, and writes the page."""
    every = bundled_names(bundled_root())
    found = known()
    for name, figures in measure(names or list(every)):
        found[name] = figures
        sys.stdout.write(f"{row_of(name, figures)}\n")
        sys.stdout.flush()
        write({one: found[one] for one in every if one in found})


if __name__ == "__main__":
    main(sys.argv[1:])
