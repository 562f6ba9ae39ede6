"""The rate on time by month: the county's, and a department's beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.core.assessment.circular import DueCount
from tracker.core.law.wording import percent_zh
from tracker.reports.pictures.drawing import Drawing, Rectangle, Shape, ShapeGroup, Stroke, TextShape, caption
from tracker.reports.pictures.palette import FAINT, INK, PART, RULE, WHOLE

_LEFT, _TOP, _MONTH, _HIGH, _MARGIN = 92.0, 84.0, 62.0, 260.0, 12.0
_BOTTOM = _TOP + _HIGH
#: Of the county's series and of the department's, which besides is dashed and has hollow points.
_COLOURS = (WHOLE, PART)


@dataclass(frozen=True, slots=True)
class Series:
    """The counts of twelve months, and who they are of."""

    name: str
    months: tuple[DueCount, ...]


def rates(county: Series, department: Series | None, title: str, note: str = "") -> Drawing:
    """Lines over the months, with the counts below. A month in which nothing could be judged breaks the line."""
    width = _LEFT + 12 * _MONTH + _MARGIN
    shown = [county, *([department] if department else [])]
    groups = caption(title, note, 20)
    groups.append(_scale(width))
    for place, series in enumerate(shown):  # all lines first: the values stand above them
        groups += _lines(series, place)
    for place, series in enumerate(shown):
        groups += _values(series, place, shown[1 - place] if department else None)
        groups.append(_counts(series, place))
        groups.append(_legend(series.name, place))
    return Drawing(width, _BOTTOM + 58 + 22 * len(shown), title, _alt(shown, title, note), tuple(groups))


def _scale(width: float) -> ShapeGroup:
    shapes: list[Shape] = []
    for percent in (0, 25, 50, 75, 100):
        y = _y(percent / 100)
        shapes.append(Stroke(((_LEFT, y), (width - _MARGIN, y)), RULE, 1))
        shapes.append(TextShape(_LEFT - 8, y, f"{percent}%", 12, FAINT, "end"))
    shapes += [TextShape(_x(month), _BOTTOM + 20, f"{month + 1}月", 12, INK, "middle") for month in range(12)]
    return ShapeGroup(tuple(shapes))


def _x(month: int) -> float:
    return _LEFT + (month + 0.5) * _MONTH


def _y(rate: float) -> float:
    return _BOTTOM - rate * _HIGH


def _lines(series: Series, place: int) -> Iterator[ShapeGroup]:
    runs: list[list[tuple[float, float]]] = [[]]
    for month, count in enumerate(series.months):
        if count.rate is None:
            runs.append([])
        else:
            runs[-1].append((_x(month), _y(count.rate)))
    lines = tuple(Stroke(tuple(run), _COLOURS[place], 2, dashed=place > 0) for run in runs if len(run) > 1)
    if lines:
        yield ShapeGroup(lines)


def _values(series: Series, place: int, beside: Series | None) -> Iterator[ShapeGroup]:
    """The points with their rates. `beside`: the series that is drawn too."""
    for month, count in enumerate(series.months):
        if count.rate is not None:
            x, y = _x(month), _y(count.rate)
            down = 16 if beside and _is_lower(count.rate, beside.months[month].rate, place) else -14
            rate = TextShape(x, y + down, percent_zh(count.rate, 0), 12, _COLOURS[place], "middle", halo=True)
            told = (
                f"{series.name}{month + 1}月：判定{count.judged}项，按时{count.on_time}项，"
                f"按时率{percent_zh(count.rate)}"
            )
            yield ShapeGroup((*_point(x, y, place), rate), title=told)


def _is_lower(rate: float, beside: float | None, place: int) -> bool:
    """Whether the value is written below its point: where the line beside lies above, or the county's on it."""
    return beside is not None and (rate < beside or (rate == beside and place == 1))


def _point(x: float, y: float, place: int) -> tuple[Shape, ...]:
    """A square, hollow in the second series."""
    box = Rectangle(x - 5, y - 5, 10, 10, _COLOURS[place])
    return (box, Rectangle(x - 3, y - 3, 6, 6, "#ffffff")) if place else (box,)


def _counts(series: Series, place: int) -> ShapeGroup:
    """按时/判定, so that a rate of few is seen to be of few."""
    y, colour = _BOTTOM + 44 + place * 22, _COLOURS[place]
    name = series.name if len(series.name) <= 6 else f"{series.name[:5]}…"
    cells = [
        TextShape(_x(month), y, f"{count.on_time}/{count.judged}" if count.judged else "—", 12, colour, "middle")
        for month, count in enumerate(series.months)
    ]
    return ShapeGroup(
        (TextShape(_LEFT - 8, y, name, 12, colour, "end"), *cells), title=f"{series.name}：按时/判定（项）"
    )


def _legend(name: str, place: int) -> ShapeGroup:
    x, y = _LEFT + place * 260, 62
    line = Stroke(((x, y), (x + 40, y)), _COLOURS[place], 2, dashed=place > 0)
    words = TextShape(x + 48, y, f"{name[:14]}按时率", 12, _COLOURS[place])
    return ShapeGroup((line, *_point(x + 20, y, place), words))


def _alt(shown: Sequence[Series], title: str, note: str) -> str:
    sentences = []
    for series in shown:
        months = [
            f"{month + 1}月{percent_zh(count.rate, 0)}"
            for month, count in enumerate(series.months)
            if count.rate is not None
        ]
        sentences.append(f"{series.name}：{'、'.join(months) or '尚无可判定事项'}")
    return "，".join(part for part in (title, note) if part) + f"。{'；'.join(sentences)}。"
