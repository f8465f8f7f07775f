"""Every limit, at it and one past it; and work that stays small however large the input."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from policyengine import source
from policyengine.source import composer
from tests.source.support import file_refusal, place, plain, read, refusal, refusals

MEBIBYTE = 1024 * 1024


def filled(size: int) -> str:
    """A text of so many bytes."""
    return "a: 1\n#" + "x" * (size - 6)


class TestFile:
    def test_text(self) -> None:
        assert plain(read(filled(MEBIBYTE))) == {"a": "1"}
        finding = refusal(filled(MEBIBYTE + 1))
        assert (finding.code, finding.message) == ("E103", "the file is larger than 1,048,576 bytes")

    def test_bytes_count_not_characters(self) -> None:
        chinese = "a: 1\n#" + "中" * 349_523  # 6 + 3 × 349,523 = 1,048,575
        assert plain(read(chinese + "x")) == {"a": "1"}
        assert refusal(chinese + "xx").code == "E103"

    def test_file(self, tmp_path: Path) -> None:
        path = tmp_path / "rules.yaml"
        path.write_text(filled(MEBIBYTE))
        assert plain(source.read_file(path, "rules.yaml")) == {"a": "1"}
        path.write_text(filled(MEBIBYTE + 1))
        assert file_refusal(path).code == "E103"

    def test_a_huge_file_is_not_read(self, tmp_path: Path) -> None:
        path = tmp_path / "rules.yaml"
        with path.open("wb") as file:
            file.truncate(10_000_000_000)
        finding = file_refusal(path)
        assert (finding.code, place(finding.span)) == ("E103", (1, 1, ""))


class TestDepth:
    """The root mapping is the first of 64 levels."""

    @pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}")], ids=["brackets", "braces"])
    def test_brackets(self, opening: str, closing: str) -> None:
        read("a: " + opening * 63 + "x" + closing * 63)
        finding = refusal("a: " + opening * 64 + "x" + closing * 64)
        assert (finding.code, finding.message) == ("E141", "lists and mappings are nested more than 64 deep")
        assert place(finding.span) == (1, 4 + 63 * len(opening), opening[0])

    def test_lines(self) -> None:
        levels = "".join(" " * n + "a:\n" for n in range(63))
        read(levels + " " * 63 + "a: x\n")
        finding = refusal(levels + " " * 63 + "a:\n" + " " * 64 + "a: x\n")
        assert (finding.code, place(finding.span)) == ("E141", (65, 65, "a"))


class TestNodes:
    """Keys, values, lists and mappings count: root, key, list, and then the items."""

    def test_limit(self, parser: str, monkeypatch: pytest.MonkeyPatch) -> None:
        limit = 200_000
        if parser == "python":  # slow: the same code with a smaller number
            limit = 2_000
            monkeypatch.setattr(composer, "LIMIT_NODES", limit)
        items = limit - 3
        read("a: [" + "b," * items + "]")
        finding = refusal("a: [" + "b," * items + "c]")
        assert finding.code == "E142"
        assert finding.message == f"the file holds more than {limit:,} keys, values, lists and mappings"
        assert place(finding.span) == (1, 5 + 2 * items, "c")

    def test_the_number(self) -> None:
        assert source.LIMIT_NODES == 200_000


class TestText:
    LIMIT = 65_536

    @pytest.mark.parametrize(("before", "after"), [("a: ", ""), ("a: '", "'"), ('a: ["', '"]'), ("? ", "\n: a")])
    def test_one_line(self, before: str, after: str) -> None:
        read(before + "x" * self.LIMIT + after)
        finding = refusal(before + "x" * (self.LIMIT + 1) + after)
        assert (finding.code, finding.message) == ("E143", "this text is longer than 65,536 bytes")
        assert place(finding.span) == (1, len(before) + 1, "x" * (self.LIMIT + 1))

    def test_bytes_count_not_characters(self) -> None:
        text = "中" * 21_845  # 65,535 bytes
        read(f"a: {text}x")
        assert refusal(f"a: {text}xx").code == "E143"

    def test_several_lines(self) -> None:
        line = "  " + "x" * 1023 + "\n"
        read("a: |\n" + line * 64)
        finding = refusal("a: |\n" + line * 64 + "  y\n")
        assert (finding.code, place(finding.span)) == ("E143", (2, 3, "x" * 1023))

    def test_escapes_count_as_what_they_mean(self) -> None:
        read('a: "' + r"\x41" * self.LIMIT + '"')
        finding = refusal('a: "' + r"\x41" * (self.LIMIT + 1) + '"')
        assert (finding.code, finding.hint) == ("E143", "is a closing quote missing?")

    def test_key(self) -> None:
        read("x: 1\n" + "k" * 1024 + ": a\n")
        finding = refusal("x: 1\n" + "k" * 1025 + ": a\n")
        assert (finding.code, finding.message) == ("E154", "the key is longer than 1,024 characters")

    def test_what_stands_before_a_second_colon(self) -> None:
        """With its own colon `k: a` is a text of up to 1,024 characters, or a key that is too long."""
        assert refusal("x: 1\n" + "k" * 1021 + ": a: b\n").code == "E155"
        assert refusal("x: 1\n" + "k" * 1022 + ": a: b\n").code == "E154"

    def test_key_of_a_list_item(self) -> None:
        read("x:\n  - " + "k" * 1024 + ": a\n")
        finding = refusal("x:\n  - " + "k" * 1025 + ": a\n")
        assert (finding.code, place(finding.span)) == ("E154", (2, 5, "k" * 1025))


class TestLittleWork:
    """Reading stops at the first event past a limit, counted in events: a clock would measure the machine."""

    @pytest.fixture
    def events(self, parser: str, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        count = [0]
        base: Any = yaml.CSafeLoader if parser == "libyaml" else yaml.SafeLoader

        class Counting(base):  # type: ignore[misc]
            def get_event(self) -> Any:
                count[0] += 1
                return super().get_event()

        if parser == "libyaml":
            monkeypatch.setattr(source, "FAST_PARSER", Counting)
        else:
            monkeypatch.setattr(yaml, "SafeLoader", Counting)
        return count

    def test_a_hundred_thousand_brackets(self, events: list[int]) -> None:
        finding = refusal("a: " + "[" * 100_000)
        assert (finding.code, place(finding.span)) == ("E141", (1, 67, "["))
        assert events[0] == 2 + 2 + 64  # stream and document, mapping and key, brackets

    def test_a_hundred_thousand_dashes(self, events: list[int]) -> None:
        assert refusal("a:\n" + "- " * 100_000).code == "E141"
        assert events[0] == 2 + 2 + 64

    def test_brackets_alone_are_refused_at_the_first(self, events: list[int]) -> None:
        assert refusal("[" * 100_000).code == "E112"
        assert events[0] == 3 if source.FAST_PARSER is None else events[0] <= 3

    def test_too_large_a_text_is_not_parsed(self, events: list[int]) -> None:
        assert refusal("a: 1\n" * 2_000_000).code == "E103"
        assert events[0] == 0

    @pytest.mark.parametrize(
        "unit", ["{a: ", "? ", ": ", "&a ", "*a ", "!a ", "'", '"', "- - ", ",", "%", "--- ", "\t", "\0"]
    )
    def test_a_hundred_thousand_of_anything_end_soon(self, unit: str, events: list[int]) -> None:
        assert refusals("a: " + unit * 99_999)
        assert events[0] <= 300
