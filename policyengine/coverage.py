"""What a rule set does not settle: claims outside of what it covers, cases without a row; anything unless in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from policyengine import ir
from policyengine.backends.evaluate import evaluate
from policyengine.claim import Claim, quoted
from policyengine.errors import ClaimError, Diagnostic, RuleError
from policyengine.ir.printer import formula, literal, printer_of
from policyengine.money import exponent_of, text_of

if TYPE_CHECKING:
    from policyengine.rulebook import Rulebook

Facts = Mapping[str, ir.Value]


def covered(program: ir.Program, facts: Facts, rows: Sequence[Facts], used: Mapping[str, int]) -> bool:
    """Whether ``covers`` of the rule set holds, by the reference meaning of the steps that it rests on. Raises
    ``NoRow`` if the condition itself asks for a row that there is not."""
    if not program.covers:
        return True
    names = [step.name for step in program.steps]
    first = replace(program, steps=program.steps[: names.index(program.covers) + 1])
    return bool(evaluate(first, facts, rows, used)[program.covers])


def outside(program: ir.Program, claim: Claim, facts: Facts) -> ClaimError:
    """The error for a claim that the rule set does not cover: the condition, and what the claim says of it. Facts of
    fee lines, which the condition may sum, are not told one by one."""
    step, printer = program.step(program.covers), printer_of(program)
    read = dict.fromkeys(e for e in ir.walk(step.expr) if isinstance(e, ir.Input) and e.name in facts)
    stated = ", ".join(f"{fact.name} = {literal(facts[fact.name], fact.kind, printer)}" for fact in read)
    message = f"{program.ruleset} covers claims with {formula(step.expr, printer)}" + (f", not {stated}" * bool(stated))
    hint = "settle the claim by the rules of its own scheme, place or kind of care"
    related = (("what the rule set covers", step.span),) if step.span else ()
    record = f"claim {quoted(claim.id)}"
    return ClaimError(
        Diagnostic("E545", message, None, "a claim that is covered", hint, related=related, record=record)
    )


def no_row(program: ir.Program, claim: Claim, error: ir.NoRow) -> ClaimError:
    """The error for a claim for which a table has no row: which table, and the facts that no row is for."""
    table = program.table(error.table)
    keys = next(
        e.keys for s in program.steps for e in ir.walk(s.expr) if isinstance(e, ir.Lookup) and e.table == table.name
    )
    shown = [_said(key, value, program) for key, value in zip(keys, error.keys, strict=True)]
    facts = ", ".join(f"{name} = {value}" for name, value in zip(table.keys, shown, strict=True))
    message = f"the table `{table.name}` of {program.ruleset} has no row for {facts}"
    hint, field = table.gaps or "the policy states nothing for this case", ""
    if _day_of(keys) is not None:
        field = next((f"lines[{at}].service_date" for at, line in enumerate(claim.lines)
                      if str(line.service_date) == shown[0]), "")  # fmt: skip
        if not any(row[0] is None or error.keys[0] in row[0] for row in table.patterns):
            message = f"{field}: `{table.name}` of {program.ruleset} has no version for fee lines of {shown[0]}"
            hint = table.gaps or "the policy states nothing for lines of this day"
    return ClaimError(Diagnostic("E560", message, None, "", hint, record=f"claim {quoted(claim.id)}", field=field))


def _day_of(keys: Sequence[ir.Expr]) -> ir.Input | None:
    """The day of the fee line, if it is what chooses the version of a table with these keys."""
    first = next(iter(keys), None)
    return first if isinstance(first, ir.Input) and first.name.endswith(ir.LINE_DAY) else None


def _said(key: ir.Expr, value: ir.Value, program: ir.Program) -> ir.Value:
    """A fact that no row is for, as the message says it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if _day_of([key]) is not None:
        return str(ir.day_of_number(int(value)))
    return text_of(int(value), exponent_of(program.currency)) if key.kind == "money" else value


def require_in_force(book: Rulebook, allow_draft: bool) -> None:
    """Money is paid by approved rules. Raises ``RuleError`` for a repealed rule set, and for a draft not asked for."""
    if book.status == "repealed":
        message = f"{book.name} is repealed: no claim is settled by it any more"
        hint = "settle by its successor; cases still run (`policyengine test`), and receipts are still verified"
        raise RuleError(Diagnostic("E544", message, book.status_at, "an approved rule set", hint, record=book.name))
    if book.status == "draft" and not allow_draft:
        message = f"{book.name} is a draft: nobody has approved it"
        hint = "to try it, say so: `--draft`, or `allow_draft=True`; to use it, have it approved"
        raise RuleError(Diagnostic("E543", message, book.status_at, "an approved rule set", hint, record=book.name))
