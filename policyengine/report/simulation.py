"""A simulation as text: totals, groups, who wins and who loses, funds against budgets, conditions, refusals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group, RenderableType

from policyengine.money import exponent_of, grouped
from policyengine.report.amounts import amount_text, money_name
from policyengine.report.grid import Grid, verbatim
from policyengine.report.hardship import exercised_text, hardship_text
from policyengine.report.names import Lang, pick
from policyengine.report.simulation_assumed import assumed_text, assumptions
from policyengine.report.simulation_words import NOT_SETTLED, amount_name, bracket_names, group_name, share_names
from policyengine.rulebook import Rulebook
from policyengine.simulate import Cell, Reform, Side, Simulation
from policyengine.simulate.groups import Label


def simulation_text(books: Sequence[Rulebook], found: Simulation, lang: Lang = "en") -> Group:
    """Everything that a simulation found. ``books``: the baseline, of which the names are, and the reforms."""
    by_name = {one.name: book for one, book in zip(found.outcomes, books, strict=True)}
    program = books[0].programs[-1]
    return Group(
        _Teller(books[0], found, lang).text(), *assumed_text(program, found, lang),
        *hardship_text(program, found, lang), *exercised_text(by_name, found, lang),
    )  # fmt: skip


class _Teller:
    def __init__(self, book: Rulebook, found: Simulation, lang: Lang) -> None:
        self.program, self.found, self.lang = book.programs[-1], found, lang
        self.exponent = exponent_of(found.currency)

    def text(self) -> Group:
        parts: list[RenderableType] = [*self._head(), *self._totals()]
        if self.found.group_by:
            parts += self._groups()
        parts += [*self._shares(), *self._brackets()]
        for reform in self.found.reforms:
            parts += self._reform(reform)
        return Group(*parts, *self._budgets(), *self._refused())

    def _say(self, zh: str, en: str) -> str:
        return pick((zh, en), self.lang)

    def _title(self, zh: str, en: str) -> list[RenderableType]:
        return [verbatim(""), verbatim(self._say(zh, en), "bold")]

    def _money(self, minor: int) -> str:
        return grouped(minor, self.exponent)

    # --- all claims -------------------------------------------------------------------------------------------------

    def _head(self) -> Iterator[RenderableType]:
        claims, unit = self.found.claims, money_name(self.found.currency, self.lang)
        said = self._say(f"结算单 {claims:,} 份 · 单位：{unit}", f"{claims:,} claims · in {unit}")
        yield verbatim(f"{self.found.baseline.name} · {said}", "bold")
        yield from _lines(f"  {text}" for text in assumptions(self.found, self.lang))
        for outcome in self.found.outcomes:
            yield verbatim(f"  {outcome.name}: {self._settled(outcome.total)}")
            yield verbatim(f"  {self._say('结果摘要', 'digest of the results')}: {outcome.digest}")

    def _settled(self, cell: Cell) -> str:
        refused = cell.claims - cell.settled
        text = self._say(f"已结算 {cell.settled:,}，未结算 {refused:,}", f"{cell.settled:,} settled, {refused:,} not")
        why = [
            f"{pick(words, self.lang)} {cell.statuses[status]:,}"
            for status, words in NOT_SETTLED.items() if cell.statuses[status]
        ]  # fmt: skip
        return f"{text} ({', '.join(why)})" if why else text

    def _totals(self) -> Iterator[RenderableType]:
        yield from self._title("合计", "totals")
        totals = [one.total for one in self.found.outcomes]
        yield self._amounts(totals, dict.fromkeys(name for total in totals for name in total.amounts))

    def _amounts(self, cells: Sequence[Cell], names: Iterable[str]) -> RenderableType:
        """Each amount under each rule set, and what every reform changes of it."""
        outcomes = self.found.outcomes
        rows = Grid(["", *(one.name for one in outcomes), *(self._say("变化", "change") for _ in outcomes[1:])])
        for name in names:
            first, *others = (cell.amounts.get(name, 0) for cell in cells)
            changes = (_signed(self._money(value - first)) for value in others)
            rows.add(self._amount(name), *map(self._money, (first, *others)), *changes)
        return rows.shown()

    def _amount(self, name: str) -> str:
        return amount_name(self.program, name, self.lang)

    # --- groups -----------------------------------------------------------------------------------------------------

    def _label(self, label: Label) -> str:
        if not label:
            return self._say("全部", "all")
        names = (group_name(self.program, fact, word, self.lang) for fact, word in zip(self.found.group_by, label,
                                                                                       strict=True))  # fmt: skip
        return self._say("、", ", ").join(names)

    def _groups(self) -> Iterator[RenderableType]:
        for label in sorted({label for one in self.found.outcomes for label in one.cells}):
            cells = [one.cells.get(label, Cell()) for one in self.found.outcomes]
            counted = self._say(f"结算单 {cells[0].claims:,} 份", f"{cells[0].claims:,} claims")
            if refused := cells[0].claims - cells[0].settled:
                counted += self._say(f"，未结算 {refused:,}", f", {refused:,} not settled")
            yield from self._title(*(f"{self._label(label)} · {counted}",) * 2)
            yield self._amounts(cells, [name for name in cells[0].amounts if not name.startswith("patient.")])

    # --- what patients bear -----------------------------------------------------------------------------------------

    def _shares(self) -> Iterator[RenderableType]:
        title = self._title("个人负担占总费用的比例（份）", "claims by the patient's share of the bill")
        yield from self._distribution(title, share_names(self.lang), [one.total.shares for one in self.found.outcomes])

    def _brackets(self) -> Iterator[RenderableType]:
        unit = money_name(self.found.currency, self.lang)
        title = self._title(f"个人负担金额（份，{unit}）", f"claims by what the patient bears, in {unit}")
        yield from self._distribution(title, bracket_names(self.lang), [one.total.borne for one in self.found.outcomes])

    def _distribution(
        self, title: list[RenderableType], names: Sequence[str], counts: Sequence[Sequence[int]]
    ) -> Iterator[RenderableType]:
        rows = Grid(["", *(one.name for one in self.found.outcomes)])
        some = [at for at in range(len(names)) if any(column[at] for column in counts)]
        for at in some:
            rows.add(names[at], *(f"{column[at]:,}" for column in counts))
        if some:
            yield from (*title, rows.shown())

    # --- reforms ----------------------------------------------------------------------------------------------------

    def _reform(self, reform: Reform) -> Iterator[RenderableType]:
        name = reform.outcome.name
        yield from self._title(f"改革：{name}", f"reform: {name}")
        if not reform.changed:
            yield verbatim("  " + self._say("没有任何结算单发生变化：改革没有效果",
                                            "no claim changes: the reform has no effect on this book"))  # fmt: skip
        else:
            yield verbatim("  " + self._changed(reform))
            yield from self._sides(reform)
        yield from self._judged(reform)

    def _changed(self, reform: Reform) -> str:
        parts = [self._say(f"{reform.changed:,} 份结算单有变化", f"{reform.changed:,} claims change")]
        if reform.gained:
            gained = f"{reform.gained:,}"
            parts.append(self._say(f"{gained} 份只有改革后能结算", f"{gained} only the reform settles"))
        if reform.lost:
            lost = f"{reform.lost:,}"
            parts.append(self._say(f"{lost} 份改革后不能结算", f"{lost} the reform no longer settles"))
        return self._say("，", ", ").join(parts)

    def _sides(self, reform: Reform) -> Iterator[RenderableType]:
        sums = (("合计", "in all"), ("平均", "mean"), ("最大", "most"))
        words = (("人数或份数", "compared"), ("减负", "bear less"), *sums, ("加负", "bear more"), *sums)
        rows = Grid(["", *(pick(pair, self.lang) for pair in words)])
        people, claims = self._say("人", "people"), self._say("结算单", "claims")
        listed = [(people, reform.everybody)]
        if self.found.group_by:
            listed += [(f"{people} · {self._label(label)}", c) for label, c in sorted(reform.people.items())]
        listed += [(f"{claims} · {self._label(label)}", c) for label, c in sorted(reform.claims.items())]
        for name, change in listed:
            if change.compared:
                rows.add(name, f"{change.compared:,}", *self._side(change.winners), *self._side(change.losers))
        yield rows.shown()

    def _side(self, side: Side) -> list[str]:
        if not side.count:
            return ["0", "", "", ""]
        mean = amount_text(side.mean, self.exponent)
        return [f"{side.count:,}", self._money(side.total), mean, self._money(side.largest)]

    def _judged(self, reform: Reform) -> Iterator[RenderableType]:
        for one in reform.judged:
            if not one.failed:
                yield verbatim("  " + self._say(f"未出现：{one.text}", f"does not happen: {one.text}"))
                continue
            worst = self._money(one.worst)
            happens = self._say(f"出现：{one.text}（{one.failed:,}，最多 {worst}）",
                                f"happens: {one.text} ({one.failed:,}, at most {worst})")  # fmt: skip
            yield verbatim("  " + happens, "red")
            for case in one.cases:
                before, after, bill = map(self._money, (case.before, case.after, case.bill))
                said = self._say(f"    结算单 {case.claim}：费用 {bill}，{before} → {after}",
                                 f"    claim {case.claim}: of a bill of {bill}, {before} → {after}")  # fmt: skip
                yield verbatim(said)

    # --- funds and refusals -----------------------------------------------------------------------------------------

    def _budgets(self) -> Iterator[RenderableType]:
        if not self.found.budget:
            return
        yield from self._title("基金与预算", "funds against their budgets")
        outcomes = self.found.outcomes
        rows = Grid(["", self._say("预算", "budget"), *(one.name for one in outcomes)])
        for payer, budget in self.found.budget.items():
            left = (budget - one.total.amounts.get(payer, 0) for one in outcomes)
            rows.add(self._amount(payer), self._money(budget), *(self._balance(minor) for minor in left))
        yield rows.shown()

    def _balance(self, minor: int) -> str:
        word = self._say("结余", "left") if minor >= 0 else self._say("超支", "short")
        return f"{self._money(abs(minor))} {word}"

    def _refused(self) -> Iterator[RenderableType]:
        total = self.found.baseline.total
        refused = total.claims - total.settled
        if not refused:
            return
        yield from self._title(f"未结算（前 {len(self.found.refused)} 份，共 {refused:,} 份）",
                               f"not settled: the first {len(self.found.refused)} of {refused:,}")  # fmt: skip
        for one in self.found.refused:
            row = self._say(f"第 {one.row:,} 行", f"row {one.row:,}")
            yield verbatim(f"  {', '.join(filter(None, (row, one.claim)))}: {one.why.code} {one.why.message}")


def _lines(texts: Iterable[str]) -> Iterator[RenderableType]:
    yield from map(verbatim, texts)


def _signed(text: str) -> str:
    return text if text.startswith("-") or not text.strip("0.,") else f"+{text}"
