"""Words that tell whether a page is worth a closer look: all that are ever asked are found in one pass over it.

A page of 40 KB is looked through for some fifty words; one search after the other would cost more than its parser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import re2

_ANY_CASE = "(?i)"
#: Put behind every text, to be found in it; no text holds it itself.
_END = "\x01\x02\x01"

_words: list[str] = []
_search: re2.Set | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """What was found in one text: of `known` words those that `stand` in it. One that is asked for the first
    time is looked for by itself, and in later texts with the others."""

    text: str
    known: frozenset[str]
    stand: frozenset[str]

    def hold(self, word: str) -> bool:
        """Whether the word stands in the text; in whatever case where it begins with (?i)."""
        if word in self.known:
            return word in self.stand
        _learn(word)
        if word.startswith(_ANY_CASE):
            return re.search(re.escape(word[len(_ANY_CASE) :]), self.text, re.IGNORECASE) is not None
        return word in self.text


def marks_in(text: str, encoded: bytes) -> Marks:
    """Every word known by now that stands in a text; `encoded`: the same in UTF-8."""
    global _search
    if not _words:
        return Marks(text, frozenset(), frozenset())
    if _search is None:
        _search = re2.Set.SearchSet()
        for word in _words:
            bare = word.removeprefix(_ANY_CASE)
            _search.Add(f"{word[: len(word) - len(bare)]}{re2.escape(bare)}")
        _search.Add(_END)
        _search.Compile()
    found = _search.Match(encoded + _END.encode()) or []
    if len(_words) not in found:  # the search itself has failed
        return Marks(text, frozenset(), frozenset())
    return Marks(text, frozenset(_words), frozenset([_words[number] for number in found if number < len(_words)]))


def _learn(word: str) -> None:
    global _search
    if word not in _words:
        _words.append(word)
        _search = None
