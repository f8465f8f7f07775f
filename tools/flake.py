"""The fast tests many times over, in random orders, time zones and hash seeds: each run must end as the others do.

    python tools/flake.py [RUNS]     default 20; `make flake` runs it

Another order, time zone or hash seed that changes a result is a flaw of a test or of the library. Prints the seed of a
run that fails; `pytest --shuffle SEED` repeats its order.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tools.battery import record  # noqa: E402

ZONES: Final = ("UTC", "Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati")
RUNS: Final = 20


def main(runs: int) -> int:
    """Exit code 0 if every run passed, 1 otherwise."""
    return max(run(number) for number in range(runs))


def run(seed: int) -> int:
    """One run. Its figures are kept for the page."""
    zone = ZONES[seed % len(ZONES)]
    environment = os.environ | {"TZ": zone, "PYTHONHASHSEED": str(seed * 7919)}
    command = [sys.executable, "-m", "pytest", "-n", "2", "-m", "not agree", f"--shuffle={seed}"]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    print(f"seed {seed}, {zone}: {'passed' if done.returncode == 0 else 'FAILED'}", flush=True)
    record("flake", f"seed-{seed:02d}", {"zone": zone, "failed": int(done.returncode != 0)})
    return int(done.returncode != 0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS))
