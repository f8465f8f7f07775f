"""Commands: what a host asks of a case. Each has an id that its caller made, a day and an instant of recording.

``on`` is the day on which something happened, ``at`` the instant at which the host recorded it; both are given by the
caller, for nothing here reads a clock. The fields of a kind stand in its model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import Field, PlainValidator

from policyengine.claim import Claim, StrictModel, quoted
from policyengine.claim.fields import Amount, Day, FactValue, Flag, Payer, Text
from policyengine.claim.opaque import Id, PersonId
from policyengine.claim.problems import kind_of, refuse
from policyengine.errors import ClaimError, Diagnostic, nearest
from policyengine.settlement.receipts import canonical

_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})")


def read_instant(value: object) -> str:
    """An instant with its distance from universal time, such as ``2017-06-20T09:30:00+08:00``."""
    expected = "an instant such as 2017-06-20T09:30:00+08:00"
    if not isinstance(value, str):
        raise refuse("E508", f"expected an instant, found {kind_of(value)}", expected)
    if not _INSTANT.fullmatch(value):
        raise refuse("E860", f"`{quoted(value)}` is not an instant", expected)
    try:
        datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        raise refuse("E860", f"`{quoted(value)}` is not in the calendar", expected) from None
    return value


def read_outcome(value: object) -> str:
    """Whether the call outside that goes with the command succeeded; ``unknown``: nobody knows yet."""
    if value not in ("succeeded", "unknown"):
        raise refuse("E860", "expected what became of the call", "succeeded or unknown")
    return str(value)


def read_claim(value: object) -> Claim:
    """A claim, or its fields."""
    if isinstance(value, Claim):
        return value
    if not isinstance(value, dict):
        raise refuse("E508", f"expected a claim, found {kind_of(value)}", "the fields of a claim")
    return Claim.model_validate(value)


Instant = Annotated[str, PlainValidator(read_instant)]
Outcome = Annotated[str, PlainValidator(read_outcome)]


class Body(StrictModel):
    """The fields of a kind of command."""

    noun: ClassVar[str] = "command"


class Envelope(Body):
    """What every command states."""

    id: Id
    case: Id
    kind: Text
    on: Day
    at: Instant


class Open(Body):
    """The case is registered (登记)."""

    person: PersonId
    ruleset: Text
    known_on: Day | None = None
    parameters: dict[Text, FactValue] = Field(default_factory=dict)


class Admit(Body):
    """The patient is admitted (入院), with or without a deposit (押金). ``course``: the timing by whose course the stay
    goes, by its id in the rule file; what it asks for at admission is asked for then."""

    deposit: Amount | None = None
    agreement: Flag = False
    course: Text | None = None


class Treat(Body):
    """Fees so far (费用上传): for the record, nothing is owed before the settlement."""

    charged: Amount


class Money(Body):
    """An amount that somebody pays, or gets back. ``party``: a payer; default the patient."""

    amount: Amount
    party: Payer = "patient"
    outcome: Outcome = "succeeded"


class FundMoney(Body):
    """An amount that a fund pays, or gets back."""

    amount: Amount
    party: Payer
    outcome: Outcome = "succeeded"


class Settle(Body):
    """The claim of the stay is settled (结算). ``timing``: who advances, where the rule file does not say."""

    claim: Annotated[Any, PlainValidator(read_claim)]
    timing: Literal["one_stop", "claim_later"] | None = None
    outcome: Outcome = "succeeded"


class Instalments(Body):
    """What the patient owes is paid in parts (分期付款)."""

    schedule: tuple[Instalment, ...] = Field(min_length=1)


class Instalment(StrictModel):
    """A part and the day by which it is paid."""

    noun: ClassVar[str] = "instalment"

    due: Day
    amount: Amount


class Reason(Body):
    """Why."""

    reason: Text


class Reverse(Body):
    """The settlement of this command is taken back (冲正结算)."""

    settlement: Id
    reason: Text


class Correct(Body):
    """The settlement of this command is taken back and the claim settled as it should have been (退费重结), in one.

    ``claim``: as it should have been; or one that ``corrects`` it, of which the negative lines are netted.
    """

    settlement: Id
    reason: Text
    claim: Annotated[Any, PlainValidator(read_claim)]


class Of(Body):
    """About an earlier command whose outcome was unknown."""

    of: Id


class Nothing(Body):
    """No more fields."""


BODIES: Final[Mapping[str, type[StrictModel]]] = MappingProxyType(
    {
        "open": Open, "admit": Admit, "agree": Nothing, "deposit": Money, "treat": Treat, "discharge": Nothing,
        "transfer": Nothing, "death": Nothing, "abscond": Nothing, "settle": Settle, "pay": Money, "refund": Money,
        "repay": FundMoney, "reclaim": FundMoney, "instalments": Instalments, "default": Nothing, "write_off": Money,
        "reverse": Reverse, "correct": Correct, "confirm": Of, "compensate": Of, "cancel": Reason, "close": Nothing,
    }
)  # fmt: skip
"""The kinds of commands, each with the model of its fields."""


@dataclass(frozen=True, slots=True)
class Command:
    """A checked command. ``body`` is the model of its kind."""

    id: str
    case: str
    kind: str
    on: date
    at: str
    body: Any

    def __repr__(self) -> str:
        return f"<Command {self.kind} of case {self.case}>"


def read_command(data: object) -> Command:
    """A command from plain data. Raises ``ClaimError`` with everything that is wrong."""
    if not isinstance(data, dict) or not all(isinstance(name, str) for name in data):
        raise ClaimError(
            Diagnostic("E860", "a command is an object", None, "fields with their values", record="command")
        )
    head = {name: value for name, value in data.items() if name in Envelope.model_fields}
    envelope = Envelope.model_validate(head)
    if envelope.kind not in BODIES:
        expected, hint = "one of " + ", ".join(BODIES), nearest(envelope.kind, BODIES)
        text = f"there is no command `{quoted(envelope.kind)}`"
        raise ClaimError(Diagnostic("E860", text, None, expected, hint, record="command", field="kind"))
    body = BODIES[envelope.kind].model_validate({n: v for n, v in data.items() if n not in head})
    return Command(envelope.id, envelope.case, envelope.kind, envelope.on, envelope.at, body)


def said_in(body: StrictModel) -> dict[str, Any]:
    """What the fields of a command state, as JSON; those that say nothing are left out."""
    said = body.model_dump(mode="json", exclude_none=True, exclude={"claim"})
    if isinstance(body, Settle | Correct):
        said["claim"] = body.claim.model_dump(mode="json", exclude_unset=True)
    return said


def digest_text(command: Command) -> bytes:
    """The bytes whose hash tells two commands apart. The instant of recording is not among them: a retry is later."""
    head = {"id": command.id, "case": command.case, "kind": command.kind, "on": command.on.isoformat()}
    return canonical({**head, **said_in(command.body)})
