"""Meters in the code of a kernel: what they hold before a claim, and what the claim leaves in them."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field

from policyengine.backends.kernel.arithmetic import plus_months
from policyengine.backends.kernel.code import Code, Value
from policyengine.backends.kernel.emit import Emitter
from policyengine.backends.kernel.status import Status
from policyengine.ir import NO_DAY, Hist, Meter, Program, Window

Group = tuple[Window, tuple[str, ...]]
"""Meters of one group have their slots in common: for each claim, the place of its window and scope."""


def group_of(meter: Meter) -> Group:
    return meter.window, tuple(sorted(meter.per))


def groups_of(program: Program) -> tuple[Group, ...]:
    """The groups in order; the slots of a group are handed in under its number."""
    return tuple(dict.fromkeys(group_of(m) for m in program.meters))


@dataclass(frozen=True, slots=True, eq=False)
class Spell:
    """A window that claims open. ``running``: whether it runs on the day of the claim; ``start``: since when it does
    with this claim; ``anew``: since when if it begins with it; ``last``: the last day in hospital, for a spell."""

    window: Window
    number: str
    slot: Value
    running: Value
    start: Value
    anew: Value
    late: Value
    last: Value | None = None
    members: list[Place] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where a meter stands, and what it holds before the claim. ``kept``: the variable that holds it, in place of
    memory."""

    meter: Meter
    slot: Value
    held: Value
    spell: Spell | None = None
    late: Value | None = None
    kept: Value | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """Where the accumulators of a group stand; ``begins``: whether the claim is the first of a slot whose claims follow
    each other, ``None`` where every slot has a place of its own. ``kept``: variables that hold them, by meter, in place
    of memory."""

    at: Value
    begins: Value | None = None
    kept: Mapping[str, Value] = field(default_factory=dict)


def variables_of(program: Program, code: Code, in_turn: Container[int]) -> dict[str, Value]:
    """A variable for every meter of the groups ``in_turn``, before the first claim."""
    groups = {group for at, group in enumerate(groups_of(program)) if at in in_turn}
    return {m.name: code.variable(code.number(0)) for m in program.meters if group_of(m) in groups}


def slots_of(
    program: Program, code: Code, claim: Value, in_turn: Container[int], kept: Mapping[str, Value]
) -> dict[Group, Slot]:
    """The slot of the claim in every group. ``in_turn``: groups, by number, with one place for all slots. ``kept``:
    variables of meters, which are told here that a slot begins, whatever becomes of its first claim."""
    found: dict[Group, Slot] = {}
    for at, group in enumerate(groups_of(program)):
        if at in in_turn:
            begins = code.is_true(code.load("begins", str(at), claim))
            found[group] = Slot(code.number(0), begins, kept)
        else:
            found[group] = Slot(code.load("slot", str(at), claim))
    for meter in program.meters:
        begins = found[group_of(meter)].begins
        if meter.name in kept and begins is not None:
            code.put(kept[meter.name], code.choose(begins, code.number(0), code.now(kept[meter.name])))
    return found


def read(
    program: Program,
    emitter: Emitter,
    claim: Value,
    slots: Mapping[Group, Slot],
    leave_if: Callable[[Value, Status], None],
) -> tuple[Place, ...]:
    """What every meter holds, told to the emitter. ``leave_if`` refuses a claim: one that comes before a window began
    that runs already, and one for which a meter holds more than it can."""
    code = emitter.code
    spells: dict[Group, Spell] = {}
    for number, group in enumerate(groups_of(program)):
        if group[0].is_opened:
            spells[group] = _spell(code, emitter, group[0], str(number), slots[group].at, claim)
    places = tuple(_place(m, slots[group_of(m)], spells.get(group_of(m)), emitter, claim) for m in program.meters)
    full = [code.compare(">", p.held, code.number(p.meter.high)) for p in places]
    for place, over in zip(places, full, strict=True):
        held = code.choose(over, code.number(0), place.held) if emitter.level else place.held
        emitter.known[-1][Hist(place.meter.name, place.meter.kind)] = held
    late = [spell.late for spell in spells.values()] + [p.late for p in places if p.late is not None]
    if late:
        leave_if(code.any_of(late), Status.LATE)
    if places:
        leave_if(code.any_of(full), Status.FULL)
    return places


def _place(meter: Meter, where: Slot, spell: Spell | None, emitter: Emitter, claim: Value) -> Place:
    code, slot = emitter.code, where.at
    if meter.window.kind == "rolling":
        return Place(meter, slot, _rolling(meter, slot, emitter, claim), late=_late(code, meter.name, slot, claim))
    if meter.name in where.kept:
        kept = where.kept[meter.name]
        return Place(meter, slot, code.now(kept), kept=kept)
    held = code.load("meter", meter.name, slot)
    if where.begins is not None:
        held = code.choose(where.begins, code.number(0), held)
    if spell is None:
        return Place(meter, slot, held)
    place = Place(meter, slot, code.choose(spell.running, held, code.number(0)), spell)
    spell.members.append(place)
    return place


def _spell(code: Code, emitter: Emitter, window: Window, number: str, slot: Value, claim: Value) -> Spell:
    since = code.load("since", number, slot)
    running = code.compare("!=", since, code.number(NO_DAY))
    if window.kind == "spell":
        return _stay(code, emitter, window, number, slot, claim, since, running)
    day = code.load("day", "", claim)
    if window.kind == "anchored":
        length = emitter.pool.number(window.length)
        end = plus_months(code, since, length) if window.unit == "month" else code.add(since, length)
        running = code.all_of([running, code.compare("<", day, end)])
    late = code.compare("<", day, since)
    return Spell(window, number, slot, running, code.choose(running, since, day), day, late)


def _stay(
    code: Code, emitter: Emitter, window: Window, number: str, slot: Value, claim: Value, since: Value, opened: Value
) -> Spell:
    """It ends when the person has been out of hospital for so many days."""
    first, last = code.load("first", "", claim), code.load("last", "", claim)
    left = code.load("out", number, slot)
    length = emitter.pool.number(window.length)
    running = code.all_of([opened, code.compare("<", code.sub(first, left), length)])
    until = code.choose(running, code.extreme(">", [left, last]), last)
    late = code.compare("<", last, since)
    return Spell(window, number, slot, running, code.choose(running, since, first), first, late, until)


def _rolling(meter: Meter, slot: Value, emitter: Emitter, claim: Value) -> Value:
    """What the claims of the slot come to that still count. They stand in a chain from the oldest; those that no longer
    count for anybody are left out for good."""
    code, name, zero = emitter.code, meter.name, emitter.code.number(0)
    kept, counts = _conditions(meter.window, name, emitter, claim)
    at, held = code.variable(code.load("oldest", name, slot)), code.variable(zero)

    def is_one() -> Value:
        return code.compare(">=", code.now(at), zero)

    def is_past() -> Value:
        one = code.now(at)
        return code.all_of([is_one(), code.negated(kept(code.extreme(">", [one, zero])))])

    with code.as_long_as(is_past):
        code.put(at, code.load("follows", name, code.now(at)))
    code.store("oldest", name, slot, code.now(at))
    with code.as_long_as(is_one):
        one = code.now(at)
        taken = _counted(code, meter.keep, code.now(held), code.load("added", name, one))
        code.put(held, code.choose(counts(one), taken, code.now(held)))
        code.put(at, code.load("follows", name, one))
    return code.now(held)


def _late(code: Code, name: str, slot: Value, claim: Value) -> Value:
    """Whether a later bucket has been counted in already."""
    newest = code.load("newest", name, slot)
    some = code.compare(">=", newest, code.number(0))
    place = code.extreme(">", [newest, code.number(0)])
    later = code.compare(">", code.load("bucket", name, place), code.load("bucket", name, claim))
    return code.all_of([some, later])


Condition = Callable[[Value], Value]


def _conditions(window: Window, name: str, emitter: Emitter, claim: Value) -> tuple[Condition, Condition]:
    """Whether the bucket of an earlier claim is kept on the day of this one, and whether it counts."""
    code = emitter.code

    def bucket(one: Value) -> Value:
        return code.load("bucket", name, one)

    if window.back:
        asked = code.load("asked", name, claim)
        return (lambda one: code.compare("<=", asked, bucket(one))), (
            lambda one: code.compare("==", asked, bucket(one))
        )
    now, length = bucket(claim), emitter.pool.number(window.length)

    def kept(one: Value) -> Value:
        if window.grain == "month":
            return code.compare("<", code.sub(now, bucket(one)), length)
        months = window.unit == "month"
        end = plus_months(code, bucket(one), length) if months else code.add(bucket(one), length)
        return code.compare("<", now, end)

    return kept, kept


def _counted(code: Code, keep: str, held: Value, added: Value) -> Value:
    match keep:
        case "sum":
            return code.add(held, added)
        case "max":
            return code.extreme(">", [held, added])
        case _:
            return added


def write(
    emitter: Emitter, places: Sequence[Place], claim: Value, step: Callable[[str], Value], settled: Value
) -> None:
    """What the claim leaves behind, if it is ``settled``. A window that claims open moves if any of its meters counts
    the claim."""
    code = emitter.code
    counts = {p.meter.name: code.all_of([settled, *([step(p.meter.when)] if p.meter.when else [])]) for p in places}
    renewed = {
        spell.number: _moved(code, spell, [counts[p.meter.name] for p in spell.members], step)
        for spell in dict.fromkeys(p.spell for p in places if p.spell is not None)
    }
    for place in places:
        added, counted = step(place.meter.step), counts[place.meter.name]
        if place.kept is not None:
            now = _counted(code, place.meter.keep, place.held, added)
            code.put(place.kept, code.choose(counted, now, place.held))
            continue
        if emitter.level and place.spell is None and place.meter.window.kind != "rolling":
            now = _counted(code, place.meter.keep, place.held, added)
            code.store("meter", place.meter.name, place.slot, code.choose(counted, now, place.held))
            continue
        with code.only_if(counted):
            if place.meter.window.kind == "rolling":
                _link(code, place, claim, added)
                continue
            held = place.held
            if place.spell is not None:
                held = code.choose(renewed[place.spell.number], code.number(0), held)
            code.store("meter", place.meter.name, place.slot, _counted(code, place.meter.keep, held, added))


def _moved(code: Code, spell: Spell, counts: Sequence[Value], step: Callable[[str], Value]) -> Value:
    """Writes since when the window runs from now on; whether it began anew."""
    renewed = code.negated(spell.running)
    if spell.window.reset:
        renewed = code.any_of([renewed, step(spell.window.reset)])
    with code.only_if(code.any_of(counts)):
        code.store("since", spell.number, spell.slot, code.choose(renewed, spell.anew, spell.start))
        if spell.last is not None:
            code.store("out", spell.number, spell.slot, spell.last)
        with code.only_if(renewed):
            for place in spell.members:
                code.store("meter", place.meter.name, place.slot, code.number(0))
    return renewed


def _link(code: Code, place: Place, claim: Value, added: Value) -> None:
    """Puts the claim at the end of the chain of its slot."""
    name, zero = place.meter.name, code.number(0)
    code.store("added", name, claim, added)
    oldest, newest = code.load("oldest", name, place.slot), code.load("newest", name, place.slot)
    first = code.compare("<", oldest, zero)
    with code.only_if(first):
        code.store("oldest", name, place.slot, claim)
    with code.only_if(code.negated(first)):
        code.store("follows", name, newest, claim)
    code.store("newest", name, place.slot, claim)
