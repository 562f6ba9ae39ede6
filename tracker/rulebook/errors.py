"""The errors of rule files, each with path, line and column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class RuleError:
    """One defect and where it stands. Lines and columns count from 1; `allowed`: what would be right."""

    path: str
    line: int
    column: int
    message: str
    allowed: tuple[str, ...] = ()

    def __str__(self) -> str:
        allowed = f" (allowed: {', '.join(self.allowed)})" if self.allowed else ""
        return f"{self.path}:{self.line}:{self.column}: {self.message}{allowed}"


class RuleErrors(Exception):
    """The rule files cannot be used. `errors` is sorted; `str()` gives one line each."""

    errors: tuple[RuleError, ...]

    def __init__(self, errors: Iterable[RuleError]) -> None:
        self.errors = tuple(sorted(set(errors)))
        super().__init__(self.errors)

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)
