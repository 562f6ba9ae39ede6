"""Finds the known name that a misspelt one may mean."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from tracker.core.values.message import Message


def suggestion(name: str, known: Iterable[str]) -> str:
    """`, did you mean 'x'?` for the nearest known name, or nothing."""
    similar = find_similar(name, known)
    return Message(", did you mean {similar!r}?", similar=similar) if similar else ""


def find_similar(name: str, known: Iterable[str]) -> str | None:
    """The nearest known name, if it is similar enough to ask whether it was meant."""
    return next(iter(get_close_matches(name, list(known), n=1, cutoff=0.6)), None)


def find_intended(given: Any, words: Iterable[str]) -> str | None:
    """The word that was surely meant, if one is that similar. A word with other digits never is."""
    if not isinstance(given, str):
        return None
    alike = [word for word in words if re.findall(r"\d", word) == re.findall(r"\d", given)]
    return next(iter(get_close_matches(given, alike, n=1, cutoff=0.75)), None)
