"""A picture as values: boxes, lines and words in places, and how it is written as SVG.

A PNG is made from the SVG (`painting.py`). Places are in units of a pixel of the SVG, from the upper left. The same
drawing gives the same bytes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

#: Named in the SVG, and looked for on the machine when it is painted.
FAMILIES = ("Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "SimHei", "WenQuanYi Micro Hei")

#: What XML may not hold, and what is no letter.
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
    """Words by their middle line. `stacked`: one character below the other from (x, y) down, as Chinese columns are.

    `halo`: white around it, where it stands on lines.
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
    """Shapes that are one thing to a reader: `title` is told of it, `key` is the occurrence it can be followed to."""

    shapes: tuple[Shape, ...]
    title: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture. `title`: its caption; `alt`: what it shows, in words, for who cannot see it."""

    width: float
    height: float
    title: str
    alt: str
    groups: tuple[ShapeGroup, ...]

    @property
    def shapes(self) -> tuple[Shape, ...]:
        return tuple(shape for group in self.groups for shape in group.shapes)


def width_of(words: str, size: float) -> float:
    """About how wide words are: a Chinese character is as wide as high, others a little more than half."""
    return sum(size if unicodedata.east_asian_width(word) in "WFA" else size * 0.58 for word in words)


def clipped(words: str, size: float, room: float) -> str:
    """The words, or as many of them as there is room for and …"""
    if width_of(words, size) <= room:
        return words
    while words and width_of(words, size) > room - size:
        words = words[:-1]
    return f"{words}…"


def svg_of(drawing: Drawing) -> str:
    """The SVG: words stay words, each thing tells its title and carries its occurrence as `data-key`."""
    size = f"{_n(drawing.width)} {_n(drawing.height)}"
    families = ", ".join(f"'{one}'" for one in FAMILIES)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="{_n(drawing.width)}" '
        f'height="{_n(drawing.height)}" role="img" aria-label={_quoted(drawing.title)} '
        f'font-family="{families}, sans-serif">\n'
        f"<title>{_said(drawing.title)}</title>\n<desc>{_said(drawing.alt)}</desc>\n"
    )
    ground = f'<rect width="{_n(drawing.width)}" height="{_n(drawing.height)}" fill="#ffffff"/>\n'
    return head + ground + "".join(_group(group) for group in drawing.groups) + "</svg>\n"


def _group(group: ShapeGroup) -> str:
    shapes = "".join(_shape(shape) for shape in group.shapes)
    if not group.title and not group.key:
        return f"{shapes}\n"
    key = f" data-key={_quoted(group.key)}" if group.key else ""
    title = f"<title>{_said(group.title)}</title>" if group.title else ""
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
    words = _clean(shape.words)
    anchor = "middle" if shape.stacked else shape.anchor
    style = f'font-size="{_n(shape.size)}" fill="{shape.colour}"' + (
        f' text-anchor="{anchor}"' if anchor != "start" else ""
    )
    style += ' font-weight="bold"' if shape.bold else ""
    style += ' stroke="#ffffff" stroke-width="3" paint-order="stroke"' if shape.halo else ""
    # The middle of a Chinese character lies 0.38 of its size above the line it stands on; not every reader of SVG
    # knows dominant-baseline.
    down = shape.size * 0.38
    if shape.stacked:
        xs = " ".join(_n(x) for x, _ in shape.places)
        ys = " ".join(_n(y + down) for _, y in shape.places)
        return f'<text x="{xs}" y="{ys}" {style}>{escape(words)}</text>'
    return f'<text x="{_n(shape.x)}" y="{_n(shape.y + down)}" {style}>{escape(words)}</text>'


def _clean(words: str) -> str:
    """Without what XML may not hold."""
    return words.translate(_CONTROL)


def _said(words: str) -> str:
    return escape(_clean(words))


def _quoted(words: str) -> str:
    return quoteattr(_clean(words))


def _n(number: float) -> str:
    return f"{round(number, 2):g}"


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, 0 to 1 (WCAG 2.1, definition of relative luminance)."""
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(colour: str) -> tuple[float, float, float]:
    """Linear light of #rrggbb (IEC 61966-2-1)."""
    parts: Sequence[float] = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2.1, definition of contrast ratio)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
