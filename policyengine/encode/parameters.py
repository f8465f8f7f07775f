"""Parameters handed in with a run: required, typed, bounded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from policyengine import ir
from policyengine.claim import quoted
from policyengine.encode.typed import Mistyped, expected_of, typed
from policyengine.errors import ClaimError, Diagnostic, nearest

RECORD = "parameters"
_FLAGS = {"true": True, "false": False}


def typed_parameters(program: ir.Program, stated: Mapping[str, object] | None, exponent: int) -> dict[str, ir.Value]:
    """The parameters of the rule file that are given, by name. Raises ``ClaimError`` for what is unknown or wrong, and
    for one that ``program`` reads and that is missing.

    A text is read as the kind that the rule file declares: ``"7%"``, ``"3"``, ``"true"``.
    """
    read = _parameters(program.inputs)
    decls = read | _parameters(program.declared)
    given = dict(stated or {})
    found: dict[str, ir.Value] = {}
    wrong = [_unknown(name, decls) for name in given if name not in decls]
    for name, decl in decls.items():
        if name not in given and name not in read:
            continue
        if name not in given:
            text = f"the rule file needs the parameter `{name}`"
            wrong.append(_diagnostic("E540", name, text, expected_of(decl, exponent), decl.reason, decl))
            continue
        try:
            found[name] = typed(decl, _from_text(decl, given[name]), exponent)
        except Mistyped as error:
            wrong.append(_diagnostic("E542", name, error.text, expected_of(decl, exponent), error.hint, decl))
    if wrong:
        raise ClaimError(wrong)
    return found


def _parameters(decls: Iterable[ir.InputDecl]) -> dict[str, ir.InputDecl]:
    return {d.name.partition(".")[2]: d for d in decls if d.name.startswith("parameter.")}


def _from_text(decl: ir.InputDecl, value: object) -> object:
    """A count or a flag written as a text, as on a command line."""
    if decl.kind == "count" and isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 12:
        return int(value)
    return _FLAGS.get(value, value) if decl.kind == "flag" and isinstance(value, str) else value


def _unknown(name: str, decls: Mapping[str, ir.InputDecl]) -> Diagnostic:
    expected = "one of " + ", ".join(sorted(decls)) if decls else "no parameters"
    return _diagnostic(
        "E541", name, f"the rule file knows no parameter `{quoted(name)}`", expected, nearest(name, decls)
    )


def _diagnostic(
    code: str, name: str, text: str, expected: str, hint: str, decl: ir.InputDecl | None = None
) -> Diagnostic:
    related = (("declared here", decl.span),) if decl is not None and decl.span is not None else ()
    return Diagnostic(code, f"{quoted(name)}: {text}", None, expected, hint, related=related, record=RECORD, field=name)
