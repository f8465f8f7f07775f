"""A settlement as text: every amount, every reason, every sentence – and nothing that was not said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from policyengine.claim import Claim
from policyengine.cli.output import text_of
from policyengine.engine import settle
from policyengine.errors import width
from policyengine.loading import load
from policyengine.report.text import settlement_text
from policyengine.settlement import Settlement
from tests.cases.demo import claim, rule_file


@pytest.fixture
def settled(tmp_path: Path) -> Any:
    book = load(rule_file(tmp_path))

    def run(**changes: Any) -> Settlement:
        return settle(book, Claim.model_validate(claim(**changes)), parameters={"second_share": "5%"})

    return run


def lines(settlement: Settlement, lang: Any = "en", explain: bool = False) -> list[str]:
    return text_of(settlement_text(settlement, lang, explain), colour=False).rstrip("\n").splitlines()


def test_who_pays_what_and_why(settled: Any) -> None:
    assert lines(settled()) == [
        "claim c1 · 2018-03-20 · demo · CNY",
        "  pooled fund   1,500.00",
        "  patient       1,000.00",
        "  total         2,500.00",
        "",
        "the patient's part, by reason",
        "  outside the catalogue   100.00",
        "  deductible              400.00",
        "  coinsurance             500.00",
        "",
        "rests on assumptions that no source states",
        '  - year: the notice does not say "a year"  [top]',
    ]


def test_in_chinese_with_payments_and_aligned_columns(settled: Any) -> None:
    # 2,000 × 85 % = 1,700; 5 % of the 700 left is 35; the patient bears 100 + 665.
    found = lines(settled(tags=["registered_poor"]), "zh")
    assert found[0] == "单据 c1 · 2018-03-20 · demo · CNY"
    assert found[1:5] == [
        "  统筹基金   1,700.00",
        "  其他支出      35.00",
        "  个人现金     765.00",
        "  合计       2,500.00",
    ]
    assert len({width(line) for line in found[1:5]}) == 1
    paid = found[found.index("资金支付") + 1 :][:3]
    assert paid == [
        "  出院时   个人 → 医院         765.00   个人负担",
        "  出院后   统筹基金 → 医院   1,700.00   偿还医院垫付",
        "  出院后   其他支出 → 医院      35.00   偿还医院垫付",
    ]


def test_the_reckoning_tells_formula_amount_and_sentence(settled: Any) -> None:
    found = lines(settled(tags=["registered_poor"]), "en", explain=True)
    at = found.index("  basic cover · fund share · adjustment: 10 points  [poor]")
    assert found[at + 1 : at + 3] == ["      because: registered poor", "      示例办法: “贫困人口提高10个百分点”"]
    assert found[at + 3].startswith("  basic cover · fund share: 75% (fund share as stated) + 10 points (")
    taken = "deductible taken: the lesser of 2,400.00 (amount considered) and 400.00 (deductible) = 400.00"
    assert any(line.startswith(f"  basic cover · {taken}") for line in found)
    assert '      assumed: year: the notice does not say "a year"' in found


def test_a_provision_that_did_not_apply_is_not_told(settled: Any) -> None:
    assert not any("[poor]" in line for line in lines(settled(), explain=True))
    assert not any("adjustment" in line for line in lines(settled(), explain=True))


def test_the_reckoning_in_chinese(settled: Any) -> None:
    found = lines(settled(), "zh", explain=True)
    assert (
        "  基本医保 · 起付线扣除：2,400.00（计算基数）与 400.00（起付线）中较小者 = 400.00  [basic.floor.taken]"
        in found
    )
    assert "      《示例办法》：“起付线400元”" in found
    assert "  基本医保 · 封顶线：5,000.00（“own”表：县级）  [top]" in found
    assert '      假设：year: the notice does not say "a year"' in found


def test_texts_of_others_are_never_read_as_markup_or_escapes(settled: Any) -> None:
    claimed = settled(id="[bold]c[/bold]\N{EM DASH}x")
    assert lines(claimed)[0].startswith("claim [bold]c[/bold]—x · ")


def test_no_line_is_wider_than_the_page(settled: Any) -> None:
    for lang in ("en", "zh"):
        found = lines(settled(tags=["registered_poor"]), lang, explain=True)
        assert max(width(line) for line in found) <= 120
