"""Where a law of a change does not hold: found in the program, never in the name of a rule set.

Each kind of exception is stated once, in ``WHYS``. An exception of a program names the step behind it, with its place
and its citations, and a condition that says of two settlements whether it bears on them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from policyengine import ir


@dataclass(frozen=True, slots=True)
class Why:
    """A kind of exception, in words."""

    id: str
    zh: str
    en: str


WHYS: Mapping[str, Why] = {why.id: why for why in (
    Why("jump", "规则按金额或次数分档、设门槛：跨过界线时待遇整体改变，会有跳跃",
        "the rules compare an amount or a count: over the line the benefit changes as a whole, and jumps"),
    Why("whole", "这一层按整段费用计算，不按前面各层支付后的余额；各层比例相加可超过100%",
        "the layer is measured on a whole part, not on what earlier layers have left of it: shares of the same fen may "
        "come to more than 100 %"),
    Why("parts", "这一层（如定额、限价）先后从几类费用里扣；账单增加会挪动哪一类费用留给后面各层",
        "the layer draws on several parts in turn (as a price of the case does): a larger bill moves what later layers "
        "find in each"),
    Why("withdrawn", "有了这一身份，另一项以“没有这一身份”为条件的规定就不再适用",
        "with the tag a provision no longer applies that is stated for members without it"),
    Why("stated", "这一身份改变所用的数，而其中一方的数由申报材料或调用者给出，规则文件没有写",
        "the tag changes which figure is used, and one of the two is given by the claim or by the caller, not by the "
        "rule file"),
    Why("onward", "后面一层支付的正是这一封顶线以上的费用；封顶线提高，它的基数就减少",
        "a later layer pays for what lies over this ceiling: where the ceiling is raised its base shrinks"),
    Why("by_line", "规则文件规定逐条结算，先后次序有意义",
        "the rule file has the fee lines settled one after the other: their order means something"),
    Why("position", "逐条结算时，分段的起点按累计的另一种费用计：前一条费用增加，后面各条落入的段随之移动",
        "fee lines are settled one after the other, and the bands begin at what was counted of another amount than the "
        "one that they divide: a larger line moves what of later lines lies in which band"),
    Why("each_claim", "这一起付线、封顶线或分段每次就诊重新起算，拆成两次就用两次",
        "the deductible, ceiling or band begins anew with each claim: two claims have it twice"),
    Why("by_count", "按天数、次数收取的自付额只计一次，账单拆小后被截低",
        "a charge by days or visits is counted once, and cut where the bill is smaller than it"),
)}  # fmt: skip

Bears = Literal["differs", "acts", "ends", "always"]
"""When an exception bears on two settlements: its condition comes out otherwise; it holds in one of them; it held in
the first and does not in the second; whatever they are."""


@dataclass(frozen=True, slots=True)
class Exempt:
    """One exception of one program: the step behind it, and when it bears on two settlements."""

    why: Why
    step: ir.Step
    bears: Bears
    condition: ir.Expr

    @property
    def place(self) -> str:
        """Where the rule file says it; empty for what no line says."""
        return str(self.step.span or "")

    @property
    def watch(self) -> ir.Expr:
        """How often the condition holds: on fee lines, or for the claim."""
        one = ir.choose(self.condition, ir.count(1), ir.count(0))
        return ir.total(one) if one.domain == "row" else one

    def on(self, one: Any, other: Any) -> Any:
        """Whether it bears on settlements with these values of ``watch``: a flag, or an array of them."""
        match self.bears:
            case "differs":
                return one != other
            case "acts":
                return (one > 0) | (other > 0)
            case "ends":
                return one > other
        return (one >= 0) | (other >= 0)
