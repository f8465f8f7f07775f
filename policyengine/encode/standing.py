"""Where the meters of a program stand for a claim, and what they hold when the claim has been counted.

Nothing here is kept: what has been counted comes in as ``Counted``, and what a claim changes of it goes out as
``Change``.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, Protocol

from policyengine import ir
from policyengine.claim import Account, Claim, History, Key, Opened
from policyengine.encode.counted import stated_day
from policyengine.encode.days import selector
from policyengine.encode.scopes import Scope, scope_reader
from policyengine.encode.typed import claim_error
from policyengine.encode.windows import anniversary, buckets_on, plus, window_key
from policyengine.errors import ClaimError, Diagnostic

Buckets = Mapping[tuple[str, Scope], list[str]]
"""The buckets of rolling meters, by meter and scope, in their order."""

Ids = Mapping[str, str]
NO_IDS: Ids = {}


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted before a claim: rows, windows that claims opened, buckets of rolling meters."""

    used: Mapping[Key, int] = field(default_factory=dict)
    opened: Mapping[Account, Opened] = field(default_factory=dict)
    buckets: Buckets = field(default_factory=dict)

    @classmethod
    def before(cls, history: History, program: ir.Program) -> Counted:
        """What a history says, for the meters of ``program``."""
        return cls(history.used, history.opened, buckets_of(program.meters, history.used))


NOTHING = Counted()


def buckets_of(meters: Iterable[ir.Meter], used: Mapping[Key, int]) -> dict[tuple[str, Scope], list[str]]:
    """The buckets of rolling meters among the rows."""
    rolling = {m.name for m in meters if m.window.kind == "rolling"}
    found: dict[tuple[str, Scope], list[str]] = {}
    if rolling:
        for name, scope, window in sorted(used):
            if name in rolling:
                found.setdefault((name, scope), []).append(window)
    return found


class Move(NamedTuple):
    """A window that the claim uses if one of ``meters`` (places in the program) counts it. ``before``: since when it
    runs, if it does. ``now``: since when it runs with this claim. ``anew``: since when if the event happens."""

    account: Account
    meters: tuple[int, ...]
    before: Opened | None
    now: Opened
    anew: Opened


class Change(NamedTuple):
    """What a claim changes: rows and windows with their new values, rows that are dropped before that."""

    rows: dict[Key, int]
    opened: dict[Account, Opened]
    dropped: tuple[Key, ...] = ()


class Standing(NamedTuple):
    """For every meter of the program, in order: the row that the claim is counted in, what the row holds, and what the
    meter holds; then the windows that may move and the buckets that no longer count, by the place of their meter.

    Of a claim whose fee lines are settled one after the other, ``keys``, ``rows`` and ``values`` are those that any
    line is counted in, before the first of them; ``turns``: what the meters hold before each line, in the order of the
    claim; ``change``: what all of them change.
    """

    keys: tuple[Key, ...]
    rows: tuple[int, ...]
    values: tuple[int, ...]
    moves: tuple[Move, ...] = ()
    past: tuple[tuple[int, tuple[Key, ...]], ...] = ()
    turns: tuple[tuple[int, ...], ...] = ()
    change: Change | None = None


class Update(NamedTuple):
    """How a meter counts: the places of the step that it adds, of the flag step under which it counts (-1: always) and
    of the flag step on which its window begins anew (-1: none)."""

    step: int
    keep: str
    when: int
    reset: int


class Stand(Protocol):
    """Where the meters of a program stand for a claim; ``ids`` are taken in the place of those of the claim. Raises
    ``ClaimError``."""

    def __call__(self, claim: Claim, counted: Counted, ids: Ids = NO_IDS) -> Standing: ...


def standing_reader(program: ir.Program) -> Stand:
    """Prepared once a program: where its meters stand for a claim."""
    if not program.meters:
        return lambda claim, counted, ids=NO_IDS: Standing((), (), ())  # noqa: ARG005  -- there is nothing to look at
    fixed = all(m.window.is_order_free for m in program.meters)
    return _fixed(program) if fixed else _moving(program)


Places = Callable[[Claim, Ids], tuple[date, list[Scope], list[str]]]


def _places(program: ir.Program) -> tuple[Places, list[tuple[int, int]]]:
    """The day of a claim, its scopes and the keys of its windows; and for each meter the places of its two."""
    day_of = selector(program.dated_by)
    pers = list(dict.fromkeys(m.per for m in program.meters))
    windows = list(dict.fromkeys(m.window for m in program.meters))
    decls = {d.name: d for d in (*program.inputs, *program.declared)}
    readers = [scope_reader(per, decls) for per in pers]
    keyed = [_key_of(w, program) for w in windows]

    def places(claim: Claim, ids: Ids) -> tuple[date, list[Scope], list[str]]:
        day = day_of(claim)
        scopes = [read(claim) for read in readers]
        if ids:
            named = zip(pers, scopes, strict=True)
            scopes = [tuple(map(ids.get, sorted(per), scope)) for per, scope in named]
        return day, scopes, [key(claim, day) for key in keyed]

    return places, [(pers.index(m.per), windows.index(m.window)) for m in program.meters]


def _key_of(window: ir.Window, program: ir.Program) -> Callable[[Claim, date], str]:
    """The key of the window that a claim of a day falls into; empty for one that claims open."""
    if window.is_opened:
        return lambda claim, day: ""  # noqa: ARG005  -- what was counted says it
    if window.kind != "anniversary":
        return lambda claim, day: window_key(window, day, claim)
    stated = stated_day(program, window.origin)

    def read(claim: Claim, day: date) -> str:
        since, path = stated(claim)
        if since is None:
            text = f"the window `{window.name}` begins on this day, but the claim does not state it"
            raise claim_error(claim, "E530", path, text, "a day such as 2017-05-03")
        if day < since:
            text = f"the claim is of {day}, the first year of the window `{window.name}` begins on {since}"
            raise claim_error(claim, "E576", path, text, f"a claim of {since} or later")
        return anniversary(since, day)

    return read


def _fixed(program: ir.Program) -> Stand:
    places, of_meter = _places(program)
    plan = [(m.name, per, window) for m, (per, window) in zip(program.meters, of_meter, strict=True)]

    def read(claim: Claim, counted: Counted, ids: Ids = NO_IDS) -> Standing:
        _, scopes, spans = places(claim, ids)
        keys = tuple([(name, scopes[per], spans[window]) for name, per, window in plan])
        values = _within(program, tuple([counted.used.get(key, 0) for key in keys]))
        return Standing(keys, values, values)

    return read


def _within(program: ir.Program, values: tuple[int, ...]) -> tuple[int, ...]:
    """Raises ``ClaimError`` for a value that its meter cannot hold."""
    for meter, value in zip(program.meters, values, strict=True):
        if not 0 <= value <= meter.high:
            text = f"{meter.name}: the accumulator holds more than its meter can"
            raise ClaimError(Diagnostic("E555", text, expected=f"from 0 to {meter.high:,}", record="history"))
    return values


def _moving(program: ir.Program) -> Stand:
    places, of_meter = _places(program)
    groups: dict[tuple[ir.Window, tuple[str, ...]], list[int]] = {}
    for at, meter in enumerate(program.meters):
        if meter.window.is_opened:
            groups.setdefault((meter.window, tuple(sorted(meter.per))), []).append(at)
    plan = list(enumerate(zip(program.meters, of_meter, strict=True)))

    def read(claim: Claim, counted: Counted, ids: Ids = NO_IDS) -> Standing:
        day, scopes, spans = places(claim, ids)
        moves, started = [], dict[int, str]()
        for (window, per), members in groups.items():
            account = (window.name, per, scopes[of_meter[members[0]][0]])
            move = _move(window, account, tuple(members), program.dated_by, claim, day, counted.opened.get(account))
            moves.append(move)
            started.update(dict.fromkeys(members, move.now.start.isoformat()))
        keys, rows, values, past = [], [], [], []
        for at, (meter, (per_at, window_at)) in plan:
            key = (meter.name, scopes[per_at], started.get(at, spans[window_at]))
            row = value = counted.used.get(key, 0)
            if meter.window.kind == "rolling":
                value, gone = _rolling(meter, key, day, counted, claim, program.dated_by)
                past.append((at, gone))
            keys.append(key)
            rows.append(row)
            values.append(value)
        return Standing(tuple(keys), tuple(rows), _within(program, tuple(values)), tuple(moves), tuple(past))

    return read


def _move(
    window: ir.Window, account: Account, meters: tuple[int, ...], dated_by: str, claim: Claim, day: date,
    opened: Opened | None,
) -> Move:  # fmt: skip
    """How the claim finds and leaves a window that claims open."""
    first, last = day, None
    if window.kind == "spell":
        first = claim.encounter.admission_date or day
        last = max(first, claim.encounter.discharge_date or day)
    anew = Opened(first, last)
    if opened is None:
        return Move(account, meters, None, anew, anew)
    if (last or day) < opened.start:
        raise _late(claim, dated_by, f"the window `{window.name}` runs from {opened.start} already")
    over = False
    if window.kind == "anchored":
        over = day >= plus(opened.start, window.length, window.unit)
    elif window.kind == "spell":
        assert opened.out is not None, "a spell has a last day in hospital"
        over = (first - opened.out).days >= window.length
    out = None if last is None else max(last, opened.out or last)
    return Move(account, meters, opened, anew if over else Opened(opened.start, out), anew)


def _rolling(
    meter: ir.Meter, own: Key, day: date, counted: Counted, claim: Claim, dated_by: str
) -> tuple[int, tuple[Key, ...]]:
    """What the buckets hold that count on ``day``, and the rows of those that no longer do."""
    buckets = counted.buckets.get(own[:2], [])
    if buckets and buckets[-1] > own[2]:
        raise _late(claim, dated_by, f"`{meter.name}` has counted up to {buckets[-1]} already")
    counts, kept = buckets_on(meter.window, day)
    held = [counted.used[(*own[:2], bucket)] for bucket in buckets if counts(bucket)]
    gone = tuple((*own[:2], bucket) for bucket in buckets if not kept(bucket))
    if not held:
        return 0, gone
    return {"sum": sum(held), "max": max(held), "last": held[-1]}[meter.keep], gone


def _late(claim: Claim, dated_by: str, text: str) -> ClaimError:
    hint = "settle the claims of everybody who shares the accumulator in the order of their days"
    return claim_error(claim, "E568", ("encounter", dated_by), text, "a claim of a later day", hint)


def updates_of(program: ir.Program) -> tuple[Update, ...]:
    """How every meter counts."""
    index = {step.name: at for at, step in enumerate(program.steps)} | {"": -1}
    return tuple(Update(index[m.step], m.keep, index[m.when], index[m.window.reset]) for m in program.meters)


def change_of(standing: Standing, updates: tuple[Update, ...], values: tuple[Any, ...]) -> Change:
    """What counting the claim changes; ``values``: those of all steps."""
    if standing.change is not None:
        return standing.change
    counts = [u.when < 0 or bool(values[u.when]) for u in updates]
    keys, held, opened, dropped = list(standing.keys), list(standing.rows), {}, list[Key]()
    for move in standing.moves:
        if not any(counts[at] for at in move.meters):
            continue
        reset = updates[move.meters[0]].reset
        now = move.anew if reset >= 0 and values[reset] else move.now
        opened[move.account] = now
        if now is move.anew:
            for at in move.meters:
                name, scope, _ = keys[at]
                if move.before is not None:
                    dropped.append((name, scope, move.before.start.isoformat()))
                keys[at], held[at] = (name, scope, now.start.isoformat()), 0
    for at, gone in standing.past:
        dropped += gone if counts[at] else ()
    rows = {
        keys[at]: ir.counted(update.keep, held[at], values[update.step])
        for at, update in enumerate(updates) if counts[at]
    }  # fmt: skip
    return Change(rows, opened, tuple(dropped))


def changed(counted: Counted, change: Change) -> tuple[dict[Key, int], dict[Account, Opened]]:
    """The rows and windows after a change."""
    used = dict(counted.used)
    for key in change.dropped:
        used.pop(key, None)
    used.update(change.rows)
    return used, {**counted.opened, **change.opened}


def draft_of(counted: Counted) -> Counted:
    """What was counted, to be written on: ``count_on`` changes the draft and not what it was made of."""
    # ``ChainMap`` asks for mappings that can be changed; only the empty first one ever is.
    return Counted(ChainMap({}, counted.used), ChainMap({}, counted.opened), ChainMap({}, counted.buckets))  # type: ignore[arg-type]


def count_on(draft: Counted, change: Change, rolling: frozenset[str]) -> None:
    """Counts a change on a draft. ``rolling``: the meters that keep buckets."""
    used, opened, buckets = draft.used, draft.opened, draft.buckets
    assert isinstance(used, ChainMap)
    assert isinstance(opened, ChainMap)
    assert isinstance(buckets, ChainMap)
    for name, scope, window in change.dropped:
        used[name, scope, window] = 0
        buckets[name, scope] = [w for w in buckets.get((name, scope), ()) if w != window]
    used.update(change.rows)
    opened.update(change.opened)
    for name, scope, window in change.rows:
        held = buckets.get((name, scope), [])
        if name in rolling and window not in held[-1:]:
            buckets[name, scope] = [*held, window]


def one_after_the_other(standings: Sequence[Standing], changes: Sequence[Change]) -> Standing:
    """Where the meters stand for fee lines that were counted in this order, each after the one before it."""
    first: dict[Key, tuple[int, int]] = {}
    for one in standings:
        for key, row, value in zip(one.keys, one.rows, one.values, strict=True):
            first.setdefault(key, (row, value))
    rows, opened, dropped = dict[Key, int](), dict[Account, Opened](), list[Key]()
    for change in changes:
        for key in change.dropped:
            rows.pop(key, None)
        dropped += change.dropped
        rows |= change.rows
        opened |= change.opened
    held, values = zip(*first.values(), strict=True) if first else ((), ())
    moves = tuple(move for one in standings for move in one.moves)
    return Standing(tuple(first), held, values, moves, change=Change(rows, opened, tuple(dropped)))
