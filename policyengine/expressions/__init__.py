"""The expressions and literals of rule files: text in, tree or value out, every error located.

``parse_expression`` reads amounts, rates and conditions such as ``max(0元, charge - 500元) if retired else 0元``
(grammar in ``parser``), ``print_expression`` writes them. The other functions read scalar fields that hold one
literal. Nothing here knows what a name means or what kind of value it has. All errors are ``RuleError`` with codes
E201–E222.
"""

from policyengine.expressions.ast import (
    MAX_DEPTH,
    MAX_NODES,
    Between,
    Binary,
    Call,
    IfElse,
    In,
    Name,
    Node,
    Number,
    SumWhere,
    Text,
    Unary,
    children,
    walk,
)
from policyengine.expressions.keys import parse_alternatives, parse_interval
from policyengine.expressions.lexer import MAX_BYTES
from policyengine.expressions.literals import (
    parse_count,
    parse_date,
    parse_money,
    parse_name,
    parse_points,
    parse_rate,
)
from policyengine.expressions.parser import parse_expression
from policyengine.expressions.printer import print_expression

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_NODES",
    "Between",
    "Binary",
    "Call",
    "IfElse",
    "In",
    "Name",
    "Node",
    "Number",
    "SumWhere",
    "Text",
    "Unary",
    "children",
    "parse_alternatives",
    "parse_count",
    "parse_date",
    "parse_expression",
    "parse_interval",
    "parse_money",
    "parse_name",
    "parse_points",
    "parse_rate",
    "print_expression",
    "walk",
]
