"""What the README shows is true: its examples run and say what it prints beside them; so do the claims of the demo."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from policyengine import Claim, load, settle
from tests.house.files import ROOT, tracked

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [c for c in re.findall(r"^    policyengine (.*)$", README, re.MULTILINE) if "my-rules" not in c]


def run(*arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_python_example_runs() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    split, patient = run("-c", code).splitlines()
    assert "'pooled_fund': Decimal('24462.50')" in split
    assert "'patient': Decimal('1450.00')" in split
    assert re.findall(r"'(\w+)'", patient) == ["own_expense", "deductible", "coinsurance"]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_runs(command: str) -> None:
    assert run("-m", "policyengine", *shlex.split(command))


def test_the_readme_shows_commands() -> None:
    assert len(COMMANDS) >= 3


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)\)", README))
def test_a_link_of_the_readme_leads_to_a_file(link: str) -> None:
    assert ROOT / link in tracked()


DEMOS = {
    # 27,000 in scope: (27,000 - 400) x 75 %; (7,050 - 5,000) x 75 %; the patient keeps 1,000 in scope; 3,000 x 85 %
    ("cn/shanxi/136", "shanxi_136.json"): {
        "pooled_fund": "24462.50", "critical_illness": "1537.50", "supplement": "2550.00", "patient": "1450.00",
    },
    # waived 10 + 20 + 20 % of 600 + 10 % of 800; (18,200 - 500) x 75 % = 13,275, cut at 10,000; 300 outside
    ("cn/heilongjiang/shuangyashan/raohe", "raohe_2016.json"): {
        "hospital": "230.00", "pooled_fund": "10000.00", "patient": "8500.00",
    },
    # waived 30 % of 2,000 + 10 % of 20,000; (34,400 - 1,000) x 50 %; (17,700 - 6,000) x 55 %; half of 11,265; 1,000
    ("cn/heilongjiang/shuangyashan", "shuangyashan_2017.json"): {
        "hospital": "2600.00", "pooled_fund": "16700.00", "critical_illness": "6435.00",
        "medical_assistance": "5632.50", "patient": "6632.50",
    },
    # bed 1,000 - 200; 23,000 - 3,000 above the price; (20,000 - 800) x 70 %; (6,560 - 6,000) x 55 %; half of 6,252
    ("cn/heilongjiang/shuangyashan/raohe", "raohe_gastric_cancer_2017.json"): {
        "hospital": "3200.00", "pooled_fund": "13440.00", "critical_illness": "308.00",
        "medical_assistance": "3126.00", "patient": "3126.00",
    },
    # (20,000 - 500) x 70 % = 13,650, cut at 10,000
    ("cn/heilongjiang/shuangyashan/raohe", "raohe_ordinary_2017.json"): {
        "pooled_fund": "10000.00", "patient": "10000.00",
    },
    # 81 x 90 %, below the 700 of townships
    ("cn/heilongjiang/shuangyashan/raohe", "raohe_outpatient_2017.json"): {
        "pooled_fund": "72.90", "patient": "8.10",
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("demo", "split"), DEMOS.items(), ids=lambda value: value[1] if isinstance(value, tuple) else ""
)
def test_a_demo_claim_comes_to_the_amounts_worked_out_by_hand(demo: tuple[str, str], split: dict[str, str]) -> None:
    ruleset, name = demo
    claim = Claim.model_validate_json((ROOT / "demo" / name).read_text(encoding="utf-8"))
    found = {payer: amount for payer, amount in settle(load(ruleset), claim).split.items() if amount}
    assert found == {payer: Decimal(amount) for payer, amount in split.items()}


def test_the_demo_shows_every_claim_of_its_folder() -> None:
    assert {name for _, name in DEMOS} == {p.name for p in (ROOT / "demo").glob("*.json")}
    shown = run(str(Path("demo") / "run.py"))
    for name in (name for _, name in DEMOS):
        assert f"demo/{name}" in shown
