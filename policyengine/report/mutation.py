"""What came of the mutants of a rule file, as text and as data: what its cases and laws kill, what survives."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from policyengine.mutation import KINDS, Apart, Tally, Verdict
from policyengine.report.drafts import draft
from policyengine.report.names import Lang, pick

RESULTS: Final[Mapping[str, tuple[str, str]]] = {
    "killed": ("被发现", "killed"),
    "survived": ("未被发现", "survived"),
    "equivalent": ("与原规则等价", "equivalent"),
    "alike": ("试算未见差别", "no difference found"),
    "refused": ("不成规则", "no rule file"),
}


def percent(part: int, whole: int) -> str:
    """Rounded down to a tenth, so that 100 % means all; a dash where there is nothing to count."""
    return f"{part * 1000 // whole // 10}.{part * 1000 // whole % 10} %" if whole else "–"


def mutation_text(tally: Tally, lang: Lang = "en", claims: bool = True, killed: bool = False) -> str:
    """The figures, every survivor with the case that would kill it, and what no claim was found for. ``killed``: what
    is killed, too, with what killed it."""
    survived = [v for v in tally.verdicts if v.result == "survived"]
    alike = [v for v in tally.verdicts if v.result == "alike"]
    lines = [_head(tally, lang), *_rest(tally, lang)]
    for at, verdict in enumerate(survived, start=1):
        lines += ["", *_told(at, verdict, lang)]
        if claims and verdict.apart is not None:
            lines += draft(_id_of(verdict), _title(verdict, lang), verdict.apart)
    if killed:
        words = ("被发现的改动：", "killed, each by:")
        lines += ["", pick(words, lang), *(f"  {_where(v)}: {_change(v, lang)} ({v.by})" for v in tally.verdicts
                                           if v.result == "killed")]  # fmt: skip
    if alike:
        words = (
            "未找到能区别下列改动的单据，是否等价未证明：",
            "no claim was found that tells these apart; that they are equal is not proved:",
        )
        lines += ["", pick(words, lang), *(f"  {_where(v)}: {_change(v, lang)} ({_tried(v, lang)})" for v in alike)]
    return "\n".join(lines) + "\n"


def _head(tally: Tally, lang: Lang) -> str:
    killed, told, score = tally.count("killed"), tally.told, percent(tally.count("killed"), tally.told)
    if lang == "zh":
        laws = f"和 {len(tally.by_laws)} 条校验规则" if tally.by_laws else ""
        return (
            f"{tally.name}：{told} 处改动中 {tally.cases} 个案例{laws}发现 {killed} 处（{score}），"
            f"{told - killed} 处未被发现"
        )
    cases = f"{tally.cases} case{'' if tally.cases == 1 else 's'}"
    by = f"{cases} and {len(tally.by_laws)} law{'' if len(tally.by_laws) == 1 else 's'}" if tally.by_laws else cases
    return f"{tally.name}: {killed} of {told} mutants killed by {by} ({score}), {told - killed} survived"


def _rest(tally: Tally, lang: Lang) -> list[str]:
    """What is not counted, and why."""
    said = {
        "equivalent": ("处改动不影响任何单据", "changes no claim", "change no claim"),
        "alike": ("处改动试算未见差别", "showed no difference", "showed no difference"),
        "refused": ("处改动后规则文件不能成立", "is no rule file at all", "are no rule files at all"),
    }
    found = [
        f"  {count} 处由校验规则 {law} 发现" if lang == "zh" else f"  {count} of them by the law {law}, and by no case"
        for law, count in tally.by_laws.items()
    ]
    for result, (zh, one, many) in said.items():
        count = tally.count(result)
        if count:
            found.append(f"  {count} {zh}" if lang == "zh" else f"  {count} more {one if count == 1 else many}")
    return found


def _where(verdict: Verdict) -> str:
    return str(verdict.mutant.change.span)


def _change(verdict: Verdict, lang: Lang) -> str:
    change = verdict.mutant.change
    kind = KINDS[change.kind]
    arrow = f"`{change.before}` → `{change.after}`" if change.after else f"`{change.before}`"
    return f"{verdict.mutant.of}{'，' if lang == 'zh' else ', '}{pick((kind.zh, kind.en), lang)}: {arrow}"


def _tried(verdict: Verdict, lang: Lang) -> str:
    return f"试算 {verdict.tried} 张单据" if lang == "zh" else f"{verdict.tried} claims tried"


def _told(at: int, verdict: Verdict, lang: Lang) -> list[str]:
    lines = [f"{at}. {_where(verdict)}: {_change(verdict, lang)}"]
    if verdict.apart is not None:
        names = {"zh": ("原规则", "改动后"), "en": ("as it stands", "changed")}[lang]
        colon = "：" if lang == "zh" else ": "
        for name, amounts in zip(names, apart_amounts(verdict.apart), strict=True):
            lines.append(f"   {name}{colon}" + ", ".join(f"{who} {amount}" for who, amount in amounts.items()))
    return lines


def apart_amounts(apart: Apart) -> tuple[dict[str, str], dict[str, str]]:
    """Both outcomes, as far as they differ; a refusal is all that there is to say."""
    if "refused" in apart.as_it_stands or "refused" in apart.changed:
        payers = {name: amount for name, amount in apart.as_it_stands.items() if " " not in name}
        return payers, {n: x for n, x in apart.changed.items() if " " not in n}
    names = [*apart.as_it_stands, *(n for n in apart.changed if n not in apart.as_it_stands)]
    differing = [n for n in names if apart.as_it_stands.get(n) != apart.changed.get(n)]
    one, two = ({n: side.get(n, "0") for n in differing} for side in (apart.as_it_stands, apart.changed))
    return one, two


def _id_of(verdict: Verdict) -> str:
    of = re.sub(r"\W+", "-", verdict.mutant.of).strip("-")
    return f"{of}-{verdict.mutant.change.kind}-line-{verdict.mutant.change.span.line}"


def _title(verdict: Verdict, lang: Lang) -> str:
    return _change(verdict, lang).replace("`", "")


def mutation_table(tallies: Sequence[Tally], lang: Lang = "en") -> str:
    """A line a rule set. Where no claims were sought, what no case kills counts as not killed, whether or not a claim
    could tell it apart."""
    words = (("规则", "rule set"), ("案例", "cases"), ("改动", "mutants"), ("发现", "killed"), ("未发现", "not killed"),
             ("等价", "equivalent"), ("比例", "score"))  # fmt: skip
    heads = tuple(pick(word, lang) for word in words)
    rows = [heads, *(_row(tally) for tally in tallies)]
    return "\n".join("| " + " | ".join(row) + " |" for row in (rows[0], ("---",) + ("---:",) * 6, *rows[1:])) + "\n"


def _row(tally: Tally) -> tuple[str, ...]:
    counts = (tally.cases, tally.told, *(tally.count(x) for x in ("killed", "survived", "equivalent")))
    return (tally.name, *map(str, counts), percent(tally.count("killed"), tally.told))


def mutation_data(tally: Tally) -> dict[str, Any]:
    """The same as plain data; amounts are decimal texts."""
    return {
        "ruleset": tally.name,
        "cases": tally.cases,
        "mutants": tally.told,
        **{result: tally.count(result) for result in RESULTS},
        "by_laws": dict(tally.by_laws),
        "verdicts": [_data(verdict) for verdict in tally.verdicts],
    }


def _data(verdict: Verdict) -> dict[str, Any]:
    change = verdict.mutant.change
    span = change.span
    data: dict[str, Any] = {
        "result": verdict.result, "kind": change.kind, "of": verdict.mutant.of, "before": change.before,
        "after": change.after, "place": {"file": span.file, "line": span.line, "column": span.column},
    }  # fmt: skip
    if verdict.by:
        data["by"] = verdict.by
    if verdict.tried:
        data["tried"] = verdict.tried
    if verdict.apart is not None:
        apart = verdict.apart
        told = apart.rows or apart.claims
        data["rows" if apart.rows else "claims"] = [one.model_dump(mode="json", exclude_unset=True) for one in told]
        data["parameters"] = dict(apart.parameters)
        if apart.history is not None:
            data["history"] = apart.history.model_dump(mode="json", exclude_defaults=True)
        data["as_it_stands"], data["changed"] = dict(apart.as_it_stands), dict(apart.changed)
    return data
