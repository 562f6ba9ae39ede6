"""The sample site over HTTP: what it shows at an instant is what had been published by then."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from tracker.core.law.county import County, Department, SiteColumn
from tracker.demo.pages import article_path
from tracker.demo.site import SampleSite, serve, skin_of
from tracker.demo.world import Publication, World, number_publications

ZONE = ZoneInfo("Asia/Shanghai")
BASE = "http://127.0.0.1:8015"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def column(key: str, path: str, kind: str = "listing", owner: str | None = None) -> SiteColumn:
    channel, _, name = key.partition("/")
    return SiteColumn(key, channel, name, kind, name, BASE + path, owner)  # type: ignore[arg-type]


COLUMNS = (
    column("county-site/finance", "/czyjs/"),
    column("county-site/environment", "/hjbh/"),
    column("county-site/page:hotline", "/hjjb/", "page"),
    column("approval-site/approval", "/spw/spsx/"),
    column("own-site/land@guotu", "/guotuju/tdgy/", owner="guotu"),
)
COUNTY = County(
    id="sample",
    name="样例县",
    start=date(2015, 1, 1),
    departments={"guotu": Department("guotu", "国土局", ("国土资源局",))},
    roles={},
    columns={site_column.key: site_column for site_column in COLUMNS},
)


def published(where: str, title: str, when: str, **more: object) -> Publication:
    values = {"published_at": at(when), "claimed": at(when), "source": "样例县国土资源局", **more}
    return Publication(number=0, column=where, title=title, paragraphs=(f"{title}的正文。",), **values)  # type: ignore[arg-type]


@dataclass
class Visitor:
    """A reader of the site who can move the site's clock."""

    base: str
    session: aiohttp.ClientSession
    clock: list[datetime]

    async def get(self, path: str, when: str, **headers: str) -> aiohttp.ClientResponse:
        self.clock[0] = at(when)
        response = await self.session.get(self.base + path.lstrip("/"), headers=headers)
        await response.read()
        return response


WORLD = World(
    COUNTY,
    number_publications(
        [
            published(
                "county-site/finance", "国土局2015年部门预算", "2015-03-02T10:15", removed_at=at("2015-11-05T10:20")
            ),
            published("approval-site/approval", "朱镕基喆办事指南", "2015-05-02T09:00"),
            published("own-site/land@guotu", "国有建设用地出让公告", "2015-05-04T09:00"),
            published("county-site/page:hotline", "在线举报", "2015-02-02T09:00"),
            published(
                "county-site/finance",
                "国土局2014年决算",
                "2015-09-20T09:00",
                claimed=at("2015-09-10T09:00"),
                attachments=("附表.xls",),
            ),
            published(
                "county-site/finance",
                "补充公开",
                "2015-04-01T09:00",
                revised_at=at("2015-06-01T09:00"),
                revised=("补齐的正文。",),
            ),
            published("county-site/finance", "公开情况通报", "2015-09-15T09:00"),
            *(
                published("county-site/environment", f"1月{n}日空气质量", f"2015-01-{n:02d}T09:00")
                for n in range(1, 32)
            ),
            *(
                published("county-site/environment", f"2月{n}日空气质量", f"2015-02-{n:02d}T09:00")
                for n in range(1, 21)
            ),
        ]
    ),
    outages=((at("2015-08-18T00:00"), at("2015-08-20T00:00")),),
)


@pytest.fixture
async def visitor() -> AsyncIterator[Visitor]:
    clock = [at("2015-01-01T00:00")]
    async with serve(SampleSite(WORLD, lambda: clock[0]).app()) as base, aiohttp.ClientSession() as session:
        yield Visitor(base, session, clock)


def path_of(title: str) -> str:
    publication = next(publication for publication in WORLD.publications if publication.title == title)
    return article_path(COUNTY.columns[publication.column].url.removeprefix(BASE), publication)


@pytest.mark.parametrize(
    ("when", "listed"),
    [
        pytest.param("2015-03-02T10:14", False, id="a minute before"),
        pytest.param("2015-03-02T10:15", True, id="at the minute"),
        pytest.param("2015-11-05T10:19", True, id="before it is taken down"),
        pytest.param("2015-11-05T10:20", False, id="taken down"),
    ],
)
async def test_an_entry_is_listed_and_answers_while_it_is_up(visitor: Visitor, when: str, listed: bool) -> None:
    page = await visitor.get("/czyjs/", when)
    assert ("国土局2015年部门预算" in await page.text()) is listed
    assert (await visitor.get(path_of("国土局2015年部门预算"), when)).status == (200 if listed else 404)


async def test_a_column_without_entries_says_so(visitor: Visitor) -> None:
    page = await visitor.get("/czyjs/", "2015-01-01T00:00")
    assert page.status == 200
    assert "暂无信息" in await page.text()


async def test_the_list_is_paged_by_twenty_newest_first(visitor: Visitor) -> None:
    first = await (await visitor.get("/hjbh/", "2015-12-31T00:00")).text()
    last = await (await visitor.get("/hjbh/index_2.html", "2015-12-31T00:00")).text()
    assert first.count("空气质量</a>") == 20
    assert '<a href="/hjbh/index_1.html">下一页</a>' in first
    assert first.index("2月20日") < first.index("2月19日")
    assert last.count("空气质量</a>") == 11
    assert "下一页" not in last
    assert (await visitor.get("/hjbh/index_3.html", "2015-12-31T00:00")).status == 404


async def test_what_is_dated_back_stands_in_the_list_by_its_claimed_day(visitor: Visitor) -> None:
    before = await (await visitor.get("/czyjs/", "2015-09-19T00:00")).text()
    after = await (await visitor.get("/czyjs/", "2015-09-21T00:00")).text()
    assert "2014年决算" not in before
    assert "2015-09-10" in after
    assert after.index("公开情况通报") < after.index("2014年决算")


async def test_the_site_does_not_answer_for_two_days(visitor: Visitor) -> None:
    answers = {
        when: (await visitor.get("/czyjs/", when)).status
        for when in ("2015-08-17T23:59", "2015-08-18T00:00", "2015-08-19T23:59", "2015-08-20T00:00")
    }
    assert list(answers.values()) == [200, 503, 503, 200]


async def test_an_unchanged_page_answers_304_and_a_changed_one_does_not(visitor: Visitor) -> None:
    first = await visitor.get("/czyjs/", "2015-03-03T09:00")
    tag = first.headers["ETag"]
    same = await visitor.get("/czyjs/", "2015-03-20T09:00", **{"If-None-Match": tag})
    other = await visitor.get("/czyjs/", "2015-04-02T09:00", **{"If-None-Match": tag})
    assert (same.status, await same.read(), same.headers["ETag"]) == (304, b"", tag)
    assert other.status == 200


async def test_a_date_does_where_no_tag_is_given(visitor: Visitor) -> None:
    first = await visitor.get("/czyjs/", "2015-03-03T09:00")
    assert first.headers["Last-Modified"] == "Mon, 02 Mar 2015 02:15:00 GMT"
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert (await visitor.get("/czyjs/", "2015-03-20T09:00", **since)).status == 304
    assert (await visitor.get("/czyjs/", "2015-04-02T09:00", **since)).status == 200
    assert (await visitor.get("/czyjs/", "2015-03-20T09:00", **since, **{"If-None-Match": '"other"'})).status == 200


async def test_time_may_run_backwards(visitor: Visitor) -> None:
    later = await (await visitor.get("/czyjs/", "2015-09-21T00:00")).text()
    earlier = await (await visitor.get("/czyjs/", "2015-03-03T00:00")).text()
    assert "2014年决算" in later
    assert "2014年决算" not in earlier


async def test_a_revised_article_shows_its_new_text_under_a_new_tag(visitor: Visitor) -> None:
    old = await visitor.get(path_of("补充公开"), "2015-05-31T00:00")
    new = await visitor.get(path_of("补充公开"), "2015-06-01T09:00", **{"If-None-Match": old.headers["ETag"]})
    assert "补充公开的正文" in await old.text()
    assert "补齐的正文" in await new.text()


async def test_the_approval_site_is_in_gb18030_and_says_so_only_in_the_page(visitor: Visitor) -> None:
    page = await visitor.get("/spw/spsx/", "2015-06-01T00:00")
    body = await page.read()
    assert page.headers["Content-Type"] == "text/html"
    assert b'charset="gb2312"' in body
    assert "朱镕基喆办事指南" in body.decode("gb18030")


async def test_a_departments_own_site_has_no_tags_but_a_visible_date(visitor: Visitor) -> None:
    page = await (await visitor.get(path_of("国有建设用地出让公告"), "2015-06-01T00:00")).text()
    assert "PubDate" not in page
    assert "发布时间：2015年5月4日" in page


async def test_a_page_answers_from_the_day_it_stands(visitor: Visitor) -> None:
    assert (await visitor.get("/hjjb/", "2015-02-01T00:00")).status == 404
    assert "在线举报" in await (await visitor.get("/hjjb/", "2015-02-03T00:00")).text()


async def test_an_attachment_is_linked_and_answers(visitor: Visitor) -> None:
    text = await (await visitor.get(path_of("国土局2014年决算"), "2015-09-21T00:00")).text()
    link = text.partition('附件1：<a href="')[2].partition('"')[0]
    file = await visitor.get(link, "2015-09-21T00:00")
    assert (file.status, file.headers["Content-Type"]) == (200, "application/vnd.ms-excel; charset=utf-8")


@pytest.mark.parametrize("path", ["/nowhere/", "/czyjs/index_x.html", "/czyjs/index_99.html", "/czyjs/201503/t1.html"])
async def test_an_unknown_address_answers_404_in_chinese(visitor: Visitor, path: str) -> None:
    page = await visitor.get(path, "2015-06-01T00:00")
    assert page.status == 404
    assert "页面不存在" in await page.text()


async def test_the_front_page_links_the_columns_and_the_latest_entries(visitor: Visitor) -> None:
    text = await (await visitor.get("/", "2015-05-05T00:00")).text()
    assert 'href="/czyjs/"' in text
    assert path_of("国有建设用地出让公告") in text
    assert "2014年决算" not in text


def test_the_skins_follow_from_the_columns_alone() -> None:
    assert {skin_of(site_column) for site_column in COLUMNS if site_column.channel != "county-site"} == {
        "approval",
        "old",
    }
    assert skin_of(COLUMNS[0]) == skin_of(replace(COLUMNS[0], url="http://elsewhere/"))


def test_the_world_knows_which_columns_changed() -> None:
    assert WORLD.changed_columns(at("2015-09-20T08:59"), at("2015-09-20T09:00")) == {"county-site/finance"}
    assert WORLD.changed_columns(at("2015-09-20T09:00"), at("2015-09-20T09:00") + timedelta(days=9)) == frozenset()
    assert WORLD.changed_columns(at("2015-08-17T09:00"), at("2015-08-18T09:00")) == frozenset(COUNTY.columns)
