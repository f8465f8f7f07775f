"""Tables and parameters of a rule set, with their periods and the sentences behind them."""

from __future__ import annotations

from collections.abc import Iterator

from policyengine import ir, terms
from policyengine.render.bands import value_words_of
from policyengine.render.evidence import Gap, evidence_of
from policyengine.render.figures import range_words, value_words
from policyengine.render.page import Block, Bullets, Code, Grid, Heading, Item, Strong, item, said
from policyengine.render.voice import Voice
from policyengine.report.names import code_name, fact_name, plain
from policyengine.report.statements import period_text
from policyengine.ruleset import NEVER, Parameter, TableDecl
from policyengine.settlement import label_of


def tables_section(voice: Voice) -> Iterator[Block]:
    """Every table that the rules read, with its rows."""
    tables = voice.subject.program.tables
    if not tables:
        return
    yield Heading(2, voice.say("附表", "Tables"))
    for table in tables:
        decls = [t for t in voice.subject.tables if t.id.text == table.name][:1]
        if ir.LINE_DAY in table.keys:
            decls = [t for t in voice.subject.ruleset.tables if t.id.text == table.name and t.valid != NEVER]
        title = voice.titles[table.name]
        yield Heading(3, voice.say(title, title.capitalize()))
        keys = voice.keys(table.name)
        head = [_key_title(voice, name, key) for name, key in zip(table.keys, keys, strict=True)]
        head += [voice.titles[f"{table.name}.{column}"] for column in table.column_names]
        yield Grid(tuple(head), tuple(_rows(voice, table, keys)), len(table.columns))
        for decl in decls:
            yield from _about(voice, decl)


def _key_title(voice: Voice, name: str, key: ir.Expr | None) -> str:
    if isinstance(key, ir.Input):
        return fact_name(voice.subject.program, key.name, voice.lang)
    return plain(name) if key is None else voice.teller.formula(key)


def _rows(voice: Voice, table: ir.Table, keys: tuple[ir.Expr | None, ...]) -> Iterator[tuple[str, ...]]:
    currency, lang = voice.subject.currency, voice.lang
    for at, patterns in enumerate(table.patterns):
        cells = [_pattern(voice, pattern, key) for pattern, key in zip(patterns, keys, strict=True)]
        yield (*cells, *(value_words(c.values[at], c.kind, currency, lang) for c in table.columns))


def _pattern(voice: Voice, pattern: ir.Pattern, key: ir.Expr | None) -> str:
    if pattern is None:
        return voice.say("不限", "any")
    fact = key.name if isinstance(key, ir.Input) else ""
    if isinstance(pattern, ir.Interval) and fact == ir.LINE_DAY:
        start, end = (None if day is None else ir.day_of_number(day) for day in (pattern.low, pattern.high))
        return period_text((start, end), voice.lang)
    if isinstance(pattern, ir.Interval):
        kind = "count" if key is None else key.kind
        high = None if pattern.high is None else pattern.high - 1
        return _range(voice, fact, pattern.low or 0, high, kind)
    words = [_word(voice, fact, word) for word in sorted(pattern, key=lambda w: _order(fact, w))]
    return voice.listed(words)


def _range(voice: Voice, fact: str, low: int, high: int | None, kind: ir.Kind) -> str:
    return range_words(
        fact, low, high, "money" if kind in ("money", "exact") else "count", voice.subject.currency, voice.lang
    )


def _word(voice: Voice, fact: str, word: str | bool) -> str:
    if isinstance(word, bool):
        return voice.say("是", "yes") if word else voice.say("否", "no")
    return code_name(voice.subject.program, fact, word, voice.lang)


def _order(fact: str, word: str | bool) -> tuple[int, str]:
    known = terms.FACTS.get(fact)
    listed = list(known.values) if known is not None else []
    return (listed.index(word) if word in listed else len(listed), str(word))


def _about(voice: Voice, decl: TableDecl) -> Iterator[Block]:
    found: list[Item] = []
    if decl.valid != (None, None):
        found.append(item(voice.say("施行期：", "in force: ") + period_text(decl.valid, voice.lang)))
    if decl.gaps:
        found.append(item(voice.say("表中没有的情形不予结算：", "cases without a row are refused: ") + decl.gaps))
    found += evidence_of(voice, decl)
    if found:
        yield Bullets(tuple(found))


def gaps_of(voice: Voice) -> tuple[Gap, ...]:
    """What the rule file itself says is missing: cases without a row, layers for which no figure was found."""
    tables = tuple(Gap(voice.titles[t.id.text], t.gaps) for t in voice.subject.tables
                   if t.gaps and t.id.text in voice.titles)  # fmt: skip
    unknown = (layer for layer in voice.subject.layers if layer.payer.text == "none" and layer.assumed)
    return (
        *tables,
        *(
            Gap(
                label_of(x.label, voice.lang, plain(x.id.text)),
                "；".join(a.told(voice.lang == "zh") for a in x.assumed),
            )
            for x in unknown
        ),
    )


def parameters_section(voice: Voice) -> Iterator[Block]:
    """Values by date."""
    found = [p for p in voice.subject.ruleset.parameters if p.values]
    if found:
        yield Heading(2, voice.say("参数及施行日期", "Values and their dates"))
        yield Bullets(tuple(_parameter(voice, parameter) for parameter in found))


def _range_of(voice: Voice, parameter: Parameter) -> str:
    """Between what ends a value must lie."""
    low, high = (None if node is None else value_words_of(node, voice.subject.currency, voice)
                 for node in (parameter.low, parameter.high))  # fmt: skip
    if low is not None and high is not None:
        return f"{low} – {high}"
    if high is not None:
        return voice.say(f"不高于{high}", f"at most {high}")
    return voice.say(f"不低于{low}", f"at least {low}") if low is not None else voice.say("无上下限", "without limits")


def _parameter(voice: Voice, parameter: Parameter) -> Item:
    values = []
    for dated in parameter.values:
        if dated.valid != NEVER:
            period = period_text(dated.valid, voice.lang)
            words = value_words_of(dated.value, voice.subject.currency, voice)
            values.append(Item((f"{words}{voice.say('，', ', ')}{period}",), evidence_of(voice, dated)))
    if parameter.dated_by:
        values.append(item(voice.say("按费用发生日期适用", "each fee line by its own day")))
    return Item((Strong(_name(voice, parameter)),), tuple(values))


def _name(voice: Voice, parameter: Parameter) -> str:
    return label_of(parameter.label, voice.lang, plain(parameter.id.text))


def required_section(voice: Voice) -> Iterator[Block]:
    """What the rule file leaves to the caller, since nobody knows it beforehand."""
    found = [p for p in voice.subject.ruleset.parameters if p.type]
    if not found:
        return
    yield Heading(2, voice.say("须另行给出的参数", "What must be given"))
    zh = "下列数值资料未载明，结算时必须给出，没有默认值。"
    yield said(voice.say(zh, "No source states these values; whoever settles gives them, and there is no default."))
    items = []
    for parameter in found:
        between = f"{voice.say('：', ': ')}{_range_of(voice, parameter)}"
        items.append(
            Item(
                (Strong(_name(voice, parameter)), between, " ", Code(parameter.id.text)), evidence_of(voice, parameter)
            )
        )
    yield Bullets(tuple(items))
