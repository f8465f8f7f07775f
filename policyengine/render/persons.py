"""What a rule set says of persons rather than of one bill: the evidence that is shown, what it gives, what offends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from policyengine import ir, terms
from policyengine.lower.audits import NAME, Watched, lower_audit
from policyengine.lower.entitlements import KIND, Asked, Rights, Sentence, lower_entitlements
from policyengine.persons import AuditRule, Entitlement, EvidenceKind
from policyengine.render.evidence import evidence_of, in_force_items
from policyengine.render.page import Block, Bullets, Heading, Item, Strong, item
from policyengine.render.titles import named
from policyengine.render.voice import Voice
from policyengine.report.entitled import kind_name, right_name
from policyengine.report.names import fact_name, plain
from policyengine.report.steps import plan_of
from policyengine.report.words import Teller
from policyengine.ruleset import in_force
from policyengine.settlement import label_of

STATED_IN: Final[Mapping[str, tuple[str, str]]] = {
    "flag": ("是或否", "yes or no"), "code": ("代码", "a code"), "count": ("数量", "a number"),
    "money": ("金额", "an amount"), "rate": ("比例", "a rate"),
}  # fmt: skip
"""What a field of evidence holds."""
LOOKED_AT: Final[Mapping[str, tuple[str, str]]] = {"claim": ("每次就医", "claim"), "line": ("每条费用明细", "fee line")}
PAIRS: Final[Mapping[str, tuple[str, str]]] = {
    "claim": ("同一人的两次就医", "two claims of one person"),
    "line": ("同一人的两条费用明细", "two fee lines of one person"),
}


# -- evidence and what it gives --------------------------------------------------------------------------------------


def entitlements_sections(voice: Voice) -> Iterator[Block]:
    """The kinds of evidence, then the tags and rights that they give, each behind those it rests on."""
    ruleset = voice.subject.ruleset
    if ruleset.evidence:
        yield Heading(2, voice.say("证明材料", "Evidence"))
        yield Bullets(tuple(_kind_item(voice, kind) for kind in ruleset.evidence))
    if ruleset.entitlements:
        rights = lower_entitlements(ruleset, voice.subject.persons_on)
        teller = _teller(voice, _with_names(voice, rights))
        yield Heading(2, voice.say("资格认定", "Who is entitled"))
        written = {one.id.text: one for one in in_force(ruleset.entitlements, voice.subject.persons_on)}
        yield Bullets(tuple(_sentence_item(voice, teller, one, written[one.id]) for one in rights.sentences))


def _kind_item(voice: Voice, kind: EvidenceKind) -> Item:
    name = Strong(kind_name(voice.subject.ruleset, kind.id.text, voice.lang))
    if not kind.fields:
        return item(name)
    told = []
    for field in kind.fields:
        title = label_of(field.label, voice.lang, plain(field.id.text))
        words = [str(zh) if voice.lang == "zh" else plain(word.text) for word, zh in field.values]
        held = voice.say(" 或 ", " or ").join(words) or voice.say(*STATED_IN[field.type])
        told.append(voice.say(f"{title}（{held}）", f"{title} ({held})"))
    return item(name, voice.say("：载明", ": states "), voice.listed(told))


def _with_names(voice: Voice, rights: Rights) -> ir.Program:
    """The program of the sentences with its rights named, so that a condition on them is told by their names."""
    titles: dict[str, dict[str, str]] = {
        step: {voice.lang: right_name(voice.subject.ruleset, right, voice.lang)} for right, step in rights.names
    }
    steps = (
        replace(step, label=titles[step.name], term="defined") if step.name in titles else step
        for step in rights.program.steps
    )
    return replace(rights.program, steps=tuple(steps))


def _teller(voice: Voice, program: ir.Program) -> Teller:
    return Teller(plan_of(program), voice.lang, titles=voice.titles, with_unit=True)


def _sentence_item(voice: Voice, teller: Teller, sentence: Sentence, written: Entitlement) -> Item:
    """A sentence: what it gives, what must be shown, what must not, on which rights it rests; who says so."""
    title = right_name(voice.subject.ruleset, sentence.grants, voice.lang)
    below = (*in_force_items(voice, written), *evidence_of(voice, written))
    return Item((Strong(title), voice.say("：", ": "), _wanted(voice, teller, sentence)), below)


def _wanted(voice: Voice, teller: Teller, sentence: Sentence) -> str:
    parts = []
    if sentence.needs:
        shown = voice.listed([_asked(voice, teller, asked) for asked in sentence.needs])
        parts.append(voice.say(f"须有{shown}", f"needs {shown}"))
    if sentence.node is not None:
        condition = teller.condition(sentence.when)
        parts.append(voice.say(f"适用：{condition}", f"where: {condition}"))
    if sentence.unless:
        absent = voice.say("或", " or ").join(_asked(voice, teller, asked) for asked in sentence.unless)
        parts.append(voice.say(f"有{absent}的除外", f"unless there is {absent}"))
    return voice.say("；", "; ").join(parts)


def _asked(voice: Voice, teller: Teller, asked: Asked) -> str:
    """A kind of evidence, and what of it is asked."""
    name = kind_name(voice.subject.ruleset, asked.kind, voice.lang)
    if asked.least > 1:
        name = voice.say(f"{name}至少{asked.least}份", f"at least {asked.least} × {name}")
    parts = asked.condition.args if isinstance(asked.condition, ir.Logic) else (asked.condition,)
    left = [part for part in parts if not _says_kind(part)]
    if asked.node is None or not left:
        return name
    condition = teller.condition(ir.both(*left))
    return voice.say(f"{name}（{condition}）", f"{name} ({condition})")


def _says_kind(part: ir.Expr) -> bool:
    """Whether a part of a condition says no more than of what kind a piece is."""
    return isinstance(part, ir.Compare) and isinstance(part.left, ir.Input) and part.left.name == KIND


# -- what offends ----------------------------------------------------------------------------------------------------


def audit_section(voice: Voice) -> Iterator[Block]:
    """The audit rules, each with what offends it and who says so."""
    ruleset = voice.subject.ruleset
    if not ruleset.audit:
        return
    audit = lower_audit(ruleset, voice.subject.persons_on)
    teller = _teller(voice, audit.program)
    yield Heading(2, voice.say("审核规则", "Audit"))
    yield Bullets(tuple(_audit_item(voice, teller, one) for one in audit.watched))


def _audit_item(voice: Voice, teller: Teller, one: Watched) -> Item:
    told = voice.say("，", ", ").join(_offending(voice, teller, one))
    title = Strong(named(voice, "audit", one.rule.id.text))
    below = (*in_force_items(voice, one.rule), *evidence_of(voice, one.rule))
    return Item((title, voice.say("：", ": "), told), below)


def _offending(voice: Voice, teller: Teller, one: Watched) -> Iterator[str]:
    """What a rule looks at, and what of it offends, a clause each."""
    rule = one.rule
    zh, en = LOOKED_AT[rule.each] if rule.each else PAIRS[rule.pair]
    yield voice.say(zh, f"each {en}" if rule.each else en)
    if rule.when is not None:
        yield voice.say(f"条件：{teller.condition(one.chosen)}", f"where: {teller.condition(one.chosen)}")
    if rule.after is not None:
        yield voice.say(f"在{_called(voice, rule, rule.after.text)}之后",
                        f"after the {_called(voice, rule, rule.after.text)}")  # fmt: skip
    if rule.same:
        names = voice.listed([_called(voice, rule, word.text) for word in rule.same])
        yield voice.say(f"{names}相同", f"with the same {names}")
    if rule.within is not None:
        yield voice.say(f"相隔不超过{rule.within}天", f"at most {rule.within} day{'s' * (rule.within != 1)} apart")
    if one.limit is not None:
        limit = teller.formula(one.limit)
        yield voice.say(f"合计超过{limit}而各自不超过", f"together above {limit} and neither alone")


def _called(voice: Voice, rule: AuditRule, name: str) -> str:
    """What claims or fee lines are held against each other by."""
    if name == NAME and rule.of == "line":
        return voice.say("项目名称", "name of the item")
    day = terms.DAYS.get(name)
    if day is not None:
        return voice.say(day.zh, day.en)
    declared = next((fact for fact in voice.subject.ruleset.facts if fact.id.text == name and fact.label), None)
    if declared is not None:
        return label_of(declared.label, voice.lang, plain(name))
    return fact_name(voice.subject.program, name, voice.lang)
