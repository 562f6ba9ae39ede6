"""Reads what somebody searches for: words that name duties, departments by name and alias, or parts of keys."""

from __future__ import annotations

import re
import unicodedata

from tracker.core.law.county import Rulebook
from tracker.store.matters import MatterWord

#: Characters of a search, and words of it that are looked for.
MAX_WORDS, _MOST_WORDS = 64, 6
#: What a key is made of: no key has a Chinese character but in the number of a document.
_KEY = re.compile(r"[!-~]+|.*[〔〕号].*")


def split_words(rulebook: Rulebook, text: str) -> list[str]:
    """The words of a search. A department's name before or after another word is a word: 环保局空气质量."""
    words: list[str] = []
    names = sorted((name for unit in rulebook.county.departments.values() for name in unit.names), key=len)
    for word in unicodedata.normalize("NFKC", text).split():
        name = next((name for name in reversed(names) if len(name) > 1 and name in word), word)
        words += word.replace(name, f" {name} ").split() if _finds_nothing(rulebook, word) else [word]
    return words[:_MOST_WORDS]


def read_words(rulebook: Rulebook, text: str) -> tuple[MatterWord, ...]:
    """What a matter must have for each word of a search."""
    return tuple(
        MatterWord(find_duties(rulebook, word), find_departments(rulebook, word), word if _KEY.fullmatch(word) else "")
        for word in split_words(rulebook, text)
    )


def find_duties(rulebook: Rulebook, word: str) -> tuple[tuple[str, str], ...]:
    """Pack and ID of the duties whose title, clause or ID has the word."""
    return tuple(
        (duty.pack, duty.id)
        for duty in rulebook.duties
        if _has(word, duty.title, duty.clause, duty.id, *(part.title for part in duty.parts))
    )


def find_departments(rulebook: Rulebook, word: str) -> tuple[str, ...]:
    """The IDs of the departments of which a name, an alias or the ID has the word."""
    return tuple(unit.id for unit in rulebook.county.departments.values() if _has(word, unit.id, *unit.names))


def _finds_nothing(rulebook: Rulebook, word: str) -> bool:
    return not find_duties(rulebook, word) and not find_departments(rulebook, word)


def _has(word: str, *texts: str) -> bool:
    return any(word.lower() in unicodedata.normalize("NFKC", text).lower() for text in texts)
