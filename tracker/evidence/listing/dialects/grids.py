"""Catalogues that are tables to the eye alone: heads and rows in div, ul or dl."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracker.evidence.page.parsed import Node, Page, short_text

_MAX_ROWS = 3000


def grids(page: Page, title: re.Pattern[str]) -> Iterator[list[list[Node]]]:
    """For each element that is called what `title` matches: the line of heads it stands in, and those below."""
    heads = 0
    for node in page.tree.css("span, li, dt, dd, div, p, b, strong, i, em, label, h3, h4")[:5000]:
        word = short_text(node, 12) if node.child is not None else None
        if word is None or not title.match(word.replace(" ", "")):
            continue
        line = _line(node)
        if line is not None and (rows := _below(line)):
            yield [_cells(line), *rows]
        heads += 1
        if heads > 5:
            return


def _line(node: Node) -> Node | None:
    """The element whose children are heads, one of them this one."""
    current = node
    for _ in range(4):
        parent = current.parent
        if parent is None or parent.tag in ("body", "table", "tr", "html"):
            return None
        if len(_cells(parent)) > 1:
            return parent
        current = parent
    return None


def _below(line: Node) -> list[list[Node]]:
    """What stands below the heads in as many cells: beside their line, or in a body beside their frame."""
    count, anchor = len(_cells(line)), line
    for _ in range(3):
        rows: list[list[Node]] = []
        sibling = anchor.next
        while sibling is not None and len(rows) < _MAX_ROWS:
            if not sibling.is_text_node:
                rows.extend(_lines_in(sibling, line.tag or "", count))
            sibling = sibling.next
        if rows:
            return rows
        if anchor.parent is None:
            break
        anchor = anchor.parent
    return []


def _lines_in(node: Node, tag: str, count: int, depth: int = 0) -> list[list[Node]]:
    cells = _cells(node)
    if node.tag == tag and len(cells) >= count and count * 3 >= len(cells):
        return [cells]
    if depth == 3 or len(cells) > _MAX_ROWS:
        return []
    return [line for cell in cells for line in _lines_in(cell, tag, count, depth + 1)]


def _cells(node: Node) -> list[Node]:
    cells = []
    child = node.child
    while child is not None:
        if not child.is_text_node and child.tag not in ("script", "style", "-comment", "br"):
            cells.append(child)
        child = child.next
    return cells
