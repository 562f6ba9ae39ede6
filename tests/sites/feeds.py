"""Feeds, site maps, and a JSON interface that only the county's file can describe."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from email.utils import format_datetime
from random import Random
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from tests.sites import words
from tests.sites.case import OWN, Case, Row
from tests.sites.plain import make_rows, pages_of

_ZONE = ZoneInfo("Asia/Shanghai")


def _quoted(text: str) -> str:
    return f"<![CDATA[{text}]]>"


def feeds(rng: Random) -> Iterator[Case]:
    county = words.COUNTIES[2]
    for n, encoding in enumerate(["utf-8", "gb2312"]):
        case = Case(f"rss/{n:02d}")
        all_rows = make_rows(rng, county, date(2015, 9, 29), 25, lambda day, n: f"/gk/{n}.html?from=rss&t=1")
        parts = []
        for k, r in enumerate(all_rows):
            assert r.day
            moment = datetime(r.day.year, r.day.month, r.day.day, 0, 30, tzinfo=_ZONE)
            printed = format_datetime(moment.astimezone(UTC), usegmt=True) if n == 0 else format_datetime(moment)
            title = _quoted(r.title) if k % 2 else escape(r.title)
            parts.append(
                f"<item><title>{title}</title><link>{OWN}{escape(r.url)}</link><description>{_quoted('<p>摘要 2014-01-01</p>')}</description><pubDate>{printed}</pubDate><guid isPermaLink='false'>{k}</guid></item>"
            )
        body = f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><title>{county}信息公开</title><link>{OWN}/</link><lastBuildDate>Wed, 30 Sep 2015 00:00:00 GMT</lastBuildDate>{"".join(parts)}</channel></rss>'
        case.put("/rss.xml", body, encoding=encoding, type="application/xml" if n else "application/rss+xml")
        case.column("/rss.xml", "feed", all_rows, traps=["feed-of-the-newest"], complete=False)
        yield case
    case = Case("atom/00")
    all_rows = make_rows(rng, county, date(2015, 9, 29), 12, lambda day, n: f"/yw/{n}.shtml")
    body = "".join(
        f'<entry><title type="html">{escape(r.title)}</title><link rel="alternate" href="{OWN}{r.url}"/><link rel="edit" href="{OWN}/admin{r.url}"/><id>urn:x:{k}</id><published>{r.day}T00:20:00+08:00</published><updated>2015-09-30T08:00:00+08:00</updated></entry>'
        for k, r in enumerate(all_rows)
    )
    case.put(
        "/atom.xml",
        f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>要闻</title><updated>2015-09-30T08:00:00Z</updated><link rel="self" href="{OWN}/atom.xml"/>{body}</feed>',
        type="application/atom+xml",
    )
    case.column("/atom.xml", "feed", all_rows, traps=["updated-beside-published"], complete=False)
    yield case
    case = Case("sitemap/00")
    urls = make_rows(rng, county, date(2015, 9, 29), 30, lambda day, n: f"/art/{day:%Y/%m/%d}/art_{n}.html")
    body = "".join(
        f"<url><loc>{OWN}{r.url}</loc><lastmod>{r.day}</lastmod><changefreq>monthly</changefreq></url>" for r in urls
    )
    case.put(
        "/sitemap.xml",
        f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{body}</urlset>',
        type="text/xml",
    )
    case.column("/sitemap.xml", "sitemap", [Row("", r.url, r.day) for r in urls], traps=["no-titles"], marks=False)
    yield case


def interface(rng: Random) -> Iterator[Case]:
    """An interface that only the county's file can describe."""
    shapes = [
        (
            {
                "items": "data.list",
                "title": "bt",
                "url": "lj",
                "date": "fbsj",
                "publisher": "jg",
                "pages": "data.pageCount",
                "page": "pageNo",
            },
            "string",
        ),
        (
            {"items": "articles", "title": "title", "url": "url", "date": "date", "page": "page", "pages": "pages"},
            "seconds",
        ),
    ]
    for n, (described, form) in enumerate(shapes):
        case = Case(f"interface/{n:02d}")
        all_rows = make_rows(
            rng, words.COUNTIES[n + 2], date(2015, 9, 28), 34, lambda day, n: f"/gkmlpt/content/1/{n}/post_{n}.html"
        )
        parts = pages_of(all_rows, 12)
        base = f"/api/list/{n}?cat=5&{described['page']}="
        for at, part in enumerate(parts):
            listed: list[dict[str, object]] = []
            for r in part:
                assert r.day
                when = (
                    f"{r.day} 09:30:00"
                    if form == "string"
                    else int(datetime(r.day.year, r.day.month, r.day.day, 0, 10, tzinfo=_ZONE).timestamp())
                )
                listed.append(
                    {
                        described["title"]: r.title,
                        described["url"]: OWN + r.url if n else r.url,
                        described["date"]: when,
                        "jg": "县环境保护局",
                        "id": len(listed),
                    }
                )
            answer = (
                {"code": 0, "data": {"pageCount": len(parts), "list": listed}}
                if n == 0
                else {"articles": listed, "pages": len(parts), "classify": {"id": 5}}
            )
            case.put(f"{base}{at + 1}", json.dumps(answer, ensure_ascii=False), type="application/json")
        case.column(f"{base}1", "interface", all_rows, traps=["described-by-rule"], interface=described)
        yield case


def cases(rng: Random) -> list[Case]:
    return [*feeds(rng), *interface(rng)]
