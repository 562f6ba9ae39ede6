"""Speaks English or Chinese to the person at the terminal, from the gettext catalogue in `tracker/locale`.

An English text is its own msgid; a sentence is a template with `{name}` for each value. The .po is read as it stands:
no compiled copy has to be kept beside it.
"""

from __future__ import annotations

import gettext
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tracker.core.values.message import ListedWord, Message

LANGUAGES = ("en", "zh")
CATALOGUE = Path(__file__).parents[1] / "locale" / "zh" / "LC_MESSAGES" / "duban.po"
#: What stands between context and msgid in the key of a gettext catalogue.
_CONTEXT = "\x04"
_ESCAPES = {"n": "\n", "t": "\t"}


class PoCatalogue(gettext.NullTranslations):
    """A catalogue read from a .po file; of a plural its one form, for Chinese has no other."""

    def _parse(self, fp: Any) -> None:
        self.texts = read_po(fp.read().decode("utf-8"))

    def gettext(self, message: str) -> str:
        return self.texts.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.texts.get(msgid1) or super().ngettext(msgid1, msgid2, n)

    def pgettext(self, context: str, message: str) -> str:
        return self.texts.get(f"{context}{_CONTEXT}{message}", message)


def read_po(text: str) -> dict[str, str]:
    """The translations of a .po file by their msgid, behind the msgctxt if there is one."""
    texts: dict[str, str] = {}
    entry: dict[str, str] = {}
    keyword = ""
    for line in (*text.splitlines(), 'msgid ""'):
        before, quote, rest = line.partition('"')
        if line.startswith("#") or not quote:
            continue
        keyword = before.strip() or keyword
        if keyword in ("msgctxt", "msgid") and ("msgstr" in entry or "msgstr[0]" in entry):
            context = f"{entry['msgctxt']}{_CONTEXT}" if "msgctxt" in entry else ""
            texts[context + entry["msgid"]] = entry.get("msgstr", entry.get("msgstr[0]", ""))
            entry = {}
        entry[keyword] = entry.get(keyword, "") + _unescape(rest.rstrip()[:-1])
    texts.pop("", None)  # the header
    return {key: said for key, said in texts.items() if said}


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), text) if "\\" in text else text


_spoken = gettext.NullTranslations()
#: What stands between the parts of `Message.joined`.
_SEPARATOR = re.compile(r"(?<=\})(?:; |, )(?=\{part)")


def choose(language: str | None) -> None:
    """Speak that language from now on; None: the one of the locale."""
    global _spoken
    chosen = language or language_of(os.environ)
    if chosen != "zh":
        _spoken = gettext.NullTranslations()
    elif not isinstance(_spoken, PoCatalogue):
        with CATALOGUE.open("rb") as catalogue:
            _spoken = PoCatalogue(catalogue)


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
    if isinstance(text, Message):
        values = {**text.values, **values}
        text = text.template
    said = _spoken.gettext(text)
    if said == text and text.startswith("{part1}"):
        said = _SEPARATOR.sub(lambda found: _spoken.gettext(found[0]), said)
    if not values:
        return said
    return said.format(**{name: _said(value) for name, value in values.items()})


def _said(value: object) -> object:
    """A value in the language that is spoken, if it is a message or a word of a closed list."""
    if isinstance(value, ListedWord):
        return word(value.column, value)
    return tr(value) if isinstance(value, Message) else value


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
