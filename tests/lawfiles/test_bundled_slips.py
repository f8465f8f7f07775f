"""Laws beside bundled rule files that a slip breaks: a law that nothing could break would say nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine.assemble import flattened, parsed
from policyengine.lawfiles import Written, find_laws, read_laws, ready_for, try_laws
from policyengine.loading import load
from policyengine.rulebook import locate

SLIPS: tuple[tuple[str, str, dict[str, str]], ...] = (
    (
        "cn/heilongjiang/shuangyashan/youyi",
        "the_split_is_the_city_s",
        {"": "  - {id: slip, adjust: basic_share, when: registered_poor, add: 1pp, cite: speech}\n"},
    ),
    (
        "cn/heilongjiang/shuangyashan/baoqing",
        "the_own_share_is_the_city_s",
        {"": "  - {id: slip, adjust: basic_share, when: registered_poor, add: 1pp, cite: speech}\n"},
    ),
    (
        "cn/heilongjiang/shuangyashan/raohe/second_compensation",
        "for_the_poor_alone",
        {"    when: registered_poor\n": "    when: registered_poor or subsistence\n"},
    ),
    (
        "cn/heilongjiang/shuangyashan/raohe/second_compensation",
        "no_more_than_was_borne",
        {"take: own - (own_in_scope if care == 住院 else 0元)": "take: own - own_in_scope"},
    ),
    (
        "cn/chongqing/premium_help",
        "all_for_the_destitute",
        {"100% if subsistence or destitute or orphan": "100% if subsistence or destitute"},
    ),
    (
        "cn/chongqing/premium_help",
        "the_worse_off_never_pay_more",
        {"(70% if low_income or poor_by_illness else 0%)": "(0% if low_income or poor_by_illness else 70%)"},
    ),
    ("cn/chongqing", "the_poor_never_pay_more", {"add: 10pp": "add: -10pp"}),
    ("cn/chongqing", "raised_in_2019", {"scale: 50%": "scale: 150%"}),
    (
        "cn/chongqing",
        "cap_lifted_in_2020",
        {"when: not (poor_object and illness_cap_lifted)": "when: not poor_object or illness_cap_lifted"},
    ),
    ("cn/chongqing", "limits_of_the_year", {"ceiling: 200000元": "ceiling: 300000元"}),
    ("cn/chongqing/tilted_assistance", "limit_of_the_year", {"ceiling: 20000元": "ceiling: 20000.01元"}),
    ("cn/chongqing/tilted_assistance", "nothing_up_to_3500", {"deductible: 3500元": "deductible: 3000元"}),
    (
        "cn/chongqing/tilted_assistance",
        "the_first_class_never_pays_more",
        {"70% if first_class else 60%": "60% if first_class else 70%"},
    ),
    (
        "cn/shanxi/assistance",
        "allowance_without_threshold",
        {"- [no, yes, any, any, 70%, 0%,": "- [no, yes, any, any, 70%, 1%,"},
    ),
    ("cn/shanxi/assistance", "edge_and_illness", {"- [no, no, no, yes, 60%": "- [no, no, no, yes, 70%"}),
    ("cn/shanxi/assistance", "destitute_guaranteed", {"any, 100%, 0%, false": "any, 99%, 0%, false"}),
    ("cn/shanxi/assistance", "allowance_never_worse", {"any, any, 70%, 0%": "any, any, 50%, 0%"}),
    ("cn/shanxi/jinzhong", "the_city_never_costs_more", {"    payer: hospital\n": "    to: own_expense\n"}),
    ("cn/shanxi/jinzhong", "no_more_than_the_price", {"quota_price: case_price": "quota_price: 101% of case_price"}),
    ("cn/shanxi/jinzhong/yushe", "for_the_poor_alone", {"    when: registered_poor\n": ""}),
    (
        "cn/shanxi/jinzhong/yushe",
        "further_than_136",
        {"": "  - {id: slip, adjust: help_share, when: paid_by_3918 > 0元, set: 0%, cite: jinzhong}\n"},
    ),
    ("cn/shanxi/jinzhong/zuoquan", "budget_of_the_programme", {"ceiling: 3300000元": "ceiling: 3300000.01元"}),
    ("cn/shanxi/jinzhong/zuoquan", "programme_pays_its_share", {"fund_share: programme_share": "fund_share: 100%"}),
    (
        "cn/yunnan/qujing",
        "seventy_in_the_county",
        {
            "": "  - {id: slip, repeals: ninety_of_bill, cite: city_report}\n"
            "  - {id: slip_too, repeals: ninety_of_scope, cite: city_report}\n"
        },
    ),
    ("cn/yunnan/qujing", "ninety_of_the_bill", {"": "  - {id: slip, repeals: ninety_of_bill, cite: city_report}\n"}),
    (
        "cn/yunnan/dali",
        "nothing_is_left",
        {
            "    layer: extra\n    fund_share: 100%": "    layer: extra\n    fund_share: 99%",
            "own_cost_cap: 0元": "own_cost_cap: 1000元",
        },
    ),
    ("cn/yunnan/dali", "no_deductible", {"  - id: no_deductible\n    repeals: deductible\n    cite: dali\n": ""}),
    ("cn/yunnan/dali", "limit_of_critical_illness", {"ceiling: 247500元": "ceiling: 247500.01元"}),
    ("cn/fujian/quanzhou/critical_illness", "the_favoured_never_pay_more", {"scale: 50%": "scale: 150%"}),
    ("cn/fujian/quanzhou/critical_illness", "ceiling_of_the_year", {"ceiling: 250000元": "ceiling: 250000.01元"}),
    ("cn/fujian/quanzhou/assistance", "limit_of_the_year", {"ceiling: 30000元": "ceiling: 30000.01元"}),
    (
        "cn/fujian/quanzhou/assistance",
        "no_class_no_assistance",
        {"(share_fifth_2023 if class_5 else 0%)": "share_fifth_2023"},
    ),
    (
        "cn/fujian/quanzhou/assistance",
        "assistance_comes_after_insurance",
        {"": "  - {id: slip, adjust: basic.payable, when: class_1, scale: 90%, cite: mnw_2018}\n"},
    ),
    ("cn/fujian/quanzhou/shishi", "nearer_pays_more", {"[[0元, 80%], [5000元, 90%]]": "[[0元, 40%], [5000元, 90%]]"}),
    ("cn/fujian/quanzhou/shishi", "never_more_than_ninety_five", {"[500元, 95%]": "[500元, 99%]"}),
    ("world/germany/copayments", "burden_limit_of_the_year", {"(1% if chronically_ill else 2%)": "2%"}),
    (
        "world/germany/copayments",
        "nobody_below_eighteen",
        {"    set_aside: 10eur * charged_days\n    when: age >= 18\n": "    set_aside: 10eur * charged_days\n"},
    ),
    ("world/germany/copayments", "hospital_at_most_280", {"max(28 - used": "max(30 - used"}),
    ("world/netherlands/eigen_risico", "no_more_than_385_compulsory", {"value: 385eur": "value: 400eur"}),
    (
        "world/netherlands/eigen_risico",
        "none_below_eighteen",
        {
            "days_before_the_last + 1 if age >= 18 else 0": "days_before_the_last + 1",
            "age >= 18 and premium_days": "premium_days",
        },
    ),
    ("world/us/part_d_2025", "capped_at_2000", {"[catastrophic_from, 100%]]": "[catastrophic_from, 95%]]"}),
    ("world/us/hdhp_embedded", "a_member_meets_2700_at_most", {"value: 2700usd": "value: 2701usd"}),
    ("world/us/hdhp_embedded", "alone_a_member_meets_1500_at_most", {"value: 1500usd": "value: 1501usd"}),
    (
        "world/sweden/medicines",
        "free_below_eighteen",
        {"    layer: below_18\n    fund_share: 100%": "    layer: below_18\n    fund_share: 90%"},
    ),
    ("world/sweden/medicines", "never_more_than_the_cap", {"[top, 100%]]": "[top, 99%]]"}),
)
"""A rule set, one of its laws, and what the slip makes of what its file says; of nothing: what it adds."""
EXAMPLES, VOLUME = 100, 20_000


@pytest.mark.agree
@pytest.mark.parametrize(("name", "law", "slips"), SLIPS, ids=[f"{name}:{law}" for name, law, _ in SLIPS])
def test_a_slip_breaks_the_law(tmp_path: Path, name: str, law: str, slips: dict[str, str]) -> None:
    place = locate(name)
    text = place.file.read_text(encoding="utf-8")
    for said, slip in slips.items():
        assert said in text
        text = text.replace(said, slip) if said else text + slip
    file = tmp_path / "ruleset.yaml"
    file.write_text(text, encoding="utf-8")
    own = Written(flattened(parsed(locate(str(file)))), load(file))
    laws = [one for one in read_laws(find_laws(name)) if one.id.text == law]
    (verdict,) = try_laws(ready_for(own, place, laws), EXAMPLES, volume=VOLUME)
    assert verdict.breach is not None
