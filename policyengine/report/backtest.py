"""A backtest as text and as data: how much agrees, what differs, and what it points to."""

from __future__ import annotations

from typing import Any

from policyengine import terms
from policyengine.backtest import Backtest, Cause, Compared
from policyengine.claim import quoted
from policyengine.rulebook import Rulebook

KINDS = {
    "agrees": "agree to the smallest coin",
    "rounding": "differ by a coin of rounding",
    "payers": "differ in who pays",
    "parts": "differ in how the bill is cut up",
    "bill": "have another bill",
    "refused": "are refused by the rule set",
}
"""Every kind of comparison, in words."""


def backtest_text(book: Rulebook, found: Backtest) -> str:
    """What there is of each kind, then every record that differs."""
    total = len(found.compared)
    lines = [f"{book.name}: {found.agreed} of {total} agree ({_percent(found.agreed, total)})"]
    counts: dict[str, int] = {str(kind): count for kind, count in found.kinds.items()}
    lines += [f"  {counts[kind]:>6}  {words}" for kind, words in KINDS.items() if kind in counts]
    pointed = _pointed(found)
    if pointed:
        lines += ["", "what the differences point to"]
        lines += [f"  {count:>6}  {text}" for text, count in pointed.items()]
    for one in found.compared:
        if one.kind != "agrees":
            lines += ["", *_lines(one)]
    return "\n".join(lines) + "\n"


def _percent(part: int, whole: int) -> str:
    """Rounded down, so that 100 % means all."""
    thousandths = part * 1000 // whole if whole else 0
    return f"{thousandths // 10}.{thousandths % 10} %"


def _pointed(found: Backtest) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in found.compared:
        for cause in one.causes:
            counts[cause_text(cause)] = counts.get(cause_text(cause), 0) + 1
        if one.kind not in ("agrees", "refused", "bill") and not one.causes:
            counts["no single provision or fact"] = counts.get("no single provision or fact", 0) + 1
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _lines(one: Compared) -> list[str]:
    lines = [f"claim {quoted(one.claim.id)}: {one.kind}"]
    if one.refused is not None:
        return lines + [f"  {d.code} {d.message}" for d in one.refused.diagnostics]
    width = max(len(name) for name in one.fields)
    lines += [f"  {name:<{width}}  official {theirs:>14,}  here {ours:>14,}  {theirs - ours:>+14,}"
              for name, (theirs, ours) in one.fields.items()]  # fmt: skip
    return lines + [f"  points to: {cause_text(cause)}" for cause in one.causes]


def cause_text(cause: Cause) -> str:
    """The change with which the official amounts come out."""
    rules = ", ".join(dict.fromkeys(f"`{rule.id}`" for rule in cause.rules))
    if cause.kind == "fact":
        fact = terms.FACTS.get(cause.fact)
        name = f"{fact.zh} ({cause.fact})" if fact else cause.fact
        words = {True: "yes", False: "no"}
        value = words[cause.value] if isinstance(cause.value, bool) else str(cause.value)
        return f"{name} = {value}" + (f", which switches {rules}" if rules else "")
    return f"{rules} as if {'it applied' if cause.kind == 'applied' else 'it did not apply'}"


def backtest_data(book: Rulebook, found: Backtest) -> dict[str, Any]:
    """The same as plain data; amounts are decimal texts."""
    return {
        "ruleset": book.name,
        "records": len(found.compared),
        "agreed": found.agreed,
        "kinds": dict(found.kinds),
        "differences": [_data(one) for one in found.compared if one.kind != "agrees"],
    }


def _data(one: Compared) -> dict[str, Any]:
    fields = {n: {"official": str(theirs), "here": str(ours)} for n, (theirs, ours) in one.fields.items()}
    data: dict[str, Any] = {"claim": one.claim.id, "kind": one.kind, "fields": fields}
    if one.refused is not None:
        data["refused"] = [{"code": d.code, "message": d.message} for d in one.refused.diagnostics]
    data["causes"] = [
        {"kind": c.kind, "rules": list(dict.fromkeys(r.id for r in c.rules)), "fact": c.fact,
         "value": c.value if isinstance(c.value, bool | int) else str(c.value), "text": cause_text(c)}
        for c in one.causes
    ]  # fmt: skip
    return data
