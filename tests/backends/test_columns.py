"""Columns: refusals by name, integers that never wrap, failures by claim."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from policyengine import ir
from policyengine.backends.columns import Columns, Failure, columns_of, run
from policyengine.backends.evaluate import evaluate
from policyengine.errors import ClaimError
from policyengine.ir import InputDecl
from tests.backends.support import meter, program, value_of

INPUTS = [
    InputDecl("total", "money", high=1_000), InputDecl("poor", "flag"), InputDecl("own_rate", "rate"),
    InputDecl("grade", "code", values=("a", "b")), InputDecl("amount", "money", "row"),
]  # fmt: skip
PROGRAM = program(ir.total(ir.Input("amount", "money", "row")), inputs=INPUTS, meters=[meter(high=50)])


def columns() -> Columns:
    return Columns(
        {
            "total": np.array([0, 1_000]),
            "poor": np.array([True, False]),
            "own_rate": np.array([0, 10**6]),
            "grade": np.array([0, 1]),
        },
        np.array([0, 1, 3]),
        {"amount": np.array([10**11, 5, 6])},
        {"spent": np.array([0, 50])},
    )


def refused(changed: Columns) -> list[tuple[str, str, str]]:
    with pytest.raises(ClaimError) as caught:
        run(PROGRAM, changed)
    return [(d.code, d.field, d.record) for d in caught.value.diagnostics]


def test_values_at_their_bounds_are_taken() -> None:
    assert run(PROGRAM, columns()).values["s0"].tolist() == [10**11, 11]


@pytest.mark.parametrize("narrow", [np.int8, np.int32, np.uint16])
def test_narrow_integers_are_widened(narrow: type) -> None:
    small = replace(columns(), rows={"amount": np.array([100, 100, 100], dtype=narrow)})
    found = run(PROGRAM, small).values["s0"]
    assert found.tolist() == [100, 200]
    assert found.dtype == np.int64


@pytest.mark.parametrize(
    ("name", "values", "record"),
    [
        ("total", [0, 1_001], "claim 1"),
        ("total", [-1, 0], "claim 0"),
        ("own_rate", [0, 10**6 + 1], "claim 1"),
        ("grade", [2, 0], "claim 0"),
    ],
)
def test_a_value_outside_its_bounds_is_refused_by_name(name: str, values: list[int], record: str) -> None:
    changed = replace(columns(), inputs={**columns().inputs, name: np.array(values)})
    assert refused(changed) == [("E591", name, record)]


def test_rows_meters_and_sums_outside_their_bounds_are_refused_by_name() -> None:
    assert refused(replace(columns(), rows={"amount": np.array([1, 2, -3])})) == [("E591", "amount", "claim 1, row 1")]
    assert refused(replace(columns(), used={"spent": np.array([0, 51])})) == [("E591", "spent", "claim 1")]
    heavy = replace(columns(), rows={"amount": np.array([1, 10**11, 1])})
    assert refused(heavy) == [("E591", "sum of amount", "claim 1")]
    crowded = replace(columns(), offsets=np.array([0, 0, 10_001]), rows={"amount": np.zeros(10_001, dtype=np.int64)})
    assert refused(crowded) == [("E591", "rows", "claim 1")]


def test_a_sum_of_amounts_that_would_wrap_is_refused() -> None:
    huge = replace(columns(), rows={"amount": np.array([0, 2**62, 2**62])})
    assert refused(huge) == [("E591", "amount", "claim 1, row 0")]


@pytest.mark.parametrize(
    ("array", "says"),
    [
        (np.array([0.0, 1.0]), "float64"),
        (np.array([True, False]), "bool"),
        (np.array([0, 1], dtype=object), "object"),
        (np.array([0, 1], dtype=np.uint64), "uint64"),
        (np.array([0]), "2 values"),
        (np.array([[0, 1]]), "2 values"),
    ],
)
def test_a_column_of_the_wrong_type_or_shape_is_refused(array: np.ndarray, says: str) -> None:
    changed = replace(columns(), inputs={**columns().inputs, "total": array})
    assert refused(changed) == [("E590", "total", "")]
    with pytest.raises(ClaimError, match=says):
        run(PROGRAM, changed)


def test_missing_and_unknown_columns_are_refused() -> None:
    inputs = dict(columns().inputs)
    inputs["totl"] = inputs.pop("total")
    assert sorted(refused(replace(columns(), inputs=inputs))) == [("E590", "total", ""), ("E590", "totl", "")]
    assert refused(replace(columns(), inputs={**columns().inputs, "poor": np.array([1, 0])})) == [("E590", "poor", "")]


@pytest.mark.parametrize("offsets", [[1, 1, 3], [0, 2, 1]])
def test_offsets_that_do_not_cut_the_rows_are_refused(offsets: list[int]) -> None:
    found = refused(replace(columns(), offsets=np.array(offsets)))
    assert ("E590", "offsets", "") in found


def test_no_claims_at_all() -> None:
    empty = columns_of(PROGRAM, [])
    assert run(PROGRAM, empty).values["s0"].tolist() == []


# --- integers that do not fit ---------------------------------------------------------------------------------------

TOTAL = ir.Input("total", "money")
FACTOR = ir.Input("factor", "rate")


def scaled(high: int, most_factor: int) -> ir.Program:
    inputs = [InputDecl("total", "money", high=high), InputDecl("factor", "rate", high=most_factor)]
    return program(ir.scale(TOTAL, FACTOR), ir.rounded(ir.Ref("s0", "exact"), "half_up"), inputs=inputs)


def test_the_product_that_wraps_in_64_bits_is_exact_here() -> None:
    """4·10¹² × 85·10⁶ = 3.4·10²⁰; 64 bits make 7.96·10¹⁸ of it without a word."""
    wrapped = (np.array([4 * 10**12]) * (85 * 10**6)).tolist()
    assert wrapped == [34 * 10**19 - 18 * 2**64]
    prog = scaled(4 * 10**12, 85)
    case = ({"total": 4 * 10**12, "factor": Fraction(85)}, [], {})
    found = run(prog, columns_of(prog, [case]))
    assert found.values["s0"].dtype == object
    assert found.values["s0"].tolist() == [34 * 10**19]
    assert found.values["s1"].dtype == np.int64
    assert found.claim(0) == evaluate(prog, *case) == {"s0": Fraction(34 * 10**13), "s1": 34 * 10**13}


@pytest.mark.parametrize(("beyond", "dtype"), [(0, np.dtype(np.int64)), (1, np.dtype(object))])
def test_64_bits_are_used_up_to_the_last_value(beyond: int, dtype: np.dtype) -> None:
    high = (2**63 - 1) // 10**6 + beyond
    prog = scaled(high, 1)
    found = run(prog, columns_of(prog, [({"total": high, "factor": Fraction(1)}, [], {})]))
    assert found.values["s0"].dtype == dtype
    assert found.values["s0"].tolist() == [high * 10**6]
    assert found.claim(0)["s1"] == high


@pytest.mark.parametrize("high", [2**62 - 1, 2**62])
def test_two_to_the_63_does_not_become_negative(high: int) -> None:
    prog = program(ir.scale(TOTAL, ir.count(2)), inputs=[InputDecl("total", "money", high=high)])
    found = run(prog, columns_of(prog, [({"total": high}, [], {})]))
    assert found.claim(0) == {"s0": 2 * high}


def test_results_that_fit_are_right_where_the_way_to_them_does_not() -> None:
    sum_first = ir.Add((TOTAL, TOTAL, ir.money(-(2**62))), "money", "claim")
    product_first = ir.scale(ir.rounded(TOTAL, "down", 100), ir.rate(Fraction(3, 100)))
    up = ir.rounded(ir.scale(TOTAL, ir.rate(Fraction(7, 10))), "up")
    prog = program(sum_first, product_first, up, inputs=[InputDecl("total", "money", high=2**62)])
    found = run(prog, columns_of(prog, [({"total": 2**62}, [], {})]))
    assert {array.dtype for array in found.values.values()} == {np.dtype(np.int64)}
    # 2⁶² = 46116860184273879·100 + 04, and seven tenths of it 3228180212899171532.8
    assert found.claim(0) == {"s0": 2**62, "s1": Fraction(46116860184273879 * 3), "s2": 3228180212899171533}


def test_only_the_step_that_needs_it_is_wide() -> None:
    prog = program(
        ir.scale(ir.scale(TOTAL, FACTOR), FACTOR),
        ir.rounded(ir.Ref("s0", "exact"), "down"),
        ir.sub(TOTAL, ir.Ref("s1", "money")),
        inputs=[InputDecl("total", "money"), InputDecl("factor", "rate")],
    )
    found = run(prog, columns_of(prog, [({"total": 10**11, "factor": Fraction(999_999, 10**6)}, [], {})]))
    assert [found.values[f"s{n}"].dtype.kind for n in range(3)] == ["O", "i", "i"]
    # 10¹¹ × 0.999999² = 10¹¹ − 200,000 + 0.1
    assert found.claim(0)["s1"] == 10**11 - 200_000
    assert found.claim(0)["s2"] == 200_000


# --- failures -------------------------------------------------------------------------------------------------------

LISTED = ir.Table("listed", ("grade",), ((frozenset(["a"]),),), (ir.Column("share", "rate", (Fraction(1, 2),)),))


def test_failures_name_claim_table_and_keys_and_leave_the_others_alone() -> None:
    expr = ir.scale(ir.Input("total", "money"), ir.lookup(LISTED, "share", (ir.Input("grade", "code"),)))
    prog = program(TOTAL, expr, inputs=INPUTS, tables=[LISTED], meters=[meter(high=50)])
    given = columns()
    found = run(prog, given)
    assert found.failures == (Failure(1, "listed", ("b",)),)
    assert found.failed.tolist() == [False, True]
    assert found.claim(0) == {"s0": 0, "s1": Fraction(0)}
    assert found.values["s0"].tolist() == [0, 0], "a failed claim shows zeros, not half a result"
    assert given.inputs["total"].tolist() == [0, 1_000], "the caller's columns stay as they were"


def test_numbers_of_the_rules_beyond_64_bits_are_exact() -> None:
    big, one = ir.Lit(2**70, "money"), ir.Lit(1, "money")
    assert value_of(ir.Max((one, big), "money", "claim")) == 2**70
    of = ir.Input("total", "money")
    wholes = {unit: ir.Lit(3 * unit, "money") for unit in (1, 10**12)}
    shares = [ir.Portion(of, one, whole, one, "down", unit, "money", "claim") for unit, whole in wholes.items()]
    declared = [InputDecl("total", "money", high=10**13)]
    assert [value_of(share, {"total": 10**12}, inputs=declared) for share in shares] == [333_333_333_333, 0]
