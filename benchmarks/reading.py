"""What a rule author waits for: the largest bundled rule file, and one like a province's, read, lowered, checked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from policyengine.assemble import epochs, read
from policyengine.check import before_lowering, findings
from policyengine.errors import Diagnostic
from policyengine.lower import lower_each
from policyengine.rulebook import Place, bundled_names, locate

LEVELS = ("三级", "二级", "一级|未定级")
TIERS = ("省级|市级", "县级", "乡镇级|村级")
AREAS = ("县域内", "市内县外", "省内市外")
TAGS = ("registered_poor", "subsistence", "destitute", "orphan", "retired", "student")
CATEGORIES = (
    "registration", "consultation", "bed", "nursing", "lab", "examination", "large_equipment_exam", "interventional",
    "surgery", "treatment", "anaesthesia", "dialysis", "western_drug",
)  # fmt: skip
MADE_UP = "assumed: made up for this measurement"
TABLES, PARAMETERS, EPOCHS, LAYERS, PROVISIONS = 40, 60, 10, 20, 300


def largest() -> Place:
    """The bundled rule set of the longest text, with all that it extends."""

    def length(place: Place) -> int:
        return sum(len((place.root / name / "ruleset.yaml").read_bytes()) for name, _ in read(place).files)

    return max(map(locate, bundled_names()), key=length)


def checked(place: Place) -> tuple[Diagnostic, ...]:
    """Everything that ``policyengine check`` does to one rule set."""
    ruleset = read(place)
    before_lowering(ruleset)
    return findings(ruleset, lower_each(ruleset, epochs(ruleset)))


def province(folder: Path) -> Place:
    """A rule file of 300 provisions, 40 tables and 60 parameters of ten values, written into ``folder``."""
    file = folder / "province.yaml"
    file.write_text("\n".join(_lines()) + "\n", encoding="utf-8")
    return Place(file, "province", folder)


def _lines() -> Iterator[str]:
    yield from ("ruleset: province", "title: {en: made up to be large}", "valid: {from: 2015-01-01}")
    yield "parts: [own_expense, first_share, in_scope]"
    yield "parameters:"
    for number in range(PARAMETERS):
        yield f"  p{number}:"
        for year in range(EPOCHS):
            period = f"from: {2015 + year}-01-01" + (f", to: {2016 + year}-01-01" if year + 1 < EPOCHS else "")
            yield f"    - {{value: {100 + 10 * number + year // (1 + number % 5) * 50}元, {period}, {MADE_UP}}}"
    yield "tables:"
    for number in range(TABLES):
        yield from _table(number)
    yield "stacks: {uplifts: {up_to: 95%}}"
    yield "layers:"
    for number in range(LAYERS):
        when = f"age >= {number * 3 + 1} and age < {number * 3 + 4}"
        yield f"  - {{id: l{number}, payer: pooled_fund, on: in_scope, when: {when}, {MADE_UP}}}"
    yield "provisions:"
    listed = list(_provisions())
    yield from listed
    for number in range(len(listed), PROVISIONS):
        yield f"  - {{id: g{number}, define: p{number % PARAMETERS} + {number}元, label: made up, {MADE_UP}}}"


def _table(number: int) -> Iterator[str]:
    yield f"  t{number}:"
    yield "    keys: [hospital_level, tier, age]"
    yield "    columns: [deductible, share]"
    yield "    rows:"
    for level in LEVELS:
        for tier in TIERS:
            yield f"      - [{level}, {tier}, ..18, {100 + number}元, {60 + number % 5}%]"
            yield f"      - [{level}, {tier}, 18.., {200 + number}元, {70 + number % 5}%]"
    yield f"    {MADE_UP}"


def _provisions() -> Iterator[str]:
    yield f"  - {{id: outside, classify: class == 丙, to: own_expense, {MADE_UP}}}"
    for category in CATEGORIES:
        for number, area in enumerate(AREAS):
            lines = f"classify: category == {category} and class == 乙, when: area == {area}"
            taken = f"take: {5 + number}% of left, to: first_share"
            yield f"  - {{id: first_{category}_{number}, {lines}, {taken}, {MADE_UP}}}"
    for layer in range(LAYERS):
        for number, who in enumerate(("not registered_poor", "registered_poor")):
            amount = f"t{2 * layer + number}.deductible + p{2 * layer + number}"
            yield f"  - {{id: d{layer}_{number}, layer: l{layer}, when: {who}, deductible: {amount}, {MADE_UP}}}"
        yield f"  - {{id: s{layer}, layer: l{layer}, fund_share: t{layer}.share, {MADE_UP}}}"
        for number, tag in enumerate(TAGS):
            change = f"adjust: s{layer}, when: {tag}, add: {number % 3 + 1}pp, stack: uplifts"
            yield f"  - {{id: a{layer}_{number}, {change}, {MADE_UP}}}"
        yield f"  - {{id: c{layer}, layer: l{layer}, ceiling: p{40 + layer} * 100, {MADE_UP}}}"
