"""A column whose rows come from a JSON interface that the page's script names, and no rule describes."""
# ruff: noqa: E501  (scripts are easier to read as they would come)

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from aiohttp import web

from tests.evidence.columns.column_site import Read, Site
from tests.evidence.evidence_site import SHANGHAI
from tracker.core.values.facts import VisitOutcome

COUNT, SIZE = 23, 10
DAYS = [date(2015, 9, 28) - timedelta(days=3 * n) for n in range(COUNT)]
TITLES = [f"关于开展第{n}次环境保护专项检查的通报" for n in range(COUNT)]
SHELL = "<html><head><title>环境保护</title></head><body><div id='list'></div><div id='pager'></div>{}</body></html>"

#: How scripts ask for a page of rows: a count of visits stands beside it.
ASKING = {
    "fetch": "<script>fetch('/api/list?channel=7&page=1&size=10').then(r => r.json()).then(show)</script>",
    "a template": "<script>const channelId = '7'; let page = 1;\nfetch(`/api/list?channel=${channelId}&page=${page}&size=10`).then(show)</script>",
    "pieces": "<script>var channel = 7; var p = 1;\nfunction load(p){ $.getJSON('/api/list?channel=' + channel + '&page=' + p + '&size=10', show); }\nload(1);</script>",
    "options": "<script>$.ajax({url: '/api/list', type: 'get', dataType: 'json', data: {channel: 7, page: 1, size: 10}, success: function(d){ show(d); }});</script>",
    "axios": "<script>axios.get('/api/list', {params: {channel: '7', page: this.page, size: 10}}).then(show)</script>",
    "get with fields": "<script>$.get('/api/list', {channel: 7, page: pageNo, size: 10}, function(d){ show(d); })</script>",
    "an old request": "<script>var x = new XMLHttpRequest(); x.open('GET', '/api/list?channel=7&page=1&size=10'); x.send();</script>",
    "an attribute": "<div class='rows' data-url='/api/list?channel=7&page=1&size=10'></div><script>$.getJSON($('.rows').data('url'), show)</script>",
    "beside a counter": "<script>$.get('/api/hits/add?id=7'); $.getJSON('/api/list?channel=7&page=1&size=10', show)</script>",
    "sent": "<script>$.post('/api/list', {channel: 7, page: 1, size: 10}, show, 'json')</script>",
}


NAMES = ("bt", "lj", "fbrq")


def rows_on(page: int, names: tuple[str, str, str], when: str) -> list[dict[str, object]]:
    title, url, day = names
    numbers = range(SIZE * (page - 1), min(SIZE * page, COUNT))
    return [
        {
            "id": 900 + n, title: TITLES[n], url: f"/art/{n}.html", "summary": f"{TITLES[n]}，现将有关情况通报如下。" * 3,
            day: str(DAYS[n]) if when == "day" else int(datetime(DAYS[n].year, DAYS[n].month, DAYS[n].day, 9, tzinfo=SHANGHAI).timestamp() * 1000),
            "views": 12 + n, "cover": f"/img/{n}.jpg",
        }
        for n in numbers
    ]  # fmt: skip


def serve_rows(site: Site, answer_of=None, names=NAMES, when="day") -> None:
    async def handle(request: web.Request) -> web.Response:
        if request.path != "/api/list":
            return await site.answer(request)
        fields = {**request.query, **(await request.post())}
        assert fields["channel"] == "7"
        rows = rows_on(int(fields.get("page", 1)), names, when)
        body = answer_of(rows) if answer_of else {"code": 0, "data": {"total": COUNT, "list": rows}}
        return web.Response(text=json.dumps(body, ensure_ascii=False), content_type="application/json")

    site.handler = handle


@pytest.mark.parametrize("asking", ASKING)
async def test_the_interface_is_found_by_its_call(asking: str, site: Site, read: Read) -> None:
    serve_rows(site)
    site.pages["/hjbh/"] = SHELL.format(ASKING[asking])
    reading = await read()
    assert [(one.title, one.claimed) for one in reading.sightings] == list(zip(TITLES, DAYS, strict=True)), (
        reading.visit.note
    )
    assert (reading.visit.outcome, reading.visit.reached) == (VisitOutcome.READ, "end")


@pytest.mark.parametrize("names", [("bt", "lj", "fbrq"), ("title", "url", "time"), ("xxmc", "wzdz", "gksj")])
@pytest.mark.parametrize("when", ["day", "milliseconds"])
async def test_fields_are_told_by_their_values(names: tuple[str, str, str], when: str, site: Site, read: Read) -> None:
    serve_rows(site, names=names, when=when)
    site.pages["/hjbh/"] = SHELL.format(ASKING["fetch"])
    reading = await read()
    assert [one.title for one in reading.sightings] == TITLES
    assert reading.visit.reached == "end"


@pytest.mark.parametrize(
    "written",
    ["'<li><a href=\"/info/' + item.id + '.html\">' + item.bt + '</a></li>'", "`<li><a href=\"/info/${item.id}.html\">${item.bt}</a></li>`"],
)  # fmt: skip
async def test_an_address_may_be_made_of_a_field(written: str, site: Site, read: Read) -> None:
    serve_rows(site, lambda rows: {"total": COUNT, "rows": [{**row, "lj": None} for row in rows]})
    site.pages["/hjbh/"] = SHELL.format(ASKING["fetch"] + f"<script>function row(item){{ return {written}; }}</script>")
    reading = await read()
    assert [one.url.rpartition("/")[2] for one in reading.sightings] == [f"{900 + n}.html" for n in range(COUNT)]


@pytest.mark.parametrize(
    ("script", "answer"),
    [
        ("<script>$.getJSON('/api/list?channel=7', a); $.getJSON('/api/other?x=1', b)</script>", None),
        ("<script>$.getJSON(base + '/list', show)</script>", None),
        ("<script src='/js/list.js'></script><script>$.ajax(options)</script>", None),
        (ASKING["fetch"], lambda rows: {"code": 500, "msg": "系统异常"}),
        (ASKING["fetch"], lambda rows: {"data": [{"name": "首页", "url": "/"}, {"name": "政务公开", "url": "/zwgk/"}]}),
    ],
    ids=["two of them", "an unknown name", "in a file of its own", "an error", "a menu"],
)  # fmt: skip
async def test_what_cannot_be_read_says_what_to_write_into_the_rule(script, answer, site: Site, read: Read) -> None:
    serve_rows(site, answer)
    site.pages["/hjbh/"] = SHELL.format(script)
    reading = await read()
    assert (reading.visit.outcome, reading.visit.reached, reading.sightings) == (VisitOutcome.NOT_UNDERSTOOD, None, ())
    assert "以 interface 写明 items、title、url、date 的位置" in reading.visit.note


PROGRAM = "var routes=[{path:'/list/:id',name:'list'}];var api={tree:function(){return request({url:'/api/tree'})},page:function(e){return request({url:'/api/list',params:{channel:e.channel,page:e.page,size:10}})}};"
TAKEN = "this.query.channel=this.$route.params.id;"


@pytest.mark.parametrize(
    ("program", "is_read"),
    [(PROGRAM + TAKEN, True), (PROGRAM, False), ("", False)],
    ids=["by its route", "nobody's", "gone"],
)
async def test_a_program_in_a_file_of_its_own_names_each_columns_interface(
    program: str, is_read: bool, site: Site, read: Read
) -> None:
    """Two columns are served by one file, and each is read by its own address."""
    asked: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        if request.path == "/api/list":
            asked.append(request.query.get("channel", ""))
            rows = rows_on(int(request.query["page"]), NAMES, "day")
            return web.json_response({"code": 200, "data": {"total": COUNT, "list": rows}})
        if request.path == "/static/app.1f.js":
            return web.Response(text=program, content_type="application/javascript", status=200 if program else 404)
        return web.Response(text=APP, content_type="text/html")

    site.handler = handle
    for channel in ("70", "71", "70"):
        reading = await read(path=f"/list/{channel}")
        assert len(reading.sightings) == (COUNT if is_read else 0)
        expected = (VisitOutcome.READ, "end") if is_read else (VisitOutcome.NOT_UNDERSTOOD, None)
        assert (reading.visit.outcome, reading.visit.reached) == expected, reading.visit.note
    assert asked == ["70"] * 3 + ["71"] * 3 + ["70"] * 3 if is_read else not asked


APP = "<html><head><title>环境保护</title></head><body><div id=app></div><script src='/static/chunk-vendors.2c.js'></script><script src='/static/app.1f.js'></script></body></html>"


#: What an answer without a total says behind its last rows: nothing at all, or that they are the last.
UNCOUNTED = {
    "an empty array at last": lambda rows: rows,
    "an empty list at last": lambda rows: {"code": 0, "data": {"list": rows}},
    "a total that is the page's": lambda rows: {"total": len(rows), "list": rows},
    "no more": lambda rows: {"list": rows, "hasMore": len(rows) == SIZE},
    "the last": lambda rows: {"data": {"rows": rows, "isLastPage": len(rows) < SIZE}},
}


@pytest.mark.parametrize("answer", UNCOUNTED.values(), ids=UNCOUNTED)
async def test_an_answer_without_a_total_is_followed_until_none_comes(answer, site: Site, read: Read) -> None:
    serve_rows(site, answer)
    site.pages["/hjbh/"] = SHELL.format(ASKING["fetch"])
    reading = await read()
    assert [one.title for one in reading.sightings] == TITLES
    assert reading.visit.reached == "end"


@pytest.mark.parametrize(
    "answer",
    [lambda rows: rows_on(1, NAMES, "day"), lambda rows: rows or {"code": 1, "msg": "too many requests", "items": []}],
    ids=["the first rows again", "an error"],
)
async def test_what_comes_instead_of_further_rows_is_no_end(answer, site: Site, read: Read) -> None:
    serve_rows(site, answer)
    site.pages["/hjbh/"] = SHELL.format(ASKING["fetch"])
    reading = await read()
    assert [one.title for one in reading.sightings][:SIZE] == TITLES[:SIZE]
    assert reading.visit.reached != "end"


async def test_the_server_may_give_fewer_at_a_time_than_it_is_asked_for(site: Site, read: Read) -> None:
    serve_rows(site)
    site.pages["/hjbh/"] = SHELL.format(ASKING["fetch"].replace("size=10", "size=100"))
    reading = await read()
    assert [one.title for one in reading.sightings] == TITLES
    assert reading.visit.reached == "end"


async def test_a_count_may_be_that_of_the_page(site: Site, read: Read) -> None:
    serve_rows(site, lambda rows: {"count": len(rows), "list": rows})
    site.pages["/hjbh/"] = SHELL.format(ASKING["fetch"])
    reading = await read()
    assert [one.title for one in reading.sightings] == TITLES
    assert reading.visit.reached == "end"
