"""From the tree of a rule file to its typed form. One field table a section; every fault is collected and located."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from policyengine.errors import nearest
from policyengine.mechanisms import BY_KEY
from policyengine.money import EXPONENTS
from policyengine.parse.common import PLACE, PUBLISHED, read_days, read_rounding, read_settle_by, text_of
from policyengine.parse.evidence import TITLE
from policyengine.parse.provisions import read_layer, read_provision
from policyengine.parse.runs import facts_of, read_rows, read_run
from policyengine.parse.sections import SECTIONS, read_cover, read_parts
from policyengine.resolve import fault
from policyengine.ruleset import Ruleset
from policyengine.shapes import Choice, Faults, Text, Word, pairs
from policyengine.source import MapNode, Node, ScalarNode, SeqNode

SELECTING = ("discharge_date", "admission_date", "settlement_date", "service_date")
STATUS = ("draft", "approved", "repealed")
HEAD = ("ruleset", "title", "place", "extends", "status", "currency", "published", "valid", "dated_by", "settle_by",
        "rounding", "covers", "run", "rows", "parts")  # fmt: skip
MOST_ITEMS = 10_000
LISTS = ("layers", "provisions")
VERSIONED = ("tables", "settlement")
"""Sections whose entries may be lists of versions."""
ORDER = (*(key for key in HEAD if key != "parts"), "sources", "facts", "payers", "parts",
         *(name for name in SECTIONS if name not in ("sources", "facts", "payers")), *LISTS)  # fmt: skip
"""Every key of a rule file, in the order in which they are written."""


def parse(tree: MapNode, name: str, files: tuple[tuple[str, str], ...] = (), currency: str = "CNY") -> Ruleset:
    """A rule file's tree as a ``Ruleset``. ``currency``: the one of a file that states none. Raises ``RuleError`` with
    all faults found."""
    faults = Faults()
    currency = _currency(tree, faults, currency)
    out: dict[str, Any] = {}
    for key, node in tree.entries:
        out.update(faults.attempt(_entry, key, node, currency, name) or {})
    if tree.get("ruleset") is None:
        faults.add(fault("E303", "a rule file needs the key `ruleset`: its name", tree.span, "ruleset: cn/…"))
    faults.done()
    declared = out.pop("name")
    if declared.text != name:
        message = f"the file is found as `{name}` but says that it is `{declared}`"
        raise fault("E323", message, declared.span, f"ruleset: {name}")
    stated = frozenset(out)
    out.setdefault("title", {})
    _complete_run(tree, out)
    return Ruleset(name=name, span=tree.span, files=files, stated=stated, **out)


def _complete_run(tree: MapNode, out: dict[str, Any]) -> None:
    """A run has rows, is of the last day of its window, and its fields are facts of the rows. Raises ``RuleError``."""
    run, rows = out.get("run"), out.get("rows")
    if (run is None) != (rows is None) and "extends" not in out:
        have, need = ("run", "rows") if rows is None else ("rows", "run")
        raise fault(
            "E370", f"`{have}` stands without `{need}`", out[have].span, f"a run has both `{have}` and `{need}`"
        )
    if rows is not None:
        out["facts"] = (*out.get("facts", ()), *facts_of(rows))
    if run is not None:
        stated = tree.get("dated_by")
        if stated is not None:
            raise fault("E370", "a run is of the last day of its window", stated.span, "no `dated_by`")
        out["dated_by"] = "service_date"


def _entry(key: ScalarNode, node: Node, currency: str, origin: str) -> dict[str, Any]:
    if key.text in SECTIONS:
        return {key.text: _section(key, node, SECTIONS[key.text][0])}
    if key.text == "layers":
        return {"layers": _items(node, lambda item: read_layer(item, currency))}
    if key.text == "provisions":
        found = _items(node, lambda item: read_provision(item, origin))
        return {
            "provisions": tuple(p for p in found if p.mechanism in BY_KEY),
            "notes": tuple(p for p in found if p.mechanism not in BY_KEY),
        }
    if key.text in HEAD:
        return _head(key.text, node, currency)
    known = [*SECTIONS, *HEAD, *LISTS]
    raise fault("E302", f"a rule file has no section `{key.text}`", key.span, hint=nearest(key.text, known))


def _currency(tree: MapNode, faults: Faults, default: str) -> str:
    node = tree.get("currency")
    return default if node is None else faults.attempt(Choice(tuple(EXPONENTS)).read, node) or default


def _head(key: str, node: Node, currency: str) -> dict[str, Any]:
    match key:
        case "ruleset":
            return {"name": Word(Text().read(node), node.span)}
        case "title":
            return {"title": text_of(TITLE.read(node))}
        case "place":
            return {"place": PLACE.read(node)}
        case "extends":
            return {"extends": Word(Text().read(node), node.span)}
        case "currency":
            return {"currency": currency}
        case "rounding":
            return read_rounding(node, currency)
        case "settle_by":
            return {"settle_by": read_settle_by(node)}
        case "dated_by":
            return {"dated_by": Choice(SELECTING).read(node)}
        case "valid":
            return read_days(node)
        case "published":
            return {"published": PUBLISHED.shape.read(node)}
        case "run":
            return {"run": read_run(node)}
        case "rows":
            return {"rows": read_rows(node)}
        case "status":
            return {"status": Choice(STATUS).read(node), "status_at": node.span}
        case "covers":
            return {"covers": (read_cover(node),)}
        case _:
            return {"parts": read_parts(node)}


def _section(key: ScalarNode, node: Node, read: Callable[[Word, Node], Any]) -> tuple[Any, ...]:
    faults, found = Faults(), []
    for name, value in pairs(node, f"`{key.text}`"):
        versions = value.items if isinstance(value, SeqNode) and key.text in VERSIONED else (value,)
        found += [faults.attempt(read, name, version) for version in versions]
    faults.done()
    return tuple(found)


def _items(node: Node, read: Callable[[Node], Any]) -> tuple[Any, ...]:
    if not isinstance(node, SeqNode):
        raise fault("E304", "a list is needed here", node.span, "- {id: …}")
    if len(node.items) > MOST_ITEMS:
        raise fault("E351", f"there are {len(node.items):,} entries", node.span, f"at most {MOST_ITEMS:,}")
    faults = Faults()
    found = [faults.attempt(read, item) for item in node.items]
    faults.done()
    return tuple(found)
