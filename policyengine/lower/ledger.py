"""What lowering knows of amounts, once for the claim as a whole and once for each fee line."""

from __future__ import annotations

from dataclasses import dataclass, field

from policyengine import ir
from policyengine.shapes import Word


@dataclass(slots=True)
class Ledger:
    """Amounts by name, and for each part what it holds and what of it is unpaid.

    Two ledgers stand side by side: in that of the claim an amount of a layer is one number, in that of the lines it is
    one number a fee line. A layer works in one of them; what a layer does to each line is then summed up for the claim.
    ``held``: the gross amount of a part and what was moved into it. ``closed``: parts of the lines' ledger that a layer
    has paid as a whole, with that layer; from there on nobody can say what is unpaid of a single line.
    """

    domain: ir.Domain
    amounts: dict[str, ir.Expr] = field(default_factory=dict)
    unpaid: dict[str, ir.Expr] = field(default_factory=dict)
    held: dict[str, ir.Expr] = field(default_factory=dict)
    closed: dict[str, Word] = field(default_factory=dict)

    def cut(self, part: str, gross: ir.Expr) -> None:
        """A part with all that it holds still unpaid."""
        self.amounts[part] = self.unpaid[part] = self.held[part] = gross

    def paid(self, part: str) -> ir.Expr:
        """What layers have paid of a part so far."""
        held, unpaid = self.held[part], self.unpaid[part]
        return ir.ZERO if unpaid == held else ir.sub(held, unpaid)
