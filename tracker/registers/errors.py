"""Why something cannot be registered, and what a register answers when it can."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Generic, TypeVar

T = TypeVar("T")


class RegisterError(Exception):
    """It cannot be registered as given; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class Registered(Generic[T]):
    """What now stands. `changed` False: the same stood before, nothing was written."""

    value: T
    changed: bool
    message: str


def close_ones(word: str, allowed: Iterable[str]) -> str:
    """What may have been meant: the close ones, else all of them while they are few."""
    known = sorted(allowed)
    near = get_close_matches(word, known, n=3, cutoff=0.7)
    if near:
        return f"did you mean {' or '.join(near)}?"
    if len(known) > 40:
        return f"there are {len(known)}"
    return f"known: {', '.join(known) or 'none'}"
