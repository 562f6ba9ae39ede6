"""What stands in a record: its texts and attributes by their places, links among them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tracker.evidence.page.parsed import Node, squeeze
from tracker.evidence.wrappers.link_groups import INLINE, style_in

_UNSEEN = frozenset({"script", "style", "noscript", "template", "textarea", "select", "-comment", "!comment", "br"})
#: Attributes that may hold a title or a day.
_TOLD = frozenset({"title", "datetime", "alt", "data-time", "data-date", "data-title"})
_PRESSED = frozenset({"a", "button", "input"})
#: The places of the title and the day that a column's rule states.
STATED_TITLE, STATED_DAY = "=title", "=day"
#: A record of more texts than this is none.
MAX_CELLS, _DEEPEST = 400, 40
#: The longest that a day in several elements is, all of them together.
JOINED = 48
_BADGE = re.compile(r"^[\s\[【(（]*(?:new|hot|top|新|热|顶|荐|置顶|推荐|最新)[\s\]】)）!！]*$", re.IGNORECASE)
_BRACKETS = "[]()（）【】〔〕 "
_RANK = re.compile(r"^\s*\d{1,3}[.、]?\s*$")
_UNIT = re.compile(r"^\s*[年月日号个件项届第份批次度%.、·—-]")


@dataclass(eq=False, slots=True)
class Record:
    """A record's cells: place → text. What stands in the record's own link has a place that begins with `^`."""

    nodes: Sequence[Node]
    link: Node | None
    url: str
    texts: dict[str, str] = field(default_factory=dict)
    pieces: list[tuple[str, str]] = field(default_factory=list)  # in document order
    head: str = ""  # the year, month or day that stands above it
    links: list[Node] = field(default_factory=list)  # what else can be followed or pressed in it

    def read(self, place: str) -> str:
        """Return what stands at a place; "" where nothing does."""
        if place.startswith("<"):
            text = self.read(place[1:]) if len(place) > 1 else ""
            return f"{self.head} {text.strip(_BRACKETS)}" if self.head and (text or len(place) == 1) else ""
        if "&" in place:
            parts = [self.texts.get(one, "") for one in place.split("&")]
            return " ".join(parts) if all(parts) else ""
        if place.endswith("+"):
            below = place[:-1]
            parts = [text for path, text in self.pieces if path == below or path.startswith((below + "/", below + "#"))]
            return " ".join(parts)
        return self.texts.get(place, "")


def record_of(nodes: Sequence[Node], link: Node | None, url: str, *, backwards: bool = False) -> Record:
    """Return the cells of a record that consists of these nodes, one beside the other.

    `backwards`: of several alike the last is the first; so is what stands right before a link.
    """
    record = Record(nodes, link, url)
    own = link.mem_id if link is not None else 0
    names: dict[str, int] = {}
    loose = 0
    for node in reversed(nodes) if backwards else nodes:
        if len(record.pieces) >= MAX_CELLS:
            break
        if node.is_text_node:
            text = squeeze(node.text_content or "")
            if text:
                loose += 1
                _put(record, f"#{loose}" if loose > 1 else "#", text)
        elif (tag := node.tag) and tag not in _UNSEEN:
            known = node.attributes
            _walk(record, node, tag, known, _name(tag, known, names, own=len(nodes) > 1), own, 0)
    return record


def _name(tag: str, attributes: Mapping[str, str | None], names: dict[str, int], *, own: bool = True) -> str:
    style = style_in(attributes) if own and attributes and tag not in _PLAIN else ""
    name = f"{tag}.{style}" if style else tag
    count = names[name] = names.get(name, 0) + 1
    return name if count == 1 else f"{name}:{count}"


#: Elements whose number says more than their class.
_PLAIN = frozenset({"td", "th", "a", "tr", "tbody", "dt"})


def _walk(
    record: Record, node: Node, tag: str, attributes: Mapping[str, str | None], path: str, own: int, depth: int
) -> None:
    if node.mem_id == own:
        path = "^"
    elif tag in _PRESSED or "onclick" in attributes:
        record.links.append(node)
    for name, value in attributes.items() if attributes else ():
        if value and name in _TOLD and (value := squeeze(value)):
            record.texts.setdefault(f"{path}@{name}", value)
        elif value and name == "value" and tag == "input":
            _put(record, path, squeeze(value))
    names: dict[str, int] = {}
    count = 0
    child = node.child
    while child is not None:
        if child.is_text_node:
            text = child.text_content
            if text and (text := squeeze(text)):
                count += 1
                _put(record, path if count == 1 else f"{path}#{count}", text)
        elif (inner := child.tag) and inner not in _UNSEEN and depth < _DEEPEST and len(record.pieces) < MAX_CELLS:
            known = child.attributes
            _walk(record, child, inner, known, f"{path}/{_name(inner, known, names)}", own, depth + 1)
        child = child.next


def _put(record: Record, place: str, text: str) -> None:
    record.pieces.append((place, text))
    record.texts.setdefault(place, text)


def joined_places(record: Record) -> list[str]:
    """Return the elements whose few texts together are short: a day in two or three elements."""
    sizes: dict[str, tuple[int, int]] = {}
    for path, text in record.pieces:
        seen: set[str] = set()
        place = path.partition("#")[0]
        while True:
            if place not in seen:
                count, size = sizes.get(place, (0, 0))
                sizes[place] = (count + 1, size + len(text) + 1)
                seen.add(place)
            if "/" not in place:
                break
            place = place.rpartition("/")[0]
    found = [f"{place}+" for place, (count, size) in sizes.items() if 1 < count <= 6 and size <= JOINED]
    for (place, text), (beside, words) in pairwise(record.pieces):
        if len(text) <= 8 and len(words) <= 8 and _PART.fullmatch(text) and _PART.fullmatch(words):
            found.append(f"{place}&{beside}")
    return found


#: A piece of a day: 28, 2015-09, 9月.
_PART = re.compile(r"\d{1,4}(?:[-/.年]\d{1,2})?\s*[年月日]?")


def words_at(record: Record, place: str, days: frozenset[str] = frozenset()) -> str:
    """Return the words of a title: the texts at a place and of elements in it that only mark words.

    `days`: places that are no part of it. A number or a mark beside the words is left out.
    """
    if len(record.pieces) == 1 or not any(path != place and path.startswith(place) for path, _ in record.pieces):
        return record.texts.get(place, "") if place not in days else ""
    parts = []
    for path, text in record.pieces:
        if path in days or not (path == place or path.startswith((f"{place}/", f"{place}#"))):
            continue
        below = path[len(place) :].partition("#")[0]
        if all(step.partition(".")[0].partition(":")[0] in INLINE for step in below.split("/") if step):
            parts.append(text)
    if len(parts) > 1:
        kept = [one for one in parts if not _BADGE.match(one)]
        if len(kept) > 1 and _RANK.match(kept[0]) and not _UNIT.match(kept[1]):
            del kept[0]
        parts = kept or parts
    return squeeze(_join(parts))


def _join(parts: Sequence[str]) -> str:
    text = ""
    for one in parts:
        gap = (
            " " if text and text[-1].isascii() and text[-1].isalnum() and one[0].isascii() and one[0].isalnum() else ""
        )
        text += gap + one
    return text
