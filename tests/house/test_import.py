"""``import policyengine`` loads nothing heavy; what is loaded later, is loaded when it is first used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import policyengine
from tests.house.files import ROOT
from tests.house.imports import foreign

HEAVY = ("pydantic", "yaml", "rich", "click", "numpy", "hypothesis", "jsonschema", "durable")
NETWORK = {"socket", "socketserver", "ssl", "http", "urllib", "ftplib", "smtplib", "asyncio", "requests", "httpx"}
OPTIONAL = {"numpy": 1, "durable": 1, "hypothesis": 1}


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_the_library_loads_no_other_library() -> None:
    code = f"import sys, policyengine; print(*sorted(m for m in {HEAVY} if m in sys.modules))"
    assert run(code).split() == []


def test_importing_the_library_loads_only_the_library_itself() -> None:
    code = "import sys, policyengine; print(*sorted(m for m in sys.modules if m.startswith('policyengine.')))"
    assert run(code).split() == []


@pytest.mark.parametrize("name", policyengine.__all__)
def test_every_public_name_can_be_imported(name: str) -> None:
    assert getattr(policyengine, name) is not None
    assert name in dir(policyengine)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'setle'"):
        policyengine.setle  # noqa: B018


def test_no_module_of_the_library_imports_network_code() -> None:
    assert {(module, name) for module, name in foreign() if name.split(".")[0] in NETWORK - {"urllib"}} == set()
    assert {(m, name) for m, name in foreign() if name.startswith("urllib") and name != "urllib.parse"} == set()
