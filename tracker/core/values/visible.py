"""Removes what nobody sees from texts that come from elsewhere, where they go out to a person."""

from __future__ import annotations

import re

#: Control characters but tab and line ends, marks that turn the direction of a text, lone surrogates, separators that
#: some take for the end of a line; and a carriage return alone, by which a terminal writes over the line.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]|\r(?!\n)"
)


def visible(text: str) -> str:
    """The text without characters that no reader sees, and that a terminal or a spreadsheet obeys."""
    return text if text.isprintable() else UNSEEN.sub("", text)
