"""Speaks English or Chinese to the person at the terminal, from the gettext catalogue.

A sentence is a template with `{name}` for each value.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from tracker.catalogue import LANGUAGES, PoCatalogue, catalogue_of, translate

_spoken = catalogue_of("en")


def choose(language: str | None) -> None:
    """Speak that language from now on; None: the one of the locale."""
    global _spoken
    _spoken = catalogue_of(language or language_of(os.environ))


def chosen() -> str:
    """The language that is spoken."""
    return "zh" if isinstance(_spoken, PoCatalogue) else "en"


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language for a while: papers are Chinese whatever the terminal speaks."""
    before = chosen()
    choose(language)
    try:
        yield
    finally:
        choose(before)


def language_of(environ: Mapping[str, str]) -> str:
    """The language of the locale that the environment names: zh, else en."""
    names = (environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh" if next(filter(None, names), "").lower().startswith("zh") else "en"


def asked_language(words: Sequence[str]) -> str | None:
    """The language that --lang asks for among the words of a command line; None if it asks for none that is known."""
    found = None
    for word, following in zip(words, (*words[1:], ""), strict=True):
        value = following if word == "--lang" else word.removeprefix("--lang=") if word.startswith("--lang=") else None
        found = value if value in LANGUAGES else found
    return found


# -- texts -----------------------------------------------------------------------------------------


def tr(text: str, /, **values: object) -> str:
    """The text in the language that is spoken, with its values; a `Message` brings its own."""
    return translate(_spoken, text, **values)


def tr_plural(one: str, several: str, count: int) -> str:
    """The text for so many."""
    return _spoken.ngettext(one, several, count)


def head_of(column: str) -> str:
    """The head of a column."""
    return _spoken.pgettext("column", column)


def word(column: str, value: str) -> str:
    """A word of a closed list (red, overdue) by the column that it stands in; any other text as it is."""
    return _spoken.pgettext(column, value)


def quoted(text: str) -> str:
    """Chinese words (a reason, a title, a name), set off by 「」 where English is spoken."""
    return f"「{text}」" if text and not text.isascii() and chosen() == "en" else text


# -- widths ----------------------------------------------------------------------------------------


def is_wide(letter: str) -> bool:
    """Whether the letter takes two places of a terminal."""
    return letter > "\u10ff" and unicodedata.east_asian_width(letter) in "WF"


def pad(text: str, places: int) -> str:
    """The text with blanks behind it, to so many places of a terminal."""
    return text + " " * (places - len(text) - sum(map(is_wide, text)))
