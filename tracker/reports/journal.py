"""Exports a county's journal to a file that anybody can verify alone, and compares the chain here with such a file.

A file has one JSON object a line: the rows, and last the head. docs/journal.md describes it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from tracker.store.chain import find_row_hash, read_chain_head
from tracker.store.engine import Tx
from tracker.store.journal import JournalRow, compute_digest, compute_hash, format_instant, read_rows_after

_TEXTS = ("county", "at", "who", "action", "subject", "before", "after", "reason")
#: The keys of a row, and of the last line.
_ROW = (
    "county", "height", "at", "who", "action", "subject", "before", "after", "reason", "origin", "form", "previous",
    "hash",
)  # fmt: skip
_HEAD = {"county", "height", "head", "at"}


class ExportError(Exception):
    """An export and a chain that differ. `unusable`: the file is no export, so that nothing was compared."""

    def __init__(self, text: str, *, unusable: bool = False) -> None:
        super().__init__(text)
        self.unusable = unusable


@dataclass(frozen=True, slots=True)
class Exported:
    """An export as it was read: rows of one county up to a height. `hashes`: by height; `head`: the last of them."""

    path: Path
    county: str
    hashes: dict[int, str]
    height: int
    head: str


@dataclass(frozen=True, slots=True)
class Written:
    """An export as it was written. `added`: how many rows are new in the file."""

    county: str
    added: int
    height: int
    head: str


def line_of(row: JournalRow) -> str:
    """A row as a line of an export."""
    values = {name: getattr(row, name) for name in _ROW} | {"at": format_instant(row.at)}
    return json.dumps(values, ensure_ascii=False) + "\n"


def export(tx: Tx, county: str, path: Path, first: int, now: datetime) -> Written:
    """Write the chain from row `first` on, or continue the export that is there.

    Raises ExportError and leaves the file as it was where that is of another chain, or the chain here is broken.
    """
    before = read_export(path) if path.exists() else None
    if before is not None:
        if before.county != county:
            raise ExportError(f"{path}: an export of {before.county}, not of {county}", unusable=True)
        compare(tx, before)
    height, previous = (before.height, before.head) if before else (first - 1, None)
    if first > 1 and before is None and (previous := find_row_hash(tx, county, first - 1)) is None:
        raise ExportError(f"{county}: there is no row {first}", unusable=True)
    added = 0
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with part.open("x", encoding="utf-8", newline="\n") as out:
            if before is not None:
                lines = _lines(path)  # all but the last, which is the head
                out.writelines(line for line, _ in pairwise(lines))
            for row in read_rows_after(tx, county, height):
                if (row.height, row.previous, row.hash) != (height + 1, previous or "", compute_hash(row)):
                    raise ExportError(f"{county}: the chain is broken at row {height + 1}: nothing was written")
                out.write(line_of(row))
                height, previous, added = row.height, row.hash, added + 1
            if (height, previous or "") != read_chain_head(tx, county):
                raise ExportError(f"{county}: the chain is broken at its head: nothing was written")
            end = {"county": county, "height": height, "head": previous or "", "at": format_instant(now)}
            out.write(json.dumps(end, ensure_ascii=False) + "\n")
            out.flush()
            os.fsync(out.fileno())
        if added or before is None:
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return Written(county, added, height, previous or "")


def compare(tx: Tx, exported: Exported) -> Exported:
    """The export, where the chain here continues it. Raises ExportError that names the first row that differs."""
    if exported.height == 0 or find_row_hash(tx, exported.county, exported.height) == exported.head:
        return exported
    for height, hash in exported.hashes.items():
        here = find_row_hash(tx, exported.county, height)
        if here is None:
            last = read_chain_head(tx, exported.county).height
            text = f"it ends at row {last}, before row {exported.height} of {exported.path}"
            raise ExportError(f"{exported.county}: this chain was rewritten or an old copy restored: {text}")
        if here != hash:
            text = f"row {height} is {here[:16]}…, in {exported.path} {hash[:16]}…"
            raise ExportError(f"{exported.county}: this chain was rewritten: {text}")
    raise ExportError(
        f"{exported.county}: this chain was rewritten: row {exported.height} is not that of {exported.path}"
    )


def find_heads(path: Path) -> list[tuple[int | None, str]]:
    """The heads, short or whole, that a mail (.eml) or a document (.docx, text) prints, each with its height.

    None for an export, which has all its rows. Raises ExportError for a file that cannot be read or prints none.
    """
    data = path.read_bytes()
    if data.lstrip()[:1] == b"{":
        return []
    texts = [_text_of(data)]
    if path.suffix.lower() == ".eml":
        payloads = [part.get_payload(decode=True) for part in message_from_bytes(data, policy=policy.default).walk()]
        texts = [_text_of(payload) for payload in payloads if isinstance(payload, bytes)]
    found = dict.fromkeys((int(match[1]), match[2]) for text in texts for match in _PRINTED_HEAD.finditer(text))
    if not found:
        raise ExportError(f"{path}: neither an export of a journal nor a mail or document that prints a head")
    return list(found)


#: A head as mails print it: height, hyphen, 16 digits of the hash or all 64.
_PRINTED_HEAD = re.compile(r"(?<![\w-])(\d{1,18})-([0-9a-f]{64}|[0-9a-f]{16})(?![\w-])")


def _text_of(data: bytes) -> str:
    """The text of a .docx without its tags, or of any other file as it is."""
    if data[:2] == b"PK":
        with suppress(BadZipFile, KeyError), ZipFile(BytesIO(data)) as file:
            return re.sub(r"<[^>]*>", "", file.read("word/document.xml").decode("utf-8", "replace"))
    return data.decode("utf-8", "replace")


def read_export(path: Path) -> Exported:
    """An export, verified by itself. Raises ExportError: unusable where it is none, else with the broken row."""
    county, hashes = "", dict[int, str]()
    height: int | None = None
    previous: str | None = None
    end: dict[str, Any] | None = None
    for number, values in enumerate(_objects(path), 1):
        if end is not None or values.keys() not in (set(_ROW), _HEAD):
            raise ExportError(f"{path}: line {number}: no line of `duban journal export`", unusable=height is None)
        if type(values["height"]) is not int:
            raise ExportError(f"{path}: line {number}: its height is no number: the file was changed")
        county = county or values["county"]
        if values.keys() == _HEAD:
            end = values
            continue
        if height is None:
            follows = values["height"] > 1 or not values["previous"]
        else:
            follows = (values["height"], values["previous"], values["county"]) == (height + 1, previous, county)
        if not follows or _hash(values) != values["hash"]:
            raise ExportError(f"{path}: line {number}: row {values['height']} does not hold: the file was changed")
        height, previous = values["height"], values["hash"]
        hashes[height] = previous
    if end is None:
        raise ExportError(f"{path}: its last line, the head, is missing: it was cut off", unusable=height is None)
    if (end["county"], end["height"], end["head"]) != (county, height or 0, previous or ""):
        raise ExportError(f"{path}: its end names row {end['height']}, its last row is another: it was cut off")
    return Exported(path, county, hashes, height or 0, previous or "")


def _hash(values: dict[str, Any]) -> str:
    """The hash of a row; "" of one whose values have wrong types."""
    try:
        texts = [values[name].encode() for name in _TEXTS]
        return compute_digest(
            values["form"], values["height"], texts, values["origin"].encode(), values["previous"].encode()
        )
    except (AttributeError, TypeError, ValueError):
        return ""


def _objects(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(_lines(path), 1):
        try:
            values = json.loads(line)
        except ValueError:
            values = None
        if not isinstance(values, dict):
            raise ExportError(f"{path}: line {number}: no line of `duban journal export`", unusable=True)
        yield values


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8", newline="\n") as lines:
            yield from lines
    except UnicodeDecodeError:
        raise ExportError(f"{path}: no export of a journal: not UTF-8", unusable=True) from None
