"""The records of a page: the children of its boxes that hold the link, and what lies between them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise, takewhile

from tracker.evidence.page.parsed import Node, Page, squeeze
from tracker.evidence.wrappers.cells import Record, record_of
from tracker.evidence.wrappers.link_groups import INLINE, Shape, address_of, selector_of
from tracker.evidence.wrappers.words_around import FOOT
from tracker.evidence.wrappers.wrapper import RecordBound

#: More records than this in one page are no page of a list.
MAX_RECORDS = 5000
_SILENT = frozenset({"br", "hr", "script", "style", "wbr", "-comment", "!comment"})


@dataclass(eq=False, slots=True)
class BoxRun:
    """The children of one box: which of them hold a record's link, and the rest. `gaps`: text stands between them."""

    box: Node
    children: list[Node] = field(default_factory=list)
    starts: list[tuple[int, Node, str]] = field(default_factory=list)  # number among the children, link, address
    gaps: bool = False


def find_runs(page: Page, shape: Shape) -> list[BoxRun]:
    """Return the boxes of a page that hold records, in document order."""
    boxes = page.tree.css(selector_of(shape.box))
    return runs_in(page, ((box, _links_in(page, box, shape)) for box in boxes))


def runs_in(page: Page, boxes: Iterable[tuple[Node, Mapping[int, tuple[Node, str]]]]) -> list[BoxRun]:
    """Return boxes with their records. Of each box: by the id of a child the record's link and its address."""
    runs = []
    count = 0
    some_hidden = page.says("display:none", "display: none")
    for box, links in boxes:
        run = BoxRun(box)
        child = box.child if links else None
        while child is not None and count < MAX_RECORDS:
            if child.is_text_node:
                if (text := child.text_content) and not text.isspace():
                    run.children.append(child)
                    run.gaps = True
            elif child.tag not in _SILENT and not (some_hidden and _is_hidden(child)):
                found = links.get(child.mem_id)
                if found is not None:
                    count += 1
                    run.starts.append((len(run.children), *found))
                else:
                    run.gaps = True
                run.children.append(child)
            child = child.next
        if run.starts:
            runs.append(run)
    return runs


def _is_hidden(node: Node) -> bool:
    style = node.attributes.get("style")
    return bool(style) and _HIDDEN.search(style or "") is not None


_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)


def _links_in(page: Page, box: Node, shape: Shape) -> dict[int, tuple[Node, str]]:
    """Return the record's link of each child of a box that has one, by the child's id."""
    found: dict[int, tuple[Node, str]] = {}
    known: dict[int, set[str]] = {}
    number, key = shape.ordinal[0], box.mem_id
    for node in box.css(selector_of(shape.link.rpartition("/")[2])):
        path, child = _path_in(node, key)
        if path != shape.link or child in found or (url := address_of(page, node)) is None:
            continue
        if number:
            urls = known.setdefault(child, set())
            urls.add(url)
            if len(urls) <= number:
                continue
        found[child] = (node, url)
    return found


def _path_in(node: Node, box: int) -> tuple[str, int]:
    """Return the tag path of a node from the box's child on, and that child's id."""
    tags = [node.tag or ""]
    child = node.mem_id
    above = node.parent
    while above is not None and len(tags) < _DEEP:
        key = above.mem_id
        if key == box:
            return "/".join(reversed(tags)), child
        tag = above.tag or ""
        if tag not in INLINE:
            tags.append(tag)
        child, above = key, above.parent
    return "", 0


_DEEP = 60


def record_spans(run: BoxRun, bound: RecordBound) -> list[tuple[int, int]]:
    """Return which of a box's children each record consists of, as (first, behind the last)."""
    starts, children = [start for start, _, _ in run.starts], run.children
    if bound is RecordBound.ELEMENT:
        return [(start, start + 1) for start in starts]
    spans = []
    if bound is RecordBound.TO_NEXT:
        for start, following in pairwise([*starts, len(children)]):
            own = takewhile(lambda node: not _is_block(node), children[start + 1 : following])
            spans.append((start, start + 1 + sum(1 for _ in own)))
        return spans
    for before, start in pairwise([-1, *starts]):
        own = takewhile(lambda node: not _is_block(node), reversed(children[before + 1 : start]))
        spans.append((start - sum(1 for _ in own), start + 1))
    return spans


def read_records(run: BoxRun, bound: RecordBound, *, headed: bool = True) -> list[Record]:
    """Return the cells of each record of a box within the bound; `headed`: with the year and month above."""
    records = []
    heads = _heads(run) if headed else ()
    backwards = bound is RecordBound.FROM_PREVIOUS
    for number, (begin, end) in enumerate(record_spans(run, bound)):
        _, link, url = run.starts[number]
        record = record_of(run.children[begin:end], link, url, backwards=backwards)
        record.head = heads[number] if heads else ""
        records.append(record)
    return records


def _is_block(node: Node) -> bool:
    """Return whether an element between records is another list, a menu, or the page's foot."""
    if node.is_text_node:
        return False
    return (
        len({link.attributes.get("href") for link in node.css("a")}) >= _BLOCK or FOOT.search(node.text()) is not None
    )


_BLOCK = 3


# -- what stands above rows: years, months, days, and the heads of a table's columns ---------------

_HEAD = re.compile(
    r"\W*(?:((?:19|20)\d\d)(?:\s*年|[-/.]|\s*$))?\s*(?:(\d{1,2}|十[一二]?|[一二三四五六七八九])(?:\s*月(?:份)?|[-/.]|\s*$))?"
    r"\s*(?:(\d{1,2})\s*日?)?\W*(?:星期.)?\W*"
)
_MONTHS = {
    "一": 1,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
    "十一": 11,
    "十二": 12,
}
_FAR = 6


def head_of(text: str) -> tuple[int, int, int] | None:
    """Return the year, month and day that a heading tells, 0 where it tells none of one; None for another text."""
    if len(text) > 20 or not text or (match := _HEAD.fullmatch(text)) is None or not (match[1] or "月" in text):
        return None
    month = _MONTHS.get(match[2] or "") or int(match[2] or 0)
    return int(match[1] or 0), month, int(match[3] or 0)


def _heads(run: BoxRun) -> list[str]:
    """Return what stands above each record, `2015年6月`; nothing where no record has anything above it."""
    current = _above(run.box)
    heads: list[str] = []
    at, met = 0, 0
    for start, _, _ in run.starts:
        told = [head for child in run.children[at:start] if (head := head_of(squeeze(_text(child)))) is not None]
        for head in told:
            current = _under(current, head)
        met += bool(told)
        heads.append(_written(current))
        at = start + 1
    often = len(heads) > 2 and met * 5 > len(heads) * 4
    return heads if any(heads) and not often else []  # what stands by every row is the row's own


def _text(node: Node) -> str:
    return (node.text_content or "") if node.is_text_node else node.text()[:200]


def _above(box: Node) -> tuple[int, int, int]:
    """Return what the headings right before a box tell."""
    found: list[tuple[int, int, int]] = []
    node: Node | None = box
    for _ in range(2):
        beside, steps = node.prev if node is not None else None, 0
        while beside is not None and steps < _FAR:
            if text := squeeze(_text(beside)) if beside.tag not in _SILENT else "":
                if (head := head_of(text)) is None:
                    break
                found.append(head)
            beside, steps = beside.prev, steps + 1
        if found or node is None or node.parent is None:
            break
        node = node.parent
    current = (0, 0, 0)
    for head in reversed(found):
        current = _under(current, head)
    return current


def _under(above: tuple[int, int, int], head: tuple[int, int, int] | None) -> tuple[int, int, int]:
    if head is None:
        return above
    if head[0]:
        return head
    return (above[0], head[1], head[2]) if head[1] else (above[0], above[1], head[2])


def _written(head: tuple[int, int, int]) -> str:
    return "".join(f"{number}{sign}" for number, sign in zip(head, "年月日", strict=True) if number)


def column_heads(run: BoxRun) -> list[str]:
    """Return the heads of a table's columns; nothing where it has none."""
    rows = [one for one in run.children[: run.starts[0][0]] if one.tag == "tr"]
    beside = run.box.prev
    while beside is not None and not rows:
        if beside.tag == "thead":
            rows = beside.css("tr")
        beside = beside.prev
    cells = rows[-1].css("th, td") if rows else []
    return [squeeze(cell.text()) for cell in cells] if len(cells) > 1 else []
