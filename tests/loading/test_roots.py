"""Nothing outside the folder of rule sets is ever read, whatever a file says that it extends."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from policyengine import RuleError, load

BODY = """
title: 样例
valid: {from: 2016-01-01}
sources: {law: {title: 样例办法}}
"""
WHOLE = """parts: [own_expense, in_scope]
layers: [{id: basic, payer: pooled_fund, on: in_scope, cite: law}]
provisions:
  - {id: outside, classify: class == 丙, to: own_expense, cite: law}
  - {id: share, layer: basic, fund_share: 70%, cite: law}
"""


def write(root: Path, name: str, extends: str = "", whole: bool = True) -> Path:
    file = root / name / "ruleset.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    head = f"ruleset: {name}\n" + (f"extends: {extends}\n" if extends else "")
    file.write_text(head + BODY + (WHOLE if whole else ""), encoding="utf-8")
    return file


OUTSIDE = [
    "..", "../secret", "../../etc/passwd", "/etc/passwd", "/secret", "~/secret", "~root", "a/../../secret", "a/./b",
    "./a", "a//b", "a/", "/a", "a\\b", "..\\secret", "C:/secret", "C:\\secret", "\\\\server\\share\\secret",
    "//server/share/secret", "file:///etc/passwd", "http://example.org/rules", "A", "CN/shanxi", "Cn", "a b",
    "a%2f..", "%2e%2e/secret", "a.yaml", "a/ruleset.yaml", "secret.yaml", "a;b", "a|b", "$HOME", "${HOME}", "`id`",
    "a'b", "a*", "a?", "[a]b", "ａ", "省", "-", "con:", "nul:", "/dev/zero", "/dev/stdin", "/proc/self/environ",
    "a" * 300,
]  # fmt: skip


@pytest.mark.parametrize("name", OUTSIDE)
def test_extends_names_only_rule_sets(tmp_path: Path, name: str) -> None:
    """Each of these is refused at its place; the file beside the root is never opened."""
    root = tmp_path / "root"
    write(tmp_path, "secret")
    file = root / "child" / "ruleset.yaml"
    file.parent.mkdir(parents=True)
    quoted = "'" + name.replace("'", "''") + "'"
    file.write_text(f"ruleset: child\nextends: {quoted}\n{BODY}", encoding="utf-8")
    with pytest.raises(RuleError) as caught:
        load("child", root)
    found = caught.value.diagnostics[0]
    assert found.code in ("E601", "E602")
    assert found.span is not None
    assert (found.span.line, found.span.file) == (2, "child/ruleset.yaml")
    assert "样例" not in str(caught.value)


def test_a_link_out_of_the_root_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(tmp_path, "secret")
    write(root, "child", "inner", whole=False)
    (root / "inner").symlink_to(tmp_path / "secret")
    with pytest.raises(RuleError) as caught:
        load("child", root)
    assert [d.code for d in caught.value.diagnostics] == ["E602"]
    assert "leads outside" in str(caught.value)


def test_a_parent_out_of_the_root_is_told_where_it_is_named(tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(tmp_path, "secret")
    (root / "child").mkdir(parents=True)
    (root / "inner").symlink_to(tmp_path / "secret")
    (root / "child" / "ruleset.yaml").write_text(f"ruleset: child\nextends: inner\n{BODY}", encoding="utf-8")
    with pytest.raises(RuleError) as caught:
        load("child", root)
    (found,) = caught.value.diagnostics
    assert (found.code, str(found.span)) == ("E602", "child/ruleset.yaml:2:10")


def test_a_linked_file_out_of_the_root_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "root"
    secret = write(tmp_path, "secret")
    write(root, "child", "inner", whole=False)
    (root / "inner").mkdir()
    (root / "inner" / "ruleset.yaml").symlink_to(secret)
    with pytest.raises(RuleError, match="leads outside"):
        load("child", root)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    write(tmp_path, "child", "inner", whole=False)
    (tmp_path / "inner").mkdir()
    os.mkfifo(tmp_path / "inner" / "ruleset.yaml")
    with pytest.raises(RuleError, match="no rule set `inner`"):
        load("child", tmp_path)


def test_a_folder_instead_of_a_file_is_no_rule_set(tmp_path: Path) -> None:
    write(tmp_path, "child", "inner", whole=False)
    (tmp_path / "inner" / "ruleset.yaml").mkdir(parents=True)
    with pytest.raises(RuleError, match="no rule set `inner`"):
        load("child", tmp_path)


@pytest.mark.parametrize("length", [1, 2, 3, 5])
def test_a_circle_is_shown_whole(tmp_path: Path, length: int) -> None:
    names = [f"r{i}" for i in range(length)]
    for at, name in enumerate(names):
        write(tmp_path, name, names[(at + 1) % length], whole=False)
    with pytest.raises(RuleError) as caught:
        load("r0", tmp_path)
    found = caught.value.diagnostics[0]
    assert found.code == "E603"
    assert " → ".join([*names, "r0"]) in found.message
    assert found.span is not None
    assert found.span.text == "extends: r0"


def test_sixteen_rule_sets_may_extend_one_another_and_not_seventeen(tmp_path: Path) -> None:
    write(tmp_path, "r0")
    for at in range(1, 17):
        write(tmp_path, f"r{at}", f"r{at - 1}", whole=False)
    for at in range(1, 16):
        text = (tmp_path / f"r{at}" / "ruleset.yaml").read_text(encoding="utf-8")
        text = text.replace("sources: {law: {title: 样例办法}}\n", "")
        (tmp_path / f"r{at}" / "ruleset.yaml").write_text(text, encoding="utf-8")
    assert len(load("r15", tmp_path).files) == 16
    with pytest.raises(RuleError) as caught:
        load("r16", tmp_path)
    assert [d.code for d in caught.value.diagnostics] == ["E604"]


@pytest.mark.parametrize(
    "name", ["", " ", "nowhere", "../x", "/nowhere", "a\0b", "cn/shanxi/137", "a" * 300, "x/" * 5000]
)
def test_a_name_that_is_no_rule_set(name: str) -> None:
    with pytest.raises(RuleError) as caught:
        load(name)
    assert [d.code for d in caught.value.diagnostics] == ["E601"]


def test_a_name_almost_right_gets_a_hint() -> None:
    with pytest.raises(RuleError, match="did you mean `cn/shanxi/136`"):
        load("cn/shanxi/13")


def test_a_path_works_like_a_name(tmp_path: Path) -> None:
    file = write(tmp_path, "my/county")
    for path in (file, file.parent, str(file), str(file.parent)):
        assert load(path).name == "my/county"


def test_a_child_of_a_bundled_rule_set_may_stand_anywhere(tmp_path: Path) -> None:
    file = tmp_path / "county" / "ruleset.yaml"
    file.parent.mkdir()
    file.write_text(
        "ruleset: county\nextends: cn/shanxi/136\n"
        "provisions:\n  - {id: more, adjust: cat_share, when: subsistence, add: 1pp, assumed: a test}\n",
        encoding="utf-8",
    )
    book = load(file)
    assert [name for name, _ in book.files] == ["cn/shanxi/136", "county"]


def test_a_file_that_calls_itself_by_no_name_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(f"ruleset: Our County\n{BODY}", encoding="utf-8")
    with pytest.raises(RuleError) as caught:
        load(file)
    (found,) = caught.value.diagnostics
    assert (found.code, found.message, found.expected) == (
        "E602", "`Our County` is not the name of a rule set", "a name such as cn/shanxi",
    )  # fmt: skip
    assert found.record == str(file)
