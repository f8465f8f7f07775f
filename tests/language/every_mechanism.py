"""Three rule files that use every mechanism: of the claim as a whole, of its lines, and rounded only at the end.

Each of their sentences calls, cites and assumes itself by its own name, so that a test can say in one word whose
evidence it wants to see.
"""

from __future__ import annotations

import re
from pathlib import Path

from policyengine import ir, load

CLAIM = """\
ruleset: demo
parts: [own_expense, first_share, in_scope]
sources: {law: {title: the law}}
covers: {when: not defaulter, cite: {law: [cover]}, assumed: cover}
parameters: {tariff: {value: 70%, cite: {law: [tariff]}, assumed: tariff}}
payers: {county: {side: fund, label: {zh: 县里, en: the county}}}
meters:
  met: {counts: basic.deductible, in: calendar_year}
  stays: {counts: 1, in: calendar_year, when: care_type == 住院}
layers:
  - {id: basic, payer: pooled_fund, on: in_scope, when: not retired, …}
  - {id: banded, after: basic, payer: critical_illness, on: in_scope, …}
  - {id: stepped, after: banded, payer: large_expense, on: [in_scope, own_expense], …}
  - {id: helped, after: stepped, payer: medical_assistance, on: in_scope, …}
  - {id: shared, after: helped, payer: other_fund, on: in_scope, …}
provisions:
  - {id: waiver, classify: class == 甲, take: 10% of left, payer: hospital, …}
  - {id: outside, classify: class == 丙, to: own_expense, …}
  - {id: price, quota_price: 9000元, when: student, of: in_scope, overrun: own_expense, below: price, …}
  - {id: named, define: 10% of bill, …}
  - {id: threshold, layer: basic, deductible: 500元, meter: met, …}
  - {id: admitted, layer: basic, ceiling: 20000元, limits: base, …}
  - {id: first, layer: basic, set_aside: 10% of base, as: first_share, to: first_share, …}
  - {id: share, layer: basic, fund_share: tariff, when: referred, …}
  - {id: better, adjust: share, when: orphan, set: 75%, scale: 110%, add: 5pp, at_least: 60%, at_most: 95%, …}
  - {id: flat, layer: basic, set_aside: 2元, from: payable, …}
  - {id: top, layer: basic, ceiling: 70000元, …}
  - {id: slices, layer: banded, fund_share: {bands: [[0元, 50%], [1000元, 60%]]}, …}
  - {id: reached, layer: banded, ceiling: 3000元, converts: cost, …}
  - {id: stairs, layer: stepped, fund_share: {bands: [[0元, 5%], [1000元, 6%]], whole: true}, …}
  - {id: sum, layer: helped, pay: named, …}
  - {id: target, layer: helped, top_up: 90% of in_scope, …}
  - {id: cap, layer: helped, own_cost_cap: 3000元, when: subsistence, …}
  - {id: rise, adjust: helped.payable, add: 1元, …}
  - {id: rest, layer: shared, fund_share: 100%, …}
  - {id: divided, layer: shared, split: {county: 60%, poverty_fund: 30%, patient: 10%}, …}
  - {id: birth, grant: 300元, payer: other_fund, once: lifetime, …}
  - {id: advance, timing: one_stop, when: destitute, deposit: 100元, at_discharge: pooled_fund, …}
"""

LINES = """\
ruleset: demo
parts: [own_expense, first_share, in_scope]
sources: {law: {title: the law}}
facts: {discharged: {type: flag}}
windows: {spell: {reset_when: discharged}}
tables: {price: {keys: [tier], columns: [share], rows: [[any, 5%]], cite: {law: [price]}, assumed: price}}
meters: {paid: {counts: each.paid, in: spell}}
layers:
  - {id: each, payer: pooled_fund, on: in_scope, per: row, when: class != 丙, …}
  - {id: yearly, after: each, payer: medical_assistance, on: in_scope, to_date: calendar_year, …}
  - {id: shadow, after: yearly, payer: none, on: in_scope, …}
provisions:
  - {id: cut, classify: class == 丙, take: price.share of left, to: own_expense, …}
  - {id: first, layer: each, set_aside: 10% of base, as: first_share, to: first_share, …}
  - {id: threshold, layer: each, deductible: 5元, …}
  - {id: share, layer: each, fund_share: 50%, …}
  - {id: most, layer: each, ceiling: 1000元, …}
  - {id: split, layer: each, split: {pooled_fund: 60%, account: 40%}, …}
  - {id: begin, layer: yearly, deductible: 1000元, …}
  - {id: half, layer: yearly, fund_share: 50%, …}
  - {id: all, layer: yearly, ceiling: 9000元, …}
  - {id: seen, layer: shadow, fund_share: 50%, …}
"""

END = """\
ruleset: demo
rounding: end
valid: {from: 2016-01-01, to: 2017-01-01, attested: {from: 2017-01-01}, cite: {law: [force]}, assumed: force}
parts: [own_expense, first_share, in_scope]
sources: {law: {title: the law}}
meters: {seen: {counts: visits, in: calendar_year}}
layers:
  - {id: basic, payer: pooled_fund, on: [in_scope, own_expense], …}
  - {id: aid, payer: medical_assistance, on: in_scope, when: used(seen) < 3, …}
provisions:
  - {id: waiver, classify: class == 甲, take: 10% of left, payer: hospital, …}
  - {id: outside, classify: class == 丙, to: own_expense, …}
  - {id: first, layer: basic, set_aside: 10% of base, of: in_scope, as: first_share, to: first_share, …}
  - {id: share, layer: basic, fund_share: 50%, …}
  - {id: sum, layer: aid, pay: 100元 if first_of_visit else 50元, …}
  - {id: shares, layer: aid, split: {pooled_fund: 5元, employer: 8元}, remainder: largest, if_none: employer, …}
"""


def program(folder: Path, rules: str) -> ir.Program:
    """The program of a rule file in which ``…`` stands for the evidence of each sentence."""
    own = r"{id: \1\2, label: {zh: 叫\1, en: called \1}, cite: {law: [\1]}, assumed: \1}"
    (folder / "ruleset.yaml").write_text(re.sub(r"{id: (\w+)(.*), …}", own, rules), "utf-8")
    (found,) = load(folder / "ruleset.yaml").programs
    return found
