"""The picture that goes with a circular: painted when it is drafted and signed, and kept with its words."""

from __future__ import annotations

import logging
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tracker.core.law.occurrences import Window
from tracker.core.values.formulas import CircularRules
from tracker.documents.official import Picture
from tracker.reports.pictures.drawing import svg_of
from tracker.reports.pictures.heat import heat, pages
from tracker.reports.pictures.painting import NoPainter, png_of
from tracker.reports.pictures.year import lights_grid, note_of
from tracker.reports.reading import Reading

log = logging.getLogger(__name__)


def painted(reading: Reading, month: Window, rules: CircularRules) -> list[dict[str, Any]]:
    """The lights of what fell due from January to the end of that month, as JSON, where the county wants them.

    Kept with the words, they are the same on whatever machine they are printed. Without a painter there are none.
    """
    if not rules.lights:
        return []
    grid = lights_grid(reading, Window(date(month.last.year, 1, 1), month.last))
    until = f"1—{month.last.month}月" if month.last.month > 1 else "1月"
    title, note = f"{month.last.year}年{until}政府信息公开亮灯图", note_of(reading)
    try:
        first, *more = png_of(pages(grid, title, note, titled=False))
    except NoPainter as error:
        log.warning("the circular goes without its picture: %s", error)
        return []
    whole = heat(grid, title, note)
    parts = [_text(one) for one in more]
    return [{"title": title, "alt": whole.alt, "svg": svg_of(whole), "png": _text(first), "more": parts}]


def pictures_of(kept: Sequence[Mapping[str, Any]]) -> tuple[Picture, ...]:
    """What `painted` made, as a document takes it."""
    return tuple(
        Picture(one["title"], one["alt"], b64decode(one["png"]), one["svg"], tuple(map(b64decode, one["more"])))
        for one in kept
    )


def _text(png: bytes) -> str:
    return b64encode(png).decode()
