"""Levers, sweeps and seeks as text: the curve, what a unit of a lever costs, the value that meets a budget."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table

from policyengine.levers import period_text
from policyengine.money import exponent_of, grouped, round_to, text_of
from policyengine.report.amounts import money_name
from policyengine.report.grid import verbatim
from policyengine.report.names import Lang, pick
from policyengine.report.simulation_words import amount_name, group_name
from policyengine.rulebook import Rulebook
from policyengine.sweep import Axis, Cell, Curve, Found, Lever
from policyengine.sweep.boxes import Point

PLACES = 4
"""Decimals of what one unit of a lever costs."""


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> RenderableType:
    """``left``: how many columns are words. Numbers are never cut."""
    table = Table.grid(padding=(0, 3))
    for at in range(len(head)):
        widest = max((cell_len(row[at]) for row in rows), default=0) if left < len(head) else None
        table.add_column(justify="left" if at < left else "right", min_width=widest)
    table.add_row(*(verbatim(cell, "italic") for cell in head))
    for row in rows:
        table.add_row(*(verbatim(cell) for cell in row))
    return Padding(table, (0, 0, 0, 2))


# --- levers -----------------------------------------------------------------------------------------------------------


def levers_text(levers: Sequence[Lever], lang: Lang = "en") -> RenderableType:
    """Every number that can be moved, with its present value, the days on which it holds, and who says so."""
    rows = []
    for lever in levers:
        for at, literal in enumerate(lever.literals):
            said = ", ".join(dict.fromkeys(cite.source for cite in literal.cites))
            rows.append((lever.address if not at else "", literal.text, period_text(literal.valid), said))
    head = pick(("数值|现值|有效期|依据", "lever|value|holds|source"), lang).split("|")
    return _table(head, rows, 4)


def levers_data(levers: Sequence[Lever]) -> list[dict[str, object]]:
    """The same as JSON."""
    return [
        {
            "lever": lever.address,
            "kind": lever.kind,
            "values": [
                {
                    "value": one.text,
                    "from": "" if one.valid[0] is None else str(one.valid[0]),
                    "to": "" if one.valid[1] is None else str(one.valid[1]),
                    "at": str(one.span),
                    "sources": list(dict.fromkeys(cite.source for cite in one.cites)),
                }
                for one in lever.literals
            ],
        }
        for lever in levers
    ]


# --- a sweep ----------------------------------------------------------------------------------------------------------


def curve_text(book: Rulebook, found: Curve, lang: Lang = "en") -> Group:
    """The curve of a sweep. ``book``: of which the names of payers are."""
    return Group(*_Teller(book, found, lang).parts())


class _Teller:
    def __init__(self, book: Rulebook, found: Curve, lang: Lang) -> None:
        self.book, self.program, self.found, self.lang = book, book.programs[-1], found, lang
        self.exponent = exponent_of(found.currency)
        of_all = [n for n in found.names if n in (*found.payers, "patient_total") or n.startswith("grant.")]
        self.names = [name for name in of_all if found.moves(name)]
        self.kept = [name for name in of_all if name not in self.names]

    def _say(self, zh: str, en: str) -> str:
        return pick((zh, en), self.lang)

    def parts(self) -> Iterator[RenderableType]:
        first = next(iter(self.found.points.values())).total
        unit = money_name(self.found.currency, self.lang)
        said = self._say(f"结算单 {first.claims:,} 份 · 单位：{unit}", f"{first.claims:,} claims · in {unit}")
        yield verbatim(f"{self.book.name} · {said}", "bold")
        for axis in self.found.axes:
            yield verbatim("  " + lever_line(axis, self.lang))
        if self.kept:
            yield verbatim("  " + self._say("不变：", "unchanged: ") + "; ".join(map(self._unchanged, self.kept)))
        yield verbatim("")
        yield self._curve([(point, tally.total) for point, tally in self.found.points.items()])
        for group in sorted({group for tally in self.found.points.values() for group in tally.groups}):
            yield verbatim("")
            yield verbatim(self._group(group), "bold")
            cells = [(point, tally.groups.get(group, Cell())) for point, tally in self.found.points.items()]
            yield self._curve(cells)
        yield from self._marginals()
        yield verbatim("")
        yield verbatim(self._say("结果摘要", "digests of the results"), "bold")
        rows = [(*self._values(point), str(tally.digest)) for point, tally in self.found.points.items()]
        yield _table([*self._levers(), ""], rows, len(self.found.axes) + 1)

    def _unchanged(self, name: str) -> str:
        total = next(iter(self.found.points.values())).total
        return f"{amount_name(self.program, name, self.lang)} {grouped(total.amounts[name], self.exponent)}"

    def _group(self, group: tuple[str, ...]) -> str:
        pairs = zip(self.found.group_by, group, strict=True)
        return self._say("、", ", ").join(group_name(self.program, fact, word, self.lang) for fact, word in pairs)

    def _levers(self) -> list[str]:
        return [axis.lever.address.partition("[")[0] for axis in self.found.axes]

    def _values(self, point: Point) -> list[str]:
        return [axis.text(x) for axis, x in zip(self.found.axes, point, strict=True)]

    def _curve(self, cells: Sequence[tuple[Point, Cell]]) -> RenderableType:
        head = [*self._levers(), *(amount_name(self.program, name, self.lang) for name in self.names)]
        if self.found.has_limit:
            head.append(self._say("达到限额（份）", "claims at the limit"))
            head += [self._say("（人）", "people")] if self.found.people else []
        refused = any(cell.settled < cell.claims for _, cell in cells)
        head += [self._say("未结算（份）", "not settled")] if refused else []
        rows = []
        for point, cell in cells:
            row = [*self._values(point), *(grouped(cell.amounts.get(n, 0), self.exponent) for n in self.names)]
            if self.found.has_limit:
                row += [f"{cell.at_limit:,}"] + ([f"{cell.people_at_limit:,}"] if self.found.people else [])
            rows.append(row + ([f"{cell.claims - cell.settled:,}"] if refused else []))
        return _table(head, rows, len(self.found.axes))

    def _marginals(self) -> Iterator[RenderableType]:
        """What each amount grows by for one unit of the last lever."""
        steps = list(self.found.steps())
        if not steps or not self.names:
            return
        axis = self.found.axes[-1]
        _, per = axis.per
        unit = money_name(self.found.currency, self.lang)
        yield verbatim("")
        yield verbatim(self._say(f"{axis.lever.address} 每变动 {per} 的金额（{unit}）",
                                 f"for each {per} of {axis.lever.address}, in {unit}"), "bold")  # fmt: skip
        rows = []
        for before, point in steps:
            where = [*self._values(point)[:-1], f"{axis.text(before[-1])} → {axis.text(point[-1])}"]
            rows.append([*where, *(self._per_unit(before, point, name) for name in self.names)])
        head = [*self._levers(), *(amount_name(self.program, name, self.lang) for name in self.names)]
        yield _table(head, rows, len(self.found.axes))

    def _per_unit(self, before: Point, point: Point, name: str) -> str:
        return decimal_text(self.found.marginal(before, point, name) / 10**self.exponent, signed=True)


def lever_line(axis: Axis, lang: Lang) -> str:
    """The address of a lever, its present values and where they stand."""
    values = "; ".join(f"{one.text} {period_text(one.valid)}".strip() + f" ({one.span})" for one in axis.lever.literals)
    return f"{axis.lever.address}: {pick(('现为', 'now'), lang)} {values}"


def decimal_text(value: Fraction, signed: bool = False) -> str:
    """A number with few decimals, rounded half up."""
    rounded = round_to(value * 10**PLACES, "half_up")
    return ("+" if signed and rounded > 0 else "") + text_of(rounded, PLACES)


def curve_data(found: Curve) -> dict[str, object]:
    """A sweep as JSON: exact amounts as decimal texts, marginal amounts as fractions."""
    before = {point: one for one, point in found.steps()}
    return {
        "levers": [{"lever": axis.lever.address, "unit": axis.per[1]} for axis in found.axes],
        "currency": found.currency,
        "group_by": list(found.group_by),
        "points": [
            {
                "values": _values(found, point),
                **_cell(found, tally.total),
                "digest": str(tally.digest),
                **({"groups": [{"group": list(g), **_cell(found, c)} for g, c in sorted(tally.groups.items())]}
                   if found.group_by else {}),
                **({"per_unit": _per_unit(found, before[point], point)} if point in before else {}),
            }
            for point, tally in found.points.items()
        ],
    }  # fmt: skip


def _values(found: Curve, point: Point) -> list[str]:
    return [axis.text(x) for axis, x in zip(found.axes, point, strict=True)]


def _cell(found: Curve, cell: Cell) -> dict[str, object]:
    exponent = exponent_of(found.currency)
    amounts = {name: text_of(value, exponent) for name, value in cell.amounts.items()}
    limits: dict[str, object] = {"claims_at_limit": cell.at_limit} if found.has_limit else {}
    if found.has_limit and found.people:
        limits["people_at_limit"] = cell.people_at_limit
    return {"claims": cell.claims, "settled": cell.settled, "amounts": amounts, **limits}


def _per_unit(found: Curve, before: Point, point: Point) -> dict[str, str]:
    power = 10 ** exponent_of(found.currency)
    return {name: str(found.marginal(before, point, name) / power) for name in found.names}


def curve_rows(found: Curve) -> list[dict[str, object]]:
    """A sweep as a table: a row a point, and a group if there are groups; amounts in whole minor units."""
    rows: list[dict[str, object]] = []
    for point, tally in found.points.items():
        levers = {axis.lever.address: text for axis, text in zip(found.axes, _values(found, point), strict=True)}
        for group, cell in sorted(tally.groups.items()) if found.group_by else [((), tally.total)]:
            of = dict(zip(found.group_by, group, strict=True))
            limits = {"claims_at_limit": cell.at_limit, "people_at_limit": cell.people_at_limit}
            rows.append({**levers, **of, "claims": cell.claims, "settled": cell.settled, **cell.amounts,
                         **(limits if found.has_limit else {}), "digest": str(tally.digest)})  # fmt: skip
    return rows


# --- a seek -----------------------------------------------------------------------------------------------------------


def found_text(book: Rulebook, found: Found, lang: Lang = "en") -> Group:
    """The value that meets the target, and the proof that the next one does not."""
    exponent, name = exponent_of(found.currency), amount_name(book.programs[-1], found.target.amount, lang)
    unit = money_name(found.currency, lang)
    goal = f"{name} {found.target.relation} {grouped(found.target.value, exponent)} {unit}"
    proof = (
        (found.at, found.tallies[0], ("达到", "meets it")),
        (found.beyond, found.tallies[1], ("未达到", "does not")),
    )
    rows = []
    for value, tally, said in proof:
        total = tally.total.amounts.get(found.target.amount, 0)
        limits = [f"{tally.total.at_limit:,}"] if found.has_limit else []
        limits += [f"{tally.total.people_at_limit:,}"] if found.has_limit and found.people else []
        rows.append([found.axis.text(value), pick(said, lang), grouped(total, exponent), *limits])
    head = [found.axis.lever.address.partition("[")[0], "", name]
    head += [pick(("达到限额（份）", "claims at the limit"), lang)] if found.has_limit else []
    head += [pick(("（人）", "people"), lang)] if found.has_limit and found.people else []
    whole = found.tallies[0].total
    refused = whole.claims - whole.settled
    some = pick((f"（未结算 {refused:,}）", f" ({refused:,} not settled)"), lang) if refused else ""
    tried = pick(
        (f"结算单 {whole.claims:,} 份{some}，读 {found.passes} 遍，试 {len(found.totals)} 个值",
         f"{whole.claims:,} claims{some}, read {found.passes} times, {len(found.totals)} values tried"),
        lang,
    )  # fmt: skip
    return Group(
        verbatim(f"{found.axis.lever.address} = {found.axis.text(found.at)}", "bold"),
        verbatim("  " + goal),
        verbatim("  " + lever_line(found.axis, lang)),
        verbatim("  " + tried),
        verbatim(""),
        _table(head, rows, 2),
    )


def found_data(found: Found) -> dict[str, object]:
    """A seek as JSON, with every value that was tried."""
    exponent = exponent_of(found.currency)
    target = {"amount": found.target.amount, "relation": found.target.relation,
              "value": text_of(found.target.value, exponent)}  # fmt: skip
    proof = {
        key: {"value": found.axis.text(value), "total": text_of(found.totals[value], exponent)}
        for key, value in (("meets", found.at), ("does_not", found.beyond))
    }
    return {
        "lever": found.axis.lever.address,
        "value": found.axis.text(found.at),
        "target": target,
        **proof,
        "claims": found.tallies[0].total.claims,
        "settled": found.tallies[0].total.settled,
        "passes": found.passes,
        "tried": [
            {"value": found.axis.text(value), "total": text_of(total, exponent)}
            for value, total in found.totals.items()
        ],
    }
