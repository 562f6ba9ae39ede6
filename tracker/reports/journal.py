"""A county's journal as a file that anybody can verify alone, and whether the chain here goes on from such a file.

One JSON object a line: the rows, and last the head. docs/journal.md describes it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tracker.store.chain import hash_at, head_of
from tracker.store.engine import Tx
from tracker.store.journal import JournalRow, digest, hash_of, instant, rows_after

_TEXTS = ("county", "at", "who", "action", "subject", "before", "after", "reason")
_KEYS = {*_TEXTS, "height", "form", "origin", "previous", "hash"}
_END = {"county", "height", "head", "at"}


class ExportError(Exception):
    """What an export and a chain do not agree in. `unusable`: the file is no export, nothing was compared."""

    def __init__(self, text: str, *, unusable: bool = False) -> None:
        super().__init__(text)
        self.unusable = unusable


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export holds: rows of one county up to a height, with the hash of each."""

    path: Path
    county: str
    hashes: dict[int, str]
    height: int
    head: str


@dataclass(frozen=True, slots=True)
class Written:
    """What an export wrote."""

    county: str
    added: int
    height: int
    head: str


def line_of(row: JournalRow) -> str:
    """A row as a line of an export."""
    shown = {
        "county": row.county, "height": row.height, "at": instant(row.at), "who": row.who, "action": row.action,
        "subject": row.subject, "before": row.before, "after": row.after, "reason": row.reason, "origin": row.origin,
        "form": row.form, "previous": row.previous, "hash": row.hash,
    }  # fmt: skip
    return json.dumps(shown, ensure_ascii=False) + "\n"


def export(tx: Tx, county: str, path: Path, first: int, now: datetime) -> Written:
    """Write the chain from row `first` on, or go on with the export that is there. Raises ExportError, and
    leaves the file as it was, where that one is of another chain, or the chain here does not hold."""
    before = _there(path)
    if before is not None:
        if before.county != county:
            raise ExportError(f"{path}: an export of {before.county}, not of {county}", unusable=True)
        compare(tx, before)
    height, previous = (before.height, before.head) if before else (first - 1, None)
    if first > 1 and before is None and (previous := hash_at(tx, county, first - 1)) is None:
        raise ExportError(f"{county}: there is no row {first}", unusable=True)
    added = 0
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("x", encoding="utf-8", newline="\n") as out:
            if before is not None:
                out.writelines(_row_lines(path))
            for row in rows_after(tx, county, height):
                if (row.height, row.previous, row.hash) != (height + 1, previous or "", hash_of(row)):
                    raise ExportError(f"{county}: the chain is broken at row {height + 1}: nothing was written")
                out.write(line_of(row))
                height, previous, added = row.height, row.hash, added + 1
            if (height, previous or "") != head_of(tx, county):
                raise ExportError(f"{county}: the chain is broken at its head: nothing was written")
            end = {"county": county, "height": height, "head": previous or "", "at": instant(now)}
            out.write(json.dumps(end, ensure_ascii=False) + "\n")
            out.flush()
            os.fsync(out.fileno())
        if added or before is None:
            beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return Written(county, added, height, previous or "")


def compare(tx: Tx, exported: Exported) -> Exported:
    """The export where the chain here goes on from it. Raises ExportError that names the first row which differs."""
    if exported.height == 0 or hash_at(tx, exported.county, exported.height) == exported.head:
        return exported
    for height, hash in exported.hashes.items():
        here = hash_at(tx, exported.county, height)
        if here is None:
            last = head_of(tx, exported.county).height
            text = f"it ends at row {last}, before row {exported.height} of {exported.path}"
            raise ExportError(f"{exported.county}: this chain was rewritten or an old copy restored: {text}")
        if here != hash:
            text = f"row {height} is {here[:16]}…, in {exported.path} {hash[:16]}…"
            raise ExportError(f"{exported.county}: this chain was rewritten: {text}")
    raise ExportError(
        f"{exported.county}: this chain was rewritten: row {exported.height} is not that of {exported.path}"
    )


def read_export(path: Path) -> Exported:
    """An export, verified alone. Raises ExportError: unusable where it is none, else with the row that is broken."""
    county, hashes = "", dict[int, str]()
    height: int | None = None
    previous: str | None = None
    end: dict[str, Any] | None = None
    for number, one in enumerate(_objects(path), 1):
        if end is not None or one.keys() not in (_KEYS, _END):
            raise ExportError(f"{path}: line {number}: no line of `duban journal export`", unusable=height is None)
        if type(one["height"]) is not int:
            raise ExportError(f"{path}: line {number}: its height is no number: the file was changed")
        county = county or one["county"]
        if one.keys() == _END:
            end = one
            continue
        first = one["height"] > 1 or not one["previous"] if height is None else False
        follows = first or (one["height"], one["previous"], one["county"]) == ((height or 0) + 1, previous, county)
        if not follows or _hash(one) != one["hash"]:
            raise ExportError(f"{path}: line {number}: row {one['height']} does not hold: the file was changed")
        height, previous = one["height"], one["hash"]
        hashes[height] = previous
    if end is None:
        raise ExportError(f"{path}: its last line, the head, is missing: it was cut off", unusable=height is None)
    if (end["county"], end["height"], end["head"]) != (county, height or 0, previous or ""):
        raise ExportError(f"{path}: its end names row {end['height']}, its last row is another: it was cut off")
    return Exported(path, county, hashes, height or 0, previous or "")


def _there(path: Path) -> Exported | None:
    return read_export(path) if path.exists() else None


def _hash(one: dict[str, Any]) -> str:
    try:
        texts = [one[name].encode() for name in _TEXTS]
        return digest(one["form"], one["height"], texts, one["origin"].encode(), one["previous"].encode())
    except (AttributeError, TypeError, ValueError):
        return ""


def _objects(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(_lines(path), 1):
        try:
            one = json.loads(line)
        except ValueError:
            one = None
        if not isinstance(one, dict):
            raise ExportError(f"{path}: line {number}: no line of `duban journal export`", unusable=True)
        yield one


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8", newline="\n") as lines:
            yield from lines
    except UnicodeDecodeError:
        raise ExportError(f"{path}: no export of a journal: not UTF-8", unusable=True) from None


def _row_lines(path: Path) -> Iterable[str]:
    """All lines but the last, which is the head."""
    held = None
    for line in _lines(path):
        if held is not None:
            yield held
        held = line
