"""What a column's page lists, read by a wrapper; else why there is nothing to read."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from tracker.core.law.county import Interface, ListRule
from tracker.evidence.page.barriers import (
    REASONS,
    barrier,
    loaded_by_script,
    says_building,
    says_column_empty,
    says_empty,
)
from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers import json_answers
from tracker.evidence.wrappers.described import described
from tracker.evidence.wrappers.frames import sole_frame
from tracker.evidence.wrappers.page_state import breaks_off
from tracker.evidence.wrappers.profile import profiles_of
from tracker.evidence.wrappers.read_list import read_list
from tracker.evidence.wrappers.script_rows import data_in_scripts
from tracker.evidence.wrappers.sources import ADVICE, any_interface, asked_by_file, elsewhere
from tracker.evidence.wrappers.values import Listing, ReadSoFar
from tracker.evidence.wrappers.wrapper import SourceKind, Wrapper, stored_wrapper
from tracker.evidence.wrappers.xml_tree import unpacked

#: Only for a column whose rule describes it.
_DESCRIBED = "interface"


def parse_listing(
    page: Page, dialect: str = "", interface: Interface | None = None, so_far: ReadSoFar | None = None,
    rule: ListRule | None = None,
) -> Listing:  # fmt: skip
    """What a column's page lists; a page that cannot be read is one not understood.

    `dialect`: the profile that the page must be of, where the rule says so; `interface` belongs to the one of that
    name; `rule`: how the rule says that its list is read. `so_far`: None of a page of which nothing is known.
    """
    so_far = so_far or ReadSoFar()
    if interface is not None:
        return described(page, interface) or _not_as_ruled(page, _DESCRIBED)
    draft = stored_wrapper(so_far.draft)
    if draft is not None and urlsplit(page.url).path.endswith(".js"):
        return asked_by_file(page, draft.url)
    page = unpacked(page)
    found = read_list(page, so_far, rule)
    if page.kind == "html" and rule is None and (found is None or not found.understood):
        data = data_in_scripts(page)
        found = (read_list(data, so_far) if data is not None else None) or found
    if found is not None and not found.understood and page.kind == "html":
        if barrier(page) is not None:
            found = None
        elif so_far.number > 1 and says_empty(page):
            return Listing(dialect="empty", cut=breaks_off(page, ()))
    if found is None and page.kind != "html":
        found = _other(page)
    if dialect:
        found = found or elsewhere(page)
        wrapper = stored_wrapper((found.wrapper if found is not None else "") or so_far.wrapper)
        if found is None or not _is_of(dialect, found, wrapper, page):
            return _not_as_ruled(page, dialect)
    if found is None:
        return _without_list(page)
    if page.kind == "html" and found.digest and says_column_empty(page):
        return _without_list(page)
    return found


def _is_of(dialect: str, found: Listing, wrapper: Wrapper | None, page: Page) -> bool:
    """Return whether a list that was read by a wrapper is of the profile, or of the kind, that a rule names."""
    if found.dialect == dialect or (dialect == "ucap" and found.dialect == "interface"):
        return True
    if wrapper is None or wrapper.kind is not SourceKind.PAGE:
        return False
    is_table = wrapper.link.startswith("tr/") or _TABLE_HEAD.search(page.visible) is not None
    return dialect == "list" or (dialect == "table" and is_table)


#: The heads of a catalogue that is no table.
_TABLE_HEAD = re.compile(r"(?:标题|名称|题名|事项).{0,40}(?:日期|时间|机构|单位|文号)")


def _other(page: Page) -> Listing:
    """What is no web page and holds no list: the files of one, an empty answer, or something else."""
    if (there := elsewhere(page)) is not None:
        return there
    if page.kind == "json" and json_answers.says_empty(page):
        profile = next(iter(profiles_of(page, SourceKind.JSON)), None)
        return Listing(dialect=profile.dialect if profile is not None else "interface")
    return Listing(understood=False, reason=_OTHER[page.kind])


_OTHER = {
    "json": f"栏目地址返回的是数据接口，没有认出列表；{ADVICE}",
    "xml": "栏目地址返回的 XML 不是认识的列表",
    "other": "栏目地址返回的不是网页",
}


def _not_as_ruled(page: Page, dialect: str) -> Listing:
    """The rule says what the column is; what does not look like it has changed, and is never empty."""
    if page.kind == "html" and (found := barrier(page)) is not None:
        return Listing(understood=False, reason=REASONS[found], barrier=found)
    return Listing(understood=False, reason=f"页面不是规则所定的列表（{dialect}），版式可能已变")


def _without_list(page: Page) -> Listing:
    if (found := barrier(page)) is not None:
        return Listing(understood=False, reason=REASONS[found], barrier=found)
    if (there := elsewhere(page)) is not None:
        return there
    if (inside := sole_frame(page)) is not None:
        return inside
    if says_building(page):
        return Listing(understood=False, reason=REASONS["building"], barrier="building")
    if loaded_by_script(page):
        return any_interface(page)
    if says_empty(page):
        return Listing(dialect="empty", cut=breaks_off(page, ()))
    if not page.text.strip():
        return Listing(understood=False, reason="网页是空的，没有任何内容")
    return Listing(understood=False, reason="页面中没有认出列表")
