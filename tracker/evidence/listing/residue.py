"""What stands in a list's own room and is neither record, pager, other list nor frame.

It needs not be understood: it is enough that something stands there that may be an entry. The room is the box that
holds the records, and around it what lies between it and the next part of the page: menu, other list, pager, foot.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from tracker.evidence.listing.dialects.elements import is_part_of_page
from tracker.evidence.listing.dialects.rows import NO_TITLE
from tracker.evidence.listing.record_boxes import RecordBoxes
from tracker.evidence.listing.values import Listing, newest_lost
from tracker.evidence.page.dates import day_of, find_moment
from tracker.evidence.page.parsed import Node, Page, short_text, squeeze
from tracker.evidence.wrappers.pager_controls import leads_on

#: Characters of what may be a title, letters beside a day that may be one, characters of a word for more.
_TITLE, _WORDS, _MORE_WORDS = 8, 5, 20
#: So many links in one block are a menu or another list; of so many rows it can be said what is usual.
_BLOCK, _SISTERS = 3, 3
#: Characters that are quoted of each, and how many; characters of a text that is looked at, of a day's.
_QUOTED, _MOST_QUOTED, _LONG, _DAY_TEXT = 40, 3, 300, 40
_MAX_SIBLINGS, _MAX_BUTTONS = 60, 10

_DIGITS = re.compile(r"\d")
_DAY = re.compile(r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}|^\W*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?\W*$")
_MORE = re.compile(r"更多|查看全部|显示全部|\bmore\b", re.IGNORECASE)
#: The same of what a script answers.
_REST = re.compile(r"展开|其余|剩余|余下|全部|加载|载入|继续|往下|再看|\bload\b", re.IGNORECASE)
_PAGER = re.compile(r"[上下前后]一?[页頁篇]|[首尾末][页頁]|共\s*\d+\s*[页頁条條篇]|第\s*\d+\s*[页頁]")
#: Where another part of the page begins: its foot, the way that leads to the column, a pager.
_PART = re.compile(
    rf"版权所有|主办(?:单位)?[:：]|承办(?:单位)?[:：]|ICP备|公网安备|技术支持|网站标识码|位置\s*[:：]|[›»＞]|{_PAGER.pattern}"
)
#: What is said of a page, and is no title.
_PARTICULARS = re.compile(
    r"^\W*(?:今天|今日|现在|当前|您好|欢迎|共\s*\d+|第\s*\d+\s*页"
    r"|(?:最[后近])?(?:更新|发布|公布|统计|截止|查询|生成)(?:时间|日期|于))"
)
#: Where a column's own section or the site begins.
INDEX = re.compile(r"(?:/|/(?:index|default|list)\w*\.\w+)$", re.IGNORECASE)
#: A script that holds or fetches rows.
_STORE = re.compile(r"<datastore|/search(?:List)?/|_isJson")
_UNSEEN = {"script", "style", "-comment", "link", "meta", "br", "hr", "template", "noscript", "textarea", "option"}
_OUTSIDE, _LOOSE = -2, -1


@dataclass(frozen=True, slots=True)
class Leftover:
    """Something left over: its words, and the day that it is not newer than; None where nobody knows. `link`: what
    may lead to an entry or to more, None for a text; `is_above`: it stands above all records."""

    words: str
    day: date | None = None
    link: Node | None = None
    is_above: bool = False


@dataclass(slots=True)
class _Content:
    """What stands in a record, or between two, and is not the record itself: texts with a day, links with a title, and
    what else is written there."""

    days: list[str] = field(default_factory=list)
    titles: list[Leftover] = field(default_factory=list)
    words: str = ""
    link: Node | None = None
    is_row: bool = False  # a link without a readable word, in an element like the rows'

    def __add__(self, other: _Content) -> _Content:
        titles, words = self.titles + other.titles, self.words + other.words
        is_row = self.is_row or other.is_row
        return _Content(self.days + other.days, titles, words, self.link or other.link, is_row)


def residue_of(left: Sequence[Leftover]) -> tuple[str, date | None]:
    """Return what is left over as a Chinese reason with the words found, "" for nothing, and its newest day."""
    if not left:
        return "", None
    words = "、".join(f"“{one.words[:_QUOTED]}”" for one in left[:_MOST_QUOTED])
    return f"列表中另有未能认作条目的内容：{words}", newest_lost([one.day for one in left])


def leftovers(page: Page, listing: Listing) -> list[Leftover]:
    """Return what stands in the list's room beside the records; nothing where records and room are not in the page."""
    if page.kind != "html" or not listing.understood or not (listing.sightings or listing.parts):
        return []
    room = _Room(page, listing)
    return [] if room.box is None else [*room.inside(), *room.outside()]


class _Room:
    """The box that holds most of the records, its rows, and what stands around it."""

    def __init__(self, page: Page, listing: Listing) -> None:
        self.page, self.urls = page, {one.url for one in listing.sightings}
        self.days = {one.url: day_of(one.claimed) for one in listing.sightings if one.claimed is not None}
        days = list(self.days.values())
        self.ordered = len(days) > 1 and all(later <= earlier for earlier, later in pairwise(days))
        self.box: Node | None = None
        self.rows: list[str] = []  # the address of each record in the box
        self._owners: dict[int, int] = {}  # what an element belongs to: a row's number, the box or neither
        self._parents: set[int] = set()  # elements that hold rows, and the tags of rows
        self._tags: set[str] = set()
        self._first = self._last = 0  # places of the first and the last record in the box among the pieces
        self._find()

    def _find(self) -> None:
        """Find the box, the deepest element that holds most records, and for each record the largest that holds no
        other: its row."""
        records = RecordBoxes()
        places: list[int] = []
        known = self.page.addresses
        for place, (_, node, tag, text) in enumerate(self.page.pieces):
            if tag == "a" and not text and (url := known.get(node.mem_id)) is not None and url in self.urls:
                records.add(node, url)
                places.append(place)
        box = records.deepest()
        if box is None:
            self.box = next((node for node in self.page.tree.css("script") if _STORE.search(node.text())), None)
            return
        self.box = records.nodes[box]
        self._owners[box] = _LOOSE
        inside: list[int] = []
        for place, (link, url) in zip(places, records.links, strict=True):
            row = records.row(link, box)
            if row is None:
                continue
            inside.append(place)
            if row not in self._owners:
                self._owners[row] = len(self.rows)
                self.rows.append(url)
                self._tags.add(records.nodes[row].tag or "")
                self._parents.add(records.around[row] or box)
        if inside:
            self._first, self._last = inside[0], inside[-1]

    def _owner(self, node: Node) -> int:
        """Return to which row an element of the box belongs, `_LOOSE` for none; `_OUTSIDE` of the box."""
        owners = self._owners
        passed: list[int] = []
        current: Node | None = node
        while current is not None and (key := current.mem_id) not in owners:
            passed.append(key)
            current = current.parent
        found = _OUTSIDE if current is None else owners[key]
        owners.update(dict.fromkeys(passed, found))
        return found

    def inside(self) -> Iterator[Leftover]:
        """Yield what stands in the box and is no part of a record: in a row that its sisters lack, or between rows."""
        if not self.rows:
            return
        pieces, known = self.page.pieces, self.page.addresses
        rows, gaps = [_Content() for _ in self.rows], [_Content() for _ in range(len(self.rows) + 1)]
        first = self._first
        while first and self._owner(pieces[first - 1][1]) != _OUTSIDE:
            first -= 1
        at, link = 0, 0
        for _, node, tag, text in pieces[first:]:
            owner = self._owner(node)
            if owner == _OUTSIDE:
                break
            at = owner + 1 if owner >= 0 else at
            content = rows[owner] if owner >= 0 else gaps[at]
            if text:
                if tag not in _UNSEEN and not (link and _is_within(node, link)):
                    self._take_text(content, node, text, is_loose=owner < 0)
                continue
            link = node.mem_id
            if known.get(link) in self.urls:
                continue
            if owner < 0 and self._is_frame(node):
                continue
            if words := self._leads(node, tag, is_loose=owner < 0):
                content.titles.append(Leftover(words, None, node, is_above=owner < 0 and not at))
            elif owner < 0 and not NO_TITLE.match(words := _words(node, tag)):
                content.words += words
                content.link = node
                content.is_row = content.is_row or (not _letters(words) and self._is_like_row(node))
        yield from self._unusual(rows, self.rows)
        yield from self._unusual([*gaps[1:-1], gaps[0] + gaps[-1]], [*self.rows[:-1], ""], _WORDS)

    def _take_text(self, content: _Content, node: Node, text: str, *, is_loose: bool) -> None:
        if len(text) > _LONG or (is_loose and (_PART.search(text) or self._is_frame(node))):
            return
        if _DIGITS.search(text) and _DAY.search(text) and not _PARTICULARS.match(text):
            if is_loose or len(text) <= _DAY_TEXT:
                content.days.append(squeeze(text))
            if is_loose:
                content.words += _DAY.sub("", squeeze(text))
        elif is_loose and _letters(text) >= _TITLE and self._is_like_row(node):
            content.titles.append(Leftover(squeeze(text)))
        elif is_loose:
            content.words += squeeze(text)

    def _is_frame(self, node: Node) -> bool:
        """Whether it stands in a part of the page that the box holds, a foot or a menu."""
        box = self.box.mem_id if self.box is not None else None
        current: Node | None = node
        while current is not None and current.mem_id != box:
            if is_part_of_page(current):
                return True
            current = current.parent
        return False

    def _is_like_row(self, node: Node) -> bool:
        """Whether it stands beside the rows, in an element like theirs."""
        current: Node | None = node
        while current is not None and (parent := current.parent) is not None:
            if parent.mem_id in self._parents:
                return current.tag in self._tags and current.tag != "a"
            current = parent
        return False

    def _unusual(self, contents: Sequence[_Content], urls: Sequence[str], least: int = 0) -> Iterator[Leftover]:
        """Yield what a record, or the gap behind it, has more of than most, a day with the `least` letters beside it;
        without a day of its own it is no newer than the record in a list in order."""
        days, titles = _usual([len(one.days) for one in contents]), _usual([len(one.titles) for one in contents])
        days = days if least else max(days, 1)  # a record has a day of its own
        for content, url in zip(contents, urls, strict=True):
            more = content.titles if len(content.titles) > titles else []
            if not more and len(content.days) > days and (content.is_row or _letters(content.words) >= least):
                more = [Leftover(" ".join(content.days), None, content.link)]
            day = _newest(content.days, self.page, but=self.days.get(url)) if more else None
            for one in more:
                yield replace(one, day=day or (self.days.get(url) if self.ordered else None))

    def _leads(self, node: Node, tag: str, *, is_loose: bool) -> str:
        """Return the words of a link that is no record's and may be an entry's, or that promise more; else ""."""
        words = _words(node, tag)
        if is_loose and self._says_more(node, words):
            return words
        if tag != "a" or NO_TITLE.match(words) or _PAGER.search(words) or "{{" in words:
            return ""
        url = self.page.address(node)
        if url is None:
            known = node.attributes
            is_dead = "onclick" not in known and not (known.get("href") or "").startswith("javascript")
        else:  # a record's own, the column and what it belongs to, a further page
            above = self.page.url.startswith(INDEX.sub("/", url))
            is_dead = url in self.urls or above or self._turns(node)
        if is_dead or (words and (len(words) < _TITLE or _letters(words) < _WORDS)):
            return ""
        if not words and url is not None and node.css_first("img") is not None:
            return url.rpartition("/")[2] or url
        return words

    def _turns(self, node: Node) -> bool:
        """Whether a link leads to a further page: its address does, and its words are no title."""
        return leads_on(self.page, node) and _letters(squeeze(node.text())) < _TITLE

    def outside(self) -> Iterator[Leftover]:
        """Yield what stands around the box, up to the next part of the page on either side."""
        node, sides = self.box, ["prev", "next"]
        while node is not None and sides and node.tag not in ("body", "html"):
            for side in [*sides]:
                for sibling in _siblings(node, side):
                    left = self._block(sibling, is_below=side == "next")
                    if left is None:
                        sides.remove(side)
                        break
                    yield from left
            node = node.parent

    def _block(self, node: Node, *, is_below: bool) -> list[Leftover] | None:
        """Return what is left over in something beside the box; None where another part of the page begins."""
        if node.is_text_node:
            return self._text_block(squeeze(node.text_content or ""))
        tag = node.tag or ""
        if tag in _UNSEEN:
            return []
        if is_part_of_page(node):
            return None
        links = [node] if tag == "a" else node.css("a")
        led: set[str | None] = set()
        for one in links:
            led.add(self.page.address(one))
            if len(led - self.urls) >= _BLOCK or self._turns(one) or one.text().strip().isdigit():
                return None
        text = short_text(node, _LONG) or ""
        if not links:
            left = self._text_block(text)
            return left if left is None else [*left, *self._buttons(node, is_below=is_below)]
        if _PART.search(text):
            return None
        found: list[Leftover] = []
        day = _newest([text], self.page) if _DAY.search(text) else None
        for one in links:
            if not (words := self._leads(one, "a", is_loose=True)):
                continue
            if not self._says_more(one, words):
                found.append(Leftover(words, day, one, is_above=not is_below))
            elif is_below and len(text) > len(words) + 1:
                return None  # the head of another list
            else:
                found.append(self._more(one, words, is_below=is_below))
        return found

    def _text_block(self, text: str) -> list[Leftover] | None:
        if _PART.search(text):
            return None
        if not _DAY.search(text) or _PARTICULARS.match(text):
            return []
        is_titled = _letters(_DAY.sub("", text)) >= _WORDS
        return [Leftover(text, _newest([text], self.page))] if is_titled else []

    def _buttons(self, node: Node, *, is_below: bool) -> Iterator[Leftover]:
        for one in (node, *node.css("button, input, [onclick]")[:_MAX_BUTTONS]):
            known = one.attributes
            is_pressed = one.tag in ("button", "input") or "onclick" in known or known.get("role") == "button"
            if is_pressed and self._says_more(one, words := _words(one, one.tag or "")):
                yield self._more(one, words, is_below=is_below)

    def _says_more(self, node: Node, words: str) -> bool:
        """Whether words promise more of a list; of a link with an address the plainest alone."""
        if len(words) > _MORE_WORDS:
            return False
        return _MORE.search(words) is not None or (self.page.address(node) is None and _REST.search(words) is not None)

    def _more(self, node: Node, words: str, *, is_below: bool) -> Leftover:
        """What promises more below a list in order leads to what is older than its last row."""
        return Leftover(words, min(self.days.values()) if is_below and self.ordered else None, node)


def _is_within(node: Node, key: int) -> bool:
    current: Node | None = node
    for _ in range(6):
        if current is None or current.mem_id == key:
            break
        current = current.parent
    return current is not None and current.mem_id == key


def _words(node: Node, tag: str) -> str:
    """What a link or button says: its text, else what it or its picture is called."""
    known = node.attributes
    if tag == "input":
        return squeeze(known.get("value") or "") if known.get("type") in ("button", "submit", "image") else ""
    if words := squeeze(node.text()):
        return words
    picture = None if known.get("title") else node.css_first("img[alt]")
    return squeeze((known.get("title") if picture is None else picture.attributes.get("alt")) or "")


def _letters(text: str) -> int:
    return sum(one.isalpha() or one == "\ufffd" for one in text)


def _usual(counts: Sequence[int]) -> int:
    """Return how many most of the parts have; of a few parts, the least."""
    return Counter(counts).most_common(1)[0][0] if len(counts) >= _SISTERS else min(counts, default=0)


def _newest(texts: Sequence[str], page: Page, *, but: date | None = None) -> date | None:
    """Return the newest day of texts, None where one tells none; `but`: a day that one of several tells of another."""
    moments = [find_moment(one, page.zone) for one in texts]
    days = [None if one is None else day_of(one) for one in moments]
    if but in days and len(days) > 1:
        days.remove(but)
    return newest_lost(days)


def _siblings(node: Node, side: str) -> Iterator[Node]:
    sibling = getattr(node, side)
    for _ in range(_MAX_SIBLINGS):
        if sibling is None:
            return
        yield sibling
        sibling = getattr(sibling, side)
