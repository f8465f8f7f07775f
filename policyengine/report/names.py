"""What things are called for people: steps, payers, reasons, facts, codes, meters – in 中文 or English."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final, Literal

from policyengine import ir, terms
from policyengine.mechanisms import ALL
from policyengine.settlement import label_of

Lang = Literal["zh", "en"]

STEP_TERMS: Final[Mapping[str, tuple[str, str]]] = {
    "room": ("剩余额度", "what is left of the limit"),
    "over_own_cost_cap": ("超过自付封顶线的金额", "own cost above the cap"),
    "over_cost": ("封顶线对应费用以上的金额", "cost beyond the ceiling"),
    "band": ("本段费用", "cost in this band"),
    "set": ("调整为", "changed to"),
    "scale": ("调整系数", "factor"),
    "add": ("增加", "raised by"),
    "at_least": ("不低于", "at least"),
    "at_most": ("不高于", "at most"),
    "adjust": ("调整", "adjustment"),
    "classify": ("费用归类", "fee lines concerned"),
    "defined": ("定义", "defined quantity"),
    "meter": ("累计", "counted"),
    "deposit": ("押金", "deposit"),
    "granted": ("发放金额", "sum granted"),
    "restated": ("按定额重计后的费用", "as restated by the price"),
    "margin": ("定额结余", "margin of the price"),
    "set_aside": ("先扣除的金额", "set aside"),
    "base": ("计算基数", "amount considered"),
    "kept": ("仍由个人负担", "still with the patient"),
    "unpaid": ("尚未支付", "not yet paid"),
    "coinsurance": ("自付比例部分", "coinsurance"),
}
"""Terms of steps that the glossary does not have, and those that it says in words of the trade."""

OTHER_CODES: Final[Mapping[str, str]] = {"other": "其他", "none": "无"}
"""Words of open codes that no rule file declares."""

WHEN: Final[Mapping[str, tuple[str, str]]] = {
    "admission": ("入院时", "at admission"),
    "discharge": ("出院时", "at discharge"),
    "after_discharge": ("出院后", "after discharge"),
}
WHY: Final[Mapping[str, tuple[str, str]]] = {
    "deposit": ("押金", "deposit"),
    "own_share": ("个人负担", "own share"),
    "bill": ("全部费用", "the bill"),
    "deposit_returned": ("退还押金", "deposit returned"),
    "advance_repaid": ("偿还医院垫付", "advance repaid"),
    "claim_repaid": ("报销给个人", "claim repaid"),
    "grant": ("发放补助", "grant"),
}


def pick(pair: tuple[str, str], lang: Lang) -> str:
    """The word of a (中文, English) pair."""
    return pair[0] if lang == "zh" else pair[1]


@cache
def _terms() -> Mapping[str, tuple[str, str]]:
    amounts = {t.id: (t.zh, t.en) for t in (*terms.AMOUNTS.values(), *terms.REASONS.values())}
    payers = {p.id: (p.zh, p.en) for p in terms.PAYERS.values()}
    return {**{m.key: (m.zh, m.en) for m in ALL}, **payers, **amounts, **STEP_TERMS}


def plain(identifier: str) -> str:
    """An identifier as words: ``special_drug`` is ``special drug``."""
    return identifier.replace("_", " ")


def term_name(term: str, lang: Lang) -> str:
    """What a term of the glossary is called; a rule file's own label is shown as words."""
    return pick(_terms()[term], lang) if term in _terms() else plain(term)


def payer_name(program: ir.Program, payer: str, lang: Lang) -> str:
    """A payer's name: the rule file's label, the glossary's word, or the id as words."""
    labels = [(p.payer, p.label) for p in program.payers] + [(g.payer, g.label) for g in program.grants]
    label: Mapping[str, str] = next((found for name, found in labels if name == payer), {})
    known = terms.PAYERS.get(payer)
    return label_of(label, lang, pick((known.zh, known.en), lang) if known else plain(payer))


def reason_name(reason: str, lang: Lang) -> str:
    """Why an amount stays with the patient."""
    return term_name(reason, lang)


def of_line(line: int, name: str, lang: Lang) -> str:
    """The name of what belongs to one fee line of a claim that is settled line by line."""
    return pick((f"第{line}条明细{name}", f"{name} of line {line}"), lang)


def fact_name(program: ir.Program, name: str, lang: Lang) -> str:
    """What a fact, or a parameter that the caller gives, is called."""
    line, name = ir.split_name(name)
    if line:
        return of_line(line, fact_name(program, name, lang), lang)
    own = next((d.label for d in program.inputs if d.name == name and d.label), None)
    if own is not None:
        return label_of(own, lang, plain(name))
    group, _, rest = name.partition(".")
    if group == "elsewhere" and rest:
        known = terms.PAYERS.get(rest)
        payer = pick((known.zh, known.en), lang) if known else plain(rest)
        return pick((f"{payer}（已在别处支付）", f"already paid elsewhere by {payer}"), lang)
    fact = terms.FACTS.get(name)
    return plain(rest or name) if fact is None else pick((fact.zh, fact.en), lang)


def code_name(program: ir.Program, fact: str, code: str, lang: Lang) -> str:
    """What a word of a code is called; the other words of a code that a rule file declares are its 中文."""
    own = [word for d in program.inputs if d.name == fact for word, value in d.aliases if value == code]
    if own and lang == "zh":
        return own[0]
    if lang == "en":
        return plain(code)
    known = terms.FACTS.get(ir.split_name(fact)[1])
    return {**OTHER_CODES, **(known.values if known is not None else {})}.get(code, plain(code))
