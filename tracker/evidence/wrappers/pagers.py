"""How the next page of a column is asked for, by the kind of its pager, and what the pager promises."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from tracker.evidence.listing.dialects.arrows import pictured
from tracker.evidence.listing.dialects.scripted import scripted
from tracker.evidence.listing.values import Ask
from tracker.evidence.page.parsed import Node, Page, resolve, squeeze
from tracker.evidence.wrappers.calls import opened
from tracker.evidence.wrappers.data_pagers import data_onward
from tracker.evidence.wrappers.link_groups import address_of, selector_of, style_of
from tracker.evidence.wrappers.stores import shown_page
from tracker.evidence.wrappers.wrapper import EndKind, ListEnd, PagerKind, PagerPlace, SourceKind, Wrapper

_NEXT = re.compile(
    r"[\[<\s]*(?:[下后]\s*一?\s*[页頁]|next(?: page)?)[\]\s>›»→]*|[>›»→＞⟩]"
    r"|[\[<‹«←\s]*(?:(?:[较更]早|早期|以前|较?旧)的?[文日内消信条][章志容息目]|older (?:posts?|entries))[\]\s>›»→]*",
    re.IGNORECASE,
)
_LAST = re.compile(r"[\[<\s]*(?:尾\s*[页頁]|末\s*[页頁]|最后一?[页頁]|last)[\]\s>›»→]*", re.IGNORECASE)
_NUMBER = re.compile(r"[\[【\s]*(\d{1,4})[\]】\s]*")
_CHOICE = re.compile(r"第?\s*(\d{1,4})\s*页?")
_DISABLED = re.compile(r"disab|no-?link|current|gray|grey|unable", re.IGNORECASE)
_PAGES = re.compile(
    r"(?:共|总共|共计|总)\s*(\d{1,5})\s*[页頁]|[页頁]\s*(?:次|码|数)?\s*[:：]?\s*\d{1,5}\s*/\s*(\d{1,5})"
    r"|第?\s*\d{1,5}\s*/\s*(\d{1,5})\s*[页頁]|总[页頁]数\s*[:：]?\s*(\d{1,5})|共\s*\d{1,6}\s*条\s*\d{1,5}\s*/\s*(\d{1,5})"
)
_ITEMS = re.compile(r"(?:共|总共|共计|共有)\s*(\d{1,6})\s*(?:条|篇|项)")
_FRACTION = re.compile(r"(?<![\d/.-])(\d{1,4})\s*/\s*(\d{1,4})(?![\d/.-])")
_OLDER = re.compile(r"[早期前旧]|older", re.IGNORECASE)
#: Fields of an address that count pages.
_FIELD = re.compile(
    r"(?<=[?&])((?:page|page_?no|page_?num|page_?index|current_?page|cur_?page|page_?number|now_?page|pn|p|pg)=)(\d{1,5})(?=&|$)",
    re.IGNORECASE,
)
#: The longest words of a pager.
_WORDS = 18


@dataclass(frozen=True, slots=True)
class Onward:
    """What a page says of further ones. `ask`: the next; `otherwise`: where it is if nothing is there. `last`: a pager
    stands here and leads no further. `pages`, `items`: how many it promises."""

    place: PagerPlace = field(default_factory=PagerPlace)
    ask: Ask | None = None
    otherwise: Ask | None = None
    last: bool = False
    pages: int | None = None
    items: int | None = None


@dataclass(slots=True)
class _Control:
    node: Node
    words: str
    url: str | None


def read_pager(page: Page, number: int, known: PagerPlace | None = None) -> Onward:
    """Return what a web page says of further ones; it is the `number`-th of its column.

    `known`: where the pager stood when the wrapper was learned; it is looked for elsewhere only if it is not there.
    """
    root = page.tree.css_first(selector_of(known.place)) if known is not None and known.place else None
    found = _within(page, number, root) if root is not None else None
    if found is not None and known is not None and known.promise and not found.place.promise:
        pages, items = _promise(page.visible)  # the count stands apart from the pager
        found = replace(found, pages=pages, items=items)
    if found is None or (found.ask is None and not found.last):
        found = _within(page, number, page.tree.body) if page.tree.body is not None else Onward()
    return found


def _within(page: Page, number: int, root: Node) -> Onward:
    controls = list(_controls(page, root))
    whole = root.tag == "body"
    said = page.visible if whole else squeeze(root.text(separator=" "))
    pages, items = _promise(said)
    promise = pages is not None or items is not None
    for one in controls:
        if one.url is None and _NEXT.fullmatch(one.words) and (call := opened(page, one.node)) is not None:
            holder = _holder(one.node)
            kind = PagerKind.FORM if call.ask.form is not None else PagerKind.SCRIPT
            place = PagerPlace(kind, _path(holder) if holder is not None else "", promise)
            return Onward(place, None if call.stays else call.ask, None, call.stays, pages, items)
    for read in (_next_link, _numbered, _chosen):
        kind, holder, url, ended = read(page, controls, root, number)
        if kind is not PagerKind.NONE:
            place = PagerPlace(kind, _path(holder) if holder is not None else "", promise)
            if url is not None or kind is not PagerKind.UNKNOWN:
                return Onward(place, Ask(url) if url else None, None, ended, pages, items)
            unknown: Onward | None = Onward(place, None, None, False, pages, items)
            break
    else:
        unknown = None
    if (script := scripted(page)) is not None and (script.next_url or script.total is not None):
        ask = Ask(script.next_url) if script.next_url else None
        otherwise = Ask(script.otherwise_url) if script.otherwise_url else None
        ended = ask is None and otherwise is None and not script.uncertain
        return Onward(PagerPlace(PagerKind.SCRIPT, "", True), ask, otherwise, ended, script.total, script.items)
    if (url := _fraction(page, root) or _headed(page) or _counted(page.url, pages)) is not None:
        return Onward(PagerPlace(PagerKind.COUNTED, "", promise), Ask(url), None, False, pages, items)
    return unknown or Onward(PagerPlace(PagerKind.NONE, "", promise), None, None, False, pages, items)


def _controls(page: Page, root: Node) -> Iterator[_Control]:
    """Return the links and buttons of few words."""
    for node in root.css("a, button, input[type=button], [onclick]"):
        text = node.text() if node.tag != "input" else node.attributes.get("value") or ""
        if len(text) > 60:
            continue
        words = squeeze(text) or squeeze(node.attributes.get("title") or "") or pictured(node)
        named = node.attributes.get("rel") == "next"
        if named or 0 < len(words) <= _WORDS:
            yield _Control(node, "下一页" if named else words, address_of(page, node))


_Found = tuple[PagerKind, Node | None, str | None, bool]
_NOTHING: _Found = (PagerKind.NONE, None, None, False)


def _next_link(page: Page, controls: Iterable[_Control], root: Node, number: int) -> _Found:
    """A link that says so; one that leads nowhere, or is switched off, says that this is the last page."""
    dead: _Found = _NOTHING
    for one in controls:
        if not _NEXT.fullmatch(one.words):
            continue
        if one.url is not None and one.url != page.url:
            if _OLDER.search(one.words) and not _is_own(page.url, one.url):
                continue  # older posts may stand in another list
            return PagerKind.NEXT_LINK, _holder(one.node), one.url, False
        if dead[0] is PagerKind.NONE:
            off = one.url == page.url or _is_off(one.node)
            dead = (PagerKind.NEXT_LINK if off else PagerKind.UNKNOWN, _holder(one.node), None, off)
    return dead if dead[0] is PagerKind.NEXT_LINK or number > 1 else _NOTHING


def _is_off(node: Node) -> bool:
    """Return whether a control is switched off, or answers to nothing."""
    known = node.attributes
    style = f"{known.get('class') or ''} {node.parent.attributes.get('class') or '' if node.parent else ''}"
    silent = node.tag == "a" and not known.get("href") and not known.get("onclick")
    return silent or "disabled" in known or _DISABLED.search(style) is not None


def _holder(node: Node) -> Node | None:
    """Return the box that the controls of a pager share."""
    holder = node.parent
    while holder is not None and holder.tag in _CELLS and holder.parent is not None:
        holder = holder.parent
    return holder


_CELLS = frozenset({"li", "td", "tr", "span", "b", "strong", "em", "i", "font"})


def _numbered(page: Page, controls: Iterable[_Control], root: Node, number: int) -> _Found:
    """Numbers that lead to addresses which are this page's own but for one number; the next is exactly the next."""
    groups: dict[int, dict[int, str]] = defaultdict(dict)
    holders: dict[int, Node] = {}
    sure = any(_LAST.fullmatch(one.words) or _NEXT.fullmatch(one.words) for one in controls)
    for one in controls:
        if (match := _NUMBER.fullmatch(one.words)) is None or one.url is None:
            continue
        if (holder := _holder(one.node)) is not None:
            groups[holder.mem_id][int(match[1])] = one.url
            holders[holder.mem_id] = holder
    for key, numbers in sorted(groups.items(), key=lambda one: -len(one[1])):
        calendar = len(numbers) > 20 and max(numbers) <= 31
        if calendar or len(set(numbers.values())) < len(numbers) or not (1 in numbers or 2 in numbers or sure):
            continue
        if not (sure or all(_is_own(page.url, url) for url in numbers.values())):
            continue
        url = numbers.get(number + 1)
        if url is not None and url != page.url:
            return PagerKind.NUMBERED, holders[key], url, False
        if max(numbers) <= number:
            return PagerKind.NUMBERED, holders[key], None, True
    return _NOTHING


def _chosen(page: Page, controls: Iterable[_Control], root: Node, number: int) -> _Found:
    """Numbers of pages to choose from, whose values are addresses."""
    for node in root.css("select")[:20]:
        options = [(squeeze(one.text()), one.attributes.get("value") or "") for one in node.css("option")[:500]]
        numbers = [match for words, _ in options if (match := _CHOICE.fullmatch(words))]
        if len(options) < 2 or len(numbers) < len(options) or int(numbers[0][1]) != 1:
            continue
        values = {int(match[1]): resolve(page.base, value) for match, (_, value) in zip(numbers, options, strict=True)}
        addresses = all("/" in value or "." in value or "?" in value for _, value in options)
        if addresses and len(set(values.values())) == len(values):
            return PagerKind.NUMBERED, node.parent, values.get(number + 1), number >= max(values)
        return PagerKind.UNKNOWN, node.parent, None, False
    return _NOTHING


def _fraction(page: Page, root: Node) -> str | None:
    """1/12 in what is called a pager, with arrows drawn as pictures beside it."""
    for holder in root.css("[class*=page i], [id*=page i], [class*=fenye i]")[:20]:
        text = squeeze(holder.text(separator=" "))
        match = _FRACTION.search(text) if len(text) <= 120 else None
        if match is None or not 1 <= int(match[1]) < int(match[2]):
            continue
        urls = [url for node in holder.css("a[href]") if not squeeze(node.text()) and (url := address_of(page, node))]
        exact = [url for url in urls if (numbers := re.findall(r"\d+", urlsplit(url).path + urlsplit(url).query))
                 and numbers[-1].lstrip("0") == str(int(match[1]) + 1)]  # fmt: skip
        return exact[0] if exact else urls[0] if match[1] == "1" and len(urls) == 1 and urls[0] != page.url else None
    return None


def _headed(page: Page) -> str | None:
    """The next page as the head names it, where its address is this one's own but for a number."""
    if not page.says("(?i)next"):
        return None
    for node in page.tree.css("link[rel~=next i][href]")[:5]:
        url = resolve(page.base, node.attributes.get("href") or "")
        if url is not None and url != page.url and _is_own(page.url, url):
            return url
    return None


def _counted(url: str, pages: int | None) -> str | None:
    """The page's own address with its number raised by one, where there are more pages than that number."""
    match = _FIELD.search(url)
    if match is None or pages is None or not 0 < int(match[2]) < pages:
        return None
    return _raised(url, match)


def _raised(url: str, match: re.Match[str]) -> str:
    return f"{url[: match.start(2)]}{int(match[2]) + 1}{url[match.end(2) :]}"


def _is_own(own: str, other: str) -> bool:
    """Return whether an address is a page's own with a number put in or changed."""
    here, there = urlsplit(own), urlsplit(other)
    stem = re.sub(r"\d+", "", here.path.rpartition("/")[0]).removesuffix("/page/").removesuffix("/page")
    return here.netloc == there.netloc and re.sub(r"\d+", "", there.path).startswith(stem.rstrip("/"))


def _promise(said: str) -> tuple[int | None, int | None]:
    pages, items = _PAGES.search(said), _ITEMS.search(said)
    count = next((int(one) for one in pages.groups() if one), None) if pages else None
    return count or None, int(items[1]) if items else None


def _path(node: Node) -> str:
    """Return the path of an element from the body, with classes."""
    steps: list[str] = []
    one: Node | None = node
    while one is not None and one.tag not in ("html", None) and len(steps) < 100:
        style = style_of(one) if one.tag != "body" else ""
        steps.append(f"{one.tag}.{style}" if style else one.tag or "")
        one = one.parent
    return "/".join(reversed(steps))


def following(page: Page, wrapper: Wrapper, number: int) -> Onward:
    """Return what a page says of the next one. It is the `number`-th of its column."""
    if wrapper.kind is SourceKind.PAGE:
        return read_pager(page, number, wrapper.pager)
    found = data_onward(page, wrapper, number)
    place = PagerPlace(found.kind, "", found.pages is not None or found.items is not None)
    shown = shown_page(page, wrapper) if wrapper.kind is SourceKind.STORE else None
    if shown is None or found.kind not in (PagerKind.UNKNOWN, PagerKind.NONE):
        ended = found.ask is None and place.promise and found.kind is not PagerKind.UNKNOWN
        return Onward(place, found.ask, None, ended, found.pages, found.items)
    written = read_pager(shown, number)
    if written.place.kind is PagerKind.NONE:
        return Onward(place, None, None, False, found.pages, found.items)
    return replace(written, items=found.items if found.items is not None else written.items)


def with_pager(wrapper: Wrapper, page: Page) -> Wrapper:
    """Return a wrapper that was learned from a column's first page with what its pager is."""
    place = following(page, wrapper, 1).place
    known = place.kind not in (PagerKind.NONE, PagerKind.UNKNOWN)
    end = EndKind.PROMISED if place.promise else EndKind.PAGER if known else EndKind.NEVER
    return replace(wrapper, pager=place, end=ListEnd(end))
