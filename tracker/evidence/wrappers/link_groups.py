"""Links of one tag path, and the box whose children hold one of them each."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker.evidence.page.parsed import Node, Page, resolve

#: More links than this on one page are no list that a person could read.
MAX_LINKS = 5000
_MAX_DEPTH = 200
#: Elements that only mark words.
INLINE = frozenset({"b", "strong", "font", "em", "i", "u", "small", "big", "sup", "sub"})
#: Elements whose class tells rows apart and not lists.
_FEW = 6
_ROWS = frozenset({"li", "tr", "td", "dt", "dd", "a", "p"})
#: Elements that are a row where nothing else tells what is one.
_LINES = frozenset({"li", "tr", "dt", "dd"})
_CLASS = re.compile(r"[A-Za-z_][A-Za-z_-]*")
#: A script that opens an address.
_OPENED = re.compile(
    r"""(?:open|href|location|assign|replace|goto|jump|show|view|detail)\w*\s*[(=]\s*['"]([^'"]+)['"]""", re.IGNORECASE
)
#: What a script's template holds instead of an address.
_TEMPLATE = re.compile(r"\{\{|\$\{|<%|^\s*['\"+]")


@dataclass(eq=False, slots=True)
class Box:
    """An element around links. `many`: links to several addresses stand in it; `first`: one of these."""

    node: Node
    parent: Box | None
    tag: str
    style: str
    first: str = ""
    many: bool = False
    _key: str = ""
    _styled: str = ""

    @property
    def styled(self) -> str:
        """Return the tag path with the class of every element around rows: for lists of a row or two."""
        if not self._styled:
            above = self.parent.styled if self.parent is not None else ""
            own = f"{self.tag}.{self.style}" if self.style and self.tag not in _ROWS else self.tag
            self._styled = f"{above}/{own}" if above else own
        return self._styled

    @property
    def key(self) -> str:
        """Return the tag path from the body: of elements with several links the class as well."""
        if not self._key:
            above = self.parent.key if self.parent is not None else ""
            own = f"{self.tag}.{self.style}" if self.style and self.many and self.tag not in _ROWS else self.tag
            self._key = f"{above}/{own}" if above else own
        return self._key

    def up(self) -> Iterator[Box]:
        """Return the box and what it stands in, innermost first."""
        box: Box | None = self
        while box is not None:
            yield box
            box = box.parent


@dataclass(eq=False, slots=True)
class GroupLink:
    """A link with the address it leads to."""

    node: Node
    url: str
    inside: Box


@dataclass(frozen=True, slots=True)
class Shape:
    """Where records lie. `box`: the path of the boxes; `link`: the tag path of the link from the box's child on;
    `ordinal`: of the links of a child which one is the record's, as (number, of)."""

    box: str
    link: str
    ordinal: tuple[int, int] = (0, 1)


def style_of(node: Node) -> str:
    """Return the first class of an element; "" where it bears a number, or none that a selector can name."""
    return style_in(node.attributes)


def style_in(attributes: Mapping[str, str | None]) -> str:
    """Return the same of an element's attributes."""
    names = (attributes.get("class") or "").split(maxsplit=1)
    return names[0] if names and _CLASS.fullmatch(names[0]) else ""


def selector_of(path: str) -> str:
    """Return the selector of a path of tags with their classes; broken markup has tags such as `h<b`."""
    return " > ".join(map(_step, path.split("/")))


def _step(step: str) -> str:
    tag, dot, style = step.partition(".")
    if not _CLASS.fullmatch(style):
        tag, dot, style = step, "", ""
    return f"{_ODD.sub(_escaped, tag)}{dot}{style}"


_ODD = re.compile(r"[^A-Za-z0-9_-]")  # the parser of selectors takes not even every letter


def _escaped(sign: re.Match[str]) -> str:
    return f"\\{ord(sign[0]):x} "


def address_of(page: Page, node: Node) -> str | None:
    """Return where a link leads, or what its script opens; None where nobody can tell."""
    attributes = node.attrs
    href = attributes.get("href") or ""
    if href and _TEMPLATE.search(href):
        return None
    if (url := resolve(page.base, href)) is not None:
        return url
    if href and href[:11].lower() != "javascript:" and not attributes.get("onclick"):
        return None
    script = f"{href} {attributes.get('onclick') or ''}"
    named = {match[1] for match in _OPENED.finditer(script[:2000])}
    return resolve(page.base, named.pop()) if len(named) == 1 else None


def tag_path(node: Node, top: int) -> str | None:
    """Return the tags from the element with the id `top` down to a node, marking elements left out; None outside."""
    tags: list[str] = []
    one: Node | None = node
    while one is not None and len(tags) < _MAX_DEPTH:
        tag = one.tag or ""
        if tag not in INLINE or not tags:
            tags.append(tag)
        if one.mem_id == top:
            return "/".join(reversed(tags))
        one = one.parent
    return None


class LinkTree:
    """All links of a page's body with the elements around them. `crowded`: too many to be a list."""

    def __init__(self, page: Page) -> None:
        self.boxes: dict[int, Box] = {}
        self.links: list[GroupLink] = []
        self.crowded = False
        for node in page.tree.css("body a, body [onclick]"):
            if len(self.links) >= MAX_LINKS:
                self.crowded = True
                return
            parent = node.parent
            url = address_of(page, node) if parent is not None else None
            if url is not None and parent is not None and (box := self._box(parent)) is not None:
                self.links.append(GroupLink(node, url, box))
                _count(box, url)

    def _box(self, node: Node, depth: int = 0) -> Box | None:
        if (known := self.boxes.get(node.mem_id)) is not None:
            return known
        tag, above = node.tag or "", node.parent
        parent = self._box(above, depth + 1) if tag != "body" and above is not None and depth < _MAX_DEPTH else None
        if parent is None and tag != "body":
            return None
        box = self.boxes[node.mem_id] = Box(node, parent, tag, style_of(node))
        return box

    def groups(self) -> list[list[GroupLink]]:
        """Return the links by tag path, in document order."""
        found: dict[str, list[GroupLink]] = defaultdict(list)
        for link in self.links:
            outer = next((one for one in link.inside.up() if one.tag not in INLINE), link.inside)
            found[f"{outer.key}/{link.node.tag}"].append(link)
        groups = list(found.values())
        for group in found.values():
            if len(group) <= _FEW:
                parts: dict[str, list[GroupLink]] = defaultdict(list)
                for link in group:
                    parts[link.inside.styled].append(link)
                groups += parts.values()
        return groups


def _count(box: Box, url: str) -> None:
    for one in box.up():
        if one.many:
            break
        if not one.first:
            one.first = url
        elif one.first != url:
            one.many = True


def shapes_of(groups: Iterable[Sequence[GroupLink]]) -> list[Shape]:
    """Return where the records of the groups lie, each place once: a page of broken links has one a thousand times."""
    return list(dict.fromkeys(shape for links in groups for shape in _shapes_of_group(links)))


def _shapes_of_group(links: Sequence[GroupLink]) -> Iterator[Shape]:
    """Return where its records lie; where every line has the same few links, also once for each of these."""
    pairs = _boxes_of(links)
    if len({link.url for link in links}) <= 2 and len({link.inside.styled for link in links}) == 1:
        for top, box in pairs:
            if (path := tag_path(links[0].node, top)) is not None:
                yield Shape(box.styled, path)
    key = Counter(box.key for _, box in pairs).most_common(1)[0][0]
    inside: dict[Box, dict[str, GroupLink]] = {}
    for link, (top, box) in zip(links, pairs, strict=True):
        if box.key == key and (path := tag_path(link.node, top)) is not None:
            yield Shape(key, path)
            break
    for link, (_, box) in zip(links, pairs, strict=True):
        if box.key == key:
            inside.setdefault(box, {}).setdefault(link.url, link)
    size, times = Counter(map(len, inside.values())).most_common(1)[0]
    if not 2 <= size <= 4 or times < 2 or times * 4 < len(inside) * 3:
        return
    for number in range(size):
        chosen = [list(of.values())[number] for of in inside.values() if len(of) == size]
        top, box = _boxes_of(chosen)[0]
        if (path := tag_path(chosen[0].node, top)) is not None:
            yield Shape(box.key, path, (number, size))


def _boxes_of(links: Sequence[GroupLink]) -> list[tuple[int, Box]]:
    """Return for each link the largest element that holds no other of the group, by its id, and what that stands in."""
    first: dict[Box, str] = {}
    many: set[Box] = set()
    for link in links:
        for one in link.inside.up():
            if one in many:
                break
            if first.setdefault(one, link.url) != link.url:
                many.add(one)
    found: list[tuple[int, Box]] = []
    for link in links:
        top, box, row = link.node.mem_id, link.inside, link.node.tag in _LINES
        while box.parent is not None and not (box in many if many else box.many or row):
            row = box.tag in _LINES
            top, box = box.node.mem_id, box.parent
        found.append((top, box))
    return found
