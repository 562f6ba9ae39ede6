"""The picture enclosed in a circular, painted at its draft and its signature and kept with its words."""

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
from tracker.reports.snapshot import CountySnapshot

log = logging.getLogger(__name__)


def painted(snapshot: CountySnapshot, month: Window, rules: CircularRules) -> list[dict[str, Any]]:
    """The lights of matters due from January to the end of that month, as JSON.

    Empty where the county wants none, or no PNG can be made here. Kept as bytes they print the same on any machine.
    """
    if not rules.lights:
        return []
    grid = lights_grid(snapshot, Window(date(month.last.year, 1, 1), month.last))
    until = f"1—{month.last.month}月" if month.last.month > 1 else "1月"
    title, note = f"{month.last.year}年{until}政府信息公开亮灯图", note_of(snapshot)
    try:
        pngs = png_of(pages(grid, title, note, titled=False))
    except NoPainter as error:
        log.warning("the circular goes without its picture: %s", error)
        return []
    picture = heat(grid, title, note)
    first, *more = (b64encode(png).decode() for png in pngs)
    return [{"title": title, "alt": picture.alt, "svg": svg_of(picture), "png": first, "more": more}]


def pictures_of(kept: Sequence[Mapping[str, Any]]) -> tuple[Picture, ...]:
    """The kept pictures as values of a document."""
    return tuple(
        Picture(
            values["title"], values["alt"], b64decode(values["png"]), values["svg"],
            tuple(map(b64decode, values["more"])),
        )
        for values in kept
    )  # fmt: skip
