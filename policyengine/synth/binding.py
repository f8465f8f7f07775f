"""What must hold between the parts of a profile: names that are known, values that are provided for."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping

from policyengine import terms
from policyengine.errors import Diagnostic, RuleError, Span, nearest
from policyengine.synth.model import Case, Choice, Claims, Curve, Draw, Evidence, Hospital, Kind, Line, Poisson, Profile
from policyengine.synth.normal import poisson_shares

Known = dict[str, tuple[Kind, tuple[str, ...]]]
"""Facts that are drawn already: the kind of each, and of codes every word."""

MOST_A_PERSON = 999
"""Claims of one person, at most: the last three digits of a claim's id count them."""

OLDEST = 129
GIVEN = frozenset(
    {*terms.DAYS, "id", "sequence", "person_id", "household_id", "care_type", "admission_ordinal", "total_charge",
     "hospital_id", "synthetic", "lines"}
)  # fmt: skip
"""Columns that claims have without a draw."""


def check_profile(profile: Profile) -> None:
    """Raises ``RuleError`` with everything that is wrong."""
    found = [*_evidence(profile), *_facts(profile), *_lines(profile)]
    if found:
        raise RuleError(dict.fromkeys(found))


def _wrong(code: str, message: str, span: Span | None, expected: str = "", hint: str = "") -> Diagnostic:
    return Diagnostic(code, message, span, expected, hint)


def every_draw(profile: Profile) -> Iterator[tuple[str, Draw]]:
    """Every draw, with where it stands."""
    yield "households.size", profile.size
    yield from ((f"households.{draw.fact}", draw) for draw in profile.households)
    yield from ((f"people.{draw.fact}", draw) for draw in profile.people)
    for kind in profile.claims:
        yield from ((f"claims.{kind.id}.{draw.fact}", draw) for draw in kind.draws)


def _evidence(profile: Profile) -> Iterator[Diagnostic]:
    stated: list[Evidence] = [draw.evidence for _, draw in every_draw(profile)]
    stated += [hospital.evidence for hospital in profile.hospitals]
    stated += [line.evidence for kind in profile.claims for line in kind.lines]
    for cite in (cite for evidence in stated for cite in evidence.cites):
        if cite.source not in profile.sources:
            yield _wrong("E724", f"there is no source `{cite.source}`", cite.span, "a name under `sources`",
                         nearest(cite.source, profile.sources))  # fmt: skip


# -- facts -------------------------------------------------------------------------------------------------------------


def _facts(profile: Profile) -> Iterator[Diagnostic]:
    known: Known = {}
    if profile.size.kind != "count" or least(profile.size) < 1:
        yield _wrong("E726", "a household has at least one member", profile.size.span, "whole numbers from 1")
    yield from _drawn([profile.size], {})
    yield from _drawn(profile.households, known)
    yield from _drawn(profile.people, known)
    if "age" not in known:
        yield _wrong("E724", "no draw gives the `age` of people", profile.span, "`age` under the facts of people")
    if not profile.claims:
        yield _wrong("E724", "the profile has no claims", profile.span, "a kind of claims, such as `stays`")
    hospitals = {hospital.id: hospital for hospital in profile.hospitals}
    for kind in profile.claims:
        yield from _of_claims(kind, dict(known), hospitals)


def _of_claims(kind: Claims, known: Known, hospitals: Mapping[str, Hospital]) -> Iterator[Diagnostic]:
    yield from _by(kind.a_year, known)
    yield from _drawn([kind.hospital], known)
    for word in kind.hospital.words:
        if word not in hospitals:
            yield _wrong("E724", f"there is no hospital `{word}`", kind.hospital.span, "a name under `hospitals`",
                         nearest(word, hospitals))  # fmt: skip
    for name in sorted({name for hospital in hospitals.values() for name in hospital.facts}):
        known[name] = ("code", tuple({h.facts[name] for h in hospitals.values() if name in h.facts}))
    yield from _drawn(kind.facts, known)
    yield from _by(kind.bill, known)
    for draw in (draw for line in kind.lines for draw in (line.share, line.amount) if draw is not None):
        yield from _by(draw, known)


def _drawn(draws: Iterable[Draw], known: Known) -> Iterator[Diagnostic]:
    """Each draw in its turn; what it draws is known to the next."""
    for draw in draws:
        yield from _by(draw, known)
        if draw.fact in known:
            yield _wrong("E724", f"`{draw.fact}` is drawn twice", draw.span, "one draw of each fact")
        if draw.fact in GIVEN or draw.fact.startswith("amount_"):
            yield _wrong("E724", f"claims have `{draw.fact}` without a draw", draw.span, "another name")
        if draw.fact == "age" and most(draw) > OLDEST + 1:
            yield _wrong("E726", f"somebody is older than {OLDEST} years", draw.span, f"at most {OLDEST} years")
        known[draw.fact] = (draw.kind, draw.words)


def _by(draw: Draw, known: Known) -> Iterator[Diagnostic]:
    if not draw.by:
        return
    if draw.by not in known:
        yield _wrong("E724", f"`{draw.fact}` depends on `{draw.by}`, which is not drawn before it", draw.span,
                     "one of " + ", ".join(known), nearest(draw.by, known))  # fmt: skip
        return
    kind, words = known[draw.by]
    if kind in ("money", "rate"):
        yield _wrong(
            "E724", f"`{draw.fact}` depends on `{draw.by}`, which is an amount", draw.span, "a word or a count"
        )
    elif kind == "count":
        yield from _by_count(draw)
    else:
        yield from _by_words(draw, ("yes", "no") if kind == "flag" else words)


def _by_words(draw: Draw, words: tuple[str, ...]) -> Iterator[Diagnostic]:
    named = [word for case in draw.cases for word in case.words]
    for word in named:
        if word not in words:
            yield _wrong("E725", f"`{word}` is no value of `{draw.by}`", draw.span, "one of " + ", ".join(words),
                         nearest(word, words))  # fmt: skip
    if any(case.interval is not None for case in draw.cases):
        yield _wrong("E725", f"`{draw.by}` has words, not numbers", draw.span, "one of " + ", ".join(words))
    elif len(set(named)) < len(named):
        yield _wrong("E725", f"a value of `{draw.by}` stands twice", draw.span)
    elif (missing := [word for word in words if word not in named]) and not _has_rest(draw.cases):
        yield _wrong("E725", f"no figures of `{draw.fact}` for `{missing[0]}`", draw.span, "every value, or `other`")


def _by_count(draw: Draw) -> Iterator[Diagnostic]:
    if any(case.words for case in draw.cases):
        yield _wrong("E725", f"`{draw.by}` is a number", draw.span, "intervals such as 0..15")
        return
    found = sorted((case.interval for case in draw.cases if case.interval is not None), key=lambda one: one.low or 0)
    if any(one.high is None or one.high > (two.low or 0) for one, two in itertools.pairwise(found)):
        yield _wrong("E725", f"two intervals of `{draw.by}` meet", draw.span)
    gaps = any(one.high != two.low for one, two in itertools.pairwise(found))
    if (gaps or not found or (found[0].low or 0) > 0 or found[-1].high is not None) and not _has_rest(draw.cases):
        yield _wrong("E725", f"`{draw.by}` has values without figures of `{draw.fact}`", draw.span,
                     "intervals from 0.. on without a gap, or `other`")  # fmt: skip


def _has_rest(cases: Iterable[Case]) -> bool:
    return any(case.rest for case in cases)


# -- fee lines ---------------------------------------------------------------------------------------------------------


def _lines(profile: Profile) -> Iterator[Diagnostic]:
    first: dict[str, Line] = {}
    for kind in profile.claims:
        rests = [line for line in kind.lines if line.share is None and line.amount is None]
        if len(rests) != 1 or rests[0] is not kind.lines[-1]:
            at = kind.lines[-1].span if kind.lines else kind.bill.span
            yield _wrong("E727", f"the last fee line of `{kind.id}`, and no other, takes the rest of the bill", at,
                         "one line without `share` and `amount`, at the end")  # fmt: skip
        for line in kind.lines:
            if first.setdefault(line.id, line).fields != line.fields:
                yield _wrong("E727", f"the fee line `{line.id}` is another one elsewhere", line.span,
                             "the same category, class and facts, or another name")  # fmt: skip
        if least(kind.bill) < 1:
            yield _wrong("E726", "a bill can be nothing", kind.bill.span, "`low: 1元`")


def least(draw: Draw) -> int:
    """The least number that can be drawn."""
    found = min(_least(case) for case in draw.cases)
    return found if draw.low is None else max(found, draw.low)


def most(draw: Draw) -> int:
    """The largest number that can be drawn."""
    found = max(_most(case) for case in draw.cases)
    return found if draw.high is None else min(found, draw.high)


def _least(case: Case) -> int:
    match case.of:
        case Choice(words):
            return min(int(word) if word.isdigit() else 0 for word in words)
        case Curve(_, values):
            return values[0]
        case _:
            return 0


def _most(case: Case) -> int:
    match case.of:
        case Choice(words):
            return max(int(word) if word.isdigit() else 1 for word in words)
        case Curve(_, values):
            return values[-1]
        case Poisson(mean):
            return len(poisson_shares(mean)) - 1
        case _:
            return 2**31 - 1
