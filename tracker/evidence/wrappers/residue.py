"""What stands in a list's own room and is neither record, pager, other list nor frame.

It needs not be understood: it is enough that something stands there that may be an entry. The room is the boxes of the
records, what stands between these, and around them what lies on either side up to the next part of the page: menu,
other list, pager, foot.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any

from tracker.core.values.facts import Sighting
from tracker.evidence.page.dates import day_of, find_moment
from tracker.evidence.page.parsed import Node, Page, short_text, squeeze
from tracker.evidence.page.row_titles import NO_TITLE
from tracker.evidence.wrappers.cells import Record, record_of
from tracker.evidence.wrappers.link_groups import address_of
from tracker.evidence.wrappers.list_signs import calls_another
from tracker.evidence.wrappers.page_parts import is_part_of_page
from tracker.evidence.wrappers.pager_controls import leads_on
from tracker.evidence.wrappers.records import BoxRun, record_spans
from tracker.evidence.wrappers.values import newest_lost
from tracker.evidence.wrappers.words_around import MORE, OF_PAGER, SURE_FOOT
from tracker.evidence.wrappers.wrapper import RecordBound

#: Characters of what may be a title, letters beside a day that may be one, characters of a word for more.
_TITLE, _WORDS, _MORE_WORDS = 8, 5, 20
#: So many links in one block are a menu or another list; of so many rows it can be said what is usual.
_BLOCK, _SISTERS = 3, 3
#: Characters that are quoted of each, and how many; characters of a text that is looked at, of a day's.
_QUOTED, _MOST_QUOTED, _LONG, _DAY_TEXT = 40, 3, 300, 40
_MAX_SIBLINGS, _MAX_BUTTONS = 60, 10

#: So many texts are a title and its day.
_TITLE_AND_DAY = 2
_DIGITS = re.compile(r"\d")
_DAY = re.compile(r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}|^\W*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?\W*$")
#: What promises more where a script answers it.
_REST = re.compile(r"展开|其余|剩余|余下|全部|加载|载入|继续|往下|再看|\bload\b", re.IGNORECASE)
#: Where another part of the page begins: its foot, the way that leads to the column, a pager.
_PART = re.compile(rf"{SURE_FOOT.pattern}|位置\s*[:：]|[›»＞]|{OF_PAGER.pattern}")
#: A title beyond doubt, were it without a link and a day.
_NAMED = re.compile(r"^[^。；]{0,30}关于[^。；]{4,60}的(?:通知|公告|公示|通告|决定|批复|意见|办法|方案|报告)[)）]?$")
#: What is said of a page, and is no title.
_PARTICULARS = re.compile(
    r"^\W*(?:今天|今日|现在|当前|您好|欢迎|共\s*\d+|第\s*\d+\s*页"
    r"|(?:最[后近])?(?:更新|发布|公布|统计|截止|查询|生成)(?:时间|日期|于))"
)
#: Where a column's own section or the site begins.
INDEX = re.compile(r"(?:/|/(?:index|default|list)\w*\.\w+)$", re.IGNORECASE)
_DOCUMENT = re.compile(r"\.(?:pdf|docx?|xlsx?|ofd|wps)\b", re.IGNORECASE)
_UNSEEN = frozenset({"script", "style", "-comment", "!comment", "link", "meta", "br", "hr", "template", "noscript"})


@dataclass(frozen=True, slots=True)
class Leftover:
    """Something left over: its words, and the day that it is not newer than; None where nobody knows. `link`: what
    may lead to an entry or to more, None for a text; `is_above`: it stands above all records."""

    words: str
    day: date | None = None
    link: Node | None = None
    is_above: bool = False


def residue_of(left: Sequence[Leftover]) -> dict[str, Any]:
    """Return what is left over as fields of a `Listing`: a Chinese reason with the words found, and the newest day."""
    if not left:
        return {}
    words = "、".join(f"“{one.words[:_QUOTED]}”" for one in left[:_MOST_QUOTED])
    reason = f"列表中另有未能认作条目的内容：{words}"
    return {"residue": reason, "residue_day": newest_lost([one.day for one in left])}


class Room:
    """The room of a list: the boxes that hold its records, and what stands between and around them."""

    def __init__(self, page: Page, rows: Sequence[Sighting]) -> None:
        """`rows`: what was read of the records."""
        self.page = page
        self.urls = {one.url for one in rows}
        self.days = {one.url: day_of(one.claimed) for one in rows if one.claimed is not None}
        days = list(self.days.values())
        self.ordered = len(days) > 1 and all(below <= above for above, below in pairwise(days))
        self.records: list[Record] = []
        self.gaps: list[list[Leftover]] = [[]]  # what is left over before the first record, and behind each

    def add(self, run: BoxRun, bound: RecordBound, records: Sequence[Record]) -> None:
        """Add a box: its children are records or stand between them. A record of several ends where most others do."""
        spans = record_spans(run, bound)
        size = 1 if bound is RecordBound.ELEMENT else _usual([end - begin for begin, end in spans])
        tags = {run.children[start].tag for start, _, _ in run.starts} - {"a", "-text"} if run.gaps else set()
        at = 0
        for (begin, end), record in zip(spans, records, strict=True):
            if end - begin > size:
                backwards = bound is RecordBound.FROM_PREVIOUS
                begin, end = (end - size, end) if backwards else (begin, begin + size)
                record = record_of(run.children[begin:end], record.link, record.url, backwards=backwards)
            if at < begin:
                self._pass(run.children[at:begin], size, tags)
            at = end
            if record.url in self.urls:
                self.records.append(record)
                self.gaps.append([])
            else:
                self.gaps[-1] += self._loose(record.nodes, record.link, is_row=True)
        self._pass(run.children[at:], size, tags)

    def between(self, first: Node, second: Node) -> None:
        """Add what stands between two boxes."""
        for node in _between(first, second):
            self.gaps[-1] += self._loose([node])

    def _pass(self, nodes: Sequence[Node], size: int, tags: set[str | None]) -> None:
        """Take what stands between two records, as many elements at a time as a record has."""
        for at in range(0, len(nodes), size):
            is_row = nodes[at].tag in tags and nodes[at].css_first("th") is None
            self.gaps[-1] += self._loose(nodes[at : at + size], is_row=is_row)

    def _loose(self, nodes: Sequence[Node], own: Node | None = None, *, is_row: bool = False) -> list[Leftover]:
        """Return what is left over in something that is no record, nor another list or a menu. `own`: the link of a
        record that has no title; `is_row`: it is an element like those of the records."""
        if own is None and (words := next(filter(None, map(_embedded, nodes)), "")):
            return [Leftover(words)]
        shown = [one for one in nodes if own is not None or one.is_text_node or not is_part_of_page(one)]
        cells = record_of(shown, None, "")
        if not is_row and len({address_of(self.page, one) for one in cells.links} - self.urls) >= _BLOCK:
            return []
        texts = [text for _, text in cells.pieces if len(text) <= _LONG and not _PART.search(text)]
        text, day = " ".join(texts), _newest(texts, self.page)
        found = [
            Leftover(words, day, one)
            for one in cells.links
            if (words := self._leads(one, is_loose=True)) and not _is_in_frame(one, nodes)
        ]
        if found:
            return found
        letters = [_letters(_DAY.sub("", one)) for one in texts if not _PARTICULARS.match(one)]
        is_title = sum(letters) >= _WORDS if day is not None else is_row and max(letters, default=0) >= _TITLE
        is_title = is_title or any(map(_NAMED.search, texts))
        if is_title or (own is not None and (day is not None or _is_unreadable(_words(own)))):
            return [Leftover(text or _name(self.page, own), day, own)]
        return []

    def leftovers(self, first: Node, last: Node) -> list[Leftover]:
        """Return all that is left over in the list's room. `first`, `last`: the boxes around which it lies."""
        return [*self._within(), *self._behind(), *self._beside(first, "prev"), *self._beside(last, "next")]

    def _within(self) -> Iterator[Leftover]:
        """Yield what a record has more of than most: links with a title, days."""
        days = [_days_in(one) if len(one.pieces) > _TITLE_AND_DAY else [] for one in self.records]
        titles = [
            [Leftover(words, None, link) for link in one.links if (words := self._leads(link))] for one in self.records
        ]
        most_days, most_titles = max(_usual([len(one) for one in days]), 1), _usual([len(one) for one in titles])
        for record, told, led in zip(self.records, days, titles, strict=True):
            more = led if len(led) > most_titles else []
            if not more and len(told) > most_days:
                peculiar = [text for place, text in record.pieces if self._places[place] * 2 <= len(self.records)]
                more = [Leftover(" ".join(peculiar or told))]
            if more:
                own = self.days.get(record.url)
                day = _newest(told, self.page, but=own) or (own if self.ordered else None)
                yield from (replace(one, day=day) for one in more)

    @cached_property
    def _places(self) -> Counter[str]:
        """The places of texts in records, and how many have one there."""
        return Counter(place for one in self.records for place in {place for place, _ in one.pieces})

    def _behind(self) -> Iterator[Leftover]:
        """Yield what stands behind a record and not behind most; it is no newer than the record in a list in order."""
        counts = [len(gap) for gap in self.gaps]
        if not any(counts):
            return
        usual = _usual(counts) if len(counts) > _SISTERS else 0
        for number, gap in enumerate(self.gaps):
            above = self.days.get(self.records[number - 1].url) if number and self.ordered else None
            for one in gap:
                if len(gap) > usual or (one.link is not None and self._says_more(one.link, one.words)):
                    yield replace(one, day=one.day or above, is_above=not number)

    def _beside(self, box: Node, side: str) -> Iterator[Leftover]:
        """Yield what stands on a side of a box, up to the next part of the page."""
        node: Node | None = box
        while node is not None and node.tag not in ("body", "html"):
            for sibling in _siblings(node, side):
                left = self._block(sibling, is_below=side == "next")
                if left is None:
                    return
                yield from left
            node = node.parent

    def _block(self, node: Node, *, is_below: bool) -> list[Leftover] | None:
        """Return what is left over in something beside the boxes; None where another part of the page begins."""
        if node.is_text_node:
            return self._text_block(squeeze(node.text_content or ""))
        tag = node.tag or ""
        if words := _embedded(node):
            return [Leftover(words)]
        if tag in _UNSEEN:
            return []
        if is_part_of_page(node):
            return None
        links = [node] if tag == "a" else node.css("a")
        led: set[str | None] = set()
        for one in links:
            led.add(address_of(self.page, one))
            if len(led - self.urls) >= _BLOCK or self._turns(one) or one.text().strip().isdigit():
                return None
        text = short_text(node, _LONG) or ""
        if not links:
            left = self._text_block(text)
            return left if left is None else [*left, *self._buttons(node, is_below=is_below)]
        if _PART.search(text) or (len(led) > 1 and _is_called_another(node)):
            return None
        found: list[Leftover] = []
        day = _newest([text], self.page)
        for one in links:
            if not (words := self._leads(one, is_loose=True)):
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
        if _PARTICULARS.match(text):
            return []
        is_dated = bool(_DAY.search(text)) and _letters(_DAY.sub("", text)) >= _WORDS
        return [Leftover(text, _newest([text], self.page))] if is_dated or _NAMED.search(text) else []

    def _buttons(self, node: Node, *, is_below: bool) -> Iterator[Leftover]:
        for one in (node, *node.css("button, input, [onclick]")[:_MAX_BUTTONS]):
            known = one.attributes
            is_pressed = one.tag in ("button", "input") or "onclick" in known or known.get("role") == "button"
            if is_pressed and self._says_more(one, words := _words(one)):
                yield self._more(one, words, is_below=is_below)

    def _leads(self, node: Node, *, is_loose: bool = False) -> str:
        """Return the words of a link that is no record's and may be an entry's; where `is_loose`, of one in no record,
        also of what promises more; else ""."""
        words = _words(node)
        if is_loose and self._says_more(node, words):
            return words
        if node.tag != "a" or NO_TITLE.match(words) or OF_PAGER.search(words) or "{{" in words:
            return ""
        url = address_of(self.page, node)
        if url is None:
            known = node.attributes
            is_dead = "onclick" not in known and not (known.get("href") or "").startswith("javascript")
        else:  # a record's own, the column and what it belongs to, a further page
            is_above = self.page.url.startswith(INDEX.sub("/", url))
            is_dead = url in self.urls or is_above or self._turns(node)
        if is_dead or (words and (len(words) < _TITLE or _letters(words) < _WORDS)):
            return ""
        if not words and url is not None and node.css_first("img") is not None:
            return _name(self.page, node)
        return words

    def _turns(self, node: Node) -> bool:
        """Whether a link leads to a further page: its address does, and its words are no title."""
        return leads_on(self.page, node) and _letters(squeeze(node.text())) < _TITLE

    def _says_more(self, node: Node, words: str) -> bool:
        """Whether words promise more of a list; of a link with an address the plainest alone."""
        if len(words) > _MORE_WORDS:
            return False
        if MORE.search(words) is not None:
            return True
        return _REST.search(words) is not None and address_of(self.page, node) is None

    def _more(self, node: Node, words: str, *, is_below: bool) -> Leftover:
        """What promises more below a list in order leads to what is older than its last row."""
        return Leftover(words, min(self.days.values()) if is_below and self.ordered else None, node)


def _embedded(node: Node) -> str:
    """Return the name of the document that an element shows on the page itself; "" where it shows none."""
    carriers = [] if node.is_text_node else node.css("embed, object, iframe")[:_MAX_BUTTONS]
    sources = [known.get("src") or known.get("data") or "" for known in (one.attributes for one in carriers)]
    return next((one.rpartition("/")[2] for one in sources if _DOCUMENT.search(one)), "")


def _between(first: Node, second: Node) -> Iterator[Node]:
    """Yield what stands between two boxes, in document order."""
    around: set[int] = set()
    node: Node | None = second
    while node is not None:
        around.add(node.mem_id)
        node = node.parent
    node = first
    while node is not None and node.mem_id not in around:
        sibling = node.next
        while sibling is not None:
            if sibling.mem_id == second.mem_id:
                return
            if sibling.mem_id in around:
                sibling = sibling.child
            else:
                yield sibling
                sibling = sibling.next
        node = node.parent


def _is_in_frame(node: Node, tops: Sequence[Node]) -> bool:
    """Whether a link stands in a part of the page inside some elements."""
    ends = {one.mem_id for one in tops}
    current: Node | None = node
    while current is not None and current.mem_id not in ends:
        if is_part_of_page(current):
            return True
        current = current.parent
    return False


def _is_called_another(node: Node) -> bool:
    """Whether the first words of a block, in no link, call it another list."""
    place, words = next(iter(record_of([node], None, "").pieces), ("", ""))
    return not _IN_LINK.search(place) and calls_another(words)


def _days_in(record: Record) -> list[str]:
    """Return the short texts with a day outside of a record's links."""
    return [
        text
        for place, text in record.pieces
        if place[0] != "^"
        and len(text) <= _DAY_TEXT
        and _DAY.search(text)
        and not _PARTICULARS.match(text)
        and not _IN_LINK.search(place)
    ]


_IN_LINK = re.compile(r"(?:^|/)a(?:[:#/]|$)")


def _words(node: Node) -> str:
    """What a link or button says: its text, else what it or its picture is called."""
    known = node.attributes
    if node.tag == "input":
        return squeeze(known.get("value") or "") if known.get("type") in ("button", "submit", "image") else ""
    if words := squeeze(node.text()):
        return words
    picture = None if known.get("title") else node.css_first("img[alt]")
    return squeeze((known.get("title") if picture is None else picture.attributes.get("alt")) or "")


def _name(page: Page, link: Node | None) -> str:
    """Return what is called after where a link without words leads."""
    url = (address_of(page, link) if link is not None else None) or page.url
    return url.rpartition("/")[2] or url


def _is_unreadable(words: str) -> bool:
    return not _letters(words) and NO_TITLE.match(words) is None


def _letters(text: str) -> int:
    return sum(one.isalpha() or one == "\ufffd" for one in text)


def _usual(counts: Sequence[int]) -> int:
    """Return how many most of the parts have; of a few parts, the least."""
    return Counter(counts).most_common(1)[0][0] if len(counts) >= _SISTERS else min(counts, default=0)


def _newest(texts: Sequence[str], page: Page, *, but: date | None = None) -> date | None:
    """Return the newest day of texts, None where one tells none; `but`: a day that one of several tells of another."""
    dated = [one for one in texts if _DIGITS.search(one) and _DAY.search(one)]
    days = [None if (when := find_moment(one, page.zone)) is None else day_of(when) for one in dated]
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
