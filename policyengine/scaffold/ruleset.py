"""The files of a new rule set: one that stands alone, with placeholders to be replaced, or one that extends another."""

from __future__ import annotations

from pathlib import Path
from string import Template

from policyengine.casebook import find_cases
from policyengine.errors import Diagnostic, RuleError, nearest
from policyengine.printing import format_text
from policyengine.rulebook import FILE, NAME, Place, bundled_names

ALONE = Template("""# What this file is for, in one sentence. What it leaves out, and why.
#
# Each provision is one sentence of the policy, with the document that says it: replace the placeholders one by one.
# What no document says is marked `assumed:` with the reason; a figure that nobody states is never made up.
ruleset: $name
title: {zh: $last, en: $last}    # what people call it
status: draft    # until somebody approves it; `settle --draft` tries it
valid: {from: 2024-01-01}    # the first day on which it holds
# covers: {when: scheme == 城乡居民, cite: notice}    # whom it is for; others are refused

# The documents that are quoted:
# sources:
#   notice: {title: 关于医保待遇的通知, publisher: 医保局, date: 2023-12-01, url: example.org/notice, grade: A}

# The disjoint parts of the bill; the last one gets what nothing else takes.
parts: [own_expense, in_scope]

# Who pays, in order.
layers:
  - {id: basic, payer: pooled_fund, on: in_scope, assumed: a placeholder}    # cite: notice

# The sentences of the policy, in the order of the law.
provisions:
  - {id: outside, classify: class == 丙, to: own_expense, assumed: a placeholder}
  - {id: threshold, layer: basic, deductible: 500元, assumed: a placeholder}    # cite: {notice: 起付线500元}
  - {id: share, layer: basic, fund_share: 70%, assumed: a placeholder}
""")

CASE = """# Claims, and what they must come to: published by somebody, or worked by hand with the arithmetic beside it.
given:
  person: {id: p1, scheme: resident}
  encounter: {care_type: inpatient, discharge_date: 2024-03-05}
cases:
  - id: first
    title: 10,000 in scope and 300 outside of it
    source: worked by hand from the placeholders
    claims:
      - claim:
          id: c1
          lines:
            - {category: surgery, catalogue_class: a, amount: 10000.00}
            - {category: material, catalogue_class: c, amount: 300.00}
        expect:
          # (10,000 - 500) x 70 % = 6,650
          split: {pooled_fund: 6650.00, patient: 3650.00}
          patient: {own_expense: 300.00, deductible: 500.00, coinsurance: 2850.00}
"""

CHILD = Template("""# What this file adds to $parent, in one sentence. What it leaves out, and why.
#
# `policyengine show $parent` is what holds until this file says otherwise. Each sentence of the policy is one of these:
#   the same again           - {id: …, restates: <id>, cite: {notice: the words}}
#   another figure           - {id: …, replaces: <id>, layer: …, deductible: 300元, cite: {notice: the words}}
#   more, or less, for some  - {id: …, adjust: <id>, when: registered_poor, add: 5pp, cite: {notice: the words}}
#   no longer                - {id: …, repeals: <id>, cite: {notice: the words}}
#   new                      - a provision, perhaps with a layer of its own (`after: <id>`)
ruleset: $name
title: {zh: $last, en: $last}    # what people call it
extends: $parent
status: draft    # until somebody approves it; `settle --draft` tries it
""")


def ruleset_files(name: str, root: Path, parent: Place | None = None) -> dict[Path, str]:
    """The rule file and the cases of a new rule set below ``root``. Raises ``RuleError`` for a bad name."""
    if not NAME.fullmatch(name):
        raise RuleError(Diagnostic("E602", f"`{name}` is not the name of a rule set", None, "a name such as our/county",
                                   record=name))  # fmt: skip
    if name in bundled_names():
        hint = nearest(name + "_new", [name + "_new"])
        raise RuleError(
            Diagnostic("E605", f"`{name}` is bundled with the library", None, "another name", hint, record=name)
        )
    folder, last = root / name, name.rsplit("/", 1)[-1]
    if parent is None:
        text = ALONE.substitute(name=name, last=last)
        return {folder / FILE: format_text(text, name), folder / "cases" / f"{last}.yaml": CASE}
    text = format_text(CHILD.substitute(name=name, last=last, parent=parent.name), name)
    return {folder / FILE: text, **_cases_of(parent, folder)}


def _cases_of(parent: Place, folder: Path) -> dict[Path, str]:
    """The shortest case file of the parent: the same claims must come to the same until the child says otherwise."""
    files = sorted(find_cases(parent.file.parent, parent.path), key=lambda file: (file.stat().st_size, file.name))
    if not files:
        return {}
    head = f"# As {parent.name} has it: the same claims come to the same, until this rule set says otherwise.\n"
    return {folder / "cases" / "as_before.yaml": head + files[0].read_text(encoding="utf-8")}
