"""Boda (VSB): every row is marked, `line_u9_0`; articles are `info/COL/ID.htm`, further pages `COL/11.htm`."""

from __future__ import annotations

import re
from collections import defaultdict

from tracker.evidence.listing.dialects.elements import Element
from tracker.evidence.listing.dialects.found import held
from tracker.evidence.listing.dialects.groups import Group, choose, weigh
from tracker.evidence.listing.dialects.list import listing_of
from tracker.evidence.listing.dialects.outline import Outline
from tracker.evidence.listing.dialects.paging import find_paging
from tracker.evidence.listing.dialects.table import read as read_table
from tracker.evidence.listing.values import Listing
from tracker.evidence.page.parsed import Page

_LINE = re.compile(r"^line(?:imgsrc)?_?(u\d+)_\d+$")


def read(page: Page) -> Listing | None:
    """The list whose rows are marked; None where none is."""
    if page.kind != "html" or not page.says("line_u", "lineu"):
        return None
    if page.says("<th") and (catalogue := read_table(page)) is not None:
        return catalogue  # heads say more than marks
    outline = Outline(page, loose=True)
    if outline.crowded:
        return Listing(understood=False, reason="页面链接过多，不是可读的列表", dialect="boda")
    groups: dict[str, Group] = defaultdict(Group)
    for row in held(outline, lambda element: _unit(element) is not None):
        groups[_unit(row.element) or ""].found.append(row)
    for group in groups.values():
        weigh(group, page, marked=True)
    lists = [group for group in groups.values() if group.rows]
    if not lists:
        return None
    paging = find_paging(page)
    choice = choose(lists, paging, page)
    return listing_of(choice, outline, page, paging, "boda")


def _unit(element: Element) -> str | None:
    match = _LINE.match(element.ident)
    return match[1] if match else None
