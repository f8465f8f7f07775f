"""What steps and meters are called: the layer that they belong to, and what they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from policyengine import ir
from policyengine.mechanisms import BY_KEY
from policyengine.report.names import Lang, payer_name, pick, plain, term_name
from policyengine.settlement import label_of

CHANGES: Final = ("set", "scale", "add", "adjust", "at_least", "at_most")
"""Terms of steps that change the quantity of another provision."""

OF_READERS: Final = (*(key for key, m in BY_KEY.items() if m.place in ("layer", "case")), *CHANGES)
"""Terms of quantities that belong to the layer of the steps that read them."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A program as its reader sees it: its layers with their labels, and the layer of each step.

    ``changed``: for a step that changes a quantity, the step that holds the quantity.
    """

    program: ir.Program
    by_name: Mapping[str, ir.Step]
    layers: Mapping[str, Mapping[str, str]]
    layer: Mapping[str, str]
    changed: Mapping[str, ir.Step]


def plan_of(program: ir.Program) -> Plan:
    """The plan of a program."""
    by_name = {step.name: step for step in program.steps}
    layers: dict[str, Mapping[str, str]] = {}
    for step in (s for s in program.steps if s.term == "base" and ".base" in s.name):
        name = step.name.partition(".")[0]
        layers[name] = layers.get(name) or step.label
    readers: dict[str, list[ir.Step]] = {}
    for step in program.steps:
        for name in dict.fromkeys(e.step for e in ir.walk(step.expr) if isinstance(e, ir.Ref)):
            readers.setdefault(name, []).append(step)
    layer: dict[str, str] = {}
    changed: dict[str, ir.Step] = {}
    for step in reversed(program.steps):
        reading = readers.get(step.name, [])
        layer[step.name] = _own_layer(step, layers) or _layer_of_readers(step, reading, layer)
        if step.term in CHANGES and (held := next((r for r in reading if r.term not in CHANGES), None)) is not None:
            changed[step.name] = held
    return Plan(program, by_name, layers, layer, changed)


def _own_layer(step: ir.Step, layers: Mapping[str, object]) -> str:
    found = (step.guard.removesuffix(".on"), step.name.partition(".")[0])
    return next((name for name in found if name in layers), "")


def _layer_of_readers(step: ir.Step, readers: list[ir.Step], layer: Mapping[str, str]) -> str:
    if step.term not in OF_READERS:
        return ""
    return next((layer[reader.name] for reader in readers if layer[reader.name]), "")


def layer_name(plan: Plan, layer: str, lang: Lang) -> str:
    """A layer's label, or its id as words."""
    return label_of(plan.layers.get(layer, {}), lang, plain(ir.split_name(layer)[1]))


def step_name(plan: Plan, step: ir.Step, lang: Lang, inside: str = "") -> str:
    """What a step is called: its layer and its term. ``inside``: the layer that goes without saying."""
    line, _ = ir.split_name(step.name)
    words = _step_name(plan, step, lang, inside)
    return pick((f"第{line}条明细 · {words}", f"line {line} · {words}"), lang) if line and not inside else words


def _step_name(plan: Plan, step: ir.Step, lang: Lang, inside: str) -> str:
    if (changed := plan.changed.get(step.name)) is not None:
        what = label_of(step.label, lang, "") or term_name(step.term, lang)
        return f"{_step_name(plan, changed, lang, inside)} · {what}"
    layer = plan.layer[step.name]
    words = [layer_name(plan, layer, lang)] if layer and layer != inside else []
    return " · ".join(words + _own_words(plan, step, lang, layer)) or plain(step.name)


def _own_words(plan: Plan, step: ir.Step, lang: Lang, layer: str) -> list[str]:
    """A step's words without those of its layer: the provision's label, and what it is."""
    own = "" if layer and step.label == plan.layers[layer] else label_of(step.label, lang, "")
    if step.payer:
        payer = payer_name(plan.program, step.payer, lang)
        same = bool(layer) and payer == layer_name(plan, layer, lang)
        return [own] * bool(own) + [pick(("支付", "paid") if same else (f"{payer}支付", f"paid by the {payer}"), lang)]
    term = term_name(step.term, lang) if step.term else ""
    name = own or term
    if not name:
        return []
    if "payable_after_" in step.name:
        return [pick((f"{name}后应付金额", f"payable after the {name}"), lang)]
    if step.name.endswith(".stated"):
        return [pick((f"{name}（原定）", f"{name} as stated"), lang)]
    if step.name.endswith(".taken"):
        return [pick((f"{name}扣除", f"{name} taken"), lang)] if layer else [name]
    principal = step.term in BY_KEY or step.term == "defined" or not term
    return [own] if own and (principal or own == term) else [own, term] if own else [term]


def meter_name(plan: Plan, name: str, lang: Lang) -> str:
    """What a meter is called; a layer's own meters by the layer."""
    meter = next((m for m in plan.program.meters if m.name == name), None)
    layer, _, counted = name.partition(".")
    if layer in plan.layers and counted.endswith("_to_date"):
        return f"{layer_name(plan, layer, lang)} · {term_name(counted.removesuffix('_to_date'), lang)}"
    bare = plain(ir.split_name(name)[1])
    return label_of(meter.label, lang, bare) if meter is not None else bare
