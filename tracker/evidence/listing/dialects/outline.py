"""A page as links and dates with the elements around them: what plain lists are recognised by."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from tracker.core.values.facts import Moment
from tracker.evidence.listing.dialects.elements import Dated, Element, Link, describe
from tracker.evidence.listing.dialects.months import Months
from tracker.evidence.listing.dialects.printed import RELATIVE, amid_words, labelled, reckoned
from tracker.evidence.page.dates import MonthDay, strict_moment, strict_month_day
from tracker.evidence.page.orders import Three, settled, three
from tracker.evidence.page.parsed import Node, Page, resolve, short_text, squeeze

#: More links than this on one page are no list that a person could read.
MAX_LINKS = 5000
_MAX_DEPTH = 150


class _Part:
    """A piece of a date that is read at another piece of it."""


class _Parted:
    """A date in three elements, told at the one that holds its year: 25, 09, 2015."""

    def __init__(self, whole: str) -> None:
        self.text = "/".join(whole.split())


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
        self._threes: list[tuple[Three, Dated]] = []
        self._months = Months()
        self._walk()
        self._settle()
        self._count()

    def _walk(self) -> None:
        link: Link | None = None
        link_key = 0
        for place, node, tag, text in self.page.pieces:
            if not text:
                if tag == "a":
                    link = self._link(node, place)
                    link_key = node.mem_id
                    if len(self.links) >= MAX_LINKS:
                        self.crowded = True
                        return
                continue
            if tag in _UNREAD:
                continue
            if link is not None and node.mem_id != link_key and not _within(node, link_key):
                link = None
            text = text if len(text) <= 2000 else text[:2000]
            if _HINT.search(text) and (tag == "time" or _looks_dated(text)):
                self._text(node, tag, text, place, link)
            elif link is not None:
                link.pieces.append(text)

    def _settle(self) -> None:
        """Dates that only all of them together can tell, and those whose month stands in a heading above."""
        moments = settled([one for one, _ in self._threes], self.page.today, self.page.zone)
        told = [replace(dated, when=when) for (_, dated), when in zip(self._threes, moments, strict=True) if when]
        told += self._months.told(self.page.today)
        if told:
            self.dates = sorted([*self.dates, *told], key=lambda one: one.place)

    def _link(self, node: Node, place: int) -> Link | None:
        parent = node.parent
        inside = self._element(parent) if parent is not None else None
        if inside is None or (inside.chrome and not self._everything):
            return None
        attributes = node.attributes
        href = attributes.get("href")
        if href is None and "onclick" not in attributes:
            return None
        url = resolve(self.page.base, href or "") or self._opened(f"{href or ''} {attributes.get('onclick') or ''}")
        if href is not None and _TEMPLATE.search(href):
            return None
        self.page.addresses[node.mem_id] = url
        hint = squeeze((attributes.get("title") or "")[:2000])
        child = node.child
        plain = child is not None and child.is_text_node and child.next is None
        if not hint and child is not None and not plain and (picture := node.css_first("img[alt]")) is not None:
            hint = squeeze((picture.attributes.get("alt") or "")[:500])
        dated = labelled(hint, self.page.zone) if "时间" in hint or "日期" in hint else None
        link = Link(node, inside, url, place, hint, dated, plain)
        self.links.append(link)
        return link

    def _opened(self, script: str) -> str | None:
        """The address that a script opens, where it is written out: `window.open('/a/1.html')`."""
        named = {match[1] for match in _OPENED.finditer(script[:2000])}
        return resolve(self.page.base, named.pop()) if len(named) == 1 else None

    def _text(self, parent: Node, tag: str, text: str, place: int, link: Link | None) -> None:
        when = (self._machine_readable(parent) if tag == "time" else None) or self._when(parent, text)
        if isinstance(when, _Part):
            return
        if isinstance(when, _Parted):
            text, when = when.text, None
        if (numbers := three(text)) is not None and self._stands(parent, text, link):
            inside = self._element(parent)
            if inside is not None and (self._everything or not inside.chrome):
                self._threes.append((numbers, Dated(self.page.today, inside, place, text)))
            return
        when = when or self._explained(parent, text)
        match = RELATIVE.match(text) if when is None and len(text) < 40 else None
        relative = match is not None
        if match is not None:
            when = reckoned(match, self.page.today)
        loose = when is None and self._loose and link is None
        if loose:
            when = amid_words(text, self.page.zone)
        if when is None:
            if link is not None:
                link.pieces.append(text)
            elif (inside := self._element(parent)) is not None and (self._everything or not inside.chrome):
                self._months.take(text, inside, place, self.page.today)
            return
        if link is not None and not self._stands(parent, text, link):
            link.pieces.append(text)  # a title that is a date
            return
        inside = self._element(parent)
        if inside is not None and (self._everything or not inside.chrome):
            self.dates.append(Dated(when, inside, place, text, relative, loose))

    def _stands(self, parent: Node, text: str, link: Link | None) -> bool:
        """Whether a date is no title: it is not all that a link says."""
        return link is None or squeeze(link.node.text()) != squeeze(text)

    def _explained(self, parent: Node, text: str) -> Moment | None:
        """`<span title="2015-09-25 10:20">2周前</span>`: what is rounded has its moment beside it."""
        if len(text) > 20 or not _ROUNDED.search(text):
            return None
        known = parent.attributes
        told = (strict_moment(known[name] or "", self.page.zone) for name in _EXACT if known.get(name))
        return next((one for one in told if one is not None), None)

    def _machine_readable(self, parent: Node) -> Moment | None:
        """`<time datetime="2015-09-25">` says what it prints."""
        stamp = parent.attributes.get("datetime")
        return strict_moment(stamp, self.page.zone) if stamp else None

    def _when(self, parent: Node, text: str) -> Moment | MonthDay | _Part | _Parted | None:
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
            if whole != own and _THREE_APART.match(whole):
                return _Parted(whole) if _YEAR.search(own) else _Part()
        if len(own) <= 12 and _PIECE.match(own) and (found := self._beside(parent, own)) is not None:
            return found if _YEAR.search(own) or own.endswith("月") else _Part()
        return strict_month_day(text)

    def _beside(self, holder: Node, own: str) -> Moment | MonthDay | None:
        """The same where the two elements stand side by side in a row that holds more."""
        if short_text(holder, 12, separator=" ") != own:
            return None  # a day before its title, under the heading of a month
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
        """An element with those around it; of furniture, unless it is asked for, the outermost that is known."""
        known = self._elements
        parent = known.get(node.mem_id)
        if parent is None and (above := node.parent) is not None:
            near = known.get(above.mem_id)  # most stand in an element that is known already
            if near is not None and (self._everything or not near.chrome):
                parent = known[node.mem_id] = describe(node, near)
        if parent is None:
            missing: list[Node] = []
            current: Node | None = node
            while current is not None and parent is None and current.tag not in ("html", "-undef"):
                missing.append(current)
                if len(missing) > _MAX_DEPTH:
                    return None
                current = current.parent
                parent = known.get(current.mem_id) if current is not None else None
            for one in reversed(missing):
                if parent is not None and parent.chrome and not self._everything:
                    known[one.mem_id] = parent
                    return parent
                parent = known[one.mem_id] = describe(one, parent)
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


_ROUNDED = re.compile(r"前|昨|今|刚|ago", re.IGNORECASE)
_EXACT = ("title", "datetime", "data-time", "data-date", "data-original-title")
#: The way in which nine of ten lists print a day.
_USUAL = re.compile(r"^[\s\[(（【]*(20\d\d)-(\d\d)-(\d\d)[\s\])）】]*$")
#: Something of a date stands in whatever is looked at more closely.
_HINT = re.compile(r"[\d年昨今前刚]")
#: A look before the dear one: two numbers with little between, a lone day or year, a year in any numerals.
_DATE_LIKE = re.compile(r"\d\s*\D{1,2}\s*\d|\d{8}|^\s*\d{1,2}[日月]?\s*$|年|^\s*20\d\d\s*$|\b[A-Z][a-z]{2}")
#: The same and what is told from today's, a cheaper look still that lets more pass.
_NUMBERS = re.compile(r"\d(?:\s*\D{1,2}\s*\d|\d{7})")
_ENGLISH = re.compile(r"[A-Z](?<=\b[A-Z])[a-z]{2}")
_BEGINS = re.compile(r"[\s\[(（【]*[刚今昨前\d]")


def _looks_dated(text: str) -> bool:
    found = _BEGINS.match(text) or "年" in text or _NUMBERS.search(text) or _ENGLISH.search(text)
    return bool(found)


_THREE_APART = re.compile(r"^\d{1,2} \d{1,2} (?:19|20)\d\d$")
_YEAR = re.compile(r"(?:19|20)\d\d")
#: A part of a date that has an element of its own: a day, a month, a year.
_PIECE = re.compile(r"^(?:\d{1,2}[日月]?|\d{1,2}[-/.月]\d{1,2}日?|(?:19|20)\d\d年?(?:[-/.]?\d{1,2}月?)?)$")
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
    parent: Node | None = node
    for _ in range(12):
        if parent is None:
            return False
        if parent.mem_id == key:
            return True
        parent = parent.parent
    return False


#: What is written in these is no text of the page.
_UNREAD = {"script", "style", "textarea", "option"}
