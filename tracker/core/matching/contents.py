"""Finds the required items in a text and its attachments, and quotes the sentence or cell that proves them.

Words are literal: they prove that an item is present, not that it is true. A table head over empty cells proves
nothing, nor does an unfilled line of a form; anywhere else the word alone is proof. 无 and / count as statements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from tracker.core.law.duties import Item
from tracker.core.matching.naming import names_unit
from tracker.core.matching.numbers import (
    NumberRange,
    comparable,
    find_number_near,
    find_numbers,
    is_part_of_another,
    to_numbered_form,
)
from tracker.core.matching.tables import CellPlace, Segment, TextTable, is_blank, split_segments
from tracker.core.values.facts import NOWHERE, Attachment, Entry, EntryVersion

_QUOTE = 120
_SENTENCE = re.compile(r"[^。；;！!？?\n]*[。；;！!？?\n]?")
#: A blank line of a form behind the word: 收费标准：______.
_UNFILLED = re.compile(r"[^。；;,，:_\n]{0,8}:?_{2,}(?!_)(?![^\n。;,_]{1,30}_)(?!\D{0,3}\d)")
#: What is said behind the word of an item that is not there: “三公”经费预算另行公开, 在线举报正在建设中.
_DEFERRED = re.compile(
    r"[^。;,，:\n]{0,8}(?:(?:暂不|另行|稍后|择期)(?:公布|公开|发布)|(?:暂|尚|还)?未(?:公布|公开|发布|批复|核定|开通)"
    r"|(?:正在|尚在)?(?:建设|维护|升级|编制)中|正在(?:建设|维护|升级|编制)|即将开通)"
)
#: A cell that refers to an attachment instead of giving the value.
_SEE_FILE = re.compile(r"(?:具体|内容)?(?:详见|参见|请?见)附[件表图]?.{0,6}|附后|见附件")
#: Files without text: not having read one does not make an entry unreadable.
_TEXTLESS_FILE = re.compile(
    r"\.(?:js|css|ico|exe|msi|apk|dll|mp3|wav|wma|mp4|avi|wmv|flv|mov|m4a|ttf|woff2?)(?:$|[?#])", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class HeldItem:
    """An item that an entry holds.

    `held_since`: the first reading that held it, None if it was there from the start. `lacked_at`: the latest reading
    before that without it.
    """

    held_since: datetime | None = None
    lacked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ItemPlace:
    """The place of an item: its `carrier` (标题, 正文, 附件《name》), and the sentence or the path of a cell in it."""

    carrier: str
    quote: str

    def __str__(self) -> str:
        return f"{self.carrier}：{self.quote}"


@lru_cache(maxsize=32)
def _comparable_text(version: EntryVersion) -> str:
    """Return title, text and attachments in comparable form, separated by bars."""
    texts = [version.title, version.text or ""]
    for attachment in version.attachments:
        texts += [attachment.name, attachment.text or ""]
    return "|".join(comparable(text) for text in texts)


def is_readable(version: EntryVersion) -> bool:
    """Return whether the whole entry could be read. Items that a readable entry lacks are missing, else unseen.

    A file with a note was not read whole. A picture may be a scanned page, so it makes the entry unreadable; a film or
    a script does not.
    """
    return version.state == "read" and version.text is not None and all(map(_is_file_settled, version.attachments))


def _is_file_settled(file: Attachment) -> bool:
    return (file.text is not None and not file.note) or _TEXTLESS_FILE.search(file.url) is not None


@lru_cache(maxsize=8192)
def find_item(version: EntryVersion, item: Item) -> ItemPlace | None:
    """Return the place in this version of an entry that proves the item, or None."""
    period_name = _find_period_name(version, item) if item.names else None
    if item.names and (period_name is None or not item.words):
        return period_name
    text = _comparable_text(version)
    words = [word for spelling in item.words if (word := comparable(spelling)) in text]
    if not words:
        return None
    is_incomplete = not is_readable(version)
    for carrier, segment in _split_parts(version):
        for word in words:
            if isinstance(segment, TextTable):
                quote = _find_in_table(segment, word, item.number, is_incomplete=is_incomplete)
            else:
                quote = _find_in_prose(segment, word, item.number)
            if quote is not None:
                return ItemPlace(carrier, quote)
    return None


def holds_item(version: EntryVersion, item: Item) -> bool:
    """Return whether this version of an entry holds the item."""
    return find_item(version, item) is not None


@lru_cache(maxsize=2048)
def holds_item_in_text(version: EntryVersion, item: Item) -> bool:
    """Return whether its text or a file holds the item; a period may be named by the title."""
    return holds_item(version if item.names else replace(version, title=""), item)


@lru_cache(maxsize=32)
def _split_parts(version: EntryVersion) -> tuple[tuple[str, Segment], ...]:
    """Return the segments of the entry, prose and tables apart, each with the name of its carrier."""
    parts: list[tuple[str, Segment]] = [("标题", version.title)]
    parts += [("正文", segment) for segment in split_segments(version.text or "")]
    for file in version.attachments:
        name = f"附件《{file.name[:60]}》"
        if not file.note.startswith(NOWHERE):
            parts.append((f"{name}的名称", file.name))
        parts += [(name, segment) for segment in split_segments(file.text or "")]
    return tuple(parts)


def _find_period_name(version: EntryVersion, item: Item) -> ItemPlace | None:
    """Return the title if it names a period of the item's unit, else the line of the text that does."""
    unit = item.names
    if unit is None or names_unit(version.title, unit):
        return ItemPlace("标题", version.title[:_QUOTE])
    if not names_unit(version.text or "", unit):
        return None
    lines = (version.text or "").split("\n")
    line = next((candidate for candidate in lines if names_unit(candidate, unit)), lines[0])
    return ItemPlace("正文", " ".join(line.split())[:_QUOTE])


def _find_in_prose(text: str, word: str, bounds: NumberRange | None) -> str | None:
    """Return the sentence that proves the word, or None."""
    if bounds is not None:
        form = to_numbered_form(text)
        near = find_number_near(form, word, bounds)
        return None if near is None else _quote_around(form, *near, text)
    if word not in comparable(text) or _is_absent(to_numbered_form(text), word):
        return None
    return _quote_sentence(text, word)


def _is_absent(form: str, word: str) -> bool:
    """Return whether a blank line of a form, or words that it is not there, follow each occurrence of the word."""
    ends = [match.end() for match in re.finditer(re.escape(word), form)]
    return bool(ends) and all(_UNFILLED.match(form, end) or _DEFERRED.match(form, end) for end in ends)


def _find_in_table(table: TextTable, word: str, bounds: NumberRange | None, *, is_incomplete: bool) -> str | None:
    """Return the path of the cell that proves the word, or None.

    `is_incomplete`: a file could not be read; then a cell that points to one says nothing yet.
    """
    for place in table.find_cells(word):
        if bounds is None:
            if table.has_value(place, word) and not (is_incomplete and _points_to_file(table, place, word)):
                return _quote_cell(table, place, word)
            continue
        if is_part_of_another(table.text_at(place), word):
            continue
        if find_number_near(to_numbered_form(table.rows[place.row][place.column]), word, bounds):
            return table.describe(place)
        for cell in _number_cells(table, place):
            if any(True for _ in find_numbers(table.rows[cell.row][cell.column], bounds, word)):
                return table.describe(cell, None if table.is_head(place) else place)
    return None


def _points_to_file(table: TextTable, place: CellPlace, word: str) -> bool:
    value = table.find_value(place, word)
    return value is not None and _SEE_FILE.fullmatch(table.text_at(value)) is not None


def _quote_cell(table: TextTable, place: CellPlace, word: str) -> str:
    """Return the path of the first filled cell under or beside a head, else of the cell itself."""
    value, neighbour = table.find_value(place, word), CellPlace(place.row, 1)
    if value is None:
        return table.describe(place)
    # In two columns the first row may be heads, or a name and its value.
    if place == CellPlace(0, 0) and len(table.flat[0]) == 2 and not is_blank(table.flat[0][1]):
        value = neighbour
    return table.describe(value, None if table.is_head(place) and value != neighbour else place)


def _number_cells(table: TextTable, place: CellPlace) -> Iterator[CellPlace]:
    """Return the cells that may hold the number of a word: those under it if it heads a column, else to its right."""
    return table.headed_cells(place) if table.is_head(place) or table.is_form else table.cells_right_of(place)


def _quote_sentence(text: str, word: str) -> str:
    """Return the sentence of a text that holds the word; where it runs over several lines, the line."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        for passage in (line, line + "".join(lines[number + 1 : number + 2])):
            if word in comparable(passage):
                sentences = (sentence for sentence in _SENTENCE.findall(passage) if word in comparable(sentence))
                return _clip(next(sentences, passage), word)
    return _clip(text, word)


def _clip(text: str, word: str) -> str:
    """Return the text in one line; of a long one, so many characters around the word."""
    text = " ".join(text.split())
    if len(text) <= _QUOTE:
        return text
    at = max(text.casefold().find(word[:4]), 0)
    begin = max(0, min(at - _QUOTE // 2, len(text) - _QUOTE))
    end = begin + _QUOTE
    return f"{'…' if begin else ''}{text[begin:end]}{'…' if end < len(text) else ''}"


def _quote_around(form: str, begin: int, end: int, text: str) -> str:
    """Return the sentence around a word and its number: as the text prints it, else in comparable form."""
    left = max(form.rfind(mark, 0, begin) for mark in "。;\n") + 1
    rights = [at for mark in "。;\n" if (at := form.find(mark, end)) >= 0]
    sentence = form[left : min(rights, default=len(form))]
    lines = text.split("\n")
    for number, line in enumerate(lines):
        for passage in (*_SENTENCE.findall(line), "\n".join(lines[number : number + 2])):
            if sentence and sentence in to_numbered_form(passage):
                return _clip(passage, sentence)
    return _clip(sentence.replace("\n", " "), form[begin:end])


# -- over time -----------------------------------------------------------------------------------


def find_held_item(entry: Entry, item: Item) -> HeldItem | None:
    """Return the item as the entry holds it; None where its last reading lacks it.

    A failed reading takes no item away, and readings before the first full one count as lacking none.
    """
    return find_held_items(entry, (item,))[0]


def find_held_items(entry: Entry, items: tuple[Item, ...]) -> tuple[HeldItem | None, ...]:
    """Return `find_held_item` of each item."""
    return _held_in_versions(entry.versions, items)


# Cached: many departments' cells look at one column, pass after pass. A visit changes the entry, seldom its versions.
@lru_cache(maxsize=8192)
def _held_in_versions(versions: tuple[EntryVersion, ...], items: tuple[Item, ...]) -> tuple[HeldItem | None, ...]:
    return tuple(_held_in_order(versions, item) for item in items)


def _held_in_order(versions: tuple[EntryVersion, ...], item: Item) -> HeldItem | None:
    held: HeldItem | None = None
    lacked_at: datetime | None = None
    for version in versions:
        if holds_item(version, item):
            if held is None:
                held = HeldItem(version.seen_at if lacked_at else None, lacked_at)
        elif is_readable(version):
            held, lacked_at = None, version.seen_at
    return held


def find_current_item(entry: Entry, item: Item) -> ItemPlace | None:
    """Return the place that proves the item in the newest version that holds it."""
    return next((item_place for version in reversed(entry.versions) if (item_place := find_item(version, item))), None)
