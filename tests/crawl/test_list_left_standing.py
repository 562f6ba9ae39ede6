"""A list that a redesigned site left standing: what is new lies elsewhere, and nobody is accused of the old one."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crawl.test_misbehaving_site import page
from tests.decide.test_site_gone_wrong import (
    LATER,
    OLD,
    WATER,
    Shown,
    article,
    county_showing,
    listed,
    look,
    others,
    row,
    status,
)
from tracker.evidence.listing.successor import domain_of
from tracker.store.visits import load_column_health


def front(*links: str, name: str = "· 环境保护 ") -> bytes:
    return page("<div class='nav'>" + "".join(f"<a href='{url}'>{name}</a>" for url in links) + "</div>")


NEW = row(url="/hjbh/1.html") + row("秸秆禁烧巡查情况", "2015-07-16", "/hjbh/2.html")
REHUNG = OLD.replace("/environment/", "/hjbh/")
#: An entry of another column among the old ones.
OF_ANOTHER = row("全县绿化工作会议召开", "2015-06-09", "/lh/9.html")

#: name → what the site shows beside the old list; where it lists what the old one holds, and newer, that is its place.
LEFT: dict[str, tuple[Shown, str]] = {
    "it goes on elsewhere": ({"/": front("/hjbh/"), "/hjbh/": listed(NEW + REHUNG)}, "unverifiable"),
    "it goes on behind a second page": (
        {"/": front("/hjbh/"), "/hjbh/": listed(NEW, "<b>1</b><a href='/hjbh/?p=2'>下一页</a>"), "/hjbh/?p=2": listed(REHUNG)},
        "unverifiable",
    ),
    "the front page sends on to another": (
        {"/": page("<meta http-equiv='refresh' content='0;url=/portal/'>"), "/portal/": front("../hjbh/"), "/hjbh/": listed(NEW + REHUNG)},
        "unverifiable",
    ),
    "the whole site went to another": ({"/": page("", "301 Moved Permanently", "Location: http://new.example/")}, "unverifiable"),
    "its front page sends on to another site": (
        {"/": page("<meta http-equiv='refresh' content='0;url=http://new.example/'>")},
        "unverifiable",
    ),
    "it goes on elsewhere with its old articles where they were": (
        {"/": front("/hjbh/"), "/hjbh/": listed(NEW + OLD)},
        "unverifiable",
    ),
    "it goes on elsewhere under a name like its own": (
        {"/": front("/hjbh/", name="环境"), "/hjbh/": listed(NEW + OLD)},
        "unverifiable",
    ),
    "a name like its own leads there, another link to it": (
        {"/": page("<a href='/hjbh/'>环境</a><a href='/environment/'>更多</a>"), "/hjbh/": listed(NEW + OLD)},
        "overdue",
    ),
    "the other gathers several columns": ({"/": front("/hjbh/"), "/hjbh/": listed(NEW + OLD + OF_ANOTHER)}, "overdue"),
    "the front page leads to it": ({"/": front("/hjbh/", "/environment/index.html"), "/hjbh/": listed(NEW + REHUNG)}, "overdue"),
    "the other is as old": ({"/": front("/hjbh/"), "/hjbh/": listed(REHUNG)}, "overdue"),
    "the other bears its name and nothing else": (
        {"/": front("/hjbh/"), "/hjbh/": listed(NEW + others(9, 1, 5).replace("/environment/", "/hjbh/"))},
        "overdue",
    ),
    "the other cannot be read": ({"/": front("/hjbh/"), "/hjbh/": page("", "500 Internal Server Error")}, "overdue"),
    "the front page cannot be read": ({"/": page("", "503 Service Unavailable"), "/hjbh/": listed(NEW + REHUNG)}, "overdue"),
}  # fmt: skip


@pytest.mark.sampled(4)
@pytest.mark.parametrize("way", LEFT)
async def test_an_old_list_accuses_nobody_where_it_goes_on_elsewhere(way: str, tmp_path: Path, sqlite_url: str) -> None:
    beside, expected = LEFT[way]
    shown: Shown = {"/environment/": listed(OLD), "/hjbh/1.html": article()} | beside
    async with county_showing(tmp_path, sqlite_url, shown) as county:
        await look(county, *LATER)
        assert status(county) == expected
        told = [one for one in county.notices() if WATER in one]
        blamed = {one.split()[3] for one in told} & {"overdue", "to-lead", "to-county-office"}
        assert bool(blamed) == (expected == "overdue"), told
        told = [one for one in county.reasons() if "本栏目似已" in one]
        assert len(told) == (expected == "unverifiable")
        assert all("请核对并改正栏目地址" in one for one in told)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/environment/t20150716_8.html", "unverifiable"),
        ("/environment/t20150601_8.html", "overdue"),  # it has gone on to a further page
        ("/lh/t20150716_8.html", "overdue"),  # it is another column's
    ],
)
async def test_a_later_row_on_the_front_page_shows_that_the_list_is_an_old_copy(
    url: str, expected: str, tmp_path: Path, sqlite_url: str
) -> None:
    shown: Shown = {"/environment/": listed(OLD), "/": front(url, name="秸秆禁烧巡查情况"), url: article()}
    async with county_showing(tmp_path, sqlite_url, shown) as county:
        await look(county, *LATER)
        assert status(county) == expected
        with county.office.store.read() as tx:
            health = load_column_health(tx, "small", county.clock.now.date())["county-site/environment"]
    assert ("疑为旧的副本" in health.note) == (expected == "unverifiable")


HINTED = "the other bears its name and nothing else"


@pytest.mark.parametrize("way", [HINTED, "the other gathers several columns", "the front page leads to it"])
async def test_what_may_be_its_new_place_is_named_where_nobody_can_tell(
    way: str, tmp_path: Path, sqlite_url: str
) -> None:
    shown: Shown = {"/environment/": listed(OLD)} | LEFT[way][0]
    async with county_showing(tmp_path, sqlite_url, shown) as county:
        await look(county, LATER[0])
        with county.office.store.read() as tx:
            health = load_column_health(tx, "small", county.clock.now.date())["county-site/environment"]
    assert ("那里有更新的条目，请核对栏目地址" in health.note) == (way == HINTED)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("http://xxgk.x.gov.cn/", "http://www.x.gov.cn/a/", True),  # its front page may be the portal's
        ("http://x.gov.cn/", "https://www.x.gov.cn:8443/", True),
        ("http://www.x.gov.cn/", "http://www.y.gov.cn/", False),
        ("http://x.example/", "http://www.x.example/", True),
        ("http://127.0.0.1/", "http://127.0.0.2/", False),
        ("http://localhost/", "http://new.example/", False),
    ],
)
def test_hosts_are_of_one_house_by_the_name_that_was_registered(one: str, other: str, alike: bool) -> None:
    assert (domain_of(one) == domain_of(other)) == alike
