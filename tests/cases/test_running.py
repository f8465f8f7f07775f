"""A case passes only if every figure agrees; a failure names payer, step, sentence, file and line."""

from __future__ import annotations

from pathlib import Path

from policyengine.casebook import Outcome, read_cases, run_case
from policyengine.loading import load
from tests.cases.demo import CASES, RULES, rule_file


def outcome(folder: Path, cases: str, rules: str = RULES) -> Outcome:
    path = rule_file(folder, rules, cases)
    (case,) = read_cases(path.parent / "cases" / "demo.yaml")
    return run_case(load(path), case)


def differences(folder: Path, old: str, new: str) -> list[tuple[str, str, str, str]]:
    assert old in CASES
    return [(d.where, d.expected, d.got, d.gap) for d in outcome(folder, CASES.replace(old, new, 1)).differences]


def test_the_worked_case_passes(tmp_path: Path) -> None:
    found = outcome(tmp_path, CASES)
    assert found.passed
    assert found.render().endswith("demo.yaml:5:9: passed plain")


def test_the_split_is_exact_payer_by_payer(tmp_path: Path) -> None:
    found = differences(tmp_path, "pooled_fund: 1500.00, patient: 900.00", "pooled_fund: 1499.99, patient: 900.01")
    assert found == [
        ("split pooled_fund", "1,499.99", "1,500.00", "+0.01"),
        ("split patient", "900.01", "900.00", "-0.01"),
    ]


def test_a_payer_that_is_not_named_must_bear_nothing(tmp_path: Path) -> None:
    assert differences(tmp_path, "pooled_fund: 1500.00, patient: 900.00", "patient: 900.00") == [
        ("split pooled_fund", "0", "1,500.00", "+1,500.00")
    ]


def test_a_payer_that_nobody_knows_is_a_difference_even_at_zero(tmp_path: Path) -> None:
    found = outcome(tmp_path, CASES.replace("patient: 900.00}", "patient: 900.00, pooled_fnd: 0}"))
    assert [d.where for d in found.differences] == ["split pooled_fnd"]
    assert "did you mean `pooled_fund`?" in found.render()


def test_a_payer_of_the_glossary_may_be_named_with_zero(tmp_path: Path) -> None:
    assert differences(tmp_path, "patient: 900.00}", "patient: 900.00, medical_assistance: 0}") == []


def test_reasons_are_exact(tmp_path: Path) -> None:
    assert differences(tmp_path, "deductible: 400.00, coinsurance: 500.00", "coinsurance: 500.00") == [
        ("patient deductible", "0", "400.00", "+400.00")
    ]


def test_steps_are_compared_as_the_trace_prints_them_amounts_by_value(tmp_path: Path) -> None:
    assert differences(tmp_path, "basic.paid: 1500.00", "basic.paid: 1500") == []
    assert differences(tmp_path, "share: 75%", "share: 0.75") == [("step share", "0.75", "75%", "")]
    assert differences(tmp_path, "share: 75%", "basic.pade: 1") == [("step basic.pade", "1", "–", "")]


def test_steps_of_fee_lines_are_lists(tmp_path: Path) -> None:
    assert differences(tmp_path, "share: 75%", "outside.taken: [0.00]") == []
    assert differences(tmp_path, "share: 75%", "outside.taken: [1.00]") == [
        ("step outside.taken", "[1.00]", "[0.00]", "")
    ]
    assert len(differences(tmp_path, "share: 75%", "outside.taken: 0.00")) == 1


def test_the_first_step_that_departs_is_shown_with_formula_and_sentence(tmp_path: Path) -> None:
    changed = CASES.replace("share: 75%, basic.paid: 1500.00", "basic.paid: 1600.00, share: 80%")
    text = outcome(tmp_path, changed).render()
    assert "first step that departs: share = 75%, expected 80%" in text
    assert "cited: 示例办法 “报销75%”" in text
    assert "formula: " in text
    assert "demo.yaml:13" in text
    assert "expected figures: by hand" in text


def test_an_assumed_step_is_marked(tmp_path: Path) -> None:
    text = outcome(tmp_path, CASES.replace("share: 75%", "top: 4000.00")).render()
    assert "first step that departs: top = 5000.00, expected 4000.00" in text
    assert 'assumed: year: the notice does not say "a year"' in text


def test_national_fields(tmp_path: Path) -> None:
    assert (
        differences(
            tmp_path, "steps: {share: 75%", "national: {hifp_pay: 1500, med_type: 21}\n          steps: {share: 75%"
        )
        == []
    )
    found = differences(
        tmp_path, "steps: {share: 75%", "national: {hifp_pay: 1, hifp: 2}\n          steps: {share: 75%"
    )
    assert found == [("national hifp_pay", "1", "1,500.00", "+1,499.00"), ("national hifp", "2", "–", "")]


def test_payments_in_any_order_and_none_left_over(tmp_path: Path) -> None:
    poor = CASES.replace("person: {id: p1}", "person: {id: p1, tags: [registered_poor]}")
    # 2,000 × 85 % = 1,700; of the 700 left the second layer pays 5 % = 35.
    poor = poor[: poor.index("          split")] + (
        "          split: {pooled_fund: 1700.00, other_fund: 35.00, patient: 665.00}\n"
        "          payments:\n"
        "            - {payer: other_fund, payee: hospital, amount: 35.00, when: after_discharge}\n"
        "            - {payer: patient, payee: hospital, amount: 665.00, when: discharge, why: own_share}\n"
        "            - {payer: pooled_fund, payee: hospital, amount: 1700.00, when: after_discharge}\n"
    )
    assert outcome(tmp_path, poor).passed
    less = poor.replace(
        "            - {payer: other_fund, payee: hospital, amount: 35.00, when: after_discharge}\n", ""
    )
    assert [(d.where, d.expected) for d in outcome(tmp_path, less).differences] == [("payment", "–")]
    other = poor.replace("why: own_share", "why: bill")
    assert [d.where for d in outcome(tmp_path, other).differences] == ["payment", "payment"]
    none = poor[: poor.index("            - {payer")].replace("payments:", "payments: []")
    assert len(outcome(tmp_path, none).differences) == 3


def refused(text: str) -> str:
    head = CASES[: CASES.index("          split")].replace("tier: county", "tier: village")
    return head + f"          refused: {text}\n"


def test_a_claim_that_must_be_refused(tmp_path: Path) -> None:
    assert outcome(tmp_path, refused("E560 has no row")).passed
    assert outcome(tmp_path, refused("E560")).passed
    wrong_code, wrong_words = outcome(tmp_path, refused("E561")), outcome(tmp_path, refused("E560 too old"))
    assert [d.expected for d in (*wrong_code.differences, *wrong_words.differences)] == ["E561", "E560 too old"]
    settled = outcome(tmp_path, refused("E560").replace("tier: village", "tier: city"))
    assert not settled.passed
    assert "settled:" in settled.render()


def test_a_claim_that_cannot_be_read_may_be_expected_too(tmp_path: Path) -> None:
    text = refused("E514 `bad` is not a category").replace("category: bed", "category: bad")
    assert outcome(tmp_path, text).passed


def test_a_refusal_that_nobody_expects_fails_with_its_place(tmp_path: Path) -> None:
    found = outcome(tmp_path, CASES.replace("tier: county", "tier: village"))
    assert [(d.where, d.got) for d in found.differences] == [("claim", "refused")]
    assert "error[E560]" in found.render()


def test_history_is_carried_on_from_claim_to_claim(tmp_path: Path) -> None:
    # The year's ceiling is 5,000. (6,400 − 400) × 75 % = 4,500, then only 500 of the next 4,500.
    first = "{id: c1, lines: [{category: bed, catalogue_class: a, amount: 6400.00}]}"
    second = first.replace("c1", "c2")
    cases = CASES[: CASES.index("      - claim")] + (
        f"      - claim: {first}\n"
        f"      - claim: {second}\n"
        "        expect: {split: {pooled_fund: 500.00, patient: 5900.00}}\n"
    )
    assert outcome(tmp_path, cases).passed


def test_a_history_before_the_first_claim(tmp_path: Path) -> None:
    row = "{meter: paid, scope: {person_id: p1}, window: 2018, value: 4000.00, kind: money}"
    text = CASES.replace("source: by hand", f"source: by hand\n    history: [{row}]").replace(
        "window: 2018", 'window: "2018"'
    )
    found = outcome(tmp_path, text)
    assert [(d.where, d.got) for d in found.differences] == [
        ("split pooled_fund", "1,000.00"), ("split patient", "1,400.00"), ("patient over_ceiling", "500.00"),
        ("step basic.paid", "1,000.00"),
    ]  # fmt: skip


def test_a_history_of_another_policy_fails_the_case(tmp_path: Path) -> None:
    row = '{meter: payd, scope: {person_id: p1}, window: "2018", value: 1.00, kind: money}'
    found = outcome(tmp_path, CASES.replace("source: by hand", f"source: by hand\n    history: [{row}]"))
    assert "no meter `payd`" in found.render()


def test_a_missing_parameter_fails_the_case(tmp_path: Path) -> None:
    poor = CASES.replace("person: {id: p1}", "person: {id: p1, tags: [registered_poor]}")
    found = outcome(tmp_path, poor.replace("    parameters: {second_share: 5%}\n", ""))
    assert "error[E540]" in found.render()
