"""How a list leads on to its further pages, and whether it says that there are none."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tracker.core.values.facts import Sighting
from tracker.evidence.listing.dialects.arrows import arrow, counted_on, leads_on, pictured
from tracker.evidence.listing.dialects.elsewhere import (
    ADDRESS,
    YEAR,
    doubt_of,
    newer_year,
    put_away,
    says_newest_only,
    year_before,
    years_to_choose,
)  # fmt: skip
from tracker.evidence.listing.dialects.scripted import scripted
from tracker.evidence.listing.values import Ask, Listing
from tracker.evidence.page.parsed import Node, Page, resolve, short_text, squeeze
from tracker.evidence.wrappers.calls import opened as opened_by

_NEXT = re.compile(r"^[\[<\s]*([下后]\s*一?\s*[页頁]|next( page)?)[\]\s>›»→]*$|^[>›»→]$", re.IGNORECASE)
#: What blogs call it: a link of the list's own make, else one to where older rows have been put.
_EARLIER = re.compile(
    r"^[\[<‹«←\s]*(?:(?:[较更]早|早期|以前|较?旧)的?[文日内消信条][章志容息目]|older (?:posts?|entries))[\]\s>›»→]*$",
    re.IGNORECASE,
)
_LAST = re.compile(r"^[\[<\s]*(尾\s*[页頁]|末\s*[页頁]|最后一?[页頁]|last)[\]\s>›»→]*$", re.IGNORECASE)
_NUMBER = re.compile(r"^[\[\s]*(\d{1,4})[\]\s]*$")
#: Numbers of pages that lead nowhere at all: 【1】【2】【3】.
_DEAD = re.compile(r"[\[【]\s*1\s*[\]】]\s*[\[【]\s*2\s*[\]】]|(?<!\d)1\s*\|\s*2\s*\|\s*3\s*(?:\||[页頁])")
_JUMP = re.compile(r"^(?:>\s*>|»\s*»|››|⟩⟩|＞\s*＞|\.{3}|…)$")
#: What all of these begin with.
_OF_PAGER = re.compile(
    r"[\[<‹«←\s]*(?:[下后尾末最点查浏以往历更早较过旧老原归存档\d>›»→⟩＞.…]|next|last|older)", re.IGNORECASE
)
_TOTAL = (
    re.compile(r"(?:共|总共|共计|总)\s*(\d{1,5})\s*[页頁]"),
    re.compile(r"[页頁]\s*(?:次|码|数)?\s*[:：]?\s*\d{1,5}\s*/\s*(\d{1,5})"),
    re.compile(r"第?\s*\d{1,5}\s*/\s*(\d{1,5})\s*[页頁]"),
    re.compile(r"总[页頁]数\s*[:：]?\s*(\d{1,5})"),
    re.compile(r"共\s*\d{1,6}\s*条\s*\d{1,5}\s*/\s*(\d{1,5})(?![\d/-])"),
)
_ITEMS = re.compile(r"(?:共|总共|共计|共有)\s*(\d{1,6})\s*(?:条|篇|项)(?:记录|信息|数据|内容)?")
_OPTION = re.compile(r"^第?\s*(\d{1,4})\s*页?$")
_DISABLED = re.compile(r"disab|no-?link|current|gray|grey|unable", re.IGNORECASE)


@dataclass(slots=True)
class Paging:
    """See `Listing`. `found`: the page has some kind of pager; `around`: what it stands in, innermost first.
    `years`: lists of other years, "" for the one that is shown. `next_ask`: the next page as a script asks for it;
    `last`: the number of the page shown where a script leads from it to itself."""

    next_url: str | None = None
    next_ask: Ask | None = None
    last: int = 0
    otherwise_url: str | None = None
    numbered: dict[int, str] = field(default_factory=dict)
    total: int | None = None
    items: int | None = None
    more: bool = False
    found: bool = False
    index: int | None = None
    doubt: str = ""
    years: dict[int, str] = field(default_factory=dict)
    around: tuple[int, ...] = ()

    @property
    def leads(self) -> bool:
        """Whether a further page is known."""
        return self.next_url is not None or self.next_ask is not None or bool(self.numbered)


def find_paging(page: Page) -> Paging:
    """Links on to the next page, by their words, by their numbers, or by the scripts that write them."""
    paging = Paging(total=_total(page.visible), items=_items(page.visible))
    groups: dict[int, dict[int, str]] = defaultdict(dict)
    years: dict[int, dict[int, str]] = defaultdict(dict)
    holders: dict[int, tuple[int, ...]] = {}
    jumps = False
    named = {node.mem_id for node in page.tree.css("a[rel]") if node.attributes.get("rel") == "next"}
    for node, words in _worded(page, named):
        link = node.tag == "a"
        if not paging.around and (_NEXT.match(words) or _LAST.match(words)) and len(words) > 1:
            paging.around = around(node)
        if _NEXT.match(words) or node.mem_id in named:
            _next(page, node, paging)
        elif link and _LAST.match(words):
            paging.found = True
        elif link and _EARLIER.match(words) and leads_on(page, node):
            _next(page, node, paging)
        elif (
            link
            and _JUMP.match(words)
            and resolve(page.base, node.attributes.get("href") or "") not in (None, page.url)
        ):
            paging.found = jumps = True  # the last page, or some pages further: never the next one
        elif (match := YEAR.match(words)) and node.tag != "input":
            _number(page, node, int(match[1]), years, {}, plain=True)
        elif link and len(words) > 1 and (doubt := put_away(page, node, words)):
            paging.doubt = paging.doubt or doubt
        elif match := _NUMBER.match(words):
            _number(page, node, int(match[1]), groups, holders)
    _choose(page, paging, groups, holders)
    if not paging.leads:
        _fraction(page, paging)
        paging.more = paging.more or (jumps and paging.next_url is None)
    if not paging.leads:
        _headed(page, paging)
    if not paging.around and (paging.total is not None or paging.items is not None):
        paging.around = _counted(page)
    paging.doubt = paging.doubt or says_newest_only(page)
    paging.more = paging.more or (not paging.found and _DEAD.search(page.visible) is not None)
    paging.years = max(years.values(), key=len, default={})
    _selects(page, paging)
    _scripts(page, paging)
    return paging


def _headed(page: Page, paging: Paging) -> None:
    """The next page as the head names it: `<link rel="next">`. What may be another column's is not followed."""
    for node in page.tree.css("link[rel~=next i][href]")[:5]:
        url = resolve(page.base, node.attributes.get("href") or "")
        if url is None or url == page.url:
            continue
        paging.found = True
        if urlsplit(url).netloc == urlsplit(page.url).netloc and _like_pages(page.url, {2: url}):
            paging.next_url = url
        else:
            paging.more = True
        return


def _worded(page: Page, named: Collection[int]) -> Iterator[tuple[Node, str]]:
    """Links, buttons and elements of one text that say what a pager may say, or are `named` its next page."""
    pieces = page.pieces
    for n, (_, node, tag, text) in enumerate(pieces):
        if text:
            if tag not in _WORDED or not _OF_PAGER.match(text):
                continue
            words = squeeze(text)
            if len(words) <= _MAX_WORDS and (child := node.child) is not None and child.next is None:
                yield node, words
            continue
        if tag == "a" and n + 1 < len(pieces):
            _, inside, its_tag, its_text = pieces[n + 1]
            if (
                its_tag == "a"
                and its_text
                and not (named or _OF_PAGER.match(its_text))
                and inside.mem_id == node.mem_id
            ):
                continue  # most links of a page begin with what no pager says
        words = _pressed(node, tag)
        if 0 < len(words) <= _MAX_WORDS and (_OF_PAGER.match(words) or node.mem_id in named):
            yield node, words


def _pressed(node: Node, tag: str) -> str:
    """What a link or a button says."""
    if tag == "input":
        return squeeze(node.attributes.get("value") or "")
    return squeeze(node.text()) or squeeze(node.attributes.get("title") or "") or pictured(node)


_MAX_WORDS = 18
_WORDED = {"span", "strong", "b", "em", "li", "font", "td"}


def _fraction(page: Page, paging: Paging) -> None:
    """1/12 in what is called a pager, with arrows drawn as pictures beside it."""
    for holder in page.tree.css("[class*=page i], [id*=page i], [class*=fenye i], .pg, .fy, #pg, #fy")[:20]:
        match = _FRACTION.search(short_text(holder, 120, separator=" ") or "")
        if match is None or not 1 <= int(match[1]) <= int(match[2]):
            continue
        paging.found, paging.total = True, paging.total or int(match[2])
        paging.around = paging.around or (holder.mem_id, *around(holder))
        arrows = [node for node in holder.css("a[href]") if not (words := squeeze(node.text())) or _JUMP.match(words)]
        urls = [url for node in arrows if (url := resolve(page.base, node.attributes.get("href") or "")) is not None]
        paging.next_url = arrow(urls, int(match[1]), int(match[2]), page.url)
        return


_FRACTION = re.compile(r"(?<![\d/.-])(\d{1,4})\s*/\s*(\d{1,4})(?![\d/.-])")


def _counted(page: Page) -> tuple[int, ...]:
    """Where 共12页 or 共230条 stands, in an element of its own."""
    for node in page.tree.css("div, p, td, span, li, nav, ul")[:3000]:
        text = short_text(node, 60, separator=" ")
        if text and (_items(text) is not None or _total(text) is not None):
            return around(node)
    return ()


def around(node: Node) -> tuple[int, ...]:
    """The elements that a node stands in, innermost first."""
    keys: list[int] = []
    parent = node.parent
    while parent is not None and len(keys) < 100:
        keys.append(parent.mem_id)
        parent = parent.parent
    return tuple(keys)


def _next(page: Page, node: Node, paging: Paging) -> None:
    if _called(page, node, paging):
        return
    opened = _OPENED.search(f"{node.attributes.get('href') or ''} {node.attributes.get('onclick') or ''}")
    if node.tag != "a" and opened is None:
        if "disabled" in node.attributes:
            paging.found = True  # the last page
            return
        paging.more = paging.more or "onclick" in node.attributes or node.tag in ("button", "input")
        return
    paging.found = True
    href = node.attributes.get("href")
    url = resolve(page.base, href or "") or (resolve(page.base, opened[1]) if opened is not None else None)
    style = f"{node.attributes.get('class') or ''} {node.parent.attributes.get('class') or '' if node.parent else ''}"
    if url is not None and url != page.url:
        paging.next_url = paging.next_url or url
    elif url is None and not _DISABLED.search(style) and "disabled" not in node.attributes:
        paging.more = paging.more or bool(node.attributes.get("onclick")) or bool(href)


def _called(page: Page, node: Node, paging: Paging) -> bool:
    """Whether it is certain what the script of the link asks for."""
    call = opened_by(page, node)
    if call is None:
        return False
    paging.found = True
    if call.stays:
        paging.last = max(paging.last, call.number or 0)
    elif call.ask.form is None:
        paging.next_url = paging.next_url or call.ask.url
    else:
        paging.next_ask = paging.next_ask or call.ask
    return True


#: A script that does nothing but open an address.
_OPENED = re.compile(r"""location(?:\.href)?\s*=\s*['"]([^'"+]+)['"]\s*;?\s*(?:return \w+;?\s*)?$""")


def _number(
    page: Page, node: Node, number: int, groups: dict[int, dict[int, str]], holders: dict[int, tuple[int, ...]],
    *, plain: bool = False,
) -> None:  # fmt: skip
    """A number with the address it leads to; "" where only a script can follow it."""
    holder = node.parent
    if holder is not None and holder.tag in ("li", "td", "span") and holder.parent is not None:
        holder = holder.parent
    if holder is None:
        return
    if holder.mem_id not in holders:
        holders[holder.mem_id] = (holder.mem_id, *around(holder))
    url = resolve(page.base, node.attributes.get("href") or "") if node.tag == "a" else None
    if url is not None:
        groups[holder.mem_id][number] = url
    elif (
        plain
        or _answers(node)
        or _PAGED.search(_named(holder))
        or (holder.parent and _PAGED.search(_named(holder.parent)))
    ):
        groups[holder.mem_id].setdefault(number, "")


def _answers(node: Node) -> bool:
    """Whether a script answers to it, or its place is that of something pressed."""
    known = node.attributes
    pressed = node.tag == "button" or (node.tag == "a" and bool(known.get("href"))) or known.get("role") == "button"
    return pressed or any(name == "onclick" or name.startswith(("data-", "@", "v-on", "ng-click")) for name in known)


def _named(node: Node) -> str:
    return f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"


_PAGED = re.compile(r"(?<!swiper-)(?<!swiper_)pag(?:e|er|ing|ination)s?(?![a-z])|fenye|fanye", re.IGNORECASE)


def _choose(page: Page, paging: Paging, groups: dict[int, dict[int, str]], holders: dict[int, tuple[int, ...]]) -> None:
    """A calendar has numbers too: only what looks like a pager, or stands by 下一页, counts."""
    for key, numbers in groups.items():
        real = {number: url for number, url in numbers.items() if url}
        if len(numbers) > 20 and max(numbers) <= 31:
            continue
        if real and len(set(real.values())) == len(real) and (1 in real or 2 in real or paging.found):
            if paging.found or _like_pages(page.url, real):
                paging.numbered.update({number: url for number, url in real.items() if url != page.url})
                paging.found, paging.around = True, paging.around or holders[key]
        elif not real and 2 in numbers:
            paging.more = paging.more or (
                paging.next_url is None and paging.next_ask is None and max(numbers) > paging.last
            )


def _selects(page: Page, paging: Paging) -> None:
    """A list of page numbers to choose from: as many pages as it has numbers."""
    for node in page.tree.css("select")[:20] if page.says("(?i)<select") else ():
        if len(chosen := years_to_choose(page, node)) > max(1, len(paging.years)):
            paging.years = chosen
        numbers = [_OPTION.match(squeeze(option.text())) for option in node.css("option")[:500]]
        if len(numbers) > 1 and all(numbers) and (first := numbers[0]) and (last := numbers[-1]) and first[1] == "1":
            paging.found, paging.total = True, max(paging.total or 0, int(last[1]))
            _leading(page, node, paging)


def _leading(page: Page, chooser: Node, paging: Paging) -> None:
    """Choices that are addresses themselves: each number leads to its page."""
    if paging.next_url is not None or paging.numbered:
        return
    values = [(squeeze(one.text()), one.attributes.get("value") or "") for one in chooser.css("option")[:500]]
    found = {
        int(match[1]): url
        for words, value in values
        if (match := _OPTION.match(words)) and ADDRESS.search(value) and (url := resolve(page.base, value))
    }
    if len(found) == len(values) == len(set(found.values())):
        paging.numbered.update({number: url for number, url in found.items() if url != page.url})


def _like_pages(url: str, numbers: dict[int, str]) -> bool:
    """Whether the numbered addresses are the page's own address with a number put in."""
    stem = re.sub(r"\d+", "", url.partition("?")[0].rpartition("/")[0])
    return all(re.sub(r"\d+", "", one.partition("?")[0]).startswith(stem.rstrip("/")) for one in numbers.values())


def _scripts(page: Page, paging: Paging) -> None:
    said = scripted(page)
    if said is None:
        return
    paging.total = paging.total if paging.total is not None and said.next_url is None else said.total or paging.total
    paging.items, paging.index = paging.items or said.items, said.index
    paging.found = paging.found or said.next_url is not None or said.uncertain or said.total is not None
    if paging.next_url is None:
        paging.next_url, paging.otherwise_url = said.next_url, said.otherwise_url
    if not paging.leads:
        paging.numbered.update(said.numbered)
    paging.more = paging.more or (said.uncertain and not paging.leads)


def listed(
    sightings: tuple[Sighting, ...], paging: Paging, page: Page, dialect: str, *, ordered: bool, digest: bool = False
) -> Listing:
    """A page's rows with what its pager says."""
    following = paging.next_url
    asked = Ask(following) if following else paging.next_ask
    if asked is None and not paging.numbered and paging.otherwise_url is None and paging.total is not None:
        following = counted_on(page.url, None, paging.total)
        asked = Ask(following) if following else None
    then = year_before(sightings, paging.years, page) if len(paging.years) > 1 else None
    newer = newer_year(sightings, paging.years, page) if paging.years else None
    hidden = newer == "" and len(paging.years) > 1
    counted = paging.found or paging.total is not None or paging.items is not None
    return Listing(
        sightings=sightings,
        dialect=dialect,
        next=asked,
        otherwise=Ask(paging.otherwise_url) if paging.otherwise_url else None,
        numbered=paging.numbered,
        total=None if hidden else paging.total,
        items=paging.items,
        more=paging.more or then == "" or hidden,
        then=Ask(then) if then else None,
        newer=Ask(newer) if newer else None,
        index=paging.index,
        paged=counted or bool(paging.numbered) or paging.more or asked is not None,
        ordered=ordered,
        digest=digest,
        doubt=doubt_of(sightings, paging.years, paging.doubt, page, led=then is not None),
    )


def _items(visible: str) -> int | None:
    match = _ITEMS.search(visible)
    return int(match[1]) if match else None


def _total(visible: str) -> int | None:
    for pattern in _TOTAL:
        if match := pattern.search(visible):
            return int(match[1]) or None
    return None
