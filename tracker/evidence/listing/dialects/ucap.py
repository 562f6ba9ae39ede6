"""UCAP and its kin: columns that are JSON, asked for by the page's script."""

from __future__ import annotations

import re
from math import ceil
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tracker.evidence.listing.dialects import list as plain_list
from tracker.evidence.listing.dialects.interface import answered, at, lost_of, sightings_of, well, with_field
from tracker.evidence.listing.dialects.rows import newest_first
from tracker.evidence.listing.values import Ask, Listing
from tracker.evidence.page.parsed import Page, resolve

#: What the fields of an entry are called, in this order of trust; text before numbers, since the numbers
#: of some installations are hours off what they show.
_TITLES = ("title", "articleTitle", "infoTitle", "docTitle", "name", "subject", "infoname", "bt", "TITLE", "DOCTITLE")
_URLS = (
    "url",
    "link",
    "href",
    "docPubUrl",
    "docpuburl",
    "pubUrl",
    "articleUrl",
    "infoUrl",
    "linkUrl",
    "URL",
    "htmlUrl",
)
_DATES = (
    "publishedTimeStr", "publishTimeStr", "pubDateStr", "display_publish_time", "publishedTime", "publishTime",
    "publish_time", "publishDate", "publish_date", "pubDate", "pubdate", "pubTime", "pub_time", "docRelTime",
    "docreltime", "releaseTime", "releaseDate", "deploytime", "DOCRELTIME", "PUBDATE", "fbsj", "showTime",
    "displayDate", "date", "time", "created_at", "createTime",
)  # fmt: skip
_PUBLISHERS = ("source", "publisher", "contentSource", "siteName", "docSource", "deptName", "orgName")
_TOTALS = ("total", "totalCount", "totalElements", "totalRecord", "count", "totalNum")
_SIZES = ("rows", "pageSize", "_pageSize", "size", "limit", "pagesize")
_PAGE_FIELDS = ("page", "pageNo", "pageNum", "pageIndex", "currentPage", "pageNumber", "curPage")

_LITERAL = re.compile(
    r"""["'`]((?:https?://[\w.:-]+)?/[\w/-]*(?:search|searchList)/[0-9a-zA-Z]{6,40}(?:\?[^"'`\s]*)?)["'`]"""
)
_PREFIX = re.compile(
    r"""["'`]((?:https?://[\w.:-]+)?/[\w/-]*(?:search|searchList)/)["'`]\s*\+|["'`]((?:https?://[\w.:-]+)?/[\w/-]*(?:search|searchList)/)\$\{"""
)
_CHANNEL = re.compile(r"""\bchannel_?id\b["']?\s*[:=]\s*["']([0-9a-zA-Z]{6,40})["']""", re.IGNORECASE)
_SIZE = re.compile(r"\b_?pageSize\b[\"']?\s*[:=]\s*[\"']?(\d{1,3})")


def read(page: Page) -> Listing | None:
    """An answer of such an interface, or a page whose own list is the answer of one."""
    if page.kind == "json":
        return _answer(page)
    if page.kind != "html" or not page.says("_isJson", "/searchList/"):
        return None
    asks = _named(page)
    if not asks or plain_list.has_own(page):
        return None
    if len(asks) > 1:
        return Listing(understood=False, reason="页面从多个接口取数据，分不清哪个是栏目的列表", dialect="ucap")
    return Listing(dialect="ucap", parts=(Ask(asks.pop()),))


def _named(page: Page) -> set[str]:
    """The interfaces that the page's scripts name: in one piece, or as a prefix and one channel."""
    found = {match[1] for match in _LITERAL.finditer(page.text)}
    if not found:
        prefixes = {match[1] or match[2] for match in _PREFIX.finditer(page.text)}
        channels = set(_CHANNEL.findall(page.text))
        if len(prefixes) == 1:
            found = {f"{prefixes.copy().pop()}{channel}" for channel in channels}
    size = _SIZE.search(page.text)
    addresses = set()
    for one in found:
        url = resolve(page.base, one)
        if url is not None:
            for name, value in (("_isJson", "true"), ("_pageSize", size[1] if size else "20"), ("page", "1")):
                if not dict(parse_qsl(urlsplit(url).query)).get(name):
                    url = with_field(url, name, value)
            addresses.add(url)
    return addresses


def _answer(page: Page) -> Listing | None:
    answer = answered(page)
    holder, items = _items(answer)
    if items is None:
        return None
    total, size = _first(holder, answer, _TOTALS), _first(holder, answer, _SIZES) or _asked_size(page)
    if not items:
        # Only the interface's own word makes a column empty, or its last page the last.
        said = well(answer) and (total == 0 or _page_number(page)[1] > 1)
        return Listing(dialect="ucap", items=total) if said else None
    title = next((name for name in _TITLES if all(isinstance(one.get(name), str) for one in items)), "")
    url = next(
        (name for name in _URLS if sum(isinstance(one.get(name), str) for one in items) * 4 > 3 * len(items)), ""
    )
    if not title or not url:
        return None
    sightings = sightings_of(page, items, title, url, _DATES, _PUBLISHERS)
    if not sightings or (len(items) - len(sightings)) * 4 > len(items):
        return Listing(understood=False, reason="接口返回的条目没有可用的链接", dialect="ucap")
    if "_isJson" not in page.url and not any(one.claimed for one in sightings):
        return None  # a menu
    return Listing(
        sightings=sightings,
        dialect="ucap",
        ordered=any(one.claimed for one in sightings) and newest_first(sightings),
        **lost_of(page, items, title, url, _DATES, sightings),
        **_further(page, len(items), total, size),
    )


def _further(page: Page, count: int, total: int | None, size: int | None) -> dict[str, Any]:
    name, number = _page_number(page)
    size = size if size and size >= count else count
    if total is None:
        return {"more": True}
    if number * size >= total:
        return {"items": total, "total": number}
    following = with_field(page.url, name or "page", str(number + 1)) if name or "_isJson" in page.url else None
    return {
        "items": total,
        "total": ceil(total / size),
        "next": Ask(following) if following else None,
        "more": following is None,
    }


def _asked_size(page: Page) -> int | None:
    """Return how many entries a page was asked to hold, where its address says so."""
    fields = dict(parse_qsl(urlsplit(page.url).query))
    return next(
        (int(fields[name]) for name in _SIZES if fields.get(name, "").isdigit() and len(fields[name]) < 5), None
    )


def _page_number(page: Page) -> tuple[str, int]:
    fields = dict(parse_qsl(urlsplit(page.url).query))
    for name in _PAGE_FIELDS:
        if (text := fields.get(name, "")).isdigit() and len(text) < 7:
            return name, int(text)
    return "", 1


def _items(answer: Any) -> tuple[Any, list[dict[str, Any]] | None]:
    """The list of entries and what holds it, looked for where such interfaces keep them."""
    for path in ("data.results", "results.data.results", "data.list", "data.rows", "data.records", "data.data",
                 "data.items", "results", "list", "rows", "records", "articles", "items", "data", "result.list",
                 "result.records", "result.data", "result", "docs", ""):  # fmt: skip
        found = at(answer, path)
        if isinstance(found, list) and len(found) <= 5000 and all(isinstance(one, dict) for one in found):
            return at(answer, path.rpartition(".")[0]), found
    return None, None


def _first(holder: Any, answer: Any, names: tuple[str, ...]) -> int | None:
    for where in (holder, answer):
        for name in names:
            value = where.get(name) if isinstance(where, dict) else None
            if isinstance(value, str) and value.isdigit() and len(value) < 9:
                value = int(value)
            if isinstance(value, int) and not isinstance(value, bool):
                return value
    return None
