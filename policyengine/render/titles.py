"""What layers, provisions and quantities are called on a page."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from policyengine import expressions as ast
from policyengine import terms
from policyengine.mechanisms import BY_KEY
from policyengine.mechanisms.base import Provision
from policyengine.money import exponent_of, rate_text
from policyengine.render.quantities import Quantity
from policyengine.render.subject import Subject
from policyengine.render.voice import Voice
from policyengine.report.amounts import amount_words
from policyengine.report.law import value_text
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
    return words if known is None else voice.say(f"{words}（{known.zh}）", f"{words} ({known.en})")


def named(voice: Voice, section: str, name: str) -> str:
    """An entry of a rule file by its title."""
    ruleset = voice.subject.ruleset
    if section == "covers":
        return voice.say("适用范围", "covers")
    if section == "tables":
        return voice.titles.get(name, plain(name))
    if section == "layers":
        return next((layer_title(layer, voice) for layer in ruleset.layers if layer.id.text == name), plain(name))
    if section == "provisions":
        return next((provision_title(p, voice) for p in ruleset.provisions if p.id.text == name), plain(name))
    label = next((parameter.label for parameter in ruleset.parameters if parameter.id.text == name), {})
    return label_of(label, voice.lang, plain(name))


def quantities_title(subject: Subject, some: Sequence[Quantity], provision: Provision, voice: Voice) -> str:
    """What a provision states, and of which parts, meters or bands where it is not all."""
    title = provision_title(provision, voice)
    which = voice.listed([_which(subject, quantity, voice) for quantity in some if quantity.key])
    return voice.say(f"{title}（{which}）", f"{title} ({which})") if which else title


def _which(subject: Subject, quantity: Quantity, voice: Voice) -> str:
    if (bands := bands_of(quantity.provision)) and quantity.key.startswith("band"):
        return band_words(bands, int(quantity.key.removeprefix("band")) - 1, subject.currency, voice)
    if quantity.provision.mechanism == "fund_share":
        return part_title(subject, quantity.key, voice)
    return meter_name(subject.plan, quantity.key, voice.lang)


Bands = tuple[tuple[ast.Node, ast.Node], ...]


def bands_of(provision: Provision) -> Bands:
    """The bands of a share, each with its lower edge; nothing for a share without bands."""
    found: Bands = getattr(provision.values.get("fund_share"), "bands", ())
    return found


def band_words(bands: Bands, at: int, currency: str, voice: Voice) -> str:
    """From where to where a band reaches."""
    low = value_words_of(bands[at][0], currency, voice)
    if at + 1 == len(bands):
        return voice.say(f"{low}以上部分", f"of the part above {low}")
    high = value_words_of(bands[at + 1][0], currency, voice)
    return voice.say(f"{low}至{high}部分", f"of the part from {low} to {high}")


def value_words_of(value: Any, currency: str, voice: Voice) -> str:
    """A literal of a rule file with its unit; anything else as its author wrote it."""
    match value:
        case ast.Number(value=number, unit=unit) if unit == currency:
            return amount_words(number * Fraction(10) ** exponent_of(currency), currency, voice.lang)
        case ast.Number(value=number, unit="%"):
            return rate_text(number)
        case ast.Number(value=number, unit="pp"):
            points = rate_text(number).removesuffix("%")
            return voice.say(f"{points}个百分点", f"{points} points")
        case ast.Name(text="true"):
            return voice.say("是", "yes")
        case ast.Name(text="false"):
            return voice.say("否", "no")
        case _:
            return value_text(value)
