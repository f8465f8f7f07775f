"""Good texts: what the tree says, and where it says each part stands."""

from pathlib import Path

import pytest
import yaml

from policyengine.source import MapNode, ScalarNode, SeqNode, read_file
from tests.source.samples import COUNTY, STAIRS
from tests.source.support import agrees, place, plain, read, scalars, underlined, value

WORDS = ["NO", "no", "yes", "on", "off", "true", "null", "~", "="]
NUMBERS = ["010", "0x1f", "0b1", "1e3", "1.0e+400", ".nan", ".inf", "1_000", "0.70", "１２", "-1", "700元", "5%", "5pp"]
DATES = ["1:30", "2016-01-01", "2026-02-30", "2016-01-01T00:00:00Z"]
UNTYPED = [*WORDS, *NUMBERS, *DATES]
RULESETS = sorted((Path(__file__).parents[2] / "rulesets").rglob("*.yaml"))


def test_a_small_file_becomes_this_tree() -> None:
    tree = read("ruleset: cn/raohe\nparts: [own_expense, in_scope]\nlayers:\n  - {id: basic, on: in_scope}\n  - x\n")
    assert plain(tree) == {
        "ruleset": "cn/raohe",
        "parts": ["own_expense", "in_scope"],
        "layers": [{"id": "basic", "on": "in_scope"}, "x"],
    }
    assert place(tree.span) == (1, 1, "ruleset")
    assert place(value(tree, "parts").span) == (2, 8, "[own_expense, in_scope]")
    assert place(value(tree, "layers").span) == (4, 3, "-")
    layers = value(tree, "layers")
    assert isinstance(layers, SeqNode)
    assert [place(item.span) for item in layers] == [(4, 5, "{id: basic, on: in_scope}"), (5, 5, "x")]
    assert [place(node.span)[:2] for node in scalars(layers)] == [(4, 6), (4, 10), (4, 17), (4, 21), (5, 5)]


def test_a_mapping_is_asked_and_walked() -> None:
    tree = read("b: 1\na: [2]\n")
    assert [(key.text, type(node)) for key, node in tree] == [("b", ScalarNode), ("a", SeqNode)]
    assert tree.get("c") is None
    assert tree.get("a") == tree.entries[1][1]


@pytest.mark.parametrize("text", [*UNTYPED, "9" * 5000])
def test_no_value_has_a_type(text: str) -> None:
    node = value(read(f"value: {text}\n"), "value")
    assert node == ScalarNode(text, node.span, "plain")
    assert underlined(node.span) == text


@pytest.mark.parametrize("text", [COUNTY, STAIRS], ids=["county", "stairs"])
def test_the_texts_are_those_that_yaml_means(text: str) -> None:
    """PyYAML's BaseLoader resolves no types either, and is another way from events to a tree."""
    assert plain(read(text)) == yaml.load(text, yaml.BaseLoader)


@pytest.mark.parametrize("path", RULESETS, ids=lambda path: "/".join(path.parts[-3:]))
def test_shipped_rule_files_read_as_yaml_means(path: Path) -> None:
    tree = read_file(path, path.name)
    assert plain(tree) == yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    assert all(agrees(node) for node in scalars(tree))


class TestPlaceOfText:
    """The place of a text begins at its first character, on its first line."""

    @pytest.mark.parametrize(
        ("text", "style", "expected"),
        [
            ("when: retired", "plain", (1, 7, "retired")),
            ("when:    retired   # no more", "plain", (1, 10, "retired")),
            ("when: 'retired'", "quoted", (1, 8, "retired")),
            ('when: "retired"  ', "quoted", (1, 8, "retired")),
            ("when: ''", "quoted", (1, 7, "''")),
            ("when: 'it''s'", "quoted", (1, 8, "it''s")),
            (r'when: "a\tb"', "quoted", (1, 8, r"a\tb")),
            ("when: 住院 and 退休", "plain", (1, 7, "住院 and 退休")),
            ("住院: 𠮷野", "plain", (1, 5, "𠮷野")),
            ("when:\n  retired", "plain", (2, 3, "retired")),
            ("when: retired\n  or student", "plain", (1, 7, "retired")),
            ("when: 'retired  \n  or student'", "quoted", (1, 8, "retired")),
            ("when: '\n  retired'", "quoted", (1, 7, "'")),
            ("when: |\n  retired\n  or student\n", "block", (2, 3, "retired")),
            ("when: >- # folded\n\n    retired\n", "block", (3, 5, "retired")),
            ("when: |2\n    retired\n", "block", (2, 5, "retired")),
        ],
    )
    def test_value(self, text: str, style: str, expected: tuple[int, int, str]) -> None:
        ((_, node),) = read(text)
        assert isinstance(node, ScalarNode)
        assert (node.style, place(node.span)) == (style, expected)
        assert node.span.file == "rules.yaml"

    def test_key(self) -> None:
        tree = read("a: 1\n'b c': 2\n? d\n: 3\n")
        assert [place(key.span) for key, _ in tree] == [(1, 1, "a"), (2, 2, "b c"), (3, 3, "d")]

    def test_part_of_a_quoted_expression(self) -> None:
        node = value(read('a: {define: "min(left, right)"}'), "a", "define")
        assert place(node.span.part(4, 4)) == (1, 18, "left")

    def test_every_place_in_the_samples(self) -> None:
        nodes = [*scalars(read(COUNTY)), *scalars(read(STAIRS))]
        assert len(nodes) > 80
        assert [node for node in nodes if not agrees(node)] == []


class TestPlaceOfBrackets:
    def test_over_several_lines_it_is_the_first(self) -> None:
        bands = value(read(STAIRS), "provisions")
        assert isinstance(bands, SeqNode)
        first = bands.items[0]
        assert isinstance(first, MapNode)
        assert place(value(first, "fund_share").span) == (
            13, 17, "{position: used(spend), bands: [[0kr, 0%], [1000kr, 40%],",
        )  # fmt: skip

    def test_an_empty_list_and_mapping_are_values(self) -> None:
        tree = read("a: []\nb: {  }\n")
        assert plain(tree) == {"a": [], "b": {}}
        assert [place(node.span) for _, node in tree] == [(1, 4, "[]"), (2, 4, "{  }")]


class TestLineEndsAndMarks:
    def test_crlf_and_byte_order_mark_leave_places_alone(self) -> None:
        text = "ruleset: cn/a\nnote: |\n  one\n  two\nparts: [a]\n"
        tree = read("\ufeff" + text.replace("\n", "\r\n"))
        assert tree == read(text)
        assert place(tree.entries[0][0].span) == (1, 1, "ruleset")
        assert plain(tree)["note"] == "one\ntwo\n"  # type: ignore[call-overload]

    def test_document_marks_and_comments_are_accepted(self) -> None:
        assert plain(read("# note\n---\na: 1 # one\n# two\n...\n# three\n")) == {"a": "1"}

    def test_the_line_of_a_place_has_no_line_end(self) -> None:
        assert read("a: 1\r\nb: 2\r\n").entries[1][1].span.text == "b: 2"


class TestWhatIsAllowed:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (r'"tab\tline\nquote\"slash\/back\\"', 'tab\tline\nquote"slash/back\\'),
            (r'"\u4e2d\x41\U00020BB7"', "中A𠮷"),
            (r'"joined\u200cletters"', "joined\u200cletters"),
            ("'a: b, [c] {d} # e'", "a: b, [c] {d} # e"),
            ("a:b", "a:b"),
            ("a#b", "a#b"),
            ("x - y", "x - y"),
            ("who?", "who?"),
            ("《讲话》：“封顶线”，5％", "《讲话》：“封顶线”，5％"),
            ("'<<'", "<<"),
            ("'*a &b !c %d @e `f'", "*a &b !c %d @e `f"),
            (">-\n  folded\n  text", "folded text"),
            ("|\n  - a\n  - b\n", "- a\n- b\n"),
            ("'first\n  - second'", "first - second"),
            ("'　'", "　"),
        ],
    )
    def test_value(self, text: str, expected: str) -> None:
        assert plain(read(f"a: {text}")) == {"a": expected}

    def test_quoted_merge_sign_is_a_key_like_others(self) -> None:
        assert plain(read("'<<': a\nb: c")) == {"<<": "a", "b": "c"}

    def test_one_name_in_two_mappings(self) -> None:
        assert plain(read("a: {x: 1}\nb: {x: 2}\n")) == {"a": {"x": "1"}, "b": {"x": "2"}}

    def test_commas_in_closed_parentheses_do_no_harm(self) -> None:
        assert plain(read("a: [f(b), (c), '(', (last]")) == {"a": ["f(b)", "(c)", "(", "(last"]}
