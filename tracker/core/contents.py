"""What a text must hold, item by item. Words are literal; they prove presence, not truth."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from tracker.core.duties import Item
from tracker.core.facts import Entry, Version
from tracker.core.naming import flat, flatten, names_unit

# How far from its word a number still belongs to it, in characters: （AQI）指数为 65.
_AFTER, _BEFORE = 14, 4
_NUMBER = re.compile(r"(?<![\d.])\d+(?:\.\d+)?(?![\d年月日时号])")


@dataclass(frozen=True, slots=True)
class Held:
    """One item in one entry. `since`: when a reading first held it, None where it stood from the start.

    `lacked_at`: the latest reading before that in which it was not.
    """

    since: datetime | None = None
    lacked_at: datetime | None = None


@lru_cache(maxsize=512)
def body(version: Version) -> str:
    """Title, text and attachments in the form in which texts are compared; a bar keeps them apart."""
    texts = [version.title, version.text or ""]
    for one in version.attachments:
        texts += [one.name, one.text or ""]
    return "|".join(flatten(text).casefold() for text in texts)


def readable(version: Version) -> bool:
    """Whether all of it could be read: what is not in it is then missing, else unseen."""
    whole = all(one.text is not None and not one.note for one in version.attachments)
    return version.state == "read" and version.text is not None and whole


@lru_cache(maxsize=65536)
def holds(version: Version, item: Item) -> bool:
    """Whether the entry as it stood then holds the item."""
    if item.names and not (names_unit(version.title, item.names) or names_unit(version.text or "", item.names)):
        return False
    if not item.words:
        return bool(item.names)
    text = body(version)
    return any(_found(text, flat(word).casefold(), item.number) for word in item.words)


def _found(text: str, word: str, bounds: tuple[float, float] | None) -> bool:
    if bounds is None:
        return word in text
    at = text.find(word)
    while at >= 0:
        if _number_near(text, at, at + len(word), bounds):
            return True
        at = text.find(word, at + len(word))
    return False


def _number_near(text: str, begin: int, end: int, bounds: tuple[float, float]) -> bool:
    """Whether a number within the bounds stands just after the word, or right before it."""
    for number in _NUMBER.finditer(text, max(begin - _BEFORE - 8, 0)):
        start, letter = number.start(), text[number.start() - 1 : number.start()]
        if start > end + _AFTER:
            return False
        # Flattened, the word's own letters touch its number (aqi57); any other letter's is not ours (pm2.5).
        if start != end and letter.isascii() and letter.isalpha():
            continue
        beside = start >= end or begin - _BEFORE <= number.end() <= begin
        if beside and bounds[0] <= float(number[0]) <= bounds[1]:
            return True
    return False


@lru_cache(maxsize=65536)
def held(entry: Entry, item: Item) -> Held | None:
    """Since when the entry holds the item; None where its last reading lacks it.

    A reading that failed takes nothing away, and one that came before the first full one lacks nothing.
    """
    since: Held | None = None
    lacked_at: datetime | None = None
    for version in entry.versions:
        if holds(version, item):
            if since is None:
                since = Held(version.seen_at if lacked_at else None, lacked_at)
        elif readable(version):
            since, lacked_at = None, version.seen_at
    return since


def unread(entry: Entry) -> bool:
    """Whether its article, or a file of it, could not be read as it stands now."""
    return not readable(entry.now)
