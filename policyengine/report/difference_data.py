"""What differs between two rule sets, as plain data, with its JSON Schema."""

from __future__ import annotations

from typing import Any

from policyengine.difference import Answer, Difference, Parted, Trial, Witness
from policyengine.difference.model import KINDS, Change, Entry, Field, Side
from policyengine.money import exponent_of, text_of
from policyengine.report.data import AMOUNT, AMOUNTS, CITES, DAY, TEXT, TEXTS, as_texts, listed, record
from policyengine.report.schemas import COUNT, FLAG, LABEL, or_null, titled
from policyengine.report.simulation_data import simulation_data, simulation_schema
from policyengine.report.statements import value_text


def difference_data(found: Difference) -> dict[str, Any]:
    """Everything that was found."""
    return {
        "old": _side(found.old),
        "new": _side(found.new),
        "law": [_change(change) for change in found.law],
        "trials": [_trial(trial) for trial in found.trials],
        "alone": [{"which": one.which, "from": _day(one.valid[0]), "to": _day(one.valid[1])} for one in found.alone],
        "untried": found.untried or None,
        "proved_alike": found.proved_alike,
        "witnesses": [_witness(witness) for witness in found.witnesses],
        "book": None if found.book is None else simulation_data(found.book),
        "different": found.different,
    }


def _trial(trial: Trial) -> dict[str, Any]:
    return {
        "periods": [{"from": _day(start), "to": _day(end)} for start, end in trial.pair.periods],
        "days": {"old": str(trial.pair.days[0]), "new": str(trial.pair.days[1])},
        "alike": trial.alike,
        "combinations": trial.combinations,
        "taken": trial.taken,
        "bills": trial.bills,
        "claims": trial.claims,
        "lives": trial.lives,
        "differs": trial.differs,
    }


def _witness(one: Witness) -> dict[str, Any]:
    exponent = exponent_of(one.pair.new.currency)
    old, new = (
        {name: text_of(pair[at], exponent) for name, pair in one.amounts().items() if pair[at] is not None}  # type: ignore[arg-type]
        for at in (0, 1)
    )
    return {
        "shows": {"kind": one.goal.kind, "payer": one.goal.payer or None},
        "bill": text_of(one.bill, exponent),
        "old": _answer(one.old, old),
        "new": _answer(one.new, new),
        "parameters": dict(one.parameters),
        "parted": [_parted(parted) for parted in one.parted],
    }


def _answer(answer: Answer, amounts: dict[str, str]) -> dict[str, Any]:
    refused = answer.refused
    return {
        "claims": [] if answer.rows else [dict(said) for said in answer.documents],
        "rows": [row.plain() for row in answer.rows],
        "split": None if refused is not None else amounts,
        "refused": None if refused is None else {"code": refused.code, "reason": refused.message},
    }


def _parted(parted: Parted) -> dict[str, Any]:
    step = parted.step
    return {
        "step": step.name,
        "label": dict(step.label),
        "old": parted.old and as_texts(parted.old.value),
        "new": parted.new and as_texts(parted.new.value),
        "cites": [{"source": cite.source, "quote": cite.quote} for cite in step.cites],
        "place": step.place,
    }


def _side(side: Side) -> dict[str, Any]:
    return {"ruleset": side.book.name, "named": side.name, "day": _day(side.day), "digest": side.book.digest}


def _change(change: Change) -> dict[str, Any]:
    entry = change.entry
    return {
        "kind": change.kind,
        "matters": change.matters,
        "section": entry.section,
        "mechanism": entry.kind,
        "old": change.old and _entry(change.old),
        "new": change.new and _entry(change.new),
        "fields": [_field(field) for field in change.fields],
        "behind": {"old": change.behind[0], "new": change.behind[1]} if change.kind == "moved" else None,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "label": dict(entry.label),
        "from": _day(entry.valid[0]),
        "to": _day(entry.valid[1]),
        "cites": [{"source": cite.source, "quote": cite.quote} for cite in entry.cites],
        "assumed": [str(why) for why in entry.assumed],
        "place": str(entry.span or ""),
    }


def _field(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "row": dict(field.row),
        "from": _day(field.valid[0]),
        "to": _day(field.valid[1]),
        "old": None if field.old is None else _text(field.old),
        "new": None if field.new is None else _text(field.new),
    }


def _text(value: Any) -> str:
    """A value as its author would write it; a period as its days."""
    if isinstance(value, tuple) and len(value) == 2 and all(v is None or hasattr(v, "isoformat") for v in value):
        return f"{_day(value[0]) or ''}..{_day(value[1]) or ''}"
    return value_text(value)


def _day(day: Any) -> str | None:
    return None if day is None else str(day)


def difference_schema() -> dict[str, Any]:
    """What ``diff --json`` writes."""
    book = {name: value for name, value in simulation_schema().items() if name != "$schema"}
    side = record({
        "ruleset": (TEXT, "name of the rule set"), "named": (TEXT, "how it was named"),
        "day": (DAY, "the day on which it was looked at; null: all its days"),
        "digest": (TEXT, "SHA-256 over its files"),
    })  # fmt: skip
    entry = record({
        "id": (TEXT, "its id"), "label": (LABEL, "what people call it, by language"),
        "from": (DAY, "first day"), "to": (DAY, "first day no longer"), "cites": (CITES, "who says so"),
        "assumed": (TEXTS, "what no source says"), "place": (TEXT, "where the rule file states it"),
    })  # fmt: skip
    field = record({
        "name": (TEXT, "the field; of a table, the column"),
        "row": (LABEL, "of a table, the keys of the cells, by name"),
        "from": (DAY, "first day for which it says otherwise"), "to": (DAY, "first day no longer"),
        "old": ({"type": ["string", "null"]}, "what it said"), "new": ({"type": ["string", "null"]}, "what it says"),
    })  # fmt: skip
    change = record({
        "kind": ({"enum": list(KINDS)}, "what became of the entry"),
        "matters": (FLAG, "whether it can change what is paid"),
        "section": (TEXT, "section of the rule file"),
        "mechanism": (TEXT, "of a provision, its mechanism"),
        "old": (or_null(entry), "the entry as it was"), "new": (or_null(entry), "the entry as it is"),
        "fields": (listed(field), "what it says otherwise"),
        "behind": (or_null(record({"old": (TEXT, "what it stood behind"), "new": (TEXT, "what it stands behind")})),
                   "of what was moved; empty: the first place"),
    })  # fmt: skip
    return titled("What differs between two rule sets", record({
        "old": (side, "the first rule set"), "new": (side, "the second rule set"),
        "law": (listed(change), "every entry of the rule files that is not the same in both"),
        "trials": (listed(_trial_schema()), "every pair of versions that was looked at"),
        "alone": (listed(record({
            "which": ({"enum": ["old", "new"]}, "which of the two"), "from": (DAY, "first day"),
            "to": (DAY, "first day no longer"),
        })), "periods for which only one of them has a version"),
        "untried": ({"enum": ["run", "currency", None]}, "why no claims were tried"),
        "proved_alike": (FLAG, "whether it is proved that every claim is settled alike"),
        "witnesses": (listed(_witness_schema()), "the smallest claims that were found to show a difference"),
        "book": (or_null(book), "both over a book of claims, as `simulate` writes it; null without --claims"),
        "different": (FLAG, "whether anything was found that changes what is paid"),
    }))  # fmt: skip


def _trial_schema() -> dict[str, Any]:
    period = record({"from": (DAY, "first day"), "to": (DAY, "first day no longer")})
    return record({
        "periods": (listed(period), "when both versions are in force"),
        "days": (record({"old": (TEXT, "by the first"), "new": (TEXT, "by the second")}), "the day of claims"),
        "alike": (FLAG, "whether the two programs are proved to be equal; then nothing was tried"),
        "combinations": (COUNT, "combinations of facts that can make a difference"),
        "taken": (COUNT, "how many of them were tried"),
        "bills": (COUNT, "amounts at edges"),
        "claims": (COUNT, "claims that were settled by both"),
        "lives": (COUNT, "members with up to three claims that were tried, too"),
        "differs": (FLAG, "whether anything came out otherwise"),
    })  # fmt: skip


def _witness_schema() -> dict[str, Any]:
    answer = record({
        "claims": (listed({"type": "object"}), "the claims as `settle` takes them, the one that shows it last"),
        "rows": (listed({"type": "object"}), "of a run, the rows as `year-end` and `month-end` take them"),
        "split": (or_null(AMOUNTS), "what each bears of the last claim; null if it is refused"),
        "refused": (or_null(record({"code": (TEXT, "its code"), "reason": (TEXT, "why")})), "why it is refused"),
    })  # fmt: skip
    value = {"anyOf": [TEXT, TEXTS, {"type": "null"}]}
    parted = record({
        "step": (TEXT, "name of the step"), "label": (LABEL, "what people call it, by language"),
        "old": (value, "its value by the first; null where there is no such step"), "new": (value, "by the second"),
        "cites": (CITES, "who says so"), "place": (TEXT, "where the rule file states it"),
    })  # fmt: skip
    shows = record({
        "kind": ({"enum": ["differs", "more", "less", "only_old", "only_new"]}, "what it shows"),
        "payer": ({"type": ["string", "null"]}, "who bears more or less"),
    })  # fmt: skip
    return record({
        "shows": (shows, "what the claim shows"), "bill": (AMOUNT, "the bill of the last claim"),
        "old": (answer, "by the first rule set"), "new": (answer, "by the second rule set"),
        "parameters": (LABEL, "parameters that the caller gives"),
        "parted": (listed(parted), "where the reckonings part, provision by provision"),
    })  # fmt: skip
