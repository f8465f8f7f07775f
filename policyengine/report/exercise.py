"""What the cases of a rule file reach, as text and as data: figures by kind, and every gap with a claim for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from policyengine.exercise import KINDS, Gap, Reach
from policyengine.report.drafts import OPEN, expected_of, flow, handed_in
from policyengine.report.mutation import percent
from policyengine.report.names import Lang, pick


def reach_text(reach: Reach, lang: Lang = "en") -> str:
    """The figures, then what no case reaches, each with a claim that does, or why none can."""
    open_gaps = [gap for gap in reach.gaps if not gap.impossible]
    closed = [gap for gap in reach.gaps if gap.impossible]
    lines = [_head(reach, lang), *_kinds(reach, lang)]
    for gap in open_gaps:
        lines += ["", f"{gap.target.span}: {_what(gap, lang)}", *_claim(gap, lang)]
    if closed:
        words = ("任何单据都不可能达到（已证明）：", "no claim can reach these, which was proved:")
        lines += ["", pick(words, lang), *(f"  {gap.target.span}: {_what(gap, lang)}" for gap in closed)]
    return "\n".join(lines) + "\n"


def _head(reach: Reach, lang: Lang) -> str:
    score = percent(reach.reached, reach.possible)
    if lang == "zh":
        return f"{reach.name}：{reach.cases} 个案例覆盖 {reach.possible} 项中的 {reach.reached} 项（{score}）"
    cases = f"{reach.cases} case{'' if reach.cases == 1 else 's'}"
    return f"{reach.name}: {cases} reach {reach.reached} of {reach.possible} ({score})"


def _kinds(reach: Reach, lang: Lang) -> list[str]:
    lines = []
    for kind, term in KINDS.items():
        reached, possible = reach.of_kind(kind)
        if possible:
            text = f"{reached} / {possible}"
            lines.append(f"  {text:>9}  {pick((term.zh, term.en), lang)}")
    return lines


def _what(gap: Gap, lang: Lang) -> str:
    target = gap.target
    words = {
        "provision": ("从未适用", "never applies"),
        "band": ("从未达到", "is never reached"),
        "row": ("从未用到", "is never looked up"),
        "outcome": ("从未起决定作用", "never decides"),
    }[target.kind]
    return f"{' '.join(x for x in (target.of, f'`{target.text}`' if target.text else '') if x)} {pick(words, lang)}"


def _claim(gap: Gap, lang: Lang) -> list[str]:
    """A draft of a case; its amounts are for a person to work out."""
    if gap.claim is None:
        return ["  " + pick(("未找到能达到的单据", "no claim was found that does"), lang)]
    lines = [f"  - id: {flow(gap.target.of)}", f"    source: {OPEN}"]
    if "parameters" in gap.claim:
        lines.append(f"    parameters: {flow(gap.claim['parameters'])}")
    if "history" in gap.claim:
        lines += ["    history:", *(f"      - {flow(row)}" for row in gap.claim["history"].get("accumulators", ()))]
    if "rows" in gap.claim:
        return [*lines, *handed_in(gap.claim["rows"]), expected_of(gap.claim["of"], f"{{split: {OPEN}}}")]
    return [*lines, "    claims:", f"      - claim: {flow(gap.claim['claim'])}", f"        expect: {{split: {OPEN}}}"]


def reach_table(reaches: Sequence[Reach], lang: Lang = "en") -> str:
    """A line a rule set: what of each kind is reached, and of all together."""
    first = ("规则", "rule set"), ("案例", "cases"), *((t.zh, t.en) for t in KINDS.values()), ("合计", "together")
    heads = tuple(pick(word, lang) for word in first)
    rows = [heads, ("---",) + ("---:",) * (len(heads) - 1), *(_row(reach) for reach in reaches)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n"


def _row(reach: Reach) -> tuple[str, ...]:
    kinds = ("–" if not possible else f"{reached} / {possible}" for reached, possible in map(reach.of_kind, KINDS))
    return (reach.name, str(reach.cases), *kinds, percent(reach.reached, reach.possible))


def reach_data(reach: Reach) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "ruleset": reach.name,
        "cases": reach.cases,
        "targets": reach.possible,
        "reached": reach.reached,
        "kinds": {kind: dict(zip(("reached", "possible"), reach.of_kind(kind), strict=True)) for kind in KINDS},
        "gaps": [_data(gap) for gap in reach.gaps],
    }


def _data(gap: Gap) -> dict[str, Any]:
    target, span = gap.target, gap.target.span
    place = {"file": span.file, "line": span.line, "column": span.column}
    data: dict[str, Any] = {"kind": target.kind, "of": target.of, "text": target.text, "place": place}
    return {**data, "impossible": gap.impossible, **({"witness": dict(gap.claim)} if gap.claim is not None else {})}
