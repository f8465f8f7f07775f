"""What a refusal carries beyond its place (which ``tests/bad`` holds to the letter): related places, several
findings at once, and the picture with the caret."""

import pytest
import yaml

from policyengine.errors import RuleError
from policyengine.source.fault import Fault
from policyengine.source.page import page_of_text
from policyengine.source.syntax import explain
from tests.source.support import place, read, refusal, refusals, underlined


def test_a_key_that_stands_twice_shows_the_first() -> None:
    finding = refusal("a: {x: 1}\nceiling: 1000元\nceiling: 9000元\n")
    assert finding.code == "E131"
    ((text, span),) = finding.related
    assert (text, place(span)) == ("it stands here already", (2, 1, "ceiling"))


def test_every_repetition_points_to_the_first() -> None:
    found = refusals("a: 1\na: 2\na: 3\n")
    assert [(place(f.span), place(f.related[0][1])) for f in found] == [
        ((2, 1, "a"), (1, 1, "a")),
        ((3, 1, "a"), (1, 1, "a")),
    ]


def test_a_cut_text_shows_its_beginning() -> None:
    finding = refusal("{id: x, define: min(a, b)}")
    assert (finding.code, underlined(finding.span)) == ("E134", "b)")
    assert place(finding.related[0][1]) == (1, 17, "min(a")


def test_an_open_bracket_shows_where_its_end_was_missed() -> None:
    finding = refusal("a: [b, c\nd: e\n")
    assert (finding.code, place(finding.span)) == ("E152", (1, 4, "["))
    assert [(text, place(span)) for text, span in finding.related] == [("`,` or `]` was expected here", (2, 2, ":"))]


def test_a_forgotten_quote_shows_where_it_opened() -> None:
    finding = refusal('title: "讲话\nextends: "cn/b"\n')
    assert finding.code == "E159"
    ((text, span),) = finding.related
    assert (text, place(span)) == ("the quotes opened here: was their end forgotten?", (1, 8, '"讲话'))


def test_all_findings_come_together_in_the_order_of_the_file() -> None:
    found = refusals("a: !x 1\nb:\nc: &d 2\nb: *d\nparts:\n  -\nz: [f(1, 2)]\n")
    assert [(f.code, *place(f.span)) for f in found] == [
        ("E121", 1, 4, "!x"),
        ("E135", 2, 1, "b"),
        ("E122", 3, 4, "&d"),
        ("E131", 4, 1, "b"),
        ("E123", 4, 4, "*d"),
        ("E136", 6, 3, "-"),
        ("E137", 7, 5, "f(1"),
    ]


def test_what_was_found_before_the_reading_stopped_is_told_too() -> None:
    found = refusals("a: 1\na: 2\nb: [c\n")
    assert [(f.code, f.span.line if f.span else 0) for f in found] == [("E131", 2), ("E152", 3)]


def test_the_consequence_of_an_alias_is_not_told() -> None:
    assert [f.code for f in refusals("note: *see below\nother: 1\n")] == ["E123"]


def test_a_hundred_findings_are_enough() -> None:
    assert len(refusals("".join(f"k{n}:\n" for n in range(99)))) == 99
    assert len(refusals("".join(f"k{n}:\n" for n in range(100)))) == 100
    assert len(refusals("".join(f"k{n}:\n" for n in range(101)))) == 100
    assert len(refusals("\t\n" * 101)) == 100


def test_twenty_findings_are_shown() -> None:
    with pytest.raises(RuleError) as caught:
        read("".join(f"k{n}:\n" for n in range(30)))
    assert str(caught.value).count("error[E135]") == 20
    assert str(caught.value).endswith("… and 10 more")


def test_the_caret_stands_below_a_hidden_character_that_is_shown_escaped() -> None:
    assert refusal("when: a \u202eb\n").render().split("\n")[1:3] == [
        r" 1 | when: a \u202eb",
        "   |         ^^^^^^",
    ]


def test_the_caret_stands_below_chinese_text() -> None:
    assert refusal("起付线: 100元\n起付线: 200元\n").render() == "\n".join(
        [
            "rules.yaml:2:1: error[E131]: the key `起付线` stands twice in one mapping",
            " 2 | 起付线: 200元",
            "   | ^^^^^^",
            " hint: delete or rename one of them",
            " rules.yaml:1:1: note: it stands here already",
            " 1 | 起付线: 100元",
            "   | ^^^^^^",
        ]
    )


def test_a_long_key_is_shortened_in_the_message() -> None:
    key = "k" * 500
    finding = refusal(f"{key}: 1\n{key}: 2\n")
    assert finding.message == f"the key `{'k' * 39}…` stands twice in one mapping"
    assert underlined(finding.span) == key


def test_an_error_that_no_table_knows_is_still_told_with_its_place() -> None:
    page = page_of_text("a: b\nc: d\n", "rules.yaml")
    error = yaml.MarkedYAMLError(None, None, "a problem of tomorrow", yaml.Mark("", 8, 1, 3, None, 0))
    finding = explain(Fault(page, error))
    assert (finding.code, finding.hint, place(finding.span)) == ("E162", "a problem of tomorrow", (2, 4, "d"))
