"""What authors are told: the code, a piece of the message or hint, and the characters that the caret marks."""

from collections.abc import Callable
from typing import Any

import pytest

from policyengine.expressions import (
    parse_alternatives,
    parse_count,
    parse_date,
    parse_interval,
    parse_money,
    parse_points,
    parse_rate,
)
from tests.expressions.support import refusal, span_of, underlined

EXPRESSIONS = [
    # operators of other languages
    ("a = b", "E217", "write `==`", "="),
    ("a === b", "E217", "write `==`", "==="),
    ("a <> b", "E217", "write `!=`", "<>"),
    ("a => b", "E217", "write `>=`", "=>"),
    ("a =< b", "E217", "write `<=`", "=<"),
    ("a && b", "E217", "write `and`", "&&"),
    ("a || b", "E217", "write `or`", "||"),
    ("a | b", "E217", "write `or`", "|"),
    ("!a", "E217", "write `not`", "!"),
    ("a ** 2", "E217", "there is no operator `**`", "**"),
    ("a // 2", "E217", "there is no operator `//`", "//"),
    ("a ^ 2", "E217", "no powers", "^"),
    ("a % 2", "E217", "no remainder", "%"),
    ("~a", "E217", "write `not`", "~"),
    ("a += 1", "E217", "there is no operator `+=`", "+="),
    ("a := 1", "E217", "write `==`", ":="),
    ("a ? b : c", "E217", "a if condition else b", "?"),
    # chains
    ("a < b < c", "E216", "between", "<"),
    ("18 <= age <= 60", "E216", "between", "<="),
    ("a == b == c", "E216", "do not chain", "=="),
    ("a in [b] == c", "E216", "do not chain", "=="),
    # something missing or too much
    ("a +", "E202", "something is missing after `+`", "+"),
    ("a and", "E202", "something is missing after `and`", "and"),
    ("* a", "E202", "`*` cannot stand here", "*"),
    ("a + * b", "E202", "`*` cannot stand here", "*"),
    ("+5%", "E202", "without a plus sign", "+"),
    ("a b", "E202", "`b` cannot follow `a`", "b"),
    ("a AND b", "E202", "write `and`", "AND"),
    ("a 并且 b", "E202", "write `and`", "并且"),
    ("a 或者 b", "E202", "write `or`", "或者"),
    ("age 大于 60", "E202", "write `>`", "大于"),
    ("a if b", "E202", "something is missing after `if`", "if"),
    ("a else b", "E202", "write `a if condition else b`", "else"),
    ("if a then b", "E202", "write `a if condition else b`", "if"),
    ("a == not b", "E202", "in brackets", "not"),
    ("a not b", "E202", "`b` cannot stand here", "b"),
    ("a in b", "E202", "compared with `==`", "b"),
    ("a in (b, c)", "E202", "a list `in [a, b]`", ","),
    ("a in []", "E202", "`]` cannot stand here", "]"),
    ("a in ..", "E202", "something is missing after `..`", ".."),
    ("a..b", "E202", "an interval stands after `in`", ".."),
    ("a between b", "E202", "something is missing after `b`", "b"),
    ("a in [b] + 5", "E202", "`+` cannot follow `]`", "+"),
    ("not a in [b] + 5", "E202", "`+` cannot follow `]`", "+"),
    ("not a in 1.. + 5", "E202", "`+` cannot stand here", "+"),
    ("a where b", "E202", "sum(x where condition)", "where"),
    ("max(a where b)", "E202", "sum(x where condition)", "where"),
    ("sum(a, b where c)", "E202", "sum(x where condition)", "where"),
    ("min(a,)", "E202", "`)` cannot stand here", ")"),
    ("a, b", "E202", "a call `f(a, b)`", ","),
    # brackets
    ("(a + b", "E218", "`(` is not closed", "("),
    ("a in [b", "E218", "`[` is not closed", "["),
    ("a + b)", "E218", "closes nothing", ")"),
    ("(a + b]", "E218", "`]` closes a `(`", "]"),
    ("a in [b)", "E218", "`)` closes a `[`", ")"),
    # numbers
    ("1e5", "E204", "without an exponent", "1e5"),
    ("2.5E10", "E204", "without an exponent", "2.5E10"),
    ("1e-5", "E204", "without an exponent", "1e"),
    ("1,000", "E204", "write `1000` for one number", "1,000"),
    ("1,234,567元", "E204", "write `1234567` for one number, `1, 234, 567` for several", "1,234,567"),
    ("max(1,200)", "E204", "`1, 200` for several", "1,200"),
    ("1_000", "E204", "write `1000`", "1_000"),
    ("1.000.000元", "E204", "write `1000000元`", "1.000.000元"),
    ("1.2.3", "E204", "one point at most", "1.2.3"),
    ("a + .5", "E204", "write `0.5`", ".5"),
    ("5. + a", "E204", "digits are missing behind the point", "5."),
    ("010", "E204", "write `10`", "010"),
    ("00元", "E204", "write `0元`", "00元"),
    ("0x10", "E204", "only decimal numbers", "0x10"),
    ("0b101", "E204", "only decimal numbers", "0b101"),
    ("８５%", "E204", "write `85%`", "８５%"),
    ("8５%", "E204", "write `85%`", "8５%"),
    ("١٢", "E204", "write `12`", "١٢"),
    ("½", "E204", "VULGAR FRACTION", "½"),
    # units
    ("700 元", "E205", "write `700元`", " 元"),
    ("5 pp", "E205", "write `5pp`", " pp"),
    ("￥700", "E205", "write `700元`", "￥700"),
    ("$9.50", "E205", "write `9.50$`", "$9.50"),
    ("5percent", "E205", "write `5%`", "percent"),
    ("5个百分点", "E205", "write `5pp`", "个百分点"),
    ("5万", "E205", "write `5万元`", "万"),
    ("5USD", "E205", "write `5usd`", "USD"),
    ("3千元", "E205", "write all digits", "千元"),
    ("5uds", "E205", "did you mean `usd`?", "uds"),
    ("10%of", "E205", "a space before the next word", "%of"),
    ("3天", "E205", "`天` is not a unit", "天"),
    ("0.005元", "E210", "smallest unit of CNY", "0.005元"),
    ("1.000元", "E210", "write `1000元` if the point separates thousands", "1.000元"),
    ("1.00000万元", "E210", "at most 4 decimals", "1.00000万元"),
    ("0.5円", "E210", "smallest unit of JPY", "0.5円"),
    ("12.34567%", "E210", "one millionth", "12.34567%"),
    ("0.00001", "E210", "too many decimals", "0.00001"),
    ("12345678901234", "E211", "too long", "12345678901234"),
    # characters
    ("（a）", "E201", "write `(`", "（"),
    ("min(a，b)", "E201", "write `,`", "，"),
    ("min(a、b)", "E201", "write `,`", "、"),
    ("a：b", "E201", "write `:`", "："),
    ("85％", "E201", "write `%`", "％"),
    ("a ＝ b", "E201", "write `=`", "＝"),
    ("age ≥ 60", "E201", "write `>=`", "≥"),
    ("a × b", "E201", "write `*`", "×"),
    ("a − b", "E201", "write `-`", "−"),
    ("“a”", "E201", 'write `"`', "“"),
    ("a\u3000b", "E201", "write a plain space", "\u3000"),
    ("a\u00a0b", "E201", "NO-BREAK SPACE", "\u00a0"),
    ("a\u202eb", "E201", "RIGHT-TO-LEFT OVERRIDE", "\u202e"),
    ("a\u200bb", "E201", "ZERO WIDTH SPACE", "\u200b"),
    ("a\x00", "E201", "U+0000", "\x00"),
    ("5‰", "E217", "write `0.5%`", "‰"),
    ("a; b", "E201", "no statements", ";"),
    ("a : b", "E201", "a colon", ":"),
    ("`a`", "E201", "back ticks", "`"),
    ("a \\ b", "E201", "a backslash", "\\"),
    ("{a}", "E201", "braces", "{"),
    ("a # b", "E201", "a comment", "#"),
    # names
    ("rеtired", "E219", "CYRILLIC SMALL LETTER IE", "е"),
    ("аge", "E219", "it looks like `a`", "а"),
    ("αge", "E219", "GREEK SMALL LETTER ALPHA", "α"),
    ("ｃlass", "E219", "write that", "ｃ"),
    ("café", "E219", "LATIN SMALL LETTER E WITH ACUTE", "é"),
    ("cafe\u0301", "E219", "COMBINING ACUTE ACCENT", "\u0301"),
    ("ｶﾞｰｾﾞ", "E219", "HALFWIDTH KATAKANA", "ｶ"),
    ("あ\u3099", "E219", "stands alone", "あ\u3099"),
    ("ㅤ", "E219", "HANGUL FILLER", "ㅤ"),
    ("⼀", "E201", "write `一`", "⼀"),
    ("_a", "E219", "begin with an underscore", "_a"),
    ("a.__class__", "E219", "begin with an underscore", ".__class__"),
    ("a__b", "E219", "doubled underscore", "a__b"),
    # quotes
    ("a == 'b", "E220", "does not end", "'b"),
    ("'a\\n'", "E220", "no escapes", "\\"),
    ("'a\u200bb'", "E220", "U+200B", "\u200b"),
    # programming languages
    ("lambda x", "E222", "`lambda` is not part of this language", "lambda"),
    ("a is b", "E222", "write `==`", "is"),
    ("x in [a for a in b]", "E222", "`for` is not part", "for"),
    ("a[0]", "E222", "no indexing", "["),
    ("a.b()", "E222", "only a plain name can be called", "a.b"),
    ("f(a)(b)", "E222", "only a name can be called", "("),
    ("f'a'", "E222", "no prefix", "'a'"),
    ("'a'.b", "E222", "no members", ".b"),
    ("f(a).b", "E222", "no members", ".b"),
]


@pytest.mark.parametrize(("text", "code", "words", "marked"), EXPRESSIONS)
def test_expressions(text: str, code: str, words: str, marked: str) -> None:
    found = refusal(text)
    assert found.code == code
    assert words in f"{found.message} | {found.hint} | {found.expected}"
    assert underlined(found) == marked


def test_an_empty_expression() -> None:
    for text in ("", "   ", "\n"):
        found = refusal(text)
        assert (found.code, found.message) == ("E202", "the expression is empty")


RATE, POINTS, CNY = (parse_rate,), (parse_points,), (parse_money, "CNY")
DATE, COUNT, KEY, CODES = (parse_date,), (parse_count,), (parse_interval,), (parse_alternatives,)
MONEY_KEY = (parse_interval, "CNY")
FIELDS = [
    (RATE, "850%", "E203", "did you mean `85%`?", "850%"),
    (RATE, "1000%", "E203", "did you mean `100%`?", "1000%"),
    (RATE, "-5%", "E203", "did you mean `5%`?", "-5%"),
    (RATE, "100.0001%", "E203", "outside 0–100%", "100.0001%"),
    (RATE, "0.85", "E207", "did you mean `85%`?", "0.85"),
    (RATE, "85", "E207", "did you mean `85%`?", "85"),
    (RATE, "1", "E207", "did you mean `100%` or `1%`?", "1"),
    (RATE, "0", "E207", "did you mean `0%`?", "0"),
    (RATE, "5pp", "E209", "write `5%`; `pp` only adds to a rate", "5pp"),
    (RATE, "85元", "E205", "an amount of money stands where the rate is expected", "85元"),
    (RATE, "12.34567%", "E210", "finer than one millionth", "12.34567%"),
    (RATE, "share", "E204", "`share` is not the rate itself", "share"),
    (RATE, "85 %", "E217", "directly behind its digits", "%"),
    (RATE, " 85%", "E204", "write `85%`", " 85%"),
    (POINTS, "5%", "E208", "`5pp` makes 75% of 70%; `scale: 105%` makes 73.5% of it", "5%"),
    (POINTS, "-10%", "E208", "`-10pp` makes 60% of 70%; `scale: 90%` makes 63% of it", "-10%"),
    (POINTS, "-80%", "E208", "`-80pp` for points; `scale: 20%`", "-80%"),
    (POINTS, "-150%", "E208", "`-150pp` for points", "-150%"),
    (POINTS, "0.0001%", "E208", "`0.0001pp` makes 70.0001% of 70%", "0.0001%"),
    (POINTS, "5", "E207", "write `5pp`", "5"),
    (POINTS, "-5", "E207", "write `-5pp`", "-5"),
    (POINTS, "+5pp", "E204", "write `5pp`", "+5pp"),
    (POINTS, "101pp", "E203", "more than 100 percentage points", "101pp"),
    (POINTS, "5元", "E205", "percentage points are expected", "5元"),
    (CNY, "700", "E205", "write the unit: `700元`", "700"),
    (CNY, "-700", "E205", "write the unit: `-700元`", "-700"),
    (CNY, "700usd", "E206", "is in USD, but the rule file counts in CNY", "700usd"),
    (CNY, "7%", "E205", "a rate stands where the amount is expected", "7%"),
    (CNY, "-7元", "E203", "the amount is negative", "-7元"),
    (CNY, "7 元", "E205", "write `7元`", " 元"),
    (CNY, "七百元", "E204", "`七百元` is not the amount itself", "七百元"),
    (CNY, "a + b", "E204", "is not the amount itself", "a + b"),
    (CNY, "0.001元", "E210", "finer than the smallest unit of CNY", "0.001元"),
    (CNY, "1,000元", "E204", "write `1000` for one number", "1,000"),
    (CNY, "1000亿元", "E211", "too large", "1000亿元"),
    (DATE, "2026-02-30", "E212", "a day from 01 to 28", "30"),
    (DATE, "2024-02-30", "E212", "a day from 01 to 29", "30"),
    (DATE, "2100-02-29", "E212", "a day from 01 to 28", "29"),
    (DATE, "2026-04-31", "E212", "a day from 01 to 30", "31"),
    (DATE, "2026-01-00", "E212", "a day from 01 to 31", "00"),
    (DATE, "2026-12-32", "E212", "a day from 01 to 31", "32"),
    (DATE, "2026-13-01", "E212", "there is no month 13", "13"),
    (DATE, "2026-00-01", "E212", "there is no month 00", "00"),
    (DATE, "1899-12-31", "E212", "the year 1899 is out of range", "1899"),
    (DATE, "2200-01-01", "E212", "the year 2200 is out of range", "2200"),
    (DATE, "2026/1/5", "E212", "write `2026-01-05`", "2026/1/5"),
    (DATE, "2026年1月5日", "E212", "write `2026-01-05`", "2026年1月5日"),
    (DATE, "20260105", "E212", "write `2026-01-05`", "20260105"),
    (DATE, "2026-1-5", "E212", "write `2026-01-05`", "2026-1-5"),
    (DATE, "2026-01-05T00:00", "E212", "is not a date", "2026-01-05T00:00"),
    (DATE, "２０２６-01-05", "E212", "is not a date", "２０２６-01-05"),
    (DATE, "5.1.2026", "E212", "is not a date", "5.1.2026"),
    (DATE, "today", "E212", "is not a date", "today"),
    (COUNT, "2.5", "E213", "the count is not whole", "2.5"),
    (COUNT, "-1", "E213", "the count is negative", "-1"),
    (COUNT, "3元", "E213", "the count has a unit", "3元"),
    (COUNT, "three", "E204", "is not the count itself", "three"),
    (KEY, "18-60", "E214", "write `18..60` if the upper end is not in it", "18-60"),
    (KEY, "18~60", "E214", "write `18..60`", "18~60"),
    (KEY, "18至60", "E214", "write `18..60`", "18至60"),
    (KEY, "60以上", "E214", "write `60..`", "60以上"),
    (KEY, ">= 60", "E214", "write `60..`", ">= 60"),
    (KEY, "<18", "E214", "write `..18`", "<18"),
    (KEY, "1" * 61 + "-2", "E204", "is not the end of the interval itself", "1" * 61 + "-2"),
    (KEY, "60..18", "E214", "did you mean `18..60`?", "60..18"),
    (KEY, "18..18", "E214", "the upper end is not in the interval", "18..18"),
    (KEY, "..", "E214", "write `any`", ".."),
    (KEY, "18.5..60", "E213", "is not whole", "18.5"),
    (KEY, "18..60岁", "E205", "`岁` is not a unit", "岁"),
    (KEY, "0..1000元", "E213", "has a unit", "1000元"),
    (MONEY_KEY, "0..1000元", "E205", "write the unit: `0元`", "0"),
    (MONEY_KEY, "0元 .. 1000usd", "E206", "counts in CNY", "1000usd"),
    (MONEY_KEY, "700元", "E214", "a single amount is not an interval", "700元"),
    (MONEY_KEY, "0-1000元", "E214", "write `0元..1000元`", "0-1000元"),
    (CODES, "a||b", "E215", "an alternative is empty", "|"),
    (CODES, "a|a", "E215", "`a` stands twice", "a"),
    (CODES, "a|any", "E215", "`any` stands alone", "any"),
    (CODES, "a/b", "E215", "`a/b` is not a code", "a/b"),
    (CODES, "city|сity", "E219", "CYRILLIC SMALL LETTER ES", "с"),
    (CODES, "city，province", "E201", "write `,`", "，"),
]


@pytest.mark.parametrize(("how", "text", "code", "words", "marked"), FIELDS)
def test_fields(how: tuple[Callable[..., Any], ...], text: str, code: str, words: str, marked: str) -> None:
    parse, *more = how
    found = refusal(text, parse, *more)
    assert found.code == code
    assert words in f"{found.message} | {found.hint} | {found.expected}"
    assert underlined(found) == marked


@pytest.mark.parametrize("how", [RATE, POINTS, CNY, DATE, COUNT, KEY, CODES])
def test_empty_fields(how: tuple[Callable[..., Any], ...]) -> None:
    parse, *more = how
    assert refusal("", parse, *more).code in ("E202", "E212", "E215")


def test_the_whole_diagnostic_as_people_see_it() -> None:
    found = refusal("850%", parse_rate, "fund share")
    assert found.render() == (
        "rules.yaml:7:11: error[E203]: the fund share is outside 0–100%\n"
        " 7 |           850%\n"
        "   |           ^^^^\n"
        " expected: a share such as 85%\n"
        " hint: did you mean `85%`?"
    )


def test_the_second_of_two_equal_alternatives_is_marked() -> None:
    span = refusal("city|town|city", parse_alternatives).span
    assert span is not None
    assert span.column == span_of("").column + len("city|town|")
