"""Defines what a register answers: the error where it refuses an entry, and the result where it accepts one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Generic, TypeVar

from tracker.core.values.message import Message, MessageError

T = TypeVar("T")


class RegisterError(MessageError):
    """An entry is refused; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class Registered(Generic[T]):
    """The result of an entry. `changed` False: the same was on record before and nothing was written."""

    value: T
    changed: bool
    message: Message


def suggest_names(name: str, allowed: Iterable[str]) -> Message:
    """A hint for an unknown name: the allowed names that come close, else all of them, or their number above 40."""
    known = sorted(allowed)
    near = get_close_matches(name, known, n=3, cutoff=0.7)
    if near:
        return Message("did you mean {names}?", names=", ".join(near))
    if len(known) > 40:
        return Message("there are {count}", count=len(known))
    return Message("known: {names}", names=", ".join(known) or Message("none"))
