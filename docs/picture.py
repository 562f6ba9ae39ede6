"""Draws `docs/demo.svg`, the picture in the README: the live view of a real run of the sample year.

    PYTHONPATH=. python docs/picture.py [DAY]

Every character gets its own place, so that Chinese ones take two cells whatever font shows them.
"""

from __future__ import annotations

import asyncio
import io
import sys
import tempfile
from collections import deque
from dataclasses import replace
from datetime import date
from html import escape
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.style import Style

from tracker.commands.simulate import line_of, scene_of
from tracker.demo.live import NoticeLine, Scene, draw_scene
from tracker.demo.simulation import simulate_county
from tracker.store.occurrences import list_lights
from tracker.store.sent import list_sent_notices

ROOT = Path(__file__).parents[1]
WIDTH, HEIGHT = 80, 24
CELL, LINE = 9.2, 21
COLOURS = {
    "green": "#7ec77b",
    "blue": "#6ea8fe",
    "yellow": "#e5c07b",
    "red": "#f47067",
    "cyan": "#56b6c2",
    "magenta": "#c678dd",
    "bright_black": "#7d8590",
}


async def scene_on(day: date) -> Scene:
    """The view at noon of that day in the sample year."""
    lines: deque[NoticeLine] = deque(maxlen=40)
    seen = mails = 0
    with tempfile.TemporaryDirectory() as folder:
        async with simulate_county(ROOT, Path(folder), date(2015, 1, 1), day) as box:
            async for at in box.replay.run():
                now = at
            with box.office.store.read() as tx:
                lights = list_lights(tx, box.rulebook.county.id)
                for one in list_sent_notices(tx, seen):
                    lines.appendleft(line_of(one, box))
                    mails += 1
            return replace(scene_of(box, lights, now, tuple(lines), mails), last=date(2015, 12, 31))


def svg(scene: Scene) -> str:
    """The view as an SVG image."""
    console = Console(width=WIDTH, height=HEIGHT, file=io.StringIO(), force_terminal=True, color_system="standard")
    rows = console.render_lines(draw_scene(scene, WIDTH, HEIGHT), pad=False)
    texts = []
    for place, row in enumerate(rows):
        column = 0
        for segment in row:
            if segment.text.strip():
                texts.append(_text(segment.text, segment.style or Style(), column, place))
            column += cell_len(segment.text)
    width, height = WIDTH * CELL + 32, (len(rows) + 1) * LINE + 14
    body = "\n".join(texts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height}" font-size="16" '
        f"font-family=\"ui-monospace, Menlo, Consolas, 'Noto Sans Mono CJK SC', 'Noto Sans CJK SC', monospace\">\n"
        f'<rect width="100%" height="100%" rx="8" fill="#161b22"/>\n{body}\n</svg>\n'
    )


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


if __name__ == "__main__":
    when = date.fromisoformat(sys.argv[1]) if len(sys.argv) > 1 else date(2015, 8, 21)
    (ROOT / "docs" / "demo.svg").write_text(svg(asyncio.run(scene_on(when))), encoding="utf-8")
