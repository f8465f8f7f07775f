"""Attempts to make an expression do more than state an amount or a condition: each is refused, with its place."""

import pytest

from policyengine.expressions import MAX_DEPTH
from tests.expressions.support import MARGIN, refusal

DUNDERS = [
    "__import__('os')", "__import__('os').system('ls')", "__builtins__", "__class__", "a.__class__",
    "a.__dict__", "().__class__", "''.__class__", "''.__class__.__mro__[1].__subclasses__()",
    "a.__init__.__globals__", "(1).__class__.__base__", "[].__class__", "{}.__class__", "a.b.__c__",
    "x.__doc__", "__name__", "__file__", "_private", "a._b", "_", "__", "a__b", "a.b__c", "f.__call__(1)",
    "f.__code__.co_code", "min.__self__", "in_scope.__reduce__", "self.__dict__['a']",
    "a.__getattribute__('b')", "type(a).__mro__", "甲__乙", "甲._乙",
]  # fmt: skip

FORMAT_STRINGS = [
    "f'{a}'", 'f"{a}"', "F'{a}'", "rf'{a}'", "fr'{a}'", "b'a'", "r'a'", "u'a'", "'{0.__class__}'.format(a)",
    "'{}'.format(a)", "'%s' % a", "'%d' % 10", "'a'.join(b)", "'a'.upper()", "'a' 'b'", "'a'[0]", "'a'[::-1]",
    "'''a'''", '"""a"""', "'\\x41'", "'\\n'", "'\\''", '"\\""', "'\\u0041'", "'a\nb'", "'a\tb'", "'a\x00b'",
    "$'a'", "`ls`", "`a`", "${a}", "$(ls)", "#{a}", "{{a}}", "{a}", "{% if a %}", "%(a)s", "<%= a %>", "{a!r}",
]  # fmt: skip

LOOPS_AND_COMPREHENSIONS = [
    "[a for a in b]", "(a for a in b)", "{a for a in b}", "{a: b for a in c}", "x in [a for a in b]",
    "x in [a for a in b if c]", "[[a for a in b] for b in c]", "sum(a for a in b)", "max(a for a in b where c)",
    "min(*a)", "f(**a)", "f(a=1)", "f(a := 1)", "while a: b", "for a in b: c", "a async for b in c", "await a",
    "yield a", "yield from a", "[*a]", "x in [*a]", "[a, b]", "[]", "[a][0]", "{}", "{'a': 1}", "{1, 2}",
    "a[0]", "a[-1]", "a['b']", "a[b]", "a[0:1]", "a[...]", "f(a)[0]", "(a)[0]", "a in b[0]", "1[0]",
]  # fmt: skip

FUNCTIONS_AND_STATEMENTS = [
    "lambda: 0", "lambda a: a", "(lambda a: a)(1)", "(lambda: 0)()", "f = lambda a: a", "def f(a): a",
    "return a", "import os", "from os import system", "import('os')", "eval('1')", "exec('1')", "eval(a)",
    "exec(a)", "eval", "exec", "del a", "global a", "nonlocal a", "raise a", "assert a", "try: a", "except: a",
    "a; b", "a;", ";", "a\n;b", "a = 1", "a == b = c", "a += 1", "a -= 1", "a *= 2", "a /= 2", "a := 1",
    "(a := 1)", "a, b = c", "a, b", "(a, b)", "a.b()", "a.b(c)", "a.b.c()", "os.system('ls')", "f()()",
    "f(a)(b)", "(f)(a)", "5(a)", "'f'(a)", "f(a).b", "f(a).b()", "(a).b", "a . b", "a.", ".a", "a..b()", "a.b.",
    "5.a", "a->b", "a::b", "@a", "a@b", "...", "a if b", "a if b else", "if a: b", "if a b", "else a", "elif a",
    "None", "null", "a is None", "a is not b", "not is a", "async a", "() => a", "a => {b}",
    "function(a) { a }", "new A()", "a?.b", "a ?? b",
]  # fmt: skip

OPERATORS = [
    "a ** b", "9 ** 9 ** 9", "2**100000", "a // b", "a % b", "a ^ b", "a & b", "a | b", "~a", "a << b",
    "1 << 999999999", "a >> b", "a && b", "a || b", "!a", "a ! b", "a <> b", "a === b", "a !== b", "a <=> b",
    "a =~ b", "a ~ b", "a ? b : c", "a @ b", "++a", "a++", "a ++ b", "+a", "a + + b", "a < b < c",
    "a == b == c", "a < b == c", "a != b != c", "a in b in c", "a = b", "a =< b", "a => b", "a \\ b",
    "a | b > 0", "a # b", "a // comment", "/* a */", "-- a --", "<!-- a -->", "a and", "and a", "or", "not",
    "a or or b", "a and and b", "a not", "a not b", "a of", "of a", "* a", "a *", "a * * b", "(", ")", "()",
    "(()", "a)", "(a", "((a)", "[a", "a]", "f(a", "f(a,", "f(,a)", "f(a,,b)", "f(a b)", "f(a;b)", "a between b",
    "a between b or c", "a in", "a in []", "a in [b", "a in [b,]", "a in [,b]", "a in [b c]", "a in (b, c)",
    "a in {b}", "a in 'abc'", "a in b", "a in ..", "a..b", "..", "sum(a where)", "sum(where a)",
    "sum(a, b where c)", "max(a where b)", "a where b", "sum(a where b where c)",
]  # fmt: skip

NUMBERS = [
    "1e9", "1E9", "1e999999999", "1.0e+400", "1e-9", ".5", "5.", "1.2.3", "0x10", "0xff", "0b11", "0o17", "010",
    "00", "1_000", "1,000", "1,000,000", "１２", "1２", "١٢", "१२", "৩", "²", "1²", "½", "Ⅳ", "①", "５%", "85％",
    "1j", "5L", "0.1f", "1n", "9" * 14, "9" * 5000, "0." + "1" * 5000, "9" * 14 + "元", "5percent", "5 元", "￥5",
    "$5", "5元5", "5%%", "5%5", "5pp5", "NaN(", "-", "--", "+5", "1..", "1 2", "5元 6元", "∞", "π", "−5", "5e",
    "0x", "1__0", "٪5",
]  # fmt: skip

HOMOGLYPHS = [
    "аge", "agе", "сlass", "rеtired", "pооr", "іn_scope", "ѕum(a)", "mаx(a, b)", "αge", "οr", "ο", "а", "Ａge",
    "ａge", "ｉｆ", "ａnd", "in＿scope", "in\u200b_scope", "in\u00ad_scope", "\ufeffa", "a\u2060b", "a\u202eb",
    "\u202ea\u202c", "\u2066a\u2069", "a\u0301", "é", "ñ", "ß", "ﬁ", "ſum(a)", "\u212a", "\u212b", "ı", "ʼa",
    "aʹ", "ᴀ", "𝐚", "𝚊𝚐𝚎", "𝟓", "ⅼ", "ℓ", "Ⅰ", "ⓐ", "🄰", "⼀", "⺀", "〡", "ㄅ", "ㄱ", "ᄀ", "\u115f", "\u3164",
    "\uffa0", "ｱ", "ﾞ", "が\u3099", "\u3099", "甲\ufe00", "甲\U000e0100", "ا", "א", "ก", "अ", "ա", "ა", "ꓮ", "Ꭺ",
    "ᗅ", "a\u00a0b", "a\u2003b", "a\u3000b", "a\u2028b", "a\x0bb", "a\x1fb", "a\x7fb", "a\x85b", "\ud800",
    "a\udfff", "\U0010ffff", "\ue000", "“a”", "‘a’", "a，b", "（a）", "a；b", "a：b",
]  # fmt: skip

RESOURCES = [
    "(" * 5000, "[" * 5000, "-" * 5000, "not " * 5000, "(" * 5000 + "a" + ")" * 5000, "f(" * 5000 + ")" * 5000,
    "-" * 5000 + "a", "a" + " + a" * 5000, "a or " * 5000 + "a", "a if b else " * 5000 + "a", "a in [" * 5000,
    "max(" + "a, " * 5000 + "a)", "'" + "a" * 70_000 + "'", "a" * 70_000, " " * 70_000, "'" * 5001, '"' * 5001,
    "'a' * 10 ** 9", "'a'*10**9", "[0] * 10**9", "a" + "." * 5000, "..".join("ab" * 3000),
    "(" * (MAX_DEPTH + 1) + "a", "((((((((((a)" * 10, "\x00" * 1000, "\n" * 70_000, "a\n" * 5000,
    "f(" + "," * 5000 + ")",
]  # fmt: skip

ATTEMPTS = [
    *DUNDERS, *FORMAT_STRINGS, *LOOPS_AND_COMPREHENSIONS, *FUNCTIONS_AND_STATEMENTS, *OPERATORS, *NUMBERS, *HOMOGLYPHS,
    *RESOURCES,
]  # fmt: skip


def test_there_are_hundreds_of_different_attempts() -> None:
    assert len(ATTEMPTS) == len(set(ATTEMPTS)) >= 400


@pytest.mark.parametrize("text", ATTEMPTS, ids=range(len(ATTEMPTS)))
def test_refused_with_its_place(text: str) -> None:
    found = refusal(text)
    assert found.code.startswith("E2")
    assert found.span is not None
    assert len(MARGIN) < found.span.column <= len(MARGIN) + len(text)
    assert found.span.column + found.span.length <= len(MARGIN) + max(2, len(text) + 1)
    assert len(found.message) + len(found.hint) < 400
    assert found.message.isprintable()
    assert found.hint.isprintable()
