"""The files of a new mechanism in a checkout of the library: it works, and what it does is to be replaced."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template

from policyengine.errors import Diagnostic, RuleError
from policyengine.mechanisms import BY_KEY
from policyengine.rulebook import bundled_root

ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", re.ASCII)

MODULE = Template('''"""$id – 新机制: says what it does, and what it is for, in one sentence."""

from __future__ import annotations

from policyengine import ir
from policyengine.mechanisms.base import Frame, Mechanism, Provision
from policyengine.shapes import Expression, Field


def lower(provision: Provision, frame: Frame) -> None:
    """So far the layer pays the amount on top; see CONTRIBUTING.md for what ``make`` and ``frame`` can do."""
    make = frame.make
    with make.bare({"base": frame.base, "payable": frame.payable}):
        stated = ir.choose(make.guard(provision), make.amount(provision.values["$id"]), ir.ZERO)
        frame.pays(make.slot(provision, stated))


$upper = Mechanism(
    "$id",
    "新机制",
    "$words",
    "The layer pays this, too.",
    "layer",
    (Field("$id", Expression(), "the amount; `base` is the running base", True),),
    lower,
    "- {id: more, layer: basic, $id: 100元}",
)
''')

RULESET = Template("""# The smallest rule set that uses `$id`; to be replaced by a real policy, cited.
ruleset: examples/primitives/$id
title: {zh: 新机制示例, en: The mechanism $words}

parts: [in_scope]

layers:
  - {id: basic, payer: pooled_fund, on: in_scope, assumed: made up for this example}

provisions:
  - {id: share, layer: basic, fund_share: 50%, assumed: made up for this example}
  - {id: more, layer: basic, $id: 100元, when: registered_poor, assumed: made up for this example}
""")

CASES = """given:
  encounter: {care_type: inpatient, discharge_date: 2024-03-05}
cases:
  - id: it-applies
    title: half of 1,000.00, and 100.00 on top
    source: worked by hand
    claims:
      - claim: {id: a, person: {id: p1, tags: [registered_poor]}, lines: [{category: surgery, amount: 1000.00}]}
        expect: {split: {pooled_fund: 600.00, patient: 400.00}}
  - id: it-does-not-apply
    title: half of 1,000.00
    source: worked by hand
    claims:
      - claim: {id: b, person: {id: p2}, lines: [{category: surgery, amount: 1000.00}]}
        expect: {split: {pooled_fund: 500.00, patient: 500.00}}
  - id: never-more-than-the-bill
    title: 25.00 and 100.00 on top are more than 50.00
    source: worked by hand
    claims:
      - claim: {id: c, person: {id: p1, tags: [registered_poor]}, lines: [{category: surgery, amount: 50.00}]}
        expect: {split: {pooled_fund: 50.00, patient: 0.00}}
"""

TEST = Template('''"""What `$id` means, beyond the cases beside its example."""

from __future__ import annotations

from policyengine import Claim, load, settle


def test_the_amount_is_told_in_the_trace() -> None:
    """Half of 1,000.00 and 100.00 on top."""
    encounter = {"care_type": "inpatient", "discharge_date": "2024-03-05"}
    person, line = {"id": "p1", "tags": ["registered_poor"]}, {"category": "surgery", "amount": "1000.00"}
    claim = Claim.model_validate({"id": "c1", "person": person, "encounter": encounter, "lines": [line]})
    settlement = settle(load("examples/primitives/$id"), claim)
    assert str(settlement.split["pooled_fund"]) == "600.00"
    assert str(settlement.amount("more")) == "100.00"
''')


def checkout() -> Path:
    """The folder of the checkout that this library runs from. Raises ``RuleError`` if it is installed as a package."""
    root = bundled_root().parent
    if not (root / "pyproject.toml").is_file() or not (root / "tests").is_dir():
        hint = "a mechanism is a part of the library: clone its repository and run the command there"
        raise RuleError(Diagnostic("E609", "this is not a checkout of the library", None, "", hint, record=str(root)))
    return root


def mechanism_files(name: str, root: Path) -> tuple[dict[Path, str], dict[Path, str]]:
    """The new files of a mechanism, and the file that changes. Raises ``RuleError`` for a bad or taken name."""
    if not ID.fullmatch(name) or name in BY_KEY:
        what = "is taken" if name in BY_KEY else "is not the name of a mechanism"
        expected = "small letters, digits and single underscores, not used yet"
        raise RuleError(Diagnostic("E615", f"`{name}` {what}", None, expected, record=name))
    words = {"id": name, "upper": name.upper(), "words": name.replace("_", " ")}
    example = root / "rulesets" / "examples" / "primitives" / name
    files = {
        root / "policyengine" / "mechanisms" / f"{name}.py": MODULE.substitute(words),
        example / "ruleset.yaml": RULESET.substitute(words),
        example / "cases" / f"{name}.yaml": CASES,
        root / "tests" / "language" / f"test_{name}.py": TEST.substitute(words),
    }
    listed = root / "policyengine" / "mechanisms" / "__init__.py"
    return files, {listed: _with_line(listed.read_text(encoding="utf-8"), name)}


def _with_line(text: str, name: str) -> str:
    """The list of mechanisms with one more, imported in the order of the alphabet and standing last in ``ALL``."""
    lines = text.splitlines()
    imports = [at for at, line in enumerate(lines) if line.startswith("from policyengine.mechanisms.")]
    behind = [at for at in imports if lines[at].split(".")[2].split()[0] < name]
    lines.insert(behind[-1] + 1 if behind else imports[0], f"from policyengine.mechanisms.{name} import {name.upper()}")
    end = lines.index(")  # fmt: skip", lines.index("ALL: tuple[Mechanism, ...] = ("))
    lines.insert(end, f"    {name.upper()},")
    return "\n".join(lines) + "\n"
