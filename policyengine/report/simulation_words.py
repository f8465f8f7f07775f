"""What a simulation's amounts, groups and brackets are called."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Final

from policyengine import ir, terms
from policyengine.backends.kernel import Status
from policyengine.report.names import Lang, code_name, fact_name, payer_name, pick, reason_name
from policyengine.simulate.groups import CALENDAR
from policyengine.simulate.model import EDGES

NOT_SETTLED: Final[Mapping[Status, tuple[str, str]]] = {
    Status.BAD: ("数据有误", "bad data"),
    Status.WAITING: ("前一份未结算", "behind a claim that was refused"),
    Status.NOT_COVERED: ("不属保障范围", "not covered"),
    Status.NO_ROW: ("政策无此情形", "no row in a table of the policy"),
    Status.ELSEWHERE: ("别处已付超额", "paid elsewhere beyond the bill"),
    Status.FULL: ("累计值超出上限", "an accumulator holds more than it can"),
    Status.PASSED: ("重复或过迟", "settled before, or too late"),
    Status.LATE: ("早于累计窗口", "before the window of an accumulator"),
}
"""Why claims are not settled."""
_AMOUNTS: Final = {"bill": ("总费用", "bill"), "patient_total": ("个人负担", "patient")}


def amount_name(program: ir.Program, name: str, lang: Lang) -> str:
    """What an amount is called: the bill, a payer, the patient's part and its reasons, sums outside the bill."""
    if name in _AMOUNTS:
        return pick(_AMOUNTS[name], lang)
    group, dot, rest = name.partition(".")
    if dot and group == "patient":
        return "  " + pick((f"其中{reason_name(rest, lang)}", f"of that {reason_name(rest, lang)}"), lang)
    if dot and group == "grant":
        payer = payer_name(program, rest, lang)
        return pick((f"{payer}（账外发放）", f"{payer}, granted outside the bill"), lang)
    return payer_name(program, name, lang)


def group_name(program: ir.Program, fact: str, word: str, lang: Lang) -> str:
    """What the claims of a group have in common."""
    if fact in CALENDAR and word:
        return word
    tag = terms.TAGS.get(fact)
    if tag is not None and word:
        zh, en = tag
        return pick((f"非{zh}" if word == "no" else zh, f"not {en}" if word == "no" else en), lang)
    name = fact_name(program, fact, lang) if tag is None else pick(tag, lang)
    if not word:
        return pick((f"{name}未填", f"{name} not stated"), lang)
    return f"{name} {code_name(program, fact, word, lang)}"


def share_names(lang: Lang) -> list[str]:
    """The brackets of the patient's share of the bill."""
    tenths = [(f"{low}%（不含）至{low + 10}%", f"over {low} % to {low + 10} %") for low in range(0, 100, 10)]
    ends = (("0", "nothing"), ("超过总费用", "more than the bill"))
    return [pick(pair, lang) for pair in (ends[0], *tenths, ends[1])]


def bracket_names(lang: Lang) -> list[str]:
    """The brackets of what the patient bears."""
    between = [(f"{low:,}以上至{high:,}", f"over {low:,} to {high:,}") for low, high in pairwise((0, *EDGES))]
    ends = (("0", "nothing"), (f"{EDGES[-1]:,}以上", f"over {EDGES[-1]:,}"))
    return [pick(pair, lang) for pair in (ends[0], *between, ends[1])]
