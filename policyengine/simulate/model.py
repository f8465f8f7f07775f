"""What a simulation found: whole numbers of minor units and counts; nothing of it is rounded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Final

from policyengine.backends.kernel import Status
from policyengine.errors import Diagnostic
from policyengine.mass import Digest
from policyengine.simulate.assumed import Elasticity
from policyengine.simulate.groups import Label
from policyengine.simulate.sampling import Sampling

EDGES: Final = (500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
"""Upper ends of the brackets of what a patient bears of one claim, in whole currency units."""
SHARES: Final = 12
BRACKETS: Final = len(EDGES) + 2


@dataclass(slots=True)
class Cell:
    """The claims of one group. ``statuses``: how many, by status. ``amounts``: their sums by name. ``shares``,
    ``borne``: how many by the patient's share of the bill, and by its amount: nothing, up to each edge, more."""

    statuses: list[int] = field(default_factory=lambda: [0] * len(Status))
    amounts: dict[str, int] = field(default_factory=dict)
    shares: list[int] = field(default_factory=lambda: [0] * SHARES)
    borne: list[int] = field(default_factory=lambda: [0] * BRACKETS)

    @property
    def claims(self) -> int:
        return sum(self.statuses)

    @property
    def settled(self) -> int:
        return self.statuses[Status.SETTLED]

    def add(self, more: Cell) -> None:
        """Takes the claims of another cell in."""
        for mine, theirs in ((self.statuses, more.statuses), (self.shares, more.shares), (self.borne, more.borne)):
            mine[:] = [one + other for one, other in zip(mine, theirs, strict=True)]
        for name, amount in more.amounts.items():
            self.amounts[name] = self.amounts.get(name, 0) + amount


def total_of(cells: Iterable[Cell]) -> Cell:
    """All cells as one."""
    found = Cell()
    for cell in cells:
        found.add(cell)
    return found


@dataclass(slots=True)
class Burden:
    """Years of people; that of a household counts for each of its members. How many there are; whose income nobody
    states; of which a claim is not settled, so that they may have paid more. Who paid more than 10 % and 25 % of the
    income, and 40 % of the capacity to pay; who was poor before; whom paying made poor; who was poor and had to pay."""

    people: int = 0
    unknown: int = 0
    incomplete: int = 0
    over_10: int = 0
    over_25: int = 0
    over_capacity: int = 0
    poor: int = 0
    impoverished: int = 0
    poorer: int = 0

    @property
    def measured(self) -> int:
        """Those whose income is known."""
        return self.people - self.unknown

    def add(self, more: Burden) -> None:
        """Takes in other years."""
        for name in fields(self):
            setattr(self, name.name, getattr(self, name.name) + getattr(more, name.name))


Hit = tuple[str, str, str]
"""The first day of the version, the kind (``table``, or that of a provision), the name."""


@dataclass(slots=True)
class Outcome:
    """What one rule set makes of the claims. ``burdens``: by group of people, or by year of households. ``hits``: how
    often each row of a table was looked up, and each provision that has a condition applied. ``sampled``: the total of
    each amount in every draw of people."""

    name: str
    rules: str
    digest: Digest = field(default_factory=Digest)
    cells: dict[Label, Cell] = field(default_factory=dict)
    burdens: dict[Label, Burden] = field(default_factory=dict)
    hits: dict[Hit, list[int]] = field(default_factory=dict)
    sampled: dict[str, list[int]] = field(default_factory=dict)

    @property
    def total(self) -> Cell:
        """All groups together."""
        return total_of(self.cells.values())

    def add(self, more: Outcome) -> None:
        """Takes in what the same rule set made of other claims."""
        self.digest += more.digest
        for label, cell in more.cells.items():
            self.cells.setdefault(label, Cell()).add(cell)
        for label, burden in more.burdens.items():
            self.burdens.setdefault(label, Burden()).add(burden)
        for key, counts in more.hits.items():
            mine = self.hits.setdefault(key, [0] * len(counts))
            mine[:] = [one + other for one, other in zip(mine, counts, strict=True)]
        for name, totals in more.sampled.items():
            mine = self.sampled.setdefault(name, [0] * len(totals))
            mine[:] = [one + other for one, other in zip(mine, totals, strict=True)]


@dataclass(slots=True)
class Side:
    """Those who win, or those who lose: how many, how much together, and the one to whom it matters most."""

    count: int = 0
    total: int = 0
    largest: int = 0

    @property
    def mean(self) -> Fraction:
        """Of each of them; zero if there is none."""
        return Fraction(self.total, self.count) if self.count else Fraction(0)

    def add(self, more: Side) -> None:
        self.count += more.count
        self.total += more.total
        self.largest = max(self.largest, more.largest)


@dataclass(slots=True)
class Change:
    """What patients bear more or less: ``compared`` of them, who bear less (``winners``) and more (``losers``)."""

    compared: int = 0
    winners: Side = field(default_factory=Side)
    losers: Side = field(default_factory=Side)

    def add(self, more: Change) -> None:
        self.compared += more.compared
        self.winners.add(more.winners)
        self.losers.add(more.losers)


@dataclass(frozen=True, slots=True, order=True)
class Case:
    """A claim that shows something: its bill, and an amount of it before and after."""

    bill: int
    claim: str
    before: int
    after: int


@dataclass(slots=True)
class Judged:
    """A condition: how many claims, or people, it failed for, how far the worst, the smallest claims that show it."""

    text: str
    failed: int = 0
    worst: int = 0
    cases: tuple[Case, ...] = ()

    def add(self, more: Judged, shown: int) -> None:
        self.failed += more.failed
        self.worst = max(self.worst, more.worst)
        self.cases = tuple(sorted((*self.cases, *more.cases))[:shown])


@dataclass(slots=True)
class Reform:
    """What a reform makes of the claims, beside the baseline. ``changed``: claims of which any amount or the status
    differs; ``gained`` and ``lost``: claims that only the reform, or only the baseline, settles; no other counts among
    winners and losers, which are told by group. ``responses``: by group the sums after people have answered to what
    they pay, in millionths of minor units, and of claims (``assumed``)."""

    outcome: Outcome
    changed: int = 0
    gained: int = 0
    lost: int = 0
    claims: dict[Label, Change] = field(default_factory=dict)
    people: dict[Label, Change] = field(default_factory=dict)
    everybody: Change = field(default_factory=Change)
    judged: list[Judged] = field(default_factory=list)
    responses: dict[Label, dict[str, int]] = field(default_factory=dict)

    def add(self, more: Reform, shown: int) -> None:
        """Takes in what it made of other claims."""
        self.outcome.add(more.outcome)
        self.changed += more.changed
        self.gained += more.gained
        self.lost += more.lost
        self.everybody.add(more.everybody)
        for mine, theirs in ((self.claims, more.claims), (self.people, more.people)):
            for label, change in theirs.items():
                mine.setdefault(label, Change()).add(change)
        for one, other in zip(self.judged, more.judged, strict=True):
            one.add(other, shown)
        for label, sums in more.responses.items():
            own = self.responses.setdefault(label, {})
            for name, value in sums.items():
                own[name] = own.get(name, 0) + value


@dataclass(frozen=True, slots=True)
class Refused:
    """A claim that was not settled: its row in the source, from 1, its id (empty if it states none), and why. ``by``:
    the rule set that refused it."""

    row: int
    claim: str
    by: str
    why: Diagnostic


@dataclass(frozen=True, slots=True)
class Means:
    """What people have to live on: amounts for one person and one year in minor units, ``None`` where nobody says.
    ``by``: what the labels of burdens say."""

    poverty_line: int | None
    subsistence: int | None
    by: tuple[str, ...]
    of_households: bool


@dataclass(slots=True)
class Simulation:
    """What came of a book of claims. ``group_by``: what the labels of groups say. ``refused``: the first claims that
    the baseline does not settle; how many there are in all, the statuses tell. ``budget``: by payer."""

    currency: str
    group_by: tuple[str, ...]
    baseline: Outcome
    reforms: list[Reform]
    refused: list[Refused] = field(default_factory=list)
    budget: Mapping[str, int] = field(default_factory=dict)
    means: Means | None = None
    unread: tuple[str, ...] = ()
    elasticity: Elasticity | None = None
    sampling: Sampling | None = None

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The baseline and the reforms."""
        return (self.baseline, *(reform.outcome for reform in self.reforms))

    @property
    def claims(self) -> int:
        return self.baseline.digest.claims

    @property
    def failed(self) -> bool:
        """Whether a condition fails under any reform."""
        return any(one.failed for reform in self.reforms for one in reform.judged)
