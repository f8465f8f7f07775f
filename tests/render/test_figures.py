"""The figures of the benefit lists are those of the sources."""

from __future__ import annotations

import datetime

from tests.render.pages import rows_under, text

RAOHE = "cn/heilongjiang/shuangyashan/raohe"


def test_136_lists_what_xinhua_reported() -> None:
    """新华社 2017-11-12: 三甲 1,000元 60 % (外省 1,500元 55 %), 三乙二甲 500元 70 %, 县 400元 75 %, 其余 100元 85 %."""
    rows = rows_under(text("cn/shanxi/136", "zh"), "基本医疗保险")
    assert [(row[0].split("、")[0], row[1], *row[-3:]) for row in rows] == [
        ("三级甲等", "不限", "1,500元", "55%", "70,000元"),
        ("三级甲等", "市级、省级", "1,000元", "60%", "70,000元"),
        ("三级乙等", "县级", "400元", "75%", "70,000元"),
        ("三级乙等", "市级、省级", "500元", "70%", "70,000元"),
        ("二级乙等", "不限", "100元", "85%", "70,000元"),
    ]


def test_136_halves_the_threshold_for_the_poor_and_caps_their_own_cost() -> None:
    """10,000元 (5,000元 for the poor), 75 %, 400,000元; at most 1,000, 3,000, 6,000元 of their own."""
    written = text("cn/shanxi/136", "zh")
    assert rows_under(written, "大病保险") == [["10,000元", "5,000元", "75%", "400,000元"]]
    caps = rows_under(written, "目录内自付封顶")
    assert {(row[0], row[-1]) for row in caps if "县域内" in row[1] or row[1] == "不限"} == {
        ("村级、乡镇级、县级", "1,000元"), ("市级", "3,000元"), ("省级", "6,000元"),
    }  # fmt: skip
    assert rows_under(written, "补充医疗保险") == [["85%"]]


def test_raohe_adds_five_points_for_the_poor_and_the_ceiling_of_the_county() -> None:
    """乡镇 100元 90 %, 县 500元 70 %, 转诊 1,000元 45 %, 未转诊 25 %, 非定点 10 %; the poor 5 points more; 10,000元.

    The fourth column is the disease: the 22 are outside this table in designated hospitals, and inside it in others.
    """
    rows = rows_under(text(RAOHE, "zh"), "新农合住院补偿")
    found = {
        (row[0], row[2], row[4]): row[5:] for row in rows if row[1] != "市内县外、省内市外、省外" or row[0] == "不限"
    }
    assert found["村级、乡镇级", "不限", "是"] == ["100元", "90%", "95%", "—"]
    assert found["县级", "不限", "是"] == ["500元", "70%", "75%", "10,000元"]
    assert found["不限", "是", "是"] == ["1,000元", "45%", "50%", "—"]
    assert found["不限", "否", "是"] == ["1,000元", "25%", "30%", "—"]
    assert found["县级", "不限", "否"] == ["1,000元", "10%", "15%", "10,000元"]


def test_raohe_before_2016_has_the_old_ceilings_and_no_uplift() -> None:
    """“乡镇门诊补偿和县级住院补偿封顶线分别由500元、8000元提高到700元、10000元”."""
    written = text(RAOHE, "zh", datetime.date(2015, 6, 1))
    (county,) = [
        r for r in rows_under(written, "新农合住院补偿") if r[0] == "县级" and r[1] == "县域内" and r[4] == "是"
    ]
    assert county[5:] == ["500元", "70%", "8,000元"]
    assert rows_under(written, "新农合门诊统筹")[0] == ["村级、乡镇级", "90%", "—", "500元"]


def test_the_22_diseases_of_raohe() -> None:
    assert rows_under(text(RAOHE, "zh"), "22种重特大疾病补偿") == [["800元", "70%"]]


def test_the_double_ceiling_of_fujian_in_english() -> None:
    """7, 11, 14, 15 points more up to 50, 70, 90, 95 %."""
    written = text("cn/fujian", "en", datetime.date(2018, 6, 1))
    for share in ("7%", "11%", "14%", "15%", "50%", "70%", "90%", "95%"):
        assert f"| {share} |" in written


def test_the_bands_of_critical_illness_2024() -> None:
    """12,000 to 30,000: 60 %; to 100,000: 65 %; above: 75 %."""
    written = text("examples/critical_illness_bands_2024", "zh")
    (row,) = rows_under(written, "大病保险")
    assert row == ["12,000元", "60%", "65%", "75%"]
    assert "12,000元至30,000元部分支付60%；30,000元至100,000元部分支付65%；100,000元以上部分支付75%" in written


def test_the_edges_of_bands_are_figures_where_the_file_decides_them() -> None:
    """Half of a cap of 2,850 is 1,425; the most of Part D, 590 and four times 1,410, is 6,230; a table's edge is told
    by its column."""
    sweden = text("world/sweden/medicines", "en")
    assert "100% of the part above 6,994.0425 SEK" in sweden
    assert "0% of the part from 0 SEK to 1,425 SEK" in sweden
    assert "6,230美元以上部分支付100%" in text("world/us/part_d_2025", "zh")
    assert "表1“last”栏以上部分支付100%" in text("world/denmark/medicines", "zh")


def test_columns_that_one_provision_reads_together_keep_their_own_names() -> None:
    assert "| 所得区分 | 计算基数 | from | slope | repeated |" in text("world/japan/high_cost", "zh")


def test_a_sum_of_some_lines_is_told_by_the_lines() -> None:
    written = text("world/switzerland/basic_insurance", "zh")
    assert "住院日自付的各费用明细的金额合计为 15瑞士法郎 × 住院日自付的各费用明细的数量合计" in written


def test_a_part_that_is_alone_in_what_it_counts_as_needs_no_other_name() -> None:
    assert "- **支付范围**：政策范围内费用" in text("cn/inner_mongolia/hohhot/family_doctor", "zh")
    assert "- **支付范围**：pooled（政策范围内费用），逐条明细计算" in text("world/japan/high_cost", "zh")


def test_a_file_for_certain_bills_has_its_examples_in_its_cases() -> None:
    written = text("world/singapore/medishield_life", "en")
    assert "It covers certain bills only, and no bill of one ordinary fee line is among them" in written


def test_a_price_list_by_the_day_of_the_line_is_told_by_days() -> None:
    whole = text("examples/price_list_by_service_date", "en")
    assert "| before 2024-07-01 | examination | 300 yuan |" in whole
    assert "| from 2024-07-01 | examination | 240 yuan |" in whole
    assert "each fee line by its own day" in whole


def test_the_list_says_for_whom_a_layer_is() -> None:
    written = text("cn/shanxi/136", "zh").split("## 费用归类")[0]
    assert "### 目录内自付封顶\n\n适用对象：建档立卡贫困人口。" in written
