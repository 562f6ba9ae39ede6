"""Reads the gettext catalogue in `tracker/locale`: English texts, which are their own msgid, and their Chinese.

The .po is read as it stands: no compiled copy has to be kept beside it.
"""

from __future__ import annotations

import gettext
import re
from functools import cache
from pathlib import Path
from typing import Any

from tracker.core.values.message import ListedWord, Message

LANGUAGES = ("en", "zh")
CATALOGUE = Path(__file__).parent / "locale" / "zh" / "LC_MESSAGES" / "duban.po"
#: What stands between context and msgid in the key of a gettext catalogue.
_CONTEXT = "\x04"
#: What stands between the parts of `Message.joined`.
_SEPARATOR = re.compile(r"(?<=\})(?:; |, )(?=\{part)")
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
    return {key: text for key, text in texts.items() if text}


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), text) if "\\" in text else text


@cache
def catalogue_of(language: str) -> gettext.NullTranslations:
    """The texts in a language."""
    if language != "zh":
        return gettext.NullTranslations()
    with CATALOGUE.open("rb") as file:
        return PoCatalogue(file)


def translate(catalogue: gettext.NullTranslations, text: str, /, **values: object) -> str:
    """The text in the catalogue's language, with its values; a `Message` brings its own."""
    if isinstance(text, Message):
        values = {**text.values, **values}
        text = text.template
    translated = catalogue.gettext(text)
    if translated == text and text.startswith("{part1}"):
        translated = _SEPARATOR.sub(lambda found: catalogue.gettext(found[0]), translated)
    if not values:
        return translated
    return translated.format(**{name: _translate_value(catalogue, value) for name, value in values.items()})


def _translate_value(catalogue: gettext.NullTranslations, value: object) -> object:
    """A value in the catalogue's language, if it is a message or a word of a closed list."""
    if isinstance(value, ListedWord):
        return catalogue.pgettext(value.column, value)
    return translate(catalogue, value) if isinstance(value, Message) else value
