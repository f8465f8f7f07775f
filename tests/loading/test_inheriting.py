"""What a county may say on top of its city, and what is said where it redefines or replaces what it may not."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from policyengine import Claim, RuleError, load, settle

CITY = """\
ruleset: city
parts: [own_expense, in_scope]
sources: {law: {title: the law}}
facts: {kind: {type: code, values: [a, b]}, note: {type: flag}}
payers: {club: {side: fund}}
parameters: {rate: {value: 70%, cite: law}}
tables: {line: {keys: [retired], columns: [amount], rows: [[yes, 100元], [no, 200元]], cite: law}}
meters: {paid: {counts: basic.paid, in: calendar_year}}
layers: [{id: basic, payer: pooled_fund, on: in_scope, cite: law}]
provisions:
  - {id: outside, classify: class == 丙, to: own_expense, cite: law}
  - {id: threshold, layer: basic, deductible: line.amount, cite: law}
  - {id: share, layer: basic, fund_share: rate, cite: law}
"""
HEAD = "ruleset: county\nextends: city\n"
DEFINED = "is already defined in the rule file it extends"


def county(folder: Path, text: str, city: str = CITY) -> Path:
    for name, content in (("city", city), ("county", HEAD + text)):
        (folder / name).mkdir()
        (folder / name / "ruleset.yaml").write_text(content, "utf-8")
    return folder / "county"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("parts: [in_scope]", "E324 «in_scope» the parts are fixed by the rule file it extends"),
        ("sources: {law: {title: another}}", f"E325 «law» `law` {DEFINED}"),
        ("payers: {club: {side: hospital}}", f"E325 «club» `club` {DEFINED}"),
        ("meters: {paid: {counts: basic.paid, in: lifetime}}", f"E325 «paid» `paid` {DEFINED}"),
        (
            "parameters: {rate: {value: 75%, cite: law}}",
            f"E325 «rate» `rate` {DEFINED} · say `replaces: yes`, or choose another name",
        ),
        (
            "parameters: {rates: {value: 75%, cite: law, replaces: yes}}",
            "E326 «rates» there is no `rates` to replace · did you mean `rate`?",
        ),
        ("facts: {note: {type: count}}", "E325 «note» `note` is already a flag in the rule file it extends"),
        (
            "layers: [{id: basic, payer: club, on: in_scope, cite: law}]",
            "E325 «basic» the layer `basic` is already defined",
        ),
        (
            "layers: [{id: more, payer: club, on: in_scope, after: basics, cite: law}]",
            "E326 «basics» there is no layer `basics` · did you mean `basic`?",
        ),
        (
            "provisions: [{id: share, layer: basic, fund_share: 75%, cite: law}]",
            "E325 «share» the provision `share` is already defined · use `replaces`",
        ),
        (
            "provisions: [{id: better, replaces: shares, layer: basic, fund_share: 75%, cite: law}]",
            "E326 «shares» there is no provision `shares` · did you mean `share`?",
        ),
        (
            "provisions: [{id: more, before: shares, layer: basic, pay: 1元, cite: law}]",
            "E326 «shares» there is no provision `shares` · did you mean `share`?",
        ),
        (
            "provisions: [{id: gone, repeals: shares, cite: law}]",
            "E326 «shares» there is no provision `shares` · did you mean `share`?",
        ),
        (
            "provisions: [{id: gone, repeals: share, cite: law}, {id: again, repeals: share, cite: law}]",
            "E410 «share» `share` is repealed already",
        ),
    ],
)  # fmt: skip
def test_what_is_refused(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(RuleError) as caught:
        load(county(tmp_path, text))
    (found,) = caught.value.diagnostics
    assert found.span is not None
    assert found.span.file.endswith("county/ruleset.yaml")
    underlined = found.span.text[found.span.column - 1 :][: found.span.length]
    words = " · ".join(filter(None, (found.message, found.expected, found.hint)))
    assert f"{found.code} «{underlined}» {words}" == said


@pytest.mark.parametrize(("status", "called"), [("draft", "a draft"), ("repealed", "repealed")])
def test_what_rests_on_no_law_in_force_is_not_approved(status: str, called: str, tmp_path: Path) -> None:
    with pytest.raises(RuleError) as caught:
        load(county(tmp_path, "status: approved", f"{CITY}status: {status}\n"))
    (found,) = caught.value.diagnostics
    assert found.message == f"the rule set is approved, but `city`, which it extends, is {called}"
    assert (found.code, found.hint) == ("E385", f"write `status: {status}`, or extend another rule set")


PAID = [
    ("title: county", "560.00"),
    ("parameters: {rate: {value: 75%, cite: law, replaces: yes}}", "600.00"),
    ("provisions: [{id: better, replaces: share, layer: basic, fund_share: 80%, cite: law}]", "640.00"),
    ("provisions: [{id: gone, repeals: threshold, cite: law}]", "700.00"),
    ("provisions: [{id: first, before: threshold, layer: basic, set_aside: 10% of base, cite: law}]", "490.00"),
    ("provisions: [{id: first, after: threshold, layer: basic, set_aside: 10% of base, cite: law}]", "504.00"),
    ("provisions: [{id: more, layer: basic, pay: 1元, cite: law}, {id: said, restates: share, cite: law}]", "561.00"),
    ("facts: {kind: {type: code, values: [c]}}\n"
     "provisions: [{id: more, layer: basic, pay: 9元 if kind == c else 7元, cite: law}]", "569.00"),
]  # fmt: skip
"""A bill of 1,000.00: the city pays 70 % of what exceeds 200; 75 %, 80 % of it; 70 % without the deductible; 70 % of
1,000 − 100 − 200; of 800 − 80; one yuan more; nine more."""


@pytest.mark.parametrize(("text", "paid"), PAID)
def test_what_the_county_says_on_top(text: str, paid: str, tmp_path: Path) -> None:
    encounter = {"care_type": "inpatient", "discharge_date": "2018-01-09"}
    line = {"category": "bed", "catalogue_class": "a", "amount": "1000.00"}
    data = {"id": "c1", "person": {"id": "p1"}, "encounter": encounter, "lines": [line], "facts": {"kind": "c"}}
    book = load(county(tmp_path, text))
    if "kind" not in text:
        del data["facts"]
    assert str(settle(book, Claim.model_validate(data)).split["pooled_fund"]) == paid
    assert [name for name, _ in book.files] == ["city", "county"]


def test_the_digest_of_a_rule_set_is_that_of_the_digests_of_its_files(tmp_path: Path) -> None:
    """Receipts name it: what it is of must never change. The files from the top of the chain down, a line each."""
    book = load(county(tmp_path, "provisions: [{id: better, adjust: share, add: 5pp, cite: law}]"))
    files = [
        (name, hashlib.sha256((tmp_path / name / "ruleset.yaml").read_bytes()).hexdigest())
        for name in ("city", "county")
    ]
    assert list(book.files) == files
    assert book.digest == hashlib.sha256("\n".join(f"{name} {digest}" for name, digest in files).encode()).hexdigest()
