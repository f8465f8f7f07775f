"""For whom a meter is kept: the ids and codes of a claim that its ``per`` names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter

from policyengine import ir
from policyengine.claim import Claim, quoted
from policyengine.claim.problems import Path, path_of
from policyengine.encode.typed import claim_error
from policyengine.errors import ClaimError
from policyengine.terms import FACTS

Scope = tuple[str, ...]


def scope_key(per: tuple[str, ...], claim: Claim) -> Scope:
    """The ids that ``per`` names, in the alphabetical order of the facts. Raises ``ClaimError`` for a missing one."""
    return scope_reader(per, {})(claim)


def scope_reader(per: tuple[str, ...], decls: Mapping[str, ir.InputDecl]) -> Callable[[Claim], Scope]:
    """The prepared form of ``scope_key``. ``decls``: what the rule file says of its facts; a code in other words is the
    same scope, and an unstated fact has its default."""
    getters = [_reader(name, decls.get(name)) for name in sorted(per)]
    return lambda claim: tuple([get(claim) for get in getters])


def _reader(name: str, decl: ir.InputDecl | None) -> Callable[[Claim], str]:
    fact = FACTS.get(name)
    aliases = {} if decl is None else dict(decl.aliases)
    if fact is None or fact.kind not in ("id", "code"):
        default = None if decl is None else decl.default
        return lambda claim: _declared(claim, name, default, aliases)
    get, path, standard = attrgetter(fact.at), path_of(fact.at), fact.default
    words = f"`{name}` ({fact.zh}, {fact.en})"

    def read(claim: Claim) -> str:
        found = get(claim)
        if found is None:
            found = standard
        if found is None:
            raise _missing(claim, path, words)
        assert isinstance(found, str)
        return aliases.get(found, found)

    return read


def _declared(claim: Claim, name: str, default: ir.Value | None, aliases: Mapping[str, str]) -> str:
    found = claim.facts.get(name, default)
    if found is None:
        raise _missing(claim, ("facts", name), f"`{name}`")
    if not isinstance(found, str) or not found:
        text = f"`{name}` is an id, a text, not {quoted(str(found))}"
        raise claim_error(claim, "E552", ("facts", name), text, "an opaque id as a text")
    return aliases.get(found, found)


def _missing(claim: Claim, path: Path, words: str) -> ClaimError:
    text = f"an accumulator is kept by {words}, but the claim does not state it"
    return claim_error(claim, "E552", path, text, "an opaque id as a text")
