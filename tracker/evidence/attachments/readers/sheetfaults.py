"""Cells of an .xlsx that hold no value but a formula's error, or a formula that was never computed.

The reader of workbooks gives such a cell as an empty one; for whoever keeps a register it is a mistake, not a blank.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator

from tracker.evidence.attachments.readers.markup import Handler, parse_member
from tracker.evidence.attachments.readers.zipped import open_member, open_zip

#: As Excel shows them; the last one is ours to give where a formula has no result.
ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#FIELD!", "#BLOCKED!", "#UNKNOWN!",
     "#GETTING_DATA", "#CALC!"}
)  # fmt: skip
_NOT_COMPUTED = "#CALC!"
_CHUNK, _LONGEST_CELL = 1 << 20, 1 << 16
_FORMULA = rb"<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>)"
_ERROR = re.compile(
    rb"<(?:\w+:)?c\b([^<>]*\bt=[\"']e[\"'][^<>]*)>(?:" + _FORMULA + rb")?<(?:\w+:)?v>([^<]*)</(?:\w+:)?v>"
)
_EMPTY = re.compile(
    rb"<(?:\w+:)?c\b([^<>]*)>" + _FORMULA + rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>"
)
_PLACE = re.compile(rb"\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_TEXT = re.compile(rb"\bt=[\"']str[\"']")


def faults_of(body: bytes, sheet: str) -> dict[int, dict[int, str]]:
    """By row and column, from 0, what stands in the cells of the sheet that have no value. Raises `UnreadableFile`."""
    found: dict[int, dict[int, str]] = defaultdict(dict)
    if not body.startswith(b"PK"):
        return found
    with open_zip(body) as archive:
        path = _path(archive, sheet)
        for part in _parts(archive, path) if path else ():
            for match in _ERROR.finditer(part):
                _put(found, match[1], match[2].decode("utf-8", "replace").strip())
            for match in _EMPTY.finditer(part):
                if _TEXT.search(match[1]) is None:  # a formula may well come to a text without a letter
                    _put(found, match[1], _NOT_COMPUTED)
    return found


def _put(found: dict[int, dict[int, str]], attributes: bytes, shown: str) -> None:
    """Note what stands in a cell, by the place that its attributes name."""
    if (place := _PLACE.search(attributes)) is not None:
        column = 0
        for letter in place[1]:
            column = column * 26 + letter - 64
        found[int(place[2]) - 1][column - 1] = shown


def _parts(archive: zipfile.ZipFile, path: str) -> Iterator[bytes]:
    """The member piece by piece; each begins with the end of the one before, so that no cell is cut."""
    if (stream := open_member(archive, path)) is None:
        return
    last = b""
    with stream:
        while chunk := stream.read(_CHUNK):
            yield last + chunk
            last = (last + chunk)[-_LONGEST_CELL:]


def _path(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Where the sheet of this name lies in the container."""
    names, targets = _Pairs("sheet", "name", "id"), _Pairs("Relationship", "Id", "Target")
    for path, into in (("xl/workbook.xml", names), ("xl/_rels/workbook.xml.rels", targets)):
        parse_member(archive, path, into)
    target = targets.found.get(names.found.get(sheet, ""))
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/") if target else None


class _Pairs(Handler):
    """Two attributes of each element of a name, the one by the other."""

    def __init__(self, element: str, key: str, value: str) -> None:
        self._element, self._key, self._value = element, key, value
        self.found: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == self._element and {self._key, self._value} <= attributes.keys():
            self.found[attributes[self._key]] = attributes[self._value]
