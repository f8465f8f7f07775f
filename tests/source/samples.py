"""Rule texts that use all of the YAML that rule files may use."""

COUNTY = """\
# a county of Shuangyashan
ruleset: cn/heilongjiang/shuangyashan/raohe
extends: "cn/heilongjiang/shuangyashan"
sources:
  speech: {title: 健康扶贫工作会议上的讲话 篇1, file: 004_c8f224d492c09cf3.txt}

parameters:
  ceiling_inpatient_county:
    - {from: 2015-01-01, value: 8000元, cite: {speech: "封顶线分别由500元、8000元提高到700元、10000元"}}
    - from: 2016-01-01   # the year after
      value: 10000元
      assumed: {from: 'no date in the speech, it isn''t said'}

provisions:
  - id: poor_uplift_raohe
    cite: {speech: "对农村贫困人口住院就医报销，在同级别医疗机构报销增加5个百分点"}
    when: registered_poor and care_type == 住院
      and hospital_level in [县级, 乡镇级]
    restates: poor_uplift
"""

STAIRS = """\
---
ruleset: dk/medicine
windows: {medicine_year: {anchored_months: 12}}
meters:
  spend: {counts: reference_price, in: medicine_year}
parts: [above_reference, reference_price]
layers:
- {id: subsidy, payer: region, on: reference_price}
- {id: own_cap, payer: region, on: reference_price}
provisions:
  - id: stairs
    layer: subsidy
    fund_share: {position: used(spend), bands: [[0kr, 0%], [1000kr, 40%],
      [1800kr, 60%], [4000kr, 80%]]}
    note: |
      Both meters name one window,
      else stairs and cap reopen on different days.
    why: >-
      folded text
      goes on
  - {id: basic_rule, pay: "min(alone.payable, allowed_2 - first.paid)", "escaped": "a\\tb\\u4e2d\\"c"}
"""
