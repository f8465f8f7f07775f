"""The smallest claims that show a difference, in words: what was tried, both splits, where the reckonings part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from rich.console import RenderableType
from rich.padding import Padding

from policyengine import ir, terms
from policyengine.difference import Difference, Goal, Parted, Trial, Witness
from policyengine.difference.bench import DEPOSIT, PATIENT
from policyengine.difference.epochs import Alone
from policyengine.money import exponent_of, grouped, rate_text
from policyengine.report.amounts import amount_words
from policyengine.report.difference_law import cited
from policyengine.report.grid import Grid, verbatim
from policyengine.report.names import Lang, code_name, fact_name, payer_name, pick, plain
from policyengine.report.statements import period_text
from policyengine.report.steps import plan_of, step_name

UNTRIED: Final[Mapping[str, tuple[str, str]]] = {
    "run": ("未试算：两者不是针对同样各行的运行（月末、年末），或各行所指的金额不是一栏",
            "nothing was tried: the two are not runs over the same rows, or what a row is about is no field of it"),
    "currency": ("未试算结算单：两者币种不同", "no claims were tried: the two are in different currencies"),
}  # fmt: skip


def claims_text(found: Difference, lang: Lang) -> Iterator[RenderableType]:
    """What was tried and what it showed."""
    if found.untried:
        yield from _title(*UNTRIED[found.untried], lang)
        return
    if not found.trials and not found.alone:
        return
    yield from _title("结算结果的差别", "what claims come to", lang)
    yield from (_line(_alone(one, found, lang)) for one in found.alone)
    for witnesses in grouped_by_claim(found.witnesses):
        yield from _witness(witnesses, found, lang)
    yield verbatim("")
    yield from (_line(text, 2) for text in _tried(found, lang))


def grouped_by_claim(witnesses: Iterable[Witness]) -> list[list[Witness]]:
    """Witnesses that are the same claims, together."""
    found: dict[str, list[Witness]] = {}
    for one in witnesses:
        found.setdefault(repr((one.pair.days, one.new.documents, one.parameters)), []).append(one)
    return list(found.values())


def _title(zh: str, en: str, lang: Lang) -> Iterator[RenderableType]:
    yield verbatim("")
    yield verbatim(pick((zh, en), lang), "bold")


def _line(text: str, columns: int = 2, style: str = "") -> RenderableType:
    return Padding(verbatim(text, style), (0, 0, 0, columns))


def _alone(one: Alone, found: Difference, lang: Lang) -> str:
    name = (found.old if one.which == "old" else found.new).shown
    days = period_text(one.valid, lang)
    return pick((f"{days}：只有 {name} 有规定", f"{days}: only {name} has a version"), lang)


# -- a witness ---------------------------------------------------------------------------------------------------------


def _witness(same: Sequence[Witness], found: Difference, lang: Lang) -> Iterator[RenderableType]:
    one = same[0]
    program = one.pair.new
    goals = pick(("；", "; "), lang).join(goal_text(w.goal, program, one.pair.old, lang) for w in same)
    yield verbatim("")
    yield _line(goals, 2, "bold")
    yield _line(_bill(one, lang), 4)
    for number, facts in enumerate(one.facts):
        yield _line(_facts(facts, one, number, lang), 4)
    if one.parameters:
        yield _line(", ".join(f"{name} = {value}" for name, value in one.parameters.items()), 4)
    yield Padding(_split(one, found, lang), (0, 0, 0, 2))
    for which, answer in (("old", one.old), ("new", one.new)):
        if answer.refused is not None:
            side = found.old.shown if which == "old" else found.new.shown
            yield _line(f"{side}: {answer.refused.code} {answer.refused.message}", 4)
    if one.parted:
        yield _line(pick(("两次计算从这里分开：", "where the reckonings part:"), lang), 4)
        for parted in one.parted:
            yield _line(_parted(parted, one, lang), 6)


def goal_text(goal: Goal, program: ir.Program, other: ir.Program, lang: Lang) -> str:
    """What a witness shows."""
    match goal.kind:
        case "differs":
            return pick(("结果不同的最小结算单", "the smallest claim that comes out otherwise"), lang)
        case "only_old":
            return pick(("只有旧规则结算", "only the old rules settle it"), lang)
        case "only_new":
            return pick(("只有新规则结算", "only the new rules settle it"), lang)
    name = payer_text(goal.payer, program, other, lang)
    more = goal.kind == "more"
    if goal.payer == DEPOSIT:
        return pick((f"{name}{'增加' if more else '减少'}", f"{name}: is {'more' if more else 'less'}"), lang)
    return pick((f"{name}{'多' if more else '少'}负担", f"{name}: bears {'more' if more else 'less'}"), lang)


def payer_text(payer: str, program: ir.Program, other: ir.Program, lang: Lang) -> str:
    """A payer, the patient, or who grants a sum."""
    if payer in ("patient", PATIENT):
        return pick(("个人", "the patient"), lang)
    if payer == DEPOSIT:
        return pick(("押金", "the deposit"), lang)
    bare = payer.removeprefix("grant.")
    known = program if any(p.payer == bare for p in program.payers) else other
    name = payer_name(known, bare, lang)
    return name if bare == payer else pick((f"{name}（账外发放）", f"{name}, granted outside the bill"), lang)


def _bill(one: Witness, lang: Lang) -> str:
    """The bill, the day, and the bills before it."""
    bill = amount_words(one.bill, one.pair.new.currency, lang)
    days = dict.fromkeys(map(str, one.pair.days))
    day = " → ".join(days)
    earlier = one.claims - 1
    before = pick((f"，此前同日另有 {earlier} 份", f", after {earlier} of the same day"), lang) if earlier else ""
    return pick((f"费用 {bill}，{day}{before}", f"a bill of {bill}, {day}{before}"), lang)


def _facts(facts: Mapping[str, ir.Value], one: Witness, number: int, lang: Lang) -> str:
    """Codes, flags that hold, and numbers that are not nothing."""
    program, other = one.pair.new, one.pair.old
    said = []
    for name, value in facts.items():
        of = program if any(d.name == name for d in program.inputs) else other
        decl = next(d for d in of.inputs if d.name == name)
        if name.startswith("parameter.") or value in (False, 0, "none", decl.default) or name == ir.LINE_DAY:
            continue
        told = plain(name) if lang == "en" and name in terms.FACTS else fact_name(of, name, lang)
        said.append(told if value is True else f"{told} {_value(value, decl.kind, of, name, lang)}")
    text = pick(("，", ", "), lang).join(said)
    amount = one.new.documents[number]["lines"][0]["amount"]
    return f"{number + 1}. {amount}: {text}" if one.claims > 1 else text


def _value(value: ir.Value, kind: ir.Kind, program: ir.Program, name: str, lang: Lang) -> str:
    if isinstance(value, str):
        return code_name(program, name, value, lang)
    if kind == "money":
        return amount_words(int(value), program.currency, lang)
    return rate_text(value) if kind == "rate" and not isinstance(value, int) else str(value)


def _split(one: Witness, found: Difference, lang: Lang) -> RenderableType:
    rows = Grid(["", found.old.shown, found.new.shown, pick(("变化", "change"), lang)])
    exponent = exponent_of(one.pair.new.currency)
    for payer, (old, new) in one.amounts().items():
        if not old and not new:
            continue
        change = "" if old is None or new is None or old == new else f"{new - old:+d}"
        if change:
            minor = int(change)
            change = ("+" if minor > 0 else "-") + grouped(abs(minor), exponent)
        cells = ("–" if minor is None else grouped(minor, exponent) for minor in (old, new))
        rows.add(payer_text(payer, one.pair.new, one.pair.old, lang), *cells, change)
    return rows.shown()


def _parted(parted: Parted, one: Witness, lang: Lang) -> str:
    program = one.pair.new if parted.new is not None else one.pair.old
    plan = plan_of(program)
    name = (
        step_name(plan, plan.by_name[parted.step.name], lang) if parted.step.name in plan.by_name else parted.step.name
    )
    values = [pick(("无", "–"), lang) if step is None else _worth(step.value) for step in (parted.old, parted.new)]
    sources = list(dict.fromkeys(cited(parted.step.cites)))[:2]
    return f"{name}: {values[0]} → {values[1]}" + (f"  {' '.join(sources)}" if sources else "")


def _worth(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else ", ".join(value)


# -- what was tried ----------------------------------------------------------------------------------------------------


def _tried(found: Difference, lang: Lang) -> Iterator[str]:
    """What the answer rests on; that nothing was found is no proof, unless the programs are the same."""
    proved = [trial for trial in found.trials if trial.alike]
    if proved:
        periods = pick(("；", "; "), lang).join(_period(trial, lang) for trial in proved)
        same = "proved: every claim is settled alike, since both compute the same, formula by formula"
        yield pick((f"已证明：每份结算单的结果都相同，因为两者逐式计算相同（{periods}）", f"{same} ({periods})"), lang)
    yield from (_trial(trial, lang) for trial in found.trials if not trial.alike)
    if not found.witnesses and len(proved) < len(found.trials):
        none = "no claim was found that comes out otherwise; that is no proof that there is none"
        yield pick(("没有找到结果不同的结算单；但这不能证明不存在", none), lang)


def _period(trial: Trial, lang: Lang) -> str:
    if not trial.pair.periods:
        return " → ".join(map(str, trial.pair.days))
    return pick(("、", ", "), lang).join(period_text(period, lang) for period in trial.pair.periods)


def _trial(trial: Trial, lang: Lang) -> str:
    """How many claims were tried of how many kinds."""
    taken, every = f"{trial.taken:,}", f"{trial.combinations:,}"
    complete = trial.taken == trial.combinations
    zh = [f"会影响结果的事实组合{f'全部 {every} 种' if complete else f' {every} 种中的 {taken} 种'}"]
    en = [f"{f'all {every}' if complete else f'{taken} of {every}'} combinations of facts that can make a difference"]
    zh += [f"规则中的金额及上下一分共 {trial.bills} 个", f"结算单 {trial.claims:,} 份"]
    en += [f"{trial.bills} bills at the amounts of the rules and a coin beside", f"{trial.claims:,} claims"]
    if trial.lives:
        zh.append(f"另有 {trial.lives:,} 名参保人各最多三份")
        en.append(f"and {trial.lives:,} members with up to three claims each")
    differs = ("有差别", "they differ") if trial.differs else ("没有差别", "no difference")
    zh.append(differs[0])
    en.append(differs[1])
    period = _period(trial, lang)
    return pick((f"已试算（{period}）：{'，'.join(zh)}", f"tried ({period}): {', '.join(en)}"), lang)
