"""durable_rules and its faults: each is shown in the bare library, and is not there behind the guards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence

import pytest

from policyengine.cases.forward import engine
from policyengine.cases.forward.engine import Fact, Rules, built, chained
from policyengine.errors import CaseError

bare = pytest.importorskip("durable_rules_engine")


def fired(rules: Rules, *waves: Sequence[Fact]) -> list[str]:
    """The names of the rules that fired."""
    names: list[str] = []

    def fire(name: str, _matched: Sequence[Fact]) -> Iterable[Fact]:
        names.append(name)
        return ()

    chained(rules, waves, fire)
    return names


def process(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A program in a process of its own, which it may end."""
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, **environment},
    )  # fmt: skip


ONE = {"r0": {"all": [{"m_0": {"e": 5}}]}}


def test_an_exception_is_swallowed_by_the_library_and_goes_to_the_caller_here() -> None:
    from durable.engine import Ruleset

    def fail(_closure: object) -> None:
        raise ZeroDivisionError

    theirs = Ruleset("swallowing", None, {"r0": {"all": [{"m_0": {"e": 5}}], "run": fail}})
    told: list[object] = []
    theirs.do_actions(theirs.assert_fact({"e": 5, "sid": "s"}), lambda error, _state: told.append(error))
    assert told == [None], "nobody hears of it"
    assert (
        "ZeroDivision" in theirs.get_state("s")["exception"] or "exception caught" in theirs.get_state("s")["exception"]
    )

    def broken(_name: str, _matched: Sequence[Fact]) -> Iterable[Fact]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        chained(built(ONE), [[{"e": 5}]], broken)
    assert fired(built(ONE), [{"e": 5}]) == ["r0"], "the context is gone, the rules work on"


def test_the_same_fact_twice_is_refused_by_the_library_and_counts_twice_here() -> None:
    handle = bare.create_ruleset("twice", json.dumps(ONE))
    assert bare.assert_fact(handle, '{"e": 5, "sid": "s"}')[0] == 0
    assert bare.assert_fact(handle, '{"e": 5, "sid": "s"}')[0] == 2, "already observed"
    assert fired(built(ONE), [{"e": 5}, {"e": 5}], [{"e": 5}]) == ["r0", "r0", "r0"]


class Forgetful:
    """The engine, which refuses some facts as already observed: those whose number it does not like."""

    def __init__(self, disliked: frozenset[int]) -> None:
        self.disliked = disliked

    def __getattr__(self, name: str) -> object:
        return getattr(bare, name)

    def assert_facts(self, handle: int, text: str) -> tuple[int, int]:
        facts = json.loads(text)
        kept = [fact for fact in facts if fact["n"] not in self.disliked]
        code, state = bare.assert_facts(handle, json.dumps(kept))
        return (code if len(kept) == len(facts) else 2), state

    def assert_fact(self, handle: int, text: str) -> tuple[int, int]:
        fact = json.loads(text)
        code, state = bare.assert_fact(handle, json.dumps({**fact, "e": 999} if fact["n"] in self.disliked else fact))
        return (2 if fact["n"] in self.disliked else code), state


def test_what_is_refused_as_already_observed_is_sent_again_and_never_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = built(ONE)
    monkeypatch.setattr(engine, "engine", lambda: Forgetful(frozenset({2, 3, 5})))
    assert fired(rules, [{"e": 5}, {"e": 5}, {"e": 5}]) == ["r0", "r0", "r0"]
    monkeypatch.setattr(engine, "engine", lambda: Forgetful(frozenset(range(1, 100))))
    with pytest.raises(CaseError, match="already observed"):
        fired(rules, [{"e": 5}])


MANY = """
import durable_rules_engine as bare, json
handle = bare.create_ruleset("many", json.dumps({"r0": {"all": [{"m_0": {"e": 5}}]}}))
for n in range(2000):
    try:
        bare.assert_fact(handle, json.dumps({"e": 5, "sid": f"s{n}"}))
    except BaseException as error:
        print(n, type(error).__name__)
        break
"""


def test_the_library_ends_at_the_1025th_live_context_and_here_none_stays_alive() -> None:
    assert process(MANY).stdout.split() == ["1024", "MemoryError"]
    rules = built(ONE)
    assert all(fired(rules, [{"e": 5}]) == ["r0"] for _ in range(1_500))


UNFIRED = """
import durable_rules_engine as bare, json
handle = bare.create_ruleset("unfired", json.dumps({"r0": {"all": [{"m_0": {"e": 5}}, {"m_1": {"e": 6}}]}}))
for n in range(3000):
    bare.assert_fact(handle, json.dumps({"e": 5, "sid": f"s{n}"}))
    bare.delete_state(handle, f"s{n}")
print("alive")
"""
GUARDED = """
from policyengine.cases.forward.engine import built, chained
rules = built({"r0": {"all": [{"m_0": {"e": 5}}, {"m_1": {"e": 6}}]}})
for n in range(3000):
    chained(rules, [[{"e": 5}]], lambda name, matched: ())
    chained(rules, [[{"e": 9}]], lambda name, matched: ())
    chained(rules, [], lambda name, matched: ())
print("alive")
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is filled by the C library of Linux")
def test_deleting_a_context_in_which_nothing_fired_ends_the_process_of_the_library_and_not_ours() -> None:
    ended = process(UNFIRED, MALLOC_PERTURB_="85")
    assert ended.returncode < 0, "ended by a signal"
    assert "alive" not in ended.stdout
    assert process(GUARDED, MALLOC_PERTURB_="85").stdout.split() == ["alive"]


TEXTS = """
import durable_rules_engine as bare, json
handle = bare.create_ruleset("texts", json.dumps({"r0": {"all": [{"m_0": {"w": 3}}]}}))
_, state = bare.assert_fact(handle, json.dumps({"w": "3", "sid": "s"}))
print(bare.start_action_for_state(handle, state) is not None)
"""


JOINS = """
import durable_rules_engine as bare, json, random
rng = random.Random(3)
tests = [{"r": 0}, {"k": {"m_0": "k"}}, {"$gt": {"o": {"m_0": "o"}}}]
handle = bare.create_ruleset("joins", json.dumps({"r0": {"all": [{"m_0": {"r": 0}}, {"m_1": {"$and": tests}}]}}))
for n in range(1500):
    facts = [{"r": 0, "o": i, "k": rng.randrange(2), "sid": f"s{n}"} for i in range(8)]
    _, state = bare.assert_facts(handle, json.dumps(facts))
    found = bare.start_action_for_state(handle, state)
    message = found and found[1]
    while message:
        message = bare.complete_and_start_action(handle, state)
    if found:
        bare.delete_state(handle, f"s{n}")
print("alive")
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is filled by the C library of Linux")
def test_an_order_between_two_facts_ends_the_process_of_the_library_and_is_refused_here() -> None:
    ended = (process(JOINS, MALLOC_PERTURB_="85").returncode for _ in range(30))
    assert any(code < 0 for code in ended), "ended by a signal, in most processes"
    joined = [{"r": 0}, {"$gt": {"o": {"m_0": "o"}}}]
    with pytest.raises(CaseError, match="joins two facts"):
        built({"r0": {"all": [{"m_0": {"r": 0}}, {"m_1": {"$and": joined}}]}})


def test_texts_equal_numbers_in_the_library_and_no_text_that_reads_as_one_is_sent_here() -> None:
    often = (process(TEXTS).stdout.split() == ["True"] for _ in range(60))
    assert any(often), "the text 3 is the number 3, in most processes"
    with pytest.raises(CaseError, match="small integer"):
        fired(built(ONE), [{"e": 5, "w": "3"}])


def test_integers_saturate_in_the_library_and_none_that_large_is_sent_here() -> None:
    handle = bare.create_ruleset("large", json.dumps({"r0": {"all": [{"m_0": {"w": 2**64 + 1}}]}}))
    _, state = bare.assert_fact(handle, json.dumps({"w": 2**63, "sid": "s"}))
    assert bare.start_action_for_state(handle, state) is not None, "9223372036854775808 is 18446744073709551617"
    for value in (2**31, -(2**31), 2**63, True):
        with pytest.raises(CaseError, match="small integer"):
            fired(built(ONE), [{"e": 5, "w": value}])


def test_too_many_fields_and_fields_of_the_engine_are_refused() -> None:
    with pytest.raises(CaseError, match="201 fields"):
        fired(built(ONE), [{f"f{n}": 1 for n in range(201)}])
    assert fired(built(ONE), [{"e": 5, **{f"f{n}": 1 for n in range(199)}}]) == ["r0"]
    for name in ("id", "sid", "n", "z", "Name", "a.b"):
        with pytest.raises(CaseError, match="name of a field"):
            fired(built(ONE), [{"e": 5, name: 1}])


LOOP = """
import durable_rules_engine as bare, json
handle = bare.create_ruleset("loop", json.dumps({"r0": {"all": [{"m_0": {"$ex": {"id": 1}}}]}}))
_, state = bare.assert_fact(handle, json.dumps({"id": 7, "sid": "s"}))
found = bare.start_action_for_state(handle, state)
for n in range(1000):
    bare.update_state(handle, json.dumps({"sid": "s", "id": "sid-s", "$s": 1}))
    if not bare.complete_and_start_action(handle, state):
        break
print(n)
"""


def test_a_rule_on_id_fires_for_ever_in_the_library_and_is_refused_here() -> None:
    assert process(LOOP).stdout.split() == ["999"]
    for name in ("id", "sid", "$s"):
        with pytest.raises(CaseError, match="the engine's own"):
            built({"r0": {"all": [{"m_0": {"$ex": {name: 1}}}]}})


def test_rules_that_go_in_circles_are_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MOST_FIRINGS", 50)
    with pytest.raises(CaseError, match="50 times"):
        chained(built(ONE), [[{"e": 5}]], lambda _name, matched: [{"e": 5}])


def test_a_rule_set_is_built_once_and_known_by_its_content() -> None:
    from durable.engine import Host, Ruleset

    host = Host.__new__(Host)
    host._ruleset_directory, host._ruleset_list = {"a": Ruleset("a", None, {})}, []
    with pytest.raises(Exception, match="already registered"):
        host.register_rulesets({"a": {}})
    assert built(ONE) is built(json.loads(json.dumps(ONE)))
    assert built(ONE) != built({"r0": {"all": [{"m_0": {"e": 6}}]}})


def test_no_more_rule_sets_than_a_process_can_keep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MOST_RULE_SETS", 0)
    with pytest.raises(CaseError, match="never freed"):
        built({"r0": {"all": [{"m_0": {"e": 77}}]}})
