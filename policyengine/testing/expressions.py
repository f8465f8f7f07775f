"""Expressions drawn as texts, each of one kind: literals, names, and whatever makes larger ones of smaller ones."""

from __future__ import annotations

from random import Random

from policyengine.testing.scope import AMOUNTS, FLAGS, Scope

DEPTH = 2
PLAIN = 0.4
"""How often an expression is a literal or a name, though it might be larger."""


def expression(kind: str, rng: Random, scope: Scope, depth: int = DEPTH) -> str:
    """An expression of a kind: money, rate, count, flag, points."""
    return _MADE[kind](rng, scope, depth)


def _money(rng: Random, scope: Scope, depth: int) -> str:
    if depth == 0 or rng.random() < PLAIN:
        return rng.choice([_amount(rng), _amount(rng), "0元", *_amounts(scope), *_known(scope, "money")])
    one, two = (_money(rng, scope, depth - 1) for _ in range(2))
    match rng.randrange(8):
        case 0:
            return f"({_rate(rng, scope, depth - 1)}) of ({one})"
        case 1:
            return f"{one} + ({two})"
        case 2:
            return f"max(0元, {one} - ({two}))"
        case 3:
            return f"min({one}, {two})"
        case 4:
            return f"positive({one})"
        case 5:
            return f"({one}) * {rng.randrange(4)}"
        case 6:
            return f"round({one})"
        case _:
            return f"{one} if {_flag(rng, scope, depth - 1)} else ({two})"


def _rate(rng: Random, scope: Scope, depth: int) -> str:
    if depth == 0 or rng.random() < PLAIN:
        return rng.choice([f"{rng.randrange(101)}%", "66.6666%", *_known(scope, "rate")])
    one, two = (_rate(rng, scope, depth - 1) for _ in range(2))
    return rng.choice((f"{one} if {_flag(rng, scope, depth - 1)} else ({two})", f"min({one}, {two})"))


def _count(rng: Random, scope: Scope, depth: int) -> str:
    if depth == 0 or rng.random() < PLAIN:
        return rng.choice([str(rng.randrange(60)), "days_of_stay", "admission_ordinal", *_known(scope, "count")])
    return f"min({_count(rng, scope, depth - 1)}, {_count(rng, scope, depth - 1)})"


def _flag(rng: Random, scope: Scope, depth: int) -> str:
    if depth == 0 or rng.random() < PLAIN:
        of_row = ["class == 丙", "class in [甲, b]", "category == surgery"] if scope.row else []
        return rng.choice([rng.choice(FLAGS), "true", _of_a_code(rng, scope), *_known(scope, "flag"), *of_row])
    one, two = (_flag(rng, scope, depth - 1) for _ in range(2))
    number = _count(rng, scope, 0)
    match rng.randrange(6):
        case 0:
            return f"not ({one})"
        case 1:
            return f"({one}) {rng.choice(('and', 'or', '且', '或'))} ({two})"
        case 2:
            return f"{number} {rng.choice(('>=', '<', '=='))} {_count(rng, scope, 0)}"
        case 3:
            return f"{_money(rng, scope, 0)} {rng.choice(('>', '<='))} {_money(rng, scope, 0)}"
        case 4:
            return f"{number} in 18..60"
        case _:
            return f"{number} between 3 and 7"


def _points(rng: Random, _scope: Scope, _depth: int) -> str:
    return f"{rng.randrange(1, 20)}pp"


_MADE = {"money": _money, "rate": _rate, "count": _count, "flag": _flag, "points": _points}


def _amount(rng: Random) -> str:
    fen, round_sum = rng.randrange(10**6), rng.choice((1, 100, 500, 1200, 8000, 70000))
    return rng.choice((f"{round_sum}元", f"{fen // 100}.{fen % 100:02d}元", f"{fen % 40}万元"))


def _known(scope: Scope, kind: str) -> list[str]:
    """Names to which the file itself gives a meaning of this kind, and what its meters held."""
    return [*scope.values[kind], *(f"used({meter})" for meter in scope.meters.get(kind, ()))]


def _amounts(scope: Scope) -> list[str]:
    """Amounts of the claim or the line, what layers have left, what is meant only here."""
    left = [f"{layer}.{amount}" for layer in scope.layers for amount in AMOUNTS]
    if scope.row:
        return ["amount", *scope.bare]
    calls = [f"{name}({'base' if scope.bare else '100元'})" for name in scope.formulas]
    parts = [*scope.parts, *(f"unpaid({part})" for part in scope.parts)]
    return ["total_charge", "sum(amount where class == 乙)", *parts, *left, *scope.bare, *calls]


def _of_a_code(rng: Random, scope: Scope) -> str:
    name = rng.choice(sorted(scope.codes))
    words = rng.sample(scope.codes[name], min(2, len(scope.codes[name])))
    return rng.choice((f"{name} == {words[0]}", f"{name} in [{', '.join(words)}]"))
