"""Draws what stands in a terminal as an SVG image.

Every character gets its own place, so that Chinese ones take two cells whatever font shows them.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from html import escape

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.segment import Segment
from rich.style import Style

CELL, LINE = 9.2, 21
#: The Latin ones first: in a Chinese one quotation marks are as wide as two cells, of which they have one.
FONTS = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', 'Noto Sans CJK SC', monospace"
COLOURS = {
    "green": "#7ec77b",
    "blue": "#6ea8fe",
    "yellow": "#e5c07b",
    "red": "#f47067",
    "cyan": "#56b6c2",
    "magenta": "#c678dd",
    "bright_black": "#7d8590",
}


def svg(renderable: RenderableType, width: int, height: int | None = None) -> str:
    """What is shown in a terminal of that many columns (and lines) as an SVG image."""
    console = Console(width=width, height=height, file=io.StringIO(), force_terminal=True, color_system="standard")
    rows = console.render_lines(renderable, pad=False)
    body = "\n".join(text for place, row in enumerate(rows) for text in _line(row, place))
    across, down = width * CELL + 32, (len(rows) + 1) * LINE + 14
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {across:g} {down}" font-size="16" '
        f'font-family="{FONTS}">\n'
        f'<rect width="100%" height="100%" rx="8" fill="#161b22"/>\n{body}\n</svg>\n'
    )


def _line(row: Sequence[Segment], place: int) -> list[str]:
    texts, column = [], 0
    for segment in row:
        if segment.text.strip():
            texts.append(_text(segment.text, segment.style or Style(), column, place))
        column += cell_len(segment.text)
    return texts


def _text(text: str, style: Style, column: int, row: int) -> str:
    places, at = [], column
    for character in text:
        if character != " ":  # spaces would collapse and take the places of those after them
            places.append(f"{16 + at * CELL:g}")
        at += cell_len(character)
    colour = COLOURS.get(style.color.name, "#e6edf3") if style.color else "#e6edf3"
    weight = ' font-weight="bold"' if style.bold else ""
    shown = escape(text.replace(" ", ""))
    return f'<text x="{" ".join(places)}" y="{(row + 1) * LINE + 8}" fill="{colour}"{weight}>{shown}</text>'
