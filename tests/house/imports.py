"""Which module of the library imports which: at the top, inside functions, or for the type checker only."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace

from tests.house.files import modules, tree_of

PACKAGE = "policyengine"


@dataclass(frozen=True, slots=True)
class Import:
    """``module`` imports ``target`` in line ``line``; ``typing``: only under ``if TYPE_CHECKING``; ``lazy``: inside a
    function."""

    module: str
    target: str
    line: int
    typing: bool
    lazy: bool


def imports() -> list[Import]:
    """Every import of a module of the library by another one."""
    found: list[Import] = []
    for module, path in modules().items():
        _walk(tree_of(path), Import(module, "", 0, typing=False, lazy=False), found)
    return [i for i in found if i.target != i.module]


def foreign() -> set[tuple[str, str]]:
    """(module, imported package) for everything that is not the library's own."""
    found = set()
    for module, path in modules().items():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Import):
                found |= {(module, alias.name) for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add((module, node.module))
    return {(module, name) for module, name in found if name.split(".")[0] != PACKAGE}


def _walk(node: ast.AST, here: Import, found: list[Import]) -> None:
    """Collect the imports below ``node``; ``here`` says in which module and under which conditions it stands."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            found += [replace(here, target=target, line=child.lineno) for target in _targets(child)]
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            _walk(ast.Module(child.body, []), replace(here, typing=True), found)
            _walk(ast.Module(child.orelse, []), here, found)
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            _walk(child, replace(here, lazy=True), found)
        else:
            _walk(child, here, found)


def _targets(node: ast.Import | ast.ImportFrom) -> list[str]:
    """The library's modules that an import statement names: ``from policyengine import ir`` names ``ir``."""
    if isinstance(node, ast.Import):
        return [a.name.removeprefix(PACKAGE).lstrip(".") for a in node.names if a.name.split(".")[0] == PACKAGE]
    assert not node.level, "relative imports hide where they point"
    if node.module is None or node.module.split(".")[0] != PACKAGE:
        return []
    base = node.module.removeprefix(PACKAGE).lstrip(".")
    inner = (f"{base}.{a.name}".lstrip(".") for a in node.names)
    return sorted({name if name in modules() else base for name in inner})
