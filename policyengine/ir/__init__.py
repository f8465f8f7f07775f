"""The small language that every rule file is lowered to and every back end executes.

A ``Program`` is an ordered list of named ``Step``s over sixteen expression forms. There are no loops, no string
arithmetic, no division of money by money and no dates, so every program ends and is piecewise linear in its amounts.

Kinds of value
    ``money``  integer minor units (fen)
    ``exact``  rational minor units, not yet rounded
    ``rate``   exact rational number without a unit
    ``count``  integer
    ``flag``   true or false
    ``code``   one word out of a finite list

A step's domain is ``claim`` (one value a claim) or ``row`` (one value a fee line). Row steps may read claim steps;
claim steps read row steps only through ``Sum``.

Evaluation is lazy where it matters: ``If`` evaluates only the branch taken, ``and``/``or`` stop early. A ``Lookup``
that finds no row is an error of the claim, and only if it is really evaluated.
"""

from policyengine.ir.build import (
    FALSE,
    SCALED,
    TRUE,
    ZERO,
    add,
    both,
    choose,
    code,
    compare,
    count,
    domain_of,
    either,
    flag,
    inverse,
    lookup,
    maximum,
    minimum,
    money,
    negated,
    positive_part,
    rate,
    rounded,
    scale,
    sub,
    total,
)
from policyengine.ir.forms import (
    FORMS,
    Add,
    Compare,
    Domain,
    Expr,
    Hist,
    If,
    Input,
    Inverse,
    Kind,
    Lit,
    Logic,
    Lookup,
    Max,
    Min,
    Ref,
    Round,
    Scale,
    Sub,
    Sum,
    Value,
    children,
    walk,
)
from policyengine.ir.program import (
    Citation,
    InputDecl,
    Meter,
    Part,
    PayerShare,
    Program,
    Reason,
    Step,
    Timing,
    Window,
)
from policyengine.ir.tables import CodeSet, Column, Interval, NoRow, Pattern, Table

__all__ = [
    "FALSE",
    "FORMS",
    "SCALED",
    "TRUE",
    "ZERO",
    "Add",
    "Citation",
    "CodeSet",
    "Column",
    "Compare",
    "Domain",
    "Expr",
    "Hist",
    "If",
    "Input",
    "InputDecl",
    "Interval",
    "Inverse",
    "Kind",
    "Lit",
    "Logic",
    "Lookup",
    "Max",
    "Meter",
    "Min",
    "NoRow",
    "Part",
    "Pattern",
    "PayerShare",
    "Program",
    "Reason",
    "Ref",
    "Round",
    "Scale",
    "Step",
    "Sub",
    "Sum",
    "Table",
    "Timing",
    "Value",
    "Window",
    "add",
    "both",
    "children",
    "choose",
    "code",
    "compare",
    "count",
    "domain_of",
    "either",
    "flag",
    "inverse",
    "lookup",
    "maximum",
    "minimum",
    "money",
    "negated",
    "positive_part",
    "rate",
    "rounded",
    "scale",
    "sub",
    "total",
    "walk",
]
