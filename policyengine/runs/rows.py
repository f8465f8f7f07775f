"""What a run is handed: settlements written as JSON, rows stated as they are, and who is settled."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, ConfigDict, Field

from policyengine.claim import Claim, Document, Encounter, Person, StrictModel
from policyengine.claim.fields import Amount, Day, FactValue, Ordinal, Text
from policyengine.claim.models import Facts


class RunRow(StrictModel):
    """One row of a run: an earlier settlement, as far as the run reads it (结算明细行)."""

    noun: ClassVar[str] = "row"
    parts: ClassVar[dict[str, type[StrictModel]]] = {"person": Person}

    id: Text = Field(description="id of the settled claim (单据号); each is counted once")
    day: Day = Field(description="day on which it was settled: it selects the window (日期)")
    sequence: Ordinal = Field(default=0, description="order among the rows of one day (当日顺序号)")
    currency: Text = Field(default="CNY", description="ISO code of the currency of all amounts (币种)")
    person: Person = Field(description="the insured person on that day (参保人)")
    facts: Facts = Field(default_factory=dict, description="facts that the run's rule file declares (自定事实)")
    fields: dict[Text, FactValue] = Field(description="the fields that the run's rule file names (各栏)")

    def plain(self) -> dict[str, Any]:
        """The row as it is handed in; what is as it would be unstated is left out."""
        return self.model_dump(mode="json", exclude_defaults=True)


class Standing(StrictModel):
    """What holds for a member or household at the end of the window, in place of what its last claim said."""

    noun: ClassVar[str] = "person"
    parts: ClassVar[dict[str, type[StrictModel]]] = {"person": Person}

    person: Person = Field(description="the member; of a household the id is that of the household (参保人)")
    facts: Facts = Field(default_factory=dict, description="facts that the run's rule file declares (自定事实)")


class About(StrictModel):
    """What a settled claim stated beside its fee lines."""

    noun: ClassVar[str] = "claim"
    parts: ClassVar[dict[str, type[StrictModel]]] = {"person": Person, "encounter": Encounter}

    person: Person
    encounter: Encounter
    sequence: Ordinal = 0
    facts: Facts = Field(default_factory=dict)


def _steps(value: object) -> object:
    """The trace of a settlement as steps by name."""
    if not isinstance(value, list):
        return value
    return {str(step["name"]): step for step in value if isinstance(step, dict) and "name" in step}


class Written(StrictModel):
    """A settlement as ``policyengine settle --json`` writes it, as far as a run reads it."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)
    noun: ClassVar[str] = "settlement"
    parts: ClassVar[dict[str, type[StrictModel]]] = {"about": About}

    claim: Text
    ruleset: Text
    currency: Text
    day: Day
    total: Amount
    split: dict[Text, Amount]
    patient: dict[Text, Amount]
    national: dict[str, Any]
    about: About
    preliminary: bool = False
    trace: Annotated[dict[str, Any] | None, BeforeValidator(_steps)] = None


Given = Claim | RunRow | Written


def read_given(document: Document, start: int, value: Any) -> Given:
    """A record of a run's file: a settlement, a row, or a claim that is settled first. Raises ``ClaimError``."""
    if isinstance(value, dict) and "split" in value:
        return Written.validate_in(document, start, value)
    if isinstance(value, dict) and "fields" in value and "lines" not in value:
        return RunRow.validate_in(document, start, value)
    return Claim.validate_in(document, start, value)


def sums(written: Written) -> bool:
    """Whether the split of a written settlement sums to its bill."""
    return sum(written.split.values(), Decimal(0)) == written.total
