"""A picture of lateness by duty: what fell due, in classes from on time to more than twenty working days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.reports.pictures.drawing import (
    Drawing,
    Rectangle,
    Shape,
    ShapeGroup,
    Stroke,
    TextShape,
    caption,
    clipped,
    page_marks,
)
from tracker.reports.pictures.palette import BAR, FAINT, INK, RULE

#: The classes of what is late, by their last working day.
CLASSES: tuple[tuple[str, int], ...] = (("5日内", 5), ("6～10日", 10), ("11～20日", 20), ("20日以上", 10**6))
_HEADS = ("按时", *(name for name, _ in CLASSES), "其中未完成")
_LABEL, _WIDE, _ROW, _MARGIN, _TOP = 232.0, 86.0, 22.0, 12.0, 92.0
_ROWS = 38  # on a page of paper


@dataclass(frozen=True, slots=True)
class Lateness:
    """How many of a duty's matters are in each class, those on time first. `open`: not published completely yet."""

    title: str
    counts: tuple[int, int, int, int, int]
    open: int
    key: str = ""

    @property
    def late(self) -> int:
        return sum(self.counts[1:])


def class_of(days: int) -> int:
    """The place in `Lateness.counts` of a matter so many working days late; 0 days are late by hours."""
    return next(place for place, (_, last) in enumerate(CLASSES, 1) if days <= last)


def lateness(rows: Sequence[Lateness], title: str, note: str = "") -> Drawing:
    """A bar in each class, as long as its share of the duty's matters, with the count written in it."""
    width = _MARGIN * 2 + _LABEL + len(_HEADS) * _WIDE
    left = _MARGIN + _LABEL
    groups = caption(title, note, 20)
    rule = "每格条长为占该类到期事项的比例，数字为项数；日指工作日。"
    groups.append(ShapeGroup((TextShape(_MARGIN, 62, rule, 12, FAINT),)))
    heads = [
        TextShape(left + (place + 0.5) * _WIDE, _TOP - 9, head, 12, INK, "middle") for place, head in enumerate(_HEADS)
    ]
    groups.append(ShapeGroup((*heads, Stroke(((_MARGIN, _TOP), (width - _MARGIN, _TOP)), INK, 1))))
    groups += [_row(row, left, _TOP + number * _ROW) for number, row in enumerate(rows)]
    bottom = _TOP + max(1, len(rows)) * _ROW
    edges = [left + place * _WIDE for place in range(len(_HEADS) + 1)]
    groups.append(ShapeGroup(tuple(Stroke(((x, _TOP), (x, bottom)), RULE, 1) for x in edges)))
    return Drawing(width, bottom + _MARGIN, title, _alt(rows, title, note), tuple(groups))


def _row(row: Lateness, left: float, y: float) -> ShapeGroup:
    total, counts = max(1, sum(row.counts)), (*row.counts, row.open)
    shapes: list[Shape] = [TextShape(left - 6, y + _ROW / 2, clipped(row.title, 12, _LABEL - 8), 12, INK, "end")]
    for place, count in enumerate(counts):
        x = left + place * _WIDE
        if count:
            shapes.append(Rectangle(x + 1, y + 3, (_WIDE - 2) * count / total, _ROW - 6, BAR))
            shapes.append(TextShape(x + 6, y + _ROW / 2, str(count), 12, INK))
    tooltip = "，".join(f"{head}{count}项" for head, count in zip(_HEADS, counts, strict=True) if count)
    return ShapeGroup(tuple(shapes), title=f"{row.title}：{tooltip}", key=row.key)


def pages(rows: Sequence[Lateness], title: str, note: str = "") -> tuple[Drawing, ...]:
    """The rows in parts that fit on a page each."""
    parts = [rows[at : at + _ROWS] for at in range(0, len(rows), _ROWS)] or [rows]
    marks = page_marks(len(parts))
    return tuple(lateness(part, title + mark, note) for part, mark in zip(parts, marks, strict=True))


def _alt(rows: Sequence[Lateness], title: str, note: str) -> str:
    worst = [row for row in rows if row.late][:5]
    duties = "、".join(f"{row.title}{row.late}项" for row in worst) or "无"
    return "，".join(part for part in (title, note) if part) + f"。逾期最多的：{duties}。"
