"""A picture as values (rectangles, lines and words) and as SVG, from which `painting.py` makes a PNG.

Coordinates are in pixels of the SVG from the upper left. The same drawing gives the same bytes.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from tracker.reports.pictures.palette import FAINT, INK

#: Named in the SVG, and looked for on the machine when it is painted.
FAMILIES = ("Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "SimHei", "WenQuanYi Micro Hei")

#: Characters that XML may not hold, and control characters.
_CONTROL = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF))


@dataclass(frozen=True, slots=True)
class Rectangle:
    x: float
    y: float
    width: float
    height: float
    fill: str
    stroke: str = ""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    colour: str
    width: float = 1
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class TextShape:
    """Words whose middle line is at `y`.

    `stacked`: one character below the other from (x, y) down, as in Chinese columns; `halo`: with a white edge, so
    that they can be read over lines.
    """

    x: float
    y: float
    words: str
    size: float = 12
    colour: str = "#000000"
    anchor: Literal["start", "middle", "end"] = "start"
    bold: bool = False
    stacked: bool = False
    halo: bool = False

    @property
    def places(self) -> tuple[tuple[float, float], ...]:
        """Where each character stands, of stacked ones."""
        return tuple((self.x, self.y + self.size * (number + 0.5)) for number in range(len(self.words)))


Shape = Rectangle | Stroke | TextShape


@dataclass(frozen=True, slots=True)
class ShapeGroup:
    """Shapes that show one thing. `title`: its tooltip; `key`: of the occurrence that it shows."""

    shapes: tuple[Shape, ...]
    title: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture. `title`: its caption; `alt`: its contents in words, for those who cannot see it."""

    width: float
    height: float
    title: str
    alt: str
    groups: tuple[ShapeGroup, ...]

    @property
    def shapes(self) -> tuple[Shape, ...]:
        return tuple(shape for group in self.groups for shape in group.shapes)


def width_of(words: str, size: float) -> float:
    """The estimated width of words: a Chinese character is as wide as high, others a little more than half."""
    return sum(size if unicodedata.east_asian_width(letter) in "WFA" else size * 0.58 for letter in words)


def clipped(words: str, size: float, room: float) -> str:
    """The words, cut and ended with … where they are wider than `room`."""
    if width_of(words, size) <= room:
        return words
    while words and width_of(words, size) > room - size:
        words = words[:-1]
    return f"{words}…"


def caption(title: str, note: str, y: float) -> list[ShapeGroup]:
    """The title in bold at `y` and the note below it, each where there is one."""
    lines = []
    if title:
        lines.append(ShapeGroup((TextShape(12, y, title, 16, INK, bold=True),)))
        y += 22
    if note:
        lines.append(ShapeGroup((TextShape(12, y, note, 12, FAINT),)))
    return lines


def page_marks(count: int) -> list[str]:
    """What is added to the title of each page: （1/3）; nothing to that of a single page."""
    return [f"（{number}/{count}）" for number in range(1, count + 1)] if count > 1 else [""]


def svg_of(drawing: Drawing) -> str:
    """The SVG: words are text, each group has its title and, as `data-key`, its occurrence."""
    width, height = _n(drawing.width), _n(drawing.height)
    families = ", ".join(f"'{family}'" for family in FAMILIES)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-label={_quoted(drawing.title)} font-family="{families}, sans-serif">\n'
        f"<title>{_escaped(drawing.title)}</title>\n<desc>{_escaped(drawing.alt)}</desc>\n"
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>\n'
    )
    return head + "".join(_group(group) for group in drawing.groups) + "</svg>\n"


def _group(group: ShapeGroup) -> str:
    shapes = "".join(_shape(shape) for shape in group.shapes)
    if not group.title and not group.key:
        return f"{shapes}\n"
    key = f" data-key={_quoted(group.key)}" if group.key else ""
    title = f"<title>{_escaped(group.title)}</title>" if group.title else ""
    return f"<g{key}>{title}{shapes}</g>\n"


def _shape(shape: Shape) -> str:
    match shape:
        case Rectangle():
            stroke = f' stroke="{shape.stroke}"' if shape.stroke else ""
            return (
                f'<rect x="{_n(shape.x)}" y="{_n(shape.y)}" width="{_n(shape.width)}" height="{_n(shape.height)}" '
                f'fill="{shape.fill}"{stroke}/>'
            )
        case Stroke():
            points = " ".join(f"{_n(x)},{_n(y)}" for x, y in shape.points)
            dashes = ' stroke-dasharray="7 4"' if shape.dashed else ""
            style = f'fill="none" stroke="{shape.colour}" stroke-width="{_n(shape.width)}"{dashes}'
            return f'<polyline points="{points}" {style}/>'
        case TextShape():
            return _text(shape)


def _text(shape: TextShape) -> str:
    anchor = "middle" if shape.stacked else shape.anchor
    style = f'font-size="{_n(shape.size)}" fill="{shape.colour}"'
    style += f' text-anchor="{anchor}"' if anchor != "start" else ""
    style += ' font-weight="bold"' if shape.bold else ""
    style += ' stroke="#ffffff" stroke-width="3" paint-order="stroke"' if shape.halo else ""
    # The middle of a Chinese character lies 0.38 of its size above the line it stands on; not every reader of SVG
    # knows dominant-baseline.
    down = shape.size * 0.38
    if shape.stacked:
        x = " ".join(_n(x) for x, _ in shape.places)
        y = " ".join(_n(y + down) for _, y in shape.places)
    else:
        x, y = _n(shape.x), _n(shape.y + down)
    return f'<text x="{x}" y="{y}" {style}>{_escaped(shape.words)}</text>'


def _escaped(words: str) -> str:
    return escape(words.translate(_CONTROL))


def _quoted(words: str) -> str:
    return quoteattr(words.translate(_CONTROL))


def _n(number: float) -> str:
    return f"{round(number, 2):g}"
