"""The errors of rule files, each with path, line and column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.core.values.message import Message


@dataclass(frozen=True, slots=True, order=True)
class RuleError:
    """One defect and where it stands. Lines and columns count from 1; `allowed`: what would be right."""

    path: str
    line: int
    column: int
    message: Message
    allowed: tuple[str, ...] = ()

    @property
    def text(self) -> Message:
        """The line that names the place, the defect and what would be right."""
        place = f"{self.path}:{self.line}:{self.column}"
        if not self.allowed:
            return Message("{place}: {message}", place=place, message=self.message)
        allowed = Message.joined(", ", self.allowed)
        return Message("{place}: {message} (allowed: {allowed})", place=place, message=self.message, allowed=allowed)

    def __str__(self) -> str:
        return str(self.text)


class RuleErrors(Exception):
    """The rule files cannot be used. `errors` is sorted; `str()` gives one line each."""

    errors: tuple[RuleError, ...]

    def __init__(self, errors: Iterable[RuleError]) -> None:
        self.errors = tuple(sorted(set(errors)))
        super().__init__(self.errors)

    @property
    def text(self) -> Message:
        """A line for each error."""
        return Message.lines(error.text for error in self.errors)

    def __str__(self) -> str:
        return str(self.text)
