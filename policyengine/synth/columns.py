"""The mapping of columns beside a file of claims: which column states which fact, and what their fee lines are."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from policyengine import terms
from policyengine.synth.draws import FLAGS
from policyengine.synth.lists import LINES
from policyengine.synth.model import MILLION, Line
from policyengine.synth.plan import Plan
from policyengine.synth.tables import MARK, UNIT

CLAIM_COLUMNS = ("id", "sequence")
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")


def mapping_text(plan: Plan, schema: pa.Schema) -> str:
    """The mapping as a YAML file. Facts that neither the glossary nor the rule set knows are left out."""
    head = [
        "# Synthetic claims, made by `policyengine synth`: nobody's claims.",
        f"# {plan.made.text()}",
        f"columns: {_quoted(plan.made.profile)}",
        "fields:",
        *(f"  {_field(schema.field(name))}" for name in schema.names if _maps(name, plan)),
    ]
    if LINES in schema.names:
        return "\n".join([*head, *_list(schema), ""])
    lines = {line.id: line for kind in plan.profile.claims for line in kind.lines}
    return "\n".join([*head, "lines:", *(t for line in lines.values() for t in _template(line, plan, schema)), ""])


def _maps(name: str, plan: Plan) -> bool:
    if name in (MARK, LINES) or name.startswith("amount_") or "." in name:
        return False
    glossary = name in terms.FACTS or name in terms.DAYS or name in CLAIM_COLUMNS
    return glossary or (plan.known is not None and name in plan.known)


def _field(field: pa.Field) -> str:
    return f"{field.name}: {_column(field) if field.metadata else field.name}"


def _column(field: pa.Field) -> str:
    unit = (field.metadata or {}).get(UNIT, b"").decode()
    return f"{{column: {field.name}, unit: {unit}}}" if unit else f"{{column: {field.name}}}"


def _template(line: Line, plan: Plan, schema: pa.Schema) -> Iterator[str]:
    yield f"  - amount: {_column(schema.field(line.column))}"
    for name, text in line.fields.items():
        if name in terms.FACTS or (plan.known is not None and name in plan.known):
            yield f"    {name}: {_constant(name, text)}"
    yield from (f"    {name}: {_column(schema.field(column))}" for name, column in line.columns.items())


def _list(schema: pa.Schema) -> Iterator[str]:
    yield from ("lines:", f"  column: {LINES}", "  fields:")
    yield from (f"    {_field(field)}" for field in schema.field(LINES).type.value_type)


def _constant(name: str, text: str) -> str:
    if text in FLAGS:
        return "true" if FLAGS[text] == "yes" else "false"
    return _quoted(_rate(text) if name == "first_share_rate" else text)


def _rate(millionths: str) -> str:
    return f"{int(millionths) // MILLION}.{int(millionths) % MILLION:06d}".rstrip("0").rstrip(".")


def _quoted(text: str) -> str:
    """A text as YAML writes it; words of YAML and texts with signs stand in quotes."""
    bare = set(text) <= PLAIN and text not in ("yes", "no", "true", "false", "null") and text[:1].isalpha()
    return text if bare else "'" + text.replace("'", "''") + "'"
