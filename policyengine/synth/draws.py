"""Reading how one fact is drawn: shares, chance, value, within, points, lognormal, poisson."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from policyengine import expressions as ast
from policyengine import terms
from policyengine.errors import nearest
from policyengine.ir import Interval
from policyengine.parse.common import EVIDENCE, Read
from policyengine.parse.evidence import citations
from policyengine.resolve import fault
from policyengine.shapes import Field, Flag, Name, Word, read_record, scalar
from policyengine.source import MapNode, Node, ScalarNode, SeqNode
from policyengine.synth.literals import share_of, shares_of, value_of, whole_of
from policyengine.synth.model import Case, Choice, Curve, Distribution, Draw, Evidence, Kind, Lognormal, Poisson

NODE = Read(lambda node: node, {})
OTHER = "other"
"""The key of `by` for every value that no other key names."""
FLAGS = {"yes": "yes", "no": "no", "true": "yes", "false": "no"}

NONE = Evidence()

Drawn = tuple[Kind, Distribution]


def _shares(node: Node) -> Drawn:
    found = shares_of(node)
    words, shares = tuple(word for word, _ in found), tuple(share for _, share in found)
    return ("count" if all(word.isascii() and word.isdigit() for word in words) else "code"), Choice(words, shares)


def _chance(node: Node) -> Drawn:
    share = share_of(node)
    return "flag", Choice(("yes", "no"), (share, 1 - share))


def _value(node: Node) -> Drawn:
    text = scalar(node, "a word, a number or an amount").text
    if text in FLAGS:
        return "flag", Choice((FLAGS[text],), (Fraction(1),))
    if not text[:1].isdigit():
        return "code", Choice((text,), (Fraction(1),))
    found = whole_of(node)
    return found.kind, Curve((Fraction(0), Fraction(1)), (found.whole, found.whole))


def _within(node: Node) -> Drawn:
    """Intervals one behind the other, each with its share; even inside each."""
    shares = shares_of(node)
    assert isinstance(node, MapNode), "`shares_of` takes mappings only"
    found = [ast.parse_interval(key.text, key.span) for key, _ in node.entries]
    for (key, _), before, here in zip(node.entries[1:], found, found[1:], strict=False):
        if here.low is None or before.high != here.low:
            raise fault("E723", f"`{key.text}` does not begin where the interval before it ends", key.span,
                        "such as 0..15, then 15..60")  # fmt: skip
    ends = [found[0].low, *(one.high for one in found)]
    if any(end is None for end in ends):
        raise fault("E723", "an interval has no end", node.span, "such as 60..95")
    reached = itertools.accumulate((share for _, share in shares), initial=Fraction(0))
    return "count", Curve(tuple(reached), tuple(int(end or 0) for end in ends))


def _points(node: Node) -> Drawn:
    """Points of the quantile function, straight between them."""
    if not isinstance(node, MapNode) or len(node.entries) < 2:
        raise fault("E301", "a mapping is needed here", node.span, "shares with values, such as {0%: 0元, 100%: 90元}")
    at = [share_of(key) for key, _ in node.entries]
    values = [whole_of(value) for _, value in node.entries]
    rising = all(a < b for a, b in itertools.pairwise(at)) and all(
        a.number <= b.number for a, b in itertools.pairwise(values)
    )
    if at[0] != 0 or at[-1] != 1 or not rising or len({value.kind for value in values}) > 1:
        raise fault("E723", "these are not the points of a distribution", node.span,
                    "from 0% to 100%, values of one kind that do not fall")  # fmt: skip
    return values[0].kind, Curve(tuple(at), tuple(value.whole for value in values))


MOMENTS = (
    Field("mean", NODE, "the mean", True),
    Field("median", NODE, "the median, which is below the mean", True),
)


def _lognormal(node: Node) -> Drawn:
    values = read_record(node, MOMENTS, "a lognormal distribution")
    mean = value_of(values["mean"])
    median = value_of(values["median"], mean.kind)
    if not 0 < median.number < mean.number:
        raise fault("E723", "the median is not below the mean", values["median"].span, "above 0 and below the mean")
    return mean.kind, Lognormal(mean.number, median.number)


def _poisson(node: Node) -> Drawn:
    mean = value_of(node, "count")
    if mean.number > 100:
        raise fault("E723", "more than 100 events a year are not drawn", node.span, "a mean of at most 100")
    return "count", Poisson(mean.number)


KINDS: dict[str, tuple[Callable[[Node], Drawn], str]] = {
    "shares": (_shares, "words, or whole numbers, each with its share"),
    "chance": (_chance, "the share of those for whom it holds"),
    "value": (_value, "the one value that it always has"),
    "within": (_within, "intervals with their shares, even inside each"),
    "points": (_points, "points of the quantile function, straight between them"),
    "lognormal": (_lognormal, "a lognormal distribution with its mean and median"),
    "poisson": (_poisson, "a number of events, with its mean"),
}
DRAW = (
    Field("by", Name(), "the fact that chooses among several distributions, by its values"),
    *(Field(name, NODE, doc) for name, (_, doc) in KINDS.items()),
    Field("low", NODE, "what is drawn below is set to this"),
    Field("high", NODE, "what is drawn above is set to this"),
    Field("hidden", Flag(), "whether only other draws read it"),
    *EVIDENCE,
)


def read_draw(name: Word, node: Node, among: Evidence = NONE) -> Draw:
    """How the fact ``name`` is drawn; ``among``: the evidence of what it stands in. Raises ``RuleError``."""
    values = read_record(node, DRAW, f"the draw of `{name}`")
    given = [kind for kind in KINDS if kind in values]
    if len(given) != 1:
        text = "two distributions" if given else "no distribution"
        raise fault("E723", f"`{name}` has {text}", name.span, "one of " + ", ".join(KINDS))
    by = values["by"].text if "by" in values else ""
    read = list(_cases(KINDS[given[0]][0], values[given[0]], by))
    kinds = {kind for kind, _ in read}
    if len(kinds) > 1:
        raise fault("E723", f"the values of `{name}` are not of one kind", values[given[0]].span)
    kind = kinds.pop()
    evidence = evidence_of(values, among)
    if not evidence.cites and not evidence.assumed:
        raise fault("E721", f"nobody states the figures of `{name}`", name.span, "`cite:` or `assumed:`")
    low, high = (whole_of(values[end], kind).whole if end in values else None for end in ("low", "high"))
    ends = "".join(f", {end}: {said_of(values[end])}" for end in ("low", "high") if end in values)
    said = f"{given[0]}: {said_of(values[given[0]])}{ends}"
    draw = Draw(name.text, kind, tuple(case for _, case in read), by, low, high, values.get("hidden", False), evidence,
                name.span, said)  # fmt: skip
    check_words(draw, values[given[0]])
    return draw


def _cases(read: Callable[[Node], Drawn], node: Node, by: str) -> Iterator[tuple[Kind, Case]]:
    if not by:
        kind, of = read(node)
        yield kind, Case(of, rest=True)
        return
    if not isinstance(node, MapNode) or not node.entries:
        raise fault("E301", "a mapping is needed here", node.span, f"values of `{by}`, each with its figures")
    for key, value in node.entries:
        kind, of = read(value)
        yield kind, _case(key, of)


def _case(key: ScalarNode, of: Distribution) -> Case:
    if key.text == OTHER:
        return Case(of, rest=True)
    if ".." in key.text:
        return Case(of, interval=ast.parse_interval(key.text, key.span))
    words = tuple(FLAGS.get(word, word) for word in (part.strip() for part in key.text.split("|")))
    if len(words) == 1 and words[0].isdigit():
        return Case(of, interval=Interval(int(words[0]), int(words[0]) + 1))
    return Case(of, words=words)


def check_words(draw: Draw, node: Node) -> None:
    """E726 unless the values are such as the glossary has for the fact."""
    if draw.fact == "age" and draw.kind == "count":
        return
    fact = terms.FACTS.get(draw.fact)
    if fact is None or fact.kind == "id":
        return
    if fact.kind != draw.kind:
        raise fault("E726", f"`{draw.fact}` is a {fact.kind}, and these are values of a {draw.kind}", node.span)
    for word in draw.words if fact.values and not fact.open else ():
        if word not in fact.values:
            raise fault("E726", f"`{word}` is no value of `{draw.fact}`", node.span, "one of " + ", ".join(fact.values),
                        nearest(word, fact.values))  # fmt: skip


def evidence_of(values: dict[str, Any], among: Evidence = NONE) -> Evidence:
    """``cite`` and ``assumed`` of a record; where it has neither, those of what it stands in."""
    found = Evidence(citations(values.get("cite")), tuple(values.get("assumed", ())))
    return found if found.cites or found.assumed else among


def said_of(node: Node) -> str:
    """A node in one line, as YAML writes it."""
    match node:
        case MapNode():
            return "{" + ", ".join(f"{key.text}: {said_of(value)}" for key, value in node.entries) + "}"
        case SeqNode():
            return "[" + ", ".join(said_of(item) for item in node.items) + "]"
        case _:
            return node.text
