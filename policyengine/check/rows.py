"""The fields of a run's rows against a rule set whose settlements they are: what they read must be there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policyengine import ir, terms
from policyengine.errors import Diagnostic, nearest
from policyengine.resolve import KIND_WORDS
from policyengine.ruleset import FieldDecl, Ruleset
from policyengine.shapes import Word

Programs = tuple[ir.Program, ...]


def misread(run: Ruleset, base: Word, stated: Ruleset, programs: Programs) -> Iterator[Diagnostic]:
    """E372: a field that reads what the rule set ``base`` (``stated``, lowered to ``programs``) does not have."""
    for field in run.rows.fields if run.rows is not None else ():
        source = field.source.text if field.source is not None else ""
        group, _, name = source.partition(".")
        known = _known(group, stated, programs)
        if known is not None and name not in known:
            yield _fault(field, f"{base} has no {group} `{name}`", nearest(name, known))
        elif group == "step":
            yield from _step(field, name, base, programs)
    if run.currency != stated.currency:
        yield Diagnostic("E372", f"{base} is in {stated.currency}, the run in {run.currency}", base.span)


def _known(group: str, stated: Ruleset, programs: Programs) -> set[str] | None:
    """The names of one group that the rule set has; ``None`` where every name that could be read is known already."""
    match group:
        case "payer":
            return {"patient", *(share.payer for p in programs for share in p.payers)}
        case "reason":
            return {r.reason for p in programs for r in p.reasons}
        case "part":
            return {part.id.text for part in stated.parts}
        case "step":
            return {step.name for p in programs for step in p.steps}
        case "fact":
            return {*terms.FACTS, *(fact.id.text for fact in stated.facts)}
    return None


def _step(field: FieldDecl, name: str, base: Word, programs: Programs) -> Iterator[Diagnostic]:
    steps: Iterable[ir.Step] = (step for p in programs for step in p.steps if step.name == name)
    for step in steps:
        if step.domain == "row":
            yield _fault(field, f"the step `{name}` of {base} has a value for each fee line", "`sum` it in a `define`")
        elif step.kind != field.type:
            word = "an amount that is not rounded" if step.kind == "exact" else KIND_WORDS[step.kind]
            yield _fault(field, f"the step `{name}` of {base} is {word}, the field of type {field.type}", "")
        else:
            continue
        return


def _fault(field: FieldDecl, message: str, hint: str) -> Diagnostic:
    assert field.source is not None
    return Diagnostic("E372", message, field.source.span, hint=hint)
