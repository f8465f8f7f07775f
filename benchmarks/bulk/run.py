"""Measure claims by the million and write that part of RESULTS.md. Ends with 1 if an amount of ours is wrong.

python benchmarks/bulk/run.py
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.bulk import compiling, files, single, words, year  # noqa: E402
from benchmarks.clock import busy  # noqa: E402
from benchmarks.page import put  # noqa: E402


def main() -> int:
    load = busy()
    singles, years, read = single.measured(), year.measured(), files.measured()
    text = "\n\n".join(
        (words.head(load), single.words(singles), year.words(years), files.words(read),
         compiling.words(*compiling.measured()))
    )  # fmt: skip
    results = [*singles, *years, *read]
    put("claims by the million", text)
    print(text)
    return int(any(r.wrong > 0 for r in results if r.contestant.label.startswith("ours")))


if __name__ == "__main__":
    sys.exit(main())
