"""The entries of a rule set about the course of a stay, evidence, entitlements and audits, as text."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from policyengine import expressions as ast
from policyengine.persons import AuditRule, Entitlement, EvidenceKind, Wanted
from policyengine.report.grid import verbatim
from policyengine.report.names import Lang, pick
from policyengine.report.statements import codes, dates, evidence, note, titled, value_text
from policyengine.ruleset import CourseDecl

COURSE = ("agreement", "due", "instalments", "within", "default", "repaid", "reverse")
AUDIT = ("each", "pair", "when", "after", "same", "within", "together_above")


def course(of: CourseDecl, lang: Lang) -> Iterator[RenderableType]:
    """What the section ``settlement`` says of one timing."""
    yield verbatim(f"{of.id}{dates(of, lang)}", "bold")
    yield from _said({key: getattr(of, key) for key in COURSE})
    yield from evidence(of, lang)


def evidence_kind(kind: EvidenceKind, lang: Lang) -> Iterator[RenderableType]:
    """A kind of evidence, with the fields that it states."""
    yield verbatim(titled(kind.id, kind.label, lang))
    for one in kind.fields:
        about = ", ".join(part for part in (one.type, codes(one.values)) if part)
        yield note(f"{titled(one.id, one.label, lang)}: {about}")


def entitlement(of: Entitlement, lang: Lang) -> Iterator[RenderableType]:
    """A sentence by which evidence gives a tag or a right."""
    yield verbatim(f"{titled(of.id, of.label, lang)}{dates(of, lang)}", "bold")
    grants = "" if of.grants.text == of.id.text else of.grants
    yield from _said({"grants": grants, "needs": _wanted(of.needs, lang), "unless": _wanted(of.unless, lang),
                      "at_least": of.at_least, "when": of.when})  # fmt: skip
    yield from evidence(of, lang)


def audit_rule(rule: AuditRule, lang: Lang) -> Iterator[RenderableType]:
    """A sentence that claims of one person offend."""
    yield verbatim(f"{titled(rule.id, rule.label, lang)}{dates(rule, lang)}", "bold")
    yield from _said({key: getattr(rule, key) for key in AUDIT})
    yield from evidence(rule, lang)


def _wanted(pieces: Wanted, lang: Lang) -> str:
    """Kinds of evidence, each with the condition on what it states."""
    such = pick((" 且 ", " with "), lang)
    return ", ".join(
        str(kind) if held is None else f"{kind}{such}{ast.print_expression(held)}" for kind, held in pieces
    )


def _said(values: dict[str, object]) -> Iterator[RenderableType]:
    """What an entry says, in the words of the file; nothing of what it does not say."""
    told = [f"{key}: {value_text(value)}" for key, value in values.items() if value not in (None, "", ())]
    if told:
        yield note(", ".join(told))
