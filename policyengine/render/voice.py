"""Who tells a page: the rule set it is about, in one language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from policyengine import ir
from policyengine.render.subject import Subject
from policyengine.report.amounts import money_name
from policyengine.report.names import Lang, payer_name, pick, plain, term_name
from policyengine.report.steps import meter_name
from policyengine.report.words import Teller
from policyengine.settlement import label_of


@dataclass(frozen=True)
class Voice:
    """``titles``: what tables and columns are called on the page."""

    subject: Subject
    lang: Lang
    titles: Mapping[str, str]

    def say(self, zh: str, en: str) -> str:
        """The phrase of the language."""
        return pick((zh, en), self.lang)

    def listed(self, words: list[str]) -> str:
        """Words one after the other."""
        return self.say("、", ", ").join(words)

    @cached_property
    def teller(self) -> Teller:
        """Tells formulas by names, since no claim is known."""
        return Teller(self.subject.plan, self.lang, titles=self.titles, with_unit=True)

    @property
    def currency(self) -> str:
        return money_name(self.subject.currency, self.lang)

    def meter(self, name: str) -> str:
        return meter_name(self.subject.plan, name, self.lang)

    def payer(self, payer: str) -> str:
        """A payer as the one who pays."""
        name = payer_name(self.subject.program, payer, self.lang)
        return self.say(name.removesuffix("负担"), name)

    def keys(self, table: str) -> tuple[ir.Expr | None, ...]:
        """What the keys of a table are where it is read."""
        found = (e.keys for s in self.subject.program.steps for e in ir.walk(s.expr)
                 if isinstance(e, ir.Lookup) and e.table == table)  # fmt: skip
        declared = self.subject.program.table(table).keys
        return next(found, (None,) * len(declared))


def voice_of(subject: Subject, lang: Lang) -> Voice:
    return Voice(subject, lang, dict(_titles(subject, lang)))


def _titles(subject: Subject, lang: Lang) -> Iterator[tuple[str, str]]:
    """Tables by number; columns by the word of the glossary, else by the provision that reads them, unless it reads
    several of the table."""
    readers: dict[str, str] = {}
    for step in subject.program.steps:
        for read in (e for e in ir.walk(step.expr) if isinstance(e, ir.Lookup)):
            if step.label:
                readers.setdefault(f"{read.table}.{read.column}", label_of(step.label, lang, ""))
    for number, table in enumerate(subject.program.tables, start=1):
        yield table.name, pick((f"表{number}", f"table {number}"), lang)
        told = [readers.get(f"{table.name}.{column}", "") for column in table.column_names]
        for column, reader in zip(table.column_names, told, strict=True):
            known = term_name(column, lang)
            name = f"{table.name}.{column}"
            if table.column(column).kind == "flag":
                yield name, pick(("是否适用", "whether it applies"), lang)
            else:
                is_of_one = reader != "" and told.count(reader) == 1 and known == plain(column)
                yield name, reader if is_of_one else known
