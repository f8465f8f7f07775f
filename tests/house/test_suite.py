"""The rules of the suite itself: no network, and skips that count when they must."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.conftest import NetworkTouched
from tests.house.files import ROOT


def test_a_connection_is_refused_before_it_is_made() -> None:
    with pytest.raises(NetworkTouched):
        socket.create_connection(("127.0.0.1", 9), timeout=1)


def test_a_name_is_not_looked_up() -> None:
    with pytest.raises(NetworkTouched):
        socket.getaddrinfo("example.org", 80)


def test_a_datagram_is_not_sent() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender, pytest.raises(NetworkTouched):
        sender.sendto(b"x", ("127.0.0.1", 9))


def test_a_download_is_refused() -> None:
    with pytest.raises(NetworkTouched):
        urllib.request.urlopen("http://127.0.0.1:9/", timeout=1)


SKIPPING = """
import pytest
def test_runs(): pass
def test_skips(): pytest.skip("not today")
@pytest.mark.skipif(True, reason="never")
def test_marked(): pass
"""


@pytest.mark.parametrize(
    ("options", "closing"),
    [((), "1 passed, 2 skipped"), (("--no-skips",), "1 failed, 1 passed, 1 error")],
    ids=["plain", "strict"],
)
def test_no_skips_turns_skips_into_failures(tmp_path: Path, options: tuple[str, ...], closing: str) -> None:
    assert closing in run_pytest(tmp_path, SKIPPING, *options)


def test_no_skips_fails_a_module_that_skips_itself(tmp_path: Path) -> None:
    code = "import pytest\npytest.importorskip('surely_not_installed')\ndef test_runs(): pass\n"
    assert "1 skipped" in run_pytest(tmp_path, code)
    strict = run_pytest(tmp_path, code, "--no-skips")
    assert "1 error" in strict
    assert "surely_not_installed" in strict


def run_pytest(folder: Path, code: str, *options: str) -> str:
    """The output of pytest on one file, with this suite's conftest as its only plugin."""
    (folder / "test_made.py").write_text(code, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", *options, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


ORDERED = "import pytest\n@pytest.mark.parametrize('n', range(30))\ndef test_it(n): assert n >= 0\n"


def order_with(folder: Path, *options: str) -> list[str]:
    """The numbers of the tests in the order in which they run."""
    said = run_pytest(folder, ORDERED, "-v", *options)
    return re.findall(r"test_it\[(\d+)\]", said)


def test_shuffled_tests_run_in_an_order_of_their_seed(tmp_path: Path) -> None:
    plain, one, two = (order_with(tmp_path, *options) for options in ((), ("--shuffle=1",), ("--shuffle=2",)))
    assert plain == [str(n) for n in range(30)]
    assert sorted(one) == sorted(two) == sorted(plain)
    assert len({tuple(plain), tuple(one), tuple(two)}) == 3
    assert order_with(tmp_path, "--shuffle=1") == one
