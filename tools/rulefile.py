"""The page about rule files: every section with its keys."""

from __future__ import annotations

from policyengine.parse.provisions import NOTES, PROVISION, layer_fields
from policyengine.parse.sections import SECTIONS, SINGLE
from policyengine.schema import ruleset_schema
from tools.markdown import fields_table, table

INTRODUCTION = """# Rule files

A rule file is YAML without tags, anchors and implicit types. It lies at `<name>/ruleset.yaml` below a root; its name is
its folder. `policyengine schema` prints the JSON Schema for editors."""


PARAMETERS = """A parameter may also be a list of dated values, one such value alone, or just the value, as in
`threshold: 500元`. A dated value (`replaces` and `label` only where it stands alone):"""


def rule_file() -> str:
    """Sections in the order of the schema, each with its table."""
    properties = ruleset_schema()["properties"]
    rows = [(f"`{name}`", section.get("description", "")) for name, section in properties.items()]
    parts = [INTRODUCTION, table(("section", "what it holds"), rows)]
    for name, (_, fields) in SECTIONS.items():
        parts.append(f"## {name}\n\nA mapping from names to entries: {properties[name]['description']}.")
        parts.append(fields_table(fields))
        if name == "parameters":
            parts += [PARAMETERS, fields_table(SINGLE)]
    parts += ["## layers\n\nA list: who pays, in order.", fields_table(layer_fields("CNY"))]
    parts += [
        "## provisions\n\nA list of the sentences of the policy, in the order of the law. Each holds the key of one "
        "[mechanism](mechanisms.md) and any of these:",
        fields_table(PROVISION),
        "A provision of a file that extends another may instead be a note on one of the parent's:",
        fields_table(NOTES),
    ]
    return "\n\n".join(parts)
