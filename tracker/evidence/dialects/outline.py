"""A page as links and dates with the elements around them: what plain lists are recognised by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from tracker.core.facts import Moment
from tracker.evidence.dates import MonthDay, strict_moment, strict_month_day
from tracker.evidence.dialects.printed import RELATIVE, amid_words, labelled, reckoned
from tracker.evidence.page import Node, Page, resolve, short_text, squeeze

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
    dated: Moment | None = None  # the day that this attribute tells
    pieces: list[str] = field(default_factory=list)
    _text: str | None = None

    @property
    def text(self) -> str:
        """Asked for only when all of the page's text has been seen."""
        if self._text is None:
            pieces = [one for one in self.pieces if not _BADGE.match(one)] if len(self.pieces) > 1 else []
            if len(pieces) > 1 and _RANK.match(pieces[0]) and not _UNIT.match(pieces[1]):
                del pieces[0]
            self._text = squeeze("".join(pieces or self.pieces)[:2000])
        return self._text


@dataclass(eq=False, slots=True)
class Dated:
    """A date that stands by itself. `relative`: reckoned from the day the page was read (昨天, 10:32);
    `loose`: amid a few other words."""

    when: Moment | MonthDay
    inside: Element
    place: int
    text: str
    relative: bool = False
    loose: bool = False


class _Part:
    """A piece of a date that is read at another piece of it."""


class Outline:
    """All links and free-standing dates of a page's body, in document order, furniture left out
    unless `everything` is asked for. `loose`: dates amid a few other words as well."""

    def __init__(self, page: Page, *, everything: bool = False, loose: bool = False) -> None:
        self.page = page
        self._everything, self._loose = everything, loose
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
                text = node.text_content
                if not text or text.isspace():
                    continue
                parent = node.parent
                if parent is None or parent.tag in ("script", "style", "textarea", "option"):
                    continue
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
        if inside is None or (inside.chrome and not self._everything):
            return None
        url = resolve(self.page.base, href or "") or self._opened(f"{href or ''} {attributes.get('onclick') or ''}")
        if href is not None and _TEMPLATE.search(href):
            return None
        hint = squeeze((attributes.get("title") or "")[:2000])
        if not hint and (picture := node.css_first("img[alt]")) is not None:
            hint = squeeze((picture.attributes.get("alt") or "")[:500])
        dated = labelled(hint, self.page.zone) if "时间" in hint or "日期" in hint else None
        link = Link(node, inside, url, place, hint, dated)
        self.links.append(link)
        return link

    def _opened(self, script: str) -> str | None:
        """The address that a script opens, where it is written out: `window.open('/a/1.html')`."""
        named = {match[1] for match in _OPENED.finditer(script[:2000])}
        return resolve(self.page.base, named.pop()) if len(named) == 1 else None

    def _text(self, node: Node, parent: Node, text: str, place: int, link: Link | None) -> None:
        if len(text) > 2000:
            text = text[:2000]
        if not _HINT.search(text):
            if link is not None:
                link.pieces.append(text)
            return
        when = self._machine_readable(parent) or self._when(parent, text)
        if isinstance(when, _Part):
            return
        relative = when is None and len(text) < 40 and (match := RELATIVE.match(text)) is not None
        if relative and match is not None:
            when = reckoned(match, self.page.today)
        loose = when is None and self._loose and link is None
        if loose:
            when = amid_words(text, self.page.zone)
        if when is None:
            if link is not None:
                link.pieces.append(text)
            return
        if link is not None and squeeze(link.node.text()) == squeeze(text):
            link.pieces.append(text)  # a title that is a date
            return
        inside = self._element(parent)
        if inside is not None and (self._everything or not inside.chrome):
            self.dates.append(Dated(when, inside, place, text, relative, loose))

    def _machine_readable(self, parent: Node) -> Moment | None:
        """`<time datetime="2015-09-25">` says what it prints."""
        stamp = parent.attributes.get("datetime") if parent.tag == "time" else None
        return strict_moment(stamp, self.page.zone) if stamp else None

    def _when(self, parent: Node, text: str) -> Moment | MonthDay | _Part | None:
        if match := _USUAL.match(text):
            try:
                return date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                return None
        if len(text) > 120 or not _DATE_LIKE.search(text):
            return None
        zone = self.page.zone
        when = strict_moment(text, zone) or labelled(text, zone)
        if when is not None:
            return when
        own = squeeze(text)
        for holder in (parent, parent.parent) if len(own) <= 12 else ():
            whole = (short_text(holder, 24, separator=" ") if holder is not None else None) or ""
            if whole != own and len(whole) >= 6 and (split := strict_moment(whole, zone)):
                # A date in two elements (25 / 2015-09): count it once, at the piece that holds the year.
                return split if _YEAR.search(own) else _Part()
        if len(own) <= 12 and _PIECE.match(own) and (found := self._beside(parent, own)) is not None:
            return found if _YEAR.search(own) or own.endswith("月") else _Part()
        return strict_month_day(text)

    def _beside(self, holder: Node, own: str) -> Moment | MonthDay | None:
        """The same where the two elements stand side by side in a row that holds more."""
        for sibling, order in ((_next(holder), "{0} {1}"), (_previous(holder), "{1} {0}")):
            other = short_text(sibling, 12, separator=" ") if sibling is not None else None
            if not other or not _PIECE.match(other):
                continue
            if split := strict_moment(order.format(own, other), self.page.zone):
                return split
            month, day = (own, other) if own.endswith("月") else (other, own)
            if month.endswith("月") and not _YEAR.match(month) and day.rstrip("日").isdigit():
                return strict_month_day(f"{month}{day}")
        return None

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
        element: Element | None
        for link in self.links:
            if link.url is None:
                continue
            element = link.inside
            while element is not None:
                if element.last_url != link.url:
                    element.links += 1
                    element.last_url = link.url
                element = element.parent
        for dated in self.dates:
            element = dated.inside
            while element is not None:
                element.dates += 1
                element = element.parent


#: The way in which nine of ten lists print a day.
_USUAL = re.compile(r"^[\s\[(（【]*(20\d\d)-(\d\d)-(\d\d)[\s\])）】]*$")
#: Something of a date stands in whatever is looked at more closely.
_HINT = re.compile(r"[\d年昨今前刚]")
#: A cheap look before the dear one: two numbers with little between, a lone day or year, a year in any numerals.
_DATE_LIKE = re.compile(r"\d\s*\D{1,2}\s*\d|\d{8}|^\s*\d{1,2}[日月]?\s*$|年|^\s*20\d\d\s*$|\b[A-Z][a-z]{2}")
_YEAR = re.compile(r"(?:19|20)\d\d")
#: A part of a date that has an element of its own: a day, a month, a year.
_PIECE = re.compile(r"^(?:\d{1,2}[日月]?|\d{1,2}[-/.月]\d{1,2}日?|(?:19|20)\d\d年?(?:[-/.]?\d{1,2}月?)?)$")
#: A mark beside a title that is no part of it.
_BADGE = re.compile(r"^[\s\[【(（]*(?:new|hot|top|新|热|顶|荐|置顶|推荐|最新)[\s\]】)）!！]*$", re.IGNORECASE)
#: A number before a title: its rank, unless the title goes on with what is counted.
_RANK = re.compile(r"^\s*\d{1,3}[.、]?\s*$")
_UNIT = re.compile(r"^\s*[年月日号个件项届第份批次度%.、·—-]")
#: What a script would put in.
_TEMPLATE = re.compile(r"\{\{|\$\{|%7B%7B|<%")
#: A call with an address in it that is plainly one of a page.
_OPENED = re.compile(
    r"""(?:\w|=)\s*\(?\s*['"]((?:https?://|\.{0,2}/)?[\w%./-]*?(?:\.(?:s?html?|jsp|aspx?|php|pdf|docx?)|/\d+)(?:\?[^'"\s]*)?)['"]"""
)


def _next(node: Node) -> Node | None:
    """The element after this one."""
    sibling = node.next
    while sibling is not None and sibling.is_text_node and not (sibling.text_content or "").strip():
        sibling = sibling.next
    return sibling if sibling is not None and not sibling.is_text_node else None


def _previous(node: Node) -> Node | None:
    sibling = node.prev
    while sibling is not None and sibling.is_text_node and not (sibling.text_content or "").strip():
        sibling = sibling.prev
    return sibling if sibling is not None and not sibling.is_text_node else None


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


@lru_cache(maxsize=4096)
def _styled(style: str, ident: str) -> tuple[str, bool, bool]:
    """A class without its numbers, and whether its words and those of an id name chrome, or something beside."""
    words = set(_SPLIT.split(f"{style} {ident}"))
    bare = re.sub(r"\d+", "", style).strip()
    return bare, not words.isdisjoint(_CHROME_WORDS), not words.isdisjoint(_WEAK_WORDS)


def _describe(node: Node, parent: Element | None) -> Element:
    attributes = node.attributes
    tag, style = node.tag or "", (attributes.get("class") or "").lower()[:500]
    ident = (attributes.get("id") or "").lower()[:500]
    bare, chrome, weak = _styled(style, ident) if style or ident else ("", False, False)
    return Element(
        key=node.mem_id,
        tag=tag,
        style=bare,
        parent=parent,
        depth=parent.depth + 1 if parent else 0,
        node=node,
        ident=ident,
        chrome=(parent is not None and parent.chrome) or _is_chrome(node, tag, parent, named=chrome),
        weak=(parent is not None and parent.weak) or tag in _WEAK_TAGS or weak,
    )


def _is_chrome(node: Node, tag: str, parent: Element | None, *, named: bool) -> bool:
    """An entry may have a head and a foot of its own, and whole pages stand in one form."""
    if not named and tag not in _CHROME_TAGS:
        return False
    if tag == "form":
        return named or len(node.css("a")) <= _FEW_LINKS
    if tag in _INLINE_TAGS:
        return False
    inside = parent is not None and any(one.tag in _ENTRY_TAGS for one in parent.up())
    return not inside or not (tag in ("header", "footer") or named)


#: A row or a word is no part of a page, whatever its class is called.
_INLINE_TAGS = {"li", "tr", "dt", "dd", "span", "em", "i", "b", "strong", "font"}
_FEW_LINKS = 10
_ENTRY_TAGS = {"article", "li", "dl"}


def day(when: Moment | MonthDay) -> date | MonthDay:
    """The calendar part of a date as a row prints it."""
    return when.date() if isinstance(when, datetime) else when
