"""Claims drawn from what a rule set reads: every fact it knows, amounts and days at the edges that it names.

Seeded and without any library of its own, so that the same seed gives the same claims everywhere.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from policyengine import ir, terms
from policyengine.analysis import edges_of
from policyengine.analysis.covering import Covering, chosen_fact, covering
from policyengine.claim import Claim
from policyengine.encode import minus, plus
from policyengine.money import MAX_MINOR, exponent_of, text_of
from policyengine.rulebook import Rulebook

FIRST_DAY = datetime.date(2015, 1, 1)
LAST_DAY = datetime.date(2026, 12, 31)
FIRST_BIRTH, LAST_BIRTH = datetime.date(1930, 1, 1), datetime.date(2012, 2, 1)
LARGEST_LINE = 50_000_000
SHARES = ("0", "0.05", "0.1", "0.15", "0.3", "1")
COVERED = 0.9
"""How often a claim is drawn from rows of the tables; the others show what the policy does not cover."""

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Domain:
    """What can be drawn for one program: its facts, the amounts and counts it compares with, its days."""

    program: ir.Program
    amounts: tuple[int, ...]
    counts: tuple[int, ...]
    first: datetime.date
    last: datetime.date
    tables: tuple[tuple[tuple[str, ...], ir.Table], ...]
    covering: Covering
    changes: tuple[datetime.date, ...] = ()
    """Days on which the version changes that the day of a fee line chooses."""

    @classmethod
    def of(cls, program: ir.Program) -> Domain:
        start, end = program.valid
        before = datetime.date.fromisoformat(end) - datetime.timedelta(days=1) if end else None
        first = datetime.date.fromisoformat(start) if start else min(FIRST_DAY, before or FIRST_DAY)
        last = before or max(LAST_DAY, first)
        counts = edges(program, ("count",))
        amounts = edges(program, ("money", "exact"))
        return cls(program, amounts, counts, first, last, _tables(program), covering(program), _changes(program))

    def reads(self, name: str) -> ir.InputDecl | None:
        return next((d for d in self.program.inputs if d.name == name), None)


def edges(program: ir.Program, kinds: Sequence[str]) -> tuple[int, ...]:
    """Every number of these kinds that the program names: literals, table cells, edges of intervals."""
    found: set[int | Fraction] = set()
    for step in program.steps:
        for expr in ir.walk(step.expr):
            if isinstance(expr, ir.Lit) and expr.kind in kinds and not isinstance(expr.value, str):
                found.add(expr.value)
            if isinstance(expr, ir.Lookup):
                table = program.table(expr.table)
                found |= {v for c in table.columns if c.kind in kinds for v in c.values if not isinstance(v, str)}
                found |= _interval_edges(table, expr, kinds)
    return tuple(sorted(int(v) for v in found if v > 0))


def _interval_edges(table: ir.Table, expr: ir.Lookup, kinds: Sequence[str]) -> set[int]:
    at = [at for at, key in enumerate(expr.keys) if key.kind in kinds and table.keys[at] != ir.LINE_DAY]
    return {edge for one in at for edge in edges_of(table, one)}


def _changes(program: ir.Program) -> tuple[datetime.date, ...]:
    found = {edge for table in program.tables if ir.LINE_DAY in table.keys for edge in edges_of(table, 0)}
    return tuple(ir.day_of_number(edge) for edge in sorted(found))


def _tables(program: ir.Program) -> tuple[tuple[tuple[str, ...], ir.Table], ...]:
    """Every table that the program reads, with the facts of the claim that are its keys (no name for other keys)."""
    lookups = {e.table: e for step in program.steps for e in ir.walk(step.expr) if isinstance(e, ir.Lookup)}
    names = {t: tuple(chosen_fact(key) for key in e.keys) for t, e in lookups.items()}
    return tuple((names[t], program.table(t)) for t in names)


def draw_facts(domain: Domain, rng: Random, known: Facts) -> Facts:
    """``known`` and, for most claims, facts for which the tables have a row: a policy may cover few combinations."""
    facts = dict(known)
    if rng.random() > COVERED:
        return facts
    fitting = [held for held in domain.covering.facts if all(facts.get(k, v) == v for k, v in held.items())]
    facts |= rng.choice(fitting) if fitting else {}
    for names, table in domain.tables:
        rows = [row for row in table.patterns if _admits(names, row, facts)]
        for name, pattern in zip(names, rng.choice(rows), strict=True) if rows else ():
            if name and name not in facts and pattern is not None:
                facts[name] = _fitting(pattern, rng)
    return facts


def _admits(names: Sequence[str], row: Sequence[ir.Pattern], facts: Facts) -> bool:
    for name, pattern in zip(names, row, strict=True):
        match facts.get(name), pattern:
            case (None, _) | (_, None):
                continue
            case value, ir.Interval(low, high):
                if (low is not None and value < low) or (high is not None and value >= high):
                    return False
            case value, _:
                if value not in pattern:
                    return False
    return True


def _fitting(pattern: frozenset[str | bool] | ir.Interval, rng: Random) -> str | int | bool:
    if not isinstance(pattern, ir.Interval):
        words: list[str | bool] = sorted(pattern, key=str)
        return rng.choice(words)
    low = pattern.low or 0
    return rng.randrange(low, low + 5 if pattern.high is None else pattern.high)


def draw_amount(domain: Domain, rng: Random) -> int:
    """Minor units: often an edge of the rules, a coin beside it, or a simple multiple; else of any size."""
    choice = rng.random()
    if domain.amounts and choice < 0.45:
        near = rng.choice(domain.amounts) * rng.choice((1, 1, 1, 2, 3)) + rng.choice((-1, 0, 0, 1))
        return min(max(near, 0), LARGEST_LINE)
    if choice < 0.55:
        return rng.randrange(0, 200)
    return rng.randrange(0, 10 ** rng.randrange(3, 9)) % LARGEST_LINE


def draw_day(domain: Domain, rng: Random) -> datetime.date:
    span = (domain.last - domain.first).days
    if domain.changes and rng.random() < 0.7:
        near = rng.choice(domain.changes) + datetime.timedelta(days=rng.choice((-1, 0, 0, 1, 2, 5)))
        return min(max(near, domain.first), domain.last)
    if rng.random() < 0.2:
        return rng.choice((domain.first, domain.last))
    return domain.first + datetime.timedelta(days=rng.randrange(span + 1))


def draw_claim(domain: Domain, rng: Random, number: int = 0, **fixed: Any) -> dict[str, Any]:
    """The data of one claim. ``fixed`` may give ``person`` and ``day``."""
    day: datetime.date = fixed.get("day") or draw_day(domain, rng)
    lines = _covered_bill(domain, rng, [_line(domain, rng, day) for _ in range(rng.choice((1, 1, 2, 2, 3, 5)))])
    person = fixed.get("person") or draw_person(domain, rng, f"p{number}")
    facts = draw_facts(domain, rng, _of_person(domain, person))
    exponent = exponent_of(domain.program.currency)
    total = sum(int(Decimal(line["amount"]).scaleb(exponent)) for line in lines)
    encounter = _encounter(domain, rng, day, facts)
    first = datetime.date.fromisoformat(min(encounter["admission_date"], encounter["service_date"]))
    data: dict[str, Any] = {
        "id": f"g{number}",
        "currency": domain.program.currency,
        "person": person,
        "encounter": encounter,
        "lines": lines,
        "facts": {name: facts.get(name, value) for name, value in _declared(domain, rng, "claim").items()}
        | _days(domain, rng, "claim", first),
    }
    dated = domain.program.settle_by and rng.random() < 0.5
    counted = any("line_date" in (d.days.since, d.days.until) for d in domain.program.inputs if d.days is not None)
    if dated or counted or domain.reads("day_of_stay"):
        for line in lines:
            line["service_date"] = _day_in_hospital(domain, data["encounter"], rng)
    elsewhere = list(_elsewhere(domain, rng, total))
    if elsewhere:
        data["paid_elsewhere"] = elsewhere
    return data


def _covered_bill(domain: Domain, rng: Random, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The fee lines; where ``covers`` asks something of the bill, often such as it asks for."""
    words, amounts = domain.covering.words or {}, domain.covering.amounts
    if amounts and rng.random() < 0.5:
        lines = [lines[0] | {"amount": text_of(rng.choice(amounts), exponent_of(domain.program.currency))}]
    if words and rng.random() < 0.7:
        chosen = [{name: rng.choice(of) for name, of in words.items() if name in line} for line in lines]
        lines = [line | of for line, of in zip(lines, chosen, strict=True)]
    return lines


def _day_in_hospital(domain: Domain, encounter: dict[str, Any], rng: Random) -> str:
    """A day of the stay; often one beside a day on which the version changes that fee lines choose."""
    admitted, left = (datetime.date.fromisoformat(encounter[d]) for d in ("admission_date", "discharge_date"))
    beside = [day + datetime.timedelta(days=by) for day in domain.changes for by in (-1, 0, 1)]
    beside = [day for day in beside if admitted <= day <= left]
    if beside and rng.random() < 0.7:
        return str(rng.choice(beside))
    return str(admitted + datetime.timedelta(days=rng.randrange((left - admitted).days + 1)))


def draw_person(domain: Domain, rng: Random, name: str, first: datetime.date | None = None) -> dict[str, Any]:
    """A member: tags that the program reads and some that it does not, scheme, age, income. Born well before the
    ``first`` day of care, by default that of the domain."""
    facts = draw_facts(domain, rng, {})
    chance = {t: facts.get(t, 0.5) if domain.reads(t) else 0.03 for t in terms.TAGS}
    tags = [t for t in terms.TAGS if rng.random() < chance[t]]
    person: dict[str, Any] = {"id": name, "household": f"h{rng.randrange(1000)}", "tags": tags}
    person["scheme"] = facts.get("scheme") or rng.choice(tuple(terms.SCHEMES))
    youngest = min(LAST_BIRTH, (first or domain.first) - datetime.timedelta(days=100))
    person["birth_date"] = str(FIRST_BIRTH + datetime.timedelta(days=rng.randrange((youngest - FIRST_BIRTH).days)))
    if domain.reads("income_annual"):
        person["income_annual"] = text_of(draw_amount(domain, rng), exponent_of(domain.program.currency))
    return person


def _of_person(domain: Domain, person: dict[str, Any]) -> Facts:
    """What the person fixes of the facts that choose rows."""
    return {"scheme": person["scheme"], **{t: t in person["tags"] for t in terms.TAGS if domain.reads(t)}}


def _encounter(domain: Domain, rng: Random, day: datetime.date, facts: Facts) -> dict[str, Any]:
    stay = rng.choice((0, 1, 3, 10, 40))
    before = day - datetime.timedelta(days=stay)
    of = {name: decl.values for name in ("care_type", "tier", "area", "hospital_id", "disease")
          if (decl := domain.reads(name)) is not None}  # fmt: skip
    level = facts.get("hospital_level", "")
    grade = facts.get("hospital_grade") or rng.choice([g for g in terms.GRADES if g.startswith(level)])
    by = domain.program.dated_by
    days = {"admission_date": before, "discharge_date": day, "settlement_date": day, "service_date": before}
    if by in ("admission_date", "service_date"):
        ahead = day + datetime.timedelta(days=stay)
        days = {"admission_date": day, "discharge_date": ahead, "settlement_date": ahead, "service_date": day}

    def one(name: str, otherwise: Sequence[str]) -> Any:
        return facts.get(name) or rng.choice(of.get(name, otherwise))

    return {
        "care_type": one("care_type", tuple(terms.CARE_TYPES)),
        **{name: str(when) for name, when in days.items()},
        "hospital": {
            "id": one("hospital_id", ("any_hospital",)),
            "grade": grade,
            "tier": one("tier", tuple(terms.TIERS)),
        },
        "area": one("area", tuple(terms.AREAS)),
        "referred": facts.get("referred", rng.random() < 0.5),
        "certificate_shown": facts.get("certificate_shown", rng.random() < 0.6),
        "disease": one("disease", ("none",)),
        "admission_ordinal": facts.get("admission_ordinal", rng.randrange(1, 5)),
    }


def _line(domain: Domain, rng: Random, day: datetime.date) -> dict[str, Any]:
    exponent = exponent_of(domain.program.currency)
    line = {
        "category": rng.choice(tuple(terms.CATEGORIES)),
        "catalogue_class": rng.choice(("a", "a", "b", "c")),
        "amount": text_of(draw_amount(domain, rng), exponent),
        "quantity": rng.choice((1, 1, 2, 7)),
        "first_share_rate": rng.choice(SHARES),
        "facts": _declared(domain, rng, "row") | _days(domain, rng, "row", day),
    }
    if domain.reads("price_limit"):
        line["price_limit"] = text_of(draw_amount(domain, rng), exponent)
    return line


def _declared(domain: Domain, rng: Random, of: str) -> dict[str, Any]:
    """Facts that the rule file itself declares, the ids by which its meters are kept among them."""
    own = [d for d in domain.program.inputs
           if d.domain == of and d.days is None and d.name not in terms.FACTS and "." not in d.name]  # fmt: skip
    drawn = {d.name: _value(domain, d, rng) for d in own}
    if of == "claim":
        ids = {name for meter in domain.program.meters for name in meter.per} - set(terms.FACTS) - set(drawn)
        drawn |= {name: f"{name}-{rng.randrange(3)}" for name in sorted(ids)}
    return drawn


def _days(domain: Domain, rng: Random, of: str, day: datetime.date) -> dict[str, str]:
    """Days that the rule file declares: before the care, often by a count of years, months or days that it names."""
    before = (0, 1, 30, 90, 365, 366, 3653, *(n * unit for n in domain.counts if n < 40 for unit in (1, 30, 365)))
    drawn = {
        d.name: str(day - datetime.timedelta(days=max(0, rng.choice(before) + rng.choice((-1, 0, 0, 1)))))
        for d in domain.program.days
        if d.domain == of
    }
    for counted in domain.program.inputs:
        since, until = (counted.days.since, counted.days.until) if counted.days is not None else ("", "")
        if since in drawn and until in drawn and (counted.low or 0) >= 0:
            drawn[since], drawn[until] = sorted((drawn[since], drawn[until]))
            if counted.days is not None and counted.high is not None:
                end = datetime.date.fromisoformat(drawn[until])
                drawn[since] = max(drawn[since], str(minus(end, int(counted.high), counted.days.measure)))
    return drawn


def _value(domain: Domain, decl: ir.InputDecl, rng: Random) -> Any:
    low = 0 if decl.low is None else decl.low
    high = MAX_MINOR if decl.high is None else decl.high
    match decl.kind:
        case "flag":
            return rng.random() < 0.5
        case "code":
            return rng.choice((*decl.values, "id-1", "id-2", "id-3") if decl.opaque else decl.values)
        case "count":
            near = [n for n in domain.counts if low <= n <= high]
            drawn = rng.choice(near) if near and rng.random() < 0.4 else int(low) + rng.randrange(0, 400)
            return min(int(high), drawn)
        case "rate":
            steps = int((Fraction(high) - low) * 100)
            return str(Decimal(int(Fraction(low) * 100) + rng.randrange(steps + 1)).scaleb(-2))
        case _:
            amount = min(max(draw_amount(domain, rng), int(low)), int(high))
            return text_of(amount, exponent_of(domain.program.currency))


def _elsewhere(domain: Domain, rng: Random, total: int) -> Iterator[dict[str, str]]:
    """Payments of some payers made elsewhere. Where there are many of them, often of few: together they must fit."""
    left = total
    payers = [d.name.partition(".")[2] for d in domain.program.inputs if d.name.startswith("elsewhere.")]
    likely = 0.7 if len(payers) < 4 else rng.choice((0.1, 0.1, 0.7))
    for payer in payers:
        if rng.random() < likely:
            amount = rng.randrange(left // rng.choice((1, 5, 20)) + 1)
            left -= amount
            yield {"payer": payer, "amount": text_of(amount, exponent_of(domain.program.currency))}


def draw_parameters(program: ir.Program, rng: Random) -> dict[str, Any]:
    """Values for the parameters that the caller must give."""
    domain = Domain.of(program)
    return {
        d.name.removeprefix("parameter."): _value(domain, d, rng)
        for d in program.inputs
        if d.name.startswith("parameter.")
    }


def claims(book: Rulebook, seed: int, count: int) -> Iterator[Claim]:
    """``count`` claims of different members, spread over the versions of the rule set."""
    rng = Random(seed)
    domains = [Domain.of(p) for p in book.programs]
    for number in range(count):
        yield Claim.model_validate(draw_claim(rng.choice(domains), rng, number))


def lives(book: Rulebook, seed: int, count: int, most: int = 5) -> Iterator[tuple[Claim, ...]]:
    """``count`` members, each with up to ``most`` claims in the order of their days."""
    rng = Random(seed)
    domains = [Domain.of(p) for p in book.programs]
    likely = [domain for domain in domains if not domain.covering.nobody] or domains
    for number in range(count):
        person = draw_person(rng.choice(likely), rng, f"p{number}", domains[0].first)
        some = likely if rng.random() < COVERED else domains
        days = sorted(draw_day(rng.choice(some), rng) for _ in range(rng.randrange(1, most + 1)))
        days = _drawn_together(domains, days, rng)
        yield tuple(
            Claim.model_validate(draw_claim(_domain_on(domains, day), rng, number * 100 + i, person=person, day=day))
            for i, day in enumerate(days)
        )


def _drawn_together(domains: Sequence[Domain], days: Sequence[datetime.date], rng: Random) -> list[datetime.date]:
    """``days``, of which most are moved to the edges of the windows that the days before them opened: a window of a
    month would else hardly ever hold two claims. Windows of the calendar move none."""
    windows = {m.window for d in domains for m in d.program.meters if not m.window.is_order_free}
    lengths = sorted({(w.length, w.unit) for w in windows if w.kind != "event"} or ({(1, "day")} if windows else set()))
    found = list(days[:1])
    for drawn in days[1:]:
        last, day = found[-1], drawn
        if lengths and rng.random() < 0.8:
            length, unit = rng.choice(lengths)
            near = plus(last, length, unit) + datetime.timedelta(days=rng.choice((-1, 0, 1)))
            day = rng.choice((last, near, last + (near - last) // 2))
        found.append(max(last, min(day, domains[-1].last)))
    return found


def _domain_on(domains: Sequence[Domain], day: datetime.date) -> Domain:
    return next(d for d in domains if d.first <= day <= d.last)
