"""The engine against a recount of all earlier claims: every window, every way of keeping, every kind of scope."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyengine import Chain, Claim, History, Rulebook, Settlement, load, settle
from tests.windows.definitions import DEFINITIONS, ENROLLED, Visit, kept

KEEPS = ("sum", "max", "last")
SCOPES = {
    "member": ("member", lambda v: v.person),
    "household": ("household", lambda v: v.household),
    "member_and_disease": ("[member, disease]", lambda v: (v.person, v.disease)),
    "programme": ("programme", lambda v: v.programme),
}
ONLY = ("from_first_use", "spell", "year_back", "calendar_year", "episode", "thirty_days")
"""Windows that are also kept by meters that count emergencies only; these have windows of their own."""


def names() -> Iterator[tuple[str, str, str, bool]]:
    for window in DEFINITIONS:
        for keep in KEEPS:
            yield f"{window}_{keep}", window, keep, False
            if window in ONLY:
                yield f"{window}_{keep}_only", window, keep, True


@cache
def book(scope: str) -> Rulebook:
    windows = [f"  {name}: {written}" for name, (written, _) in DEFINITIONS.items() if written]
    windows += [f"  {name}_only: {DEFINITIONS[name][0] or '{kind: year}'}" for name in ONLY]
    meters, seen = [], []
    for name, window, keep, only in names():
        more = ", when: care_type == emergency" if only else ""
        where = f"{window}_only" if only else window
        meters.append(f"  {name}: {{counts: points, in: {where}, per: {SCOPES[scope][0]}, keep: {keep}{more}}}")
        seen.append(f"  - {{id: seen_{name}, define: used({name})}}")
    text = f"""ruleset: {scope}
facts:
  points: {{type: count}}
  relapse: {{type: flag}}
  programme: {{type: id}}
  enrolled_on: {{type: date}}
  disease: {{values: [stroke, asthma]}}
windows:
{chr(10).join(windows)}
meters:
{chr(10).join(meters)}
parts: [in_scope]
layers: [{{id: basic, payer: pooled_fund, on: in_scope}}]
provisions:
{chr(10).join(seen)}
"""
    folder = Path(mkdtemp()) / scope
    folder.mkdir()
    (folder / "ruleset.yaml").write_text(text, encoding="utf-8")
    return load(str(folder))


def claim(number: int, visit: Visit) -> Claim:
    encounter = {
        "care_type": "emergency" if visit.emergency else "inpatient",
        "admission_date": visit.admitted,
        "discharge_date": visit.left,
        "disease": visit.disease,
    }
    facts = {
        "points": visit.amount,
        "relapse": visit.event,
        "programme": visit.programme,
        "enrolled_on": str(ENROLLED[visit.person]),
    }
    person = {"id": visit.person, "household": visit.household}
    data = {"id": f"c{number}", "person": person, "encounter": encounter, "facts": facts, "sequence": number}
    return Claim.model_validate({**data, "lines": [{"category": "other", "amount": "1.00"}]})


GAPS = st.sampled_from([0, 0, 1, 6, 7, 13, 14, 27, 28, 29, 30, 31, 58, 59, 60, 61, 89, 90, 91, 181, 364, 365, 366, 367])
STARTS = st.sampled_from(
    [date(2011, 6, 30), date(2012, 1, 31), date(2012, 2, 29), date(2015, 12, 31), date(2016, 2, 28)]
) | st.dates(date(2011, 4, 1), date(2019, 12, 31))


@st.composite
def lives(draw: st.DrawFn) -> list[Visit]:
    """Stays of three members of two households in the order of their discharges."""
    left, found = draw(STARTS), []
    for _ in range(draw(st.integers(1, 12))):
        left += timedelta(days=draw(GAPS))
        person = draw(st.sampled_from(["p1", "p1", "p2", "p3"]))
        found.append(
            Visit(
                person,
                "h2" if person == "p3" else "h1",
                draw(st.sampled_from(["none", "stroke", "asthma"])),
                draw(st.sampled_from(["dialysis", "trial-1"])),
                left - timedelta(days=draw(st.sampled_from([0, 1, 2, 30, 65]))),
                left,
                draw(st.integers(0, 5)),
                draw(st.booleans()),
                draw(st.booleans()),
            )
        )
    return found


def meant(scope: str, visits: list[Visit], at: int) -> dict[str, int]:
    """What every meter should hold before the claim ``at``, counted anew from all earlier ones."""
    now, of = visits[at], SCOPES[scope][1]
    found = {}
    for name, window, keep, only in names():
        earlier = [v for v in visits[:at] if of(v) == of(now) and (v.emergency or not only)]
        found[name] = kept(keep, DEFINITIONS[window][1](earlier, now))
    return found


def seen(settlement: Settlement) -> dict[str, int]:
    known = settlement.known()
    return {name: known[f"seen_{name}"] for name, *_ in names()}  # type: ignore[misc]


@pytest.mark.parametrize("scope", SCOPES)
@settings(max_examples=25, deadline=None, derandomize=True)
@given(visits=lives())
def test_a_chain_holds_what_a_recount_finds(scope: str, visits: list[Visit]) -> None:
    chain = Chain(book(scope))
    for at, visit in enumerate(visits):
        assert seen(chain.settle(claim(at, visit))) == meant(scope, visits, at), (at, visit)


@pytest.mark.parametrize("scope", SCOPES)
@settings(max_examples=8, deadline=None, derandomize=True)
@given(visits=lives())
def test_a_history_written_and_read_again_holds_the_same(scope: str, visits: list[Visit]) -> None:
    """Members keep histories of their own; those who share accumulators share one."""
    shared = scope in ("household", "programme")
    histories: dict[str, str | None] = {}
    for at, visit in enumerate(visits):
        whose = "all" if shared else visit.person
        text = histories.get(whose)
        history = None if text is None else History.model_validate_json(text)
        settlement = settle(book(scope), claim(at, visit), history)
        assert seen(settlement) == meant(scope, visits, at), (at, visit)
        assert History.model_validate_json(settlement.history.model_dump_json()) == settlement.history
        histories[whose] = settlement.history.model_dump_json()


@settings(max_examples=10, deadline=None, derandomize=True)
@given(visits=lives())
def test_what_a_chain_leaves_for_a_member_is_enough_to_go_on(visits: list[Visit]) -> None:
    """The history of a member's settlement in a run of many is the history of the member's next claim."""
    scope = "member_and_disease"
    chain, left = Chain(book(scope)), dict[str, History]()
    for at, visit in enumerate(visits):
        made = claim(at, visit)
        found = settle(book(scope), made, left.get(visit.person))
        assert seen(found) == seen(chain.settle(made))
        left[visit.person] = Chain(book(scope), left.get(visit.person)).settle(made).history


@settings(max_examples=10, deadline=None, derandomize=True)
@given(visits=lives())
def test_windows_that_move_on_do_not_grow(visits: list[Visit]) -> None:
    """At most one row a meter and scope in a window that claims open, and no bucket that no longer counts."""
    history: History | None = None
    for at, visit in enumerate(visits):
        history = settle(book("household"), claim(at, visit), history).history
    assert history is not None
    opened = [key for key in history.used if key[0].rpartition("_")[0] in ("spell", "episode", "from_first_use")]
    assert len(opened) == len({key[:2] for key in opened})
    for name, scope, bucket in history.used:
        if name == "thirty_days_sum":
            last = max(v.left for v in visits if v.household == scope[0])
            assert last - date.fromisoformat(bucket) < timedelta(days=30)
