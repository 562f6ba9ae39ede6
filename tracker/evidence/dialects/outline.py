"""A page as links and dates with the elements around them: what plain lists are recognised by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo

from tracker.core.facts import Moment
from tracker.evidence.dates import MonthDay, find_moment, strict_moment, strict_month_day
from tracker.evidence.page import Node, Page, resolve, short_text, squeeze, text_of

#: More links than this on one page are no list that a person could read.
MAX_LINKS = 5000
_MAX_DEPTH = 150

#: Parts of a page that hold no list of a column, by tag and by the words of class and id.
_CHROME_TAGS = {"nav", "footer", "header", "select", "form", "marquee"}
_CHROME_WORDS = {
    "nav", "navi", "navbar", "navigation", "menu", "submenu", "mainmenu", "header", "foot", "footer", "bottom",
    "copyright", "crumb", "crumbs", "breadcrumb", "breadcrumbs", "location", "position", "weizhi", "dqwz",
    "friendlink", "friendlinks", "yqlj", "yqlink", "sidebar", "sitemap", "banner", "topbar", "toolbar", "share",
    "bdsharebuttonbox", "pagination", "pager", "pagenav", "fenye", "langs", "login", "search",
}  # fmt: skip
#: Parts that may hold a list, but hardly the column's own.
_WEAK_TAGS = {"aside"}
_WEAK_WORDS = {
    "side", "aside", "hot", "rank", "ranking", "paihang", "recommend", "tuijian", "related", "relation", "xgwz",
    "xgyd", "rdtj", "zxgk", "latest", "hits",
}  # fmt: skip


@dataclass(eq=False, slots=True)
class Element:
    """An element that holds links or dates, with the counts of both below it."""

    key: int
    tag: str
    style: str
    parent: Element | None
    depth: int
    node: Node
    ident: str = ""
    chrome: bool = False
    weak: bool = False
    links: int = 0
    dates: int = 0
    last_url: str = ""

    def up(self) -> Iterator[Element]:
        """The element and what it stands in, innermost first."""
        element: Element | None = self
        while element is not None:
            yield element
            element = element.parent

    @property
    def signature(self) -> str:
        """The same for elements that stand in the page in the same manner."""
        return "/".join(f"{one.tag}.{one.style}" for one in self.up())


@dataclass(eq=False, slots=True)
class Link:
    """A link with its own text pieces. `url` None: it leads nowhere that can be asked (a script)."""

    node: Node
    inside: Element  # the innermost element around it
    url: str | None
    place: int
    hint: str  # its title attribute
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return squeeze("".join(self.pieces)[:2000])


@dataclass(eq=False, slots=True)
class Dated:
    """A date that stands by itself. `label`: the words before it in its element, e.g. 成文日期."""

    when: Moment | MonthDay
    inside: Element
    place: int
    text: str


class Outline:
    """All links and free-standing dates of a page's body, in document order."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.links: list[Link] = []
        self.dates: list[Dated] = []
        self.crowded = False
        self._elements: dict[int, Element] = {}
        body = page.tree.body
        if body is not None:
            self._walk(body)
            self._count()

    def _walk(self, body: Node) -> None:
        open_link: Link | None = None
        link_key = 0
        for place, node in enumerate(body.traverse(include_text=True)):
            if node.is_text_node:
                parent = node.parent
                if parent is None or parent.tag in ("script", "style", "textarea", "option"):
                    continue
                text = text_of(node)
                if open_link is not None and not _within(node, link_key):
                    open_link = None
                self._text(node, parent, text, place, open_link)
            elif node.tag == "a":
                open_link = self._link(node, place)
                link_key = node.mem_id
                if len(self.links) >= MAX_LINKS:
                    self.crowded = True
                    return

    def _link(self, node: Node, place: int) -> Link | None:
        attributes = node.attributes
        href, parent = attributes.get("href"), node.parent
        if parent is None or (href is None and "onclick" not in attributes):
            return None
        inside = self._element(parent)
        if inside is None or inside.chrome:
            return None
        link = Link(
            node, inside, resolve(self.page.base, href or ""), place, squeeze((attributes.get("title") or "")[:2000])
        )
        self.links.append(link)
        return link

    def _text(self, node: Node, parent: Node, text: str, place: int, link: Link | None) -> None:
        if len(text) > 2000:
            text = text[:2000]
        when = self._when(parent, text)
        if when is None:
            if link is not None:
                link.pieces.append(text)
            return
        if link is not None and squeeze(link.node.text()) == squeeze(text):
            link.pieces.append(text)  # a title that is a date
            return
        inside = self._element(parent)
        if inside is not None and not inside.chrome:
            self.dates.append(Dated(when, inside, place, text))

    def _when(self, parent: Node, text: str) -> Moment | MonthDay | None:
        if len(text) > 120 or not _DATE_LIKE.search(text):
            return None
        zone = self.page.zone
        when = strict_moment(text, zone) or _labelled(text, zone)
        if when is not None:
            return when
        own = squeeze(text)
        for holder in (parent, parent.parent) if len(own) <= 12 else ():
            whole = (short_text(holder, 24, separator=" ") if holder is not None else None) or ""
            if whole != own and len(whole) >= 6 and (split := strict_moment(whole, zone)):
                # A date in two elements (25 / 2015-09): count it once, at the piece that holds the year.
                return split if _YEAR.search(own) else None
        return strict_month_day(text)

    def _element(self, node: Node) -> Element | None:
        missing: list[Node] = []
        current: Node | None = node
        while current is not None and current.mem_id not in self._elements and current.tag not in ("html", "-undef"):
            missing.append(current)
            if len(missing) > _MAX_DEPTH:
                return None
            current = current.parent
        parent = self._elements.get(current.mem_id) if current is not None else None
        for one in reversed(missing):
            parent = _describe(one, parent)
            self._elements[parent.key] = parent
        return parent if parent is not None and parent.depth <= _MAX_DEPTH else None

    def _count(self) -> None:
        for link in self.links:
            if link.url is None:
                continue
            for element in link.inside.up():
                if element.last_url != link.url:
                    element.links += 1
                    element.last_url = link.url
        for dated in self.dates:
            for element in dated.inside.up():
                element.dates += 1


#: A cheap look before the dear one: two numbers with little between, a lone day, a year in any numerals.
_DATE_LIKE = re.compile(r"\d\s*\D{1,2}\s*\d|\d{8}|^\s*\d{1,2}日?\s*$|年")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LABELLED = re.compile(r"(?:(?:发布|公开|更新)(?:时间|日期)|(?<![\u4e00-\u9fff])(?:时间|日期))\s*[:：]\s*(.{8,24})")
_LEADING = re.compile(
    r"^\W*((?:19|20)\d\d\D\d{1,2}\D\d{1,2}日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?)\W*(?:来源|点击|浏览|阅读|作者|发布|编辑|人气)"
)


def _labelled(text: str, zone: tzinfo) -> Moment | None:
    """发布时间：2015-09-25 amid other particulars of a row, or the date at their head."""
    match = _LABELLED.search(text) or _LEADING.match(text)
    return find_moment(match[1], zone) if match is not None else None


def _within(node: Node, key: int) -> bool:
    parent = node.parent
    for _ in range(12):
        if parent is None:
            return False
        if parent.mem_id == key:
            return True
        parent = parent.parent
    return False


_SPLIT = re.compile(r"[^a-z]+")


def _describe(node: Node, parent: Element | None) -> Element:
    attributes = node.attributes
    tag, style = node.tag or "", (attributes.get("class") or "").lower()
    ident = (attributes.get("id") or "").lower()
    named = f"{style} {ident}"
    words = set(_SPLIT.split(named)) if named.strip() else set()
    return Element(
        key=node.mem_id,
        tag=tag,
        style=re.sub(r"\d+", "", style).strip(),
        parent=parent,
        depth=parent.depth + 1 if parent else 0,
        node=node,
        ident=ident,
        chrome=(parent is not None and parent.chrome) or tag in _CHROME_TAGS or not words.isdisjoint(_CHROME_WORDS),
        weak=(parent is not None and parent.weak) or tag in _WEAK_TAGS or not words.isdisjoint(_WEAK_WORDS),
    )


def day(when: Moment | MonthDay) -> date | MonthDay:
    """The calendar part of a date as a row prints it."""
    return when.date() if isinstance(when, datetime) else when
