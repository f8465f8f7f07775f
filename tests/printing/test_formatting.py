"""The house style: what changes, what never does, and that a second time changes nothing."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from policyengine import RuleError, bundled_names
from policyengine.printing import format_text
from policyengine.printing.layout import laid_out
from policyengine.rulebook import locate
from policyengine.testing import drawn_file
from tests.cli.runner import run

HEAD = "ruleset: plan\nparts: [in_scope]\n"
TAIL = """layers:
  - {id: basic, payer: pooled_fund, on: in_scope}
provisions:
  - {id: share, layer: basic, fund_share: 70%}
"""
TIDY = """ruleset: plan

parts: [in_scope]

layers:
  - {id: basic, payer: pooled_fund, on: in_scope}

provisions:
  - {id: share, layer: basic, fund_share: 70%}
"""


def tidy(text: str) -> str:
    """``text`` formatted, which a second time changes nothing."""
    once = format_text(text, "plan")
    assert format_text(once, "plan") == once
    return once


def provision(text: str) -> str:
    """How the provisions of a file are written that says ``text`` of them."""
    return tidy(HEAD + TAIL.partition("provisions")[0] + "provisions:\n" + text).partition("provisions:\n")[2]


def test_sections_stand_apart_in_the_order_of_the_reference() -> None:
    layers, _, provisions = TAIL.partition("provisions")
    assert tidy(HEAD + TAIL) == TIDY
    assert tidy("provisions" + provisions + layers + HEAD) == TIDY


def test_keys_stand_in_the_order_of_a_sentence() -> None:
    written = "  - {when: retired, fund_share: 70%, cite: law, id: share, layer: basic}\n"
    assert provision(written) == "  - {id: share, layer: basic, fund_share: 70%, when: retired, cite: law}\n"


def test_a_text_that_looks_like_a_number_keeps_its_quotes() -> None:
    # Editors read the file by the JSON Schema, in which a place is a text.
    written = HEAD.replace("ruleset: ", "place: '230524'\nruleset: ", 1)
    assert "\nplace: '230524'\n" in tidy(written)
    assert "\nplace: 230524\n" in tidy(written.replace("'", ""))


def test_quotes_stand_only_where_they_are_needed() -> None:
    texts = "assumed: {one: 'plain', two: \"it's\", three: 'a, b', four: 'a: b', five: '- x', six: ''}"
    kept = "assumed: {one: plain, two: it's, three: 'a, b', four: 'a: b', five: '- x', six: ''}"
    assert kept in provision(f"  - {{id: share, layer: basic, fund_share: 70%, {texts}}}\n")


def test_what_does_not_fit_the_line_stands_in_block_style_and_apart() -> None:
    label = "label: {zh: 支付比例, en: the share of the fund in what is in scope}"
    long = f"  - {{id: share, layer: basic, fund_share: 70%, {label}, when: retired}}\n"
    assert (
        provision(long + "  - {id: more, layer: basic, pay: 1元}\n")
        == """  - id: share
    layer: basic
    fund_share: 70%
    when: retired
    label: {zh: 支付比例, en: the share of the fund in what is in scope}

  - {id: more, layer: basic, pay: 1元}
"""
    )


def test_long_prose_is_folded_and_a_formula_is_not() -> None:
    said = " ".join(["nobody says whether it is the one or the other"] * 4)
    formula = "pay: min(" + ", ".join(["base - 100元"] * 12) + ")"
    lines = provision(f"  - id: p\n    layer: basic\n    {formula}\n    assumed: {said}\n").splitlines()
    assert lines[2].strip() == formula
    assert lines[3].strip() == "assumed: >-"
    assert max(map(len, lines[4:])) <= 120


def test_rows_of_a_table_stay_on_a_line_however_long() -> None:
    row = "|".join(
        ("三级甲等", "三级乙等", "三级丙等", "二级甲等", "二级乙等", "二级丙等", "一级甲等", "一级乙等", "一级丙等")
    )
    base = f"{{keys: [hospital_grade, tier, area], columns: [share], rows: [[{row}, any, any, 70%]]}}"
    assert f"    rows:\n      - [{row}, any, any, 70%]\n" in tidy(f"{HEAD}tables:\n  base: {base}\n{TAIL}")


COMMENTS = """# what this file is for

ruleset: plan    # its name
# about the parts
parts:  # two
  - own_expense  # 自费
  # the rest

  - in_scope
layers:
  - {id: basic, payer: pooled_fund,  # the fund
     on: in_scope}
  # below the last layer
provisions:
  # ---- the law ----
  - id: share   # how much
    fund_share: 70%
    layer: basic
    # in words
    assumed: >-
      nobody # says it

      here
    # end of the share

  # end of the law
# end of the file
"""


def test_every_comment_stays_where_it_belongs() -> None:
    assert (
        tidy(COMMENTS)
        == """# what this file is for

ruleset: plan  # its name

# about the parts
parts:  # two
  - own_expense  # 自费
  # the rest

  - in_scope

layers:
  - id: basic
    payer: pooled_fund  # the fund
    on: in_scope
  # below the last layer

provisions:
  # ---- the law ----
  - id: share  # how much
    layer: basic
    fund_share: 70%
    # in words
    assumed: |-
      nobody # says it
      here
    # end of the share

  # end of the law
# end of the file
"""
    )


def test_windows_line_ends_and_a_byte_order_mark_go() -> None:
    assert tidy("\ufeff" + (HEAD + TAIL).replace("\n", "\r\n")) == TIDY


def test_a_wrong_file_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="E302"):
        format_text("cases: []\n", "plan")


@pytest.mark.parametrize("name", bundled_names())
def test_bundled_files_are_in_the_house_style(name: str) -> None:
    text = locate(name).file.read_text(encoding="utf-8")
    assert format_text(text, name) == text, f"run `policyengine fmt {name}`"


def disturbed(text: str, rng: Random) -> str:
    """A file with comments and empty lines wherever it may have them."""
    lines, out, block = text.splitlines(), list[str](), -1
    for number, line in enumerate(lines):
        indent = len(line) - len(line.lstrip(" "))
        if block >= 0 and (not line or indent > block):
            out.append(line)
            continue
        block = -1
        for _ in range(rng.choice((0, 0, 0, 1, 2))):
            out.append(rng.choice(("", " " * rng.choice((0, 2, indent)) + f"# {rng.randrange(100)} 'so: {{")))
        opens = line.rstrip().endswith((">-", "|-", "|"))
        item = line.lstrip(" ").startswith("- ") and line.strip(" -") not in (">", "|", ">-", "|-")
        block = (indent + 2 * item) if opens else -1
        out.append(line + (f"  # {number}" if rng.random() < 0.2 and not opens else ""))
    return "\n".join(out) + "\n# the end\n"


def keeps_comments(seeds: range) -> None:
    for seed in seeds:
        rng = Random(seed)
        tidy(disturbed(laid_out(drawn_file(rng)), rng))


def test_drawn_files_keep_their_comments() -> None:
    """``format_text`` itself compares meaning and comments before and after."""
    keeps_comments(range(30))


@pytest.mark.agree
def test_many_drawn_files_keep_their_comments() -> None:
    keeps_comments(range(1_000, 2_500))


# -- on the command line ----------------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "plan" / "ruleset.yaml"
    path.parent.mkdir()
    path.write_text(HEAD + TAIL, encoding="utf-8")
    return path


def test_a_file_is_replaced_once(file: Path) -> None:
    file.chmod(0o640)
    first = run("fmt", file)
    assert (first.exit_code, first.stdout) == (0, f"{file} written\n")
    assert file.read_text(encoding="utf-8") == TIDY
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in file.parent.iterdir()] == ["ruleset.yaml"], "nothing else is left behind"
    assert (run("fmt", file.parent).stdout, run("fmt", file, "--check").exit_code) == ("", 0)


def test_check_and_diff_change_nothing(file: Path) -> None:
    checked = run("fmt", file, "--check")
    assert (checked.exit_code, checked.stdout) == (1, f"{file} would be changed\n")
    shown = run("fmt", file, "--diff")
    assert shown.exit_code == 0
    assert shown.stdout.startswith(f"--- {file}\n+++ {file}\n@@ -1,6 +1,9 @@\n ruleset: plan\n+\n parts: [in_scope]\n")
    assert run("fmt", file, "--diff", "--check").exit_code == 1
    assert file.read_text(encoding="utf-8") == HEAD + TAIL


def test_a_wrong_file_does_not_stop_the_others(file: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_bytes(b"ruleset: \xff\n")
    result = run("fmt", wrong, file)
    assert result.exit_code == 2
    assert "error[E104]" in result.stderr
    assert file.read_text(encoding="utf-8") == TIDY
