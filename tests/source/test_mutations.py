"""Damaged texts: whatever is cut, added or exchanged, the answer is a tree or located findings, and the same
with and without libyaml."""

import random
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from policyengine import source
from policyengine.codes import CODES
from policyengine.errors import Diagnostic, RuleError
from policyengine.source import MapNode, read_file
from tests.source.samples import COUNTY, STAIRS
from tests.source.support import agrees, plain, read, scalars

CHARACTERS = [*" :,-[]{}'\"#|>?!&*%@`\n\\=<~\t\r\0é中：，\u3000\u202e\u200b\ufeff\x85\u2028"]
LAYOUT = ["  ", "\n  ", "\n- ", ": ", "- ", ", ", " #", "---\n", "...\n", "|\n", ">-\n", "? ", "\n\n", "b: "]
FEATURES = ["<<", "&a ", "*a", "!!t ", "\\x41", "\\ud800", "\\U00110000", "\\0", "%YAML 1.1\n", "%T\n"]
FRAGMENTS = [*CHARACTERS, *LAYOUT, *FEATURES]


def outcome(text: str) -> MapNode | tuple[Diagnostic, ...]:
    try:
        return read(text)
    except RuleError as error:
        return error.diagnostics


def hold(result: MapNode | tuple[Diagnostic, ...], text: str) -> None:
    """What must be true of every answer."""
    if isinstance(result, MapNode):
        assert [node for node in scalars(result) if not agrees(node)] == []
        return
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    for finding in result:
        span = finding.span
        assert span is not None
        assert CODES[finding.code].title
        assert finding.message
        assert span.text == lines[span.line - 1]
        assert 0 < span.column <= max(1, len(span.text))
        assert span.column - 1 + span.length <= max(1, len(span.text))
        assert finding.render().replace("\n", "").isprintable()
        assert finding.code != "E162", finding.render()


def damaged(rng: random.Random, text: str) -> str:
    start = rng.randrange(len(text))
    end = start + rng.choice([0, 0, 1, 1, 2, 7, 40])
    choice = rng.randrange(5)
    if choice == 0:
        return text[:start] + text[end:]
    if choice == 1:
        other = rng.randrange(len(text))
        return text[:start] + text[other : other + end - start] + text[end:]
    if choice == 2:
        return text[:start]
    return text[:start] + rng.choice(FRAGMENTS) + text[end:]


def pieces(rng: random.Random, text: str) -> str:
    """A few lines of a text, indented as they stand."""
    lines = text.split("\n")
    start = rng.randrange(len(lines))
    return "\n".join(lines[start : start + rng.randrange(1, 7)]) + "\n"


@pytest.mark.parametrize("sample", [COUNTY, STAIRS], ids=["county", "stairs"])
@pytest.mark.parametrize("seed", range(4))
def test_damaged_texts(sample: str, seed: int) -> None:
    rng = random.Random(f"{seed} {sample}")
    for number in range(300):
        text = damaged(rng, sample if number % 3 == 0 else pieces(rng, sample))
        text = damaged(rng, text) if number % 2 and text else text
        hold(outcome(text), text)


@pytest.mark.parametrize("sample", [COUNTY, STAIRS], ids=["county", "stairs"])
def test_text_cut_at_every_third_place(sample: str) -> None:
    for end in range(0, len(sample), 3):
        hold(outcome(sample[:end]), sample[:end])


@pytest.mark.parametrize("sample", [COUNTY, STAIRS], ids=["county", "stairs"])
def test_damaged_bytes(sample: str, tmp_path: Path) -> None:
    """Files cut within a character, or with bytes exchanged: a tree, or located findings."""
    rng, data, path = random.Random(sample), sample.encode(), tmp_path / "rules.yaml"
    found: list[Diagnostic] = []
    for _ in range(150):
        at = rng.randrange(len(data))
        path.write_bytes(data[:at] if rng.random() < 0.4 else data[:at] + rng.randbytes(1) + data[at + 1 :])
        try:
            read_file(path, "rules.yaml")
        except RuleError as error:
            found += error.diagnostics
    assert "E104" in {finding.code for finding in found}
    assert all(finding.span and finding.span.file == "rules.yaml" for finding in found)


@pytest.mark.parametrize("parser", ["libyaml"], indirect=True)
def test_both_parsers_agree(parser: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On damaged texts both give the same tree, or the same findings to the letter."""
    fast, rng = source.FAST_PARSER, random.Random(2016)
    counts = {MapNode: 0, tuple: 0}
    for _ in range(1500):
        text = damaged(rng, pieces(rng, rng.choice([COUNTY, STAIRS])))
        monkeypatch.setattr(source, "FAST_PARSER", fast)
        with_libyaml = outcome(text)
        monkeypatch.setattr(source, "FAST_PARSER", None)
        assert outcome(text) == with_libyaml, text
        counts[type(with_libyaml)] += 1
    assert min(counts.values()) > 100, "the damage is neither too small nor too large"


TEXTS = st.text(st.sampled_from("ab 中:#-,[]{}'\"\\?!&*%@|>()\n1元%"), min_size=1, max_size=12)
TREES = st.recursive(
    TEXTS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12
)


@given(st.dictionaries(TEXTS, TREES, min_size=1, max_size=4), st.sampled_from([True, False, None]))
@settings(max_examples=150, derandomize=True, deadline=None)
def test_what_another_program_writes_is_read(data: dict[str, object], flow: bool | None) -> None:
    """PyYAML's writer knows nothing of us; what it quotes and folds comes back letter by letter."""
    text = yaml.safe_dump(data, allow_unicode=True, default_flow_style=flow, sort_keys=False)
    result = outcome(text)
    if isinstance(result, MapNode):
        assert plain(result) == data
        assert all(agrees(node) for node in scalars(result))
    else:
        # stricter than YAML: it leaves a comma's half of `f(a, b)` without quotes, folds `- ` to a line's beginning
        assert {finding.code for finding in result} <= {"E137", "E161"}, text


@given(st.lists(st.sampled_from([*FRAGMENTS, "a", "b", "k: ", "\n"]), max_size=25).map("".join))
@settings(max_examples=300, derandomize=True, deadline=None)
def test_any_text_at_all(text: str) -> None:
    hold(outcome("k: " + text), "k: " + text)
