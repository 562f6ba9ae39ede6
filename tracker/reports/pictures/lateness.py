"""How late, by duty: what fell due, in classes from on time to more than twenty working days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.reports.pictures.drawing import Drawing, Rectangle, Shape, ShapeGroup, Stroke, TextShape, clipped
from tracker.reports.pictures.palette import BAR, FAINT, INK, RULE

#: The classes, in working days: the last day of each. What is on time is a class of its own.
CLASSES: tuple[tuple[str, int], ...] = (("5日内", 5), ("6～10日", 10), ("11～20日", 20), ("20日以上", 10**6))
_HEADS = ("按时", *(name for name, _ in CLASSES), "其中未完成")
_LABEL, _WIDE, _ROW, _MARGIN, _TOP = 232.0, 86.0, 22.0, 12.0, 92.0
_ROWS = 38  # on a page of paper


@dataclass(frozen=True, slots=True)
class Lateness:
    """A duty's matters by class, `on_time` first; `open`: those of them that are still not published whole."""

    title: str
    counts: tuple[int, int, int, int, int]
    open: int
    key: str = ""

    @property
    def late(self) -> int:
        return sum(self.counts[1:])


def class_of(days: int) -> int:
    """The place in `Lateness.counts` of what is that many working days late; 0 days are late by hours."""
    return next(place for place, (_, last) in enumerate(CLASSES, 1) if days <= last)


def lateness(rows: Sequence[Lateness], title: str, note: str = "") -> Drawing:
    """A bar in each class, as long as its share of the duty's matters, with the count written in it."""
    width = _MARGIN * 2 + _LABEL + len(_HEADS) * _WIDE
    left = _MARGIN + _LABEL
    groups = [ShapeGroup((TextShape(_MARGIN, 20, title, 16, INK, bold=True),))]
    if note:
        groups.append(ShapeGroup((TextShape(_MARGIN, 42, note, 12, FAINT),)))
    groups.append(
        ShapeGroup((TextShape(_MARGIN, 62, "每格条长为占该类到期事项的比例，数字为项数；日指工作日。", 12, FAINT),))
    )
    heads = [
        TextShape(left + (place + 0.5) * _WIDE, _TOP - 9, head, 12, INK, "middle") for place, head in enumerate(_HEADS)
    ]
    groups.append(ShapeGroup((*heads, Stroke(((_MARGIN, _TOP), (width - _MARGIN, _TOP)), INK, 1))))
    for number, one in enumerate(rows):
        groups.append(_row(one, left, _TOP + number * _ROW))
    height = _TOP + max(1, len(rows)) * _ROW + _MARGIN
    groups.append(ShapeGroup(tuple(_rules(left, height - _MARGIN))))
    return Drawing(width, height, title, _alt(rows, title, note), tuple(groups))


def _rules(left: float, bottom: float) -> Iterator[Shape]:
    for place in range(len(_HEADS) + 1):
        x = left + place * _WIDE
        yield Stroke(((x, _TOP), (x, bottom)), RULE, 1)


def _row(one: Lateness, left: float, y: float) -> ShapeGroup:
    total = max(1, sum(one.counts))
    shapes: list[Shape] = [TextShape(left - 6, y + _ROW / 2, clipped(one.title, 12, _LABEL - 8), 12, INK, "end")]
    for place, count in enumerate((*one.counts, one.open)):
        x = left + place * _WIDE
        if count:
            shapes.append(Rectangle(x + 1, y + 3, (_WIDE - 2) * count / total, _ROW - 6, BAR))
            shapes.append(TextShape(x + 6, y + _ROW / 2, str(count), 12, INK))
    told = "，".join(f"{head}{count}项" for head, count in zip(_HEADS, (*one.counts, one.open), strict=True) if count)
    return ShapeGroup(tuple(shapes), title=f"{one.title}：{told}", key=one.key)


def pages(rows: Sequence[Lateness], title: str, note: str = "") -> tuple[Drawing, ...]:
    """In parts that fit on a page each."""
    parts = [rows[at : at + _ROWS] for at in range(0, len(rows), _ROWS)] or [rows]
    of = len(parts)
    return tuple(
        lateness(part, title if of == 1 else f"{title}（{number}/{of}）", note) for number, part in enumerate(parts, 1)
    )


def _alt(rows: Sequence[Lateness], title: str, note: str) -> str:
    worst = [row for row in rows if row.late][:5]
    said = "、".join(f"{one.title}{one.late}项" for one in worst) or "无"
    return "，".join(part for part in (title, note) if part) + f"。逾期最多的：{said}。"
