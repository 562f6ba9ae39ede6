"""Bars that lie below each other: one or two counts of each thing, with the number behind each bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.reports.pictures.drawing import Drawing, Rectangle, Shape, ShapeGroup, Stroke, TextShape, caption, clipped
from tracker.reports.pictures.palette import BAR, FAINT, INK, WHOLE

_LABEL, _WIDTH, _BAR, _GAP, _MARGIN, _TOP = 150.0, 440.0, 15.0, 9.0, 12.0, 64.0
#: Of the first and the second count: light with an edge, and dark, so that they differ in grey.
_FILLS = (BAR, WHOLE)
_NUMBER = 60.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A thing and its counts (件), one for each name of the picture's `names`."""

    title: str
    counts: tuple[int, ...]


#: Bars of a picture that fits below the title of a page.
_ON_PAGE = 32


def bars(rows: Sequence[Bar], names: Sequence[str], title: str, note: str = "", *, most: int = 0) -> Drawing:
    """The bars, all in one scale. `names`: one or two, what the counts are; `most`: the count of the longest bar that
    the scale has room for; 0: that of these rows."""
    groups = caption(title, note, 20)
    left, most = _MARGIN + _LABEL, most or find_most(rows)
    groups.append(_legend(names, left))
    high = _BAR * len(names) + _GAP
    for number, row in enumerate(rows):
        groups.append(_row(row, names, left, _TOP + number * high, most))
    bottom = _TOP + max(1, len(rows)) * high
    groups.append(ShapeGroup((Stroke(((left, _TOP - 4), (left, bottom)), INK, 1),)))
    return Drawing(left + _WIDTH + _MARGIN, bottom + _MARGIN, title, _alt(rows, names, title), tuple(groups))


def bars_in_parts(rows: Sequence[Bar], names: Sequence[str], note: str = "") -> tuple[Drawing, ...]:
    """The bars without a title, in parts that fit on a page each, all in one scale."""
    size, most = _ON_PAGE // len(names), find_most(rows)
    return tuple(bars(rows[at : at + size], names, "", note, most=most) for at in range(0, len(rows), size))


def find_most(rows: Sequence[Bar]) -> int:
    return max((count for row in rows for count in row.counts), default=0)


def _legend(names: Sequence[str], left: float) -> ShapeGroup:
    shapes: list[Shape] = []
    for place, name in enumerate(names):
        x = left + place * 160
        shapes += [Rectangle(x, 44, 22, 10, _FILLS[place], INK), TextShape(x + 28, 49, name, 12, FAINT)]
    return ShapeGroup(tuple(shapes))


def _row(row: Bar, names: Sequence[str], left: float, y: float, most: int) -> ShapeGroup:
    middle = y + _BAR * len(names) / 2
    shapes: list[Shape] = [TextShape(left - 8, middle, clipped(row.title, 12, _LABEL - 8), 12, INK, "end")]
    for place, count in enumerate(row.counts):
        length = (_WIDTH - _NUMBER) * count / most if most else 0
        top = y + place * _BAR
        if count:
            shapes.append(Rectangle(left, top, length, _BAR - 2, _FILLS[place], INK))
        shapes.append(TextShape(left + length + 6, top + _BAR / 2 - 1, str(count), 12, INK))
    counts = "，".join(f"{name}{count}件" for name, count in zip(names, row.counts, strict=True))
    return ShapeGroup(tuple(shapes), title=f"{row.title}：{counts}")


def _alt(rows: Sequence[Bar], names: Sequence[str], title: str) -> str:
    words = "；".join(
        row.title + "、".join(f"{name}{count}件" for name, count in zip(names, row.counts, strict=True)) for row in rows
    )
    return f"{title}。{words or '无'}。"
