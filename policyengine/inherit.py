"""``extends`` and overlays: one operator set. Add, replace, repeal, restate; nothing is redefined without saying so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from policyengine.errors import Diagnostic, RuleError, nearest
from policyengine.mechanisms.base import Provision
from policyengine.resolve import fault
from policyengine.ruleset import NEVER, FactDecl, Layer, Parameter, Ruleset
from policyengine.shapes import Faults, Word

T = TypeVar("T")
Item = TypeVar("Item", Layer, Provision)


def flatten(child: Ruleset, parent: Ruleset) -> Ruleset:
    """``parent`` with everything that ``child`` says on top of it. Raises ``RuleError``."""
    faults = Faults()
    merged: dict[str, Any] = {}
    for section in ("sources", "payers", "formulas", "windows", "meters", "stacks", "evidence"):
        merged[section] = faults.attempt(_union, getattr(parent, section), getattr(child, section))
    for section in ("parameters", "tables", "settlement", "entitlements", "audit"):
        merged[section] = faults.attempt(_named, getattr(parent, section), getattr(child, section))
    merged["facts"] = faults.attempt(_facts, parent.facts, child.facts)
    merged["layers"] = faults.attempt(_insert, parent.layers, child.layers, "layer")
    merged["provisions"] = faults.attempt(_provisions, parent, child)
    if "parts" in child.stated and parent.parts:
        faults.add(fault("E324", "the parts are fixed by the rule file it extends", child.parts[0].id.span))
    if "currency" in child.stated and child.currency != parent.currency:
        faults.add(fault("E324", f"the rule file it extends is in {parent.currency}", child.span))
    if child.run is not None or child.rows is not None or parent.run is not None:
        place = child.run or child.rows
        span = child.extends.span if place is None and child.extends is not None else (place or child).span
        faults.add(fault("E370", "a run stands for itself", span, "no `extends` to or from a run"))
    faults.attempt(_check_status, child, parent)
    faults.done()
    for key in ("currency", "rounding", "round_end", "settle_by", "dated_by", "valid", "grounds"):
        merged[key] = getattr(child if key in child.stated else parent, key)
    merged["parts"] = parent.parts or child.parts
    merged["covers"] = child.covers if any(c.replaces for c in child.covers) else parent.covers + child.covers
    merged["files"] = parent.files + child.files
    merged["notes"] = parent.notes + child.notes
    return replace(child, **merged)


def _check_status(child: Ruleset, parent: Ruleset) -> None:
    """What rests on a draft is a draft, and what rests on repealed law has ended with it."""
    if child.status == "approved" and parent.status != "approved":
        span = child.status_at or (child.extends.span if child.extends else child.span)
        message = f"the rule set is approved, but `{parent.name}`, which it extends, is {_STATUS[parent.status]}"
        raise fault("E385", message, span, hint=f"write `status: {parent.status}`, or extend another rule set")


_STATUS = {"draft": "a draft", "repealed": "repealed"}


def _key(item: Any) -> str:
    return str(item.name if hasattr(item, "name") else item.id)


def _union(parent: Sequence[T], child: Sequence[T]) -> tuple[T, ...]:
    names = {_key(item): item for item in parent}
    faults = Faults()
    for item in child:
        old = names.get(_key(item))
        if old is not None and old != item:
            span = item.id.span  # type: ignore[attr-defined]
            faults.add(fault("E325", f"`{_key(item)}` is already defined in the rule file it extends", span))
    faults.done()
    return tuple(parent) + tuple(item for item in child if _key(item) not in names)


def _named(parent: Sequence[Any], child: Sequence[Any]) -> tuple[Any, ...]:
    """Parameters and tables: a name of the parent is replaced only with ``replaces: yes``."""
    old, new = {item.id.text for item in parent}, {item.id.text for item in child}
    faults = Faults()
    for item in child:
        name = item.id.text
        if item.replaces and name not in old:
            faults.add(fault("E326", f"there is no `{name}` to replace", item.id.span, hint=nearest(name, old)))
        if not item.replaces and name in old:
            hint = "say `replaces: yes`, or choose another name"
            faults.add(
                fault("E325", f"`{name}` is already defined in the rule file it extends", item.id.span, hint=hint)
            )
    faults.done()
    stated = {item.id.text for item in child if _is_known(item)}
    kept = tuple(item for item in parent if item.id.text not in stated)
    return kept + tuple(item for item in child if item.id.text in stated | (new - old))


def _is_known(item: Any) -> bool:
    """Whether anything of a parameter or a version of a table has been published; what has not replaces nothing."""
    return bool(item.values or item.type) if isinstance(item, Parameter) else item.valid != NEVER


def _facts(parent: Sequence[FactDecl], child: Sequence[FactDecl]) -> tuple[FactDecl, ...]:
    """A child may add words to a code of the parent; everything else is new."""
    found = {fact.id.text: fact for fact in parent}
    for fact in child:
        old = found.get(fact.id.text)
        if old is None:
            found[fact.id.text] = fact
        elif fact.type not in ("", old.type):
            raise fault("E325", f"`{fact.id}` is already a {old.type} in the rule file it extends", fact.id.span)
        else:
            found[fact.id.text] = replace(old, values=old.values + fact.values)
    return tuple(found.values())


def _insert(parent: Sequence[Item], child: Sequence[Item], what: str) -> tuple[Item, ...]:
    """Items of the child at the places they name; by default at the end.

    Several versions of one thing are told apart by the days on which they were published.
    """
    out, names = list(parent), {item.id.text for item in parent}
    versions: dict[str, set[date | None]] = {}
    faults = Faults()
    for item in child:
        others = versions.setdefault(item.id.text, set())
        if item.id.text in names or item.published in others:
            hint = "use `replaces`" if what == "provision" else ""
            faults.add(fault("E325", f"the {what} `{item.id}` is already defined", item.id.span, hint=hint))
            continue
        others.add(item.published)
        try:
            _put(item, out, what)
        except RuleError as error:
            faults.add(error)
    faults.done()
    return tuple(out)


def _put(item: Item, out: list[Item], what: str) -> None:
    anchor = item.after or item.before
    if anchor is None:
        out.append(item)
    else:
        place = _place(anchor, [i.id.text for i in out], what)
        out.insert(place + (item.after is not None), item)


def _place(anchor: Word, names: Sequence[str], what: str) -> int:
    if anchor.text not in names:
        raise fault("E326", f"there is no {what} `{anchor}`", anchor.span, hint=nearest(anchor.text, names))
    return names.index(anchor.text)


def _provisions(parent: Ruleset, child: Ruleset) -> tuple[Provision, ...]:
    out = list(parent.provisions)
    faults = Faults()
    gone: dict[str, Provision] = {}
    for note in child.notes:
        faults.attempt(_apply_note, note, out, gone)
    added = []
    for provision in child.provisions:
        if provision.replaces is None:
            added.append(provision)
            continue
        place = faults.attempt(_place, provision.replaces, [o.id.text for o in out], "provision")
        if place is not None:
            _replace(provision, out, place)
    faults.done()
    return _insert(out, added, "provision")


def _replace(provision: Provision, out: list[Provision], place: int) -> None:
    """What was not yet published stands behind what it will replace, so that others can name it."""
    if provision.valid != NEVER:
        out[place] = provision
    elif provision.id.text != out[place].id.text:
        out.insert(place + 1, provision)


def _apply_note(note: Provision, out: list[Provision], gone: dict[str, Provision]) -> None:
    """``gone``: provisions that are repealed, each with the sentence that does it."""
    target = note.values[note.mechanism]
    if target.text in gone:
        first = gone[target.text]
        related = (("it is repealed here", first.id.span),)
        raise RuleError(Diagnostic("E410", f"`{target}` is repealed already", target.span, related=related))
    place = _place(target, [p.id.text for p in out], "provision")
    if note.mechanism == "repeals":
        gone[target.text] = note
        del out[place]
        return
    old = out[place]
    out[place] = replace(old, cites=old.cites + note.cites, assumed=old.assumed + note.assumed)


_ON_TOP = "of an overlay say what it is put on top of: RULESET+FILE"


def resolve_own(ruleset: Ruleset) -> Ruleset:
    """A rule file that extends nothing: its notes have nothing to refer to, its items are put at their places."""
    faults = Faults()
    for note in ruleset.notes:
        target: Word = note.values[note.mechanism]
        message = f"`{note.mechanism}` refers to a provision of the rule file that this one extends; it extends none"
        faults.add(fault("E326", message, target.span, hint=_ON_TOP))
    for cover in ruleset.covers:
        if cover.replaces:
            message = "there is nothing to replace: the rule file extends none"
            faults.add(fault("E326", message, cover.span or ruleset.span))
    for provision in ruleset.provisions:
        if provision.replaces is not None:
            message = "there is nothing to replace: the rule file extends none"
            faults.add(fault("E326", message, provision.replaces.span, hint=_ON_TOP))
    faults.done()
    layers, provisions = _insert((), ruleset.layers, "layer"), _insert((), ruleset.provisions, "provision")
    return replace(ruleset, layers=layers, provisions=provisions)
