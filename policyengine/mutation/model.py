"""What a mutant is, and what can come of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from policyengine.claim import Claim, History
from policyengine.errors import Span
from policyengine.ruleset import Ruleset
from policyengine.runs import RunRow
from policyengine.terms import Term

KINDS: Final[Mapping[str, Term]] = MappingProxyType(
    {
        term.id: term
        for term in (
            Term("dropped", "漏掉一条", "left out"),
            Term("field", "漏掉一项", "a key left out"),
            Term("negated", "条件取反", "condition negated"),
            Term("always", "条件去掉", "condition left out"),
            Term("tag", "人员类别换成另一类", "another group of people"),
            Term("option", "并列情形少一种", "one alternative left out"),
            Term("coin", "差一分", "one coin off"),
            Term("point", "差一个百分点", "one percentage point off"),
            Term("relative", "百分点当成百分比", "percent for percentage points"),
            Term("count", "差一", "one off"),
            Term("day", "差一天", "one day off"),
            Term("bound", "含不含边界弄反", "boundary in for boundary out"),
            Term("logic", "“且”“或”弄反", "`and` for `or`"),
            Term("arithmetic", "加减或大小弄反", "plus for minus, least for greatest"),
            Term("branches", "两种情形弄反", "the two branches exchanged"),
            Term("order", "先后弄反", "the order exchanged"),
            Term("payer", "付款方弄错", "another payer"),
            Term("window", "累计期间弄错", "another window"),
            Term("rounding", "取整方式弄错", "another way of rounding"),
        )
    }
)
"""The kinds of slips that are made on purpose."""


@dataclass(frozen=True, slots=True)
class Change:
    """One slip: its kind, the place in the rule file, what stands there, what would stand there (empty: nothing)."""

    kind: str
    span: Span
    before: str
    after: str = ""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule file with one slip. ``of``: what of the file it is in, such as ``provision basic_share``."""

    change: Change
    of: str
    ruleset: Ruleset


Amounts = Mapping[str, str]
LAW: Final = "law: "
"""What stands before the id of a law that killed a mutant; the id of a case stands alone."""


@dataclass(frozen=True, slots=True)
class Apart:
    """Claims, settled one after the other, of which the last comes out differently: what every side bears under the
    file as it stands and under the mutant, as texts; one entry ``refused`` with the code where it is refused. ``rows``:
    what a run makes that claim of."""

    claims: tuple[Claim, ...]
    parameters: Mapping[str, str]
    history: History | None
    as_it_stands: Amounts
    changed: Amounts
    rows: tuple[RunRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a mutant. ``result``: ``killed`` (``by`` a case, or by ``law: `` and its id), ``survived`` (with the
    claims that would have told it apart; without, where none were sought),
    ``equivalent`` (it is the same program, or settles every claim alike, which was proved), ``alike`` (no difference
    found over ``tried`` claims), ``refused`` (no rule file at all: the diagnostic's code is in ``by``)."""

    mutant: Mutant
    result: str
    by: str = ""
    apart: Apart | None = None
    tried: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """All mutants of one rule file. ``claims``: how many claims were tried to tell a survivor apart."""

    name: str
    verdicts: tuple[Verdict, ...]
    cases: int
    claims: int

    def count(self, result: str) -> int:
        return sum(verdict.result == result for verdict in self.verdicts)

    @property
    def by_laws(self) -> Mapping[str, int]:
        """The laws that killed what no case did, each with how many it killed."""
        found: dict[str, int] = {}
        for verdict in self.verdicts:
            if verdict.result == "killed" and verdict.by.startswith(LAW):
                law = verdict.by.removeprefix(LAW)
                found[law] = found.get(law, 0) + 1
        return found

    @property
    def told(self) -> int:
        """Mutants that some claim tells apart from the file."""
        return self.count("killed") + self.count("survived")

    def reaches(self, percent: int) -> bool:
        """Whether at least so many in a hundred of the mutants that can be told apart were killed."""
        return self.count("killed") * 100 >= percent * self.told
