"""Members who begin with what the national platform holds for them: by hand, and against claims settled one by one."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pytest

from policyengine import Claim, ClaimError, Rulebook, load, opening_history, settle_many
from policyengine.bulk import document, open_claims
from policyengine.mass import Bulk, openings_of
from policyengine.simulate import simulate_claims
from tests.simulate.test_resumed import Lost, after, file_of, rows
from tests.simulate.town import COLUMNS, RULES, table

OPENED = RULES.replace("in: calendar_year}", "in: calendar_year, opening: [A1, A2]}\n  stays: {counts: 1, in: month}\n"
                       "  ever: {counts: basic.paid, in: lifetime, opening: [A1]}").replace(
    "ceiling: 1000元, meter: paid}", "ceiling: 1000元, meter: paid}\n"
    "  - {id: of_life, layer: basic, ceiling: 1500元, meter: ever}",
)  # fmt: skip


@cache
def opened() -> Rulebook:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "town" / "ruleset.yaml"
        file.parent.mkdir()
        file.write_text(OPENED, encoding="utf-8")
        return load(file)


def row(person: str, code: str, cum: str, month: str = "201912", scheme: str = "390") -> dict[str, str]:
    return {"person_id": person, "insutype": scheme, "year": month[:4], "cum_ym": month, "cum_type_code": code,
            "cum": cum}  # fmt: skip


OPENINGS = [
    row("p1", "A1", "700.00", "202001"), row("p1", "A2", "100.00", "202001"), row("p1", "A1", "400.00"),
    row("p2", "A1", "999.00"), row("p4", "S9", "5.00"), row("nobody", "A1", "1.00"),
]  # fmt: skip


def test_members_begin_with_what_they_have_by_hand() -> None:
    """p1 has used 800元 of the 1,000元 of 2020, and 1,100元 of the 1,500元 of a lifetime: of a's 600元 200元 are left,
    of b's nothing. p2 has used 999元 of another year, and of the lifetime's; c is paid its 100元, and f its 60元."""
    found = simulate_claims(opened(), table(), columns=COLUMNS, openings=pa.Table.from_pylist(OPENINGS))
    assert found.baseline.total.amounts["pooled_fund"] == 20_000 + 0 + 10_000 + 0 + 6_000
    without = simulate_claims(opened(), table(), columns=COLUMNS)
    assert without.baseline.total.amounts["pooled_fund"] == 116_000


@pytest.mark.parametrize("size", [3, 1000])
def test_as_claims_settled_one_by_one_with_these_histories(size: int) -> None:
    people = sorted({one[1] for one in rows(12)})
    given = [row(p, code, f"{17 * n}.{n:02}", month) for n, p in enumerate(people) for code in ("A1", "A2")
             for month in ("202001", "202002", "202103")]  # fmt: skip
    claims = open_claims(table(rows(12)), opened(), COLUMNS)
    bulk = Bulk(opened(), openings=openings_of(opened(), pa.Table.from_pylist(given)))
    mine: dict[str, list[Any]] = {}
    paid: dict[str, int] = {}
    for batch in claims.batches(size):
        settled = bulk.settle(batch)
        for at in range(len(batch)):
            if not settled.status[at]:
                claim = Claim.model_validate(document(opened(), batch, at))
                mine.setdefault(claim.person.id, []).append(claim)
                paid[claim.id] = int(settled.amounts["pooled_fund"][at])
    assert len(paid) > 50
    for person, some in mine.items():
        own = [{k: v for k, v in one.items() if k != "person_id"} for one in given if one["person_id"] == person]
        history = opening_history(opened(), own, person).history
        for one in settle_many(opened(), some, history):
            assert one.split["pooled_fund"] * 100 == paid[one.claim.id], (person, one.claim.id)


def test_schemes_and_codes() -> None:
    both = [row("p1", "A1", "5.00"), row("p1", "A1", "9.00", scheme="310"), row("p2", "S9", "1.00", scheme="310")]
    with pytest.raises(ClaimError, match="E574"):
        openings_of(opened(), pa.Table.from_pylist(both))
    found = openings_of(opened(), pa.Table.from_pylist(both), "310")
    assert found.values["ever"][1].tolist() == [900]
    assert found.unread == ("S9",)


@pytest.mark.parametrize(("given", "said"), [
    ([{"person_id": "p1", "cum": "5.00"}], "has no column `insutype`"),
    ([row("", "A1", "5.00")], "row 1 states no person"),
    ([row("p1", "A1", "5.005")], "E572"),
    ([row("p1", "A1", "-5.00")], "E572"),
    ([row("p1", "A1", "5.00"), row("p1", "A1", "5.00")], "E573"),
])  # fmt: skip
def test_openings_that_do_not_fit(given: list[Any], said: str) -> None:
    with pytest.raises(ClaimError, match=said):
        openings_of(opened(), pa.Table.from_pylist(given))


def test_other_openings_are_another_run(tmp_path: Path) -> None:
    source, openings = file_of(tmp_path / "claims", table(rows())), tmp_path / "openings.csv"
    said = {"columns": COLUMNS, "openings": openings, "size": 20, "every": 0, "checkpoint": tmp_path / "run"}
    pacsv.write_csv(pa.Table.from_pylist([row("p1-100", "A1", "900.00", "202001")]), openings)
    with pytest.raises(Lost):
        simulate_claims(opened(), source, told=after(3), **said)  # type: ignore[arg-type]
    kept = simulate_claims(opened(), source, **said)  # type: ignore[arg-type]
    assert kept.baseline == simulate_claims(opened(), source, columns=COLUMNS, openings=openings).baseline
    pacsv.write_csv(pa.Table.from_pylist([row("p1-100", "A1", "1.00", "202001")]), openings)
    with pytest.raises(ClaimError, match=r"E709.*another source"):
        simulate_claims(opened(), source, **said)  # type: ignore[arg-type]
