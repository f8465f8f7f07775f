"""The cache is keyed by content: never stale, never trusted when damaged, never in the way."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

from policyengine import Claim, cache, load, settle
from policyengine.loading import about
from policyengine.rulebook import bundled_names, from_written, locate, written
from tests.loading.test_roots import write


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    where = tmp_path / "cache"
    monkeypatch.setenv("POLICYENGINE_CACHE", str(where))
    monkeypatch.setattr(cache, "_kept", type(cache._kept)())
    return where


def forget() -> None:
    cache._kept.clear()


@pytest.mark.parametrize("name", bundled_names())
def test_what_is_read_from_the_cache_is_what_was_made(name: str) -> None:
    book = load(name)
    again = from_written(written(book))
    assert again == book
    assert again.programs == book.programs


def test_a_fresh_process_would_read_the_entry(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "rules", "a")
    made = load("a", tmp_path / "rules")
    forget()
    monkeypatch.setattr("policyengine.assemble.assemble", None)
    assert load("a", tmp_path / "rules") == made


def test_a_list_reads_no_programs(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it says of a rule set is kept by itself, and told anew once the file says something else."""
    file = write(tmp_path / "rules", "a")
    place = locate("a", tmp_path / "rules")
    said = about(place)
    forget()
    monkeypatch.setattr("policyengine.loading.load_at", None)
    assert about(place) == said
    assert (said.valid, said.status) == (("2016-01-01", ""), "approved")
    monkeypatch.undo()
    file.write_text(file.read_text(encoding="utf-8").replace("2016-01-01", "2017-02-03"), encoding="utf-8")
    assert about(place).valid == ("2017-02-03", "")


def test_a_changed_file_is_read_again(folder: Path, tmp_path: Path) -> None:
    file = write(tmp_path / "rules", "a")
    first = load("a", tmp_path / "rules")
    file.write_text(file.read_text(encoding="utf-8").replace("70%", "71%"), encoding="utf-8")
    assert load("a", tmp_path / "rules").digest != first.digest


def test_a_changed_parent_is_read_again(folder: Path, tmp_path: Path) -> None:
    root = tmp_path / "rules"
    parent, child = write(root, "a"), write(root, "b", "a", whole=False)
    child.write_text("ruleset: b\nextends: a\n", encoding="utf-8")
    first = load("b", root)
    parent.write_text(parent.read_text(encoding="utf-8").replace("70%", "71%"), encoding="utf-8")
    assert load("b", root).digest != first.digest


def test_a_parent_named_in_quotes_is_never_kept(folder: Path, tmp_path: Path) -> None:
    """The quick look at `extends` does not understand quotes; such a rule set is simply made anew."""
    root = tmp_path / "rules"
    parent, child = write(root, "a"), write(root, "b")
    child.write_text('ruleset: b\n"extends": "a"\n', encoding="utf-8")
    load("b", root)
    forget()
    parent.write_text(parent.read_text(encoding="utf-8").replace("70%", "71%"), encoding="utf-8")
    share = next(s for s in load("b", root).programs[0].steps if s.name == "share")
    assert "71" in str(share.expr)


@pytest.mark.parametrize("damage", [b"", b"nonsense", b"0" * 64 + b"\n[]"])
def test_a_damaged_entry_is_a_miss(folder: Path, tmp_path: Path, damage: bytes) -> None:
    write(tmp_path / "rules", "a")
    made = load("a", tmp_path / "rules")
    (entry,) = folder.iterdir()
    entry.write_bytes(damage)
    forget()
    assert load("a", tmp_path / "rules") == made


def test_one_flipped_byte_is_a_miss(folder: Path, tmp_path: Path) -> None:
    write(tmp_path / "rules", "a")
    made = load("a", tmp_path / "rules")
    (entry,) = folder.iterdir()
    content = bytearray(entry.read_bytes())
    content[len(content) // 2] ^= 1
    entry.write_bytes(content)
    forget()
    assert load("a", tmp_path / "rules") == made


def test_a_cache_that_cannot_be_written_is_no_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICYENGINE_CACHE", "/dev/null/nowhere")
    monkeypatch.setattr(cache, "_kept", type(cache._kept)())
    write(tmp_path, "a")
    assert load("a", tmp_path).name == "a"


def test_off_keeps_nothing_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICYENGINE_CACHE", "off")
    assert cache.folder() is None


def test_a_rule_error_is_never_kept(folder: Path, tmp_path: Path) -> None:
    file = write(tmp_path / "rules", "a")
    good = file.read_text(encoding="utf-8")
    file.write_text(good.replace("70%", "850%"), encoding="utf-8")
    with pytest.raises(Exception, match="did you mean `85%`"):
        load("a", tmp_path / "rules")
    assert not folder.exists() or not list(folder.iterdir())


def test_a_rulebook_goes_to_another_process_after_it_has_settled() -> None:
    """What was prepared in this process (compiled functions) stays here."""
    book = load("cn/shanxi/136")
    text = (Path(__file__).parents[2] / "demo" / "shanxi_136.json").read_text(encoding="utf-8")
    claim = Claim.model_validate(json.loads(text))
    split = settle(book, claim).split
    again = pickle.loads(pickle.dumps(book))
    assert book.prepared
    assert again.prepared == {}
    assert again == book
    assert settle(again, claim).split == split
