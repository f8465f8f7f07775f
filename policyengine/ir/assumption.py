"""What a rule file says that no source says."""

from __future__ import annotations

from dataclasses import dataclass, field

from policyengine.errors import Span


@dataclass(frozen=True, slots=True)
class Assumption:
    """``why``: what is assumed, and why; ``zh``: the same in 中文, if the file says it.

    ``aspect``: of what it is assumed; ``of``: the parameter or table that it was looked up in. ``grade``: how good it
    is (B, C, M, I …); ``settled_by``: what would make it known; ``settled_zh``: the same in 中文, if the file says it.
    """

    why: str
    zh: str = ""
    aspect: str = ""
    grade: str = ""
    settled_by: str = ""
    settled_zh: str = ""
    of: str = ""
    span: Span | None = field(default=None, compare=False, repr=False)

    def reason(self, zh: bool = False) -> str:
        """What is assumed, and why; in the other language where the file has one only."""
        return (zh and self.zh) or self.why

    def cure(self, zh: bool = False) -> str:
        """What would make it known; in the other language where the file has one only."""
        return (zh and self.settled_zh) or self.settled_by

    def told(self, zh: bool = False) -> str:
        """In words: ``aspect: why [grade]``."""
        heads = (f"{head}: " for head in (self.of, self.aspect) if head)
        return "".join(heads) + self.reason(zh) + (f" [{self.grade}]" if self.grade else "")

    def __str__(self) -> str:
        return self.told()
