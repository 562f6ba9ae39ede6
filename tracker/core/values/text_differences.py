"""Compares two texts sentence by sentence."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

#: A sentence ends with its mark and what closes a quotation, or with its line.
_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；]+[”』」）)]*|[^。！？；\n]+|\n+")
#: Sentences of one text that are compared; what follows is compared as one.
_MOST = 1_000


@dataclass(frozen=True, slots=True)
class TextPart:
    """Consecutive sentences that both texts have, or only the new (`added`) or only the old one (`removed`)."""

    kind: Literal["same", "added", "removed"]
    text: str


def split_sentences(text: str) -> list[str]:
    """The sentences of a text in their order, with the marks and line breaks between them."""
    sentences: list[str] = _SENTENCE.findall(text)
    return sentences if len(sentences) <= _MOST else [*sentences[:_MOST], "".join(sentences[_MOST:])]


def compare_texts(before: str, after: str) -> Iterator[TextPart]:
    """The parts of both texts in reading order; together, those without the removed ones are `after`."""
    old, new = split_sentences(before), split_sentences(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if kind == "equal":
            yield TextPart("same", "".join(new[new_from:new_to]))
            continue
        if old_to > old_from:
            yield TextPart("removed", "".join(old[old_from:old_to]))
        if new_to > new_from:
            yield TextPart("added", "".join(new[new_from:new_to]))
