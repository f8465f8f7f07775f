"""Whether a history fits a program, and whether a claim comes after what a history holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from policyengine import ir
from policyengine.claim import Claim, History, Shape, quoted
from policyengine.claim.problems import Path
from policyengine.encode.days import selector
from policyengine.encode.typed import claim_error
from policyengine.encode.windows import is_key, looks
from policyengine.errors import ClaimError, Diagnostic, nearest


def shapes_of(program: ir.Program) -> dict[str, Shape]:
    """Scope and kind of every meter, for ``History.of``."""
    return {m.name: Shape(tuple(sorted(m.per)), m.kind) for m in program.meters}


def check_history(program: ir.Program, history: History) -> None:
    """Every accumulator belongs to a meter of ``program`` with the same scope and kind, every period to a window of it.
    Raises ``ClaimError``."""
    wrong = list(_misfits(program, history))
    if wrong:
        raise ClaimError(wrong)


def _misfits(program: ir.Program, history: History) -> Iterator[Diagnostic]:
    known = shapes_of(program)
    for name, shape in history.shapes.items():
        if name not in known:
            expected = "one of " + ", ".join(known) if known else "no accumulators"
            text = f"the rule file knows no meter `{quoted(name)}`"
            yield Diagnostic("E550", text, None, expected, nearest(name, known), record="history")
        elif shape != known[name]:
            text = f"the accumulators of `{name}` are {_words(shape)}"
            yield Diagnostic("E554", text, None, f"{_words(known[name])}, as the rule file says", record="history")
    windows = {m.name: m.window for m in program.meters if history.shapes.get(m.name) == known[m.name]}
    for name, window in dict.fromkeys((name, window) for name, _, window in history.used if name in windows):
        if not is_key(windows[name], window):
            text = f"`{name}` has no window `{quoted(window)}`"
            yield Diagnostic("E556", text, None, looks(windows[name]), record="history")
    yield from _periods(program, history)
    if history.currency != program.currency:
        text = f"the history counts {history.currency}, the rule file {program.currency}"
        yield Diagnostic("E537", text, None, program.currency, record="history", field="currency")


def _periods(program: ir.Program, history: History) -> Iterator[Diagnostic]:
    """Periods without a window, without the day that their kind needs; rows of windows that no period says to run."""
    opened = {(m.window.name, tuple(sorted(m.per))): m.window for m in program.meters if m.window.is_opened}
    for (name, per, _), at in history.opened.items():
        window = opened.get((name, per))
        if window is None:
            expected = "; ".join(f"{n} per {', '.join(p)}" for n, p in opened) or "no periods"
            text = f"the rule file knows no window `{quoted(name)}` per {', '.join(per)} that claims open"
            yield Diagnostic("E569", text, None, expected, record="history", field="periods")
        elif (at.out is None) != (window.kind != "spell"):
            text = f"a period of `{name}` " + ("lacks the last day in hospital" if at.out is None else "has no `out`")
            yield Diagnostic("E570", text, None, f"{name} is a window of kind {window.kind}", record="history")
    for meter in (m for m in program.meters if m.window.is_opened):
        per = tuple(sorted(meter.per))
        for name, scope, key in history.used:
            since = history.opened.get((meter.window.name, per, scope))
            if name == meter.name and (since is None or since.start.isoformat() != key):
                text = f"`{name}` has a row since {quoted(key)}, but no period says that `{meter.window.name}` runs"
                hint = "add the period with that first day, or drop the row"
                yield Diagnostic("E571", text, None, f"a period that starts on {quoted(key)}", hint, record="history")


def _words(shape: Shape) -> str:
    return f"{shape.kind} per {', '.join(shape.per) or 'nobody in particular'}"


def check_order(program: ir.Program, claim: Claim, history: History) -> date:
    """The selecting day of ``claim``, which is not older than the last claim in ``history``. Raises ``ClaimError``."""
    day = selector(program.dated_by)(claim)
    require_order(claim, day, program.dated_by, history.last, history.last_sequence)
    return day


def require_order(claim: Claim, day: date, dated_by: str, last: date | None, last_sequence: int) -> None:
    """Claims are settled in the order of day and sequence. Raises ``ClaimError`` for one that comes too late."""
    if last is None or (day, claim.sequence) >= (last, last_sequence):
        return
    if day < last:
        path: Path = ("encounter", dated_by)
        text = f"the claim is of {day}, the history goes to {last} already"
    else:
        text = f"the claim is number {claim.sequence} of {day}, the history goes to number {last_sequence} already"
        path = ("sequence",)
    hint = "settle a person's claims in the order of their days; a late one: `policyengine resettle --insert`"
    raise claim_error(claim, "E551", path, text, f"{last} or later" if day < last else "", hint)
