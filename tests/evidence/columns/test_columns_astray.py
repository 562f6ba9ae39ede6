"""A column whose address leads elsewhere was not looked at: the front page, another column, a page of its own kind."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from datetime import date

import pytest
from aiohttp import web

from tests.evidence.columns.column_site import Read, Site, days, rows
from tracker.core.values.facts import VisitOutcome

HOME = "栏目地址被转到了网站首页"
OTHER = "栏目地址被转到了 /yw/，页面上没有栏目名称“环境保护”"


def listed(name: str, folder: str = "yw") -> str:
    """A list of another column, or of the same one under another address."""
    inner = rows(days(date(2015, 9, 28), 9)).replace("/hjbh/", f"/{folder}/")
    return f"<html><head><title>{name}-样例县</title></head><body><h2>{name}</h2><ul>{inner}</ul><p>共9条</p></body></html>"


def boxes() -> str:
    inner = "".join(
        f'<div class=box><h3>{name}</h3><ul>{rows(days(date(2015, 9, 28), 6)).replace("/hjbh/", f"/{name}/")}</ul><a href="/{name}/">更多</a></div>'
        for name in ("yaowen", "gonggao", "bumen")
    )
    return f"<html><head><title>首页-样例县人民政府</title></head><body>{inner}</body></html>"


MOVED: dict[str, tuple[str, str, VisitOutcome, str]] = {
    "to the front page": ("/", boxes(), VisitOutcome.REFUSED, HOME),
    "to another column": ("/yw/", listed("要闻动态"), VisitOutcome.REFUSED, OTHER),
    "to its new address": ("/zwgk/hjbh/", listed("环境保护", "zwgk/hjbh"), VisitOutcome.READ, ""),
    "to the name of its index": ("/hjbh/index.html", listed("公告"), VisitOutcome.READ, ""),
}


@pytest.mark.parametrize("how", ["302", "refresh", "script"])
@pytest.mark.parametrize("where", MOVED)
async def test_a_column_that_is_sent_on(where: str, how: str, site: Site, read: Read) -> None:
    target, page, outcome, note = MOVED[where]
    site.pages[target] = page
    if how == "302":
        site.answers["/hjbh/"] = web.Response(status=302, headers={"Location": target})
    elif how == "refresh":
        site.pages["/hjbh/"] = f'<html><head><meta http-equiv="refresh" content="0;url={target}"></head></html>'
    else:
        site.pages["/hjbh/"] = f'<html><body><script>window.location.href="{target}";</script></body></html>'
    visit = (await read()).visit
    assert (visit.outcome, visit.note, visit.reached) == (
        outcome,
        note,
        "end" if outcome is VisitOutcome.READ else None,
    )


async def test_the_front_page_under_the_columns_own_address_is_none_of_it(site: Site, read: Read) -> None:
    site.pages["/hjbh/"] = boxes()
    reading = await read()
    assert (reading.visit.outcome, reading.visit.note) == (VisitOutcome.REFUSED, "栏目地址显示的是网站首页")
    assert reading.sightings == ()


async def test_a_further_page_that_is_sent_to_another_column_ends_nothing(site: Site, read: Read) -> None:
    site.pages["/yw/"] = listed("要闻动态")
    site.answers["/hjbh/index_1.html"] = web.Response(status=302, headers={"Location": "/yw/"})
    visit = (await read()).visit
    assert (visit.outcome, visit.reached, visit.note) == (
        VisitOutcome.READ,
        date(2015, 9, 28),
        f"第 2 页未能读取：{OTHER}",
    )


@pytest.mark.parametrize(("moved", "reached"), [("20150918", "end"), ("2015", date(2015, 9, 28))], ids=["one", "all"])
async def test_a_further_page_whose_rows_all_lie_elsewhere_is_another_columns(
    moved: str, reached: object, site: Site, read: Read
) -> None:
    """It has the column's own pager, and its days go on."""
    site.pages["/hjbh/index_1.html"] = site.pages["/hjbh/index_1.html"].replace(f"/hjbh/{moved}", f"/yw/{moved}")
    reading = await read()
    assert reading.visit.reached == reached
    assert any("/yw/" in one.url for one in reading.sightings) is (reached == "end")


async def test_a_standing_page_that_is_sent_elsewhere_is_not_up(site: Site, read: Read) -> None:
    site.pages["/yw/"] = listed("要闻动态")
    site.answers["/jubao/"] = web.Response(status=302, headers={"Location": "/yw/"})
    visit = (await read(kind="page", path="/jubao/")).visit
    assert (visit.outcome, visit.note) == (VisitOutcome.REFUSED, OTHER)


@pytest.mark.parametrize(
    ("named", "outcome"),
    [
        ("<title>环境保护 - 样例县</title>", VisitOutcome.READ),
        ("<h2>环境保护</h2>", VisitOutcome.READ),
        ("<div>当前位置：<a href='/'>首页</a> &gt; 环境保护</div>", VisitOutcome.READ),
        ("<li><a href='/hb/'>环境保护</a></li>", VisitOutcome.REFUSED),
        ("<p>县环境保护局主办</p>", VisitOutcome.REFUSED),
        ("<p>今年以来，全县上下高度重视环境保护</p>", VisitOutcome.REFUSED),
    ],
)
async def test_a_page_names_its_column_in_its_title_a_heading_or_its_place(
    named: str, outcome: VisitOutcome, site: Site, read: Read
) -> None:
    site.pages["/yw/"] = f"<html>{named}<ul>{rows(days(date(2015, 9, 28), 9))}</ul></html>"
    site.answers["/hjbh/"] = web.Response(status=302, headers={"Location": "/yw/"})
    assert (await read()).visit.outcome is outcome


@pytest.mark.parametrize(
    ("headers", "is_fresh"),
    [
        ({"Age": "60"}, True),
        ({"Age": "21599", "X-Cache": "HIT"}, True),
        ({"Age": "21600", "X-Cache": "HIT"}, False),
        ({"Age": "soon"}, True),
        ({"Warning": '110 cache "Response is Stale"'}, False),
        ({"Warning": '199 - "Miscellaneous"'}, True),
        ({"Date": "Tue, 29 Sep 2015 17:59:00 GMT", "X-Cache": "HIT"}, False),
        ({"Date": "Tue, 29 Sep 2015 17:59:00 GMT", "X-Cache": "MISS"}, True),
        ({"Date": "Tue, 29 Sep 2015 20:00:00 GMT", "X-Cache": "HIT"}, True),
        ({"Date": "Tue, 29 Sep 2015 17:59:00 GMT"}, True),  # its clock may be wrong
    ],
)
async def test_what_a_cache_had_for_hours_shows_entries_and_lacks_none(
    headers: dict[str, str], is_fresh: bool, site: Site, read: Read
) -> None:
    text = site.pages["/hjbh/index_9.html"]
    site.answers["/hjbh/index_9.html"] = web.Response(text=text, content_type="text/html", headers=headers)
    visit = (await read(path="/hjbh/index_9.html")).visit
    claims_nothing = visit.reached is None
    assert (visit.outcome, visit.entries, claims_nothing) == (VisitOutcome.READ, 10, not is_fresh)
