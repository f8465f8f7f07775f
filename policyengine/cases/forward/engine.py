"""durable_rules 2.0.28 behind guards: rule sets built once, one context at a time, nothing lost, nothing swallowed.

Its known faults, and what stands here against each:

* exceptions in actions end up in the state of a context, and nobody hears of them: no action runs inside the engine; it
  says which rule fires, and what follows is called from here;
* distinct messages are sometimes refused as already observed: every fact has a number of its own in its context; what
  was refused is found and sent again under another number;
* the 1,025th live context raises MemoryError: a context lives as long as one call, and is deleted however that ends;
* more than 250 properties, integers beyond 64 bits, doubles: facts are checked before they are sent, ``MOST_FIELDS``
  small integers and short words; a word is never a number, since texts that read as numbers equal them;
* deleting a context in which no rule ever fired frees memory that was never set, which may end the process: every
  context begins with a fact for which a rule of ours fires;
* a test of one fact against another one damages memory if it asks for more than that one field of each is equal: such a
  rule is refused;
* rule sets cannot be replaced and are never freed: a rule set is known by its content, and built once in a process;
* a rule on ``id`` or ``sid`` fires for ever on the engine's own record: such a rule is refused, firings are counted.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

from policyengine.errors import CaseError, Diagnostic, MissingExtra

Fact = Mapping[str, int | str]
"""Small integers and short words by name."""
Fire = Callable[[str, Sequence[Fact]], Iterable[Fact]]
"""What follows when a rule fires, by its name, for the facts that it matched: further facts."""

MOST_FIELDS: Final = 200
LARGEST: Final = 2**31 - 1
MOST_FIRINGS: Final = 100_000
"""Firings of one context; beyond, the rules go in circles."""
MOST_RULE_SETS: Final = 1_000
"""Rule sets of one process, which are never freed: about 250 kB each."""
NUMBER: Final = "n"
BEGUN: Final = "z"
OPENING: Final[Mapping[str, Any]] = {"begun": {"all": [{"m_0": {BEGUN: 1}}]}}
"""The rule that fires for the first fact of every context."""
TRIES: Final = 16
TAKEN: Final = frozenset({"id", "sid", "$s", NUMBER, BEGUN})
_WORD = re.compile(r"[^\W\d][^\x00-\x1f]{0,63}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)
OK, UNSEEN = 0, 1

_lock = threading.RLock()
_built: dict[str, Rules] = {}
_contexts = count(1)


@dataclass(frozen=True, slots=True)
class Rules:
    """A rule set in the engine. ``name``: the digest of its content."""

    name: str
    handle: int


def engine() -> Any:
    """The C engine of durable_rules. Raises ``MissingExtra``."""
    try:
        import durable_rules_engine
    except ImportError as error:
        message = (
            "forward chaining needs durable_rules: pip install 'reimbursement-policyengine[cases]' (Python < 3.13)"
        )
        raise MissingExtra(message) from error
    return durable_rules_engine


def built(definition: Mapping[str, Any]) -> Rules:
    """The rule set of that content, built once in a process. Raises ``CaseError`` for what the engine cannot hold."""
    text = json.dumps({**definition, **OPENING}, sort_keys=True, ensure_ascii=False)
    name = hashlib.sha256(text.encode()).hexdigest()
    with _lock:
        if name not in _built:
            _refuse(definition)
            if len(_built) >= MOST_RULE_SETS:
                raise _too_much(f"there are {len(_built):,} rule sets in this process, which are never freed")
            try:
                handle = engine().create_ruleset(name, text)
            except MissingExtra:
                raise
            except Exception as error:
                raise _too_much(f"the rule set cannot be built: {error}") from None
            _built[name] = Rules(name, handle)
        return _built[name]


def _refuse(definition: Mapping[str, Any]) -> None:
    """Rules that look at the engine's own fields would fire for ever. Raises ``CaseError``."""
    for key in _keys(definition):
        if key in TAKEN:
            raise _too_much(f"a rule looks at `{key}`, which is the engine's own")
    for name, rule in definition.items():
        for part in rule["all"]:
            joined = [ordered for tests in part.values() for ordered in _joins(tests, False)]
            if len(joined) > 1 or any(joined):
                raise _too_much(f"the rule `{name}` joins two facts by more than one field that is equal")


def _joins(tests: Any, ordered: bool) -> Iterator[bool]:
    """For every test of one fact against another one whether it asks for more than that they are equal."""
    for key, value in tests.items():
        if isinstance(value, list):
            for test in value:
                yield from _joins(test, ordered)
        elif isinstance(value, Mapping) and key.startswith("$"):
            yield from _joins(value, True)
        elif isinstance(value, Mapping):
            yield ordered


def _keys(tree: Any) -> Iterator[str]:
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            yield key
            yield from _keys(value)
    elif isinstance(tree, list | tuple):
        for item in tree:
            yield from _keys(item)


def chained(rules: Rules, waves: Iterable[Sequence[Fact]], fire: Fire) -> None:
    """Asserts facts wave by wave in a context of its own, which is deleted afterwards.

    Each wave, with everything that follows from it, is done before the next one. An exception of ``fire`` goes to the
    caller. Raises ``CaseError`` for a fact that the engine would not keep as it is.
    """
    with _lock:
        context = _Context(engine(), rules.handle, f"c{next(_contexts)}")
        try:
            context.begun()
            for wave in waves:
                waiting: list[Fact] = list(wave)
                while waiting:
                    waiting = list(context.settled(waiting, fire))
        finally:
            context.deleted()


@dataclass(slots=True)
class _Context:
    """The facts of one call."""

    engine: Any
    handle: int
    sid: str
    number: int = 0
    fired: int = 0
    live: bool = False

    def begun(self) -> None:
        """The first fact of the context, and the rule that fires for it."""
        _, state = self.engine.assert_fact(self.handle, json.dumps({BEGUN: 1, NUMBER: self.number, "sid": self.sid}))
        found = self.engine.start_action_for_state(self.handle, state)
        assert found, "the rule that opens a context fires"
        self.live = True
        self.engine.complete_and_start_action(self.handle, state)

    def settled(self, facts: Sequence[Fact], fire: Fire) -> Iterator[Fact]:
        """Asserts facts and lets every rule fire that they complete: the facts that follow."""
        state = self._asserted(facts)
        found = self.engine.start_action_for_state(self.handle, state)
        message = found[1] if found else None
        while message:
            (name, matched), *_ = json.loads(message).items()
            self.fired += 1
            if self.fired > MOST_FIRINGS:
                raise _too_much(f"rules fire more than {MOST_FIRINGS:,} times in one context")
            yield from fire(name, _facts(matched))
            message = self.engine.complete_and_start_action(self.handle, state)

    def _asserted(self, facts: Sequence[Fact]) -> int:
        sent = {self._next(): fact for fact in facts}
        for fact in facts:
            check_fact(fact)
        code, state = self.engine.assert_facts(self.handle, json.dumps([self._message(*one) for one in sent.items()]))
        if code != OK:
            kept = {fact.get(NUMBER) for fact in json.loads(self.engine.get_facts(self.handle, self.sid))}
            for number, fact in sent.items():
                if number not in kept:
                    state = self._again(fact)
        assert isinstance(state, int)
        return state

    def _again(self, fact: Fact) -> int:
        """A fact that was not kept: no rule looks at it, or it was taken for another one and is sent once more."""
        for _ in range(TRIES):
            code, state = self.engine.assert_fact(self.handle, json.dumps(self._message(self._next(), fact)))
            if code in (OK, UNSEEN):
                assert isinstance(state, int)
                return state
        raise _too_much(f"a fact was refused {TRIES} times as already observed")

    def _next(self) -> int:
        self.number += 1
        return self.number

    def _message(self, number: int, fact: Fact) -> dict[str, int | str]:
        return {**fact, NUMBER: number, "sid": self.sid}

    def deleted(self) -> None:
        if self.live:
            self.engine.delete_state(self.handle, self.sid)


def _facts(matched: Any) -> Sequence[Fact]:
    """The facts that a rule matched, in the order of the rule. Those that are absent are not there."""
    return list(matched.values()) if isinstance(matched, dict) else list(matched)


def check_fact(fact: Fact) -> None:
    """Raises ``CaseError`` for a fact that the engine would take for something else."""
    if len(fact) > MOST_FIELDS:
        raise _too_much(f"a fact has {len(fact)} fields, more than {MOST_FIELDS}")
    for name, value in fact.items():
        if name in TAKEN or not _NAME.fullmatch(name):
            raise _too_much(f"`{name}` cannot be the name of a field")
        small = type(value) is int and abs(value) <= LARGEST
        if not small and not (isinstance(value, str) and _WORD.fullmatch(value)):
            raise _too_much(f"the value of `{name}` is neither a small integer nor a short word")


def _too_much(text: str) -> CaseError:
    return CaseError(Diagnostic("E920", text, None, "what durable_rules can hold", record="forward chaining"))
