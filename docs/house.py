"""Draws `docs/house.svg`, the picture of the house in how-it-works.md: `python docs/house.py`.

The rows are the layers of the import contract in pyproject.toml, so an arrow in the code can only run down the picture.
The words in a box are the first sentence of the room's `__init__.py`.
"""

from __future__ import annotations

import ast
import textwrap
import tomllib
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[1]
WIDTH, LINE, PAD, GAP = 1040, 17, 10, 14
FONT = "font-family='Helvetica, Arial, Noto Sans CJK SC, sans-serif'"


def layers() -> list[list[str]]:
    """The rooms from the top down, one row a layer; the chapters of the core come last."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    rooms, chapters, *_ = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    rows = [[room.strip() for room in row.split("|")] for row in rooms if "__main__" not in row]
    return [*rows[:-1], [room.strip() for row in chapters[::-1] for room in row.split("|")]]


def first_sentence(room: str) -> str:
    """What the room's `__init__.py` says of it, up to the first full stop."""
    text = ast.get_docstring(ast.parse((ROOT / room.replace(".", "/") / "__init__.py").read_text("utf-8"))) or ""
    return " ".join(text.split()).split(". ")[0].rstrip(".")


def svg() -> str:
    """The picture: a row of boxes for each layer."""
    shapes, y = [], PAD
    for row in layers():
        width = (WIDTH - 2 * PAD - (len(row) - 1) * GAP) / len(row)
        texts = [textwrap.wrap(first_sentence(room), int(width / 6.6)) for room in row]
        height = (max(map(len, texts)) + 1) * LINE + 2 * PAD
        for place, (room, lines) in enumerate(zip(row, texts, strict=True)):
            x = PAD + place * (width + GAP)
            box = f"x='{x:.0f}' y='{y}' width='{width:.0f}' height='{height}' rx='5'"
            shapes.append(f"<rect {box} fill='#f4f6f9' stroke='#68778d'/>")
            name = escape(room.removeprefix("tracker."))
            shapes.append(
                f"<text x='{x + PAD:.0f}' y='{y + PAD + 12}' font-size='14' font-weight='bold' {FONT}>{name}</text>"
            )
            for n, line in enumerate(lines, 1):
                at = f"x='{x + PAD:.0f}' y='{y + PAD + 12 + n * LINE}'"
                shapes.append(f"<text {at} font-size='12.5' fill='#333' {FONT}>{escape(line)}</text>")
        y += height + GAP
    head = f"<svg xmlns='http://www.w3.org/2000/svg' width='{WIDTH}' height='{y}' viewBox='0 0 {WIDTH} {y}'>"
    return "\n".join([head, f"<rect width='{WIDTH}' height='{y}' fill='white'/>", *shapes, "</svg>\n"])


if __name__ == "__main__":
    (ROOT / "docs" / "house.svg").write_text(svg(), encoding="utf-8")
