"""Sets up the workshop: a virtual environment in ``.venv`` with this library, editable, and its development tools.

Run by ``make`` before every target; a second run finds the stamp and does nothing. The stamp names the Python version,
the place of the repository, the packages asked for and the dependencies of ``pyproject.toml``, so that a change of any
of them installs again. Needs only the standard library; writes only below ``.venv``.

    python3 tools/setup.py [group ...]      dependency groups of pyproject.toml, default: dev
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed.txt"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
ENGINE_OF_CASES = "import durable.lang"


def main(groups: list[str]) -> int:
    """Exit code 0 when the environment is ready, 2 with one sentence when it cannot be."""
    if sys.version_info < OLDEST:
        found = ".".join(str(n) for n in sys.version_info[:3])
        return refuse(f"Python 3.11 or newer is needed, this is {found}; name another one: make PYTHON=python3.12 test")
    before = stamped()
    base = stamp_lines()
    have = [line for line in before if line.startswith("group ")] if before[: len(base)] == base else []
    wanted = sorted({*have, *(f"group {g}" for g in groups)})
    if before == base + wanted:
        return 0
    try:
        create()
        install([line.split()[1] for line in wanted])
    except subprocess.CalledProcessError as error:
        return refuse(f"the set-up stopped: {' '.join(map(str, error.cmd))} ended with {error.returncode}")
    STAMP.write_text("\n".join(base + wanted) + "\n", encoding="utf-8")
    return 0


def refuse(sentence: str) -> int:
    print(f"tools/setup.py: {sentence}", file=sys.stderr)
    return 2


def stamped() -> list[str]:
    """The lines of the stamp; none if there is no finished environment."""
    return STAMP.read_text(encoding="utf-8").splitlines() if STAMP.is_file() and PYTHON.exists() else []


def stamp_lines() -> list[str]:
    project = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    return [f"python {sys.version.split()[0]}", f"place {ROOT}", f"pyproject {project}"]


def create() -> None:
    """Make the environment, anew if it belongs to another Python version or was copied from another place."""
    if not owns_environment():
        print(f"setting up {VENV.name} with Python {sys.version.split()[0]} (once)", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)


def owns_environment() -> bool:
    """Whether ``.venv`` was made here by this version of Python and has its pip."""
    activate = VENV / "bin" / "activate"
    if not (PYTHON.exists() and activate.is_file() and str(VENV) in activate.read_text(encoding="utf-8")):
        return False
    code = "import pip, sys; print(sys.version.split()[0], sys.prefix)"
    found = subprocess.run([str(PYTHON), "-c", code], capture_output=True, text=True, check=False)
    return found.stdout.strip() == f"{sys.version.split()[0]} {VENV}"


def install(groups: list[str]) -> None:
    """Upgrade pip (older ones know no dependency groups), then install what pyproject.toml says."""
    pip("--upgrade", "pip>=25.1")
    pip("--editable", str(ROOT), *(word for group in groups for word in ("--group", group)))
    install_engine_of_cases()


def install_engine_of_cases() -> None:
    """durable_rules comes as C source only and does not run on every Python: without it its own tests are skipped."""
    if run(pip_command("--editable", f"{ROOT}[cases]")) and run([str(PYTHON), "-c", ENGINE_OF_CASES]):
        return
    run([str(PYTHON), "-m", "pip", "uninstall", "--yes", "durable-rules"])
    print("note: durable_rules does not work here (it needs a C compiler, Python's headers and Python 3.11 or 3.12); "
          "the tests that need it are skipped")  # fmt: skip


def run(command: list[str]) -> bool:
    """Whether a command succeeds; what it says is not shown."""
    return subprocess.run(command, env=environment(), capture_output=True, check=False).returncode == 0


def pip(*words: str) -> None:
    subprocess.run(pip_command(*words), env=environment(), check=True)


def pip_command(*words: str) -> list[str]:
    return [str(PYTHON), "-m", "pip", "install", "--quiet", *words]


def environment() -> dict[str, str]:
    """pip writes its cache into the environment, not into the home directory."""
    return {**os.environ, "PIP_CACHE_DIR": str(VENV / "cache"), "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_ROOT_USER_ACTION": "ignore", "PIP_NO_INPUT": "1"}  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["dev"]))
