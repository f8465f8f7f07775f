"""Size, nodes, depth and digits: fine at the limit, one located error beyond it, never a recursion error."""

import pytest

from policyengine.expressions import MAX_BYTES, MAX_DEPTH, MAX_NODES, walk
from tests.expressions.strategies import height
from tests.expressions.support import read, refusal, underlined

LIMITS = (64, 2_000, 64 * 1024)


def test_the_limits_are_the_published_ones() -> None:
    assert (MAX_DEPTH, MAX_NODES, MAX_BYTES) == LIMITS


def call_of(nodes: int) -> str:
    """A call that is one node, with the rest as its values."""
    return "max(" + ", ".join(["a"] * (nodes - 1)) + ")"


def test_nodes() -> None:
    assert sum(1 for _ in walk(read(call_of(2_000)))) == 2_000
    found = refusal(call_of(2_001))
    assert found.code == "E221"
    assert "2000 parts" in found.message


NESTED = {
    "brackets": lambda n: "(" * n + "a" + ")" * n,
    "calls": lambda n: "f(" * (n - 1) + "a" + ")" * (n - 1),
    "signs": lambda n: "-" * (n - 1) + "a",
    "negations": lambda n: "not " * (n - 1) + "a",
    "chinese negations": lambda n: "非 " * (n - 1) + "a",
    "sums": lambda n: "a" + " + a" * (n - 1),
    "alternatives": lambda n: "a" + " or a" * (n - 1),
    "choices": lambda n: "a if b else " * (n - 1) + "a",
    "lists": lambda n: "a in [" * (n - 1) + "a" + "]" * (n - 1),
    "sums of rows": lambda n: "sum(" * (n - 1) + "a" + " where b)" * (n - 1),
    "signs before brackets": lambda n: "-(" * (n - 2) + "a + a" + ")" * (n - 2),
    "mixed": lambda n: "a or b and (" * ((n - 1) // 2) + ("-a" if n % 2 == 0 else "a") + ")" * ((n - 1) // 2),
}


@pytest.mark.parametrize("shape", NESTED)
def test_depth(shape: str) -> None:
    tree = read(NESTED[shape](64))
    assert height(tree) == (1 if shape == "brackets" else 64)
    found = refusal(NESTED[shape](65))
    assert found.code == "E221"
    assert "64 levels" in found.message


@pytest.mark.parametrize("shape", NESTED)
@pytest.mark.parametrize("size", [500, 5_000])
def test_absurd_depth_is_no_recursion_error(shape: str, size: int) -> None:
    assert refusal(NESTED[shape](size)).code == "E221"


@pytest.mark.parametrize("opening", ["(", "[", "-", "not ", "f(", "a in [", "a if ", "a or b and (", "sum(a where "])
def test_openings_without_end(opening: str) -> None:
    text = opening * (60_000 // len(opening))
    assert refusal(text).code in ("E202", "E221")


def test_bytes_of_text() -> None:
    assert read("a" + " " * (MAX_BYTES - 1)) == read("a")
    assert read("a" * MAX_BYTES) is not None
    assert refusal("a" * (MAX_BYTES + 1)).code == "E221"
    assert refusal("a" + " " * MAX_BYTES).code == "E221"


def test_bytes_are_those_of_utf8() -> None:
    assert read("甲" * (MAX_BYTES // 3)) is not None
    assert refusal("甲" * (MAX_BYTES // 3 + 1)).code == "E221"


@pytest.mark.parametrize("unit", ["", "%", "pp"])
def test_digits(unit: str) -> None:
    assert read("9" * 13 + ".9999" + unit) is not None
    assert refusal("9" * 14 + unit).code == "E211"
    assert refusal("9" * 13 + ".99999" + unit).code == "E210"


def test_a_number_of_sixty_thousand_digits_costs_nothing() -> None:
    found = refusal("9" * 60_000)
    assert found.code == "E211"
    assert underlined(found) == "9" * 60_000


def test_amounts() -> None:
    assert read("99999999999.99元") is not None
    assert refusal("100000000000元").code == "E211"
    assert read("9999999999999円") is not None
    assert refusal("10000000000000円").code == "E211"
    assert refusal("1000亿元").code == "E211"
