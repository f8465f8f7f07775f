"""Rule sets that differ in numbers, settled side by side: every bundled rule set with its amounts halved and doubled
comes to what each comes to alone, refusals included."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from policyengine import Rulebook, ir
from policyengine.backends.kernel import Status, moves_of
from policyengine.bulk import Batch
from policyengine.errors import Diagnostic
from policyengine.generate import lives
from policyengine.ir.tables import Column
from policyengine.mass import Abreast, Bulk, Groups, Summed, digest_of
from tests.agreement.lives import NAMES, book_of, parameters_of
from tests.mass.columns import columns_of, in_order
from tests.mass.test_against_chain import is_settled_in_bulk, scope_of

FACTORS = (Fraction(1), Fraction(1, 2), Fraction(2), Fraction(3, 4))
GROUPS = 3


def scaled(program: ir.Program, factor: Fraction) -> ir.Program:
    """The program with all amounts of its steps and tables multiplied."""

    def of(expr: ir.Expr) -> ir.Expr:
        if isinstance(expr, ir.Lit) and expr.kind == "money" and expr.value:
            return replace(expr, value=int(expr.value * factor) or 1)  # type: ignore[operator]
        return ir.rebuilt(expr, tuple(map(of, ir.children(expr))))

    def column(found: Column) -> Column:
        is_money = found.kind == "money"
        return replace(found, values=tuple(int(v * factor) for v in found.values)) if is_money else found  # type: ignore[operator]

    steps = tuple(replace(step, expr=of(step.expr)) for step in program.steps)
    tables = tuple(replace(table, columns=tuple(map(column, table.columns))) for table in program.tables)
    return replace(program, steps=steps, tables=tables)


def books(book: Rulebook) -> list[Rulebook]:
    of = [tuple(scaled(program, factor) for program in book.programs) for factor in FACTORS]
    return [replace(book, programs=programs, earlier=(), prepared={}) for programs in of]


def claims_of(name: str, members: int, seed: int) -> Batch:
    """Lives of members; the data of some claims are bad."""
    book = book_of(name)
    claims = in_order([c for life in lives(book, seed, members) for c in life], book, scope_of(book))
    wrong = Diagnostic("E515", "no such day", None)
    return replace(columns_of(claims, book), rejects=dict.fromkeys(range(5, len(claims), 17), wrong))


def alone(bulk: Bulk, batch: Batch, groups: Groups, watched: str) -> Summed:
    """What the claims come to that are settled one after the other, added up here."""
    found = bulk.settle(batch)
    amounts = {name: values for name, values in found.amounts.items() if name != watched}
    settled = [int(((found.status == Status.SETTLED) & (groups.of == at)).sum()) for at in range(GROUPS)]
    some = found.amounts[watched] > 0
    members = [len(set(groups.unit[some & (groups.of == at)].tolist())) for at in range(GROUPS)]
    claims = [int((some & (groups.of == at)).sum()) for at in range(GROUPS)]
    return Summed(
        groups.claims,
        np.array(settled),
        {name: np.array([int(v[groups.of == at].sum()) for at in range(GROUPS)]) for name, v in amounts.items()},
        {watched: (np.array(claims), np.array(members))},
        digest_of(batch.keys, found.status, amounts),
    )


def compared(name: str, members: int, seed: int) -> None:
    batch, parameters = claims_of(name, members, seed), parameters_of(book_of(name), seed)
    bulks = [Bulk(book, parameters) for book in books(book_of(name))]
    watched = bulks[0].outputs[1]
    given = bulks[0].prepared(batch)
    of = (np.arange(len(batch)) % GROUPS).astype(np.int32)
    groups = Groups(of, GROUPS, (given.who * GROUPS + of).astype(np.int32), given.members * GROUPS)
    versions = zip(*([version.program for version in bulk.versions] for bulk in bulks), strict=True)
    abreast = Abreast(bulks, [moves_of(programs, frozenset({watched})) for programs in versions])
    for bulk, found in zip(bulks, abreast.summed(given, groups), strict=True):
        expected = alone(bulk, batch, groups, watched)
        assert found.settled.tolist() == expected.settled.tolist()
        assert {n: v.tolist() for n, v in found.amounts.items()} == {n: v.tolist() for n, v in expected.amounts.items()}
        assert [v.tolist() for v in found.watched[watched]] == [v.tolist() for v in expected.watched[watched]]
        assert found.digest == expected.digest


LINES_WITHOUT_A_ROW = "examples/price_list_by_service_date"


@pytest.mark.parametrize("name", [*(name for name in NAMES[::16] if is_settled_in_bulk(name)), LINES_WITHOUT_A_ROW])
def test_some_rule_sets(name: str) -> None:
    compared(name, 30, 1)


@pytest.mark.agree
@pytest.mark.parametrize("name", [name for name in NAMES if is_settled_in_bulk(name)])
def test_every_rule_set(name: str) -> None:
    compared(name, 100, 2)
