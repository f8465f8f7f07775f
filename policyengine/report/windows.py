"""Windows and scopes in words, 中文 or English."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from policyengine import ir
from policyengine.encode import days_of
from policyengine.report.names import Lang, fact_name, pick
from policyengine.terms import DAYS

CALENDAR: Final = {
    "visit": ("每次就诊", "each visit"), "day": ("每日", "each day"), "week": ("每周", "each week"),
    "month": ("每月", "each month"), "quarter": ("每季度", "each quarter"), "half_year": ("每半年", "each half year"),
    "lifetime": ("终身", "in a lifetime"),
}  # fmt: skip
UNITS: Final = {"month": ("个月", "month"), "day": ("天", "day")}
WHO: Final = {"person_id": ("参保人", "member"), "household_id": ("家庭", "household")}
PERIODS: Final = {
    "day": ("日", "day"), "week": ("周", "week"), "month": ("月", "month"), "quarter": ("季度", "quarter"),
    "half_year": ("半年", "half year"), "year": ("年度", "year"),
}  # fmt: skip


def _length(window: ir.Window, lang: Lang) -> str:
    zh, en = UNITS[window.unit]
    return f"{window.length}{zh}" if lang == "zh" else f"{window.length} {en}{'s' if window.length > 1 else ''}"


def window_words(window: ir.Window, lang: Lang) -> str:
    """When a meter in ``window`` starts again: ``12 months from the first use``, ``首次使用起12个月``."""
    length = _length(window, lang)
    match window.kind:
        case "year":
            month, day = window.starts
            return pick((f"每年（{month}月{day}日起）", f"each year from {month:02d}-{day:02d}"), lang)
        case "anniversary":
            fact = DAYS.get(window.origin)
            zh, en = (fact.zh, f"the {fact.en}") if fact is not None else (window.origin, f"`{window.origin}`")
            return pick((f"每年（自{zh}起）", f"each year from {en}"), lang)
        case "block":
            return pick((f"自{window.origin}起每{length}", f"every {length} from {window.origin}"), lang)
        case "anchored":
            return pick((f"首次使用起{length}", f"{length} from the first use"), lang)
        case "rolling" if window.back:
            zh, en = PERIODS[window.grain]
            return pick(
                (f"此前第{window.back}个{zh}", f"{window.back} {en}{'s' if window.back > 1 else ''} before"), lang
            )
        case "rolling":
            return pick((f"最近{length}", f"the last {length}"), lang)
        case "spell":
            return pick((f"至出院满{length}止", f"until {length} out of hospital"), lang)
        case "event":
            return pick(("至约定事件发生止", "until the event that ends it"), lang)
        case kind:
            return pick(CALENDAR[kind], lang)


def scope_words(program: ir.Program, per: Sequence[str], lang: Lang) -> str:
    """For whom a meter is kept."""
    names = [pick(WHO[name], lang) if name in WHO else fact_name(program, name, lang) for name in per]
    return pick(("、", ", "), lang).join(names) or pick(("全体", "all together"), lang)


def last_days(meter: ir.Meter, key: str, as_of: date | None, out: date | None) -> tuple[date | None, date | None]:
    """The first and the last day of the window that a row stands in; ``None``: open. ``as_of``: for rolling windows,
    the day on which they are looked at; ``out``: for spells, the last day in hospital, after which they run on."""
    window = meter.window
    first, end = days_of(window, key)
    if window.kind == "spell" and out is not None:
        return first, out + timedelta(days=window.length - 1)
    if window.kind == "rolling":
        return first, as_of
    return first, None if end is None else end - timedelta(days=1)


def days_words(first: date | None, last: date | None, lang: Lang) -> str:
    if first is None:
        return "–" if last is None else f"– {last}"
    return f"{first} – {last or pick(('至今', 'open'), lang)}"
