"""Readers of what sites send: lists, articles, interfaces, feeds, and pages whose kind is not known."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from fuzz.reader import Reader
from fuzz.wounds import wounded
from tests.evidence.cut_pages import PAGES
from tracker.core.law.county import DIALECTS, Interface
from tracker.evidence.article.read import parse_article
from tracker.evidence.fetch.unpack import BrokenPacking, CannotUnpack, TooLarge, Unpacker
from tracker.evidence.listing.inspect import seen_at
from tracker.evidence.page.parsed import Page
from tracker.evidence.reading.readings import glance
from tracker.evidence.wrappers.parsing import parse_listing
from tracker.evidence.wrappers.values import Listing, ReadSoFar

SITES = Path(__file__).resolve().parents[1] / "tests" / "sites"
SHANGHAI, TODAY = ZoneInfo("Asia/Shanghai"), date(2015, 9, 30)
TYPES = (
    "text/html",
    "text/html; charset=gbk",
    "text/xml",
    "application/json",
    "application/rss+xml",
    "charset=none",
    "",
)
URLS = (
    "http://www.yangli.gov.cn/hjbh/",
    "http://www.yangli.gov.cn/info/1029/3301.htm",
    "http://www.yangli.gov.cn/a.pdf",
)
DESCRIBED = Interface(items="data.results", title="title", url="url", date="publishedTime", pages="n", page="p")


@cache
def kept_pages() -> tuple[bytes, ...]:
    """Pages of the corpus, and the list pages that are cut in the tests."""
    found = [
        path.read_bytes() for path in sorted(SITES.rglob("*")) if path.is_file() and path.suffix not in (".py", ".md")
    ]
    return (*(body for body in found if 0 < len(body) < 200_000), *(page.encode() for page in PAGES.values()))


def of(start: tuple[bytes, ...]) -> list[bytes]:
    return [body for body in kept_pages() if body.lstrip().startswith(start)]


PageCase = tuple[bytes, str, str, str]


def pages(seeds: list[bytes]) -> st.SearchStrategy[PageCase]:
    """A body, its address, its type, and the profile that a rule names."""
    return st.tuples(wounded(seeds), st.sampled_from(URLS), st.sampled_from(TYPES), st.sampled_from(("", *DIALECTS)))


def page_of(case: PageCase) -> Page:
    return Page(case[1], case[0], SHANGHAI, TODAY, case[2])


def check_listing(case: PageCase) -> None:
    """A list is understood or says why not, and keeps as JSON what it is."""
    page, dialect = page_of(case), case[3]
    interface = DESCRIBED if dialect == "interface" else None
    first = parse_listing(page)
    further = ReadSoFar(wrapper=first.wrapper, number=2, rows=len(first.sightings), above=first.newest)
    forced = parse_listing(replace(page), dialect, interface)
    for listing in (first, forced, parse_listing(replace(page), so_far=further)):
        assert listing.understood or listing.reason
        assert all(entry.url.startswith("http") and 0 < len(entry.title) <= 500 for entry in listing.sightings)
        assert len({entry.url for entry in listing.sightings}) == len(listing.sightings)
        assert Listing.from_json(listing.to_json()) == listing


Torn = tuple[str, list[tuple[float, str]], float]
#: Changes of a list that leave its markup whole.
_MENDED = ("公告", "通知", " ", "&nbsp;", "2015-09-2", "第", "、", "A")


def check_torn(case: Torn) -> None:
    """A page that breaks off is not held to be whole, unless all its rows were there."""
    name, changes, place = case
    text = PAGES[name]
    for where, words in changes:  # in the words of a title
        at = text.find("号环境监测", int(where * len(text)))
        text = text[:at] + words + text[at:] if at > 0 else text
    body = text.encode()
    whole = parse_listing(Page(URLS[0], body, SHANGHAI, TODAY, "text/html"))
    torn = parse_listing(Page(URLS[0], body[: int(place * len(body))], SHANGHAI, TODAY, "text/html"))
    if torn.understood and not torn.cut:
        missing = {entry.url for entry in whole.sightings} - {entry.url for entry in torn.sightings}
        assert whole.understood
        assert not missing, f"held to be whole without {len(missing)} rows"


def check_article(case: PageCase) -> None:
    """An article has a text, or says why it has none."""
    article = parse_article(page_of(case))
    assert (article.text is None) == (article.state == "unreadable")
    assert article.state == "read" or article.reason


def check_kind(case: PageCase) -> None:
    """A page is of one of the kinds, or says why nobody can tell."""
    page = page_of(case)
    seen = seen_at(page.url, glance(page))
    assert seen.kind in ("listing", "article", "file", "missing", "unverifiable")
    assert seen.kind != "unverifiable" or seen.reason


def check_packing(case: tuple[bytes, str]) -> None:
    """Packed bytes come out within their limit, or one of three errors says why not."""
    body, encoding = case
    out = 0
    try:
        unpacker = Unpacker(encoding, 1_000_000)
        for start in range(0, len(body), 4096):
            out += sum(map(len, unpacker.feed(body[start : start + 4096])))
        unpacker.end(empty=not body)
    except (TooLarge, CannotUnpack, BrokenPacking):
        pass
    assert out <= 1_000_000


def packed_seeds() -> list[bytes]:
    import gzip
    import zlib

    text = kept_pages()[0] * 3
    return [
        gzip.compress(text),
        zlib.compress(text),
        gzip.compress(gzip.compress(text)),
        gzip.compress(bytes(4_000_000)),
    ]


ENCODINGS = ("gzip", "deflate", "br", "gzip, gzip", "x-gzip", "identity", "zstd", "gzip, deflate, br, gzip", "")
_JSON_RECORD = {"title": "第9号公告", "url": "/a/9.html", "publishedTime": 1443403800000}
JSON = [
    json.dumps({"data": {"total": 8, "n": 1, "results": [_JSON_RECORD] * 8}}, ensure_ascii=False).encode(),
    b"cb(" + json.dumps([_JSON_RECORD] * 3).encode() + b");",
]

READERS = (
    Reader("html-list", lambda: pages(of((b"<",))), check_listing),
    Reader("html-torn", lambda: st.tuples(
        st.sampled_from(sorted(PAGES)),
        st.lists(st.tuples(st.floats(0, 1), st.sampled_from(_MENDED)), max_size=6), st.floats(0, 1),
    ), check_torn),
    Reader("html-article", lambda: pages(list(kept_pages())), check_article),
    Reader("any-page", lambda: pages(list(kept_pages())), check_kind),
    Reader("json", lambda: pages([*of((b"{", b"[", b"cb(")), *JSON]), check_listing),
    Reader("xml", lambda: pages(of((b"<?xml", b"<rss", b"<feed", b"<urlset", b"<datastore"))), check_listing),
    Reader("packing", lambda: st.tuples(
        wounded(packed_seeds(), from_soup=False), st.sampled_from(ENCODINGS)
    ), check_packing),
)  # fmt: skip
