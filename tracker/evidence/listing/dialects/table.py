"""Tables with a head: the disclosure catalogue (索引号 · 信息名称 · 文号 · 发布日期 · 发布机构) and its kin."""

from __future__ import annotations

import re
from typing import Literal

from tracker.core.values.facts import Moment
from tracker.evidence.listing.dialects.grids import grids
from tracker.evidence.listing.dialects.paging import find_paging, listed
from tracker.evidence.listing.dialects.rows import NO_TITLE, ListingRow, finish, full_title, is_readable, newest_first
from tracker.evidence.listing.values import Listing
from tracker.evidence.page.dates import MonthDay, find_moment, strict_month_day
from tracker.evidence.page.orders import Three, settled, three
from tracker.evidence.page.parsed import Node, Page, short_text, squeeze

Role = Literal["title", "date", "signed", "publisher", "other"]

#: What the heads of the columns are called; of two dates the first in this order is the publication's.
_HEADS: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (
        "title",
        re.compile(
            r"^(信息|文件|公开|政策|公告|项目|事项|文章)?(名称|标题|题名|题目|内容名称)$|^(主题|内容|事项|公开事项|信息内容)$"
        ),
    ),
    ("date", re.compile(r"^(信息)?(发布|公开|公布|发文|上网|更新|公示)(日期|时间)$|^(日期|时间)$|^生成日期$")),
    ("signed", re.compile(r"^(成文|签发|印发|制发)(日期|时间)$")),
    ("publisher", re.compile(r"^(发布|公开|发文|责任|制发|信息)?(机构|单位|机关|部门|来源)(名称)?$|^信息来源$")),
    (
        "other",
        re.compile(
            r"^(索引号|索取号|信息索引|文号|发文字号|文件编号|序号|编号|分类|主题分类|体裁分类|主题词|有效性|点击|浏览量|状态|操作|查看)$"
        ),
    ),
)
#: The name of an entry, as a head of its own: without one there is no catalogue to look for.
_ANY_HEAD = re.compile(
    r">[\s&nbsp;]*(?:信息|文件|公开|政策|公告|项目|事项|文章|内容)?(?:名[\s&nbsp;]*称|标[\s&nbsp;]*题|题\s*名|题\s*目)[\s↑↓▲▼&nbsp;]*<"
    r"|>\s*(?:主题|内容|事项|公开事项|信息内容)\s*<"
)
#: One of them is in whatever that matches.
_HEAD_WORDS = ("名", "题", "主题", "内容", "事项")
_ANY_WORD = re.compile(r"^(?:信息|文件|公开|政策|公告|项目|事项|文章|内容)?(?:名称|标题|题名|题目)$")
_SORTING = re.compile(r"[\s↑↓▲▼]+")
_DATE_ORDER = ("发布", "公开", "公布", "上网", "公示", "生成", "日期", "时间", "发文", "更新")


def read(page: Page) -> Listing | None:
    """The first table whose head names a title and a date or publisher; None where there is none."""
    if page.kind != "html" or not (page.says(*_HEAD_WORDS) and _ANY_HEAD.search(page.text)):
        return None
    for place, table in enumerate(tables := page.tree.css("table")[:200]):
        lines = _lines(table)
        found = _head(lines)
        if found is None:
            continue
        at, roles = found
        body = lines[at + 1 :]
        if not body and place + 1 < len(tables):
            body = [line for line in _lines(tables[place + 1]) if len(line) == len(roles)]
        if rows := _rows(body, roles, page):
            return _listing(rows, page)
    for lines in grids(page, _ANY_WORD):
        if (found := _head(lines[:1])) is not None:
            roles = found[1]
            if rows := _rows([line[: len(roles)] for line in lines[1:]], roles, page):
                return _listing(rows, page)
    return None


def _listing(rows: list[ListingRow], page: Page) -> Listing:
    sightings = finish(rows, page)
    ordered = any(one.claimed for one in sightings) and newest_first(sightings)
    return listed(sightings, find_paging(page), page, "table", ordered=ordered)


def _lines(table: Node) -> list[list[Node]]:
    """The cells of the table's own rows, spans made whole; rows of tables inside it are not its own."""
    lines: list[list[Node]] = []
    hanging: dict[int, tuple[Node, int]] = {}  # column → the cell that hangs down into it, for how many rows yet
    for row in table.css("tr")[:3000]:
        if _owner(row) != table.mem_id:
            continue
        cells: list[Node] = []
        child = row.child
        while child is not None:
            if child.tag in ("td", "th"):
                _hang(cells, hanging)
                deep = _span(child, "rowspan", 500)
                for _ in range(_span(child, "colspan", 20)):
                    if deep > 1:
                        hanging[len(cells)] = child, deep - 1
                    cells.append(child)
            child = child.next
        _hang(cells, hanging)
        lines.append(cells)
    return lines


def _hang(cells: list[Node], hanging: dict[int, tuple[Node, int]]) -> None:
    """Put in what hangs down from the rows above into the next columns."""
    while (held := hanging.get(len(cells))) is not None and len(cells) < _WIDEST:
        cell, left = held
        if left > 1:
            hanging[len(cells)] = cell, left - 1
        else:
            del hanging[len(cells)]
        cells.append(cell)


_WIDEST = 40


def _owner(row: Node) -> int | None:
    parent = row.parent
    for _ in range(4):
        if parent is None or parent.tag == "table":
            break
        parent = parent.parent
    return parent.mem_id if parent is not None else None


def _span(cell: Node, name: str, most: int) -> int:
    text = cell.attributes.get(name) or "1"
    return max(1, min(int(text), most)) if text.isdigit() and len(text) < 4 else 1


def _head(lines: list[list[Node]]) -> tuple[int, list[str]] | None:
    """The place of the head and the role of each column; a date's role keeps its words."""
    for at, cells in enumerate(lines[:8]):
        if not 2 <= len(cells) <= 20:
            continue
        words = [_SORTING.sub("", short_text(cell, 16) or "") for cell in cells]
        roles = [next((role for role, head in _HEADS if head.match(word)), "") for word in words]
        if "title" in roles and ({"date", "signed", "publisher"} & set(roles) or "索引号" in words):
            return at, [f"date:{word}" if role == "date" else role for role, word in zip(roles, words, strict=True)]
    return None


def _rows(lines: list[list[Node]], roles: list[str], page: Page) -> list[ListingRow]:
    """The rows that have an address to follow and a readable title."""
    title_at = roles.index("title")
    dates_at = sorted(
        (at for at, role in enumerate(roles) if role.startswith("date:")), key=lambda at: _rank(roles[at])
    )
    publisher_at = roles.index("publisher") if "publisher" in roles else None
    rows: list[ListingRow] = []
    threes: list[tuple[ListingRow, Three]] = []
    for cells in lines:
        if len(cells) != len(roles) or len({cell.mem_id for cell in cells}) == 1 < len(cells):
            continue  # an entry, if it is one, printed in another manner than the head promises
        when = next((found for at in dates_at if (found := _when(cells[at], page)) is not None), None)
        link = _link(cells, title_at, page)
        if link is None or not any(map(str.isalnum, link[1])) or not is_readable(link[1]):
            continue
        url, title = link
        publisher = squeeze(cells[publisher_at].text()) if publisher_at is not None else ""
        rows.append(ListingRow(url, title, when, publisher))
        if when is None and dates_at and (numbers := three(cells[dates_at[0]].text())) is not None:
            threes.append((rows[-1], numbers))
    moments = settled([numbers for _, numbers in threes], page.today, page.zone)
    for (row, _), moment in zip(threes, moments, strict=True):
        row.when = moment
    return rows


def _rank(role: str) -> int:
    return next((rank for rank, word in enumerate(_DATE_ORDER) if word in role), len(_DATE_ORDER))


def _link(cells: list[Node], title_at: int, page: Page) -> tuple[str, str] | None:
    own = [(node, url) for node in cells[title_at].css("a[href]") if (url := _address(node, page))]
    others = own or [(node, url) for cell in cells for node in cell.css("a[href]") if (url := _address(node, page))]
    if not others:
        return None
    node, url = max(others, key=lambda one: len(one[0].text())) if len(others) > 1 else others[0]
    text = node.text()
    words = text if own and not NO_TITLE.match(squeeze(text)) else _first_line(cells[title_at])
    return url, full_title(words, (node.attributes.get("title") or "") if own else "")


def _first_line(cell: Node) -> str:
    """What a cell says before the particulars that a box in it may hold."""
    return next((line for line in cell.text(separator="\n").split("\n") if squeeze(line)), "")


def _address(node: Node, page: Page) -> str | None:
    return page.address(node)


def _when(cell: Node, page: Page) -> Moment | MonthDay | None:
    text = cell.text()
    return find_moment(text, page.zone) or strict_month_day(text)
