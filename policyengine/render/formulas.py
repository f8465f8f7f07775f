"""Provisions as sentences: what each states, under what condition, in the words of a notice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Final

from policyengine import ir
from policyengine.mechanisms import BY_KEY
from policyengine.mechanisms.base import Provision
from policyengine.render.bands import band_words, bands_of
from policyengine.render.quantities import guard_of
from policyengine.render.titles import layer_title, part_title, provision_title
from policyengine.render.voice import Voice
from policyengine.report.names import plain, term_name
from policyengine.report.windows import window_words
from policyengine.shapes import Word

Sentence = Callable[[Voice, Provision], str]


def sentence_of(voice: Voice, provision: Provision) -> str:
    """What a provision states, without its condition."""
    made = SENTENCES.get(provision.mechanism)
    if made is not None:
        return made(voice, provision)
    mechanism = BY_KEY[provision.mechanism]
    return voice.say(f"{mechanism.zh}：{_stated(voice, provision)}", f"{mechanism.en}: {_stated(voice, provision)}")


def condition_of(voice: Voice, provision: Provision) -> str:
    """Under what condition of its own a provision applies; empty for none but that its layer acts."""
    if provision.when is None:
        return ""
    rule = next((r for r in voice.subject.program.rules if r.id == provision.id.text and r.kind != "layer"), None)
    return "" if rule is None else _own_condition(voice, rule.guard)


def _own_condition(voice: Voice, guard: str) -> str:
    """A condition in words, without those under which whole layers act."""
    layers = {guard_of(voice.subject, layer.id.text) for layer in voice.subject.layers}
    left = [part for part in _all_of(voice.subject.plan.by_name[guard].expr)
            if not (isinstance(part, ir.Ref) and part.step in layers)]  # fmt: skip
    if not left or guard in layers:
        return ""
    if voice.subject.plan.by_name[guard].term == "defined":
        return voice.teller.condition(ir.Ref(guard, "flag"))
    return voice.teller.condition(ir.both(*left))


def _all_of(expr: ir.Expr) -> list[ir.Expr]:
    """The conditions that must hold together."""
    if isinstance(expr, ir.Logic) and expr.op == "and":
        return [part for arg in expr.args for part in _all_of(arg)]
    return [expr]


# -- what is stated --------------------------------------------------------------------------------------------------


def _stated(voice: Voice, provision: Provision, suffix: str = "") -> str:
    """The principal quantity as it was stated, before any adjustment."""
    name = f"{provision.id}{suffix}"
    by_name = voice.subject.plan.by_name
    step = by_name.get(f"{name}.stated") or by_name.get(name)
    return _never(voice) if step is None else told(voice, step)


def _never(voice: Voice) -> str:
    return voice.say("（本期不适用）", "(does not apply in this period)")


def told(voice: Voice, step: ir.Step) -> str:
    """The formula of a step where its provision applies."""
    expr = _where_it_applies(step.expr)
    if isinstance(expr, ir.Lookup):
        table, column = voice.titles[expr.table], voice.titles[f"{expr.table}.{expr.column}"]
        return voice.say(f"见{table}“{column}”栏", f"see {table}, column “{column}”")
    if step.kind == "rate" and isinstance(expr, ir.Lit) and step.term in ("adjust", "add"):
        return voice.teller.held(step, expr.value)
    return voice.teller.condition(expr) if expr.kind == "flag" else voice.teller.formula(expr)


def _where_it_applies(expr: ir.Expr) -> ir.Expr:
    """``expr`` without the case in which it is nothing."""
    match expr:
        case ir.If(then=then, other=ir.Lit(value=int() | Fraction() as value)) if value in (0, 1):
            return _where_it_applies(then)
        case ir.Round(of=of):
            return _where_it_applies(of)
        case _:
            return expr


def _field(provision: Provision, name: str) -> str:
    value = provision.values.get(name)
    return value.text if isinstance(value, Word) else str(value or "")


def _window(voice: Voice, provision: Provision) -> str:
    """Over which time a limit is counted: that of its meter, or of its layer."""
    subject = voice.subject
    meter = _field(provision, "meter")
    window = next((m.window for m in subject.program.meters if m.name == meter), None)
    if window is None:
        layers = [x for x in subject.layers if x.id.text in [y.text for y in provision.layers] and x.to_date]
        names = [f"{layer.id}.base_to_date" for layer in layers]
        window = next((m.window for m in subject.program.meters if m.name.startswith(tuple(names) or "\0")), None)
    if window is None or window.kind == "visit":
        return ""
    if window.kind == "year":
        return voice.say("（按年度累计）", " (counted over the year)")
    if window.kind == "lifetime":
        return voice.say("（终身累计）", " (counted over a lifetime)")
    words = window_words(window, voice.lang)
    return voice.say(f"（{words}累计）", f" (counted over {words})")


# -- one sentence a mechanism ----------------------------------------------------------------------------------------


def _limit(zh: str, en: str) -> Sentence:
    """A sentence of what an amount is, how much, and over which time it is counted."""

    def made(voice: Voice, provision: Provision) -> str:
        stated = provision.values[provision.mechanism]
        amounts = _several(voice, provision, stated) if isinstance(stated, tuple) else _stated(voice, provision)
        return _headed(voice, provision, (zh, en), amounts) + _window(voice, provision)

    return made


def _headed(voice: Voice, provision: Provision, heads: tuple[str, str], text: str) -> str:
    """``text`` after what it is, unless the title of the provision says that already."""
    head = voice.say(*heads)
    said = head in provision_title(provision, voice)
    return text if said else f"{head}{voice.say('：', ': ')}{text}"


def _several(voice: Voice, provision: Provision, stated: tuple[Any, ...]) -> str:
    """One amount for each meter, or one share for each part."""
    by_part = provision.mechanism == "fund_share"
    named = [(part_title(voice.subject, key.text, voice) if by_part else voice.meter(key.text), key.text)
             for key, _ in stated]  # fmt: skip
    return voice.listed([f"{name} {_stated(voice, provision, f'.{key}')}" for name, key in named])


def _fund_share(voice: Voice, provision: Provision) -> str:
    bands = bands_of(provision)
    stated = provision.values["fund_share"]
    if not bands:
        share = _several(voice, provision, stated) if isinstance(stated, tuple) else _stated(voice, provision)
        return _headed(voice, provision, ("比例", "share"), share)
    parts = [_band(voice, provision, at) for at in range(len(bands))]
    whole = getattr(stated, "whole", False)
    how = (
        voice.say("全额按所达到的一段计算：", "the whole by the band that is reached: ")
        if whole
        else voice.say("分段支付：", "pays by bands: ")
    )
    return how + voice.say("；", "; ").join(parts)


def _band(voice: Voice, provision: Provision, at: int) -> str:
    share = _stated(voice, provision, f".band{at + 1}")
    reach = band_words(provision, at, voice)
    return voice.say(f"{reach}支付{share}", f"{share} {reach}")


def _ceiling(voice: Voice, provision: Provision) -> str:
    if _field(provision, "limits") == "base":
        return _limit("计入费用限额", "cost counted at most")(voice, provision)
    return _limit("封顶线", "ceiling")(voice, provision)


def _own_cost_cap(voice: Voice, provision: Provision) -> str:
    limit = _limit("个人自付限额", "cap on the own cost")(voice, provision)
    return voice.say(f"{limit}，超过部分由本层支付", f"{limit}; the layer pays the rest")


def _classify(voice: Voice, provision: Provision) -> str:
    step = voice.subject.plan.by_name.get(provision.id.text)
    if step is None:
        return _never(voice)
    guard = next((r.guard for r in voice.subject.program.rules if r.id == provision.id.text), "")
    held = _all_of(step.expr.cond) if isinstance(step.expr, ir.If) else []
    lines = [part for part in held if not (isinstance(part, ir.Ref) and part.step == guard)]
    which = voice.teller.condition(ir.both(*lines)) if lines else ""
    take = _taken(voice, step.expr.then if isinstance(step.expr, ir.If) else step.expr)
    to, payer = _field(provision, "to"), _field(provision, "payer")
    zh = f"由{voice.payer(payer)}承担" if payer else f"列入{part_title(voice.subject, to, voice)}"
    en = f"borne by the {voice.payer(payer)}" if payer else f"goes to {part_title(voice.subject, to, voice)}"
    lines_zh, lines_en = (f"{which}的费用", f"fee lines where {which}") if which else ("各项费用", "every fee line")
    return voice.say(f"{lines_zh}，{take}{zh}", f"{lines_en}: {take} {en}")


def _taken(voice: Voice, take: ir.Expr) -> str:
    """How much of a fee line is taken."""
    match take:
        case ir.Ref(step=step) if step.endswith(".left") or step == "row.bill":
            return voice.say("全额", "all of it")
        case ir.Input(name="amount"):
            return voice.say("全额", "all of it")
        case ir.Scale(of=ir.Ref(step=step) | ir.Input(name=step), by=by) if step == "amount" or step.endswith(".left"):
            return voice.say(f"其{voice.teller.formula(by)}", f"{voice.teller.formula(by)} of it")
        case _:
            return voice.teller.formula(take)


def _of_base(voice: Voice, provision: Provision) -> str:
    """A share of what a clause looks at, or any other amount."""
    by_name = voice.subject.plan.by_name
    step = by_name.get(f"{provision.id}.stated") or by_name.get(provision.id.text)
    expr = None if step is None else _where_it_applies(step.expr)
    match expr:
        case ir.Scale(of=ir.Ref(step=looked_at), by=by) if ".base" in looked_at and by.kind == "rate":
            of = provision.values.get("of") or ()
            parts = [part_title(voice.subject, str(part), voice) for part in (of if isinstance(of, tuple) else (of,))]
            what = voice.listed(parts) or voice.say("计入费用", "the cost looked at")
            return voice.say(f"{what}的{voice.teller.formula(by)}", f"{voice.teller.formula(by)} of {what}")
        case _:
            return _stated(voice, provision)


def _set_aside(voice: Voice, provision: Provision) -> str:
    amount = _of_base(voice, provision)
    if _field(provision, "from") == "payable":
        return voice.say(
            f"从应付金额中扣除{amount}，由个人负担", f"{amount} comes off what is payable, borne by the patient"
        )
    return voice.say(f"先由个人负担{amount}", f"the patient first bears {amount}")


def _pay(voice: Voice, provision: Provision) -> str:
    amount = _stated(voice, provision)
    return voice.say(f"支付{amount}", f"pays {amount}")


def _top_up(voice: Voice, provision: Provision) -> str:
    amount = _stated(voice, provision)
    return voice.say(f"补足至{amount}", f"pays what is missing to {amount}")


def _define(voice: Voice, provision: Provision) -> str:
    step = voice.subject.plan.by_name.get(provision.id.text)
    if step is None:
        return voice.say("（本期无条款引用）", "(nothing reads it in this period)")
    words = told(voice, step)
    return voice.say(f"指{words}", f"means: {words}")


CHANGED: Final[Mapping[str, tuple[str, str]]] = {
    "set": ("“{}”改为{}", "“{}” is {}"),
    "scale": ("“{}”按{}计算", "“{}” is taken at {}"),
    "add": ("“{}”提高{}", "“{}” is raised by {}"),
    "at_least": ("“{}”不低于{}", "“{}” is at least {}"),
    "at_most": ("“{}”不高于{}", "“{}” is at most {}"),
}


def _adjust(voice: Voice, provision: Provision) -> str:
    target = _field(provision, "adjust")
    found = next((p for p in voice.subject.provisions if p.id.text == target.partition(".")[0]), None)
    layer = next((x for x in voice.subject.layers if x.id.text == target.partition(".")[0]), None)
    title = plain(target) if found is None else provision_title(found, voice)
    if layer is not None:
        payable = term_name("payable", voice.lang)
        title = f"{layer_title(layer, voice)} {payable}"
    keys = [key for key in CHANGED if key in provision.values]
    parts = []
    for key in keys:
        name = f"{provision.id}.{key}" if len(keys) > 1 else provision.id.text
        steps = [s for s in voice.subject.program.steps if s.name == name or s.name.startswith(f"{name}.")]
        step = next((s for s in steps if s.term in (key, "adjust")), None)
        said = _never(voice) if step is None else told(voice, step)
        parts.append(voice.say(CHANGED[key][0].format(title, said), CHANGED[key][1].format(title, said)))
    return voice.say("；", "; ").join(parts)


def _quota_price(voice: Voice, provision: Provision) -> str:
    price, over = _stated(voice, provision), _field(provision, "overrun") or "hospital"
    parts = {part.id.text for part in voice.subject.ruleset.parts}
    zh = (
        f"超出部分列入{part_title(voice.subject, over, voice)}"
        if over in parts
        else f"超出部分由{voice.payer(over)}承担"
    )
    en = (
        f"the cost above it goes to {part_title(voice.subject, over, voice)}"
        if over in parts
        else f"the cost above it is borne by the {voice.payer(over)}"
    )
    return voice.say(f"病种定额（限价）为{price}，{zh}", f"the price of the case is {price}; {en}")


def _split(voice: Voice, provision: Provision) -> str:
    shares = voice.listed([f"{voice.payer(payer.text)} {_stated(voice, provision, f'.{payer}')}"
                           for payer, _ in provision.values["split"]])  # fmt: skip
    return voice.say(f"支付额由各方分担：{shares}", f"what is paid is shared: {shares}")


def _grant(voice: Voice, provision: Provision) -> str:
    amount, payer = _stated(voice, provision), voice.payer(_field(provision, "payer"))
    return voice.say(
        f"另由{payer}发给个人{amount}，不计入医疗费用",
        f"the {payer} gives the person {amount} besides, outside the bill",
    )


def _timing(voice: Voice, provision: Provision) -> str:
    if _field(provision, "timing") == "one_stop":
        return voice.say(
            "出院时一站式结算，个人只付个人负担部分", "settled at discharge: the patient pays the own share only"
        )
    return voice.say("由个人先行垫付全部费用，事后报销", "the patient pays the whole bill and is repaid later")


SENTENCES: Final[Mapping[str, Sentence]] = {
    "classify": _classify,
    "quota_price": _quota_price,
    "define": _define,
    "set_aside": _set_aside,
    "deductible": _limit("起付线", "deductible"),
    "fund_share": _fund_share,
    "pay": _pay,
    "top_up": _top_up,
    "own_cost_cap": _own_cost_cap,
    "ceiling": _ceiling,
    "split": _split,
    "adjust": _adjust,
    "grant": _grant,
    "timing": _timing,
}
"""A mechanism without a sentence of its own is told by its name and its quantity."""
