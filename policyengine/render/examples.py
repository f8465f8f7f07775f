"""Worked examples (算例): bills just below, at and above every edge, settled by the engine when the page is made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from policyengine import ir, terms
from policyengine.errors import ClaimError
from policyengine.money import exponent_of, minor_from
from policyengine.questions.options import Option
from policyengine.render.bands import band_words
from policyengine.render.edges import HIGHEST, Mark, edges_of
from policyengine.render.figures import cash, option_words, value_words
from policyengine.render.page import Block, Grid, Heading, said
from policyengine.render.scenarios import Chosen, Scenario, chosen, settled
from policyengine.render.subject import Subject
from policyengine.render.titles import provision_title
from policyengine.render.voice import Voice
from policyengine.report.names import fact_name
from policyengine.report.steps import step_name
from policyengine.settlement import label_of

USUAL: Final = (1_000, 10_000, 100_000)
"""Bills that are always shown, in units of a currency that has coins; hundredfold in one that has none."""


@dataclass(frozen=True, slots=True)
class Row:
    """A bill in minor units, and what each bears of it; ``marks``: what changes there. ``side``: −1 just below an edge,
    1 just above it."""

    bill: int
    split: tuple[tuple[str, Decimal], ...]
    marks: tuple[Mark, ...] = ()
    side: int = 0


@dataclass(frozen=True, slots=True)
class Example:
    """A scenario with its bills in rising order."""

    scenario: Scenario
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Worked:
    """The examples of a page, in no language."""

    chosen: Chosen
    examples: tuple[Example, ...]


def worked_out(subject: Subject) -> Worked:
    """Every scenario worked out at its edges and at some usual bills."""
    found = chosen(subject)
    return Worked(found, tuple(Example(scenario, _rows(subject, scenario)) for scenario in found.scenarios))


def _rows(subject: Subject, scenario: Scenario) -> tuple[Row, ...]:
    unit = 100 if exponent_of(subject.currency) == 0 else 10 ** exponent_of(subject.currency)
    wanted: dict[int, tuple[tuple[Mark, ...], int]] = {usual * unit: ((), 0) for usual in USUAL}
    edges = edges_of(subject, scenario)
    for edge in edges:
        wanted |= {edge.at + side: ((), side) for side in (-1, 1)}
    wanted |= {edge.at: (edge.marks, 0) for edge in edges}
    rows = (_row(subject, scenario, bill, *wanted[bill]) for bill in sorted(wanted) if 0 < bill <= HIGHEST)
    return tuple(row for row in rows if row is not None)


def _row(subject: Subject, scenario: Scenario, bill: int, marks: tuple[Mark, ...], side: int) -> Row | None:
    """Nothing for a bill of which the policy states nothing."""
    try:
        split = settled(subject, scenario, bill).split
    except ClaimError:
        return None
    return Row(bill, tuple(split.items()), marks, side)


# -- on the page -----------------------------------------------------------------------------------------------------


def examples_section(voice: Voice, worked: Worked) -> Iterator[Block]:
    """The examples as tables, one a scenario."""
    yield Heading(2, voice.say("算例", "Worked examples"))
    refused = worked.chosen.refused
    if voice.subject.program.run is not None:
        zh = "本规则集在月末或年末对已结算的费用办理，算例见其案例文件。"
        yield said(voice.say(zh, "It is settled over earlier settlements; examples stand in its case files."))
    elif refused is not None:
        zh = "本规则集只适用于特定情形，没有可用一条费用明细说明的算例，见其案例文件。"
        en = f"No bill of one fee line could be settled ({refused.message}); see its case files."
        if refused.code == "E545":
            en = "It covers certain bills only, and no bill of one ordinary fee line is among them; see its case files."
        yield said(voice.say(zh, en))
    else:
        yield said(_introduced(voice))
        for number, example in enumerate(worked.examples, start=1):
            facts = _facts(voice, example)
            yield Heading(3, voice.say(f"算例{number}　{facts}", f"{number}. {facts}"))
            yield _grid(voice, example)
        if left := worked.chosen.left:
            zh, en = f"待遇清单中另有{left}项数额未列算例。", f"{left} figures of the benefits stand in no example."
            yield said(voice.say(zh, en))


def _introduced(voice: Voice) -> str:
    coin, day = cash(1, voice.subject.currency), voice.subject.day
    return voice.say(
        f"以下各表由结算程序算出（{day} 结算，一条目录内费用明细，此前没有累计），每个临界点列出低{coin}、恰好、"
        f"高{coin}三种费用。金额单位：{voice.currency}。",
        f"The engine has settled these bills (on {day}, one fee line in the catalogue, nothing counted before): at "
        f"every edge, {coin} below it and {coin} above it. Amounts in {voice.currency}.",
    )


def _facts(voice: Voice, example: Example) -> str:
    """What the scenario is of, in words, in the order of the glossary: the case, then the person."""
    program = voice.subject.program
    facts = sorted(example.scenario.facts.items(), key=lambda one: _rank(one[0]))
    told = [_fact(voice, name, value) for name, value in facts]
    kinds = {d.name: d.kind for d in program.inputs}
    told += [
        f"{fact_name(program, name, voice.lang)} {value_words(value, kinds[name], program.currency, voice.lang)}"
        for name, value in example.scenario.given.items()
        if name.startswith("parameter.")
    ]
    return voice.say("，", ", ").join(word for word in told if word) or voice.say("一般情形", "any member")


def _rank(name: str) -> tuple[bool, int]:
    """Facts of the case before those of the person, those that the rule file declares last."""
    fact = terms.FACTS.get(name)
    if fact is None:
        return True, len(terms.FACTS)
    of_person = fact.at.startswith("person.") and name != "scheme"
    return of_person, list(terms.FACTS).index(name)


def _fact(voice: Voice, name: str, value: ir.Value) -> str:
    """One fact; nothing for one that is as it is by default."""
    program = voice.subject.program
    decl = next(d for d in program.inputs if d.name == name and d.domain == "claim")
    if value == decl.default:
        return ""
    words = option_words(program, name, Option(value), voice.lang)
    if decl.kind == "flag" or (decl.kind == "code" and name in terms.FACTS):
        return words
    return f"{fact_name(program, name, voice.lang)} {words}"


def _grid(voice: Voice, example: Example) -> Grid:
    currency = voice.subject.currency
    payers = [payer for payer, _ in example.rows[0].split if payer == "patient" or _pays(example, payer)]
    head = (voice.say("医疗费总额", "bill"), voice.say("情形", "edge"), *(_payer(voice, payer) for payer in payers))
    rows = []
    for row, after in zip(example.rows, (*example.rows[1:], None), strict=True):
        split = {payer: minor_from(amount, exponent_of(currency)) for payer, amount in row.split}
        why = _why(voice, row) or _begins(voice, row, after)
        rows.append((cash(row.bill, currency), why, *(cash(split[payer], currency) for payer in payers)))
    return Grid(head, tuple(rows), len(payers))


def _payer(voice: Voice, payer: str) -> str:
    return voice.say("个人负担", "patient") if payer == "patient" else voice.payer(payer)


def _pays(example: Example, payer: str) -> bool:
    return any(amount for row in example.rows for name, amount in row.split if name == payer)


def _why(voice: Voice, row: Row) -> str:
    if row.side:
        return voice.say("略低", "just below") if row.side < 0 else voice.say("略高", "just above")
    found = dict.fromkeys(_mark(voice, mark) for mark in row.marks)
    return voice.say("；", "; ").join(word for word in found if word)


def _begins(voice: Voice, row: Row, after: Row | None) -> str:
    """Who begins to pay at an edge that has no name."""
    if not row.marks or after is None:
        return ""
    before = dict(row.split)
    new = [_payer(voice, payer) for payer, amount in after.split if amount and not before[payer]]
    named = voice.listed(new)
    return voice.say(f"{named}开始支付", f"{named} begins to pay") if new else voice.say("支付转折", "turning point")


def _mark(voice: Voice, mark: Mark) -> str:
    """What changes at an edge."""
    kind, name = mark
    parts = name.split(".")
    stated = {provision.id.text: provision for provision in voice.subject.provisions}
    if kind == "limit" and name in stated:
        title = provision_title(stated[name], voice)
        return voice.say(f"达到{title}", f"{title} reached")
    if kind == "band" and len(parts) > 2 and parts[1] in stated:
        reach = band_words(stated[parts[1]], int(parts[2].removeprefix("band")) - 1, voice)
        return voice.say(f"进入{reach}", f"beginning {reach}")
    if kind == "refused":
        return voice.say("适用规定的界限", "what the policy states ends or begins")
    if kind == "choice":
        step = voice.subject.plan.by_name.get(name)
        is_named = step is not None and (step.shown or step.label)
        return voice.say(f"{_title(voice, step)}转折", f"{_title(voice, step)} turns") if step and is_named else ""
    return _step(voice, name)


def _title(voice: Voice, step: ir.Step) -> str:
    return step_name(voice.subject.plan, step, voice.lang)


def _step(voice: Voice, name: str) -> str:
    """A condition or a rate that changes."""
    rule = next((r for r in voice.subject.program.rules if r.guard == name and r.label), None)
    step = voice.subject.plan.by_name.get(name)
    if rule is not None:
        title = label_of(rule.label, voice.lang, "")
    elif step is not None and (step.shown or step.label):
        title = _title(voice, step)
    else:
        return ""
    return voice.say(f"{title}改变", f"{title} changes")
