"""A small file that stands for something enormous is refused at its place; what is large in a sensible way is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine import RuleError, load

HEAD = """\
ruleset: large
parts: [in_scope]
layers: [{id: basic, payer: pooled_fund, on: in_scope}]
"""
SHARE = "  - {id: share, layer: basic, fund_share: 50%}\n"


def formulas_calling(levels: int, times: int) -> str:
    """Each formula calls the next one so many times: ``times`` to the power of ``levels`` calls."""
    bodies = [f"max({', '.join([f'f{n + 1}(x)'] * times)})" for n in range(levels)] + ["x"]
    formulas = "".join(f"  f{n}: {{of: x, is: '{body}'}}\n" for n, body in enumerate(bodies))
    return f"{HEAD}formulas:\n{formulas}provisions:\n{SHARE}  - {{id: more, layer: basic, pay: f0(5元)}}\n"


def parameters_adding(levels: int, times: int) -> str:
    values = [" + ".join([f"p{n + 1}"] * times) for n in range(levels)] + ["1元"]
    parameters = "".join(f"  p{n}: {{value: {value}}}\n" for n, value in enumerate(values))
    return f"{HEAD}parameters:\n{parameters}provisions:\n{SHARE}  - {{id: more, layer: basic, pay: 'min(p0, 3元)'}}\n"


def formula_doubling(levels: int) -> str:
    """One formula around itself: what it is given stands three times in it."""
    called = "f(" * levels + "in_scope" + ")" * levels
    formulas = "formulas:\n  f: {of: x, is: x if x > 1元 else x + 1元}\n"
    return f"{HEAD}{formulas}provisions:\n{SHARE}  - {{id: more, layer: basic, pay: {called}}}\n"


def definitions_in_a_chain(count: int) -> str:
    links = [f"  - {{id: d{n}, define: d{n + 1}}}\n" for n in range(count - 1)]
    last = f"  - {{id: d{count - 1}, define: 1元}}\n"
    return f"{HEAD}provisions:\n{SHARE}  - {{id: more, layer: basic, pay: d0}}\n{''.join(links)}{last}"


def found(text: str, folder: Path) -> str:
    """The code and the line of the first fault, or ``valid``."""
    path = folder / "large" / "ruleset.yaml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    try:
        load(path)
    except RuleError as error:
        span = error.diagnostics[0].span
        assert span is not None
        return f"{error.diagnostics[0].code} in line {span.line}"
    return "valid"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (formulas_calling(3, 4), "valid"), (formulas_calling(12, 6), "E221 in line"),
        (parameters_adding(4, 4), "valid"), (parameters_adding(12, 6), "E221 in line"),
        (formula_doubling(4), "valid"), (formula_doubling(30), "E221 in line 8"),
        (definitions_in_a_chain(63), "valid"), (definitions_in_a_chain(66), "E221 in line"),
        (definitions_in_a_chain(900), "E221 in line"),
    ],
    ids=[
        "calls", "too many calls", "sums", "too many sums", "doubled", "doubled too often", "chain", "long chain",
        "very long chain",
    ],
)  # fmt: skip
def test_what_is_written_out_is_bounded(text: str, said: str, tmp_path: Path) -> None:
    assert found(text, tmp_path).startswith(said)


def test_every_call_counts_not_only_the_first(tmp_path: Path) -> None:
    """Sixty calls in one expression, each of which looks up four thousand names."""
    calls = "max(" + ", ".join(["f0(5元)"] * 60) + ")"
    text = formulas_calling(6, 4).replace("pay: f0(5元)", f"pay: '{calls}'")
    assert found(text, tmp_path).startswith("E221 in line")
