"""A report that was met, and a list that comes cut short of it or inside its row: it stays met, and nobody is told."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.decide.small_county import Small
from tests.decide.test_site_gone_wrong import (
    OLD,
    PAGER,
    TITLE,
    WATER,
    Shown,
    article,
    county_showing,
    listed,
    look,
    others,
    row,
)
from tracker.store.facts import load_facts

ROW = row().encode()
WHOLE = listed(others(29, 21, 7) + row() + OLD)
TABLE = (
    WHOLE.replace(b"<ul class='list'>", b"<table>")
    .replace(b"</ul>", b"</table>")
    .replace(b"<li>", b"<tr><td>")
    .replace(b"</li>", b"</td></tr>")
)
STORE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<datastore><recordset>"
    + b"".join(
        b"<record><![CDATA[%s]]></record>" % one.encode()
        for one in (
            row(),
            row("5月份水环境质量状况", "2015-06-19", "/environment/5.html"),
            *re.findall("<li>.*?</li>", OLD),
        )
    )
    + b"</recordset></datastore>"
)
BARE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + (row() + OLD).encode()
SECOND = listed(others(30, 25, 6) + row() + OLD, "<a href='/environment/'>1</a> <b>2</b>")
SPLIT: Shown = {"/environment/": listed(others(29, 21, 7), PAGER), "/environment/?p=2": SECOND}

#: name → what the site shows, and which of its pages is cut.
LISTS: dict[str, tuple[Shown, str]] = {
    "a list": ({"/environment/": WHOLE}, "/environment/"),
    "a list under a foot": ({"/environment/": WHOLE.replace(b"<body>", "<body><p>主办：小县人民政府</p>".encode())}, "/environment/"),
    "a table": ({"/environment/": TABLE}, "/environment/"),
    "a store": ({"/environment/": STORE}, "/environment/"),
    "bare rows": ({"/environment/": BARE}, "/environment/"),
    "the second of two pages": (SPLIT, "/environment/?p=2"),
}  # fmt: skip


def cut(answer: bytes, place: int | None = None) -> bytes:
    """The answer as far as a place in its body, sent as if that were all."""
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.startswith(b"Content-Length")]
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(body[:place])]) + b"\r\n\r\n" + body[:place]


def articles(*pages: bytes) -> Shown:
    """The article behind each row of some lists."""
    found = [(one[1], one[2], one[3]) for page in pages for one in _ROW.finditer(page.decode())]
    return {url: article(title, day, f"{title}：已按要求办理，情况良好。") for url, title, day in found} | {
        "/environment/a.html": article()
    }


_ROW = re.compile(r"<a href='([^']+)'>([^<]+)</a>(?:<span>|</td><td>)([\d-]+)")


def versions(county: Small) -> dict[str, object]:
    """What is known of each entry, its sightings left out."""
    with county.office.store.read() as tx:
        facts = load_facts(tx, "small", 0)
    return {one.url.partition("/environment/")[2]: (one.versions, one.gone_at) for one in facts.entries}


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", LISTS)
async def test_what_was_met_stays_met_and_is_not_told_of_again(name: str, tmp_path: Path, sqlite_url: str) -> None:
    pages, where = {path: cut(answer) for path, answer in LISTS[name][0].items()}, LISTS[name][1]
    shown: Shown = {"/environment/": listed(OLD)} | articles(listed(OLD), *pages.values())
    async with county_showing(tmp_path, sqlite_url, shown) as county:
        await look(county, "2015-07-17")
        shown |= pages
        await look(county, "2015-07-30", "2015-08-03")
        before, whole = versions(county), pages[where]
        body = whole.partition(b"\r\n\r\n")[2]
        begin = body.index(ROW) if ROW in body else body.index(TITLE.encode())
        places = [*range(begin - 9, begin + len(ROW) + 30, 7), *range(40, len(body), max(50, len(body) // 12))]
        for place in places:
            shown[where] = cut(whole, place)
            await look(county, "2015-08-04")
            after = versions(county)
            assert {url: after[url] for url in before} == before, body[max(0, place - 60) : place]
            assert str(county.rows()[WATER].status) == "met", body[max(0, place - 60) : place]
        shown[where] = whole
        await look(county, "2015-08-05", "2015-09-10")
        assert str(county.rows()[WATER].status) == "met"
        told = [one for one in county.notices() if WATER in one and one.split()[3] not in ("reminder", "last-reminder")]
        assert told == []


async def test_a_new_entry_of_a_cut_list_is_taken_and_its_last_row_when_it_comes_whole(
    tmp_path: Path, sqlite_url: str
) -> None:
    news = row("县环保局开展专项检查", "2015-07-21", "/environment/b.html")
    whole = listed(row("县环保局开展河道巡查", "2015-07-22", "/environment/c.html") + news + row() + OLD)
    shown: Shown = {"/environment/": listed(OLD)} | articles(whole)
    async with county_showing(tmp_path, sqlite_url, shown) as county:
        await look(county, "2015-07-17")
        body = whole.partition(b"\r\n\r\n")[2]
        shown["/environment/"] = cut(whole, body.index(TITLE.encode()) + 9)
        await look(county, "2015-07-22")
        assert ("c.html" in versions(county), "a.html" in versions(county)) == (True, False)
        shown["/environment/"] = whole
        await look(county, "2015-08-03")
        assert str(county.rows()[WATER].status) == "met"
