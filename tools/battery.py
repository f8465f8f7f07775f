"""The page of what the long campaigns found in their last full run. ``make agree`` and ``make mutants`` write it.

    python tools/battery.py     takes in what campaigns recorded, and writes the page

Campaigns record each part of their figures in a file of its own below ``.venv``, so that several processes can; the
figures of the last run of each are kept beside the page, which is made of nothing else.
"""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from math import sqrt
from pathlib import Path
from statistics import NormalDist
from typing import Any, Final

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tools.markdown import table  # noqa: E402

RECORDED: Final = ROOT / ".venv" / "battery"
FIGURES: Final = ROOT / "docs" / "reference" / "battery.json"
BAD: Final = ROOT / "tests" / "bad"
Figures = Mapping[str, Any]


def record(section: str, name: str, figures: Figures) -> None:
    """Keeps the figures of one part of a campaign, with the day and the commit."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    about = {"day": datetime.datetime.now(datetime.UTC).date().isoformat(), "commit": commit.stdout.strip()}
    RECORDED.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"section": section, "name": name, **about, **figures})
    (RECORDED / f"{section}-{name.replace('/', ' of ')}.json").write_text(text, encoding="utf-8")


def folded(recorded: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What was recorded, with the tests of one function as one part: how many, which failed, and since when."""
    by_function: dict[str, list[dict[str, Any]]] = {}
    for one in recorded:
        if one["section"] == "tests":
            by_function.setdefault(one["of"], []).append(one)
        else:
            yield one
    for name, ones in by_function.items():
        first = min(ones, key=lambda one: str(one["day"]))
        failed = sorted(one["name"] for one in ones if one["end"] == "failed")
        told = {"run": len(ones), "failed": failed, "seconds": sum(one["seconds"] for one in ones)}
        yield {"section": "tests", "name": name, "day": first["day"], "commit": first["commit"], **told}


def taken_in(before: dict[str, Any], recorded: list[dict[str, Any]]) -> dict[str, Any]:
    """The figures with those that were recorded since, section by section; newer ones replace older ones."""
    kept: dict[str, Any] = {section: dict(parts) for section, parts in before.items()}
    for one in recorded:
        rest = {key: value for key, value in one.items() if key not in ("section", "name")}
        kept.setdefault(one["section"], {})[one["name"]] = rest
    return {section: dict(sorted(parts.items())) for section, parts in sorted(kept.items())}


def known() -> dict[str, Any]:
    """The figures of the last runs."""
    found: dict[str, Any] = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.is_file() else {}
    return found


def battery() -> str:
    """The page."""
    return page(known(), dict(bad_files()))


def bad_files() -> Iterator[tuple[str, int]]:
    """Folders of hand-made bad files with how many they hold."""
    for folder in sorted(path for path in BAD.iterdir() if path.is_dir() and not path.name.startswith("_")):
        yield folder.name, sum(1 for path in folder.iterdir() if path.suffix != ".expect" and path.name[0] != ".")


def page(figures: Mapping[str, Mapping[str, Figures]], bad: Mapping[str, int]) -> str:
    """The page of these figures; what has none was not run."""
    inputs = [
        (n, f"{f['inputs']:,}", f"{f['valid']:,}", str(f["failed"]), _when(f))
        for n, f in figures.get("inputs", {}).items()
    ]
    mutants = [
        (n, f"{f['mutants']:,}", _tried(f), str(f["killed"]), _share(f["killed"], f["tried"]), _between(f), _when(f))
        for n, f in figures.get("mutants", {}).items()
    ]
    parts = [
        "# The battery", "What the long campaigns found when each was last run, and on which day and commit.",
        "## Hand-made bad files",
        f"{sum(bad.values())} files, each with the code, the place and the words of its message.",
        table(("folder", "files"), [(f"`tests/bad/{n}`", str(c)) for n, c in bad.items()]),
        "## Long campaigns", _tests(figures.get("tests", {})),
        "## Damaged inputs", _campaign(inputs),
        "## Courses of cases", _cases(figures.get("cases", {})),
        "## Planted bugs", _drill(figures.get("drill", {})),
        "## Mutants", _mutants(mutants),
        "## Random order", "`make flake` runs the fast tests in random orders, time zones and hash seeds; "
        + _flake(figures.get("flake", {})),
    ]  # fmt: skip
    return "\n\n".join(parts)


def _when(figures: Figures) -> str:
    return f"{figures['day']}, {figures['commit']}"


def _tests(functions: Mapping[str, Figures]) -> str:
    said = (
        "The tests of `make agree`, as many of each as were run since the day that is told, each counted once with how "
        "it ended last; the minutes are those of all of them, one after the other."
    )
    if not functions:
        return f"{said}\n\nNone has been run yet."
    rows = [
        (f"`{n}`", str(f["run"]), str(len(f["failed"])), f"{f['seconds'] / 60:.1f}", _when(f))
        for n, f in functions.items()
    ]
    failed = [f"- failed: {one}" for f in functions.values() for one in f["failed"]]
    return "\n".join([f"{said}\n", table(("tests", "run", "failed", "minutes", "since"), rows), *failed])


def _campaign(rows: Sequence[tuple[str, ...]]) -> str:
    said = (
        "Each input is tried in a process with 2 seconds of processor time and 256 MB of memory. It must be read, or "
        "be refused with a described code at a place inside it."
    )
    if not rows:
        return f"{said}\n\nThe full campaign has not been run yet."
    return f"{said}\n\n" + table(("reader", "inputs", "valid", "failed", "run"), rows)


def _cases(bars: Mapping[str, Figures]) -> str:
    said = "Commands, their stores and the rights of persons, at the full size of each campaign."
    if not bars:
        return f"{said}\n\nNone has been run yet."
    rows = [(n, f["size"], f["found"], f"{f['seconds']:,}", _when(f)) for n, f in bars.items()]
    return f"{said}\n\n" + table(("what was tried", "size", "found", "seconds", "run"), rows)


def _drill(bugs: Mapping[str, Figures]) -> str:
    said = "Mistakes that people make in such an engine, planted one by one; a named fast test must fail."
    if not bugs:
        return f"{said}\n\nThe drill has not been run yet."
    noticed = sum(f["noticed"] for f in bugs.values())
    missed = [f"- not noticed: {name}" for name, f in bugs.items() if not f["noticed"]]
    return "\n".join([f"{said}\n\n{noticed} of {len(bugs)} noticed ({_when(next(iter(bugs.values())))}).", *missed])


def _mutants(rows: Sequence[tuple[str, ...]]) -> str:
    said = (
        "Small changes of the source made by mutmut, words of messages among them; what is not killed was noticed by "
        "no test that was asked. Where a sample was tried, drawn by seed, the share of all mutants lies between the "
        "two shares beside it in 95 of a hundred such draws (Wilson's interval)."
    )
    if not rows:
        return f"{said}\n\nNothing has been mutated yet."
    return f"{said}\n\n" + table(("target", "mutants", "tried", "killed", "share", "of all", "run"), rows)


def _tried(figures: Figures) -> str:
    return "all" if figures["seed"] is None else f"{figures['tried']}, seed {figures['seed']}"


def _share(killed: int, tried: int) -> str:
    return f"{killed / tried:.1%}".replace("%", " %")


def _between(figures: Figures) -> str:
    """Wilson's interval for the share of all mutants; nothing to tell where all were tried."""
    if figures["seed"] is None:
        return ""
    low, high = wilson(figures["killed"], figures["tried"])
    return f"{low:.1%}–{high:.1%}".replace("%", " %")


def wilson(hits: int, tries: int) -> tuple[float, float]:
    """The two-sided 95 % interval of Wilson for a share of which ``hits`` of ``tries`` were seen."""
    z = NormalDist().inv_cdf(0.975)
    middle, over = hits + z * z / 2, tries + z * z
    half = z * sqrt(hits * (tries - hits) / tries + z * z / 4)
    return (middle - half) / over, (middle + half) / over


def _flake(runs: Mapping[str, Figures]) -> str:
    if not runs:
        return "it has not been run in full yet."
    failed = [name for name, f in runs.items() if f["failed"]]
    return f"{len(runs)} runs, {len(failed)} of them failed ({_when(next(iter(runs.values())))})."


def main() -> int:
    """Takes in what was recorded and writes the figures; `make docs` writes the page of them."""
    recorded = [json.loads(p.read_text(encoding="utf-8")) for p in sorted(RECORDED.glob("*.json"))]
    figures = taken_in(known(), list(folded(recorded)))
    FIGURES.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    from tools.reference import FOLDER, pages

    (FOLDER / "battery.md").write_text(pages()["battery.md"], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
