"""The manners in which systems list what they publish. A new one: one file here, and its name in `DIALECTS`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module

from tracker.core.law.county import DIALECTS, Interface
from tracker.evidence.fetch.barriers import (
    REASONS,
    barrier,
    loaded_by_script,
    says_building,
    says_column_empty,
    says_empty,
)
from tracker.evidence.listing.dialects import frames, script_interface
from tracker.evidence.listing.dialects import list as plain_list
from tracker.evidence.listing.dialects.broken import breaks_off, died
from tracker.evidence.listing.dialects.closed import says_closed
from tracker.evidence.listing.dialects.pinned import furnished
from tracker.evidence.listing.values import Listing
from tracker.evidence.page.parsed import Page
from tracker.evidence.page.prescan import TooHeavyError

#: A reader of one dialect; None for a page that is not its kind.
Reader = Callable[[Page], Listing | None]

#: Only for a column whose rule describes it.
_DESCRIBED = "interface"


def _reader(name: str) -> Reader:
    read: Reader = import_module(f"tracker.evidence.listing.dialects.{name}").read
    return read


#: In the order of trial: what is recognised by a sure mark stands before what is recognised by its looks.
READERS: dict[str, Reader] = {name: _reader(name) for name in DIALECTS if name != _DESCRIBED}


def parse_listing(page: Page, dialect: str = "", interface: Interface | None = None) -> Listing:
    """What a column's page lists. Never raises: a page that cannot be read is one not understood.

    `dialect`: the only reader to ask, where the rule says so; `interface` belongs to the dialect of that name.
    """
    try:
        return _listing(page, dialect, interface)
    except TooHeavyError as error:
        return Listing(understood=False, reason=str(error))


def _listing(page: Page, dialect: str, interface: Interface | None) -> Listing:
    if interface is not None:
        read = import_module(f"tracker.evidence.listing.dialects.{_DESCRIBED}").described
        found: Listing | None = read(page, interface)
        return found or _not_as_ruled(page, _DESCRIBED)
    if page.kind == "html" and page.too_heavy:
        raise TooHeavyError
    if dialect:
        found = READERS[dialect](page) if dialect in READERS else None
        return _cut(page, found) if found is not None else _not_as_ruled(page, dialect)
    found = next((one for read in READERS.values() if (one := read(page)) is not None), None)
    if page.kind == "json" and found is None:
        return script_interface.answer(page) or Listing(understood=False, reason=_OTHER["json"])
    if page.kind != "html":
        return _cut(page, found) if found is not None else Listing(understood=False, reason=_OTHER[page.kind])
    if found is None or (found.digest and says_column_empty(page)):
        return _without_list(page)
    if not found.understood and found.reason == plain_list.LEFT_TO_SCRIPT:
        return _left_to_script(page)
    return frames.before(page, found) or _cut(page, found)


def _cut(page: Page, found: Listing) -> Listing:
    """The listing with what the page leaves over and says of its own state; of one that breaks off its own rows but for
    the last, since what stands above them may be a row whose day did not come."""
    is_judged = found.understood and not found.parts and page.kind in ("html", "xml")
    is_torn = is_judged and breaks_off(page, found.sightings)
    found = found if is_torn else furnished(page, found)
    if not is_judged or not found.understood:
        return found
    if page.kind == "html" and says_closed(page):
        found = replace(found, closed="页面称本栏目已停止更新或迁移，新的条目在别处")
    if is_torn:
        return replace(found, cut=True, sightings=found.sightings[:-1])
    return replace(found, cut=True) if page.kind == "html" and died(page) else found


_OTHER = {
    "json": f"栏目地址返回的是数据接口，没有认出列表；{script_interface.ADVICE}",
    "xml": "栏目地址返回的 XML 不是认识的列表",
    "other": "栏目地址返回的不是网页",
}


def _not_as_ruled(page: Page, dialect: str) -> Listing:
    """The rule says what the column is; what does not look like it has changed, and is never empty."""
    if page.kind == "html" and (found := barrier(page)) is not None:
        return Listing(understood=False, reason=REASONS[found], barrier=found)
    return Listing(understood=False, reason=f"页面不是规则所定的列表（{dialect}），版式可能已变")


def _left_to_script(page: Page) -> Listing:
    """Where the script asks for the rows; else what a person can do about it."""
    reason = f"{plain_list.LEFT_TO_SCRIPT}；{script_interface.ADVICE}"
    return script_interface.asked(page) or Listing(understood=False, reason=reason)


def _without_list(page: Page) -> Listing:
    if (found := barrier(page)) is not None:
        return Listing(understood=False, reason=REASONS[found], barrier=found)
    if (inside := frames.only(page)) is not None:
        return inside
    if says_building(page):
        return Listing(understood=False, reason=REASONS["building"], barrier="building")
    if loaded_by_script(page):
        return _left_to_script(page)
    if says_empty(page):
        return Listing(dialect="empty", cut=breaks_off(page, ()))
    if not page.text.strip():
        return Listing(understood=False, reason="网页是空的，没有任何内容")
    return Listing(understood=False, reason="页面中没有认出列表")
