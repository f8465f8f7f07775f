"""The claim: who, which stay or visit, which fee lines. No names, no phone numbers: ids are opaque."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, Field, model_validator

from policyengine.claim.base import StrictModel
from policyengine.claim.checks import Minor, in_minor, problems_between
from policyengine.claim.fields import (
    Amount,
    Area,
    CareType,
    CatalogueClass,
    Category,
    Day,
    FactValue,
    Flag,
    Grade,
    Level,
    Ordinal,
    Payer,
    Quantity,
    Rate,
    Scheme,
    Tags,
    Text,
    Tier,
    Unknown,
)
from policyengine.claim.problems import Problem, masked, refuse, refuse_all
from policyengine.money import EXPONENTS, grouped
from policyengine.terms import FACTS

MOST_LINES = 10_000
MOST_FACTS = 1_000


def _said(fact: str, more: str = "") -> Any:
    """The description of a field that holds a fact of the glossary."""
    return f"{FACTS[fact].en} ({FACTS[fact].zh}){more}"


def _lines(value: object) -> object:
    if isinstance(value, list | tuple) and len(value) > MOST_LINES:
        raise refuse("E523", f"there are {len(value):,} fee lines", f"at most {MOST_LINES:,} fee lines")
    return value


def _few(value: object) -> object:
    if isinstance(value, dict) and len(value) > MOST_FACTS:
        raise refuse("E523", f"there are {len(value):,} facts", f"at most {MOST_FACTS:,} facts")
    return value


Facts = Annotated[dict[Text, FactValue], BeforeValidator(_few)]
_FACTS_SAID = (
    "facts that the rule file declares beyond the glossary, by name; typed by the rule file (规则文件自定事实)"
)


_UNKNOWN_SAID = (
    "facts that nobody has stated yet, by name (待定事实); the claim is not settled, `bounds` says where it lies"
)


class Hospital(StrictModel):
    """The hospital (医疗机构). The level follows from the grade where only the grade is stated."""

    noun: ClassVar[str] = "hospital"

    id: Text | None = Field(default=None, description=_said("hospital_id"))
    level: Level | None = Field(default=None, description=_said("hospital_level", "; follows from the grade"))
    grade: Grade | None = Field(default=None, description=_said("hospital_grade"))
    tier: Tier | None = Field(default=None, description=_said("tier"))

    @model_validator(mode="after")
    def _level_of_grade(self) -> Self:
        if self.grade is not None:
            level = self.grade.partition("_")[0]
            if self.level not in (None, level):
                text = f"the grade {self.grade} contradicts the level {self.level}"
                raise refuse_all([Problem("E520", ("level",), text, level, related=(("grade", ("grade",)),))])
            object.__setattr__(self, "level", level)
        return self


class Person(StrictModel):
    """The insured person (参保人), known by an opaque id. Whatever shows a person masks the ids."""

    noun: ClassVar[str] = "person"

    id: Text = Field(description=_said("person_id"))
    household: Text | None = Field(default=None, description=_said("household_id"))
    scheme: Scheme | None = Field(default=None, description=_said("scheme"))
    birth_date: Day | None = Field(default=None, description="day of birth (出生日期); the age is counted from it")
    income_annual: Amount | None = Field(default=None, description=_said("income_annual"))
    tags: Tags = Field(frozenset(), description="tags that hold for the person (人员标签); others do not")

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        yield "id", masked(self.id)
        if self.household is not None:
            yield "household", masked(self.household)
        yield from (("scheme", self.scheme), ("tags", sorted(self.tags)))


class Encounter(StrictModel):
    """The stay or the visit (就诊)."""

    noun: ClassVar[str] = "encounter"
    parts: ClassVar[Mapping[str, type[StrictModel]]] = {"hospital": Hospital}

    care_type: CareType = Field(description=_said("care_type"))
    admission_date: Day | None = Field(default=None, description="day of admission (入院日期)")
    discharge_date: Day | None = Field(default=None, description="day of discharge (出院日期)")
    settlement_date: Day | None = Field(default=None, description="day of settlement (结算日期)")
    service_date: Day | None = Field(default=None, description="day of the visit (就诊日期)")
    visit_id: Text | None = Field(
        default=None, description="id of the stay or visit, for several bills of one; default the claim's id (就诊编号)"
    )
    billed_from: Day | None = Field(
        default=None, description="first day that the bill covers, if an earlier bill covers days before (计费起始日期)"
    )
    hospital: Hospital = Field(default=Hospital(), description="the hospital (医疗机构)")
    area: Area | None = Field(default=None, description=_said("area"))
    referred: Flag = Field(default=False, description=_said("referred"))
    certificate_shown: Flag = Field(default=False, description=_said("certificate_shown"))
    disease: Text | None = Field(default=None, description=_said("disease"))
    diagnosis: Text | None = Field(default=None, description="diagnosis, for the record only (诊断)")
    admission_ordinal: Ordinal | None = Field(default=None, description=_said("admission_ordinal"))


class FeeLine(StrictModel):
    """A line of the bill (费用明细)."""

    noun: ClassVar[str] = "fee line"

    id: Text | None = Field(default=None, description="id of the line, unique in the claim (明细编号)")
    name: Text | None = Field(default=None, description="what was charged (项目名称)")
    category: Category = Field(description=_said("category"))
    catalogue_class: CatalogueClass | None = Field(default=None, description=_said("catalogue_class"))
    amount: Amount = Field(description=_said("amount", ", in whole currency units, negative only in corrections"))
    quantity: Quantity = Field(default=1, description=_said("quantity"))
    price_limit: Amount | None = Field(default=None, description=_said("price_limit"))
    first_share_rate: Rate | None = Field(
        default=None, description=_said("first_share_rate", "; of class a and c 0 if not stated")
    )
    service_date: Day | None = Field(default=None, description="day of the service (费用发生日期)")
    facts: Facts = Field(default_factory=dict, description=_FACTS_SAID)
    unknown: Unknown = Field(frozenset(), description=_UNKNOWN_SAID)


class PaidElsewhere(StrictModel):
    """What a payer has already paid for this bill somewhere else (已在别处支付)."""

    noun: ClassVar[str] = "payment"

    payer: Payer = Field(description="who paid: a payer of the glossary or of the rule file (支付方)")
    amount: Amount = Field(description="how much, in whole currency units (金额)")


class Claim(StrictModel):
    """A bill to settle (医疗费用结算申请): one stay or one visit of one person."""

    noun: ClassVar[str] = "claim"
    parts: ClassVar[Mapping[str, type[StrictModel]]] = {
        "person": Person, "encounter": Encounter, "lines": FeeLine, "paid_elsewhere": PaidElsewhere,
    }  # fmt: skip

    id: Text = Field(description="id of the claim (单据号)")
    sequence: Ordinal = Field(default=0, description="order among the claims of one day (当日顺序号)")
    currency: Text = Field(default="CNY", description="ISO code of the currency of all amounts (币种)")
    person: Person = Field(description="the insured person (参保人)")
    encounter: Encounter = Field(description="the stay or the visit (就诊)")
    lines: Annotated[tuple[FeeLine, ...], BeforeValidator(_lines)] = Field(
        description="the fee lines (费用明细); none for a grant without a bill",
        json_schema_extra={"maxItems": MOST_LINES},
    )
    total: Amount | None = Field(default=None, description=_said("total_charge", "; if stated, it must equal the sum"))
    paid_elsewhere: tuple[PaidElsewhere, ...] = Field(
        default=(), description="payments already made elsewhere, one a payer (已在别处支付)"
    )
    facts: Facts = Field(default_factory=dict, description=_FACTS_SAID)
    unknown: Unknown = Field(frozenset(), description=_UNKNOWN_SAID)
    corrects: Text | None = Field(
        None,
        description="id of the claim that this one corrects (被更正单据号); only corrections hold negative amounts",
    )

    @property
    def visit(self) -> str:
        """The stay or visit that the bill belongs to."""
        return self.encounter.visit_id or self.id

    @cached_property
    def minor(self) -> Minor:
        """The amounts in minor units, computed once."""
        found, problems = in_minor(self)
        assert not problems, "a validated claim has sound amounts"
        return found

    @property
    def amounts_minor(self) -> tuple[int, ...]:
        """The amount of each line in minor units."""
        return self.minor.amounts

    @property
    def total_minor(self) -> int:
        """The sum of the lines in minor units."""
        return self.minor.total

    @model_validator(mode="after")
    def _sound(self) -> Self:
        minor, problems = in_minor(self)
        problems += problems_between(self)
        if problems:
            raise refuse_all(problems)
        self.__dict__["minor"] = minor
        return self

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        yield from (("id", self.id), ("person", masked(self.person.id)), ("lines", len(self.lines)))
        yield "total", f"{grouped(self.total_minor, EXPONENTS[self.currency])} {self.currency}"
