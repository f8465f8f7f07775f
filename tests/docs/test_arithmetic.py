"""The check of arithmetic by hand notices a wrong figure."""

from __future__ import annotations

import pytest

from tests.docs.arithmetic import by_hand, line_of, wrong_in

PAGE = """
```text by hand
LINES
```

```console
$ policyengine settle demo claim.json
  pooled fund   7,700.00
```
"""


@pytest.mark.parametrize("text", [
    "70 % × (12,000 − 1,000) = 7,700",
    "6,000 ÷ 80 % = 7,500",
    "min(70 % × 11,000, 6,000.50) = 6,000.50",
    "10 % × 1,972.85 ≈ 197.29",
])  # fmt: skip
def test_a_line_that_holds(text: str) -> None:
    assert line_of(text).holds


@pytest.mark.parametrize("text", ["70 % × 11,000 = 7,701", "1,234.56 × 1 % = 12.35", "1,234.56 × 1 % ≈ 12.34"])
def test_a_line_that_does_not_hold(text: str) -> None:
    assert not line_of(text).holds


@pytest.mark.parametrize(("lines", "wrong"), [
    ("70 % × 11,000 = 7,700", 0),
    ("12,000 − 1,000 = 11,000\n70 % × 11,000 = 7,700", 0),
    ("70 % × 10,000 = 7,000", 1),
    ("70 % × 11,000 = 7,800", 2),
])  # fmt: skip
def test_a_figure_is_shown_or_used(lines: str, wrong: int) -> None:
    ((block, shown),) = by_hand(PAGE.replace("LINES", lines))
    assert len(wrong_in(block, shown)) == wrong
