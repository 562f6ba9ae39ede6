"""Follows the links of the pages as somebody who looks at everything and submits nothing."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from urllib.parse import parse_qsl, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from tests.console.people import Person


@dataclass(frozen=True)
class Visited:
    """A page or file that a link led to. `linked_from`: the page with the link."""

    address: str
    status: int
    is_page: bool
    linked_from: str


def shape_of(address: str) -> tuple[str, tuple[str, ...]]:
    """What pages of one kind share: the first part of the path below `d/`, and the names in the query."""
    parts = urlsplit(address)
    return parts.path.partition("/d/")[2].partition("/")[0], tuple(sorted(name for name, _ in parse_qsl(parts.query)))


async def follow_links(person: Person, *, most_of_a_kind: int) -> list[Visited]:
    """Open the first page and whatever links lead to from there on these pages, of each kind at most so many."""
    base = f"{person.house.base}d/"
    waiting, known, counts = deque([(base, "")]), {base}, dict[tuple[str, tuple[str, ...]], int]()
    visited = []
    while waiting:
        address, linked_from = waiting.popleft()
        async with person.http.get(address) as answer:
            is_page = answer.content_type == "text/html"
            visited.append(Visited(address, answer.status, is_page, linked_from))
            if not is_page:
                continue
            here, tree = str(answer.url), LexborHTMLParser(await answer.text())
        for node in tree.css("a[href]"):
            found = urljoin(here, node.attributes["href"] or "").partition("#")[0]
            kind = shape_of(found)
            if not found.startswith(base) or found in known or counts.get(kind, 0) >= most_of_a_kind:
                continue
            known.add(found)
            counts[kind] = counts.get(kind, 0) + 1
            waiting.append((found, here))
    return visited
