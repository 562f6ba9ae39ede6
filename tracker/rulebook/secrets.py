"""Passwords, tokens and signing keys of schedule.yaml: shown nowhere, and needed only by what uses them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any
from urllib.parse import urlsplit

from tracker.rulebook.errors import RuleError, RuleErrors

#: Characters of a secret that signs; a shorter one can be guessed.
SHORTEST_SECRET = 32


def is_address(text: str) -> bool:
    """Whether the text is an address that can be called by HTTP."""
    try:
        return bool(re.fullmatch(r"https?://[^\s/]+\S*", text)) and urlsplit(text).port != 0
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Secret:
    """A text that no message, log or file shows. `unset`: the place whose environment variable is not set."""

    _text: str = field(default="", repr=False)
    unset: RuleError | None = None

    def reveal(self) -> str:
        """The text. Raises RuleErrors with the variable's name and the place where the variable is not set."""
        if self.unset is not None:
            raise RuleErrors([self.unset])
        return self._text

    def __bool__(self) -> bool:
        """Whether something is written there, set or not."""
        return bool(self._text) or self.unset is not None

    def __str__(self) -> str:
        return "***" if self else ""


#: Where nothing is written.
NO_SECRET = Secret()


def find_unset_secrets(value: Any) -> Iterator[RuleError]:
    """The errors of the secrets in a value of the schedule whose environment variables are not set."""
    if isinstance(value, Secret):
        if value.unset is not None:
            yield value.unset
    elif is_dataclass(value):
        for part in fields(value):
            yield from find_unset_secrets(getattr(value, part.name))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from find_unset_secrets(inner)
