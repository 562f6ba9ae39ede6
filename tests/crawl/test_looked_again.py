"""The crawl looks again on the day before a lead hears: other columns, the site's map, its own search."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from tests.decide.small_county import COUNTY, SCHEDULE, Small, at, small_county, write_rules
from tracker.core.values.second_looks import SecondLook
from tracker.store.engine import Store
from tracker.store.notices import list_notices
from tracker.store.second_looks import list_second_looks

WATER = "small/small/water/huanbao/2015-07"
ASKING = SCHEDULE.replace("  standard:\n", "  standard:\n    second_look: true\n").replace(
    "overdue: {at: due +1 workdays, kind: overdue, to: [liaison]}",
    "question: {at: due +1 workdays, kind: question, to: [liaison]}",
)
SEARCHED = COUNTY.replace(
    '    base: "${SMALL_SITE}"\n', '    base: "${SMALL_SITE}"\n    search: "${SMALL_SITE}search?q={words}"\n'
)
MONDAY, WEDNESDAY = date(2015, 8, 3), date(2015, 8, 5)
TITLE = "6月份水环境质量"
RESULTS = """<html><head><meta charset='utf-8'><title>站内检索</title></head><body><h1>检索结果</h1><ul class='list'>
<li><a href="/hidden/1.html">6月份水环境质量</a><span>2015-07-08</span></li>
<li><a href="/hidden/2.html">机关党建工作会议召开</a><span>2015-07-06</span></li>
<li><a href="/hidden/3.html">5月份水环境质量</a><span>2015-06-08</span></li></ul></body></html>"""
MAP = """<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>%shidden/1.html</loc><lastmod>2015-07-08</lastmod></url></urlset>"""
PAGE = (
    f"<html><head><meta charset='utf-8'><title>{TITLE}</title></head><body><h1>{TITLE}</h1>"
    "<p>发布时间：2015-07-08 09:00</p>"
    "<div id='zoom'><p>6月份全县地表水监测断面水质达标率为百分之百，饮用水水源地水质全部达标。</p></div></body></html>"
)


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    """What is looked for depends on no database: one is enough."""
    return sqlite_url


@pytest.fixture
async def small(tmp_path: Path, store: Store) -> AsyncIterator[Small]:
    async with small_county(tmp_path, store, at("2015-08-03", "06:00")) as made:
        write_rules(made.root, county=SEARCHED, schedule=ASKING)
        made.reload(county=SEARCHED, schedule=ASKING)
        made.site.instead["/search"] = RESULTS.replace("6月份水环境质量", "6月份水质公告")
        yield made


def looks(small: Small) -> list[SecondLook]:
    with small.office.store.read() as tx:
        return list_second_looks(tx, "small", WATER)


def told(small: Small, step: str) -> list[str]:
    """`MM-DD role` of the notices of a step about water."""
    lines = [line for line in small.notices() if f"water/huanbao/2015-07 {step} " in line]
    return sorted(f"{line[:5]} {line.split()[4]}" for line in lines)


def reasons(small: Small, step: str, field: str) -> set[str]:
    with small.office.store.read() as tx:
        return {row["detail"][field] for row in list_notices(tx, "small", WATER) if row["step"] == step}


async def test_the_lead_hears_what_was_looked_at_again(small: Small) -> None:
    await small.live(MONDAY, WEDNESDAY)
    (look,) = looks(small)
    assert [(search.place, search.note, search.hits) for search in look.searches] == [
        ("other-columns", "", ()),
        ("search", "", ()),
    ]
    assert told(small, "to-lead") == ["08-05 lead", "08-05 liaison"]
    (said,) = reasons(small, "to-lead", "looked_again")
    assert said.startswith("已于2015年8月5日6时")
    assert said.endswith("再次查看“环境保护”，并查找本站其他栏目、站内检索，仍未查到。")


async def test_what_another_column_shows_is_decided_by_the_office_first(small: Small) -> None:
    small.site.publish("insurance", TITLE, at("2015-07-20"))
    await small.live(MONDAY, WEDNESDAY)
    (hit,) = looks(small)[-1].hits
    assert (hit.title, hit.where) == (TITLE, "社会保险")
    assert (told(small, "to-lead"), told(small, "decide")) == ([], ["08-05 county-office"])
    (said,) = reasons(small, "decide", "reason")
    assert said.startswith("再次查看时在“社会保险”栏目查到标题相符的内容")
    await small.live(date(2015, 8, 6), date(2015, 8, 6))
    assert told(small, "to-lead") == ["08-06 lead", "08-06 liaison"]
    assert f"另见标题相符的《{TITLE}》（“社会保险”栏目，" in reasons(small, "to-lead", "looked_again").pop()


async def test_the_site_s_search_and_map_speak_for_presence(small: Small) -> None:
    """Of three results one is about the period; the map's page has no title, so that it is opened."""
    base = small.office.loaded.rulebooks[0].county.columns["county-site/environment"].url.removesuffix("environment/")
    small.site.instead |= {"/search": RESULTS, "/sitemap.xml": (MAP % base).encode(), "/hidden/1.html": PAGE}
    await small.live(MONDAY, WEDNESDAY)
    found = {search.place: [hit.title for hit in search.hits] for search in looks(small)[-1].searches}
    assert found == {"other-columns": [], "sitemap": [TITLE], "search": [TITLE]}
    assert told(small, "to-lead") == []


async def test_a_search_that_fails_holds_nothing(small: Small) -> None:
    small.site.instead["/search"] = 503
    await small.live(MONDAY, WEDNESDAY)
    assert told(small, "to-lead") == ["08-05 lead", "08-05 liaison"]
    assert reasons(small, "to-lead", "looked_again").pop().endswith("仍未查到（站内检索未能使用）。")


async def test_without_a_complete_reading_there_is_no_look_and_the_step_waits(small: Small) -> None:
    await small.live(MONDAY, date(2015, 8, 4))
    small.site.down = True
    await small.live(WEDNESDAY, WEDNESDAY)
    assert (looks(small), told(small, "to-lead")) == ([], [])
    small.site.down = False
    await small.live(date(2015, 8, 6), date(2015, 8, 6))
    assert told(small, "to-lead") == ["08-06 lead", "08-06 liaison"]
