"""A plugin of pytest: case files and law files beside rule files are test items.

Whoever has rule files in a repository has them tested where everything else is: ``pytest`` collects
``…/cases/*.yaml`` and ``…/laws/*.yaml`` wherever a ``ruleset.yaml`` stands in the folder above, and nothing else. What
broke a law is kept in pytest's cache and tried first the next time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from policyengine.casebook import Case
    from policyengine.lawfiles import Law, Past, Verdict
    from policyengine.rulebook import Rulebook

RULE_FILE = "ruleset.yaml"
KEPT = "policyengine/laws"
"""Where pytest's cache holds what broke laws."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("policyengine", "rule files of the reimbursement policy engine")
    tried = "members on whose drawn claims each law is tried (default 100); 0: laws are not tried"
    group.addoption("--policy-examples", type=int, default=100, metavar="N", help=tried)
    drawn = "what the drawn claims follow from (default 1)"
    group.addoption("--policy-seed", type=int, default=1, metavar="S", help=drawn)
    parser.addini("policy_rulesets", "folders of rule sets that rule files may extend", type="paths", default=[])


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "policy_case: a worked example beside a rule file")
    config.addinivalue_line("markers", "policy_law: a law beside a rule file, tried on drawn claims")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Case files and law files beside a rule file."""
    if file_path.suffix != ".yaml" or file_path.parent.name not in ("cases", "laws"):
        return None
    if not (file_path.parent.parent / RULE_FILE).is_file():
        return None
    kind = CaseFile if file_path.parent.name == "cases" else LawFile
    made: pytest.Collector = kind.from_parent(parent, path=file_path)
    return made


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tells law files which of their laws were not deselected."""
    for item in items:
        if isinstance(item, LawItem):
            item.parent.chosen.append(item)


class PolicyFailure(Exception):
    """A case that does not come out, or a law that is not kept; the message is what is to be read."""


def _told(error: BaseException) -> str | None:
    """What is to be read of an error that is not one of the plugin's."""
    from policyengine.errors import PolicyError

    return str(error) if isinstance(error, PolicyFailure | PolicyError) else None


class PolicyFile(pytest.File):
    """A file beside a rule file."""

    @property
    def rule_file(self) -> Path:
        return self.path.parent.parent / RULE_FILE

    @property
    def roots(self) -> tuple[Path, ...]:
        """Further folders of rule sets, as the configuration names them."""
        return tuple(self.config.getini("policy_rulesets"))

    @cached_property
    def book(self) -> Rulebook:
        from policyengine.loading import load

        return load(self.rule_file, self.roots)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ARG002
        return _told(excinfo.value) or super().repr_failure(excinfo)


class PolicyItem(pytest.Item):
    """A case or a law."""

    parent: Any
    line: int
    what: str

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        return _told(excinfo.value) or super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.line - 1, f"{self.what} {self.name}"


# -- cases -------------------------------------------------------------------------------------------------------------


class CaseFile(PolicyFile):
    """A case file: a test item for each case."""

    def collect(self) -> Iterator[CaseItem]:
        from policyengine.casebook import read_cases

        for case in read_cases(self.path):
            yield CaseItem.from_parent(self, name=case.id, case=case)


class CaseItem(PolicyItem):
    """A worked example, settled and compared."""

    what = "case"

    def __init__(self, *, case: Case, **said: Any) -> None:
        super().__init__(**said)
        self.case, self.line = case, case.span.line
        self.add_marker("policy_case")

    def runtest(self) -> None:
        from policyengine.casebook import run_case

        outcome = run_case(self.parent.book, self.case, None, self.parent.roots)
        if not outcome.passed:
            again = f"  try it again: pytest '{self.nodeid}'"
            raise PolicyFailure(f"{outcome.render()}\n{again}")


# -- laws --------------------------------------------------------------------------------------------------------------


class LawFile(PolicyFile):
    """A law file: a test item for each law. Those that run (``chosen``) are tried together, on the same claims."""

    chosen: list[LawItem]

    def collect(self) -> Iterator[LawItem]:
        from policyengine.casebook.read import shown_name
        from policyengine.lawfiles import find_laws, read_laws

        self.chosen = []
        for law in read_laws(find_laws(self.rule_file, self.roots)):
            if law.span.file == shown_name(self.path):
                yield LawItem.from_parent(self, name=law.id.text, law=law)

    @cached_property
    def verdicts(self) -> dict[str, Verdict]:
        """What comes of every law of the file that was not deselected."""
        from policyengine.lawfiles import ready, try_laws

        items = self.chosen
        laws = ready(str(self.rule_file), [item.law for item in items], self.roots)
        past = [one for item in items if (one := item.past()) is not None]
        examples, seed = (self.config.getoption(name) for name in ("policy_examples", "policy_seed"))
        found = try_laws(laws, examples, seed, past=past)
        return {verdict.ready.law.id.text: verdict for verdict in found}


class LawItem(PolicyItem):
    """A law, tried on what broke it once and on drawn claims."""

    what = "law"

    def __init__(self, *, law: Law, **said: Any) -> None:
        super().__init__(**said)
        self.law, self.line = law, law.id.span.line
        self.add_marker("policy_law")

    def runtest(self) -> None:
        if self.config.getoption("policy_examples") < 1:
            pytest.skip("laws are not tried: --policy-examples 0")
        verdict: Verdict = self.parent.verdicts[self.law.id.text]
        self._keep(verdict)
        if not verdict.passed:
            again = f"--policy-examples {verdict.lives} --policy-seed {verdict.seed}"
            raise PolicyFailure(f"{verdict.render()}\n  or: pytest '{self.nodeid}' {again}")

    # -- past failures ---------------------------------------------------------------------------------------------

    @property
    def _key(self) -> str:
        return f"{KEPT}/{hashlib.sha256(self.nodeid.encode()).hexdigest()[:16]}"

    def past(self) -> Past | None:
        """The claims that broke the law the last time, if they can still be read."""
        from policyengine.claim import Claim
        from policyengine.errors import ClaimError
        from policyengine.lawfiles import Past

        cache = getattr(self.config, "cache", None)
        kept = None if cache is None else cache.get(self._key, None)
        if not isinstance(kept, dict):
            return None
        try:
            life = tuple(Claim.model_validate(one) for one in _listed(kept.get("claims")))
        except ClaimError:
            return None
        parameters = kept.get("parameters")
        return Past(self.law.id.text, life, parameters if isinstance(parameters, dict) else {})

    def _keep(self, verdict: Verdict) -> None:
        """Keeps what broke the law, and forgets what no longer does."""
        cache = getattr(self.config, "cache", None)
        if cache is not None and (verdict.breach is not None or cache.get(self._key, None) is not None):
            cache.set(self._key, None if verdict.breach is None else {
                "claims": verdict.documents, "parameters": dict(verdict.breach.parameters)})  # fmt: skip


def _listed(value: object) -> Iterable[object]:
    return value if isinstance(value, list) else ()
