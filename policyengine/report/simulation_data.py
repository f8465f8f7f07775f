"""A simulation as plain data, with its JSON Schema, and its groups as rows of a table. Amounts are decimal texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from fractions import Fraction
from typing import Any, Final

from policyengine.backends.kernel import Status
from policyengine.money import exponent_of, text_of
from policyengine.report.data import AMOUNT, AMOUNTS, DAY, TEXT, TEXTS, listed, record
from policyengine.report.schemas import COUNT, FLAG, or_null, titled
from policyengine.report.simulation_assumed import answered, assumptions, changes, intervals
from policyengine.simulate import Cell, Change, Outcome, Reform, Side, Simulation
from policyengine.simulate.assumed import WEIGHT
from policyengine.simulate.groups import Label
from policyengine.simulate.model import EDGES

COUNTS: Final = {"type": "object", "additionalProperties": COUNT}
FRACTIONS: Final = {"type": "object", "additionalProperties": TEXTS}
INTERVALS: Final = {"type": "object", "additionalProperties": {"type": "array", "items": AMOUNT}}
SHARE_KEYS: Final = ("0", *(f"{ten}0%" for ten in range(1, 11)), "above")
"""Upper ends of the brackets of the patient's share."""
BORNE_KEYS: Final = ("0", *map(str, EDGES), "above")


def simulation_data(found: Simulation) -> dict[str, Any]:
    """Everything that a simulation found."""
    exponent = exponent_of(found.currency)
    return {
        "currency": found.currency,
        "claims": found.claims,
        "assumptions": assumptions(found),
        "group_by": list(found.group_by),
        "baseline": _outcome(found.baseline, found.group_by, exponent),
        "reforms": [_reform(one, found, exponent) for one in found.reforms],
        "budget": [
            {"payer": payer, "budget": text_of(budget, exponent),
             "left": {o.name: text_of(budget - o.total.amounts.get(payer, 0), exponent) for o in found.outcomes}}
            for payer, budget in found.budget.items()
        ],
        "refused": [
            {"row": one.row, "claim": one.claim, "code": one.why.code, "reason": one.why.message}
            for one in found.refused
        ],
        "means": _means(found, exponent),
        "unread": list(found.unread),
    }  # fmt: skip


def _outcome(one: Outcome, group_by: tuple[str, ...], exponent: int) -> dict[str, Any]:
    return {
        "name": one.name,
        "rules": one.rules,
        "digest": str(one.digest),
        "total": _cell(one.total, exponent),
        "groups": [
            {"group": _label(group_by, label), **_cell(cell, exponent)} for label, cell in sorted(one.cells.items())
        ],
        "hardship": _burdens(one),
        "exercised": _hits(one),
        "intervals": _intervals(intervals(one), exponent),
    }


def _intervals(found: Mapping[str, tuple[int, int]], exponent: int) -> dict[str, list[str]]:
    return {name: [text_of(end, exponent) for end in ends] for name, ends in found.items()}


def _means(found: Simulation, exponent: int) -> dict[str, Any] | None:
    if found.means is None:
        return None
    amounts = {"poverty_line": found.means.poverty_line, "subsistence": found.means.subsistence}
    texts = {name: None if amount is None else text_of(amount, exponent) for name, amount in amounts.items()}
    return {**texts, "by": list(found.means.by), "of_households": found.means.of_households}


def _burdens(one: Outcome) -> list[dict[str, Any]]:
    return [{"group": list(label), **asdict(burden)} for label, burden in sorted(one.burdens.items())]


def _hits(one: Outcome) -> list[dict[str, Any]]:
    return [
        {"since": since or None, "kind": kind, "name": name, "times": counts}
        for (since, kind, name), counts in sorted(one.hits.items())
    ]


def _label(group_by: tuple[str, ...], label: Label) -> dict[str, str]:
    return dict(zip(group_by, label, strict=True))


def _cell(cell: Cell, exponent: int) -> dict[str, Any]:
    return {
        "claims": cell.claims,
        "settled": cell.settled,
        "statuses": {s.name.lower(): cell.statuses[s] for s in Status if cell.statuses[s]},
        "amounts": {name: text_of(amount, exponent) for name, amount in cell.amounts.items()},
        "patient_share": _counts(SHARE_KEYS, cell.shares),
        "patient_amount": _counts(BORNE_KEYS, cell.borne),
    }


def _counts(keys: tuple[str, ...], counts: list[int]) -> dict[str, int]:
    return {key: count for key, count in zip(keys, counts, strict=True) if count}


def _reform(one: Reform, found: Simulation, exponent: int) -> dict[str, Any]:
    groups = sorted(one.claims)
    return {
        **_outcome(one.outcome, found.group_by, exponent),
        "changed": one.changed,
        "gained": one.gained,
        "lost": one.lost,
        "difference": _difference(found.baseline.total, one.outcome.total, exponent),
        "difference_intervals": _intervals(changes(found.baseline, one.outcome), exponent),
        "answered": _answered(one, exponent),
        "people": _change(one.everybody, exponent),
        "changes": [
            {"group": _label(found.group_by, label), "claims": _change(one.claims[label], exponent),
             "people": _change(one.people[label], exponent),
             "difference": _difference(found.baseline.cells[label], one.outcome.cells[label], exponent)}
            for label in groups
        ],
        "conditions": [
            {"condition": c.text, "failed": c.failed, "worst": text_of(c.worst, exponent),
             "cases": [{"claim": case.claim, "bill": text_of(case.bill, exponent),
                        "before": text_of(case.before, exponent), "after": text_of(case.after, exponent)}
                       for case in c.cases]}
            for c in one.judged
        ],
    }  # fmt: skip


def _answered(one: Reform, exponent: int) -> dict[str, list[str]]:
    """In whole currency units; of claims, how many there are."""
    found = {name: value if name == WEIGHT else value / 10**exponent for name, value in answered(one).items()}
    return {name: [str(value.numerator), str(value.denominator)] for name, value in found.items()}


def _difference(before: Cell, after: Cell, exponent: int) -> dict[str, str]:
    names = dict.fromkeys((*before.amounts, *after.amounts))
    return {name: text_of(after.amounts.get(name, 0) - before.amounts.get(name, 0), exponent) for name in names}


def _change(one: Change, exponent: int) -> dict[str, Any]:
    sides = {"winners": _side(one.winners, exponent), "losers": _side(one.losers, exponent)}
    return {"compared": one.compared, **sides}


def _side(side: Side, exponent: int) -> dict[str, Any]:
    mean = side.mean / Fraction(10**exponent)
    return {
        "count": side.count, "total": text_of(side.total, exponent), "largest": text_of(side.largest, exponent),
        "mean": [str(mean.numerator), str(mean.denominator)],
    }  # fmt: skip


def group_rows(found: Simulation) -> list[dict[str, Any]]:
    """A row for each rule set and group: what the group has in common, counts, amounts in minor units."""
    names = dict.fromkeys(name for one in found.outcomes for name in one.total.amounts)
    said = {"assumptions": "; ".join(assumptions(found))} if assumptions(found) else {}
    return [
        {"ruleset": one.name, **_label(found.group_by, label), "claims": cell.claims, "settled": cell.settled,
         **{name: cell.amounts.get(name, 0) for name in names}, **said}
        for one in found.outcomes for label, cell in sorted(one.cells.items())
    ]  # fmt: skip


def simulation_schema() -> dict[str, Any]:
    """What ``simulate --json`` writes."""
    cell: Mapping[str, Any] = {
        "claims": (COUNT, "how many claims"), "settled": (COUNT, "how many of them are settled"),
        "statuses": (COUNTS, "how many, by what became of them"), "amounts": (AMOUNTS, "sums of the settled claims"),
        "patient_share": (COUNTS, "claims by the patient's share of the bill, up to each key"),
        "patient_amount": (COUNTS, "claims by what the patient bears, up to each key"),
    }  # fmt: skip
    label = ({"type": "object", "additionalProperties": TEXT}, "what its claims state; empty: nothing")
    outcome: Mapping[str, Any] = {
        "name": (TEXT, "name of the rule set"), "rules": (TEXT, "digest of its files"),
        "digest": (TEXT, "digest of the results, the same for any order and number of workers"),
        "total": (record(cell), "all claims"), "groups": (listed(record({"group": label, **cell})), "each group"),
        "hardship": (listed(record({"group": (TEXTS, "its group, or year"), **_burden()})), "whom paying ruins"),
        "exercised": (listed(record({
            "since": (DAY, "first day of the version"), "kind": (TEXT, "table, layer, or the mechanism"),
            "name": (TEXT, "the table or provision"),
            "times": (listed(COUNT), "how often each row was looked up, or the provision applied"),
        })), "what the claims exercise, if it is counted"),
        "intervals": (INTERVALS, "of each total, if people are drawn: from, to"),
    }  # fmt: skip
    return titled("What came of a book of claims", record({
        "currency": (TEXT, "ISO code of all amounts"),
        "claims": (COUNT, "how many claims"),
        "assumptions": (TEXTS, "what is assumed beyond rules and claims"),
        "group_by": (TEXTS, "what groups are made by"),
        "baseline": (record(outcome), "the rule set"),
        "reforms": (listed(_reform_schema(outcome, label)), "each reform"),
        "budget": (listed(record({
            "payer": (TEXT, "the payer"), "budget": (AMOUNT, "what it may spend"),
            "left": (AMOUNTS, "what is left of it, by rule set; below zero: what is missing"),
        })), "funds against their budgets"),
        "refused": (listed(record({
            "row": (COUNT, "row of the source, from 1"), "claim": (TEXT, "id of the claim"), "code": (TEXT, "code"),
            "reason": (TEXT, "why it is not settled"),
        })), "the first claims that are not settled"),
        "means": (or_null(record({
            "poverty_line": (or_null(AMOUNT), "for one person and one year"),
            "subsistence": (or_null(AMOUNT), "for one person and one year"),
            "by": (TEXTS, "what the groups of burdens say"),
            "of_households": (FLAG, "whether households pay out of one purse, and those without claims are counted"),
        })), "what people have to live on; null: not looked at"),
        "unread": (TEXTS, "columns that nothing reads"),
    }))  # fmt: skip


def _burden() -> dict[str, Any]:
    told = {
        "people": "years of people", "unknown": "of unknown income", "incomplete": "with a claim that is not settled",
        "over_10": "who pay more than 10 % of the income", "over_25": "who pay more than 25 % of it",
        "over_capacity": "who pay more than 40 % of the capacity to pay", "poor": "who are poor before they pay",
        "impoverished": "who are made poor by paying", "poorer": "who are poor and have to pay",
    }  # fmt: skip
    return {name: (COUNT, doc) for name, doc in told.items()}


def _reform_schema(outcome: Mapping[str, Any], label: Any) -> dict[str, Any]:
    side = record({
        "count": (COUNT, "how many"), "total": (AMOUNT, "how much together"), "largest": (AMOUNT, "the most of one"),
        "mean": (TEXTS, "numerator and denominator of the mean, in whole currency units"),
    })  # fmt: skip
    change = record({
        "compared": (COUNT, "how many both settle"), "winners": (side, "who bear less"),
        "losers": (side, "who bear more"),
    })  # fmt: skip
    case = record({
        "claim": (TEXT, "id of the claim"), "bill": (AMOUNT, "its bill"), "before": (AMOUNT, "the amount before"),
        "after": (AMOUNT, "the amount after"),
    })  # fmt: skip
    return record({
        **outcome,
        "changed": (COUNT, "claims of which the status or any amount differs; none: the reform has no effect"),
        "gained": (COUNT, "claims that only the reform settles"), "lost": (COUNT, "claims that it no longer settles"),
        "difference": (AMOUNTS, "what each sum is more"),
        "difference_intervals": (INTERVALS, "of each difference, if people are drawn: from, to"),
        "answered": (FRACTIONS, "sums after people have answered to what they pay, if that is assumed, and how many "
                                "claims there are then: numerator and denominator"),
        "people": (change, "people, each with all his claims"),
        "changes": (listed(record({
            "group": label, "claims": (change, "its claims"), "people": (change, "its people"),
            "difference": (AMOUNTS, "what each sum is more"),
        })), "each group"),
        "conditions": (listed(record({
            "condition": (TEXT, "as it was written"), "failed": (COUNT, "for how many it fails"),
            "worst": (AMOUNT, "the largest change; in total: the change"),
            "cases": (listed(case), "the smallest claims"),
        })), "the conditions"),
    })  # fmt: skip
