"""What a column's page lists, read by a wrapper; else why there is nothing to read."""

from __future__ import annotations

from tracker.core.law.county import Interface
from tracker.evidence.fetch.barriers import (
    REASONS,
    barrier,
    loaded_by_script,
    says_building,
    says_column_empty,
    says_empty,
)
from tracker.evidence.listing.dialects import frames, script_interface
from tracker.evidence.listing.dialects.broken import breaks_off
from tracker.evidence.listing.dialects.interface import described
from tracker.evidence.listing.values import Listing, ReadSoFar
from tracker.evidence.page.parsed import Page
from tracker.evidence.page.prescan import TooHeavyError
from tracker.evidence.wrappers.pagers import elsewhere
from tracker.evidence.wrappers.read_list import read_list

#: Only for a column whose rule describes it.
_DESCRIBED = "interface"


def parse_listing(
    page: Page, dialect: str = "", interface: Interface | None = None, so_far: ReadSoFar | None = None
) -> Listing:
    """What a column's page lists. Never raises: a page that cannot be read is one not understood.

    `dialect`: the profile that the page must be of, where the rule says so; `interface` belongs to the one of that
    name. `so_far`: None of a page of which nothing is known.
    """
    try:
        return _listing(page, dialect, interface, so_far or ReadSoFar())
    except TooHeavyError as error:
        return Listing(understood=False, reason=str(error))


def _listing(page: Page, dialect: str, interface: Interface | None, so_far: ReadSoFar) -> Listing:
    if interface is not None:
        return described(page, interface) or _not_as_ruled(page, _DESCRIBED)
    if page.kind == "html" and page.too_heavy:
        raise TooHeavyError
    found = read_list(page, so_far)
    if found is not None and not found.understood and page.kind == "html" and barrier(page) is not None:
        found = None
    if dialect and (found is None or found.dialect != dialect):
        return _not_as_ruled(page, dialect)
    if found is None:
        return _without_list(page) if page.kind == "html" else _other(page)
    if page.kind == "html" and found.digest and says_column_empty(page):
        return _without_list(page)
    return found


def _other(page: Page) -> Listing:
    """What is no web page and holds no list; it may name the files of one, or be an interface's answer."""
    if parts := tuple(elsewhere(page)):
        return Listing(parts=parts, dialect="sitemap")
    found = script_interface.answer(page) if page.kind == "json" else None
    return found or Listing(understood=False, reason=_OTHER[page.kind])


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


#: Why a page is not read whose rows only a script brings.
LEFT_TO_SCRIPT = "列表由脚本加载，尚不能读取"


def _left_to_script(page: Page) -> Listing:
    """Where the script asks for the rows; else what a person can do about it."""
    reason = f"{LEFT_TO_SCRIPT}；{script_interface.ADVICE}"
    return script_interface.asked(page) or Listing(understood=False, reason=reason)


def _without_list(page: Page) -> Listing:
    if (found := barrier(page)) is not None:
        return Listing(understood=False, reason=REASONS[found], barrier=found)
    if parts := tuple(elsewhere(page)):
        return Listing(parts=parts)
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
