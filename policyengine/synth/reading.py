"""Profiles: YAML files of people, hospitals and claims, each figure with its source or marked as assumed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

from policyengine import terms
from policyengine.errors import Diagnostic, RuleError, nearest
from policyengine.parse.common import EVIDENCE, PLACE, Read, text_of
from policyengine.parse.evidence import TITLE
from policyengine.parse.sections import SOURCE
from policyengine.resolve import fault
from policyengine.shapes import Choice, Faults, Field, MapOf, Text, Word, pairs, read_record
from policyengine.source import Node, read_file
from policyengine.synth.binding import check_profile
from policyengine.synth.draws import NODE, evidence_of, read_draw
from policyengine.synth.literals import whole_of
from policyengine.synth.model import Claims, Draw, Hospital, Line, Profile

HOSPITAL_FACTS = ("tier", "hospital_level", "hospital_grade", "area", "hospital_id")
LINE_FIELDS = ("category", "catalogue_class", "first_share_rate")
MOST_HOSPITALS = 10_000


def bundled_profiles() -> tuple[str, ...]:
    """The names of the profiles that travel with the library."""
    return tuple(sorted(path.name.removesuffix(".yaml") for path in _folder().iterdir() if path.name.endswith(".yaml")))


def _folder() -> Path:
    return Path(str(resources.files("policyengine.synth"))) / "profiles"


def load_profile(name: str) -> Profile:
    """The bundled profile of that name, or the file at that path. Raises ``RuleError``."""
    if name in bundled_profiles():
        return read_profile(_folder() / f"{name}.yaml", f"profiles/{name}.yaml")
    path = Path(name)
    if not path.is_file():
        known = bundled_profiles()
        expected = "a file, or one of " + ", ".join(known)
        raise RuleError(
            Diagnostic("E720", f"there is no profile `{name}`", None, expected, nearest(name, known), record=name)
        )
    return read_profile(path, name)


def read_profile(path: Path, shown: str) -> Profile:
    """The profile in a file, which is called ``shown`` in places. Raises ``RuleError``."""
    tree = read_file(path, shown)
    values = read_record(tree, PROFILE, "a profile")
    size, households = values["households"]
    profile = Profile(
        values["profile"], text_of(values.get("title")), values.get("place", ""),
        hashlib.sha256(path.read_bytes()).hexdigest(), dict(values.get("sources", ())), values["hospitals"],
        size, households, values["people"], values["claims"], tree.span,
    )  # fmt: skip
    check_profile(profile)
    return profile


# -- sections ----------------------------------------------------------------------------------------------------------


def _each(node: Node, what: str, read: Callable[[Word, Node], Any]) -> tuple[Any, ...]:
    """The entries of a mapping; every fault is collected."""
    faults = Faults()
    found = [faults.attempt(read, key, value) for key, value in pairs(node, what)]
    faults.done()
    return tuple(found)


def _sources(node: Node) -> tuple[tuple[str, dict[str, str]], ...]:
    return _each(node, "`sources`", lambda key, value: (key.text, read_record(value, SOURCE, "a source")))


def _facts(node: Node) -> tuple[Draw, ...]:
    return _each(node, "`facts`", read_draw)


FACTS = Field("facts", Read(_facts, {}), "facts by name, each with how it is drawn")
SIZE = Field("size", NODE, "how many people live in one", True)
HOUSEHOLDS = (SIZE, FACTS)
PEOPLE = (FACTS,)


def _households(node: Node) -> tuple[Draw, tuple[Draw, ...]]:
    values = read_record(node, HOUSEHOLDS, "`households`")
    size = read_draw(Word("size", values["size"].span), values["size"])
    return size, values.get("facts", ())


def _people(node: Node) -> tuple[Draw, ...]:
    found: tuple[Draw, ...] = read_record(node, PEOPLE, "`people`").get("facts", ())
    return found


HOSPITAL = (
    *(Field(name, Text(), terms.FACTS[name].en) for name in HOSPITAL_FACTS),
    Field("number", NODE, "how many there are; default 1"),
    *EVIDENCE,
)


def _hospital(key: Word, node: Node) -> Hospital:
    values = read_record(node, HOSPITAL, "a hospital")
    facts = {name: values[name] for name in HOSPITAL_FACTS if name in values}
    for name, word in facts.items():
        _known(name, word, key)
    if "hospital_grade" in facts:
        facts.setdefault("hospital_level", facts["hospital_grade"].partition("_")[0])
    number = whole_of(values["number"], "count").whole if "number" in values else 1
    if not 1 <= number <= MOST_HOSPITALS or ("hospital_id" in facts and number > 1):
        raise fault("E726", f"{number} hospitals `{key}`", key.span, f"1 to {MOST_HOSPITALS}; 1 where the id is given")
    evidence = evidence_of(values)
    if not evidence.cites and not evidence.assumed:
        raise fault("E721", f"nobody states what `{key}` is", key.span, "`cite:` or `assumed:`")
    return Hospital(key.text, facts, number, evidence, key.span)


def _known(name: str, word: str, at: Word) -> None:
    fact = terms.FACTS.get(name)
    if fact is not None and fact.values and not fact.open and word not in fact.values:
        raise fault("E726", f"`{word}` is no value of `{name}`", at.span, "one of " + ", ".join(fact.values),
                    nearest(word, fact.values))  # fmt: skip


LINE = (
    Field("category", Choice(tuple(terms.CATEGORIES)), "category of the fee line", True),
    Field("catalogue_class", Choice(tuple(terms.CLASSES)), "catalogue class of the fee line"),
    Field("first_share_rate", NODE, "the share that the patient bears first, such as 10%"),
    Field("facts", MapOf(Text()), "facts that the rule file declares of fee lines"),
    Field("share", NODE, "the share of the bill, as a draw"),
    Field("amount", NODE, "the amount, as a draw"),
    *EVIDENCE,
)


def _line(key: Word, node: Node) -> Line:
    values = read_record(node, LINE, "a fee line")
    if "share" in values and "amount" in values:
        raise fault("E723", f"`{key}` has a share and an amount", key.span, "one of them, or neither for the rest")
    evidence = evidence_of(values)
    if not evidence.cites and not evidence.assumed:
        raise fault("E721", f"nobody states the figures of `{key}`", key.span, "`cite:` or `assumed:`")
    fields = {name: values[name] for name in LINE_FIELDS[:2] if name in values}
    if "first_share_rate" in values:
        fields["first_share_rate"] = str(whole_of(values["first_share_rate"], "rate").whole)
    fields |= {name.text: text for name, text in values.get("facts", ())}
    drawn = {kind: read_draw(Word(f"{kind} of {key}", key.span), values[kind], evidence)
             for kind in ("share", "amount") if kind in values}  # fmt: skip
    for kind, wanted in (("share", "rate"), ("amount", "money")):
        if kind in drawn and drawn[kind].kind != wanted:
            raise fault("E726", f"the {kind} of `{key}` is a {drawn[kind].kind}", key.span, f"values of a {wanted}")
    return Line(key.text, fields, drawn.get("share"), drawn.get("amount"), evidence, key.span)


CLAIMS = (
    Field("care_type", Choice(tuple(terms.CARE_TYPES)), "kind of care", True),
    Field("a_year", NODE, "how many a person has in a year, as a draw", True),
    Field("hospital", NODE, "which hospital, as a draw", True),
    FACTS,
    Field("bill", NODE, "the sum of the fee lines, as a draw", True),
    Field(
        "lines", Read(lambda node: _each(node, "`lines`", _line), {}), "the fee lines by name; one takes the rest", True
    ),
)


def _claims(key: Word, node: Node) -> Claims:
    values = read_record(node, CLAIMS, f"the claims `{key}`")
    faults = Faults()
    drawn = {name: faults.attempt(read_draw, Word(name, values[name].span), values[name])
             for name in ("a_year", "hospital", "bill")}  # fmt: skip
    faults.done()
    for name, wanted in (("a_year", "count"), ("hospital", "code"), ("bill", "money")):
        found = drawn[name]
        if found is not None and found.kind != wanted:
            raise fault("E726", f"`{name}` of `{key}` is a {found.kind}", values[name].span, f"values of a {wanted}")
    a_year, hospital, bill = (one for one in drawn.values() if one is not None)
    return Claims(key.text, values["care_type"], a_year, hospital, values.get("facts", ()), bill, values["lines"])


def _section(what: str, read: Callable[[Word, Node], Any]) -> Read:
    return Read(lambda node: _each(node, what, read), {})


PROFILE = (
    Field("profile", Text(), "the name of the profile", True),
    Field("title", TITLE, "what people call it"),
    Field("place", PLACE, "the place that it is like"),
    Field("sources", Read(_sources, {}), "the documents that state its figures"),
    Field("hospitals", _section("`hospitals`", _hospital), "hospitals by sort", True),
    Field("households", Read(_households, {}), "how people live together, and what all of a household share", True),
    Field("people", Read(_people, {}), "facts of each person", True),
    Field("claims", _section("`claims`", _claims), "claims by kind", True),
)
