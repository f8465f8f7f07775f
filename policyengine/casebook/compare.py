"""A settlement held against what a case expects of it: amounts, national fields, payments, steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from policyengine import terms
from policyengine.casebook.model import Amount, Expected, Paid, Wording
from policyengine.casebook.outcome import Departure, Difference
from policyengine.errors import Span, nearest
from policyengine.money import NotMoney, plain_decimal
from policyengine.settlement import Payment, Settlement

NOTHING: Final = "–"


def differences_of(expected: Expected, result: Settlement) -> Iterator[Difference]:
    """Everything but the steps: the split, the patient's part by reason, grants, national fields, payments."""
    yield from _split(expected, result)
    yield from _reasons(expected, result)
    yield from _grants(expected, result)
    yield from _national(expected, result)
    yield from _payments(expected, result)


def _split(expected: Expected, result: Settlement) -> Iterator[Difference]:
    if expected.split is not None:
        known = {*result.split, *terms.PAYERS}
        yield from _exact("split", expected.span, expected.split, result.split, known)


def _reasons(expected: Expected, result: Settlement) -> Iterator[Difference]:
    if expected.patient is not None:
        known = {*terms.REASONS, *(r.reason for r in result.layout.program.reasons)}
        yield from _exact("patient", expected.span, expected.patient, result.patient, known)


def _grants(expected: Expected, result: Settlement) -> Iterator[Difference]:
    if expected.grants is not None:
        got = {grant.provision: grant.amount for grant in result.grants}
        known = [grant.provision for grant in result.layout.program.grants]
        yield from _exact("grants", expected.span, expected.grants, got, known)


def _exact(
    group: str, place: Span, expected: Mapping[str, Amount], got: Mapping[str, Decimal], known: Iterable[str]
) -> Iterator[Difference]:
    """Every name on either side; a name that is missing on one side stands for zero."""
    names = set(known)
    for name in dict.fromkeys([*got, *expected]):
        wanted, found = expected.get(name), got.get(name, Decimal(0))
        span = place if wanted is None else wanted.span
        if name not in names:
            yield Difference(span, f"{group} {name}", str(wanted and wanted.value), NOTHING,
                             note=nearest(name, names) or "nobody of this name is known")  # fmt: skip
        elif (wanted.value if wanted else Decimal(0)) != found:
            yield _gap(span, f"{group} {name}", wanted.value if wanted else Decimal(0), found)


def _gap(span: Span, where: str, wanted: Decimal, found: Decimal) -> Difference:
    return Difference(span, where, f"{wanted:,f}", f"{found:,f}", f"{found - wanted:+,f}")


def _national(expected: Expected, result: Settlement) -> Iterator[Difference]:
    if not expected.national:
        return
    message = result.national()
    for name, wanted in expected.national.items():
        if name not in message:
            yield Difference(wanted.span, f"national {name}", _text(wanted.value), NOTHING,
                             note=nearest(name, message) or "the message has no such field")  # fmt: skip
            continue
        got = str(message[name])
        if not _same(wanted.value, got):
            yield _text_gap(wanted, f"national {name}", got)


def _same(wanted: str | tuple[str, ...], got: str | tuple[str, ...]) -> bool:
    """Whether two texts are equal, or say the same amount (``600`` and ``600.00``)."""
    if isinstance(wanted, tuple) or isinstance(got, tuple):
        return len(wanted) == len(got) and isinstance(wanted, tuple) and all(map(_same, wanted, got))
    one, two = _number(wanted), _number(got)
    return wanted == got or (one is not None and one == two)


def _number(text: str) -> Decimal | None:
    try:
        return plain_decimal(text)
    except NotMoney:
        return None


def _text_gap(wanted: Wording, where: str, got: str | tuple[str, ...]) -> Difference:
    one = None if isinstance(wanted.value, tuple) else _number(wanted.value)
    two = None if isinstance(got, tuple) else _number(got)
    if one is not None and two is not None:
        return _gap(wanted.span, where, one, two)
    return Difference(wanted.span, where, _text(wanted.value), _text(got))


def _text(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else "[" + ", ".join(value) + "]"


# -- payments, steps ---------------------------------------------------------------------------------------------------


def _payments(expected: Expected, result: Settlement) -> Iterator[Difference]:
    if expected.payments is None:
        return
    left = list(result.payments)
    for wanted in expected.payments:
        match = next((p for p in left if _is(wanted, p)), None)
        if match is None:
            yield Difference(wanted.amount.span, "payment", _paid_text(wanted, wanted.amount.value), NOTHING)
        else:
            left.remove(match)
    for payment in left:
        yield Difference(expected.span, "payment", NOTHING, _paid_text(payment, payment.amount))


def _is(wanted: Paid, payment: Payment) -> bool:
    same = (wanted.payer, wanted.payee, wanted.when) == (payment.payer, payment.payee, payment.when)
    return same and wanted.amount.value == payment.amount and wanted.why in ("", payment.why)


def _paid_text(payment: Paid | Payment, amount: Decimal) -> str:
    return f"{payment.payer} → {payment.payee} {amount:,f} {payment.when}"


def steps_of(expected: Expected, result: Settlement) -> tuple[list[Difference], Departure | None]:
    """Differences in the order of the program; the first one with its formula and its sentence."""
    if not expected.steps:
        return [], None
    trace = {step.name: step for step in result.trace}
    differences = [
        Difference(
            wanted.span, f"step {name}", _text(wanted.value), NOTHING, note=nearest(name, trace) or "no such step"
        )
        for name, wanted in expected.steps.items()
        if name not in trace
    ]
    departure = None
    for step in trace.values():
        wanted = expected.steps.get(step.name)
        if wanted is None or _same(wanted.value, step.value):
            continue
        differences.append(_text_gap(wanted, f"step {step.name}", step.value))
        departure = departure or Departure(step, _text(wanted.value))
    return differences, departure
