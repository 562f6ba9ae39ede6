"""A table of a page as rows of cells, spans filled in; and which tables only lay a page out.

The plain form of a table, in `Version.text` and `Attachment.text` alike: a row is a line, cells are parted by a
tab, a cell that spans rows or columns stands in each of them, what breaks lines inside a cell is a blank, a table
inside a cell is part of its text. A row that is one cell across the whole table is a line without tabs: a caption.
"""

from __future__ import annotations

from collections.abc import Iterable

from tracker.evidence.page.parsed import Node, squeeze

Cell = tuple[str, int, int]  # text, columns, rows

_GROUPS = {"thead", "tbody", "tfoot"}
_UNSEEN = {"script", "style", "noscript", "template"}
_FIELDS = {"input", "select", "textarea", "button"}
_INLINE = {"a", "b", "strong", "em", "i", "u", "font", "span", "sub", "sup", "label", "small", "big", "s", "o:p"}
_SHOWN = {"text", "number", "date"}
_MAX_COLUMNS, _MAX_ROWS, _MAX_SIZE = 100, 20_000, 600_000
#: What of a long cell is repeated where it spans others: enough to see that they are not empty.
_REPEATED = 60
#: A picture is no empty cell.
PICTURE = "（图片）"
_NESTED = 30
_NAME = 20  # characters of a name that stands before its value
_MOST_STEPS = 20_000  # elements of one cell that are looked at


def table_rows(table: Node) -> list[Node]:
    """The rows of a table itself, those of tables inside it left out."""
    rows: list[Node] = []
    for child in table.iter():
        if child.tag == "tr":
            rows.append(child)
        elif child.tag in _GROUPS:
            rows += [row for row in child.iter() if row.tag == "tr"]
        if len(rows) >= _MAX_ROWS:
            break
    return rows


def cells_of(row: Node) -> list[Node]:
    """The cells of a row."""
    return [cell for cell in row.iter() if cell.tag in ("td", "th")]


def lays_out(table: Node, rows: list[Node]) -> bool:
    """Whether a table only puts text, or other tables, side by side: then its cells are read one by one."""
    widths = [len(cells_of(row)) for row in rows[:200]]
    if max(widths, default=0) <= 1:
        return True
    inner = table.css("table")[1:]
    if len(inner) > _NESTED:
        return True  # no table of figures holds so many
    whole = len(table.text())
    if inner and sum(len(one.text()) for one in inner) * 2 >= whole:
        return True
    if len(rows) > 3:
        return False
    if table.css_first("h1, h2, h3") is not None or any(_is_data(one) for one in inner):
        return True
    if whole < 200:
        return False
    heavy = [cell for row in rows for cell in cells_of(row) if len(cell.text()) * 10 >= whole * 6]
    return any(len(cell.css("p, br, li, h1, h2, h3, div")) >= 3 for cell in heavy)


def _is_data(table: Node) -> bool:
    """Whether a table inside another has rows and columns of its own."""
    return sum(len(cells_of(row)) >= 2 for row in table_rows(table)[:3]) >= 2


def caption_of(table: Node) -> list[str]:
    """What stands over a table as its own caption."""
    for child in table.iter():
        if child.tag == "caption":
            return [text] if (text := squeeze(child.text())) else []
        if child.tag in _GROUPS or child.tag == "tr":
            break
    return []


def written_in(field: Node) -> str:
    """What a field shows that nobody can change: some systems print their figures so."""
    attributes = field.attributes
    fixed = "readonly" in attributes or "disabled" in attributes
    shown = fixed and (attributes.get("type") or "text").lower() in _SHOWN
    return squeeze(attributes.get("value") or "")[:1000] if shown else ""


def _filled_in(field: Node) -> str:
    """What stands in a field of a cell, whoever may change it."""
    if field.tag == "select":
        chosen = field.css_first("option[selected]")
        return squeeze(chosen.text()) if chosen is not None else ""
    if field.tag in ("textarea", "button"):
        return squeeze(field.text())[:1000]
    attributes = field.attributes
    shown = (attributes.get("type") or "text").lower() in _SHOWN
    return squeeze(attributes.get("value") or "")[:1000] if shown else ""


def table_lines(rows: list[Node]) -> list[str]:
    """The table in its plain form."""
    grid = expand([[(_cell_text(cell), *_spans(cell)) for cell in cells_of(row)] for row in rows])
    return lines_of(grid)


def pairs_of(listing: Node) -> list[str]:
    """A list of names with one value each as rows of two cells; empty where it is another kind of list."""
    parts = list(listing.iter())[:_MAX_ROWS]
    if len(parts) < 4 or [one.tag for one in parts] != ["dt", "dd"] * (len(parts) // 2):
        return []
    texts = [_cell_text(one) for one in parts]
    if any(len(name) > _NAME or not name for name in texts[::2]):
        return []
    return lines_of([[name, value] for name, value in zip(texts[::2], texts[1::2], strict=True)])


def lines_of(grid: Iterable[list[str]]) -> list[str]:
    """Rows of cells as lines: of empty rows one is left, a row that is one caption has no tabs."""
    lines: list[str] = []
    for row in grid:
        said = [cell for cell in row if cell]
        if not said:
            if lines and len(row) > 1 and lines[-1].strip("\t"):
                lines.append("\t" * (len(row) - 1))
            continue
        one = len(row) > 1 and len(said) == len(row) and len(set(row)) == 1
        lines.append(row[0] if one else "\t".join(row))
    return lines


def expand(rows: list[list[Cell]]) -> list[list[str]]:
    """Spans filled in: every row gets the same number of cells, "" where the page has none."""
    grid: list[list[str]] = []
    below: dict[int, tuple[str, int]] = {}  # column → what hangs down into it, for how many rows yet
    width = size = 0
    for cells in rows:
        row: list[str] = []
        _hang(row, below)
        for text, columns, deep in cells:
            columns = max(1, min(columns, _MAX_COLUMNS - len(row)))
            again = _again(text)
            for n in range(columns):
                below.pop(len(row), None)
                row.append(text if n == 0 else again)
                if deep != 1:
                    below[len(row) - 1] = (again, (deep or _MAX_ROWS) - 1)
            _hang(row, below)
            if len(row) >= _MAX_COLUMNS:
                break
        while below and len(row) <= max(below):
            row.append("")
            _hang(row, below)
        width = max(width, len(row))
        size += sum(map(len, row)) + len(row)
        grid.append(row)
        if size > _MAX_SIZE:
            break
    return [row + [""] * (width - len(row)) for row in grid]


def _hang(row: list[str], below: dict[int, tuple[str, int]]) -> None:
    while (hung := below.get(len(row))) is not None:
        text, left = hung
        if left <= 1:
            del below[len(row)]
        else:
            below[len(row)] = (text, left - 1)
        row.append(text)


def _again(text: str) -> str:
    return text if len(text) <= _REPEATED else f"{text[:_REPEATED]}…"


def _spans(cell: Node) -> tuple[int, int]:
    attributes = cell.attributes
    return _number(attributes.get("colspan")), _number(attributes.get("rowspan"), 0)


def _number(text: str | None, least: int = 1) -> int:
    text = (text or "").strip()
    return max(least, min(int(text), _MAX_ROWS)) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _cell_text(cell: Node) -> str:
    pieces: list[str] = []
    stack = [cell]
    for _ in range(_MOST_STEPS):
        if not stack:
            break
        node = stack.pop()
        if node.is_text_node:
            pieces.append(node.text_content or "")
            continue
        tag = node.tag
        if tag in _FIELDS:
            pieces.append(_filled_in(node))
            continue
        if tag in _UNSEEN:
            continue
        if tag == "img":
            pieces.append(PICTURE if _is_drawn(node) else "")
        elif tag == "svg" or (tag == "a" and node.attributes.get("href") and not node.text().strip()):
            pieces.append(PICTURE)  # a sign to be pressed
        elif tag not in _INLINE:
            pieces.append(" ")
        child = node.last_child
        while child is not None:
            stack.append(child)
            child = child.prev
    text = squeeze("".join(pieces))
    return text.replace(PICTURE, "").strip() or (PICTURE if PICTURE in text else "")


def _is_drawn(image: Node) -> bool:
    """Whether a picture shows anything: not the blank that keeps a cell open."""
    source = (image.attributes.get("src") or "").lower()
    return bool(source) and not any(word in source for word in ("space", "blank", "dot.", "line.", "1x1", "pixel"))
