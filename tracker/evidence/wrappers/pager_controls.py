"""The controls of a page's pager: links and buttons that say next, numbers of pages, choices, arrows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tracker.evidence.page.parsed import Node, Page, resolve, short_text, squeeze
from tracker.evidence.wrappers.calls import opened
from tracker.evidence.wrappers.link_groups import address_of
from tracker.evidence.wrappers.values import Ask
from tracker.evidence.wrappers.words_around import LAST, NEXT
from tracker.evidence.wrappers.wrapper import PagerKind

_OLDER = re.compile(r"[早期前旧]|older", re.IGNORECASE)
_NUMBER = re.compile(r"[\[【\s]*(\d{1,4})[\]】\s]*")
_CHOICE = re.compile(r"第?\s*(\d{1,4})\s*页?")
#: The last page, or some pages further: never the next one.
_JUMP = re.compile(r"(?:>\s*>|»\s*»|››|⟩⟩|＞\s*＞|\.{3}|…)")
_DOTS = re.compile(r"\.{2,6}|…{1,2}")
#: Numbers of pages that lead nowhere at all: 【1】【2】【3】.
_DEAD = re.compile(r"[\[【]\s*1\s*[\]】]\s*[\[【]\s*2\s*[\]】]|(?<!\d)1\s*\|\s*2\s*\|\s*3\s*(?:\||[页頁])")
_DISABLED = re.compile(r"disab|no-?link|unable", re.IGNORECASE)
_GREY = re.compile(r"current|gray|grey", re.IGNORECASE)
#: What the other controls of a pager say.
_TURNS = re.compile(r"^\W*(?:[上前]\s*一?\s*[页頁]|[首尾末]\s*[页頁]|\d{1,4}|prev\w*|first|last)\W*$", re.IGNORECASE)
_FRACTION = re.compile(r"(?<![\d/.-])(\d{1,4})\s*/\s*(\d{1,4})(?![\d/.-])")
_NAMED = re.compile(r"(?<!swiper-)(?<!swiper_)pag(?:e|er|ing|ination)s?(?![a-z])|fenye|fanye", re.IGNORECASE)
_PAGER_BOXES = "[class*=page i], [id*=page i], [class*=fenye i], .pg, .fy, #pg, #fy"
_ADDRESS = re.compile(r"[/?]|\.\w{2,5}$")
#: What stands behind the address of a list in that of its further pages.
_PAGE_IN = re.compile(r"(?:page/|index_|list_)?\d{1,4}(?:/|\.s?html?)?|\?(?:[\w=&-]*&)?(?:page|paged|p|pn)=\d{1,4}")
_DRAWN_AS = re.compile(
    r"(?:^|[/_-])(next(?:_?page)?|xiayiye|xyy|last(?:_?page)?|weiye|wy)\d?\.(?:gif|png|jpe?g)$", re.IGNORECASE
)
_CELLS = frozenset({"li", "td", "tr", "span", "b", "strong", "em", "i", "font"})
#: The longest words of a control.
_WORDS = 18


@dataclass(slots=True)
class Controls:
    """What the controls of a pager say on one page. `next`: the page they lead to; `numbered`: pages by their numbers;
    `pages`: how many a choice or a fraction names; `is_last`: a control says that none follows; `is_unread`: something
    leads on, and nobody can tell where; `holder`: the box that they stand in."""

    kind: PagerKind = PagerKind.NONE
    next: Ask | None = None
    numbered: dict[int, str] = field(default_factory=dict)
    pages: int | None = None
    is_last: bool = False
    is_unread: bool = False
    holder: Node | None = None


@dataclass(slots=True)
class _Control:
    node: Node
    words: str
    url: str | None


def read_controls(page: Page, root: Node, number: int) -> Controls:
    """Return what the controls below an element say; the page is the `number`-th of its column."""
    found = Controls()
    controls = list(_controls(page, root))
    for one in controls:
        if found.next is None and NEXT.fullmatch(one.words):
            _take_next(page, one, found, is_answered=_is_answered_beside(page, one, controls))
    _take_numbers(page, root, controls, number, found)
    _take_dots(page, controls, number, found)
    _take_choices(page, root, number, found)
    if found.next is None and not found.numbered:
        _take_fraction(page, root, number, found)
        jumps = any(_JUMP.fullmatch(one.words) and one.url not in (None, page.url) for one in controls)
        found.is_unread = found.is_unread or (jumps and found.next is None)
    if found.next is None and not found.numbered:
        _take_head(page, found)
    if found.kind is PagerKind.NONE and _DEAD.search(page.visible):
        found.is_unread = True
    return found


def _controls(page: Page, root: Node) -> Iterator[_Control]:
    """Return the links and buttons of few words."""
    for node in root.css("a, button, input[type=button], input[type=submit], [onclick]"):
        text = node.text() if node.tag != "input" else node.attributes.get("value") or ""
        if len(text) > 60:
            continue
        words = squeeze(text) or squeeze(node.attributes.get("title") or "") or _pictured(node)
        named = node.attributes.get("rel") == "next"
        if named or 0 < len(words) <= _WORDS:
            yield _Control(node, "下一页" if named else words, address_of(page, node))


def _pictured(node: Node) -> str:
    """Return what a picture in a link stands for: by its words, else by the name of its file."""
    picture = node.css_first("img")
    if picture is None:
        return ""
    words = squeeze(picture.attributes.get("alt") or picture.attributes.get("title") or "")
    name = _DRAWN_AS.search(picture.attributes.get("src") or "") if not words else None
    return {"n": "下一页", "x": "下一页", "l": "尾页", "w": "尾页"}[name[1][0].lower()] if name else words


# -- controls that say next -----------------------------------------------------------------------


def _take_next(page: Page, one: _Control, found: Controls, *, is_answered: bool) -> None:
    """`is_answered`: another control of the pager leads somewhere, or no script can answer to any; then one that leads
    nowhere is switched off."""
    if one.url is None and (call := opened(page, one.node)) is not None:
        found.kind = PagerKind.FORM if call.ask.form is not None else PagerKind.SCRIPT
        found.holder = _holder(one.node)
        found.next, found.is_last = (None, True) if call.stays else (call.ask, found.is_last)
    elif one.url is not None and one.url != page.url:
        if not _OLDER.search(one.words) or leads_on(page, one.node):  # older posts may stand in another list
            found.kind, found.holder, found.next = PagerKind.NEXT_LINK, _holder(one.node), Ask(one.url)
    elif (one.url == page.url and "onclick" not in one.node.attributes) or _is_off(one.node, is_answered=is_answered):
        found.is_last = True
        if found.kind is PagerKind.NONE:
            found.kind, found.holder = PagerKind.NEXT_LINK, _holder(one.node)
    else:
        found.is_unread = True
        found.holder = found.holder or _holder(one.node)


def _is_answered_beside(page: Page, control: _Control, controls: Sequence[_Control]) -> bool:
    """Return whether another control of a pager leads somewhere, or no script can answer to any."""
    holder = _holder(control.node)
    return not page.says("(?i)<script") or any(
        one.url not in (None, page.url) and _TURNS.search(one.words) and _holder(one.node) == holder for one in controls
    )


def _is_off(node: Node, *, is_answered: bool) -> bool:
    """Return whether a control is switched off: it says so, or is grey or silent beside others that are not."""
    known = node.attributes
    style = f"{known.get('class') or ''} {node.parent.attributes.get('class') or '' if node.parent else ''}"
    if "disabled" in known or _DISABLED.search(style) is not None:
        return True
    is_silent = node.tag == "a" and not known.get("href") and not known.get("onclick")
    return is_answered and (is_silent or _GREY.search(style) is not None)


def _holder(node: Node) -> Node | None:
    """Return the box that the controls of a pager share."""
    holder = node.parent
    while holder is not None and holder.tag in _CELLS and holder.parent is not None:
        holder = holder.parent
    return holder


def leads_on(page: Page, node: Node) -> bool:
    """Return whether a link's address is the list's own with a number put in."""
    url = resolve(page.base, node.attributes.get("href") or "")
    here = re.sub(r"/page/\d+/?$", "/", page.url.partition("?")[0])
    return url is not None and url.startswith(here) and _PAGE_IN.fullmatch(url[len(here) :]) is not None


def is_own(own: str, other: str) -> bool:
    """Return whether an address is a page's own with a number put in or changed."""
    here, there = urlsplit(own), urlsplit(other)
    stem = re.sub(r"\d+", "", here.path.rpartition("/")[0]).removesuffix("/page/").removesuffix("/page")
    return here.netloc == there.netloc and re.sub(r"\d+", "", there.path).startswith(stem.rstrip("/"))


# -- numbers --------------------------------------------------------------------------------------


def _take_numbers(page: Page, root: Node, controls: Iterable[_Control], number: int, found: Controls) -> None:
    """Take numbers that lead to addresses which are this page's own but for one number. A calendar has numbers too."""
    groups: dict[int, dict[int, str]] = defaultdict(dict)
    holders: dict[int, Node] = {}
    is_sure = found.kind is not PagerKind.NONE or found.is_unread
    for one in controls:
        is_sure = is_sure or LAST.fullmatch(one.words) is not None
        if (match := _NUMBER.fullmatch(one.words)) and (holder := _holder(one.node)) is not None:
            groups[holder.mem_id].setdefault(int(match[1]), one.url or "")
            holders[holder.mem_id] = holder
    for node, mark in _bare_numbers(page, root):
        if (holder := _holder(node)) is not None:
            groups[holder.mem_id].setdefault(mark, "")
            holders[holder.mem_id] = holder
    for key, numbers in sorted(groups.items(), key=lambda one: -len(one[1])):
        real = {mark: url for mark, url in numbers.items() if url}
        if len(numbers) > 20 and max(numbers) <= 31:
            continue
        if real and len(set(real.values())) == len(real) and (1 in real or 2 in real or is_sure):
            if is_sure or all(is_own(page.url, url) for url in real.values()):
                found.numbered = {mark: url for mark, url in real.items() if url != page.url} | found.numbered
                found.is_last = found.is_last or max(numbers) <= number
                found.holder = found.holder or holders[key]
                found.kind = PagerKind.NUMBERED if found.kind is PagerKind.NONE else found.kind
        elif not real and 2 in numbers and max(numbers) > number:
            found.is_unread = True


def _take_dots(page: Page, controls: Sequence[_Control], number: int, found: Controls) -> None:
    """Take … right behind the highest number: it leads to the numbers that follow."""
    if found.next is not None or not found.numbered or max(found.numbered) > number:
        return
    urls = set(found.numbered.values())
    place = max((place for place, one in enumerate(controls) if one.url in urls), default=len(controls))
    dots = controls[place + 1] if place + 1 < len(controls) else None
    if dots is None or not _DOTS.fullmatch(dots.words) or dots.url in (None, page.url):
        return
    if dots.url is not None and re.findall(r"\d+", dots.url)[-1:] == [str(number + 1)]:
        found.next = Ask(dots.url)
    else:
        found.is_unread = True


def _bare_numbers(page: Page, root: Node) -> Iterator[tuple[Node, int]]:
    """Return the elements that are but a number to which a script answers, or stand in what is called a pager."""
    is_whole = root.tag == "body"
    texts = [(node, text) for _, node, tag, text in page.pieces if text and tag in _CELLS] if is_whole else [
        (node, node.text()) for node in root.css(",".join(_CELLS))
    ]  # fmt: skip
    for node, text in texts:
        if len(text) > _WORDS or (match := _NUMBER.fullmatch(text)) is None:
            continue
        child, parent = node.child, node.parent
        if child is None or child.next is not None or parent is None or parent.tag in ("a", "button"):
            continue
        holder = _holder(node)
        above = holder.parent if holder is not None else None
        names = (one.attributes for one in (holder, above, parent) if one is not None)
        if _is_answered(node) or any(_NAMED.search(f"{one.get('class') or ''} {one.get('id') or ''}") for one in names):
            yield node, int(match[1])


def _is_answered(node: Node) -> bool:
    known = node.attributes
    return known.get("role") == "button" or any(
        name == "onclick" or name.startswith(("data-", "@", "v-on", "ng-click")) for name in known
    )


def _take_choices(page: Page, root: Node, number: int, found: Controls) -> None:
    """Take the numbers of pages to choose from: as many pages as there are numbers, whose values may be addresses."""
    for node in root.css("select")[:20]:
        options = [(squeeze(one.text()), one.attributes.get("value") or "") for one in node.css("option")[:500]]
        marks = [int(match[1]) for words, _ in options if (match := _CHOICE.fullmatch(words))]
        if len(options) < 2 or len(marks) < len(options) or marks[0] != 1:
            continue
        found.pages = max(found.pages or 0, marks[-1])
        found.holder = found.holder or node.parent
        urls = [resolve(page.base, value) if _ADDRESS.search(value) else None for _, value in options]
        if not found.numbered and None not in urls and len(set(urls)) == len(marks):
            found.numbered = {mark: url for mark, url in zip(marks, urls, strict=True) if url and url != page.url}
        if found.kind is PagerKind.NONE:
            found.kind, found.is_last = PagerKind.NUMBERED, marks[-1] <= number


def _take_fraction(page: Page, root: Node, number: int, found: Controls) -> None:
    """Take 1/12 in what is called a pager, with arrows drawn as pictures beside it."""
    for holder in root.css(_PAGER_BOXES)[:20]:
        match = _FRACTION.search(short_text(holder, 120, separator=" ") or "")
        if match is None or not 1 <= int(match[1]) <= int(match[2]):
            continue
        here, last = int(match[1]), int(match[2])
        arrows = [node for node in holder.css("a[href]") if not (words := squeeze(node.text())) or _JUMP.match(words)]
        urls = [url for node in arrows if (url := address_of(page, node)) is not None]
        found.pages, found.is_last = found.pages or last, here >= last
        if (url := _arrow(urls, here, last, page.url)) is not None:
            found.kind, found.holder, found.next = PagerKind.COUNTED, holder, Ask(url)
        return


def _arrow(urls: list[str], here: int, last: int, own: str) -> str | None:
    """Return the arrow that leads on: by the number in its address, or the only one of the first page."""
    if here >= last:
        return None
    for url in urls:
        numbers = re.findall(r"\d+", url.partition("//")[2])
        if numbers and numbers[-1].lstrip("0") == str(here + 1):
            return url
    return urls[0] if here == 1 and len(urls) == 1 and urls[0] != own else None


def _take_head(page: Page, found: Controls) -> None:
    """Take the next page as the head names it; what may be another column's is not followed."""
    for node in page.tree.css("link[rel~=next i][href]")[:5] if page.says("(?i)next") else ():
        url = resolve(page.base, node.attributes.get("href") or "")
        if url is None or url == page.url:
            continue
        if is_own(page.url, url):
            found.kind, found.holder, found.next = PagerKind.NEXT_LINK, None, Ask(url)
        else:
            found.is_unread = found.is_unread or not found.is_last
        return
