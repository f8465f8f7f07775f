"""Every law of a rule set tried: on lives that broke one before, then on lives that are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from policyengine.lawfiles.drawing import Life, Parameters, drawn, known_to, parameters_of
from policyengine.lawfiles.outcome import Verdict
from policyengine.lawfiles.ready import Ready
from policyengine.lawfiles.shrinking import smallest
from policyengine.lawfiles.trying import Breach, settled, tried
from policyengine.rulebook import Rulebook
from policyengine.settlement import Settlement

EXAMPLES, SEED = 100, 1


@dataclass(slots=True)
class _Trial:
    """A law while it is tried; ``parameters``: the values that take turns."""

    ready: Ready
    parameters: tuple[Parameters, ...]
    count: int = 0
    breach: Breach | None = None

    def take(self, settlements: Sequence[Settlement], parameters: Parameters) -> None:
        """Tries the law on the claims of one member."""
        found = tried(self.ready, settlements, parameters)
        self.count += found.count
        self.breach = found.breach

    def verdict(self, lives: int, seed: int) -> Verdict:
        breach = None if self.breach is None else smallest(self.breach)
        return Verdict(self.ready, self.count, lives, seed, breach)


@dataclass(frozen=True, slots=True)
class Past:
    """Claims that broke a law once, with the values of parameters under which they did."""

    law: str
    life: Life
    parameters: Parameters


def try_laws(
    laws: Sequence[Ready],
    examples: int = EXAMPLES,
    seed: int = SEED,
    lives: Iterable[Life] | None = None,
    past: Iterable[Past] = (),
    volume: int = 0,
) -> tuple[Verdict, ...]:
    """What came of each law, tried on what broke it once (``past``), then on ``examples`` lives drawn by ``seed``, or
    on ``lives`` in their place.

    ``volume``: so many claims without history are tried by column besides; that needs the extra ``bulk``.
    """
    if not laws:
        return ()
    book, trials = laws[0].book, _trials(laws, seed)
    for one in past:
        _take_again(trials, one)
    if lives is None:
        numbered: Iterable[tuple[int, Life]] = enumerate(drawn(book, laws, seed, examples))
    else:
        given = tuple(lives)
        examples, turns = len(given), max(len(trial.parameters) for trial in trials)
        numbered = ((turn, life) for life in given for turn in range(turns))
    for number, life in numbered:
        _take(book, [trial for trial in trials if trial.breach is None], life, number)
    if volume:
        _scout(trials, volume, seed)
    return tuple(trial.verdict(examples, seed) for trial in trials)


def broken_by(laws: Sequence[Ready], examples: int, seed: int = SEED, volume: int = 0) -> str:
    """The id of the first law found broken, tried as ``try_laws`` tries them, by column first; empty for none. The
    claims that break it are not made small."""
    book = laws[0].book if laws else None
    if book is None:
        return ""
    trials = _trials(laws, seed)
    if volume:
        _scout(trials, volume, seed)
    for number, life in enumerate(drawn(book, laws, seed, examples)):
        if any(trial.breach for trial in trials):
            break
        _take(book, trials, life, number)
    return next((trial.ready.law.id.text for trial in trials if trial.breach), "")


def _trials(laws: Sequence[Ready], seed: int) -> list[_Trial]:
    book = laws[0].book
    values = parameters_of(book, seed)
    return [_Trial(one, tuple({**some, **known_to(book, one.law.parameters)} for some in values)) for one in laws]


def _take_again(trials: Iterable[_Trial], past: Past) -> None:
    for trial in trials:
        if trial.ready.law.id.text == past.law and trial.breach is None:
            trial.take(settled(trial.ready.book, past.life, past.parameters), past.parameters)


def _scout(trials: Sequence[_Trial], volume: int, seed: int) -> None:
    """Tries laws by column; what seems to break one is settled as a claim."""
    from policyengine.lawfiles.scouting import hints

    told = hints([trial.ready for trial in trials], volume, seed)
    for trial in trials:
        found = told[trial.ready.law.id.text]
        trial.count += found.count
        for past in found.found:
            _take_again([trial], past)


def _take(book: Rulebook, trials: Iterable[_Trial], life: Life, number: int) -> None:
    for parameters, some in _by_parameters(trials, number):
        settlements = settled(book, life, parameters)
        for trial in some:
            trial.take(settlements, parameters)


def _by_parameters(trials: Iterable[_Trial], number: int) -> Iterator[tuple[Parameters, list[_Trial]]]:
    """The laws that are tried with the same values of parameters, and the values whose turn it is."""
    found: dict[str, tuple[Parameters, list[_Trial]]] = {}
    for trial in trials:
        parameters = trial.parameters[number % len(trial.parameters)]
        found.setdefault(repr(sorted(parameters.items())), (parameters, []))[1].append(trial)
    yield from found.values()
