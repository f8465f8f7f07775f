"""The tables. Texts, whole numbers and nothing else, the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, Integer, MetaData, String, Table, Text

METADATA: Final = MetaData()


def _words(length: int, *names: str) -> tuple[Column[str], ...]:
    """Columns of texts of at most so many characters, never empty."""
    return tuple(Column(name, String(length), nullable=False) for name in names)


VERSIONS: Final = Table("schema_version", METADATA, Column("version", Integer, primary_key=True))
"""One row: the version of the tables."""

ALIASES: Final = Table(
    "aliases", METADATA,
    Column("alias", String(40), primary_key=True),
    Column("name", Text, unique=True),
    Column("mark", String(64)),
)  # fmt: skip
"""Who is meant by the aliases that stand everywhere else; ``name`` is empty when the person was erased. The only table
that holds the ids of the host."""

CASES: Final = Table(
    "cases", METADATA,
    Column("id", String(200), primary_key=True),
    *_words(40, "person"),
    *_words(200, "ruleset"),
    Column("number", Integer, nullable=False),
    *_words(64, "hash"),
    *_words(20, "stage"),
)  # fmt: skip
"""A row a case: the lock, and the end of its chain of events."""

COMMANDS: Final = Table(
    "commands", METADATA,
    Column("id", String(200), primary_key=True),
    *_words(200, "case_id"),
    Column("number", Integer, nullable=False),
    *_words(64, "payload"),
    Column("result", Text, nullable=False),
)  # fmt: skip
"""Commands that took effect: the hash of what they said, and what was answered."""

EVENTS: Final = Table(
    "events", METADATA,
    Column("case_id", String(200), primary_key=True),
    Column("number", Integer, primary_key=True),
    *_words(200, "command"),
    *_words(20, "kind"),
    *_words(10, "day"),
    *_words(40, "at"),
    Column("data", Text, nullable=False),
    *_words(64, "answered", "previous"),
    Column("hash", String(64), nullable=False, unique=True),
)  # fmt: skip
"""What happened. ``answered``: the hash of the row of the command, so that the chain covers it."""

ENTRIES: Final = Table(
    "entries", METADATA,
    Column("case_id", String(200), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("line", Integer, primary_key=True),
    *_words(200, "party"),
    *_words(20, "nature"),
    Column("amount", BigInteger, nullable=False),
    ForeignKeyConstraint(["case_id", "number"], ["events.case_id", "events.number"]),
)  # fmt: skip
"""The ledger: what the events post."""

SCOPES: Final = Table(
    "scopes", METADATA,
    Column("ruleset", String(200), primary_key=True),
    Column("scope", String(500), primary_key=True),
    Column("history", Text, nullable=False),
    *_words(80, "rules"),
    Column("settled", Integer, nullable=False),
    Column("mark", String(64)),
)  # fmt: skip
"""The accumulators of a person, a household …: a cache of what the events say, and the lock while a claim settles.
``rules``: the digest of the rule set that made it; ``settled``: how often it was written; ``mark``: the hash of the
row, since that number follows from nothing else."""

USES: Final = Table(
    "uses", METADATA,
    Column("ruleset", String(200), primary_key=True),
    Column("scope", String(500), primary_key=True),
    Column("settled", Integer, primary_key=True),
    *_words(200, "case_id"),
    Column("number", Integer, nullable=False),
    Column("mark", String(64)),
    Index("uses_by_case", "case_id", "number"),
)  # fmt: skip
"""Which settlements that stand are counted in a scope, in the order in which they were made."""
