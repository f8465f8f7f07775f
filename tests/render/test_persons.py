"""The course of a stay, evidence, entitlements and audit rules on a page, with who says so."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from policyengine.assemble import read
from policyengine.loading import load
from policyengine.render import Page, markdown_of, subject_of
from policyengine.render.persons import audit_section, entitlements_sections
from policyengine.render.stays import stays_section
from policyengine.render.voice import voice_of
from policyengine.rulebook import locate

RULES = """
ruleset: told
sources:
  notice: {title: Notice 7}
facts:
  death_date: {type: date, label: {zh: 死亡日期, en: day of death}}
parts: [in_scope]
layers:
  - {id: basic, payer: pooled_fund, on: in_scope}
provisions:
  - {id: share, layer: basic, fund_share: 70%}
  - {id: poor_first, timing: one_stop, when: registered_poor, label: {zh: 先诊疗后付费, en: poor first}}
  - {id: others, timing: claim_later, when: not registered_poor, label: {zh: 先付后报, en: pay first}}
settlement:
  every: {reverse: subtract, repaid: any}
  poor_first:
    {agreement: yes, due: 1, instalments: 1, within: 30, default: defaulter, cite: {notice: pay within the month}}
  others: {agreement: no, due: 0, instalments: 0, repaid: in_order}
evidence:
  certificate:
    fields: {issuer: {type: code, values: {village: 村, county: 县}, label: {zh: 出具机关, en: issued by}},
             yearly: {type: money, label: {zh: 年收入, en: yearly income}}}
    label: {zh: 贫困证, en: certificate}
  default: {label: {zh: 欠费记录, en: record of a default}}
entitlements:
  registered_poor:
    needs: {certificate: issuer == county and yearly < 4000元}
    at_least: {certificate: 2}
    cite: {notice: by the county}
  advance:
    grants: treat_first
    label: {zh: 先诊疗, en: treated first}
    when: registered_poor
    unless: default
    valid: {from: 2020-01-01}
audit:
  twice: {pair: line, same: [name, line_date], label: {zh: 重复收费, en: charged twice}, cite: {notice: not twice}}
  split: {pair: claim, when: care_type == 住院, same: hospital_id, within: 1, together_above: 8000元}
  dead: {each: claim, after: death_date, valid: {from: 2021-01-01}}
"""

EN = """
## The course of a stay

- **however it is settled**: the funds pay in any order; when a settlement is taken back, the later ones stay, and \
what it counted is subtracted
- **poor first**: an agreement is signed before the settlement; the own share is due within 1 day of the settlement; \
in at most 1 instalment; the last instalment is due within 30 days of the settlement; who has not paid when it is \
due counts as “wilfully defaulted before” from then on
  - stated by \\[1\\] Notice 7: “pay within the month”
- **pay first**: no agreement is asked for; the own share is due on the day of the settlement; it is not paid in \
instalments; the funds pay in the order of the layers

## Evidence

- **certificate**: states issued by (village or county), yearly income (an amount)
- **record of a default**

## Who is entitled

- **registered poor**: needs at least 2 × certificate (issued by is county and yearly income is less than 4,000 yuan)
  - stated by \\[1\\] Notice 7: “by the county”
- **treated first**: where: registered poor; unless there is record of a default
  - in force: from 2020-01-01

## Audit

- **charged twice**: two fee lines of one person, with the same name of the item, day of the service of the fee line
  - stated by \\[1\\] Notice 7: “not twice”
- **split**: two claims of one person, where: kind of care is inpatient, with the same hospital, at most 1 day apart, \
together above 8,000 yuan and neither alone
- **dead**: each claim, after the day of death
  - in force: from 2021-01-01
"""

ZH = """
## 结算流程

- **各种结算方式**：各资金拨付不分先后；冲正结算时，其后的结算不变，从累计中扣减
- **先诊疗后付费**：结算前须签订协议；个人负担部分于结算后1日内付清；至多分1期付款；末期于结算后30日内付清；\
逾期未付的，此后视为“恶意拖欠”
  - 依据〔1〕《Notice 7》：“pay within the month”
- **先付后报**：不须签订协议；个人负担部分于结算当日付清；不得分期付款；各资金按支付次序拨付

## 证明材料

- **贫困证**：载明出具机关（村 或 县）、年收入（金额）
- **欠费记录**

## 资格认定

- **建档立卡贫困人口**：须有贫困证至少2份（出具机关为县且年收入低于 4,000元）
  - 依据〔1〕《Notice 7》：“by the county”
- **先诊疗**：适用：建档立卡贫困人口；有欠费记录的除外
  - 施行期：自 2020-01-01 起

## 审核规则

- **重复收费**：同一人的两条费用明细，项目名称、费用发生日期相同
  - 依据〔1〕《Notice 7》：“not twice”
- **split**：同一人的两次就医，条件：医疗类别为住院，医疗机构相同，相隔不超过1天，合计超过8,000元而各自不超过
- **dead**：每次就医，在死亡日期之后
  - 施行期：自 2021-01-01 起
"""


def text(folder: Path, lang: str, on: datetime.date | None = None) -> str:
    place = folder / "told" / "ruleset.yaml"
    place.parent.mkdir(exist_ok=True)
    place.write_text(RULES)
    subject = subject_of(load(place), read(locate(place)), on)
    voice = voice_of(subject, "zh" if lang == "zh" else "en")
    blocks = (*stays_section(voice), *entitlements_sections(voice), *audit_section(voice))
    return markdown_of(Page("told", lang, blocks))


@pytest.mark.parametrize(("lang", "told"), [("en", EN), ("zh", ZH)])
def test_the_course_and_what_is_said_of_persons_stand_on_the_page(tmp_path: Path, lang: str, told: str) -> None:
    assert told in text(tmp_path, lang)


def test_a_page_of_a_day_holds_what_is_in_force_on_it(tmp_path: Path) -> None:
    before = text(tmp_path, "en", datetime.date(2019, 12, 31))
    assert "**registered poor**" in before
    assert "**treated first**" not in before
    assert "**dead**" not in before
    assert "**treated first**" in text(tmp_path, "en", datetime.date(2020, 1, 1))
