"""Money is an integer of the smallest coin, a rate a fraction: the library never makes a binary float."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.house.files import python_files, shown, tree_of

FLOAT_NAMES = {"float16", "float32", "float64", "float128", "float_", "double", "longdouble"}
FLOAT_MODULES = {"math", "cmath", "statistics"}
EXACT_FUNCTIONS = {"gcd", "lcm", "isqrt", "prod", "comb", "perm", "factorial", "floor", "ceil", "trunc"}
"""Whole numbers in, whole numbers out; ``floor``, ``ceil`` and ``trunc`` of a fraction are exact."""

NOT_MONEY = {
    ("policyengine/errors.py", "the literal 0.6"),
    ("policyengine/bulk/numbers.py", "pa.float64"),
}
"""How alike two names must be to be offered as a spelling hint; the binary numbers of a table, which are only compared
with the exact decimals that they must be the nearest to."""


def floats_in(tree: ast.Module) -> list[str]:
    """Every place where a module makes a float: a literal, ``float(…)``, a float type of NumPy, inexact ``math``."""
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=float() | complex()):
                found.append(f"line {node.lineno}: the literal {node.value!r}")
            case ast.Call(func=ast.Name(id="float" | "complex")):
                found.append(f"line {node.lineno}: {ast.unparse(node)}")
            case ast.Attribute(attr=attr) if attr in FLOAT_NAMES:
                found.append(f"line {node.lineno}: {ast.unparse(node)}")
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if name in FLOAT_MODULES:
                found += [] if attr in EXACT_FUNCTIONS else [f"line {node.lineno}: {ast.unparse(node)}"]
            case ast.ImportFrom(module=module, names=names) if module in FLOAT_MODULES:
                inexact = [a.name for a in names if a.name not in EXACT_FUNCTIONS]
                found += [f"line {node.lineno}: from {module} import {name}" for name in inexact]
            case _:
                pass
    return found


CHANCES = {
    "policyengine/generate.py",
    *(f"policyengine/testing/{name}.py" for name in ("expressions", "fields", "rulefiles")),
}
"""Modules whose literals below 1 are chances of a random draw."""


def is_chance(path: Path, found: str) -> bool:
    return shown(path) in CHANCES and ": the literal 0." in found


@pytest.mark.parametrize("path", python_files("policyengine"), ids=shown)
def test_the_library_makes_no_float(path: Path) -> None:
    found = floats_in(tree_of(path))
    kept = [f for f in found if (shown(path), f.partition(": ")[2]) not in NOT_MONEY and not is_chance(path, f)]
    assert kept == []


@pytest.mark.parametrize(
    "code", ["x = 0.7", "x = float(y)", "a = np.zeros(3, np.float64)", "x = math.sqrt(y)", "from math import fsum"]
)
def test_a_float_is_noticed(code: str) -> None:
    assert floats_in(ast.parse(code))
