"""Hanweb JCMS and jpaas: rows in an XML store inside the page, further ones from an interface of the server."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from math import ceil
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tracker.evidence.listing.dialects import list as plain_list
from tracker.evidence.listing.dialects.arrows import counted_on
from tracker.evidence.listing.dialects.found import lost_in, rows_in
from tracker.evidence.listing.dialects.paging import find_paging
from tracker.evidence.listing.dialects.rows import finish, newest_first
from tracker.evidence.listing.values import Ask, Listing, unread_rows
from tracker.evidence.page.parsed import Page, resolve

#: More rows than this in one answer are no page of a list.
_MAX_RECORDS = 5000
#: How many pages of the reader's the server gives at once, where nothing else says it.
_GROUP = 3

_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_TOTAL = re.compile(r"<totalrecord\b[^>]*>\D{0,20}(\d{1,8})", re.IGNORECASE)
_HREF = re.compile(r"""href\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_TOTAL_SET = re.compile(r"""\btotal_?records?\b["']?\s*[:=]\s*["']?(\d{1,8})""", re.IGNORECASE)
_PER_PAGE = re.compile(r"""\bper_?page\b["']?\s*[:=]\s*["']?(\d{1,4})""", re.IGNORECASE)
_PROXY = re.compile(r"""\bproxyUrl\b["']?\s*[:=]\s*["']([^"']{1,500})["']""", re.IGNORECASE)
_FIELDS = re.compile(r"""\bajaxParam\b["']?\s*[:=]\s*(?:\{([^{}]{0,2000})\}|["']([^"']{0,2000})["'])""", re.IGNORECASE)
#: The same among the reader's own settings, in older pages.
_SETTINGS = re.compile(r"""\.jpage\s*\(\s*\{([^{}]{0,2000})\}""", re.IGNORECASE)
_SENT = {"col", "appid", "webid", "path", "columnid", "sourcecontenttype", "unitid", "webname", "permissiontype"}
_FIELD = re.compile(r"""["']?(\w{1,40})["']?\s*:\s*(?:"([^"]*)"|'([^']*)'|([\w./%-]*))""")
_UNIT = re.compile(r"""\burl\s*=\s*["']([^"']*/front/page/build/unit)["']""", re.IGNORECASE)
_UNIT_FIELDS = re.compile(r"""\bqueryData\s*=\s*(?:"(\{[^"]{1,2000}\})"|'(\{[^']{1,2000}\})')""", re.IGNORECASE)
_LIST_UNIT = re.compile(r"列表|分页|list|page|内容|当前栏目", re.IGNORECASE)


def read(page: Page) -> Listing | None:
    """A page with a store in it, or an answer of the interfaces that such a page names."""
    if page.kind == "json":
        return _unit_answer(page)
    if page.kind not in ("html", "xml"):
        return None
    if page.says("<datastore"):
        return _stored(page)
    if page.kind == "html" and page.says("/front/page/build/unit"):
        return _unit_page(page)
    if page.says("dataproxy.jsp") and (ask := _range(page, 1, None)) is not None:
        return Listing(dialect="jcms", parts=(ask,))
    return None


def _stored(page: Page) -> Listing:
    """The rows of the store. With several stores nobody knows which is the column's: none is whole."""
    stores = [records for store in _within(page.text, "datastore") if (records := _records(store))]
    if not stores:
        if any(match and int(match[1]) == 0 for match in (_TOTAL.search(page.text), _TOTAL_SET.search(page.text))):
            return Listing(dialect="jcms")
        if page.kind == "xml" and "<recordset" in page.lowered and _asked_range(page) not in (None, 1):
            return Listing(dialect="jcms")  # beyond the last record
        if page.kind == "html" and (ask := _range(page, 1, None)) is not None:
            return Listing(dialect="jcms", parts=(ask,))
        return Listing(understood=False, reason="列表数据区中没有记录，不能断定栏目是空的", dialect="jcms")
    records = [_bare(record) for store in stores for record in store]
    if len(records) > _MAX_RECORDS:
        return Listing(understood=False, reason=f"一页中的记录超过 {_MAX_RECORDS} 条", dialect="jcms")
    rows = rows_in(records, page)
    if (len(records) - len(rows)) * 4 > len(records):
        return Listing(understood=False, reason="列表数据区中有记录没有可用的链接", dialect="jcms")
    sightings = finish(rows, page)
    return Listing(
        sightings=sightings,
        dialect="jcms",
        ordered=any(one.claimed for one in sightings) and newest_first(sightings),
        digest=len(stores) > 1,
        **unread_rows(lost_in(records, len(rows), page), None),
        **_further(page, len(records)),
    )


def _records(store: str) -> Sequence[str]:
    return tuple(islice(_within(store, "record"), _MAX_RECORDS + 1))


def _within(text: str, name: str) -> Iterator[str]:
    """What stands between the tags of each element of a name. The last one may lack its end."""
    opening, closing, at = re.compile(rf"<{name}\b[^<>]*>", re.IGNORECASE), f"</{name}>", 0
    while match := opening.search(text, at):
        end = text.find(closing, match.end())
        if end < 0:
            if name == "datastore":
                yield text[match.end() :]
            return
        yield text[match.end() : end]
        at = end + len(closing)


def _further(page: Page, count: int) -> dict[str, Any]:
    """Where the records after these come from."""
    match = _TOTAL.search(page.text) or _TOTAL_SET.search(page.text)
    total = int(match[1]) if match else None
    first = _asked_range(page)
    until = (first or 1) + count - 1
    if total is not None and (first is not None or page.kind == "html") and until >= total:
        return {"items": total}
    ask = _range(page, until + 1, total) if first is not None or page.kind == "html" else None
    group = next(_within(page.text, "nextgroup"), "")[:3000]
    if ask is None and (href := _HREF.search(_bare(group))):
        url = resolve(page.base if page.kind == "html" else page.url, html.unescape(href[1]))
        ask = Ask(url) if url is not None and url != page.url else None
    if ask is None and page.kind == "html":
        paging = find_paging(page)  # a pager written out leads on too
        following = paging.next_url or (counted_on(page.url, total > until) if total is not None and count else None)
        return {"items": total, "next": Ask(following) if following else None, "numbered": paging.numbered,
                "total": paging.total, "more": following is None and not paging.numbered}  # fmt: skip
    ended = ask is None and page.kind == "xml" and first is None  # how many were seen is counted over all pages
    otherwise = find_paging(page).next_url if page.kind == "html" and "pageNum=" in page.text else None
    elsewhere = Ask(otherwise) if otherwise else None
    return {"items": total, "next": ask, "otherwise": elsewhere, "more": ask is None and not ended}


def _range(page: Page, start: int, total: int | None) -> Ask | None:
    """The records from `start` on: by what the page's script sends, or by what was sent for this answer."""
    if page.kind == "html":
        proxy = _PROXY.search(page.text)
        url = resolve(page.base, proxy[1]) if proxy else None
        form: tuple[tuple[str, str], ...] | None = _sent(page)
        if url is None or form is None:
            return None
        match = _PER_PAGE.search(page.text)
        per_page = max(1, int(match[1])) if match else 15
    else:
        url, form = page.url, page.form
        sent = dict(parse_qsl(urlsplit(url).query))
        per_page = int(sent["perpage"]) if sent.get("perpage", "").isdigit() else 15
    end = start + per_page * _GROUP - 1
    wanted = {"startrecord": start, "endrecord": min(end, total) if total else end, "perpage": per_page}
    return Ask(_with(url, {name: str(value) for name, value in wanted.items()}), form)


def _sent(page: Page) -> tuple[tuple[str, str], ...] | None:
    """The fields that name the column to the server; None where the page names none."""
    if (fields := _FIELDS.search(page.text)) is not None:
        return tuple(parse_qsl(fields[2])) if fields[2] else _pairs(fields[1] or "")
    settings = _SETTINGS.search(page.text)
    named = _pairs(settings[1]) if settings is not None else ()
    kept = tuple((name, value) for name, value in named if name.lower() in _SENT)
    return kept if any(name.lower() in ("columnid", "unitid") for name, _ in kept) else None


def _asked_range(page: Page) -> int | None:
    first = dict(parse_qsl(urlsplit(page.url).query)).get("startrecord", "")
    return int(first) if first.isdigit() and len(first) < 9 else None


def _pairs(inner: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, double or single or bare) for name, double, single, bare in _FIELD.findall(inner))


def _with(url: str, values: dict[str, str]) -> str:
    """The address with some of its fields set anew."""
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in values]
    return urlunsplit(parts._replace(query=urlencode([*kept, *values.items()])))


def _bare(text: str) -> str:
    """What a record holds, in CDATA or with its markup escaped."""
    inner = "".join(_CDATA.findall(text)) if "<![CDATA[" in text else text
    return html.unescape(inner) if "&lt;" in inner and "<a" not in inner else inner


# -- jpaas: the list is one of the units that a script asks the server for ----------------------------


def _unit_page(page: Page) -> Listing | None:
    """The one unit that is called a list; None where the page names none, not understood where several."""
    asks: dict[Ask, str] = {}
    for node in page.tree.css("[url]")[:200]:
        url = node.attributes.get("url") or ""
        attributes = {name.lower(): value or "" for name, value in node.attributes.items()}
        if url.endswith("/front/page/build/unit") and (fields := _unit_fields(attributes.get("querydata", ""))):
            target = resolve(page.base, url)
            if target is not None:
                asks[Ask(f"{target}?{urlencode(fields)}")] = fields.get("tagId", "")
    if not asks:
        return None
    chosen = tuple(ask for ask, tag in asks.items() if len(asks) == 1 or _LIST_UNIT.search(tag))
    if len(chosen) != 1:
        return Listing(understood=False, reason="页面由多个脚本单元拼成，分不清哪个是栏目的列表", dialect="jcms")
    return Listing(dialect="jcms", parts=chosen)


def _unit_fields(text: str) -> dict[str, str]:
    return dict(_pairs(text.strip().strip("{}")))


def _unit_answer(page: Page) -> Listing | None:
    """The markup of one unit, inside JSON."""
    try:
        answer = json.loads(page.text)
    except (ValueError, RecursionError):
        return None
    data = answer.get("data") if isinstance(answer, dict) else None
    markup = data.get("html") if isinstance(data, dict) else None
    if not isinstance(markup, str):
        return None
    found = plain_list.read(page.holding(markup))
    if found is None:
        return Listing(understood=False, reason="列表接口返回的内容中没有认出列表", dialect="jcms")
    if not found.understood:
        return found
    return _unit_listing(page, found, markup)


def _unit_listing(page: Page, found: Listing, markup: str) -> Listing:
    sent = dict(parse_qsl(urlsplit(page.url).query))
    try:
        wanted = json.loads(sent.get("paramJson", "{}"))
        number = int(wanted.get("pageNo", 1)) if isinstance(wanted, dict) else 1
    except (ValueError, TypeError, RecursionError):
        number = 1
    values = {name.lower(): int(value) for name, value in re.findall(r"""\b(count|rows|pageSize|pageNo)\s*=\s*["']?(\d{1,7})\b""", markup)}  # fmt: skip  # noqa: E501
    size = values.get("rows") or values.get("pagesize") or len(found.sightings)
    total = values.get("count")
    following = None
    if total is not None and number * size < total:
        following = Ask(_with(page.url, {"paramJson": json.dumps({"pageNo": number + 1, "pageSize": size})}))
    return Listing(
        sightings=found.sightings,
        dialect="jcms",
        next=following,
        total=ceil(total / size) if total is not None and size else None,
        items=total,
        more=total is None and (found.more or found.next is not None or bool(found.numbered)),
        ordered=found.ordered,
        digest=found.digest,
        residue=found.residue,
        residue_day=found.residue_day,
    )
