"""Finds the required items in a text and its attachments, and quotes where they stand.

Words are literal; they prove presence, not truth.

A head in a table over empty cells proves nothing, nor does a form's line that nobody filled in; anywhere else the
word alone proves. 无 and / are statements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from tracker.core.law.duties import Item
from tracker.core.matching.naming import names_unit
from tracker.core.matching.numbers import NumberRange, comparable, is_part_of_another, number_near, numbered, numbers_in
from tracker.core.matching.tables import CellPlace, Segment, TextTable, is_blank, segments
from tracker.core.values.facts import NOWHERE, Attachment, Entry, EntryVersion

_QUOTE = 120
_SENTENCE = re.compile(r"[^。；;！!？?\n]*[。；;！!？?\n]?")
#: A line to be written on behind the word: 收费标准：______.
_UNFILLED = re.compile(r"[^。；;,，:_\n]{0,8}:?_{2,}(?!_)(?![^\n。;,_]{1,30}_)(?!\D{0,3}\d)")
#: What stands in a cell instead of what its head names.
_SEE_FILE = re.compile(r"(?:具体|内容)?(?:详见|参见|请?见)附[件表图]?.{0,6}|附后|见附件")
#: Files that hold no text whoever reads them; not having read one leaves nothing open.
_IDLE = re.compile(
    r"\.(?:js|css|ico|exe|msi|apk|dll|mp3|wav|wma|mp4|avi|wmv|flv|mov|m4a|ttf|woff2?)(?:$|[?#])", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class HeldItem:
    """One item in one entry. `since`: when a reading first held it, None where it stood from the start.

    `lacked_at`: the latest reading before that in which it was not.
    """

    since: datetime | None = None
    lacked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ItemPlace:
    """What proves an item: the `carrier` (标题, 正文, 附件《name》), and the sentence or the path of the cell in it."""

    carrier: str
    quote: str

    def __str__(self) -> str:
        return f"{self.carrier}：{self.quote}"


@lru_cache(maxsize=32)
def body(version: EntryVersion) -> str:
    """Title, text and attachments in the form in which texts are compared; a bar keeps them apart."""
    texts = [version.title, version.text or ""]
    for attachment in version.attachments:
        texts += [attachment.name, attachment.text or ""]
    return "|".join(comparable(text) for text in texts)


def readable(version: EntryVersion) -> bool:
    """Whether all of it could be read: what is not in it is then missing, else unseen.

    A file with a note was not read whole. A picture may be a scanned page and leaves it open; a film or a script not.
    """
    return version.state == "read" and version.text is not None and all(map(_settled, version.attachments))


def _settled(file: Attachment) -> bool:
    return (file.text is not None and not file.note) or _IDLE.search(file.url) is not None


@lru_cache(maxsize=2048)
def where(version: EntryVersion, item: Item) -> ItemPlace | None:
    """What in the entry as it stood then proves the item; None where nothing does."""
    named = _where_named(version, item) if item.names else None
    if item.names and (named is None or not item.words):
        return named
    text = body(version)
    unread = not readable(version)
    words = [word for one in item.words if (word := comparable(one)) in text]
    if not words:
        return None
    for carrier, part in _parts(version):
        for word in words:
            quote = (
                _in_table(part, word, item.number, unread)
                if isinstance(part, TextTable)
                else _in_prose(part, word, item.number)
            )
            if quote is not None:
                return ItemPlace(carrier, quote)
    return None


def holds(version: EntryVersion, item: Item) -> bool:
    """Whether the entry as it stood then holds the item."""
    return where(version, item) is not None


@lru_cache(maxsize=2048)
def holds_beside_title(version: EntryVersion, item: Item) -> bool:
    """Whether its text or a file holds the item; a period may be named by the title."""
    return holds(version if item.names else replace(version, title=""), item)


@lru_cache(maxsize=32)
def _parts(version: EntryVersion) -> tuple[tuple[str, Segment], ...]:
    """Every piece of the entry with the name of what carries it: prose and tables apart."""
    parts: list[tuple[str, Segment]] = [("标题", version.title)]
    parts += [("正文", segment) for segment in segments(version.text or "")]
    for file in version.attachments:
        name = f"附件《{file.name[:60]}》"
        if not file.note.startswith(NOWHERE):
            parts.append((f"{name}的名称", file.name))
        parts += [(name, segment) for segment in segments(file.text or "")]
    return tuple(parts)


def _where_named(version: EntryVersion, item: Item) -> ItemPlace | None:
    """The title that names a period of the unit, else the line of the text that does."""
    unit = item.names
    if unit is None or names_unit(version.title, unit):
        return ItemPlace("标题", version.title[:_QUOTE])
    if not names_unit(version.text or "", unit):
        return None
    lines = (version.text or "").split("\n")
    line = next((one for one in lines if names_unit(one, unit)), lines[0])
    return ItemPlace("正文", " ".join(line.split())[:_QUOTE])


def _in_prose(text: str, word: str, bounds: NumberRange | None) -> str | None:
    if bounds is not None:
        form = numbered(text)
        near = number_near(form, word, bounds)
        return None if near is None else _around(form, *near, text)
    if word not in comparable(text) or ("_" in text and _unfilled(numbered(text), word)):
        return None
    return _sentence(text, word)


def _unfilled(form: str, word: str) -> bool:
    """Whether a line to write on, and nothing written, follows the word wherever it stands."""
    ends = [match.end() for match in re.finditer(re.escape(word), form)]
    return bool(ends) and all(_UNFILLED.match(form, end) for end in ends)


def _in_table(table: TextTable, word: str, bounds: NumberRange | None, unread: bool) -> str | None:
    """`unread`: a file could not be read; then a cell that points to one says nothing yet."""
    for place in table.find(word):
        if bounds is None:
            if table.says(place, word) and not (unread and _points_to_file(table, place, word)):
                return _quoted(table, place, word)
            continue
        if is_part_of_another(table.flat[place.row][place.column], word):
            continue
        if number_near(numbered(table.rows[place.row][place.column]), word, bounds):
            return table.path(place)
        for cell in _beside(table, place):
            if any(True for _ in numbers_in(table.rows[cell.row][cell.column], bounds, word)):
                return table.path(cell, None if table.top <= place.row < table.heads else place)
    return None


def _points_to_file(table: TextTable, place: CellPlace, word: str) -> bool:
    value = table.value(place, word)
    return value is not None and _SEE_FILE.fullmatch(table.flat[value.row][value.column]) is not None


def _quoted(table: TextTable, place: CellPlace, word: str) -> str:
    """The first filled cell under or beside a head proves it; where the cell heads nothing, itself."""
    value, beside = table.value(place, word), CellPlace(place.row, 1)
    if place == CellPlace(0, 0) and len(table.flat[0]) == 2 and not is_blank(table.flat[0][1]):
        value = beside if value is not None else None  # of two columns the first row may be a pair as well as heads
    if value is None:
        return table.path(place)
    headed = table.top <= place.row < table.heads and value != beside
    return table.path(value, None if headed else place)


def _beside(table: TextTable, place: CellPlace) -> Iterator[CellPlace]:
    """Where the number of a word may stand: under it where it is a column's head, else to its right."""
    if table.top <= place.row < table.heads or table.pairs:
        yield from table.headed(place)
    else:
        yield from table.right_of(place)


def _sentence(text: str, word: str) -> str:
    """The sentence of a text that holds the word; where it runs over several, the line."""
    lines = text.split("\n")
    for place, line in enumerate(lines):
        for whole in (line, line + "".join(lines[place + 1 : place + 2])):
            if word in comparable(whole):
                pieces = [one for one in _SENTENCE.findall(whole) if word in comparable(one)]
                return _clipped(pieces[0] if pieces else whole, word)
    return _clipped(text, word)


def _clipped(text: str, word: str) -> str:
    text = " ".join(text.split())
    if len(text) <= _QUOTE:
        return text
    at = max(text.casefold().find(word[:4]), 0)
    begin = max(0, min(at - _QUOTE // 2, len(text) - _QUOTE))
    return f"{'…' if begin else ''}{text[begin : begin + _QUOTE - 2]}{'…' if begin + _QUOTE - 2 < len(text) else ''}"


def _around(form: str, begin: int, end: int, text: str) -> str:
    """The sentence of the comparing form around a word and its number, as the text prints it where that is found."""
    left = max(form.rfind(mark, 0, begin) for mark in "。;\n") + 1
    rights = [at for mark in "。;\n" if (at := form.find(mark, end)) >= 0]
    found = form[left : min(rights, default=len(form))]
    lines = text.split("\n")
    for place, line in enumerate(lines):
        for one in (*_SENTENCE.findall(line), "\n".join(lines[place : place + 2])):
            if found and found in numbered(one):
                return _clipped(one, found)
    return _clipped(found.replace("\n", " "), form[begin:end])


@lru_cache(maxsize=2048)
def held(entry: Entry, item: Item) -> HeldItem | None:
    """Since when the entry holds the item; None where its last reading lacks it.

    A reading that failed takes nothing away, and one that came before the first full one lacks nothing.
    """
    since: HeldItem | None = None
    lacked_at: datetime | None = None
    for version in entry.versions:
        if holds(version, item):
            if since is None:
                since = HeldItem(version.seen_at if lacked_at else None, lacked_at)
        elif readable(version):
            since, lacked_at = None, version.seen_at
    return since


# By entry and items, not by whose cell asks: nineteen departments look at one column.
@lru_cache(maxsize=2048)
def all_held(entry: Entry, items: tuple[Item, ...]) -> tuple[HeldItem | None, ...]:
    """The same of several items, beside them."""
    return tuple(held(entry, item) for item in items)


def where_now(entry: Entry, item: Item) -> ItemPlace | None:
    """What proves an item that the entry holds: in its newest reading that does."""
    return next((item_place for version in reversed(entry.versions) if (item_place := where(version, item))), None)


def unread(entry: Entry) -> bool:
    """Whether its article, or a file of it, could not be read as it stands now."""
    return not readable(entry.now)
