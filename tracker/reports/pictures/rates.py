"""The rate on time by month: the county's, and a department's against it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.core.assessment.circular import DueCount
from tracker.core.law.wording import percent_zh
from tracker.reports.pictures.drawing import Drawing, Rectangle, Shape, ShapeGroup, Stroke, TextShape
from tracker.reports.pictures.palette import FAINT, INK, PART, RULE, WHOLE

_LEFT, _TOP, _MONTH, _HIGH, _MARGIN = 92.0, 84.0, 62.0, 260.0, 12.0


@dataclass(frozen=True, slots=True)
class Series:
    """The counts of twelve months, and who they are of."""

    name: str
    months: tuple[DueCount, ...]


def rates(whole: Series, part: Series | None, title: str, note: str = "") -> Drawing:
    """Lines over the months, with the counts below. A month in which nothing could be judged breaks the line."""
    width = _LEFT + 12 * _MONTH + _MARGIN
    series = [whole, *([part] if part else [])]
    bottom = _TOP + _HIGH
    groups = [ShapeGroup((TextShape(_MARGIN, 20, title, 16, INK, bold=True),))]
    if note:
        groups.append(ShapeGroup((TextShape(_MARGIN, 42, note, 12, FAINT),)))
    groups += _scale(width, bottom)
    for place, one in enumerate(series):  # all lines first: the values stand above them
        groups += _line(one, bottom, second=place > 0)
    for place, one in enumerate(series):
        groups += _values(one, bottom, second=place > 0, below=_lower(series, place))
        groups += _counts(one, bottom + 44 + place * 22, second=place > 0)
        groups.append(_legend(one.name, _LEFT + place * 260, 62, second=place > 0))
    return Drawing(width, bottom + 58 + 22 * len(series), title, _alt(series, title, note), tuple(groups))


def _scale(width: float, bottom: float) -> Iterator[ShapeGroup]:
    shapes: list[Shape] = []
    for percent in (0, 25, 50, 75, 100):
        y = bottom - percent / 100 * _HIGH
        shapes.append(Stroke(((_LEFT, y), (width - _MARGIN, y)), RULE, 1))
        shapes.append(TextShape(_LEFT - 8, y, f"{percent}%", 12, FAINT, "end"))
    shapes += [TextShape(_x(month), bottom + 20, f"{month + 1}月", 12, INK, "middle") for month in range(12)]
    yield ShapeGroup(tuple(shapes))


def _x(month: int) -> float:
    return _LEFT + (month + 0.5) * _MONTH


def _lower(series: Sequence[Series], place: int) -> tuple[bool, ...]:
    """By month, whether the value is written below the point: where the other line lies above."""
    counts = series[place].months
    if len(series) < 2:
        return (False,) * len(counts)
    others = series[1 - place].months
    either = [
        None if count.rate is None or count.rate is None else count.rate - count.rate
        for count, count in zip(counts, others, strict=True)
    ]
    return tuple(by is not None and (by < 0 or (by == 0 and place == 1)) for by in either)


def _line(series: Series, bottom: float, *, second: bool) -> Iterator[ShapeGroup]:
    runs: list[list[tuple[float, float]]] = [[]]
    for month, count in enumerate(series.months):
        if count.rate is None:
            runs.append([])
        else:
            runs[-1].append((_x(month), bottom - count.rate * _HIGH))
    lines = tuple(Stroke(tuple(run), PART if second else WHOLE, 2, second) for run in runs if len(run) > 1)
    if lines:
        yield ShapeGroup(lines)


def _values(series: Series, bottom: float, *, second: bool, below: Sequence[bool]) -> Iterator[ShapeGroup]:
    colour = PART if second else WHOLE
    for month, count in enumerate(series.months):
        if count.rate is not None:
            x, y = _x(month), bottom - count.rate * _HIGH
            shape = TextShape(
                x, y + (16 if below[month] else -14), percent_zh(count.rate, 0), 12, colour, "middle", halo=True
            )
            told = (
                f"{series.name}{month + 1}月：判定{count.judged}项，按时{count.on_time}项，"
                f"按时率{percent_zh(count.rate)}"
            )
            yield ShapeGroup((*_point(x, y, second=second), shape), title=told)


def _point(x: float, y: float, *, second: bool) -> tuple[Shape, ...]:
    """A full square; the second line's is hollow."""
    box = Rectangle(x - 5, y - 5, 10, 10, PART if second else WHOLE)
    return (box, Rectangle(x - 3, y - 3, 6, 6, "#ffffff")) if second else (box,)


def _counts(series: Series, y: float, *, second: bool) -> Iterator[ShapeGroup]:
    """按时/判定, so that a rate of few is seen to be of few."""
    colour = PART if second else WHOLE
    cells = [
        TextShape(_x(month), y, f"{count.on_time}/{count.judged}" if count.judged else "—", 12, colour, "middle")
        for month, count in enumerate(series.months)
    ]
    yield ShapeGroup(
        (TextShape(_LEFT - 8, y, _short(series.name), 12, colour, "end"), *cells),
        title=f"{series.name}：按时/判定（项）",
    )


def _short(name: str) -> str:
    return name if len(name) <= 6 else f"{name[:5]}…"


def _legend(name: str, x: float, y: float, *, second: bool) -> ShapeGroup:
    line = Stroke(((x, y), (x + 40, y)), PART if second else WHOLE, 2, second)
    words = TextShape(x + 48, y, f"{name[:14]}按时率", 12, PART if second else WHOLE)
    return ShapeGroup((line, *_point(x + 20, y, second=second), words))


def _alt(series: Sequence[Series], title: str, note: str) -> str:
    said = []
    for one in series:
        months = [
            f"{month + 1}月{percent_zh(count.rate, 0)}"
            for month, count in enumerate(one.months)
            if count.rate is not None
        ]
        said.append(f"{one.name}：{'、'.join(months) or '尚无可判定事项'}")
    return "，".join(part for part in (title, note) if part) + f"。{'；'.join(said)}。"
