"""Any two primitives compose: three back ends say the same, every law holds, whatever stands beside what."""

from __future__ import annotations

from collections import Counter
from itertools import cycle
from pathlib import Path

import pytest

from policyengine import Settlement, load
from policyengine.generate import lives
from policyengine.laws import broken
from policyengine.mechanisms import ALL
from tests.agreement.agreeing import hold_together
from tests.agreement.compositions import FORMS, WINDOWS, Pair, pairs, rules
from tests.agreement.lives import settle_if_covered

EVERY = {window: list(pairs(window)) for window in WINDOWS}
SOME = [EVERY[window][at] for at, window in zip(range(0, len(EVERY["day"]), 13), cycle(WINDOWS), strict=False)]
"""Every thirteenth pair; the step shares no factor with the number of forms or windows, so that each meets others."""
TWO_DEDUCTIBLES = [p for p in EVERY["lifetime"] if p.together and p.first[:10] == p.second[:10] == "deductible"]
"""Each is met for itself, and what their meters count is the sum of both."""


def composed(pair: Pair, folder: Path, seed: int, members: int, rounding: str = "half_up 0.01元") -> int:
    """Settles generated lives under the pair; returns how many claims were compared."""
    (folder / "pair").mkdir(exist_ok=True)
    (folder / "pair" / "ruleset.yaml").write_text(rules(pair, rounding), encoding="utf-8")
    book, found = load(folder / "pair"), list[Settlement]()
    for life in lives(book, seed, members):
        history = None
        for claim in life:
            settlement = settle_if_covered(book, claim, history, None)
            assert settlement is not None, f"{claim.id} of {pair.name} is not covered"
            assert broken(settlement) == (), f"claim {claim.id} of {pair.name}, seed {seed}"
            history = settlement.history
            found.append(settlement)
    return hold_together(found, f"{pair.name}, seed {seed}")


def test_some_pairs_agree(tmp_path: Path) -> None:
    """A part of all pairs, each in one window, every form in several."""
    seen = Counter(name for pair in SOME for name in (pair.first, pair.second))
    assert all(seen[form.name] >= 2 for form in FORMS)
    assert sum(composed(pair, tmp_path, seed=1, members=4) for pair in SOME + TWO_DEDUCTIBLES) > 5 * len(SOME)


@pytest.mark.agree
@pytest.mark.parametrize("rounding", ["down 1元", "end"])
def test_all_pairs_agree_however_they_are_rounded(rounding: str, tmp_path: Path) -> None:
    """A window keeps whole coins, so that no layer over one looks at what was not rounded (E348)."""
    chosen = [p for p in EVERY["month"] if rounding != "end" or "to_date" not in (p.first, p.second)]
    assert sum(composed(pair, tmp_path, 4, 3, rounding) for pair in chosen) > 5_000


@pytest.mark.agree
@pytest.mark.parametrize("window", WINDOWS)
def test_all_pairs_agree(window: str, tmp_path: Path) -> None:
    assert sum(composed(pair, tmp_path, seed=2, members=6) for pair in EVERY[window]) > 10_000


def test_every_mechanism_is_among_the_forms() -> None:
    used = " ".join(text for form in FORMS for text in form.provisions)
    assert [m.key for m in ALL if f" {m.key}: " not in used] == []
