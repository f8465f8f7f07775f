"""Law files read and typed; every fault is collected and located."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from policyengine import expressions as ast
from policyengine.casebook.read import shown_name
from policyengine.errors import Diagnostic, RuleError
from policyengine.lawfiles.model import Compare, Law
from policyengine.money import exponent_of
from policyengine.parse.common import EVIDENCE, Read, text_of
from policyengine.parse.evidence import TITLE, citations
from policyengine.resolve import fault
from policyengine.rulebook import Roots, locate
from policyengine.shapes import (
    Choice,
    Date,
    Expression,
    Faults,
    Field,
    ListOf,
    MapOf,
    Name,
    Schema,
    Text,
    Word,
    read_record,
    record_schema,
    scalar,
)
from policyengine.source import MapNode, Node, ScalarNode, read_file

FOLDER = "laws"
WAYS = ("with", "on", "numbers", "otherwise")


def find_laws(ruleset: Path | str, path: Roots = ()) -> tuple[Path, ...]:
    """The law files beside a rule file, sorted. Raises ``RuleError`` if there is no such rule set."""
    return tuple(sorted((locate(ruleset, path).file.parent / FOLDER).glob("*.yaml")))


def read_laws(files: Iterable[Path], shown: Callable[[Path], str] = shown_name) -> tuple[Law, ...]:
    """The laws of these files, of one rule set. ``shown``: what messages call a file. Raises ``RuleError`` with
    everything that is wrong."""
    faults, found = Faults(), list[Law]()
    for file in files:
        values = faults.attempt(_file, file, shown(file))
        for node in values["laws"] if values is not None else ():
            law = faults.attempt(_law, node)
            found += [law] if law is not None else []
    first: dict[str, Law] = {}
    for law in found:
        if first.setdefault(law.id.text, law) is not law:
            related = (("first here", first[law.id.text].id.span),)
            faults.add(RuleError(Diagnostic("E791", f"the law `{law.id}` stands twice", law.id.span, related=related)))
    faults.done()
    return tuple(found)


def _file(file: Path, shown: str) -> dict[str, Any]:
    return read_record(read_file(file, shown), FILE, "a law file")


# -- fields ------------------------------------------------------------------------------------------------------------


def _numbers(node: Node) -> tuple[tuple[ScalarNode, ast.Number], ...]:
    """Addresses of numbers with the values they would have."""
    if not isinstance(node, MapNode):
        raise fault("E301", "a mapping is needed here", node.span, "addresses of numbers with their values")
    faults = Faults()
    found = [(key, faults.attempt(_number, value)) for key, value in node.entries]
    faults.done()
    return tuple((key, value) for key, value in found if value is not None)


def _number(node: Node) -> ast.Number:
    tree = Expression().read(node)
    if not isinstance(tree, ast.Number):
        raise fault("E311", "a plain value is needed here", node.span, "a number with its unit, such as 8000元 or 75%")
    return tree


def _facts(node: Node) -> tuple[tuple[Word, ScalarNode], ...]:
    """Facts with the values they would have."""
    if not isinstance(node, MapNode):
        raise fault("E301", "a mapping is needed here", node.span, "facts with their values")
    shape = Name()
    return tuple((shape.read(key), scalar(value, "a value of the fact")) for key, value in node.entries)


def _named(node: Node) -> Word:
    text = scalar(node, "the name or the path of a rule set")
    return Word(text.text, text.span)


_MAPPING: Schema = {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}}
COMPARE = (
    Field("with", Read(_named, {"type": "string"}),
          "another rule set, by its name, or by its path seen from the folder of this one; facts that it does not "
          "declare are not stated to it"),
    Field("on", Date(), "this rule set as it is in force on that day"),
    Field("numbers", Read(_numbers, _MAPPING), "this rule set with other numbers: their addresses, as of `sweep`"),
    Field("otherwise", Read(_facts, _MAPPING), "the same claim with other facts"),
)  # fmt: skip
FILE = (Field("laws", ListOf(Read(lambda node: node, {})), "the laws of the file", True),)
LAW = (
    Field("id", Name(), "the law's name, unique in the rule set", True),
    Field("name", TITLE, "the law in a sentence: a text, or {zh: …, en: …}", True),
    Field("for_all", Expression(), "for which claims it holds: a condition; default: all"),
    Field("compare", Read(lambda node: node, record_schema(COMPARE)),
          "what a claim is held against: one of " + ", ".join(f"`{one}`" for one in WAYS)),
    Field("each", Choice(("claim", "life")),
          "of a comparison: `claim`, each claim behind the same earlier ones (default); `life`, the amounts of all "
          "such claims of a member together"),
    Field("holds", Expression(), "what must hold", True),
    Field("tolerance", Expression(), "how far amounts that `holds` compares may be apart: 0.01元; default: nothing"),
    Field("parameters", MapOf(Text()),
          "values of parameters that the rule file leaves to the caller; those not named are drawn"),
    *EVIDENCE,
)  # fmt: skip


def law_schema() -> Schema:
    """The JSON Schema (draft-07) of law files."""
    schema = record_schema(FILE)
    schema["properties"]["laws"]["items"] = record_schema(LAW)
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": "Law file", **schema}


def _law(node: Node) -> Law:
    values = read_record(node, LAW, "a law")
    faults = Faults()
    compare = faults.attempt(_compare, values["compare"]) if "compare" in values else None
    tolerance = faults.attempt(_tolerance, values["tolerance"]) if "tolerance" in values else 0
    cites, assumed = citations(values.get("cite")), values.get("assumed", ())
    if not cites and not assumed:
        text = f"nobody is named who says that `{values['id']}` holds"
        faults.add(fault("E792", text, values["id"].span, "`cite:` with the words of a source, or `assumed:`"))
    if "each" in values and "compare" not in values:
        text = "`each` says what a comparison adds up, and the law compares nothing"
        faults.add(fault("E793", text, values["id"].span, hint="of a year, `after(meter)` is what a meter holds"))
    faults.done()
    return Law(
        values["id"], text_of(values["name"]), node.span, values["holds"], values.get("for_all"), compare,
        values.get("each", "claim"), tolerance or 0, {k.text: v for k, v in values.get("parameters", ())}, cites,
        assumed,
    )  # fmt: skip


def _compare(node: Node) -> Compare:
    values = read_record(node, COMPARE, "a comparison")
    if len(values) != 1:
        text = "a comparison is with one thing" if values else "a comparison with nothing"
        raise fault("E793", text, node.span, "one of " + ", ".join(WAYS))
    empty = [name for name in ("numbers", "otherwise") if name in values and not values[name]]
    if empty:
        raise fault("E793", f"`{empty[0]}` names nothing, so that both sides are the same", node.span)
    return Compare(
        node.span, values.get("with"), values.get("on"), values.get("numbers", ()), values.get("otherwise", ())
    )


def _tolerance(node: ast.Node) -> int:
    """An amount in minor units."""
    if not isinstance(node, ast.Number) or node.unit in ("", "%", "pp"):
        raise fault("E799", "the tolerance is no amount of money", node.span, "an amount such as 0.01元")
    return int(node.value * 10 ** exponent_of(node.unit))
