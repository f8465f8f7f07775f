"""The files that the house rules are about, and the modules among them."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "policyengine"
UNTRACKED = {".git", ".venv", "build", "dist", "htmlcov", "__pycache__"}


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the repository, those about to be added included; without git, all but what tools leave behind."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return tuple(sorted(p for p in ROOT.rglob("*") if p.is_file() and _kept(p.relative_to(ROOT))))
    return tuple(sorted(p for name in done.stdout.split("\0") if name and (p := ROOT / name).is_file()))


def _kept(path: Path) -> bool:
    return not any(p in UNTRACKED or p.endswith((".egg-info", "_cache")) or p == ".hypothesis" for p in path.parts)


def python_files(*folders: str) -> tuple[Path, ...]:
    """The Python files of the repository, or of some of its folders."""
    inside = tuple(ROOT / folder for folder in folders or (".",))
    return tuple(p for p in tracked() if p.suffix == ".py" and any(p.is_relative_to(f) for f in inside))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module_of(path: Path) -> str:
    """``policyengine/ir/build.py`` is the module ``ir.build``; the package itself is the empty name."""
    parts = list(path.relative_to(LIBRARY).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, Path]:
    """The library's modules by name below ``policyengine``."""
    return {module_of(p): p for p in python_files("policyengine")}
