"""Random whole programs, well typed, over all seventeen forms; and random claims for them.

Everything is drawn from a ``random.Random``: a seed gives volume, Hypothesis' ``st.randoms()`` gives shrinking.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random

from policyengine import ir
from policyengine.ir import Domain, Expr, Kind, Value

ALPHABETS: dict[str, tuple[str, ...]] = {
    "grade": ("grade_a", "grade_b", "grade_c", "other"),
    "tier": ("county", "city", "三级甲等"),
}
"""The code inputs; a code expression stays inside one alphabet. ``grade`` is open."""

RATES = [Fraction(n, 20) for n in range(21)] + [Fraction(1, 3), Fraction(100, 91), Fraction(5, 4), Fraction(-1, 10)]
INVERTIBLE = [Fraction(1, 2), Fraction(7, 10), Fraction(91, 100), Fraction(3, 4), Fraction(2), Fraction(-2, 5)]
EDGES = [0, 1, 5, 18, 60, 100, 20_000, 120_000, 1_000_000]
MODES = ("half_up", "half_even", "half_down", "up", "down")

Case = tuple[dict[str, Value], list[dict[str, Value]], dict[str, int]]
"""A claim: facts, rows, meters."""


@dataclass
class Maker:
    """Draws one program. ``codes`` and ``nonzero`` tell code steps and invertible rate steps apart."""

    rng: Random
    tables: list[ir.Table] = field(default_factory=list)
    key_kinds: dict[str, tuple[str, ...]] = field(default_factory=dict)
    steps: list[ir.Step] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)
    nonzero: set[str] = field(default_factory=set)

    def program(self) -> ir.Program:
        for number in range(self.rng.randint(1, 3)):
            self.add_table(f"table{number}")
        for number in range(self.rng.randint(3, 14)):
            self.add_step(f"layer.step{number}")
        year = ir.Window("year", "year")
        meters = (
            ir.Meter("spent", "money", ("person_id",), year, "sum", self.steps[0].name, high=10**10),
            ir.Meter("visits", "count", ("person_id",), year, "sum", self.steps[0].name, high=1000),
        )
        return ir.Program(
            "random", ("", ""), "CNY", "discharge", INPUTS, tuple(self.tables), tuple(self.steps), meters,
            (), (), (), (),
        )  # fmt: skip

    # --- tables -------------------------------------------------------------------------------------------------

    def add_table(self, name: str) -> None:
        kinds = tuple(
            self.rng.choice(["grade", "tier", "flag", "count", "money"]) for _ in range(self.rng.randint(0, 3))
        )
        size = self.rng.randint(1, 5)
        rows = [tuple(self.pattern(kind) for kind in kinds) for _ in range(size)]
        if self.rng.random() < 0.7:
            rows.append((None,) * len(kinds))
        columns = tuple(
            ir.Column(column, kind, tuple(self.cell(column, kind) for _ in rows)) for column, kind in COLUMNS.items()
        )
        self.tables.append(ir.Table(name, tuple(f"key{n}" for n in range(len(kinds))), tuple(rows), columns))
        self.key_kinds[name] = kinds

    def pattern(self, kind: str) -> ir.Pattern:
        if self.rng.random() < 0.2:
            return None
        if kind == "flag":
            return frozenset([self.rng.random() < 0.5])
        if kind in ALPHABETS:
            return frozenset(w for w in ALPHABETS[kind] if self.rng.random() < 0.5)
        low, high = sorted(self.rng.sample(EDGES, 2))
        return ir.Interval(self.rng.choice([None, low]), self.rng.choice([None, high]))

    def cell(self, column: str, kind: Kind) -> Value:
        if kind == "rate":
            return self.rng.choice(INVERTIBLE if column == "divisor" else RATES)
        if kind == "exact":
            return Fraction(self.rng.randint(-500, 5000), self.rng.choice([1, 2, 3]))
        if kind == "flag":
            return self.rng.random() < 0.5
        if kind == "code":
            return self.rng.choice(ALPHABETS[column])
        return self.rng.choice(EDGES) if kind == "money" else self.rng.randint(0, 9)

    # --- steps --------------------------------------------------------------------------------------------------

    def add_step(self, name: str) -> None:
        kind: Kind = self.rng.choice(["money", "money", "exact", "exact", "rate", "count", "flag", "code"])
        domain: Domain = "row" if self.rng.random() < 0.4 else "claim"
        depth = self.rng.randint(1, 4)
        if kind == "code":
            alphabet = self.rng.choice(sorted(ALPHABETS))
            expr = self.code(alphabet, domain, depth)
            self.codes[name] = alphabet
        elif kind == "rate" and self.rng.random() < 0.3:
            expr = self.divisor(domain, depth)
            self.nonzero.add(name)
        else:
            expr = self.expr(kind, domain, depth)
        self.steps.append(ir.Step(name, expr))

    def refs(self, kind: Kind, domain: Domain, wanted: Callable[[str], bool] = lambda _: True) -> list[Expr]:
        """References to earlier steps that an expression of ``domain`` may read."""
        return [
            ir.Ref(s.name, kind, s.domain)
            for s in self.steps
            if s.kind == kind and (domain == "row" or s.domain == "claim") and wanted(s.name)
        ]

    # --- expressions --------------------------------------------------------------------------------------------

    def expr(self, kind: Kind, domain: Domain, depth: int) -> Expr:
        if kind == "code":
            return self.code(self.rng.choice(sorted(ALPHABETS)), domain, depth)
        if depth <= 0:
            return self.leaf(kind, domain)
        makers = {
            "money": [self.more, self.difference, self.extreme, self.counted, self.rounded, self.portion, self.choice,
                      self.lookup, self.total],
            "exact": [self.more, self.difference, self.extreme, self.share, self.share, self.choice, self.lookup,
                      self.total],
            "rate": [self.more, self.difference, self.extreme, self.rate_product, self.inverse, self.choice,
                     self.lookup],
            "count": [self.more, self.difference, self.extreme, self.count_product, self.rounded, self.portion,
                      self.choice, self.lookup, self.total],
            "flag": [self.compare, self.compare, self.logic, self.choice, self.lookup],
        }[kind]  # fmt: skip
        return self.rng.choice(makers)(kind, domain, depth - 1)

    def leaf(self, kind: Kind, domain: Domain) -> Expr:
        found: list[Expr] = [ir.Input(d.name, kind, d.domain) for d in INPUTS if d.kind == kind and domain == "row"]
        found += [ir.Input(d.name, kind) for d in INPUTS if d.kind == kind and d.domain == "claim"]
        found += self.refs(kind, domain) * 2 + self.literals(kind)
        if kind in ("money", "count"):
            found.append(ir.Hist("spent" if kind == "money" else "visits", kind))
        return self.rng.choice(found)

    def literals(self, kind: Kind) -> list[Expr]:
        values: dict[str, Value] = {
            "money": self.rng.choice([*EDGES, -300]),
            "exact": Fraction(self.rng.randint(-50, 5000), self.rng.choice([1, 2, 3, 8])),
            "rate": self.rng.choice(RATES),
            "count": self.rng.choice([0, 1, 2, 7, 60, -1]),
            "flag": self.rng.random() < 0.5,
        }
        return [ir.Lit(values[kind], kind, self.rng.choice(["claim", "claim", "claim"]))]

    def operands(
        self, kind: Kind, domain: Domain, depth: int, least: int, most: int
    ) -> tuple[tuple[Expr, ...], Domain]:
        """Some expressions of one kind; beside an exact one some may be money."""
        size = self.rng.randint(least, most)
        kinds = [kind] + [self.rng.choice(["exact", "money"]) if kind == "exact" else kind for _ in range(size - 1)]
        self.rng.shuffle(kinds)
        args = tuple(self.expr(k, domain, depth) for k in kinds)
        return args, ir.domain_of(*args)

    def more(self, kind: Kind, domain: Domain, depth: int) -> Expr:
        args, domain = self.operands(kind, domain, depth, 1, 3)
        return ir.Add(args, kind, domain)

    def difference(self, kind: Kind, domain: Domain, depth: int) -> Expr:
        (left, right), domain = self.operands(kind, domain, depth, 2, 2)
        return ir.Sub(left, right, kind, domain)

    def extreme(self, kind: Kind, domain: Domain, depth: int) -> Expr:
        args, domain = self.operands(kind, domain, depth, 1, 3)
        return self.rng.choice([ir.Min, ir.Max])(args, kind, domain)

    def scaled(self, of: Expr, by: Expr, kind: Kind) -> Expr:
        return ir.Scale(of, by, kind, ir.domain_of(of, by))

    def counted(self, kind: Kind, domain: Domain, depth: int) -> Expr:
        return self.scaled(self.expr("money", domain, depth), self.expr("count", domain, depth - 1), kind)

    def share(self, kind: Kind, domain: Domain, depth: int) -> Expr:
        of: Kind = self.rng.choice(["money", "exact"])
        by: Kind = "count" if of == "exact" and self.rng.random() < 0.2 else "rate"
        return self.scaled(self.expr(of, domain, depth), self.expr(by, domain, depth), kind)

    def rate_product(self, kind: Kind, domain: Domain, depth: int) -> Expr:
        by: Kind = self.rng.choice(["rate", "count"])
        return self.scaled(self.expr("rate", domain, depth), self.expr(by, domain, 0), kind)

    def count_product(self, kind: Kind, domain: Domain, depth: int) -> Expr:
        return self.scaled(self.expr("count", domain, depth), self.expr("count", domain, 0), kind)

    def inverse(self, kind: Kind, domain: Domain, depth: int) -> Expr:
        of = self.divisor(domain, depth)
        return ir.Inverse(of, kind, of.domain)

    def divisor(self, domain: Domain, depth: int) -> Expr:
        """A rate that takes few values, none of them zero."""
        found: list[Expr] = [
            ir.rate(self.rng.choice(INVERTIBLE)),
            *self.refs("rate", domain, self.nonzero.__contains__),
        ]
        if depth > 0:
            one, other = self.divisor(domain, depth - 1), self.divisor(domain, depth - 1)
            cond = self.expr("flag", domain, depth - 1)
            found += [
                ir.If(cond, one, other, "rate", ir.domain_of(cond, one, other)),
                self.looked_up(self.rng.choice(self.tables), "divisor", domain, depth - 1),
                ir.Inverse(one, "rate", one.domain),
                self.scaled(one, other, "rate"),
            ]
        return self.rng.choice(found)

    def rounded(self, kind: Kind, domain: Domain, depth: int) -> Expr:
        of = self.expr("count" if kind == "count" else self.rng.choice(["exact", "exact", "money"]), domain, depth)
        return ir.Round(of, self.rng.choice(MODES), self.rng.choice([1, 1, 10, 7, 100]), kind, of.domain)

    def portion(self, kind: Kind, domain: Domain, depth: int) -> Expr:
        of = self.expr("count" if kind == "count" else self.rng.choice(["exact", "money"]), domain, depth)
        (part, whole), _ = self.operands(self.rng.choice(["exact", "money", "rate", "count"]), domain, depth, 2, 2)
        other = self.expr(kind, domain, depth)
        mode, unit = self.rng.choice(MODES), self.rng.choice([1, 1, 10, 7, 100])
        return ir.Portion(of, part, whole, other, mode, unit, kind, ir.domain_of(of, part, whole, other))

    def choice(self, kind: Kind, domain: Domain, depth: int) -> Expr:
        cond = self.expr("flag", domain, depth)
        (then, other), _ = self.operands(kind, domain, depth, 2, 2)
        return ir.If(cond, then, other, kind, ir.domain_of(cond, then, other))

    def compare(self, kind: Kind, domain: Domain, depth: int) -> Expr:
        of = self.rng.choice(["money", "exact", "rate", "count", "flag", "code"])
        if of == "code":
            alphabet = self.rng.choice(sorted(ALPHABETS))
            left, right = self.code(alphabet, domain, depth), self.code(alphabet, domain, 0)
        else:
            (left, right), _ = self.operands(of, domain, depth, 2, 2)
        op = self.rng.choice(["==", "!="] if of in ("code", "flag") else ["==", "!=", "<", "<=", ">", ">="])
        return ir.Compare(op, left, right, kind, ir.domain_of(left, right))

    def logic(self, kind: Kind, domain: Domain, depth: int) -> Expr:
        op = self.rng.choice(["and", "or", "not"])
        args = tuple(self.expr("flag", domain, depth) for _ in range(1 if op == "not" else self.rng.randint(1, 3)))
        return ir.Logic(op, args, kind, ir.domain_of(*args))

    def lookup(self, kind: Kind, domain: Domain, depth: int) -> Expr:
        column = self.rng.choice([name for name, of in COLUMNS.items() if of == kind])
        return self.looked_up(self.rng.choice(self.tables), column, domain, depth)

    def looked_up(self, table: ir.Table, column: str, domain: Domain, depth: int) -> Expr:
        keys = tuple(self.key(kind, domain, depth) for kind in self.key_kinds[table.name])
        return ir.Lookup(table.name, column, keys, COLUMNS[column], ir.domain_of(*keys))

    def key(self, kind: str, domain: Domain, depth: int) -> Expr:
        if kind in ALPHABETS:
            return self.code(kind, domain, min(depth, 1))
        of = {"flag": "flag", "count": "count", "money": self.rng.choice(["money", "money", "exact"])}[kind]
        return self.expr(of, domain, min(depth, 1))  # type: ignore[arg-type]

    def code(self, alphabet: str, domain: Domain, depth: int) -> Expr:
        found: list[Expr] = [
            ir.Input(alphabet, "code"),
            ir.code(self.rng.choice(ALPHABETS[alphabet])),
            *self.refs("code", domain, lambda name: self.codes[name] == alphabet),
        ]
        if domain == "row":
            found.append(ir.Input(f"row_{alphabet}", "code", "row"))
        if depth > 0:
            cond = self.expr("flag", domain, depth - 1)
            then, other = self.code(alphabet, domain, depth - 1), self.code(alphabet, domain, depth - 1)
            found.append(ir.If(cond, then, other, "code", ir.domain_of(cond, then, other)))
            found.append(self.looked_up(self.rng.choice(self.tables), alphabet, domain, depth - 1))
        return self.rng.choice(found)

    def total(self, kind: Kind, domain: Domain, depth: int) -> Expr:
        return ir.Sum(self.expr(kind, "row" if self.rng.random() < 0.9 else "claim", depth), kind)


COLUMNS: dict[str, Kind] = {
    "share": "rate", "divisor": "rate", "sum": "money", "fine": "exact", "days": "count", "holds": "flag",
    "grade": "code", "tier": "code",
}  # fmt: skip

INPUTS: tuple[ir.InputDecl, ...] = (
    ir.InputDecl("grade", "code", values=ALPHABETS["grade"][:-1], open=True),
    ir.InputDecl("tier", "code", values=ALPHABETS["tier"]),
    ir.InputDecl("poor", "flag"),
    ir.InputDecl("income", "money"),
    ir.InputDecl("price", "money", low=-5000, high=2_000_000),
    ir.InputDecl("age", "count", low=0, high=130),
    ir.InputDecl("days", "count"),
    ir.InputDecl("own_rate", "rate"),
    ir.InputDecl("row_grade", "code", "row", values=ALPHABETS["grade"][:-1], open=True),
    ir.InputDecl("row_tier", "code", "row", values=ALPHABETS["tier"]),
    ir.InputDecl("listed", "flag", "row"),
    ir.InputDecl("amount", "money", "row"),
    ir.InputDecl("limit", "money", "row", high=3_000_000),
    ir.InputDecl("quantity", "count", "row", low=0, high=40),
    ir.InputDecl("row_rate", "rate", "row", low=0, high=Fraction(3, 2)),
)


MOST_MONEY = {"claim": 10**11, "row": 2 * 10**10}
"""The largest amounts drawn: those of five rows together stay inside the limit of a claim."""


def random_program(rng: Random) -> ir.Program:
    """A well-typed program."""
    return Maker(rng).program()


def random_case(rng: Random, program: ir.Program) -> Case:
    """A claim inside the declared bounds, with a liking for edges."""
    of_claim = [d for d in program.inputs if d.domain == "claim"]
    of_row = [d for d in program.inputs if d.domain == "row"]
    rows = [{d.name: _fact(rng, d) for d in of_row} for _ in range(rng.choice([0, 1, 2, 2, 3, 5]))]
    used = {m.name: min(m.high, rng.choice([0, 0, *EDGES, m.high])) for m in program.meters}
    return {d.name: _fact(rng, d) for d in of_claim}, rows, used


def _fact(rng: Random, decl: ir.InputDecl) -> Value:
    if decl.kind == "flag":
        return rng.random() < 0.5
    if decl.kind == "code":
        return rng.choice([*decl.values, *(["other"] if decl.open else [])])
    if decl.kind == "rate":
        high = Fraction(1 if decl.high is None else decl.high)
        return Fraction(rng.choice([0, 100_000, 333_333, rng.randint(0, int(high * 10**6)), int(high * 10**6)]), 10**6)
    default = MOST_MONEY[decl.domain] if decl.kind == "money" else 10**6
    low, high = int(decl.low or 0), int(default if decl.high is None else decl.high)
    near = rng.choice(EDGES) + rng.choice([-1, 0, 1])
    return min(
        high, max(low, rng.choice([near, near, rng.randint(low, high), rng.randint(low, min(high, 10**6)), high]))
    )
