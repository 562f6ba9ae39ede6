"""A list as its column's rule states it: where rows and their parts stand. What the rule leaves out is learned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tracker.core.law.county import ListRule
from tracker.evidence.page.parsed import Node, Page, squeeze
from tracker.evidence.wrappers.cells import STATED_DAY, STATED_TITLE, Record
from tracker.evidence.wrappers.link_groups import address_of
from tracker.evidence.wrappers.records import BoxRun, runs_in

_LINK = "a, [onclick]"


def find_ruled_runs(page: Page, rule: ListRule) -> list[BoxRun]:
    """Return the boxes around the rows that a rule finds, in document order. A row without a link is none."""
    boxes: dict[int, Node] = {}
    links: dict[int, dict[int, tuple[Node, str]]] = {}
    for row in page.tree.css(rule.rows):
        box = row.parent
        found = ((link, address_of(page, link)) for link in row.css(rule.link or _LINK)) if box is not None else ()
        link, url = next(((link, url) for link, url in found if url is not None), (None, ""))
        if box is not None and link is not None:
            boxes.setdefault(box.mem_id, box)
            links.setdefault(box.mem_id, {})[row.mem_id] = (link, url)
    return runs_in(page, ((box, links[key]) for key, box in boxes.items()))


def put_parts(records: Iterable[Record], rule: ListRule) -> None:
    """Put the title and the day where a rule says into the cells of each record; what the day says is no title's."""
    for record in records:
        day, title = _part(record.nodes, rule.day), _part(record.nodes, rule.title)
        if title is not None and (text := _text(title, rule.title)):
            record.texts[STATED_TITLE] = text
        if day is not None and (text := _text(day, rule.day, " ")):
            record.texts[STATED_DAY] = text
            pieces = set(map(squeeze, day.text(separator="\n").splitlines()))
            if record.texts.get("^") not in pieces:
                kept = ((STATED_DAY if words in pieces else place, words) for place, words in record.pieces)
                record.pieces = list(kept)


def _part(nodes: Sequence[Node], place: str) -> Node | None:
    selector = place.partition("@")[0]
    found = (node.css_first(selector) for node in nodes if selector and not node.is_text_node)
    return next((node for node in found if node is not None), None)


def _text(node: Node, place: str, separator: str = "") -> str:
    attribute = place.partition("@")[2]
    return squeeze((node.attributes.get(attribute) or "") if attribute else node.text(separator=separator))
