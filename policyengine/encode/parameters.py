"""Parameters handed in with a run: typed, bounded, and asked for where the rules read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from policyengine import ir
from policyengine.claim import Claim, quoted
from policyengine.encode.typed import Mistyped, Unstated, expected_of, typed
from policyengine.errors import ClaimError, Diagnostic, nearest

RECORD = "parameters"
PREFIX = "parameter."
_FLAGS = {"true": True, "false": False}


def typed_parameters(program: ir.Program, stated: Mapping[str, object] | None, exponent: int) -> dict[str, ir.Value]:
    """The parameters of the rule file that are given, by name. Raises ``ClaimError`` for what is unknown or wrong.

    A text is read as the kind that the rule file declares: ``"7%"``, ``"3"``, ``"true"``.
    """
    decls = _parameters((*program.inputs, *program.declared))
    given = dict(stated or {})
    found: dict[str, ir.Value] = {}
    wrong = [_unknown(name, decls) for name in given if name not in decls]
    for name, decl in decls.items():
        if name not in given:
            continue
        try:
            found[name] = typed(decl, _from_text(decl, given[name]), exponent)
        except Mistyped as error:
            wrong.append(_diagnostic("E542", name, error.text, expected_of(decl, exponent), error.hint, decl))
    if wrong:
        raise ClaimError(wrong)
    return found


def parameter_getter(decl: ir.InputDecl, exponent: int, given: Mapping[str, ir.Value]) -> Callable[[Claim], ir.Value]:
    """The getter of a parameter. It raises ``Unstated`` for every claim if the parameter is not given."""
    name = decl.name.removeprefix(PREFIX)
    if name in given:
        value = given[name]
        return lambda _: value
    text = f"the rule file needs the parameter `{name}`"
    missing = _diagnostic("E540", name, text, expected_of(decl, exponent), decl.reason, decl)

    def refuse(_: Claim) -> ir.Value:
        raise Unstated(missing)

    return refuse


def _parameters(decls: Iterable[ir.InputDecl]) -> dict[str, ir.InputDecl]:
    return {d.name.removeprefix(PREFIX): d for d in decls if d.name.startswith(PREFIX)}


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
