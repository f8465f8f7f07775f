"""Drafts of cases: claims that somebody should work out by hand, in the form of a case file.

The expected amounts are left open (`…`): a case file with a draft in it is refused until a person has filled them in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Protocol

from policyengine.claim import Claim, History
from policyengine.errors import printable
from policyengine.runs import RunRow

OPEN: Final = "…"
"""What stands for an amount that is still to be worked out."""
_PLAIN = re.compile(r"[^\W\d][\w.\-/]*|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]+\.[0-9]+")
_WORDS = ("true", "false", "yes", "no", "on", "off", "null", "none", "y", "n")


class Told(Protocol):
    """Claims for a draft, with what they are settled with and, of the last one, what every side bears."""

    @property
    def claims(self) -> Sequence[Claim]: ...
    @property
    def parameters(self) -> Mapping[str, str]: ...
    @property
    def history(self) -> History | None: ...
    @property
    def as_it_stands(self) -> Mapping[str, str]: ...
    @property
    def rows(self) -> Sequence[RunRow]:
        """What a run makes its claim of."""


def draft(name: str, title: str, told: Told) -> list[str]:
    """The lines of a case. The split of the last claim is left to be worked out."""
    lines = [f"  - id: {flow(name)}", f"    title: {flow(title)}", f"    source: {OPEN}"]
    if told.parameters:
        lines.append(f"    parameters: {flow(dict(told.parameters))}")
    if told.history is not None:
        rows = told.history.model_dump(mode="json", exclude_defaults=True).get("accumulators", [])
        lines += ["    history:", *(f"      - {flow(row)}" for row in rows)]
    lines += _of_run(told) if told.rows else _of_claims(told)
    return [printable(line) for line in lines]


def _of_claims(told: Told) -> list[str]:
    claims = [f"      - claim: {flow(claim.model_dump(mode='json', exclude_unset=True))}" for claim in told.claims]
    return ["    claims:", *claims, f"        expect: {_expected(told.as_it_stands)}"]


def _of_run(told: Told) -> list[str]:
    given = handed_in([row.plain() for row in told.rows])
    if "refused" in told.as_it_stands:
        return [*given, f"    refused: {OPEN}"]
    return [*given, expected_of(told.claims[-1].person.id, _expected(told.as_it_stands))]


def handed_in(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """What a run is handed in."""
    return ["    settlements:", "      rows:", *(f"        - {flow(row)}" for row in rows)]


def expected_of(unit: str, expected: str) -> str:
    """What a run must come to for a member, a household or all."""
    return f"    units: [{{of: {flow(unit)}, expect: {expected}}}]"


def _expected(amounts: Mapping[str, str]) -> str:
    if "refused" in amounts:
        return f"{{refused: {OPEN}}}"
    payers = [name for name in amounts if " " not in name]
    return f"{{split: {{{', '.join(f'{payer}: {OPEN}' for payer in payers)}}}}}"


def flow(value: Any) -> str:
    """Plain data on one line, as YAML that case files read."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {flow(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    plain = _PLAIN.fullmatch(value) and value.lower() not in _WORDS
    return value if plain else "'" + value.replace("'", "''") + "'"
