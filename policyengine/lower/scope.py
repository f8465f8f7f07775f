"""What names mean at one date of one rule file: facts, parameters, tables, formulas, layers' amounts, parts."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import islice
from typing import TypeVar

from policyengine import expressions as ast
from policyengine import ir, terms
from policyengine.errors import RuleError, Span, nearest
from policyengine.lower.tables import Built, table_of
from policyengine.money import MAX_MINOR
from policyengine.resolve import fault, resolve, unknown_name
from policyengine.ruleset import FactDecl, Formula, Parameter, Ruleset, TableDecl, in_force
from policyengine.shapes import Word

Kinds = tuple[ir.Kind, ...]
Found = TypeVar("Found")

LIMIT_CHAIN = 64
"""Names inside one another."""
LIMIT_RESOLVED = 20_000
"""Names that one expression of the file leads to, each counted as often as it is looked up."""


class Names:
    """The scope of one lowering. ``lazy`` resolves names that lowering makes on demand (defines, layers, parts)."""

    def __init__(
        self, ruleset: Ruleset, day: datetime.date | None, lazy: Callable[[str, Span], ir.Expr | None]
    ) -> None:
        self.ruleset, self.day, self.lazy = ruleset, day, lazy
        self.currency, self.rounding = ruleset.currency, ruleset.rounding
        self.declared: dict[str, FactDecl] = {f.id.text: f for f in ruleset.facts}
        rows = ruleset.rows.fields if ruleset.rows is not None else ()
        self.row_amounts = {f.id.text for f in rows if f.type == "money"}
        self.parameters = {p.id.text: p for p in ruleset.parameters}
        self.formulas = {f.id.text: f for f in ruleset.formulas}
        self.table_decls = in_force(ruleset.tables, day)
        self.inputs: dict[str, ir.InputDecl] = {}
        self.tables: dict[str, ir.Table] = {}
        self.built: Built = {}
        self.keys: dict[tuple[str, ir.Domain], tuple[ir.Expr, ...]] = {}
        self.domain: ir.Domain = "claim"
        self.rows: Callable[[], AbstractContextManager[None]] = nullcontext
        self.bindings: list[Mapping[str, ir.Expr]] = []
        self.open_names: list[str] = []
        self.resolved = 0
        self.rests_on: set[ir.Assumption] = set()
        self.cited: list[ir.Citation] = []
        self.calls: Callable[[ast.Call], ir.Expr | None] = lambda _: None
        self.used_names: set[str] = set()

    # -- the Scope protocol ------------------------------------------------------------------------------------------

    def find(self, name: str, span: Span) -> ir.Expr | None:
        for bound in reversed(self.bindings):
            if name in bound:
                return bound[name]
        head, _, tail = name.partition(".")
        self.used_names.add(head)
        if head in self.parameters and not tail:
            found = self.once(name, span, lambda: self._parameter(self.parameters[name], span))
            return self._of_bounded_size(found, name, span)
        if tail and any(t.id.text == head for t in self.ruleset.tables):
            return self._cell(head, tail, span)
        fact = self._fact(name, span)
        return fact if fact is not None else self.lazy(name, span)

    def call(self, node: ast.Call) -> ir.Expr | None:
        formula = self.formulas.get(node.function)
        if formula is not None:
            self.used_names.add(node.function)
            return self._formula(formula, node)
        if node.function == "elsewhere":
            return self._elsewhere(node)
        return self.calls(node)

    def words(self, expr: ir.Expr) -> Mapping[str, str] | None:
        if not isinstance(expr, ir.Input):
            return None
        return self.words_of(expr.name)

    def words_of(self, fact: str) -> dict[str, str]:
        """Every word that may stand opposite a code fact, in either language, with the code it means."""
        standard = terms.FACTS.get(fact)
        words: dict[str, str] = {}
        if standard is None and self.declared[fact].type == "id":
            words = {word: word for word in self._words_of_id(self.declared[fact])}
        for code, zh in (standard.values if standard else {}).items():
            words[zh] = words[code] = code
        for word, zh in self.declared[fact].values if fact in self.declared else ():
            words[str(zh)] = words[word.text] = word.text
        if standard is not None and standard.open:
            words["other"] = "other"
            if standard.default is not None:
                words[standard.default] = standard.default
        return words

    def _words_of_id(self, fact: FactDecl) -> tuple[str, ...]:
        """The ids that a rule file names, what stands for all others, and what an unstated one is."""
        default = () if fact.default is None else (str(self._default(fact, fact.default)),)
        return tuple(dict.fromkeys((*(word.text for word, _ in fact.values), "other", *default)))

    def identifier(self, name: Word) -> str:
        """The fact that a meter is kept by: an id or a code of the claim."""
        fact = ALIASES.get(terms.SHORT.get(name.text, name.text))
        kind, domain = ("", "") if fact is None else (fact.kind, fact.domain)
        declared = self.declared.get(name.text)
        if fact is None and declared is not None:
            kind, domain = declared.type, declared.of
        if not kind:
            ids = [f.id for f in terms.FACTS.values() if f.kind in ("id", "code") and f.domain == "claim"]
            ids += [f.id.text for f in self.declared.values() if f.type in ("id", "code")]
            raise unknown_name(name.text, name.span, [*terms.SHORT, *ids], "identifier")
        if kind not in ("id", "code") or domain != "claim":
            expected = "an id or a code of the claim: member, household, disease, tier …"
            raise fault("E354", f"a meter cannot be kept by `{name}`", name.span, expected)
        return name.text if fact is None else fact.id

    def known(self) -> Iterable[str]:
        names = [name for bound in self.bindings for name in bound]
        names += [*terms.FACTS, *self.declared, *self.parameters, *self.formulas]
        names += [f.zh for f in terms.FACTS.values()]
        names += [f"{t.id}.{c}" for t in self.table_decls for c in t.columns]
        names += [p.id.text for p in self.ruleset.parts] + [p.id.text for p in self.ruleset.provisions]
        return names + [f"{layer.id}.paid" for layer in self.ruleset.layers]

    @contextmanager
    def bare(self, bindings: Mapping[str, ir.Expr]) -> Iterator[None]:
        self.bindings.append(bindings)
        try:
            yield
        finally:
            self.bindings.pop()

    # -- facts -------------------------------------------------------------------------------------------------------

    def _refuse_outside_runs(self, fact: terms.Fact, span: Span) -> None:
        """A run knows its members and the fields of its rows. Raises ``RuleError`` for facts of a stay or a line."""
        if self.ruleset.run is not None and not fact.at.startswith("person."):
            message = f"a run has no `{fact.id}`: its rows are settlements, each of another stay"
            expected = "a field of the rows: `from: fact.…`" if fact.domain == "claim" else "a field of the rows"
            raise fault("E373", message, span, expected)

    def _fact(self, name: str, span: Span) -> ir.Expr | None:
        fact = ALIASES.get(name)
        if fact is not None and fact.kind != "id":
            self._refuse_outside_runs(fact, span)
            return self.input(self._standard(fact))
        declared = self.declared.get(name) or next(
            (f for f in self.declared.values() if name in f.label.values()), None
        )
        if declared is not None and declared.type == "date":
            message = f"`{name}` is a day; expressions read counts made of days"
            raise fault("E339", message, span, f"a fact such as {{counts: months, since: {name}}}")
        return self.input(self._declared(declared)) if declared is not None else None

    def input(self, decl: ir.InputDecl) -> ir.Expr:
        self.inputs.setdefault(decl.name, decl)
        return ir.Input(decl.name, decl.kind, decl.domain)

    def _standard(self, fact: terms.Fact) -> ir.InputDecl:
        extra = tuple(w.text for w, _ in self.declared[fact.id].values) if fact.id in self.declared else ()
        values = tuple(fact.values) + extra
        if fact.open:
            values += tuple(v for v in ("other", fact.default) if v is not None)
        high = {"money": MAX_MINOR, "count": 10_000, "rate": Fraction(1)}.get(fact.kind)
        low = None if high is None else fact.low
        aliases = _aliases_of(self.declared[fact.id]) if fact.id in self.declared else ()
        return ir.InputDecl(
            fact.id, fact.kind, fact.domain, values, fact.open, low, high, fact.default,  # type: ignore[arg-type]
            aliases=aliases,
        )  # fmt: skip

    def _declared(self, fact: FactDecl) -> ir.InputDecl:
        bounds = [self._constant(n) for n in (fact.low, fact.high)]
        default_high: dict[str, int | Fraction] = {"money": MAX_MINOR, "count": 1_000_000, "rate": Fraction(1)}
        low, high = bounds
        is_id = fact.type == "id"
        values = self._words_of_id(fact) if is_id else tuple(w.text for w, _ in fact.values)
        default = None
        if fact.default is not None:
            default = self._default(fact, fact.default)
        numeric = fact.type in default_high
        return ir.InputDecl(
            fact.id.text, "code" if is_id else fact.type, fact.of, values, is_id,  # type: ignore[arg-type]
            (0 if low is None else low) if numeric else None,
            (default_high[fact.type] if high is None else high) if numeric else None,
            default, fact.id.span, _aliases_of(fact), fact.label, fact.id.text in self.row_amounts, self._days(fact),
            is_id,
        )  # fmt: skip

    def _days(self, fact: FactDecl) -> ir.Days | None:
        """How a count follows from days; by default up to the day that selects the rules, or that of the fee line."""
        if not fact.counts:
            return None
        last = "line_date" if fact.of == "row" else self.ruleset.dated_by
        until = last if fact.until is None else self.day_name(fact.until, fact.of)
        return ir.Days(fact.counts, "" if fact.since is None else self.day_name(fact.since, fact.of), until)

    def day_name(self, name: Word, of: str) -> str:
        """The day that a word names, in either language. Raises ``RuleError`` if claims state no such day."""
        known = {w: d.id for d in terms.DAYS.values() for w in (d.id, d.zh) if of in ("row", d.domain)}
        known |= {f.id.text: f.id.text for f in self.declared.values() if f.type == "date" and of in ("row", f.of)}
        if name.text not in known:
            raise unknown_name(name.text, name.span, known, "day")
        return known[name.text]

    def stated_days(self) -> tuple[ir.DayDecl, ...]:
        """The days that the rule file declares, whether or not this program counts from them."""
        return tuple(ir.DayDecl(f.id.text, f.of, f.id.span)  # type: ignore[arg-type]
                     for f in self.declared.values() if f.type == "date")  # fmt: skip

    def _default(self, fact: FactDecl, node: ast.Node) -> ir.Value:
        if fact.type == "id" and isinstance(node, ast.Name | ast.Text):
            return node.text if isinstance(node, ast.Name) else node.value
        if fact.type == "code" and isinstance(node, ast.Name):
            words = self.words_of(fact.id.text)
            if node.text not in words:
                raise fault("E316", f"`{node.text}` is not a value of `{fact.id}`", node.span, ", ".join(words))
            return words[node.text]
        kind: ir.Kind = fact.type  # type: ignore[assignment]
        lit = resolve(node, self, kind)
        if not isinstance(lit, ir.Lit):
            raise fault("E311", "a default is a plain value", node.span)
        return lit.value

    def _constant(self, node: ast.Node | None) -> int | Fraction | None:
        if node is None:
            return None
        lit = resolve(node, self, "money", "rate", "count")
        if not isinstance(lit, ir.Lit) or isinstance(lit.value, str):
            raise fault("E311", "a plain value is needed here", node.span)
        return lit.value

    # -- parameters, tables, formulas ----------------------------------------------------------------------------------

    def _parameter(self, parameter: Parameter, span: Span) -> ir.Expr:
        if parameter.type:
            return self.input(self._asked(parameter))
        for dated in in_force(parameter.values, self.day):
            self.rests_on.update(replace(why, of=parameter.id.text) for why in dated.assumed)
            self.cited.extend(dated.cites)
            return resolve(dated.value, self)
        raise NoValueYet(parameter.id, span)

    def _asked(self, parameter: Parameter) -> ir.InputDecl:
        """The declaration of a parameter that the caller gives."""
        limits: dict[str, tuple[int | Fraction, int | Fraction]] = {
            "money": (0, MAX_MINOR), "rate": (Fraction(0), Fraction(1)), "count": (0, 1_000_000)}  # fmt: skip
        low, high = self._constant(parameter.low), self._constant(parameter.high)
        default_low, default_high = limits.get(parameter.type, (None, None))
        kind: ir.Kind = parameter.type  # type: ignore[assignment]
        return ir.InputDecl(
            f"parameter.{parameter.id}", kind, "claim", (), False, default_low if low is None else low,
            default_high if high is None else high, None, parameter.id.span, label=parameter.label,
            reason="; ".join(str(why) for why in parameter.assumed),
        )  # fmt: skip

    def unread(self) -> tuple[ir.InputDecl, ...]:
        """Facts and parameters of the rule file that this program does not read; a caller may state them anyway."""
        facts = [self._declared(f) for f in self.declared.values()
                 if f.type not in ("", "date") and f.id.text not in terms.FACTS]  # fmt: skip
        asked = [self._asked(p) for p in self.parameters.values() if p.type]
        return tuple(decl for decl in (*facts, *asked) if decl.name not in self.inputs)

    def _cell(self, table: str, column: str, span: Span) -> ir.Expr:
        decl = next((t for t in self.table_decls if t.id.text == table), None)
        if decl is None:
            raise NoValueYet(Word(table, span), span)
        if column not in {c.text for c in decl.columns}:
            hint = nearest(column, [c.text for c in decl.columns])
            raise fault("E310", f"the table `{table}` has no column `{column}`", span, hint=hint)
        built, keys = self._table(decl)
        self.rests_on.update(replace(why, of=table) for why in decl.assumed)
        self.cited.extend(decl.cites)
        return ir.lookup(built, column, keys)

    def _table(self, decl: TableDecl) -> tuple[ir.Table, tuple[ir.Expr, ...]]:
        """The table and its keys, which are those of the domain at work."""
        name, at = decl.id.text, (decl.id.text, self.domain)
        if at not in self.keys:
            read = [partial(self._key, decl, k) for k in decl.keys]
            self.keys[at] = tuple(self.once(f"{name} (table)", k.span, r) for k, r in zip(decl.keys, read, strict=True))
        if name not in self.tables:
            self.tables[name] = table_of(decl, self.keys[at], self, self.built)
        return self.tables[name], self.keys[at]

    def _key(self, decl: TableDecl, key: Word) -> ir.Expr:
        """What chooses the row: a name; or the day of the fee line, the first key of what was several versions."""
        if not decl.dated_by or key is not decl.keys[0]:
            return resolve(ast.Name(key.text, key.span), self)
        day = terms.DAYS["line_date"]
        return self.input(
            ir.InputDecl(ir.LINE_DAY, "count", "row", (), False, ir.day_number(datetime.date.min),
                         ir.day_number(datetime.date.max), None, key.span, label={"zh": day.zh, "en": day.en},
                         days=ir.Days("date", "", day.id))
        )  # fmt: skip

    def _formula(self, formula: Formula, node: ast.Call) -> ir.Expr:
        if len(node.args) != len(formula.of):
            raise fault("E320", f"`{formula.id}` takes {len(formula.of)} value(s), not {len(node.args)}", node.span)
        bound = {name.text: resolve(arg, self) for name, arg in zip(formula.of, node.args, strict=True)}
        with self.bare(bound):
            found = self.once(formula.id.text, node.span, lambda: resolve(formula.body, self))
        return self._of_bounded_size(found, formula.id.text, node.span)

    @staticmethod
    def _of_bounded_size(expr: ir.Expr, name: str, span: Span) -> ir.Expr:
        """``expr``, unless it is too large, written out: names that stand twice in each other double it every time."""
        if next(islice(ir.walk(expr), ast.MAX_NODES, None), None) is not None:
            raise _too_large(name, span)
        return expr

    def _elsewhere(self, node: ast.Call) -> ir.Expr:
        if len(node.args) != 1 or not isinstance(node.args[0], ast.Name):
            raise fault("E320", "`elsewhere` takes the name of a payer", node.span, "elsewhere(pooled_fund)")
        if self.ruleset.settle_by:
            raise whole_claim("what was paid elsewhere", node.span)
        payer = node.args[0].text
        if payer not in terms.PAYERS and payer not in {p.id.text for p in self.ruleset.payers}:
            raise unknown_name(payer, node.args[0].span, terms.PAYERS, "payer")
        return self.input(ir.InputDecl(f"elsewhere.{payer}", "money", "claim", low=0, high=MAX_MINOR, default=0))

    def once(self, name: str, span: Span, action: Callable[[], Found]) -> Found:
        """Resolve a named thing; a name that needs itself is a cycle, and so many names are more than anybody reads."""
        if name in self.open_names:
            chain = " → ".join([*self.open_names[self.open_names.index(name) :], name])
            raise fault("E327", f"`{name}` is defined by itself: {chain}", span)
        self.resolved += 1
        if len(self.open_names) >= LIMIT_CHAIN:
            raise fault("E221", f"more than {LIMIT_CHAIN} names that need one another", span, f"at most {LIMIT_CHAIN}")
        if self.resolved > LIMIT_RESOLVED:
            raise _too_large(name, span)
        self.open_names.append(name)
        try:
            return action()
        finally:
            self.open_names.pop()


def _too_large(name: str, span: Span) -> RuleError:
    message = f"`{name}`, with every formula and parameter in it written out, has more than {ast.MAX_NODES} parts"
    return fault(
        "E221", message, span, f"at most {ast.MAX_NODES} names, values and operators", "name parts with `define`"
    )


def whole_claim(what: str, span: Span) -> RuleError:
    """The fault of what belongs to the claim as a whole in a rule file that settles line by line."""
    message = f"{what} belongs to the claim as a whole, and the rule file settles its fee lines one after the other"
    return fault("E364", message, span, "quantities of one line, or a rule file without `settle_by`")


class NoValueYet(Exception):
    """A parameter or table has no value on the day of this program; the caller makes it a located diagnostic."""

    def __init__(self, name: Word, span: Span) -> None:
        super().__init__(name.text)
        self.name, self.span = name, span


def _aliases_of(fact: FactDecl) -> tuple[tuple[str, str], ...]:
    """The other words under which a claim may state the values of a declared code, each with the value it means."""
    return tuple((str(zh), word.text) for word, zh in fact.values if str(zh) != word.text)


def _aliases() -> dict[str, terms.Fact]:
    found: dict[str, terms.Fact] = {}
    for fact in terms.FACTS.values():
        for name in (fact.id, fact.zh, *fact.aliases):
            found[name] = fact
    return found


ALIASES: Mapping[str, terms.Fact] = _aliases()
