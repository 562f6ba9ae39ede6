"""Numbers of the national table as JSON: as they were issued, or as they were kept before the register was used."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from tracker.core.requests.national_form import COLUMNS, REMEDY_HEADS, RESULTS, TOTAL, form_for
from tracker.core.requests.national_table import Figures, NationalTable
from tracker.core.values.message import Message


class FiguresError(ValueError):
    """The file cannot be used; its `Message` says what is wrong and what would be right."""


def write_figures(table: NationalTable) -> bytes:
    """The table's numbers, without its requests."""
    lines = {code: {column: table.count(code, column) for column in COLUMNS} for code in table.form.codes}
    lines |= {remedy: {result: table.count(remedy, result) for result in RESULTS} for remedy in REMEDY_HEADS}
    content = {"year": table.year, "form": table.form.instrument, "figures": lines}
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def parse_figures(text: str, year: int) -> Figures:
    """The figures of a file for the table of a year: of that year, or of the year before. A line's total that is left
    out is the sum of its columns. Raises FiguresError."""
    try:
        content = json.loads(text, object_pairs_hook=_without_repeats)
    except json.JSONDecodeError as error:
        raise FiguresError(Message("line {line}: not JSON", line=error.lineno)) from None
    if not isinstance(content, dict) or content.get("year") not in (year, year - 1):
        raise FiguresError(Message('"year": write {year} or {before}', year=year, before=year - 1))
    lines = content.get("figures")
    if not isinstance(lines, dict):
        raise FiguresError(
            Message('"figures": write lines with their columns, as {example}', example='{"4": {"natural": 2}}')
        )
    cells: Counter[tuple[str, str]] = Counter()
    for code, columns in lines.items():
        cells |= _line(content["year"], code, columns)
    return Figures(content["year"], cells)


def _line(year: int, code: str, columns: Any) -> Counter[tuple[str, str]]:
    known = RESULTS if code in REMEDY_HEADS else COLUMNS if code in form_for(year).codes else None
    if known is None:
        lines = ", ".join((*form_for(year).codes, *REMEDY_HEADS))
        raise FiguresError(Message("line {code!r}: the table has none (one of: {lines})", code=code, lines=lines))
    if not isinstance(columns, dict):
        raise FiguresError(
            Message("line {code!r}: write its columns, as {example}", code=code, example='{"natural": 2}')
        )
    cells: Counter[tuple[str, str]] = Counter()
    for column, count in columns.items():
        if column not in known:
            names = ", ".join(known)
            raise FiguresError(
                Message("line {code!r}: no column {column!r} (one of: {names})", code=code, column=column, names=names)
            )
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            raise FiguresError(
                Message("line {code!r}, {column}: {count!r} is no count", code=code, column=column, count=count)
            )
        cells[code, column] = count
    if TOTAL not in columns:
        cells[code, TOTAL] = sum(cells.values())
    return cells


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    for name, count in Counter(name for name, _ in pairs).items():
        if count > 1:
            raise FiguresError(Message("{name!r} stands there twice", name=name))
    return dict(pairs)
