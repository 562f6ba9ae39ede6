"""Truth over time, from the site to the mail: what could not be seen accuses nobody, and what is taken back is told of."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from notifications.render import Addressee, render
from tests.decide.small_county import Small, at, small_county
from tests.entered import new_ruling
from tracker.core.values.facts import VisitOutcome
from tracker.core.values.verdicts import Status
from tracker.registers.decisions import record_ruling
from tracker.store.engine import Store
from tracker.store.facts import load_facts
from tracker.store.notices import list_notices

JULY = "water/huanbao/2015-07"
TEXT = "全县水环境质量状况：地表水各监测断面水质达标率为百分之百，集中式饮用水源地水质全部达标。" * 4
REPORT = (
    "东河断面高锰酸盐指数3.2毫克每升，氨氮0.42毫克每升，总磷0.08毫克每升；西河断面高锰酸盐指数4.1毫克每升，"
    "氨氮0.57毫克每升，总磷0.11毫克每升。饮用水源地达标率100%，总体良好。"
)
EMPTY_ARTICLE = "<html><head><title>水环境</title></head><body><h1>6月份水环境质量状况</h1><p>发布时间：2015-07-08 09:00</p><div id='zoom'></div></body></html>"
BARRIERS: dict[str, int | str] = {
    "down": 503,
    "an error": 500,
    "not there": 404,
    "not allowed": 403,
    "a guard's 412": 412,
    "a guard's 521": 521,
    "a guard's script": "<html><body><script>document.cookie='__jsl=1';location.reload();</script></body></html>",
    "a soft 404": "<html><head><title>提示</title></head><body><h1>404</h1><p>您访问的页面不存在或已被删除！</p></body></html>",
    "a login": "<html><head><title>用户登录</title></head><body><form>用户登录<input type='password'></form></body></html>",
    "being built": "<html><head><title>环境保护</title></head><body><div>栏目正在建设中，敬请期待</div></body></html>",
    "a new layout": "<html><head><title>环境保护</title></head><body><div id='app'></div><script src='/app.js'></script></body></html>",
    "the front page": "/",
}


@pytest.fixture
async def small(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Small]:
    with Store(sqlite_url, durable=False) as store:
        async with (
            small_county(tmp_path, store, at("2015-07-01", "06:00")) as made,
        ):
            made.site.instead["/"] = "<html><head><title>小县</title></head><body><h1>小县人民政府</h1></body></html>"
            yield made


def report(county: Small) -> str:
    """The overdue report of the day as the county office reads it."""
    county.office.report_overdue()
    with county.office.store.read() as tx:
        shown = [one["detail"] for one in list_notices(tx, "small") if one["kind"] == "report"][-1]
    mail = render(Addressee("小县", "县政务公开办公室"), [shown], county.clock.now)
    assert mail.fault == ""
    return mail.text


def asked_in(said: str, kind: str, title: str, period: str) -> bool:
    """Whether the report asks of the article by its kind and title, and names the matter that it concerns."""
    _, found, after = said.partition(f"[{kind}] 《{title}》")
    concerns = after.split("\n", 2)[1] if found else ""
    return "环保局" in concerns and "水环境质量月报" in concerns and period in concerns


@pytest.mark.sampled(4)
@pytest.mark.parametrize("barrier", BARRIERS.values(), ids=BARRIERS)
async def test_what_could_not_be_looked_at_is_held_against_nobody(barrier: int | str, small: Small) -> None:
    """July's report never came; but from the due day on nobody could look."""
    await small.live(date(2015, 7, 30), date(2015, 7, 31))
    small.site.instead["/environment/"] = barrier
    await small.live(date(2015, 8, 1), date(2015, 8, 7))  # to the last step of the policy
    with small.office.store.read() as tx:
        visits = [one for one in load_facts(tx, "small").visits if one.column == "county-site/environment"]
    assert visits[-1].outcome is not VisitOutcome.READ
    assert small.rows()[JULY].status == "unverifiable"
    assert [line for line in small.notices() if JULY in line and not line[:5] < "08-01"] == []
    (outage,) = [line for line in small.notices() if "column:county-site/environment" in line]  # which hides it
    assert "county-office" in outage
    said = report(small)
    assert "网站查看故障（不计入逾期）" in said
    assert f"“环境保护”：{visits[-1].note}（自2015年8月1日6时起）" in said


async def test_it_is_overdue_once_it_was_looked_for_in_vain(small: Small) -> None:
    await small.live(date(2015, 7, 30), date(2015, 8, 1))
    assert small.rows()[JULY].status == "overdue"
    assert "故障" not in report(small)


@pytest.mark.nightly
async def test_an_emptied_article_is_doubted_then_told_of_and_comes_back(small: Small) -> None:
    for title, day in (("6月份水环境质量状况", "2015-07-08"), ("6月份水环境质量公告", "2015-07-09")):
        small.site.publish("environment", title, at(day), TEXT)
    await small.live(date(2015, 7, 8), date(2015, 7, 9))
    assert small.rows()[JULY].status == "met"
    small.site.instead["/environment/0.html"] = EMPTY_ARTICLE
    small.site.instead["/environment/1.html"] = 503
    await small.live(date(2015, 7, 10), date(2015, 7, 17))
    assert small.rows()[JULY].status == "met"  # nothing else could be read beside it
    columns = small.office.columns_in_need(small.office.loaded.rulebooks[0], small.clock.now)
    assert "county-site/environment" in columns  # for the second look
    assert asked_in(report(small), "疑似已清空", "6月份水环境质量状况", "2015年6月")
    del small.site.instead["/environment/1.html"]
    await small.live(date(2015, 7, 18), date(2015, 8, 4))
    row = small.rows()[JULY]
    assert (row.status, row.episode) == ("met", 0)  # the announcement of the 9th is another proof of the month


async def test_an_emptied_proof_reopens_its_matter_with_notice(small: Small) -> None:
    small.site.publish("environment", "6月份水环境质量状况", at("2015-07-08"), TEXT)
    small.site.publish("environment", "空气质量点位公告", at("2015-07-09"), TEXT)
    await small.live(date(2015, 7, 8), date(2015, 7, 10))
    small.site.instead["/environment/0.html"] = EMPTY_ARTICLE
    await small.live(date(2015, 7, 11), date(2015, 7, 12))
    await small.live(date(2015, 7, 30), date(2015, 8, 3))
    row = small.rows()[JULY]
    assert (row.status, row.episode) == ("incomplete", 1)
    assert "《6月份水环境质量状况》曾公开，其网页（" in row.reason
    assert "看不到原来的内容" in row.reason
    reopened = [line for line in small.notices() if JULY in line and "reopened" in line]
    assert [line.split()[4] for line in reopened] == ["liaison", "county-office"]
    assert asked_in(report(small), "公开后撤下", "6月份水环境质量状况", "2015年6月")
    del small.site.instead["/environment/0.html"]
    await small.live(date(2015, 8, 4), date(2015, 8, 5))
    assert small.rows()[JULY].status == "met"
    assert any("mended" in line for line in small.notices() if JULY in line)


async def test_a_site_that_empties_all_its_articles_is_a_fault_of_its_own(small: Small) -> None:
    for number, title in enumerate(("6月份水环境质量状况", "水环境监测点位公告", "水环境执法情况")):
        small.site.publish("environment", title, at("2015-07-08"), TEXT)
        small.site.instead[f"/environment/{number}.html"] = EMPTY_ARTICLE
    hidden, small.site.instead = dict(small.site.instead), {}
    await small.live(date(2015, 7, 8), date(2015, 7, 9))
    small.site.instead = hidden
    await small.live(date(2015, 7, 10), date(2015, 7, 20))
    row = small.rows()[JULY]
    assert (row.status, row.episode) == ("met", 0)
    assert "视为网站故障，不作撤下处理" in report(small)


@pytest.mark.nightly
async def test_an_old_text_under_a_new_date_is_asked_about_until_somebody_decides(small: Small) -> None:
    small.site.publish("environment", "6月份水环境质量状况", at("2015-07-08"), REPORT)
    small.site.publish("environment", "7月份水环境质量状况", at("2015-08-10"), REPORT)
    await small.live(date(2015, 7, 8), date(2015, 7, 9))
    await small.live(date(2015, 8, 10), date(2015, 8, 11))
    august = "water/huanbao/2015-08"
    assert small.rows()[august].status == "met"
    said = report(small)
    assert asked_in(said, "疑似旧稿新发", "7月份水环境质量状况", "2015年7月")
    assert "duban evidence" not in said  # commands are not for a mail
    told = [line for line in small.notices() if " flag " in line]
    assert [line.split()[4] for line in told] == ["county-office"]  # nobody else hears of it
    small.clock.now = at("2015-08-11", "13:00")
    with small.office.store.begin() as tx:
        book = small.office.loaded.rulebooks[0]
        url = f"{book.county.columns['county-site/environment'].url}1.html"
        key, now = f"small/small/{august}", small.clock.now
        record_ruling(tx, book, new_ruling("reject", occurrence=key, target=url, by="李某", reason="旧稿", now=now))
    await small.live(date(2015, 8, 12), date(2015, 8, 12))
    assert small.rows()[august].status != "met"
    assert "旧稿新发" not in report(small)


async def test_a_column_whose_every_article_answers_404_from_the_first_look_accuses_nobody(county: Small) -> None:
    """The list shows them, so they were published, and no content is asked for; that none opens is the site's doing."""
    for number in range(2, 7):
        county.site.publish("environment", f"{number}月份水环境质量状况", at(f"2015-0{number + 1}-08"))
        county.site.instead[f"/environment/{number - 2}.html"] = 404
    await county.live(date(2015, 8, 1), date(2015, 8, 5))
    assert county.rows()["water/huanbao/2015-07"].status is Status.MET
    assert not any(" escalation" in line or " overdue " in line for line in county.notices() if "water/" in line)
