"""A column whose page shows its first rows, and whose script asks for what is behind them."""
# ruff: noqa: E501  (scripts are easier to read as they would come)

from __future__ import annotations

from datetime import date, timedelta

import pytest
from aiohttp import web

from tests.evidence.columns.column_site import Read, Site
from tracker.core.values.facts import VisitOutcome

COUNT, SHOWN = 30, 8
DAYS = [date(2015, 9, 28) - timedelta(days=3 * n) for n in range(COUNT)]
TITLES = [f"关于开展第{n}次环境保护专项检查的通报" for n in range(COUNT)]
ITEMS = "".join(f"<li><a href='/hjbh/{n}.html'>{TITLES[n]}</a><i>{DAYS[n]:%m-%d}</i></li>" for n in range(SHOWN))
PAGE = "<html><head><title>环境保护</title></head><body>{}<button id=more data-cat='7' data-offset='8'>加载更多</button><script>{}</script></body></html>"

BY_OFFSET = "b.onclick = function(){ fetch('/api/more?cat=' + b.dataset.cat + '&offset=' + o + '&limit=8').then(add); }; // 加载更多 loadMore("
BY_PAGE = "var page = 1; function loadMore(){ page++; $.get('/api/more', {cat: '7', page: page, size: 8}, add); }"
OTHER_SIZE = BY_PAGE.replace("size: 8", "size: 12")
FROM_NOUGHT = BY_PAGE.replace("page = 1", "page = 0")
LISTED = "$.get('/api/hits', {id: 7}); " + BY_OFFSET


def serve(site: Site, answer) -> None:
    async def handle(request: web.Request) -> web.Response:
        if request.path != "/api/more":
            return await site.answer(request)
        assert request.query["cat"] == "7"
        start = int(request.query.get("offset", 8 * (int(request.query.get("page", "1")) - 1)))
        return answer(range(start, min(start + 8, COUNT)))

    site.handler = handle


def as_json(numbers: range, **more: object) -> web.Response:
    rows = [{"id": n, "title": TITLES[n], "url": f"/hjbh/{n}.html", "date": f"{DAYS[n]:%m-%d}"} for n in numbers]
    return web.json_response({"code": 0, "items": rows, **more})


def as_markup(numbers: range) -> web.Response:
    rows = (f"<li><a href='/hjbh/{n}.html'>{TITLES[n]}</a><i>{DAYS[n]:%m-%d}</i></li>" for n in numbers)
    return web.Response(text="".join(rows), content_type="text/html")


def failing(numbers: range) -> web.Response:
    return (
        web.json_response({"code": 1, "msg": "too many requests", "items": []}) if numbers[0] > 16 else as_json(numbers)
    )


# script, answers → whether all rows are seen, whether they are known to be all
WAYS = {
    "by offset": (BY_OFFSET, as_json, True, True),
    "until it says that no more follow": (BY_OFFSET, lambda some: as_json(some, hasMore=some.stop < COUNT), True, True),
    "by page": (BY_PAGE, as_json, True, True),
    "beside a counter": (LISTED, as_json, True, True),
    "in pieces of markup": (BY_OFFSET, as_markup, True, False),
    "until it fails": (BY_OFFSET, failing, False, False),
    "pages of another size": (OTHER_SIZE, as_json, False, False),
    "pages counted from nought": (FROM_NOUGHT, as_json, False, False),
    "the first rows again": (BY_OFFSET, lambda _: as_json(range(8)), False, False),
}


@pytest.mark.parametrize(("script", "answer", "is_all", "is_end"), WAYS.values(), ids=WAYS)
async def test_what_a_script_asks_for_is_followed(script, answer, is_all, is_end, site: Site, read: Read) -> None:
    serve(site, answer)
    site.pages["/hjbh/"] = PAGE.format(f"<ul id=l>{ITEMS}</ul>", script)
    reading = await read()
    assert reading.visit.outcome is VisitOutcome.READ
    seen = [(one.title, one.claimed) for one in reading.sightings]
    assert seen == list(zip(TITLES, DAYS, strict=True))[: len(seen)]
    assert (len(seen) == COUNT, reading.visit.reached == "end") == (is_all, is_end), reading.visit.note


async def test_a_piece_may_be_bare_rows_of_a_table(site: Site, read: Read) -> None:
    def row(n: int) -> str:
        return f"<tr><td><a href='/hjbh/{n}.html'>{TITLES[n]}</a></td><td>{DAYS[n]}</td></tr>"

    serve(site, lambda some: web.Response(text="".join(map(row, some)), content_type="text/html"))
    site.pages["/hjbh/"] = PAGE.format(f"<table>{''.join(map(row, range(SHOWN)))}</table>", BY_OFFSET)
    assert [one.title for one in (await read()).sightings] == TITLES
