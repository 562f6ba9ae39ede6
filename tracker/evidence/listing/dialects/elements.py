"""What a page's outline is made of: elements that hold links or dates, the links, the dates."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from tracker.core.values.facts import Moment
from tracker.evidence.listing.dialects.rows import is_no_title
from tracker.evidence.page.dates import MonthDay
from tracker.evidence.page.parsed import Node, squeeze

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
    _signature: str = ""

    def up(self) -> Iterator[Element]:
        """The element and what it stands in, innermost first."""
        element: Element | None = self
        while element is not None:
            yield element
            element = element.parent

    @property
    def signature(self) -> str:
        """The same for elements that stand in the page in the same manner."""
        if not self._signature:
            above = f"/{self.parent.signature}" if self.parent is not None else ""
            self._signature = f"{self.tag}.{self.style}{above}"
        return self._signature

    @property
    def manner(self) -> str:
        """The same for rows of one list: their own class counts for nothing."""
        return f"{self.parent.signature if self.parent is not None else ''}>{self.tag}"

    @property
    def rows_at(self) -> str:
        """The manner in few characters, to be kept."""
        return hashlib.blake2b(self.manner.encode("utf-8", "replace"), digest_size=8).hexdigest()


@dataclass(eq=False, slots=True)
class Link:
    """A link with its own text pieces. `url` None: it leads nowhere that can be asked (a script).
    `plain`: nothing but one piece of text stands in it."""

    node: Node
    inside: Element  # the innermost element around it
    url: str | None
    place: int
    hint: str  # its title attribute
    dated: Moment | None = None  # the day that this attribute tells
    plain: bool = False
    pieces: list[str] = field(default_factory=list)
    _text: str | None = None
    _nameless: bool | None = None

    @property
    def nameless(self) -> bool:
        """Whether its words name no entry: 更多, 下一页, a number."""
        if self._nameless is None:
            self._nameless = is_no_title(self.text, self.hint)
        return self._nameless

    @property
    def text(self) -> str:
        """Asked for only when all of the page's text has been seen."""
        if self._text is None and len(self.pieces) == 1:
            self._text = squeeze(self.pieces[0][:2000])
        elif self._text is None:
            pieces = [one for one in self.pieces if not _BADGE.match(one)] if len(self.pieces) > 1 else []
            if len(pieces) > 1 and _RANK.match(pieces[0]) and not _UNIT.match(pieces[1]):
                del pieces[0]
            self._text = squeeze("".join(pieces or self.pieces)[:2000])
        return self._text or ""


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


#: A mark beside a title that is no part of it.
_BADGE = re.compile(r"^[\s\[【(（]*(?:new|hot|top|新|热|顶|荐|置顶|推荐|最新)[\s\]】)）!！]*$", re.IGNORECASE)
#: A number before a title: its rank, unless the title goes on with what is counted.
_RANK = re.compile(r"^\s*\d{1,3}[.、]?\s*$")
_UNIT = re.compile(r"^\s*[年月日号个件项届第份批次度%.、·—-]")
_SPLIT = re.compile(r"[^a-z]+")


@lru_cache(maxsize=4096)
def _styled(style: str, ident: str) -> tuple[str, bool, bool]:
    """A class without its numbers, and whether its words and those of an id name chrome, or something beside."""
    words = set(_SPLIT.split(f"{style} {ident}"))
    bare = re.sub(r"\d+", "", style).strip()
    return bare, not words.isdisjoint(_CHROME_WORDS), not words.isdisjoint(_WEAK_WORDS)


def describe(node: Node, parent: Element | None) -> Element:
    tag, style, ident = node.tag or "", "", ""
    bare, chrome, weak = "", False, False
    if attributes := node.attributes:
        style = (attributes.get("class") or "").lower()[:500]
        ident = (attributes.get("id") or "").lower()[:500]
        if style or ident:
            bare, chrome, weak = _styled(style, ident)
    weak = weak or tag in _WEAK_TAGS
    if chrome or tag in _CHROME_TAGS:
        chrome = _is_chrome(node, tag, parent, named=chrome)
    if parent is None:
        return Element(node.mem_id, tag, bare, None, 0, node, ident, chrome, weak)
    chrome, weak = parent.chrome or chrome, parent.weak or weak
    return Element(node.mem_id, tag, bare, parent, parent.depth + 1, node, ident, chrome, weak)


def is_part_of_page(node: Node) -> bool:
    """Whether an element is a menu, a foot or a list beside the column's own, by its tag and names."""
    known = node.attributes
    _, chrome, weak = _styled((known.get("class") or "").lower()[:500], (known.get("id") or "").lower()[:500])
    tag = node.tag or ""
    if tag == "form":
        return len(node.css("a")) <= _FEW_LINKS
    return ((chrome or weak) and tag not in _INLINE_TAGS) or tag in _CHROME_TAGS or tag in _WEAK_TAGS


def _is_chrome(node: Node, tag: str, parent: Element | None, *, named: bool) -> bool:
    """An entry may have a head and a foot of its own, and whole pages stand in one form."""
    if tag == "form":
        return named or (len(links := node.css("a")) <= _FEW_LINKS and not any(map(_names_entry, links)))
    if tag in _INLINE_TAGS:
        return False
    inside = parent is not None and any(one.tag in _ENTRY_TAGS for one in parent.up())
    return not inside or not (tag in ("header", "footer") or named)


def _names_entry(link: Node) -> bool:
    """Whether a link says as much as the title of an entry: a form with such links holds a list."""
    return len(squeeze(link.text())) >= _TITLE or len(squeeze(link.attributes.get("title") or "")) >= _TITLE


_TITLE = 10
#: A row or a word is no part of a page, whatever its class is called.
_INLINE_TAGS = {"li", "tr", "dt", "dd", "span", "em", "i", "b", "strong", "font"}
_FEW_LINKS = 10
_ENTRY_TAGS = {"article", "li", "dl"}


def day(when: Moment | MonthDay) -> date | MonthDay:
    """The calendar part of a date as a row prints it."""
    return when.date() if isinstance(when, datetime) else when
