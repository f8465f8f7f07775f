"""Profiles with a mistake: one clear message at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine import RuleError
from policyengine.synth import bundled_profiles, load_profile, plan_of

GOOD = """\
profile: small
sources:
  report: {title: a report, grade: C}
hospitals:
  county: {tier: county, hospital_grade: secondary_a, area: within_county, number: 3, cite: report}
  city: {tier: city, hospital_grade: tertiary_a, area: within_city, assumed: made up for this example}
households:
  size: {shares: {1: 2, 2: 3, 3: 1}, cite: report}
  facts:
    registered_poor: {chance: 10%, cite: report}
people:
  facts:
    age: {within: {0..15: 20%, 15..60: 60%, 60..95: 20%}, cite: report}
    scheme: {value: resident, cite: report}
claims:
  stays:
    care_type: inpatient
    a_year: {by: age, poisson: {0..60: 0.3, 60..: 2}, cite: report}
    hospital: {by: registered_poor, shares: {yes: {county: 100%}, no: {county: 70%, city: 30%}}, cite: report}
    facts:
      days_of_stay: {lognormal: {mean: 9, median: 7}, low: 1, cite: report}
    bill: {by: hospital, lognormal: {county: {mean: 6000元, median: 4500元}, city: {mean: 9000元, median: 7000元}},
      low: 1元, cite: report}
    lines:
      outside: {category: material, catalogue_class: c, share: {points: {0%: 0%, 100%: 30%}}, cite: report}
      rest: {category: treatment, catalogue_class: a, cite: report}
"""

BAD = [
    ("registered_poor: {chance: 10%, cite: report}", "registered_poor: {chance: 10%}", "E721 10 «registered_poor»"),
    ("cite: report}\n  city", "cite: reprot}\n  city", "E724 5 «reprot»"),
    ("60..95: 20%", "60..95: 25%", "E722 13 «{0..15: 20%, 15..60: 60%, 60..95: 25%}»"),
    ("15..60: 60%", "20..60: 60%", "E723 13 «20..60»"),
    ("60..95: 20%", "60..: 20%", "E723 13 «{0..15: 20%, 15..60: 60%, 60..: 20%}»"),
    ("median: 7}", "median: 9}", "E723 21 «9»"),
    ("median: 7000元", "median: 7000", "E726 22 «7000»"),
    ("mean: 9000元", "mean: 90000000元", "E726 22 «90000000元»"),
    ("chance: 10%", "chance: 10", "E207 10 «10»"),
    ("chance: 10%", "shares: {a: 100%}", "E726 10"),
    ("value: resident", "value: residant", "E726 14 «residant»"),
    ("tier: county", "tier: conty", "E726 5 «county»"),
    ("by: age", "by: ages", "E724 18"),
    ("60..: 2", "70..: 2", "E725 18"),
    ("yes: {county: 100%}", "maybe: {county: 100%}", "E725 19"),
    ("city: 30%", "town: 30%", "E724 19"),
    ("yes: {county: 100%}, no:", "yes: {county: 100%}, yes :", "E"),
    ("0..60: 0.3", "0..60: 300", "E723 18 «300»"),
    ("{points: {0%: 0%, 100%: 30%}}", "{points: {0%: 0%, 90%: 30%}}", "E723 25 «{0%: 0%, 90%: 30%}»"),
    ("{points: {0%: 0%, 100%: 30%}}", "{points: {0%: 0元, 100%: 30元}}", "E726 25 «outside»"),
    ("share: {points: {0%: 0%, 100%: 30%}}, ", "", "E727 26"),
    ("category: treatment", "category: magic", "E306 26 «magic»"),
    ("low: 1元,", "low: 0元,", "E726 22"),
    ("{1: 2, 2: 3, 3: 1}", "{0: 2, 2: 3}", "E726 8"),
    ("    scheme: {value: resident, cite: report}\n", "    registered_poor: {value: yes, cite: report}\n", "E724 14"),
    ("    age: {within: {0..15: 20%, 15..60: 60%, 60..95: 20%}, cite: report}\n", "", "E724"),
    ("{chance: 10%, cite", "{chance: 10%, value: yes, cite", "E723 10 «registered_poor»"),
    ("care_type: inpatient", "care: inpatient", "E302 17 «care»"),
    ("60..95: 20%", "60..150: 20%", "E726 13 «age»"),
    ("registered_poor: {chance", "household_id: {chance", "E724 10 «household_id»"),
    ("days_of_stay: {", "discharge_date: {", "E724 21 «discharge_date»"),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_good_one_is_good(folder: Path) -> None:
    (folder / "good.yaml").write_text(GOOD, encoding="utf-8")
    batch = plan_of(load_profile("good.yaml"), 1, (2020, 2020)).claim_batch(0, 200)
    assert len(batch) > 50


@pytest.mark.parametrize(("good", "bad", "expected"), BAD)
def test_a_mistake_is_told_at_its_place(folder: Path, good: str, bad: str, expected: str) -> None:
    assert GOOD.count(good) >= 1
    (folder / "bad.yaml").write_text(GOOD.replace(good, bad, 1), encoding="utf-8")
    with pytest.raises(RuleError) as caught:
        load_profile("bad.yaml")
    code, _, at = expected.partition(" ")
    line, _, marked = at.partition(" ")
    found = caught.value.diagnostics
    assert any(
        one.code.startswith(code)
        and one.span is not None
        and (not line or one.span.line == int(line))
        and (not marked or f"«{one.span.text[one.span.column - 1 : one.span.column - 1 + one.span.length]}»" == marked)
        for one in found
    ), [one.render() for one in found]


def test_an_unknown_profile_is_told_with_those_that_there_are() -> None:
    with pytest.raises(RuleError, match=r"E720.*shanxy(.|\n)*shanxi, shuangyashan(.|\n)*did you mean `shanxi`"):
        load_profile("shanxy")


def test_too_many_years_for_the_ids_of_claims() -> None:
    with pytest.raises(RuleError, match="E728"):
        plan_of(load_profile("shanxi"), 1, (1990, 2035))


def test_claims_that_nobody_has_are_not_waited_for(folder: Path) -> None:
    (folder / "never.yaml").write_text(GOOD.replace("0..60: 0.3, 60..: 2", "0..60: 0, 60..: 0"), encoding="utf-8")
    with pytest.raises(RuleError, match=r"never.yaml:18(.|\n)*E728.*nobody ever has a claim"):
        plan_of(load_profile("never.yaml"), 1, (2018, 2018))


@pytest.mark.parametrize("name", bundled_profiles())
def test_every_figure_of_a_bundled_profile_says_where_it_is_from(name: str) -> None:
    """The reader refuses figures without evidence (E721); here: what is assumed says how good it is."""
    profile = load_profile(name)
    evidence = [draw.evidence for kind in profile.claims for draw in (*kind.draws, *kind.facts)]
    evidence += [draw.evidence for draw in (*profile.households, *profile.people, profile.size)]
    evidence += [hospital.evidence for hospital in profile.hospitals]
    assert all(one.grade for of in evidence for one in of.assumed)
    cited = {cite.source for of in evidence for cite in of.cites}
    assert cited == set(profile.sources)
    assert all("grade" in source for source in profile.sources.values())
