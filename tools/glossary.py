"""The page about words: facts, tags, payers, parts, reasons, amounts."""

from __future__ import annotations

from collections.abc import Mapping

from policyengine import terms
from tools.markdown import table

HEADING = ("word", "中文", "English", "national field")


def glossary() -> str:
    """Every word of the glossary, with its 中文 and its national field."""
    return "\n\n".join(
        (
            "# Terms",
            "Rule files and claims may write a word or its 中文.",
            "## Facts",
            table(("fact", "中文", "English", "kind", "of", "in the claim", "words"), map(_fact, terms.FACTS.values())),
            "## Reserved words",
            "A rule file cannot declare a fact of one of these names, of a fact above, or of an operator (`if`, "
            "`else`, `and`, `or`, `not`, `in`, `between`, `of`, `where`).",
            table(("word", "what it means"), [(f"`{word}`", what) for word, what in sorted(terms.RESERVED.items())]),
            "## Tags of a person",
            table(("tag", "中文", "English"), [(f"`{tag}`", zh, en) for tag, (zh, en) in terms.TAGS.items()]),
            "## Payers",
            table(("payer", "中文", "English", "side", "national field"), map(_payer, terms.PAYERS.values())),
            "## Parts of the bill",
            table(HEADING, _terms(terms.CATEGORIES_OF_PARTS)),
            "## Why an amount stays with the patient",
            table(HEADING, _terms(terms.REASONS)),
            "## Amounts of steps",
            table(HEADING, _terms(terms.AMOUNTS)),
        )
    )


def _fact(fact: terms.Fact) -> tuple[str, ...]:
    words = [f"`{word}` {zh}" for word, zh in fact.values.items()] + (["any others"] if fact.open else [])
    return (
        f"`{fact.id}`",
        fact.zh,
        fact.en,
        fact.kind,
        fact.domain,
        f"`{fact.at}`",
        ", ".join(words),
    )


def _payer(payer: terms.Payer) -> tuple[str, ...]:
    return (f"`{payer.id}`", payer.zh, payer.en, payer.side, payer.field)


def _terms(found: Mapping[str, terms.Term]) -> list[tuple[str, ...]]:
    return [(f"`{t.id}`", t.zh, t.en, t.field) for t in found.values()]
