"""What must stay up is looked after: deep in its list, behind a column that cannot be read, long after it came out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.decide.small_county import PACK, Small, at
from tracker.store.faults import list_faults

SINCE_JUNE = PACK.replace("from: 2015-01-01", "from: 2015-06-01")
JUNE = "water/huanbao/2015-06"
LIST, ARTICLE = "/environment/", "/environment/0.html"


@pytest.fixture
async def proved(county: Small) -> Small:
    """May's report proves June; two more articles stand in its column."""
    county.reload(pack=SINCE_JUNE)
    county.clock.now = at("2015-07-02", "06:00")
    for title, day in (("5月份水环境质量", "08"), ("饮用水源保护区公告", "05"), ("环评受理公示", "04")):
        county.site.publish("environment", title, at(f"2015-06-{day}"), text="全县地表水各监测断面水质达标。" * 5)
    await county.turn(crawl=True)
    assert county.rows()[JUNE].status == "met"
    return county


async def next_day(county: Small, days: int = 1) -> str:
    county.clock.now += timedelta(days=days)
    await county.turn(crawl=True)
    return county.rows()[JUNE].status


def push_down(county: Small) -> None:
    """Let its list show newer rows on a first page, and the known ones on a page that is not reached."""
    rows = "".join(
        f"<li><a href='9{n}.html'>监测点位公告{n}</a><span>2015-06-0{9 - n}</span></li>" for n in range(1, 8)
    )
    old = "<li><a href='8.html'>上年工作总结</a><span>2014-01-09</span></li>"
    pager = "<div class='page'>共9页 <a href='index_2.html'>下一页</a></div>"
    county.site.instead[LIST] = f"<html><body><ul class='list'>{rows}{old}</ul>{pager}</body></html>"
    county.site.instead["/environment/index_2.html"] = 500


async def test_a_removal_deep_in_a_list_is_seen_at_the_next_crawl(proved: Small) -> None:
    push_down(proved)
    assert await next_day(proved, 10) == "met"
    proved.site.instead[ARTICLE] = 404
    assert await next_day(proved) == "incomplete"
    assert "自2015年7月13日起无法打开" in proved.rows()[JUNE].reason


@pytest.mark.parametrize("answer", [404, "<html><title>公开</title><body><p>请选择栏目</p></body></html>"])
async def test_a_removal_behind_a_column_that_cannot_be_read(answer: int | str, proved: Small) -> None:
    proved.site.instead[LIST] = answer
    assert await next_day(proved) == "met"
    proved.site.instead[ARTICLE] = 404
    assert await next_day(proved) == "incomplete"


@pytest.mark.parametrize("down", [range(3), range(2)], ids=["all", "most"])
async def test_a_site_that_was_built_anew_took_nothing_down(down: range, proved: Small) -> None:
    proved.site.instead[LIST] = 404
    proved.site.instead |= {f"/environment/{number}.html": 404 for number in down}
    assert await next_day(proved) == "met"
    with proved.office.store.read() as tx:
        faults = {fault.action: fault.error for fault in list_faults(tx, "small")}
    assert faults["articles"].startswith("栏目未能读取，1篇已采信的文章也打不开，无从断定已撤下")


@pytest.mark.parametrize("answer", [503, 403])
async def test_a_site_that_does_not_answer_is_asked_for_nothing_more(answer: int, proved: Small) -> None:
    proved.site.instead |= {LIST: answer, ARTICLE: 404}
    assert await next_day(proved) == "met"


async def test_a_removal_after_months_is_dated_to_the_week(proved: Small) -> None:
    for days in (20, 20, 20, 20):
        assert await next_day(proved, days) == "met"
    proved.site.instead[ARTICLE] = 404
    seen = [await next_day(proved) for _ in range(7)]
    assert seen.count("incomplete") >= 1
