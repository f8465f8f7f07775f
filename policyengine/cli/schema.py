"""policyengine schema – the JSON Schemas of what goes in and comes out."""

from __future__ import annotations

from typing import Any

import click

from policyengine.cli.guard import FINE
from policyengine.cli.options import with_examples
from policyengine.cli.output import say

KINDS = (
    "ruleset", "lawfile", "claim", "history", "settlement", "bounds", "why_not", "resettlement", "accumulators",
    "affordable", "simulation", "difference",
)  # fmt: skip


@with_examples("schema", "policyengine schema ruleset > ruleset.schema.json", "policyengine schema claim")
@click.argument("kind", type=click.Choice(KINDS), default="ruleset")
def command(kind: str) -> int:
    """Write the JSON Schema of rule files and law files (for editors), claims, histories, or of what a command writes
    as JSON.

    settlement: settle, and month-end and year-end, each line; bounds: settle --bounds; why_not: that field of a
    settlement; resettlement: resettle; accumulators: history; affordable: month-end and year-end with --seek;
    simulation: simulate; difference: diff.
    """
    from policyengine.report.data import json_text

    say(json_text(schema_of(kind), indent=2))
    return FINE


def schema_of(kind: str) -> dict[str, Any]:
    """The JSON Schema of one of ``KINDS``."""
    match kind:
        case "ruleset":
            from policyengine.schema import ruleset_schema

            return ruleset_schema()
        case "lawfile":
            from policyengine.lawfiles import law_schema

            return law_schema()
        case "settlement":
            from policyengine.report.data import settlement_schema

            return settlement_schema()
        case "claim" | "history":
            from policyengine.claim import Claim, History

            return (Claim if kind == "claim" else History).model_json_schema()
        case "simulation":
            from policyengine.report.simulation_data import simulation_schema

            return simulation_schema()
        case "difference":
            from policyengine.report.difference_data import difference_schema

            return difference_schema()
        case _:
            from policyengine.report import schemas

            made: dict[str, Any] = getattr(schemas, f"{kind}_schema")()
            return made
