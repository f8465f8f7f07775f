"""The provisions with their sentences: how the bill is divided, then the layers in the order in which they settle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policyengine import ir, terms
from policyengine.mechanisms import BY_KEY
from policyengine.mechanisms.base import Provision
from policyengine.render.evidence import evidence_of, in_force_items
from policyengine.render.formulas import condition_of, sentence_of, told
from policyengine.render.page import Block, Bullets, Heading, Item, Run, Strong, item
from policyengine.render.quantities import guard_of
from policyengine.render.titles import layer_title, part_title, provision_title
from policyengine.render.voice import Voice
from policyengine.report.names import pick
from policyengine.report.windows import scope_words
from policyengine.ruleset import Layer


def provision_item(voice: Voice, provision: Provision) -> Item:
    """A provision: its title, what it states, its condition, the sentences behind it."""
    mark = voice.say("：", ": ")
    condition = condition_of(voice, provision)
    when = voice.say(f"（适用：{condition}）", f" (where: {condition})") if condition else ""
    runs: tuple[Run, ...] = (Strong(provision_title(provision, voice)), mark, sentence_of(voice, provision) + when)
    return Item(runs, (*in_force_items(voice, provision), *evidence_of(voice, provision)))


def provisions_sections(voice: Voice) -> Iterator[Block]:
    """Everything that applies, in the order of settlement."""
    subject = voice.subject
    placed = [p for p in subject.provisions if BY_KEY[p.mechanism].place in ("row", "case")]
    yield from _section(voice, voice.say("费用归类", "How the bill is divided"), placed)
    yield Heading(2, voice.say("支付次序", "Who pays, in the order of settlement"))
    for number, layer in enumerate(subject.layers, start=1):
        yield from _layer(voice, number, layer)
    free = [p for p in subject.provisions if BY_KEY[p.mechanism].place == "free" and p.mechanism != "adjust"]
    for key, title in (
        ("define", ("用语与认定", "Terms and entitlements")),
        ("grant", ("补助", "Grants")),
        ("timing", ("结算方式", "Settlement and payment")),
    ):
        yield from _section(voice, pick(title, voice.lang), [p for p in free if p.mechanism == key])
    known = ("define", "grant", "timing")
    yield from _section(voice, voice.say("其他", "Other"), [p for p in free if p.mechanism not in known])


def _section(voice: Voice, title: str, provisions: Sequence[Provision]) -> Iterator[Block]:
    if provisions:
        yield Heading(2, title)
        yield Bullets(tuple(item_ for p in provisions for item_ in _with_changes(voice, p)))


def _with_changes(voice: Voice, provision: Provision) -> Iterator[Item]:
    """A provision, then those that change what it states."""
    yield provision_item(voice, provision)
    for change in voice.subject.provisions:
        if change.mechanism == "adjust" and _target(change) == provision.id.text:
            yield provision_item(voice, change)


def _target(change: Provision) -> str:
    return str(change.values["adjust"]).partition(".")[0]


def _layer(voice: Voice, number: int, layer: Layer) -> Iterator[Block]:
    name = layer_title(layer, voice)
    yield Heading(3, voice.say(f"第{number}层　{name}", f"{number}. {name}"))
    clauses = [p for p in voice.subject.provisions if layer.id.text in [x.text for x in p.layers]]
    changes = [p for p in voice.subject.provisions if p.mechanism == "adjust" and _target(p) == layer.id.text]
    items = [*_about(voice, layer), *(one for p in clauses for one in _with_changes(voice, p))]
    yield Bullets((*items, *(provision_item(voice, p) for p in changes)))


def _about(voice: Voice, layer: Layer) -> Iterator[Item]:
    """Who pays, of what, for whom."""
    payer = layer.payer.text
    mark = voice.say("：", ": ")
    who = voice.say("不支付（仅列示）", "nobody: shown only") if payer == "none" else voice.payer(payer)
    below = (*in_force_items(voice, layer), *evidence_of(voice, layer))
    yield Item((Strong(voice.say("支付方", "payer")), mark, who), below)
    parts = voice.listed([part_title(voice.subject, part.text, voice) for part in layer.on])
    yield item(Strong(voice.say("支付范围", "pays on")), mark, _scope(voice, layer, parts))
    if whom := whom_of(voice, layer):
        yield item(Strong(voice.say("适用对象", "for whom")), mark, whom)


def whom_of(voice: Voice, layer: Layer) -> str:
    """For whom and for what a layer acts, empty if for every claim."""
    guard = guard_of(voice.subject, layer.id.text)
    return voice.teller.condition(ir.Ref(guard, "flag")) if layer.when is not None and guard else ""


def _base(voice: Voice, layer: Layer) -> str:
    """The formula of what a layer looks at."""
    names = (f"{layer.id}.base_now", f"{layer.id}.row.base", f"{layer.id}.base")
    step = next(step for name in names if (step := voice.subject.plan.by_name.get(name)) is not None)
    return told(voice, step)


def _scope(voice: Voice, layer: Layer, parts: str) -> str:
    """What the layer looks at: what is left of its parts, or the amount that the rule file puts in their place."""
    left = voice.say(f"此前各层支付后剩余的{parts}", f"what the layers before have left of {parts}")
    first = layer is voice.subject.layers[0]
    words = parts if first else left
    if layer.base is not None or layer.less:
        words += voice.say(f"，计算基数为{_base(voice, layer)}", f"; what is looked at: {_base(voice, layer)}")
    if layer.by_row:
        words += voice.say("，逐条明细计算", ", line by line")
    if layer.to_date is not None:
        words += voice.say("，本期内各次费用累计计算", ", of all bills of the window together")
    if layer.scope:
        whose = scope_words(
            voice.subject.program, [terms.SHORT.get(word.text, word.text) for word in layer.scope], voice.lang
        )
        words += voice.say(f"（按{whose}）", f", per {whose}")
    return words
