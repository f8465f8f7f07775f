"""Rule sets of two primitives: every form of every mechanism beside every other, in one layer or in two.

A form is a sentence or two with what they need: meters in the window of the rule set, options of the layer. ``{p}`` is
the form's own prefix, ``{l}`` the layer, ``{w}`` the window.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

DECLARED = {
    "insurance_year": "{kind: year, starts: 07-01}",
    "two_months": "{months: 2, starts: 2017-01-15}",
    "first_use": "{anchored_months: 12}",
    "year_back": "{rolling_months: 12}",
    "thirty_days": "{rolling_days: 30}",
    "spell": "{reset_after_days_out: 60}",
    "episode": "{reset_when: care_type == emergency}",
}
WINDOWS = ("visit", "day", "week", "month", "quarter", "benefit_year", "lifetime", *DECLARED)

HEAD = """ruleset: pair
rounding: {rounding}
valid: {{from: 2017-01-01, to: 2019-01-01}}
windows: {{{windows}}}
parts: [own_expense, first_share, in_scope]
"""


@dataclass(frozen=True, slots=True)
class Form:
    """``order``: where it stands among the clauses of a layer; ``pays``: it takes the place of the layer's share;
    ``once``: a layer has it once; ``case``: it is about the whole bill, before all layers."""

    name: str
    provisions: tuple[str, ...]
    order: int = 0
    meters: tuple[str, ...] = ()
    layer: str = ""
    pays: bool = False
    once: bool = False
    case: bool = False


def _share(name: str, text: str, *meters: str) -> Form:
    return Form(name, ("id: {p}_share, layer: {l}, fund_share: " + text,), 3, meters, pays=True)


FORMS = (
    Form("classify_part", ("id: {p}_first, classify: class == 乙, take: 10% of left, to: first_share",)),
    Form("classify_payer", ("id: {p}_waived, classify: category == 床位费, take: 20% of left, payer: hospital",)),
    Form("quota_price", ("id: {p}_price, quota_price: 3000元, when: registered_poor",), case=True),
    Form("quota_of_a_fund", ("id: {p}_price, quota_price: 3000元, of: in_scope, overrun: other_fund",), case=True),
    Form("quota_into_a_part", ("id: {p}_price, quota_price: 3000元, overrun: own_expense",), case=True),
    Form("quota_restated", ("id: {p}_price, quota_price: 3000元, below: price, when: not retired",), case=True),
    Form("define", ("id: {p}_days, define: 'max(1, days_of_stay)'",
                    "id: {p}_charge, layer: {l}, set_aside: 5元 * {p}_days"), 2),
    Form("set_aside_base", ("id: {p}_tenth, layer: {l}, set_aside: 10% of base, as: {p}_label",), 2),
    Form("set_aside_payable", ("id: {p}_flat, layer: {l}, set_aside: 7元, from: payable",), 4),
    Form("set_aside_moved", ("id: {p}_away, layer: {l}, set_aside: 11元, to: own_expense",), 2),
    Form("set_aside_payable_moved", ("id: {p}_away, layer: {l}, set_aside: 11元, from: payable, to: first_share",), 4),
    Form("deductible", ("id: {p}_d, layer: {l}, deductible: 300元",), 1),
    Form("deductible_metered", ("id: {p}_d, layer: {l}, deductible: 300元, meter: {p}_met",), 1,
         ("{p}_met: {{counts: {l}.deductible, in: {w}}}",)),
    Form("deductible_map", ("id: {p}_d, layer: {l}, deductible: {{{p}_one: 300元, {p}_all: 700元}}",), 1,
         ("{p}_one: {{counts: {l}.deductible, in: {w}}}",
          "{p}_all: {{counts: {l}.deductible, in: {w}, per: [household]}}")),
    _share("share", "70%"),
    _share("share_of_parts", "{{in_scope: 75%}}"),
    _share("bands", "{{bands: [[0元, 50%], [1000元, 60%], [5000元, 80%]]}}"),
    _share("bands_whole", "{{whole: yes, bands: [[100元, 50%], [1000元, 60%]]}}"),
    _share("bands_with_deductible", "{{position: deductible, bands: [[0元, 50%], [1000元, 60%]]}}"),
    _share("bands_accumulated", "{{position: used({p}_cost), bands: [[0元, 30%], [1000元, 60%]]}}",
           "{p}_cost: {{counts: in_scope, in: {w}}}"),
    Form("pay", ("id: {p}_sum, layer: {l}, pay: 'min(50元, base)'",), 3),
    Form("top_up", ("id: {p}_target, layer: {l}, top_up: 90% of in_scope, at_most: 250元",), 3),
    Form("own_cost_cap", ("id: {p}_cap, layer: {l}, own_cost_cap: 2000元",), 3, pays=True),
    Form("own_cost_cap_metered", ("id: {p}_cap, layer: {l}, own_cost_cap: 2000元, meter: {p}_kept",), 3,
         ("{p}_kept: {{counts: {l}.coinsurance, in: {w}}}",), pays=True),
    Form("ceiling", ("id: {p}_top, layer: {l}, ceiling: 1500元",), 5),
    Form("ceiling_metered", ("id: {p}_top, layer: {l}, ceiling: 1500元, meter: {p}_paid",), 5,
         ("{p}_paid: {{counts: {l}.paid, in: {w}}}",)),
    Form("ceiling_shared", ("id: {p}_top, layer: [one, two], ceiling: 1500元",), 5),
    Form("ceiling_base", ("id: {p}_admitted, layer: {l}, ceiling: 4000元, limits: base",), 2),
    Form("ceiling_converted", ("id: {p}_top, layer: {l}, ceiling: 1500元, converts: cost",), 5),
    Form("split", ("id: {p}_who, layer: {l}, split: {{pooled_fund: 60%, other_fund: 30%, patient: 10%}}",), 6,
         once=True),
    Form("adjust", ("id: {p}_points, adjust: {l}_quantity, when: registered_poor, add: 5pp",)),
    Form("adjust_payable", ("id: {p}_cut, adjust: {l}.payable, when: retired, scale: 90%",)),
    Form("grant", ("id: {p}_aid, grant: 2% of patient, payer: medical_assistance, once: {w}",)),
    Form("timing", ("id: {p}_when, timing: one_stop, when: registered_poor, deposit: 100元",)),
    Form("to_date", (), layer="to_date: {w}", once=True),
    Form("less", (), layer="less: [{l}_off]", once=True),
    Form("per_row", (), layer="per: row", once=True),
)  # fmt: skip

IMPOSSIBLE = [
    *({"ceiling_converted", name} for name in (
        "set_aside_payable", "pay", "top_up", "own_cost_cap", "own_cost_cap_metered", "adjust_payable")),
    {"ceiling_converted", "set_aside_payable_moved"},
    *({"adjust", name} for name in ("own_cost_cap", "own_cost_cap_metered")),
    {"per_row", "to_date"},
]  # fmt: skip
"""What one layer cannot hold: a payout converted to cost beside payments that are no share; points on an amount; each
line by itself, over a window."""

BY_NAME = {form.name: form for form in FORMS}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two forms; ``together``: in one layer, else the first in the first layer and the second in the second."""

    first: str
    second: str
    together: bool
    window: str

    @property
    def name(self) -> str:
        return f"{self.first}-{'with' if self.together else 'then'}-{self.second}-{self.window}"


def pairs(window: str) -> Iterator[Pair]:
    """Every legal pair."""
    for one, two in itertools.product(FORMS, FORMS):
        if not _against_lines(one, two, together=False):
            yield Pair(one.name, two.name, False, window)
    for one, two in itertools.combinations_with_replacement(FORMS, 2):
        impossible = {one.name, two.name} in IMPOSSIBLE or (one.once and one == two)
        if not impossible and not _against_lines(one, two, together=True):
            yield Pair(one.name, two.name, True, window)


def _against_lines(one: Form, two: Form, *, together: bool) -> bool:
    """A layer on fee lines stands before every layer on the claim, has no meters and shares no clause with one."""
    names = [form.name for form in (one, two)]
    if "per_row" not in names:
        return False
    if one.case or two.case or "ceiling_shared" in names:
        return True
    return bool(one.meters or two.meters) if together else two.name == "per_row"


def rules(pair: Pair, rounding: str = "half_up 0.01元") -> str:
    """The rule file of a pair; ``rounding: end`` rounds nothing before the end."""
    forms = [("a", "one", BY_NAME[pair.first]), ("b", "one" if pair.together else "two", BY_NAME[pair.second])]
    meters = [m.format(p=p, l=layer, w=pair.window) for p, layer, form in forms for m in form.meters]
    lines = [HEAD.format(windows=_windows(pair), rounding=rounding)]
    if meters:
        lines += ["meters:", *(f"  {meter}" for meter in meters)]
    lines += ["layers:", *(_layer(layer, forms, pair.window) for layer in ("one", "two"))]
    return "\n".join([*lines, "provisions:", *_provisions(forms, pair.window), ""])


def _windows(pair: Pair) -> str:
    return f"{pair.window}: {DECLARED[pair.window]}" if pair.window in DECLARED else ""


def _layer(layer: str, forms: list[tuple[str, str, Form]], window: str) -> str:
    payer = {"one": "pooled_fund", "two": "critical_illness"}[layer]
    options = [form.layer.format(l=layer, w=window) for _, of, form in forms if of == layer and form.layer]
    return "  - {" + ", ".join([f"id: {layer}", f"payer: {payer}", "on: in_scope", *options]) + "}"


def _provisions(forms: list[tuple[str, str, Form]], window: str) -> Iterator[str]:
    yield "  - {id: outside, classify: class == 丙, to: own_expense}"
    for layer in ("one", "two"):
        yield f"  - {{id: {layer}_off, define: 100元}}"
        here = [(p, form) for p, of, form in forms if of == layer]
        clauses = [
            (form.order, text.format(p=p, l=layer, w=window), form.pays) for p, form in here for text in form.provisions
        ]
        clauses = _apart(clauses)
        if not any(pays for _, _, pays in clauses):
            clauses.append((3, f"id: {layer}_quantity, layer: {layer}, fund_share: 60%", True))
        elif any(form.name == "adjust" for _, form in here):
            target = next(text for _, text, pays in clauses if pays).partition(",")[0].removeprefix("id: ")
            clauses = [(o, t.replace(f"adjust: {layer}_quantity", f"adjust: {target}"), p) for o, t, p in clauses]
        yield from (f"  - {{{text}}}" for _, text, _ in sorted(clauses, key=lambda clause: clause[0]))


def _apart(clauses: list[tuple[int, str, bool]]) -> list[tuple[int, str, bool]]:
    """Two clauses that pay for one base: one for the registered poor, one for all others."""
    paying = [at for at, (_, _, pays) in enumerate(clauses) if pays]
    if len(paying) < 2:
        return clauses
    for at, condition in zip(paying, ("registered_poor", "not registered_poor"), strict=True):
        order, text, pays = clauses[at]
        clauses[at] = (order, f"{text}, when: {condition}", pays)
    return clauses
