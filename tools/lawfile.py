"""The page of law files, from the field tables that read them."""

from __future__ import annotations

from policyengine.lawfiles.read import COMPARE, FILE, FOLDER, LAW
from tools.markdown import fields_table

EXAMPLE = """\
laws:
  - id: the_poor_never_pay_more
    name: {zh: 贫困人口的个人负担不高于其他参保人, en: the poor never pay more than others}
    for_all: registered_poor and care_type == 住院
    compare: {otherwise: {registered_poor: no}}
    holds: this.patient_total <= other.patient_total
    cite: {speech: 对农村贫困人口住院就医报销，在同级别医疗机构报销增加5个百分点}
  - id: what_the_ceiling_allows
    name: {zh: 县级住院补偿全年不超过一万元, en: 'county hospitals: at most 10,000 a year'}
    for_all: tier == 县级 and area == 县域内
    holds: after(county_inpatient_paid) <= 10000元
    cite: {speech: 乡镇门诊补偿和县级住院补偿封顶线分别由500元、8000元提高到700元、10000元}
"""
NAMES = """\
`for_all` and `holds` are conditions in the language of the rule file: its facts, parameters, tables, formulas, meters
(`used(meter)` before the claim), the amounts of its layers (`basic.paid`). Besides, they know what is known in the end:

| name | meaning |
| --- | --- |
| `bill` | the bill |
| `pooled_fund`, `critical_illness`, `hospital` … | what a payer bears; zero where it pays nothing |
| `fund_total` | what all funds bear |
| `patient_total` | what the patient bears, accounts included; `patient`: in cash |
| `patient.deductible`, `patient.coinsurance` … | the patient's part by reason |
| `after(meter)` | what a meter holds with this claim |

In a comparison the names of the claim as it stands begin with `new.`, those of what it is held against with `old.`;
with `otherwise` they are `this.` and `other.`. A name without either is about the claim as it stands.
"""


def law_file() -> str:
    """Every key of a law file."""
    sections = (("Law file", FILE), ("A law", LAW), ("`compare`", COMPARE))
    return "\n\n".join(
        [
            "# Law files",
            f"What must hold of a rule set stands in the folder `{FOLDER}` beside the rule file, as YAML; "
            "`policyengine test` tries it on claims that are drawn, and pytest does "
            "([how to guard a policy](../testing-policy.md)).",
            f"```yaml\n{EXAMPLE}```",
            *(f"## {title}\n\n{fields_table(fields)}" for title, fields in sections),
            f"## Names\n\n{NAMES.strip()}",
        ]
    )
