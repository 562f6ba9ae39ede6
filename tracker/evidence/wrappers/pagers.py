"""How the next page of a column is asked for, by the kind of its pager, and what the pager promises."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tracker.evidence.page.parsed import Node, Page, squeeze
from tracker.evidence.wrappers.data_pagers import data_onward
from tracker.evidence.wrappers.link_groups import selector_of, style_of
from tracker.evidence.wrappers.pager_controls import Controls, read_controls
from tracker.evidence.wrappers.pager_scripts import ScriptPager, read_script_pager
from tracker.evidence.wrappers.stores import shown_page
from tracker.evidence.wrappers.values import Ask
from tracker.evidence.wrappers.wrapper import PagerKind, PagerPlace, SourceKind, Wrapper

_PAGES = re.compile(
    r"(?:共|总共|共计|总)\s*(\d{1,5})\s*[页頁]|[页頁]\s*(?:次|码|数)?\s*[:：]?\s*\d{1,5}\s*/\s*(\d{1,5})"
    r"|第?\s*\d{1,5}\s*/\s*(\d{1,5})\s*[页頁]|总[页頁]数\s*[:：]?\s*(\d{1,5})"
    r"|共\s*\d{1,6}\s*条\s*\d{1,5}\s*/\s*(\d{1,5})(?![\d/-])"
)
_ITEMS = re.compile(r"(?:共|总共|共计|共有)\s*(\d{1,6})\s*(?:条|篇|项)")
#: Fields of an address that count pages.
_FIELD = re.compile(
    r"(?<=[?&])((?:page|page_?no|page_?num|page_?index|current_?page|cur_?page|page_?number|now_?page|pn|p|pg)=)(\d{1,5})(?=&|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Onward:
    """What a page says of further ones. `ask`: the next; `otherwise`: where it is if nothing is there. `last`: a pager
    stands here and leads no further; `more`: it does, and nobody can tell where. `pages`, `items`: how many it
    promises; `numbered`: pages by their numbers; `index`: where its script counts the page."""

    place: PagerPlace = field(default_factory=PagerPlace)
    ask: Ask | None = None
    otherwise: Ask | None = None
    last: bool = False
    pages: int | None = None
    items: int | None = None
    numbered: Mapping[int, str] = field(default_factory=dict)
    index: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no pager stands there, nor a number of pages or rows."""
        return self.place.kind is PagerKind.NONE and not self.place.promise

    @property
    def more(self) -> bool:
        return self.place.kind is PagerKind.UNKNOWN


def read_pager(page: Page, number: int = 1, known: PagerPlace | None = None, stated: str = "") -> Onward:
    """Return what a web page says of further ones; it is the `number`-th of its column.

    `known`: where the pager stood when the wrapper was learned; it is looked for elsewhere only if it is not there.
    `stated`: the selector by which a rule says where it stands; what stands elsewhere is then none.
    """
    if stated:
        seen = (_within(page, number, root) for root in page.tree.css(stated))
        return _with_promise(page, next((one for one in seen if not one.is_empty), Onward()))
    root = page.tree.css_first(selector_of(known.place)) if known is not None and known.place else None
    found = _within(page, number, root) if root is not None else None
    if found is not None and known is not None and known.promise:
        found = _with_promise(page, found)
    if found is None or (found.ask is None and not found.last):
        found = _within(page, number, page.tree.body) if page.tree.body is not None else Onward()
    return found


def _with_promise(page: Page, found: Onward) -> Onward:
    """Return what a pager says, with how many pages and rows there are where that stands apart from it."""
    if found.place.promise:
        return found
    pages, items = _promise(page.visible)
    return replace(found, pages=pages, items=items)


def _within(page: Page, number: int, root: Node) -> Onward:
    controls, script = read_controls(page, root, number), read_script_pager(page) or ScriptPager()
    pages, items = _promise(page.visible if root.tag == "body" else squeeze(root.text(separator=" ")))
    pages = max(pages or 0, controls.pages or 0) or None
    if pages is None or script.next_url is not None:
        pages = script.pages or pages
    items = items or script.items
    numbered = controls.numbered or script.numbered
    kind, ask = _next_of(page, number, controls, script, pages)
    is_other = script.otherwise_url is not None and kind in (PagerKind.SCRIPT, PagerKind.NONE)
    otherwise = Ask(script.otherwise_url or "") if is_other else None
    ends = controls.is_last or (script.pages is not None and not script.is_uncertain)
    is_unread = controls.is_unread or (script.is_uncertain and not (controls.is_last and number > 1))
    if ask is None and otherwise is None and is_unread:
        kind = PagerKind.UNKNOWN
    elif kind is PagerKind.NONE and (script.pages is not None or otherwise is not None):
        kind = PagerKind.SCRIPT
    holder = controls.holder if kind not in (PagerKind.SCRIPT, PagerKind.COUNTED) else None
    ended = ends and ask is None and otherwise is None and kind is not PagerKind.UNKNOWN
    place = PagerPlace(kind, _path(holder) if holder is not None else "", pages is not None or items is not None)
    return Onward(place, ask, otherwise, ended, pages, items, numbered, script.index)


def _next_of(
    page: Page, number: int, controls: Controls, script: ScriptPager, pages: int | None
) -> tuple[PagerKind, Ask | None]:
    """Return the next page, from the surest sign on: a control, a number, a script, a number in the address."""
    if controls.next is not None:
        return controls.kind, controls.next
    if number + 1 in controls.numbered:
        return PagerKind.NUMBERED, Ask(controls.numbered[number + 1])
    if url := script.next_url or script.numbered.get(number + 1):
        return PagerKind.SCRIPT, Ask(url)
    is_told = controls.numbered or script.otherwise_url is not None
    if not is_told and (url := _counted(page.url, pages)) is not None:
        return PagerKind.COUNTED, Ask(url)
    return controls.kind, None


def _counted(url: str, pages: int | None) -> str | None:
    """The page's own address with its number raised by one, where there are more pages than that number."""
    match = _FIELD.search(url)
    if match is None or pages is None or not 0 < int(match[2]) < pages:
        return None
    return _raised(url, match)


def _raised(url: str, match: re.Match[str]) -> str:
    return f"{url[: match.start(2)]}{int(match[2]) + 1}{url[match.end(2) :]}"


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


def following(page: Page, wrapper: Wrapper, number: int, rows: int = 0) -> Onward:
    """Return what a page says of the next one. It is the `number`-th of its column; `rows` were read before it."""
    if wrapper.kind is SourceKind.PAGE:
        stated = wrapper.rule.pager if wrapper.rule is not None else ""
        return Onward() if stated == "none" else read_pager(page, number, wrapper.pager, stated)
    found = data_onward(page, wrapper, number, rows)
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
    return replace(wrapper, pager=following(page, wrapper, 1).place)
