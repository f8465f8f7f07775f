"""The rivals' environments, below ``.venv/rivals``: some want versions of NumPy that do not suit each other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BELOW = ROOT / ".venv" / "rivals"
ASKED = {
    "openfisca": ("openfisca-core==46.0.1",),
    "policyengine-core": ("policyengine-core==3.33.12",),
    "engines": (
        "numpy>=2.0", "zen-engine==2.1.3", "common-expression-language==0.10.0",
        "durable-rules==2.0.28; python_version < '3.13'",
    ),
}  # fmt: skip
OWN = ""
"""The environment of this library."""


def python_of(name: str) -> Path | None:
    """The interpreter of a rival's environment, set up if it is not; ``None`` if that does not work here."""
    if name == OWN:
        return Path(sys.executable)
    folder = BELOW / name
    python, stamp = folder / "bin" / "python", folder / "installed.txt"
    wanted = "\n".join((sys.version, *ASKED[name]))
    if python.exists() and stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    print(f"setting up {folder.relative_to(ROOT)} (once)", flush=True)
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        cache = ("--cache-dir", str(ROOT / ".venv" / "cache"))
        quiet = ("--quiet", "--disable-pip-version-check", "--no-input", *cache)
        subprocess.run([str(python), "-m", "pip", "install", *quiet, *ASKED[name]], check=True)
    except subprocess.CalledProcessError as error:
        print(f"{name} cannot be installed here and is left out: {error}", file=sys.stderr)
        return None
    stamp.write_text(wanted, encoding="utf-8")
    return python
