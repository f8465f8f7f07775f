"""What layers, provisions and quantities are called on a page."""

from __future__ import annotations

from collections.abc import Sequence

from policyengine import terms
from policyengine.mechanisms import BY_KEY
from policyengine.mechanisms.base import Provision
from policyengine.parse.courses import EVERY
from policyengine.render.bands import band_words, bands_of
from policyengine.render.quantities import Quantity
from policyengine.render.subject import Subject
from policyengine.render.voice import Voice
from policyengine.report.entitled import right_name
from policyengine.report.names import plain
from policyengine.report.steps import meter_name
from policyengine.ruleset import Layer
from policyengine.settlement import label_of


def layer_title(layer: Layer, voice: Voice) -> str:
    """A layer by its label, else by its payer."""
    payer = terms.PAYERS.get(layer.payer.text)
    fallback = plain(layer.id.text) if payer is None else voice.say(payer.zh, payer.en)
    return label_of(layer.label, voice.lang, fallback)


def provision_title(provision: Provision, voice: Voice) -> str:
    """A provision by its label, else by its mechanism."""
    mechanism = BY_KEY[provision.mechanism]
    return label_of(provision.label, voice.lang, voice.say(mechanism.zh, mechanism.en))


def part_title(subject: Subject, part: str, voice: Voice) -> str:
    """A part of the bill: the glossary's word, the title of the one provision that fills it, else its id with what it
    counts as."""
    term = terms.CATEGORIES_OF_PARTS.get(part)
    if term is not None:
        return voice.say(term.zh, term.en)
    filling = [p for p in subject.provisions if p.mechanism == "classify" and str(p.values.get("to", "")) == part]
    if len(filling) == 1 and filling[0].label:
        return provision_title(filling[0], voice)
    category = next((p.category for p in subject.ruleset.parts if p.id.text == part), "")
    known = terms.CATEGORIES_OF_PARTS.get(category)
    words = plain(part)
    if known is None:
        return words
    alone = sum(p.category == category for p in subject.ruleset.parts) == 1
    return voice.say(known.zh if alone else f"{words}（{known.zh}）", f"{words} ({known.en})")


def named(voice: Voice, section: str, name: str) -> str:
    """An entry of a rule file by its title."""
    ruleset = voice.subject.ruleset
    if section == "valid":
        return voice.say("有效期", "in force")
    if section == "covers":
        return voice.say("适用范围", "covers")
    if section == "tables":
        return voice.titles.get(name, plain(name))
    if section == "settlement" and name == EVERY:
        return voice.say("各种结算方式", "however it is settled")
    if section in ("entitlements", "audit"):
        return _person_title(voice, section, name)
    if section == "layers":
        return next((layer_title(layer, voice) for layer in ruleset.layers if layer.id.text == name), plain(name))
    if section in ("provisions", "settlement"):
        return next((provision_title(p, voice) for p in ruleset.provisions if p.id.text == name), plain(name))
    label = next((parameter.label for parameter in ruleset.parameters if parameter.id.text == name), {})
    return label_of(label, voice.lang, plain(name))


def _person_title(voice: Voice, section: str, name: str) -> str:
    """An entitlement or an audit rule by its label; an entitlement also by the right that it grants."""
    ruleset = voice.subject.ruleset
    if section == "audit":
        label = next((rule.label for rule in ruleset.audit if rule.id.text == name), {})
        return label_of(label, voice.lang, plain(name))
    one = next((one for one in ruleset.entitlements if one.id.text == name), None)
    if one is None:
        return plain(name)
    return label_of(one.label, voice.lang, right_name(ruleset, one.grants.text, voice.lang))


def quantities_title(subject: Subject, some: Sequence[Quantity], provision: Provision, voice: Voice) -> str:
    """What a provision states, and of which parts, meters or bands where it is not all."""
    title = provision_title(provision, voice)
    which = voice.listed([_which(subject, quantity, voice) for quantity in some if quantity.key])
    return voice.say(f"{title}（{which}）", f"{title} ({which})") if which else title


def _which(subject: Subject, quantity: Quantity, voice: Voice) -> str:
    if bands_of(quantity.provision) and quantity.key.startswith("band"):
        return band_words(quantity.provision, int(quantity.key.removeprefix("band")) - 1, voice)
    if quantity.provision.mechanism == "fund_share":
        return part_title(subject, quantity.key, voice)
    return meter_name(subject.plan, quantity.key, voice.lang)
