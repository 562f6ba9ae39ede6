"""The records of a page: the children of its boxes that hold the link, and what lies between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tracker.evidence.page.parsed import Node, Page
from tracker.evidence.wrappers.cells import Record, record_of
from tracker.evidence.wrappers.link_groups import Shape, address_of, tag_path
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
    runs = []
    count = 0
    for box in page.tree.css(shape.box.replace("/", " > ")):
        run = BoxRun(box)
        child = box.child
        while child is not None and count < MAX_RECORDS:
            if child.is_text_node:
                if (child.text_content or "").strip():
                    run.children.append(child)
                    run.gaps = True
            elif child.tag not in _SILENT:
                found = _link_in(page, child, shape)
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


def _link_in(page: Page, child: Node, shape: Shape) -> tuple[Node, str] | None:
    """Return the record's link in a child of the box, with its address."""
    if "/" not in shape.link:
        if child.tag != shape.link:
            return None
        url = address_of(page, child)
        return (child, url) if url is not None else None
    last = shape.link.rpartition("/")[2]
    number = shape.ordinal[0]
    known: list[str] = []
    for node in child.css(last):
        if tag_path(node, child.mem_id) == shape.link and (url := address_of(page, node)) is not None:
            if url not in known:
                known.append(url)
            if len(known) > number:
                return node, url
    return None


def read_records(run: BoxRun, bound: RecordBound) -> list[Record]:
    """Return the cells of each record of a box, as far as the bound reaches."""
    records = []
    for number, (start, link, url) in enumerate(run.starts):
        if bound is RecordBound.ELEMENT:
            nodes: Sequence[Node] = run.children[start : start + 1]
        elif bound is RecordBound.TO_NEXT:
            end = run.starts[number + 1][0] if number + 1 < len(run.starts) else len(run.children)
            nodes = run.children[start:end]
        else:
            begin = run.starts[number - 1][0] + 1 if number else 0
            nodes = run.children[begin : start + 1]
        records.append(record_of(nodes, link, url))
    return records
