"""已公开, with an address: looked at at once on the county's site, said what is found, never accepted by itself."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date

import pytest

from tests.console.served_pages import REPEATS, WITH_AIR, House
from tests.decide.small_county import COUNTY, at
from tests.evidence.heavy_pages import MANY_ATTRIBUTES
from tracker.console.check import on_site
from tracker.core.law.county import County, Rulebook, SiteColumn
from tracker.store.tables import notices

WATER = "6月份全县地表水监测断面水质达标率为百分之百，饮用水水源地水质全部达标。"
FULL = "本月优良天数25天，首要污染物为臭氧。"


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    """What is said of an address depends on no database: one is enough."""
    return sqlite_url


def site() -> str:
    return os.environ["SMALL_SITE"].rstrip("/")


def hidden(title: str, day: str, text: str = WATER) -> str:
    """A page of the site that no column lists."""
    return (
        f"<html><head><meta charset='utf-8'><title>{title}</title></head><body><h1>{title}</h1>"
        f"<p>发布时间：{day} 09:00</p><div id='zoom'><p>{text}</p></div></body></html>"
    )


async def claim(house: House, url: str, duty: str = "水环境") -> tuple[int, str]:
    return await house.post(await house.matter(duty), kind="published", url=url)


async def test_what_fits_is_said_to_and_the_crawl_alone_makes_it_count(house: House) -> None:
    house.small.site.publish("environment", "6月份水环境质量", at("2015-08-03", "09:30"), WATER)
    url = f"{site()}/environment/0.html"
    status, page = await claim(house, url)
    words = (
        "已打开《6月份水环境质量》（2015年8月3日发布），内容符合该事项的要求。"
        "该文章尚未在应公开的栏目“环境保护”中查到，请确认已发布到该栏目，系统下次检查网站时再行核对。"
    )
    assert (status, words in page) == (200, True)
    assert house.answers() == [("water", "published", f"{url}\n{words}")]
    assert house.filed() == []
    house.small.office.tick()
    assert house.small.rows()["water/huanbao/2015-07"].status == "overdue"
    await house.small.turn(crawl=True)
    assert house.small.rows()["water/huanbao/2015-07"].status == "met-late"


async def test_what_the_crawl_knows_is_said_to_be_listed(house: House) -> None:
    house.small.site.publish("environment", "6月份水环境质量", at("2015-08-03", "09:30"), WATER)
    await house.small.office.crawl()
    _, page = await claim(house, f"{site()}/environment/0.html#top")
    assert "该文章已在应公开的栏目中查到，系统下次核对后更新状态" in page
    assert house.filed() == []


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("title", "text", "words"),
    [
        ("6月份空气质量", FULL, "内容符合该事项的要求"),
        (
            "6月份空气质量",
            "本月优良天数25天。",
            "可以证明该事项的一部分，尚不完整：“环境保护”栏目《6月份空气质量》中未见“首要污染物”",
        ),
        ("关于召开会议的通知", FULL, "按规则尚不能证明该事项：标题中没有“空气质量”"),
        ("关于\u202e召开会议的通知", FULL, "已打开《关于召开会议的通知》"),
        ("6月份空\u200b气质量", FULL, "内容符合该事项的要求"),
    ],
)
async def test_contents_and_title_are_checked_against_the_duty(house: House, title: str, text: str, words: str) -> None:
    house.small.site.publish("environment", title, at("2015-08-03", "09:30"), text)
    status, page = await claim(house, f"{site()}/environment/0.html", "空气")
    assert (status, words in page) == (200, True), page
    assert house.filed() == []


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/environment/404.html", "该网址不能作为公开的依据：网页无法打开（404）"),
        ("/environment/", "该网址是栏目或列表"),
    ],
)
async def test_an_address_that_cannot_be_meant_is_given_back_and_nothing_recorded(
    house: House, path: str, words: str
) -> None:
    for n in range(3):
        house.small.site.publish("environment", f"工作动态{n}", at("2015-08-03", "09:30"))
    before = house.everything()
    status, page = await claim(house, f"{site()}{path}")
    assert (status, words in page) == (422, True), page
    assert f'value="{site()}{path}"' in page
    assert house.everything() == before


async def test_a_site_that_does_not_answer_is_no_reason_against_anybody(house: House) -> None:
    house.small.site.down = True
    status, page = await claim(house, f"{site()}/environment/0.html")
    assert (status, "系统暂时未能读取该网址（网站出错（503））" in page) == (200, True)
    assert house.filed() == []


async def test_what_is_too_large_is_said_with_what_to_do(house: House) -> None:
    house.small.site.instead["/other/big.html"] = "x" * 5_100_000
    status, page = await claim(house, f"{site()}/other/big.html")
    assert status == 200
    assert "系统暂时未能读取该网址（内容超过 5000000 字节）。请改填刊登该文件的文章网址" in page


@pytest.mark.nightly
async def test_what_ends_its_reader_could_not_be_read(house: House) -> None:
    """The address comes from whoever has the mail: a page that takes too much memory ends the process that reads it."""
    house.small.site.instead["/other/heavy.html"] = MANY_ATTRIBUTES
    status, page = await claim(house, f"{site()}/other/heavy.html")
    words = "系统暂时未能读取该网址（页面未能读取：读取时占用内存过多，已停止）。请与发出督办邮件的单位联系"
    assert (status, words in page) == (200, True), page
    assert house.filed() == []


@pytest.mark.parametrize("port", [22, 5432, 6379, 8080])
async def test_only_the_ports_of_the_county_s_sites_are_dialled(house: House, port: int) -> None:
    """A mail's reader shall not learn through us what listens beside the site."""
    url = f"{site().rpartition(':')[0]}:{port}/x.html"
    status, page = await claim(house, url)
    assert status == 200
    assert f"该网址的端口（{port}）不是本县政府网站所用的端口，系统不能核对，须由人工认定。" in page
    assert house.filed() == []


@pytest.mark.parametrize(
    ("url", "there"),
    [
        ("http://www.x.gov.cn/a.html", True),
        ("https://www.x.gov.cn/a.html", True),
        ("https://www.x.gov.cn:443/a.html", True),
        ("http://WWW.x.gov.cn:8443/a.html", True),
        ("http://www.x.gov.cn:22/", False),
        ("http://files.x.gov.cn/", True),
        ("http://files.x.gov.cn:8443/", False),
        ("http://tight.x.gov.cn:81/", True),
        ("http://tight.x.gov.cn/", False),
        ("http://[2001:db8::1]/", True),
        ("http://[2001:db8::1]:81/", False),
        ("http://www.x.gov.cn:99999/", False),
        ("http://[/", False),
        ("ftp://www.x.gov.cn/", False),
        ("", False),
    ],
)
def test_where_an_address_may_lie(url: str, there: bool) -> None:
    column = SiteColumn("s/a", "s", "a", "listing", "甲", "https://www.x.gov.cn:8443/a/")
    hosts = frozenset({"www.x.gov.cn", "files.x.gov.cn", "tight.x.gov.cn:81", "2001:db8::1"})
    county = County("sample", "样例县", date(2015, 1, 1), {}, {}, {"s/a": column}, hosts=hosts)
    assert on_site(Rulebook(county, (), {}), url) == there


async def test_an_address_alone_takes_no_matter_out_of_what_is_pressed_and_the_county_office_hears(
    house: House,
) -> None:
    url = "https://mp.weixin.qq.example/s/abc?x=1&y=2"
    status, page = await claim(house, url)
    words = (
        "该网址不在本县政府网站范围内，系统不能核对，须由人工认定。"
        "已转政务公开主管部门；认定采信之前，催办和上报照常进行。"
    )
    assert (status, words in page) == (200, True), page
    assert house.filed() == []
    await house.small.turn()
    assert house.small.rows()["water/huanbao/2015-07"].status == "overdue"
    (told,) = [one for one in house.rows(notices) if one["kind"] == "explained"]
    assert (told["role"], told["state"]) == ("county-office", "sent")
    assert f"duban attest small/small/water/huanbao/2015-07 --link '{url}' --by 姓名" in told["reason"]


async def test_what_can_be_proved_by_filing_is_filed_and_waits_for_a_person(house: House) -> None:
    by_paper = WITH_AIR.replace("channels: county-site", "channels: {any_of: [county-site, media]}", 1)
    house.small.reload(pack=by_paper, county=COUNTY + "  media: {attested: true}\n", schedule=REPEATS)
    url = "https://news.example/s/abc"
    status, page = await claim(house, url)
    assert (status, "已作为佐证报送（编号1），待政务公开主管部门认定。" in page) == (200, True), page
    assert house.filed() == [("water", url)]
    house.small.office.tick()
    row = house.small.rows()["water/huanbao/2015-07"]
    assert (row.status, "待人工认定" in row.reason) == ("unverifiable", True)
    assert not row.status.met


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1/a.html",
        "http://192.168.1.5:8080/",
        "http://169.254.169.254/x",
        "http://oa.lan/a.html",
        "http://[::127.0.0.1]/a.html",
        "http://10.1/a.html",
        "http://192.168.0x7/a.html",
    ],
)
async def test_what_nobody_outside_can_open_is_given_back(house: House, url: str) -> None:
    before = house.everything()
    status, page = await claim(house, url)
    assert (status, "该网址只能在单位内部打开，公众看不到。" in page) == (422, True), page
    assert house.everything() == before


@pytest.mark.parametrize(
    ("day", "filed"),
    [
        ("2015-07-20", True),  # the column was read since, and lacks it
        ("2015-08-03", False),  # a later visit may yet find it
    ],
)
async def test_what_lies_in_no_column_of_the_duty_is_filed_once_a_visit_has_lacked_it(
    house: House, day: str, filed: bool
) -> None:
    house.small.site.instead["/other/1.html"] = hidden("6月份水环境质量", day)
    url = f"{site()}/other/1.html"
    status, page = await claim(house, url)
    assert (status, "尚未在应公开的栏目“环境保护”中查到" in page) == (200, True), page
    assert house.filed() == ([("water", url)] if filed else [])
    assert ("已作为佐证报送" in page) == filed


async def test_the_same_address_again_is_known_and_another_one_is_looked_at(house: House) -> None:
    for n in range(2):
        house.small.site.publish("environment", "6月份水环境质量", at("2015-08-03", f"09:3{n}"), WATER)
    for n in (0, 0, 1):
        status, page = await claim(house, f"{site()}/environment/{n}.html")
        assert status == 200
        assert ("“已公开”已于2015年8月3日10时由" in page) == (
            n == 0 and len(house.answers()) == 1 and "登记，本次" in page
        )
    assert len(house.answers()) == 2


async def test_the_next_crawl_asks_anew_for_what_is_said_to_hold_it(house: House) -> None:
    """An article that lacked something before the day is read again, however young its last reading is."""
    site_, small = house.small.site, house.small
    site_.publish("environment", "6月份空气质量", at("2015-08-03", "09:30"), FULL)
    await small.turn(crawl=True)
    site_.publish("environment", "7月份空气质量", at("2015-08-24", "05:30"), WATER)
    await small.live(date(2015, 8, 24), date(2015, 8, 24))
    for asked in (False, True):
        site_.articles[1] = replace(site_.articles[1], paragraphs=(FULL,))
        await small.turn(crawl=True)
        met = small.rows()["air/huanbao/2015-08"].status.met
        assert met == asked
        if not asked:
            _, page = await claim(house, f"{site()}/environment/1.html", "空气")
            assert "内容符合该事项的要求" in page
            await small.turn()


async def test_so_many_addresses_are_looked_at_and_no_more(house: House) -> None:
    stati = [(await claim(house, f"https://elsewhere.example/{n}"))[0] for n in range(22)]
    assert stati == [200] * 20 + [429] * 2
    assert len(house.answers()) == 20
