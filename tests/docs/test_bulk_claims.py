"""The page about claims by the million: what it shows is what comes of it; it names every key and kind of file."""

from __future__ import annotations

from pathlib import Path

from policyengine.bulk.facts import ALWAYS, GLOSSARY
from policyengine.bulk.mapping import COLUMN, MAPPING
from policyengine.bulk.rejected import SUFFIXES as REJECTED
from policyengine.bulk.sources import SUFFIXES
from policyengine.bulk.writing import SINKS
from tests.docs.truth import assert_true, text_of

NAME = "docs/bulk-claims.md"


def test_what_the_page_shows_is_what_comes_of_it(tmp_path: Path) -> None:
    assert_true(NAME, tmp_path, shell=False)


def test_the_page_names_every_key_of_a_mapping_and_every_column() -> None:
    page = text_of(NAME)
    assert [key.name for key in (*MAPPING, *COLUMN) if f"| `{key.name}` |" not in page] == []
    facts = [fact for fact in GLOSSARY.values() if fact.at[:2] != ("person", "tags")]
    assert [fact.name for fact in facts if f"`{fact.name}`" not in page] == []
    assert [name for name in ALWAYS if f"`{name}`" not in page] == []


def test_the_page_names_every_kind_of_file() -> None:
    page = text_of(NAME)
    assert [suffix for suffix in (*SUFFIXES, *SINKS) if f"`{suffix}`" not in page] == []
    assert {".csv": "CSV", ".parquet": "Parquet", ".jsonl": "JSON Lines"}.keys() == set(REJECTED)
