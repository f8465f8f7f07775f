"""The glossary as data: facts, tags, payers, parts, reasons, with their 中文 and their national settlement fields.

Everything that shows or reads a name (rule files, claims, reports, the reference pages) takes it from here.
National fields and codes are those of interface 2304 of the national platform (facts sheet, section 16).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the field. ``field`` is the national settlement field it is sent as, if any."""

    id: str
    zh: str
    en: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a claim states. ``values`` maps the words of a code to their 中文.

    ``open``: other words are accepted and read as ``other``. ``default``: what an unstated fact means (``None``: the
    fact is required where a rule file reads it). ``at``: where the claim holds it, as a dotted path. ``low``: the least
    number that it can be.
    """

    id: str
    zh: str
    en: str
    kind: str
    at: str
    domain: str = "claim"
    values: Mapping[str, str] = field(default_factory=dict)
    open: bool = False
    default: Any = None
    aliases: tuple[str, ...] = ()
    low: int = 0

    def codes(self) -> dict[str, str]:
        """The codes by their words in either language."""
        return {word: code for code, zh in self.values.items() for word in (code, zh)}


@dataclass(frozen=True, slots=True)
class Payer:
    """Who bears money. ``side``: fund, hospital, patient, nobody. ``fund_type``: code in the details node."""

    id: str
    zh: str
    en: str
    side: str
    field: str
    fund_type: str = ""


SCHEMES = {"employee": "职工", "resident": "城乡居民", "ncms": "新农合"}
INSUTYPE = {"employee": "310", "resident": "390", "ncms": "380"}
CARE_TYPES = {
    "inpatient": "住院", "outpatient": "门诊", "chronic_outpatient": "门诊慢特病", "emergency": "急诊",
    "maternity": "生育住院",
}  # fmt: skip
INTERFACES = {
    "inpatient": ("2303", "2304"), "maternity": ("2303", "2304"), "outpatient": ("2206", "2207"),
    "chronic_outpatient": ("2206", "2207"), "emergency": ("2206", "2207"),
}  # fmt: skip
"""The interfaces of the national platform for each kind of care: presettlement and settlement."""
MED_TYPE = {"inpatient": "21", "outpatient": "11", "chronic_outpatient": "14", "emergency": "13", "maternity": "52"}
LEVELS = {"tertiary": "三级", "secondary": "二级", "primary": "一级", "ungraded": "未定级"}
GRADES = {
    "tertiary_a": "三级甲等", "tertiary_b": "三级乙等", "tertiary_c": "三级丙等",
    "secondary_a": "二级甲等", "secondary_b": "二级乙等", "secondary_c": "二级丙等",
    "primary_a": "一级甲等", "primary_b": "一级乙等", "primary_c": "一级丙等", "ungraded": "未定级",
}  # fmt: skip
TIERS = {"village": "村级", "township": "乡镇级", "county": "县级", "city": "市级", "province": "省级"}
AREAS = {
    "within_county": "县域内", "within_city": "市内县外", "within_province": "省内市外", "out_of_province": "省外",
}  # fmt: skip
CLASSES = {"a": "甲", "b": "乙", "c": "丙"}
CATEGORIES = {
    "registration": "挂号费", "consultation": "诊查费", "bed": "床位费", "nursing": "护理费", "lab": "检验费",
    "examination": "检查费", "large_equipment_exam": "大型仪器检查费", "interventional": "介入治疗费",
    "surgery": "手术费", "treatment": "治疗费", "anaesthesia": "麻醉费", "dialysis": "透析费",
    "western_drug": "西药费", "chinese_patent_drug": "中成药费", "herbal_pieces": "中药饮片费",
    "material": "卫生材料费", "blood": "血费", "general_clinic": "一般诊疗费", "other": "其他费",
}  # fmt: skip

TAGS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "registered_poor": ("建档立卡贫困人口", "registered poor"),
        "subsistence": ("低保对象", "minimum-living-allowance member"),
        "subsistence_edge": ("低保边缘家庭成员", "member of a family on the edge of the allowance"),
        "destitute": ("特困供养人员", "destitute, supported by the state"),
        "low_income": ("低收入家庭成员", "low-income family member"),
        "poor_by_illness": ("因病致贫家庭成员", "member of a family impoverished by illness"),
        "orphan": ("孤儿", "orphan"),
        "special_care": ("优抚对象", "special-care object (veterans and their families)"),
        "severe_disability": ("重度残疾", "severely disabled"),
        "retired": ("退休", "retired"),
        "student": ("学生", "student"),
        "family_doctor_signed": ("家庭医生签约", "signed with a family doctor"),
        "defaulter": ("恶意拖欠", "wilfully defaulted before"),
    }
)
"""Person tags. A claim lists those that hold; one that is not listed does not hold."""


def _tag_fact(tag: str) -> Fact:
    zh, en = TAGS[tag]
    return Fact(tag, zh, en, "flag", "person.tags", default=False)


FACTS: Mapping[str, Fact] = MappingProxyType(
    {
        f.id: f
        for f in (
            Fact("person_id", "人员编号", "opaque person id", "id", "person.id"),
            Fact("household_id", "家庭编号", "opaque household id", "id", "person.household"),
            Fact("scheme", "险种", "insurance scheme", "code", "person.scheme", values=SCHEMES),
            Fact("age", "年龄", "whole years on the date that selects the rules", "count", "person.birth_date"),
            Fact("income_annual", "年可支配收入", "disposable income a year", "money", "person.income_annual"),
            *(_tag_fact(tag) for tag in TAGS),
            Fact("care_type", "医疗类别", "kind of care", "code", "encounter.care_type", values=CARE_TYPES),
            Fact("days_of_stay", "住院天数", "nights between admission and discharge", "count", "encounter"),
            Fact("admission_ordinal", "住院次数", "which admission of the year this is", "count",
                 "encounter.admission_ordinal", low=1),
            Fact("hospital_id", "医疗机构", "hospital", "code", "encounter.hospital.id", open=True),
            Fact("hospital_level", "医院级别", "level of the hospital", "code", "encounter.hospital.level",
                 values=LEVELS),
            Fact("hospital_grade", "医院等级", "level and grade of the hospital", "code", "encounter.hospital.grade",
                 values=GRADES),
            Fact("tier", "机构层级", "administrative tier of the hospital", "code", "encounter.hospital.tier",
                 values=TIERS),
            Fact("area", "就医地", "where care was given, seen from the insured place", "code", "encounter.area",
                 values=AREAS),
            Fact("referred", "转诊", "referred as the rules ask", "flag", "encounter.referred", default=False),
            Fact("certificate_shown", "出示健康扶贫证", "showed ID card, household register and poverty certificate",
                 "flag", "encounter.certificate_shown", default=False),
            Fact("disease", "病种", "named disease of a disease programme", "code", "encounter.disease", open=True,
                 default="none"),
            Fact("total_charge", "医疗费总额", "sum of the fee lines", "money", "lines"),
            Fact("category", "费用类别", "category of the fee line", "code", "lines.category", "row",
                 values=CATEGORIES),
            Fact("catalogue_class", "目录类别", "catalogue class of the fee line", "code", "lines.catalogue_class",
                 "row", values=CLASSES, aliases=("class",)),
            Fact("amount", "金额", "amount of the fee line", "money", "lines.amount", "row"),
            Fact("quantity", "数量", "units on the fee line", "count", "lines.quantity", "row", default=1),
            Fact("price_limit", "限价", "highest amount of the line that counts", "money", "lines.price_limit", "row"),
            Fact("first_share_rate", "先行自付比例", "share that the patient bears first", "rate",
                 "lines.first_share_rate", "row"),
            Fact("day_of_stay", "住院第几天", "day of the stay of the line, from 1", "count", "lines.service_date",
                 "row", low=1),
        )
    }
)  # fmt: skip
"""Facts that every claim model has. Rule files may declare more under ``facts:``."""

DAYS: Mapping[str, Fact] = MappingProxyType(
    {
        f.id: f
        for f in (
            Fact("birth_date", "出生日期", "day of birth", "date", "person.birth_date"),
            Fact("admission_date", "入院日期", "day of admission", "date", "encounter.admission_date"),
            Fact("discharge_date", "出院日期", "day of discharge", "date", "encounter.discharge_date"),
            Fact("settlement_date", "结算日期", "day of settlement", "date", "encounter.settlement_date"),
            Fact("service_date", "就诊日期", "day of the visit", "date", "encounter.service_date"),
            Fact(
                "line_date", "费用发生日期", "day of the service of the fee line", "date", "lines.service_date", "row"
            ),
        )
    }
)
"""Days that claims state. Expressions never read a day; rule files make counts of them (``counts:`` of a fact)."""

SPANS = {"years": "整年数", "months": "整月数", "weeks": "整周数", "days": "天数"}
"""What can be counted from one day to another, whole units only."""

SHORT = {"member": "person_id", "household": "household_id"}
"""Shorter words for ids, where a meter or a run says for whom it is."""


def _reserved() -> dict[str, str]:
    """Every word that no fact of a rule file may have as its name, with what the word means there."""
    other = {name: f"`{fact.id}`" for fact in FACTS.values() for name in (fact.zh, *fact.aliases)}
    days = {name: f"the {day.en}" for day in DAYS.values() for name in (day.id, day.zh)}
    return other | days | {word: f"`{fact}`" for word, fact in SHORT.items()} | {
        "base": "what a layer still looks at, in its clauses", "payable": "what a layer is to pay, in its clauses",
        "left": "what is left of a fee line, in `classify`", "bill": "the bill", "patient": "what the patient bears",
        "true": "a flag that holds", "false": "a flag that does not hold", "yes": "a flag that holds, in a table",
        "no": "a flag that does not hold, in a table", "any": "every word, in a table",
    }  # fmt: skip


RESERVED: Mapping[str, str] = MappingProxyType(_reserved())
"""Words that mean something wherever a name may stand, so that a fact so called could not be read."""

CALENDAR = {
    "year": "年份", "quarter_of_year": "季度", "month_of_year": "月份", "day_of_month": "日", "day_of_week": "星期",
}  # fmt: skip
"""What the calendar says of a day: 2017, 1–4, 1–12, 1–31, 1 (Monday) – 7."""

PAYERS: Mapping[str, Payer] = MappingProxyType(
    {
        p.id: p
        for p in (
            Payer("pooled_fund", "统筹基金", "pooled fund", "fund", "hifp_pay", "390100"),
            Payer("critical_illness", "大病保险", "critical-illness insurance", "fund", "hifmi_pay", "390200"),
            Payer("large_expense", "职工大额医疗费用补助", "large-expense supplement", "fund", "hifob_pay", "330100"),
            Payer("civil_servant", "公务员医疗补助", "civil-servant supplement", "fund", "cvlserv_pay", "320100"),
            Payer("employer", "企业补充医疗保险", "employer supplement", "fund", "hifes_pay", "370100"),
            Payer("medical_assistance", "医疗救助", "medical assistance", "fund", "maf_pay", "610100"),
            Payer("tilted_assistance", "倾斜救助", "second-round assistance", "fund", "maf_pay", "610102"),
            Payer("poverty_fund", "健康扶贫基金", "health-poverty fund", "fund", "oth_pay", "610103"),
            Payer("supplement", "补充医疗保险", "supplementary insurance", "fund", "oth_pay", "610104"),
            Payer("other_fund", "其他支出", "other funds", "fund", "oth_pay", "999997"),
            Payer("hospital", "医院负担", "hospital", "hospital", "hosp_part_amt"),
            Payer("account", "个人账户", "personal account", "patient", "acct_pay", "310200"),
            Payer("family_account", "个人账户共济", "family account", "patient", "acct_mulaid_pay"),
            Payer("patient", "个人现金", "patient", "patient", "psn_cash_pay"),
        )
    }
)
"""Payers known everywhere; rule files may declare more under ``payers:``."""

FUND_TYPES: Mapping[tuple[str, str], str] = MappingProxyType({("pooled_fund", "employee"): "310100"})
"""Codes in the details node that depend on the scheme, by payer and scheme."""

FUND_FIELDS = ("hifp_pay", "cvlserv_pay", "hifes_pay", "hifmi_pay", "hifob_pay", "maf_pay", "oth_pay")
"""National fields whose sum is ``fund_pay_sumamt``."""

CATEGORIES_OF_PARTS: Mapping[str, Term] = MappingProxyType(
    {
        t.id: t
        for t in (
            Term("in_scope", "政策范围内费用", "in scope", "inscp_scp_amt"),
            Term("own_expense", "全自费", "outside the catalogue", "fulamt_ownpay_amt"),
            Term("over_limit", "超限价自费", "above the price limit", "overlmt_selfpay"),
            Term("first_share", "先行自付", "the patient's cut taken first", "preselfpay_amt"),
        )
    }
)
"""What a part of the bill counts as in the national message."""

REASONS: Mapping[str, Term] = MappingProxyType(
    {
        **CATEGORIES_OF_PARTS,
        **{
            t.id: t
            for t in (
                Term("deductible", "起付线", "deductible", "act_pay_dedc"),
                Term("coinsurance", "共付（自付比例部分）", "coinsurance"),
                Term("over_ceiling", "超封顶线", "above a ceiling of the fund"),
                Term("over_base", "超计入限额", "above the cost admitted to the layer"),
                Term("over_price", "超病种定额", "above the price of the case"),
                Term("not_covered", "未纳入保障", "no layer applied"),
            )
        },
    }
)
"""Why an amount stays with the patient."""

AMOUNTS: Mapping[str, Term] = MappingProxyType(
    {
        t.id: t
        for t in (
            Term("bill", "医疗费总额", "total charge", "medfee_sumamt"),
            Term("fund_total", "基金支付总额", "all funds", "fund_pay_sumamt"),
            Term("patient_total", "个人负担总金额", "patient in total", "psn_part_amt"),
            Term("base", "计算基数", "running base of the layer"),
            Term("payable", "应付金额", "payable"),
            Term("paid", "支付金额", "paid"),
            Term("kept", "层后个人负担", "unpaid after the layer"),
            Term("gross", "费用", "gross amount of the part"),
            Term("unpaid", "未支付", "still unpaid"),
        )
    }
)
"""Amounts that steps compute, beside payers and reasons."""

MADE_UP = Term("made_up", "为本示例虚设", "made up for this example")
"""What rule files say of figures that only show a mechanism; nothing would settle them."""
