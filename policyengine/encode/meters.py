"""Where accumulators stand for a claim: scope, window, value so far; and whether a history fits a program."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from operator import attrgetter

from policyengine import ir
from policyengine.claim import Claim, History, Key, Shape, quoted
from policyengine.claim.problems import Path, path_of
from policyengine.encode.days import selector
from policyengine.encode.typed import claim_error
from policyengine.errors import ClaimError, Diagnostic, nearest
from policyengine.terms import FACTS

NO_ALIASES: Mapping[str, str] = {}


def window_key(window: ir.Window, day: date, claim: Claim) -> str:
    """The window that ``day`` falls into: ``2017-05-03``, ``2017-05``, ``2017``, ``lifetime``, or the id of the visit.

    A year that does not start on 1 January is named after the calendar year in which it starts. A correction belongs
    to the visit of the claim that it corrects.
    """
    match window.kind:
        case "visit":
            return claim.corrects or claim.id
        case "day":
            return day.isoformat()
        case "month":
            return f"{day.year}-{day.month:02d}"
        case "year":
            return str(day.year - ((day.month, day.day) < window.starts))
        case kind:
            assert kind == "lifetime", f"no window of kind {kind}"
            return "lifetime"


def scope_key(per: tuple[str, ...], claim: Claim) -> tuple[str, ...]:
    """The ids that ``per`` names, in the alphabetical order of the facts. Raises ``ClaimError`` for a missing one."""
    return tuple([_id_getter(name)(claim) for name in sorted(per)])


def _id_getter(name: str, aliases: Mapping[str, str] = NO_ALIASES) -> Callable[[Claim], str]:
    """The id or code that ``name`` stands for; a code in other words (``aliases``) is the same scope."""
    fact = FACTS.get(name)
    if fact is None or fact.kind not in ("id", "code"):
        return lambda claim: _declared_id(claim, name)
    get, path, default = attrgetter(fact.at), path_of(fact.at), fact.default
    words = f"`{name}` ({fact.zh}, {fact.en})"

    def read(claim: Claim) -> str:
        found = get(claim)
        if found is None:
            found = default
        if found is None:
            raise _no_id(claim, path, words)
        assert isinstance(found, str)
        return aliases.get(found, found)

    return read


def _declared_id(claim: Claim, name: str) -> str:
    found = claim.facts.get(name)
    if not isinstance(found, str):
        raise _no_id(claim, ("facts", name), f"`{name}`")
    return found


def _no_id(claim: Claim, path: Path, words: str) -> ClaimError:
    text = f"an accumulator is kept by {words}, but the claim does not state it"
    return claim_error(claim, "E552", path, text, "an opaque id as a text")


def key_maker(program: ir.Program) -> Callable[[Claim], tuple[Key, ...]]:
    """Prepared once a program: the key of every meter for a claim, in the order of ``program.meters``."""
    day_of = selector(program.dated_by)
    pers = list(dict.fromkeys(m.per for m in program.meters))
    windows = list(dict.fromkeys(m.window for m in program.meters))
    aliases = {d.name: dict(d.aliases) for d in (*program.inputs, *program.declared) if d.aliases}
    getters = [[_id_getter(name, aliases.get(name, NO_ALIASES)) for name in sorted(per)] for per in pers]
    plan = [(m.name, pers.index(m.per), windows.index(m.window)) for m in program.meters]

    def keys(claim: Claim) -> tuple[Key, ...]:
        if not plan:
            return ()
        day = day_of(claim)
        scopes = [tuple([get(claim) for get in group]) for group in getters]
        spans = [window_key(window, day, claim) for window in windows]
        return tuple([(name, scopes[per], spans[window]) for name, per, window in plan])

    return keys


def used_values(program: ir.Program, claim: Claim, used: Mapping[Key, int]) -> tuple[int, ...]:
    """What each meter holds before ``claim``, in the order of ``program.meters``: minor units or counts.

    ``used`` is ``History.used`` or a copy. Raises ``ClaimError`` for a missing id or a value above what a meter holds.
    """
    return values_at(program, key_maker(program)(claim), used)


def values_at(program: ir.Program, keys: tuple[Key, ...], used: Mapping[Key, int]) -> tuple[int, ...]:
    """The values of the meters at ``keys``, which ``key_maker`` made."""
    values = tuple([used.get(key, 0) for key in keys])
    for meter, value in zip(program.meters, values, strict=True):
        if not 0 <= value <= meter.high:
            text = f"{meter.name}: the accumulator holds more than its meter can"
            raise ClaimError(Diagnostic("E555", text, expected=f"from 0 to {meter.high:,}", record="history"))
    return values


def shapes_of(program: ir.Program) -> dict[str, Shape]:
    """Scope and kind of every meter, for ``History.of``."""
    return {m.name: Shape(tuple(sorted(m.per)), m.kind) for m in program.meters}


def check_history(program: ir.Program, history: History) -> None:
    """Every accumulator belongs to a meter of ``program`` with the same scope and kind. Raises ``ClaimError``."""
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
        if not _possible(window, windows[name]):
            text, expected = f"`{name}` has no window `{quoted(window)}`", SHAPES_OF_WINDOWS[windows[name].kind]
            yield Diagnostic("E556", text, None, expected, record="history")
    if history.currency != program.currency:
        text = f"the history counts {history.currency}, the rule file {program.currency}"
        yield Diagnostic("E537", text, None, program.currency, record="history", field="currency")


SHAPES_OF_WINDOWS = {
    "visit": "the id of a visit", "day": "a day such as 2017-05-03", "month": "a month such as 2017-05",
    "year": "a year such as 2017", "lifetime": "lifetime",
}  # fmt: skip
_PATTERNS = {"day": r"[12]\d{3}-\d\d-\d\d", "month": r"[12]\d{3}-(0[1-9]|1[0-2])", "year": r"[12]\d{3}",
             "lifetime": "lifetime"}  # fmt: skip


def _possible(text: str, window: ir.Window) -> bool:
    """Whether a row may stand in this window of its meter."""
    return window.kind == "visit" or re.fullmatch(_PATTERNS[window.kind], text, re.ASCII) is not None


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
    hint = "settle the claims of a person in the order of their days, or re-settle from the earlier claim on"
    raise claim_error(claim, "E551", path, text, f"{last} or later" if day < last else "", hint)
