"""How the next page of a column is asked for, by the kind of its pager, and what the pager promises."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tracker.evidence.page.parsed import Node, Page, squeeze
from tracker.evidence.wrappers.data_pagers import data_onward, part_behind
from tracker.evidence.wrappers.link_groups import selector_of, style_of
from tracker.evidence.wrappers.pager_controls import Controls, read_controls
from tracker.evidence.wrappers.pager_scripts import ScriptPager, read_script_pager
from tracker.evidence.wrappers.promises import promise_in, promised
from tracker.evidence.wrappers.script_calls import asked_further
from tracker.evidence.wrappers.stores import shown_page
from tracker.evidence.wrappers.values import Ask
from tracker.evidence.wrappers.wrapper import PagerKind, PagerPlace, SourceKind, Wrapper

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


def read_pager(page: Page, number: int = 1, known: PagerPlace | None = None, stated: str = "", seen: int = 0) -> Onward:
    """Return what a web page says of further ones; it is the `number`-th of its column, and so many rows were `seen`.

    `known`: where the pager stood when the wrapper was learned; it is looked for elsewhere only if it is not there.
    `stated`: the selector by which a rule says where it stands; what stands elsewhere is then none.
    """
    if stated:
        parts = (_within(page, number, root, seen) for root in page.tree.css(stated))
        return _with_promise(page, next((one for one in parts if not one.is_empty), Onward()), number, seen)
    root = page.tree.css_first(selector_of(known.place)) if known is not None and known.place else None
    found = _within(page, number, root, seen) if root is not None else None
    if found is not None and known is not None and known.promise:
        found = _with_promise(page, found, number, seen)
    if found is None or (found.ask is None and not found.last):
        found = _within(page, number, page.tree.body, seen) if page.tree.body is not None else Onward()
    return found


def _with_promise(page: Page, found: Onward, number: int, seen: int) -> Onward:
    """Return what a pager says, with how many pages and rows there are where that stands apart from it."""
    if found.place.promise:
        return found
    pages, items = promised(page, number, seen)
    return replace(found, pages=pages, items=items)


def _within(page: Page, number: int, root: Node, seen: int) -> Onward:
    controls, script = read_controls(page, root, number), read_script_pager(page) or ScriptPager()
    is_whole = root.tag == "body"
    pages, items = promised(page, number, seen) if is_whole else promise_in(squeeze(root.text(separator=" ")))
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


def _path(node: Node) -> str:
    """Return the path of an element from the body, with classes."""
    steps: list[str] = []
    one: Node | None = node
    while one is not None and one.tag not in ("html", None) and len(steps) < 100:
        style = style_of(one) if one.tag != "body" else ""
        steps.append(f"{one.tag}.{style}" if style else one.tag or "")
        one = one.parent
    return "/".join(reversed(steps))


def following(page: Page, wrapper: Wrapper, number: int, rows: int = 0, count: int = 0) -> Onward:
    """Return what a page says of the next one. It is the `number`-th of its column and shows so many rows; `rows` were
    read before it."""
    if wrapper.kind is SourceKind.PAGE:
        stated = wrapper.rule.pager if wrapper.rule is not None else ""
        if stated == "none":
            return Onward()
        found = read_pager(page, number, wrapper.pager, stated, rows + count)
        return _with_script(page, found, wrapper.pager.kind, number, count)
    onward = data_onward(page, wrapper, number, rows)
    place = PagerPlace(onward.kind, "", onward.pages is not None or onward.items is not None)
    shown = shown_page(page, wrapper) if wrapper.kind is SourceKind.STORE else None
    if shown is None or onward.kind not in (PagerKind.UNKNOWN, PagerKind.NONE):
        ended = onward.ask is None and place.promise and onward.kind is not PagerKind.UNKNOWN
        return Onward(place, onward.ask, None, ended, onward.pages, onward.items)
    written = read_pager(shown, number)
    if written.place.kind is PagerKind.NONE:
        return Onward(place, None, None, False, onward.pages, onward.items)
    return replace(written, items=onward.items if onward.items is not None else written.items)


def _with_script(page: Page, found: Onward, usual: PagerKind, number: int, shown: int) -> Onward:
    """Return the way on with what a script asks for where the page does not say; what it brings has no pager."""
    is_part = number > 1 and found.place.kind is PagerKind.NONE and usual is PagerKind.UNKNOWN
    if not shown or not (found.more or is_part):
        return found
    ask = part_behind(page, shown) if number > 1 else asked_further(page, shown)
    kind = PagerKind.UNKNOWN if ask is None else PagerKind.SCRIPT
    return replace(found, place=replace(found.place, kind=kind), ask=ask)


def with_pager(wrapper: Wrapper, page: Page) -> Wrapper:
    """Return a wrapper that was learned from a column's first page with what its pager is."""
    return replace(wrapper, pager=following(page, wrapper, 1).place)
