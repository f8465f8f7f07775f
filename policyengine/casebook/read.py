"""Case files read and typed; every fault is collected and located."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from policyengine.casebook.fields import ITEMS, NODE, TREE, amount_of, fault, refusal_of, wording_of
from policyengine.casebook.model import Case, Expected, Paid, Turn
from policyengine.casebook.read_runs import RUN_CASE, read_run
from policyengine.casebook.tree import located, merged, plain
from policyengine.claim import Claim, History
from policyengine.errors import ClaimError, Diagnostic, RuleError, Span
from policyengine.parse.common import Read, text_of
from policyengine.parse.evidence import TITLE
from policyengine.rulebook import Roots, Rulebook, bundled_root, locate
from policyengine.runs import RunRow
from policyengine.shapes import Date, Faults, Field, ListOf, MapOf, Text, read_record
from policyengine.source import MapNode, Node, ScalarNode, read_file

FOLDER = "cases"


def find_cases(ruleset: Rulebook | Path | str, path: Roots = ()) -> tuple[Path, ...]:
    """The case files beside a rule file, sorted. Raises ``RuleError`` if there is no such rule set."""
    file = locate(ruleset.name if isinstance(ruleset, Rulebook) else ruleset, path).file
    return tuple(sorted((file.parent / FOLDER).glob("*.yaml")))


def shown_name(path: Path) -> str:
    """A case file as messages call it: bundled ones by their place below the rule sets, others as seen from here."""
    root, here, full = bundled_root(), Path.cwd(), path.resolve()
    if full.is_relative_to(root):
        return f"rulesets/{full.relative_to(root).as_posix()}"
    return full.relative_to(here).as_posix() if full.is_relative_to(here) else str(path)


def read_cases(path: Path) -> tuple[Case, ...]:
    """The cases of a file. Raises ``RuleError`` with everything that is wrong."""
    tree = read_file(path, shown_name(path))
    values = read_record(tree, FILE, "a case file")
    faults = Faults()
    cases = [faults.attempt(_case, node, values.get("given")) for node in values["cases"]]
    faults.done()
    found = tuple(case for case in cases if case is not None)
    first: dict[str, Case] = {}
    for case in found:
        if first.setdefault(case.id, case) is not case:
            related = (("first here", first[case.id].span),)
            faults.add(RuleError(Diagnostic("E641", f"the case `{case.id}` stands twice", case.span, related=related)))
    faults.done()
    return found


GIVEN = Field("given", TREE, "what is merged under every claim; the claim's own fields win")
FILE = (GIVEN, Field("cases", ListOf(NODE), "the cases of the file", True))
CASE = (
    Field("id", Text(), "the case's name, unique in the file", True),
    Field("title", TITLE, "what the case is about"),
    Field("source", Text(), "who states the expected figures", True),
    Field("parameters", MapOf(Text()), "values of the parameters that the rule file leaves to the caller"),
    Field("history", ITEMS, "accumulators before the first claim; of one person, they bear on that person alone"),
    Field("known_on", Date(), "the day by which rules had to be published to count; default as `settle` has it"),
    GIVEN,
    Field("claims", ListOf(NODE), "the claims in the order of their settlement; a run has `settlements` instead"),
    *RUN_CASE,
)


def _case(node: Node, given: Node | None) -> Case:
    values = read_record(node, CASE, "a case")
    faults = Faults()
    span = _key_span(node, "id")
    given = merged(given, values.get("given"))
    if ("claims" in values) == ("settlements" in values):
        raise fault("E303", "a case has claims, or the settlements of a run", span, "`claims:` or `settlements:`")
    turns = [faults.attempt(_turn, item, given) for item in values.get("claims", ())]
    run = faults.attempt(read_run, values, given, _expected) if "settlements" in values else None
    found = tuple(turn for turn in turns if turn is not None)
    made: list[Claim | RunRow] = [turn.claim for turn in found if isinstance(turn.claim, Claim)]
    made += [*run.claims, *run.rows] if run is not None else []
    history = faults.attempt(_history, values.get("history"), [one.currency for one in made])
    faults.done()
    if run is None and not any(turn.expected for turn in found):
        raise fault("E640", f"the case `{values['id']}` expects nothing, so it cannot fail", span, "`expect:`")
    return Case(
        values["id"], values["source"], span, found, text_of(values.get("title")),
        {name.text: text for name, text in values.get("parameters", ())}, history,
        values.get("known_on"), run,
    )  # fmt: skip


def _key_span(node: Node, key: str) -> Span:
    value = node.get(key) if isinstance(node, MapNode) else None
    return node.span if value is None else value.span


def _history(node: Node | None, currencies: Sequence[str]) -> History | None:
    """The history of a case; it counts in the currency of its claims."""
    if node is None:
        return None
    key = ScalarNode("accumulators", node.span, "plain")
    tree = MapNode(((key, node),), node.span)
    try:
        stated = {"currency": currencies[0]} if currencies else {}
        return History.model_validate({**plain(tree), **stated})
    except ClaimError as error:
        raise located(error, tree) from None


# -- claims ------------------------------------------------------------------------------------------------------------

TURN = (
    Field("claim", TREE, "the claim; what was given is merged under it", True),
    Field("expect", NODE, "what the claim must come to"),
)


def _turn(node: Node, given: Node | None) -> Turn:
    values = read_record(node, TURN, "a claim of a case")
    tree = merged(given, values["claim"])
    assert tree is not None
    stated = values.get("expect")
    faults, claim = Faults(), _claim(tree)
    expected = None if stated is None else faults.attempt(_expected, stated)
    if isinstance(claim, RuleError) and not (isinstance(stated, MapNode) and stated.get("refused")):
        faults.add(claim)
    faults.done()
    return Turn(claim, expected, tree, _key_span(values["claim"], "id"))


def _claim(tree: Node) -> Claim | RuleError:
    try:
        return Claim.model_validate(plain(tree))
    except ClaimError as error:
        return located(error, tree)


# -- expectations ------------------------------------------------------------------------------------------------------


def _by_name(read: Callable[[Node], Any]) -> Callable[[Node], Mapping[str, Any]]:
    """The reader of a mapping from names, dotted or not, to values."""

    def mapping(node: Node) -> Mapping[str, Any]:
        if not isinstance(node, MapNode):
            raise fault("E301", "a mapping is needed here", node.span, "names with values")
        faults = Faults()
        found = {key.text: faults.attempt(read, value) for key, value in node.entries}
        faults.done()
        return found

    return mapping


PAYMENT = (
    Field("payer", Text(), "who pays", True),
    Field("payee", Text(), "who is paid", True),
    Field("amount", Read(amount_of, {"type": ["string", "number"]}), "how much", True),
    Field("when", Text(), "admission, discharge or after_discharge", True),
    Field("why", Text(), "what for"),
)


def _payment(node: Node) -> Paid:
    return Paid(**read_record(node, PAYMENT, "a payment"))


def _names(of: Callable[[Node], Any]) -> Read:
    return Read(_by_name(of), {"type": "object"})


EXPECT = (
    Field("split", _names(amount_of), "what each payer bears; payers that are not named bear nothing"),
    Field("patient", _names(amount_of), "the patient's part by reason; reasons that are not named are nothing"),
    Field("grants", _names(amount_of), "sums outside the bill by provision; those not named are nothing"),
    Field("national", _names(wording_of), "fields of the national message"),
    Field("steps", _names(wording_of), "values of steps, as the trace prints them"),
    Field("payments", ListOf(Read(_payment, {})), "all payments, in any order"),
    Field("refused", Read(refusal_of, {"type": "string"}), "the claim must be refused: code and part of the message"),
)


def _expected(node: Node) -> Expected:
    values = read_record(node, EXPECT, "an expectation")
    named = {key: value for key, value in values.items() if value or key not in ("steps", "national")}
    if not named:
        raise fault("E640", "the expectation expects nothing, so it cannot fail", node.span,
                     "one of " + ", ".join(f.name for f in EXPECT))  # fmt: skip
    if "refused" in named and len(named) > 1:
        raise fault("E642", "a claim that is refused has no amounts", named["refused"].span, "`refused` alone")
    return Expected(node.span, **values)
