"""Measure claims by the million and write that part of RESULTS.md. Ends with 1 if an amount of ours is wrong.

python -m benchmarks.bulk.run
"""

from __future__ import annotations

import sys

from benchmarks.bulk import compiling, files, single, words, year
from benchmarks.clock import busy
from benchmarks.page import put


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
