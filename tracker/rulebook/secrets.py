"""Passwords, tokens and signing keys of schedule.yaml: shown nowhere, and needed only by what uses them."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from tracker.core.values.message import Message
from tracker.rulebook.errors import RuleError, RuleErrors

#: Characters of a secret that signs; a shorter one can be guessed.
SHORTEST_SECRET = 32
#: Characters of a part of a secret that is recognised in other texts.
_SHORTEST_PIECE = 8


def is_address(text: str) -> bool:
    """Whether the text is an address that can be called by HTTP."""
    try:
        return bool(re.fullmatch(r"https?://[^\s/]+\S*", text)) and urlsplit(text).port != 0
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Secret:
    """A text that no message, log or file shows.

    `unset`: the place whose variable is not set. `clear_at`: the key, where the text itself stands in schedule.yaml.
    """

    _text: str = field(default="", repr=False)
    unset: RuleError | None = None
    clear_at: str = field(default="", compare=False)

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


def find_secrets(value: Any) -> Iterator[Secret]:
    """The secrets in a value of the schedule."""
    if isinstance(value, Secret):
        yield value
    elif is_dataclass(value):
        for part in fields(value):
            yield from find_secrets(getattr(value, part.name))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from find_secrets(inner)


def find_unset_secrets(value: Any) -> Iterator[RuleError]:
    """The errors of the secrets in a value of the schedule whose environment variables are not set."""
    yield from (secret.unset for secret in find_secrets(value) if secret.unset is not None)


def find_clear_secrets(value: Any) -> Iterator[str]:
    """The keys of a value of the schedule at which a password or a signing key stands in clear."""
    yield from (secret.clear_at for secret in find_secrets(value) if secret.clear_at)


class Redactor:
    """Replaces secrets of the schedule in texts of other systems, which may repeat what they were sent."""

    def __init__(self, schedule: Any) -> None:
        pieces = set()
        for secret in find_secrets(schedule):
            text = "" if secret.unset is not None else secret.reveal()
            found = {text}
            if re.search(r"[=?{ ]", text):  # the parts of a form, a header or an address with a key; not a host's name
                found |= {part for part in re.findall(r"[\w+/~-]{12,}", text) if not part.startswith("//")}
            pieces |= {piece for piece in found if len(piece) >= _SHORTEST_PIECE}
        pieces |= {base64.b64encode(piece.encode()).decode().rstrip("=") for piece in pieces}
        longest_first = sorted(pieces, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if pieces else None

    def __call__(self, text: str) -> str:
        return self._pattern.sub("***", text) if self._pattern is not None else text


#: Words in secrets that people type, and characters in the order of alphabet and keyboard.
_WORDS = ("change", "password", "passwd", "secret", "example", "duban", "qwerty", "asdfgh", "letmein", "admin", "密")
_FEWEST = 8  # different characters; 32 random hexadecimal digits have 14 on the average


def find_weakness(secret: str) -> Message | None:
    """Why a secret that signs can be guessed; None where it looks drawn at random."""
    if len(secret) < SHORTEST_SECRET:
        return Message("it has {length} characters, {least} are needed", length=len(secret), least=SHORTEST_SECRET)
    steps = [ord(after) - ord(before) for before, after in pairwise(secret)]
    is_repeated = any(secret[period:] == secret[:-period] for period in range(1, len(secret) // 2 + 1))
    if is_repeated or len(set(secret)) < _FEWEST:
        return Message("it repeats a few characters")
    if sum(abs(step) <= 1 for step in steps) > len(steps) / 2:
        return Message("its characters follow an order")
    if any(word in secret.casefold() for word in _WORDS):
        return Message("it holds a well-known word")
    return None
