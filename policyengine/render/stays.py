"""The course of a stay under each timing: what is asked for, what is due when, what follows; with who says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from policyengine.render.evidence import evidence_of, in_force_items
from policyengine.render.page import Block, Bullets, Heading, Item, Strong
from policyengine.render.titles import named
from policyengine.render.voice import Voice
from policyengine.report.names import fact_name
from policyengine.ruleset import CourseDecl

REVERSED: Final[Mapping[str, tuple[str, str]]] = {
    "block": (
        "其后已有结算的，不予冲正",
        "a settlement is not taken back while later ones are counted after it",
    ),
    "subtract": (
        "冲正结算时，其后的结算不变，从累计中扣减",
        "when a settlement is taken back, the later ones stay, and what it counted is subtracted",
    ),
    "readjudicate": (
        "冲正结算时，其后的结算按次序重新结算",
        "when a settlement is taken back, the later ones are settled again in their order",
    ),
}
REPAID: Final[Mapping[str, tuple[str, str]]] = {
    "in_order": ("各资金按支付次序拨付", "the funds pay in the order of the layers"),
    "any": ("各资金拨付不分先后", "the funds pay in any order"),
}


def stays_section(voice: Voice) -> Iterator[Block]:
    """What the section ``settlement`` says, entry by entry."""
    if voice.subject.courses:
        yield Heading(2, voice.say("结算流程", "The course of a stay"))
        yield Bullets(tuple(_course(voice, course) for course in voice.subject.courses))


def _course(voice: Voice, course: CourseDecl) -> Item:
    title = named(voice, "settlement", course.id.text)
    told = voice.say("；", "; ").join(_told(voice, course))
    below = (*in_force_items(voice, course), *evidence_of(voice, course))
    return Item((Strong(title), voice.say("：", ": "), told), below)


def _told(voice: Voice, course: CourseDecl) -> Iterator[str]:
    """Everything that an entry says, a clause each."""
    if course.agreement is not None:
        yield (
            voice.say("结算前须签订协议", "an agreement is signed before the settlement")
            if course.agreement
            else voice.say("不须签订协议", "no agreement is asked for")
        )
    if course.due is not None:
        yield _due(voice, course.due)
    yield from _instalments(voice, course)
    if course.default is not None:
        fact = fact_name(voice.subject.program, course.default.text, voice.lang)
        en = f"who has not paid when it is due counts as “{fact}” from then on"
        yield voice.say(f"逾期未付的，此后视为“{fact}”", en)
    if course.repaid is not None:
        yield voice.say(*REPAID[course.repaid])
    if course.reverse is not None:
        yield voice.say(*REVERSED[course.reverse])


def _due(voice: Voice, days: int) -> str:
    if days == 0:
        return voice.say("个人负担部分于结算当日付清", "the own share is due on the day of the settlement")
    return voice.say(
        f"个人负担部分于结算后{days}日内付清", f"the own share is due within {_days(days)} of the settlement"
    )


def _instalments(voice: Voice, course: CourseDecl) -> Iterator[str]:
    if course.instalments == 0:
        yield voice.say("不得分期付款", "it is not paid in instalments")
    elif course.instalments is not None:
        yield voice.say(f"至多分{course.instalments}期付款", f"in at most {_parts(course.instalments)}")
    if course.within is not None:
        yield voice.say(
            f"末期于结算后{course.within}日内付清",
            f"the last instalment is due within {_days(course.within)} of the settlement",
        )


def _days(count: int) -> str:
    return f"{count} day{'s' * (count != 1)}"


def _parts(count: int) -> str:
    return f"{count} instalment{'s' * (count != 1)}"
