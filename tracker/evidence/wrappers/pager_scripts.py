"""Pagers that a script draws: followed where their addresses follow from the page, else said to be there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import re2

from tracker.evidence.page.parsed import Page, resolve

#: One of these stands in whatever is looked for below: the cheap look before the dear one.
_WORDS = (
    "createpage", "totalpage", "total_page", "pagecount", "page_count", "countpage", "count_page", "pager(",
    "dataproxy.jsp", "laypage", "jqpaginator", ".pagination", ".paging", ".twbspagination", ".pager", "loadmore",
    "load_more", "scrollload", "scroll_load", "pagination(", "pagetotal", "totalnum", "createpagination",
    "scroll(", "onscroll",
)  # fmt: skip
#: Any of them, in whatever case: in the page at all, and then in its scripts.
_IN_PAGE = tuple(f"(?i){word}" for word in _WORDS)
_ANY_WORD = re2.compile(f"(?i){'|'.join(map(re2.escape, _WORDS))}")
#: The same in the page itself.
_DRAWN = ("加载更多", "<el-pagination", "<a-pagination", "<van-pagination", "<b-pagination", "<uni-pagination")
_CALL = re.compile(r"createPageHTML\w*\s*\(([^()]{0,300})\)", re.IGNORECASE)
_PAGER = re.compile(r"\bPager\s*\(\s*\{([^{}]{0,400})\}", re.IGNORECASE)
_COUNT = re.compile(
    r"""\b_?n?(?:total_?pages?|page_?count|count_?page|total_?page_?num|page_?total)\b["']?\s*[=:]\s*["']?(\d{1,5})""",
    re.IGNORECASE,
)
_CURRENT = re.compile(
    r"""\b_?n?(?:current_?page|cur_?page|now_?page|curr_?page|cur_?index|curr_?index|page_?index)\b\s*[=:]\s*["']?(\d{1,5})""",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"scroll\b[\s\S]{0,600}?(?:\+\+\s*p(?:age|g|n)|\bp(?:age|g|n)?\w{0,8}\s*(?:\+\+|\+=\s*1))|scroll\b[^;]{0,200}?(?:\+\+|\+=\s*1|loadMore|getMore|getList|loadData)|dataproxy\.jsp|laypage|jqPaginator|\.(?:pagination|paging|twbsPagination|pager)\s*\(|createPage\w*\("
    r"|createPagination\w*\(|load_?more|加载更多|scroll_?load",
    re.IGNORECASE,
)
#: Two literals that a script joins are one.
_JOINED = re.compile(r"""["']\s*\+\s*["']""")
_SCHEME = re.compile(r"""([A-Za-z][\w-]{0,60})_["']\s*\+\s*\(?[\s\w+]{1,40}\)?\s*\+\s*["']\.(s?html?)\b""")
#: The address of a part of the page, to which a script adds the number of its page at the end.
_PART = re.compile(
    r"""["']([^"'\s<>]{1,400}[?&](?:page|page_?no|page_?num|page_?index|current_?page|cur_?page|pn)=)["']\s*"""
    r"""\+\s*(?:(\w{1,40})|\(\s*\w{1,40}\s*\+\s*(1)\s*\))(?=\s*[,;)}\n])""",
    re.IGNORECASE,
)
_MOST_PAGES = 1000
_OWN_NUMBER = re.compile(r"_(\d{1,5})\.\w+$")


@dataclass(frozen=True, slots=True)
class ScriptPager:
    """What the scripts of a page say about its further pages. `pages`, `items`: how many there are; `next_url`: the
    next one, `otherwise_url`: where it is if nothing is there; `index`: where the script counts the page;
    `is_uncertain`: there may be further ones, and nobody can tell where; `numbered`: pages by their numbers."""

    pages: int | None = None
    items: int | None = None
    next_url: str | None = None
    otherwise_url: str | None = None
    index: int | None = None
    is_uncertain: bool = False
    numbered: Mapping[int, str] = field(default_factory=dict)


def read_script_pager(page: Page) -> ScriptPager | None:
    """None where no script draws a pager."""
    if not page.says(*_IN_PAGE) or not _ANY_WORD.search(page.scripts):
        return ScriptPager(is_uncertain=True) if page.says(*_DRAWN) else None
    text = page.scripts
    for call in _CALL.finditer(text):
        if (found := _called(page, call[1])) is not None:
            return found
    for call in _PAGER.finditer(text):
        if (found := _described(page, call[1])) is not None:
            return found
    count, current = _COUNT.search(text), _CURRENT.search(text)
    if count is not None and current is not None:
        schemes = set(_SCHEME.findall(_JOINED.sub("", text)))
        if len(schemes) == 1:
            return _numbered(page, int(count[1]), int(current[1]), *schemes.pop())
        if parts := _parts(page, int(count[1]), int(current[1])):
            return ScriptPager(pages=int(count[1]), numbered=parts)
    if count is None and not _GENERIC.search(text):
        return None
    return ScriptPager(pages=int(count[1]) or None if count else None, is_uncertain=_GENERIC.search(text) is not None)


def _parts(page: Page, count: int, current: int) -> dict[int, str]:
    """The addresses of a first page's further ones; none where the script counts from another number than they do."""
    found = {(one[1], bool(one[3])) for one in _PART.finditer(page.scripts)}
    if len(found) != 1 or not 1 < count <= _MOST_PAGES:
        return {}
    address, raised = found.pop()
    if current + raised != 1:
        return {}
    urls = {number: resolve(page.base, f"{address}{number}") for number in range(2, count + 1)}
    return {number: url for number, url in urls.items() if url is not None}


def _called(page: Page, inner: str) -> ScriptPager | None:
    """createPageHTML(count, index, name, ext), or (container, count, index, name, ext, items)."""
    values = [_value(page, one) for one in inner.split(",")]
    contained = bool(values) and not values[0].isdigit()
    if contained:
        values = values[1:]
    if len(values) < 2 or not (values[0].isdigit() and len(values[0]) < 6):
        return None  # the function itself, or something else of that name
    count = int(values[0])
    if len(values) < 4 or not values[1].isdigit() or not re.fullmatch(r"[\w./-]+", values[2] + values[3]):
        return ScriptPager(pages=count, is_uncertain=count > 1)
    items = int(values[4]) if contained and len(values) > 4 and values[4].isdigit() and len(values[4]) < 8 else None
    return _numbered(page, count, int(values[1][:6]), values[2], values[3].lstrip("."), items)


def _described(page: Page, inner: str) -> ScriptPager | None:
    fields = {name.lower(): value for name, value in re.findall(r"""["']?(\w+)["']?\s*:\s*["']?([\w./-]*)""", inner)}
    count, current = fields.get("size", fields.get("total", "")), fields.get("current", "")
    if not (count.isdigit() and current.isdigit() and len(count) < 6 and fields.get("prefix") and fields.get("suffix")):
        return None
    return _numbered(page, int(count), int(current[:6]), fields["prefix"], fields["suffix"].lstrip("."))


def _numbered(page: Page, count: int, index: int, name: str, ext: str, items: int | None = None) -> ScriptPager:
    """`name.ext`, `name_1.ext`, `name_2.ext` …, or `name.ext`, `name_2.ext` …

    Systems differ in whether the script counts pages from 0 or from 1, and the addresses too. What the page's
    own address tells decides; where it tells nothing, one is tried after the other.
    """
    own = _OWN_NUMBER.search(urlsplit(page.url).path)
    here = int(own[1]) if own is not None else None

    def at(number: int) -> str | None:
        return resolve(page.url, f"{name}_{number}.{ext}")

    if count <= 1:
        return ScriptPager(count or None, items, index=index)
    if (here is None and index > 1) or (here is not None and index not in (here, here + 1)):
        return ScriptPager(count, items, index=index, is_uncertain=True)
    if index >= count:
        return ScriptPager(count, items, index=index)
    if here is None:
        return ScriptPager(count, items, at(1), at(2) if index == 1 else None, index)
    if index == here and here + 1 == count:  # the last page, counted from 0, or the last but one
        return ScriptPager(count, items, None, at(count), index)
    return ScriptPager(count, items, at(here + 1), index=index)


def _value(page: Page, text: str) -> str:
    """A literal, or what a variable of the page holds."""
    text = text.strip()
    if not re.fullmatch(r"[A-Za-z_]\w{0,40}", text):
        return text.strip("\"' ")
    match = re.search(rf"""\b{text}\s*=\s*["']?([\w./-]+)""", page.scripts)
    return match[1] if match else text
