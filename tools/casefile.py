"""The page of case files, from the field tables that read them."""

from __future__ import annotations

from policyengine.casebook.read import CASE, EXPECT, FILE, FOLDER, PAYMENT, TURN
from policyengine.casebook.read_runs import SEEK, SETTLEMENTS, UNIT
from tools.markdown import fields_table

EXAMPLE = """\
given:
  person: {id: p1, tags: [registered_poor]}
  encounter: {care_type: inpatient, discharge_date: 2018-03-09}
cases:
  - id: D-3
    title: one stay in a county hospital
    source: worked by hand
    claims:
      - claim:
          id: c1
          encounter: {area: within_county, hospital: {grade: secondary_a, tier: county}}
          lines: [{category: treatment, catalogue_class: a, amount: 27000.00}]
        expect:
          steps: {basic_share: 75%, basic.paid: 19950.00}
"""


def case_file() -> str:
    """Every key of a case file."""
    sections = (
        ("Case file", FILE),
        ("A case", CASE),
        ("A claim of a case", TURN),
        ("`settlements` of a run", SETTLEMENTS),
        ("A unit of a run", UNIT),
        ("`seek` of a run", SEEK),
        ("`expect`", EXPECT),
        ("A payment", PAYMENT),
    )
    return "\n\n".join(
        [
            "# Case files",
            f"Worked examples stand in the folder `{FOLDER}` beside a rule file, as YAML; `policyengine test` runs "
            "them. Amounts are in whole currency units and compared to the smallest coin. In claims, unquoted `true`, "
            "`false` and whole numbers are flags and numbers; everything else is text.",
            f"```yaml\n{EXAMPLE}```",
            *(f"## {title}\n\n{fields_table(fields)}" for title, fields in sections),
        ]
    )
