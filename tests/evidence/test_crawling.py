"""A pass over a county's columns on a real server and a real database: what is recorded, and what is never concluded."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import pytest

from tests.evidence.crawled import EIA, WATER, Office, Site
from tracker.core.law.county import SiteColumn
from tracker.core.values.facts import VisitOutcome
from tracker.crawl.report import ColumnResult, CrawlReport
from tracker.store.facts import load_facts
from tracker.store.faults import list_faults


def result(report: CrawlReport, column: str = "county-site/environment") -> ColumnResult:
    return next(one for one in report.columns if one.column == column)


async def test_what_is_published_is_recorded_with_its_article(site: Site, either_office: Office) -> None:
    site.publish("1", WATER)
    report = await either_office.crawl()
    (entry,) = either_office.entries()
    assert (entry.title, entry.current.source, entry.current.state, entry.current.claimed_from) == (
        WATER,
        "环保局",
        "read",
        "line",
    )
    assert isinstance(entry.claimed, datetime)
    assert entry.claimed.astimezone(either_office.clock.now.tzinfo).isoformat() == "2015-09-28T09:30:00+08:00"
    assert entry.current.text == "全县水环境质量良好。" * 5
    assert len(entry.versions) == 1
    visit = next(one for one in either_office.facts().visits if one.column == entry.column)
    assert (visit.outcome, visit.reached, visit.pages, visit.entries) == (VisitOutcome.READ, "end", 1, 1)
    assert entry.first_seen_at == entry.last_seen_at == entry.current.seen_at == visit.began_at
    assert (result(report).new, report.could_not_look) == (1, ())
    assert str(report) == "sample: 3 columns, 4 requests, 2 new, 0 changed, 0 gone"


async def test_a_second_pass_changes_nothing_but_the_sighting(site: Site, either_office: Office) -> None:
    site.publish("1", WATER)
    await either_office.crawl()
    before = either_office.facts()
    either_office.clock.advance(hours=6)
    report = await either_office.crawl()
    after = either_office.facts()
    assert sorted(either_office.asked) == ["/cwgk/", "/hjbh/", "/jubao/"]
    assert site.unchanged == 3
    assert [one.versions for one in after.entries] == [one.versions for one in before.entries]
    assert all(new.last_seen_at > old.last_seen_at for new, old in zip(after.entries, before.entries, strict=True))
    assert (report.requests, len(after.visits)) == (3, 6)
    with either_office.store.read() as tx:
        later = load_facts(tx, "sample", before.seq)
    assert (later.entries, len(later.visits)) == ((), 3)


class TestWhatChanges:
    async def test_a_further_page_that_changes_where_the_first_does_not(self, site: Site, office: Office) -> None:
        """The server answers for the first page alone: it may not be asked whether that has changed."""
        site.publish("1", WATER)
        first, second = "/hjbh/1.html", "/hjbh/1_2.html"
        link = "<p><a href='1.html'>1</a> <a href='1_2.html'>2</a></p></body>"
        site.articles[first] = site.articles[first].replace("</body>", link)
        site.articles[second] = site.articles[first].replace("水环境质量良好", "空气质量良好")
        await office.crawl()
        site.articles[second] = site.articles[second].replace("空气质量良好", "空气质量优")
        office.clock.advance(hours=24)
        await office.crawl(reread={f"{office.base}{first}"})
        (entry,) = office.entries()
        assert "空气质量优" in (entry.current.text or "")
        assert len(entry.versions) == 2

    async def test_where_a_page_leads_that_only_sends_on_and_stays_as_it_is(self, site: Site, office: Office) -> None:
        site.publish("1", WATER)
        first, second = "/hjbh/1.html", "/hjbh/1_2.html"
        site.articles[second] = site.articles[first]
        site.articles[first] = "<html><head><meta http-equiv=refresh content='0;url=1_2.html'></head></html>"
        await office.crawl()
        site.articles[second] = site.articles[second].replace("水环境质量良好", "空气质量优")
        office.clock.advance(hours=24)
        await office.crawl(reread={f"{office.base}{first}"})
        (entry,) = office.entries()
        assert ["空气质量优" in (one.text or "") for one in entry.versions] == [False, True]
        del site.articles[second]
        office.clock.advance(hours=24)
        await office.crawl(reread={f"{office.base}{first}"})
        (entry,) = office.entries()
        assert entry.hollow_at is not None  # doubted until the next look

    async def test_a_text_keeps_both_versions(self, site: Site, either_office: Office) -> None:
        site.publish("1", WATER)
        await either_office.crawl()
        site.publish("1", WATER, text="全县水环境质量良好，污染源监测达标。" * 3)
        either_office.clock.advance(days=1)
        report = await either_office.crawl()
        (entry,) = either_office.entries()
        assert [one.text for one in entry.versions] == [
            "全县水环境质量良好。" * 5,
            "全县水环境质量良好，污染源监测达标。" * 3,
        ]
        assert entry.versions[1].seen_at > entry.versions[0].seen_at
        assert result(report).changed == 1

    async def test_a_title_in_the_list_has_its_article_read_again(self, site: Site, office: Office) -> None:
        site.publish("1", WATER)
        await office.crawl()
        site.publish("1", f"{WATER}（更正）")
        await office.crawl()
        (entry,) = office.entries()
        assert [one.title for one in entry.versions] == [WATER, f"{WATER}（更正）"]
        assert "/hjbh/1.html" in office.asked

    async def test_a_date_moved_back_keeps_both(self, site: Site, office: Office) -> None:
        site.publish("1", WATER, "2015-09-28")
        await office.crawl()
        site.publish("1", WATER, "2015-09-01")
        await office.crawl()
        (entry,) = office.entries()
        assert [one.claimed.astimezone(office.clock.now.tzinfo).day for one in entry.versions] == [28, 1]  # type: ignore[union-attr]

    async def test_a_title_cut_short_in_the_list_is_the_articles(self, site: Site, office: Office) -> None:
        site.publish("1", WATER, shown="8月份水环境…")
        await office.crawl()
        await office.crawl()
        (entry,) = office.entries()
        assert [one.title for one in entry.versions] == [WATER]

    async def test_articles_are_asked_for_again_with_growing_distance(self, site: Site, office: Office) -> None:
        site.publish("1", WATER)
        await office.crawl()
        asked = []
        for day in range(1, 20):
            office.clock.advance(days=1)
            await office.crawl(only=["county-site/environment"])
            asked += [day] if "/hjbh/1.html" in office.asked else []
        assert asked == [1, 2, 4, 8, 16]

    async def test_or_at_once_where_that_is_wanted(self, site: Site, office: Office) -> None:
        site.publish("1", WATER)
        await office.crawl()
        await office.crawl(reread={f"{office.base}/hjbh/1.html"})
        assert "/hjbh/1.html" in office.asked


class TestWhatVanishes:
    async def test_an_address_that_answers_404_is_gone(self, site: Site, office: Office) -> None:
        site.publish("1", WATER)
        site.publish("2", EIA, "2015-09-20")
        await office.crawl()
        del site.lists["hjbh"]["/hjbh/1.html"], site.articles["/hjbh/1.html"]
        report = await office.crawl()
        gone, stays = office.entries()
        assert (gone.gone_status, stays.gone_at, result(report).gone) == (404, None, 1)
        assert gone.gone_at is not None
        assert gone.current.text

    async def test_falling_off_the_list_alone_is_not_being_gone(self, site: Site, office: Office) -> None:
        site.publish("1", WATER)
        site.publish("2", EIA)
        await office.crawl()
        del site.lists["hjbh"]["/hjbh/1.html"]
        await office.crawl()
        assert "/hjbh/1.html" in office.asked
        await office.crawl()
        assert "/hjbh/1.html" not in office.asked
        assert [one.gone_at for one in office.entries()] == [None, None]

    async def test_every_fall_off_the_list_is_looked_into_at_once(self, site: Site, office: Office) -> None:
        site.publish("1", WATER)
        site.publish("2", EIA)
        for _ in range(2):
            await office.crawl()
            row = site.lists["hjbh"].pop("/hjbh/1.html")
            await office.crawl()
            assert "/hjbh/1.html" in office.asked
            site.lists["hjbh"]["/hjbh/1.html"] = row

    @pytest.mark.parametrize("status", [500, 403, 412, 521, 302])
    async def test_an_address_that_cannot_be_looked_at_is_not_gone(
        self, status: int, site: Site, office: Office
    ) -> None:
        site.publish("1", WATER)
        site.publish("2", EIA)
        await office.crawl()
        del site.lists["hjbh"]["/hjbh/1.html"]
        site.broken["/hjbh/1.html"] = status
        await office.crawl()
        first = office.entries()[0]
        assert (first.gone_at, first.current.state) == (None, "read")

    async def test_back_again_is_no_longer_gone(self, site: Site, either_office: Office) -> None:
        site.publish("1", WATER)
        site.publish("2", EIA)
        await either_office.crawl()
        kept = site.lists["hjbh"].pop("/hjbh/1.html"), site.articles.pop("/hjbh/1.html")
        await either_office.crawl()
        site.lists["hjbh"]["/hjbh/1.html"], site.articles["/hjbh/1.html"] = kept
        report = await either_office.crawl()
        first = either_office.entries()[0]
        assert (first.gone_at, first.gone_status, result(report).returned) == (None, None, 1)

    async def test_listed_but_dead_is_gone_until_it_answers(self, site: Site, office: Office) -> None:
        site.publish("1", WATER)
        site.publish("2", EIA)
        html = site.articles.pop("/hjbh/1.html")
        await office.crawl()
        assert [one.gone_status for one in office.entries()] == [None, None]  # the list may have slipped
        office.clock.advance(hours=1)
        await office.crawl()
        assert sorted(one.gone_status or 0 for one in office.entries()) == [0, 404]
        site.articles["/hjbh/1.html"] = html
        office.clock.advance(hours=1)
        await office.crawl()
        (entry,) = [one for one in office.entries() if one.title == WATER]
        assert (entry.gone_at, entry.current.state, len(entry.versions)) == (None, "read", 1)

    async def test_a_column_that_is_down_takes_nothing_away(self, site: Site, office: Office) -> None:
        site.publish("1", WATER)
        await office.crawl()
        site.broken["/hjbh/"] = 500
        del site.articles["/hjbh/1.html"]
        office.clock.advance(days=30)
        await office.crawl()
        (entry,) = office.entries()
        assert (entry.gone_at, office.asked.count("/hjbh/1.html")) == (None, 0)

    async def test_what_lies_beyond_the_visits_reach_is_not_missed(self, site: Site, office: Office) -> None:
        site.publish("1", WATER, "2015-03-01")
        site.publish("2", EIA, "2015-09-28")
        await office.crawl()
        del site.lists["hjbh"]["/hjbh/1.html"]
        listing = site.listing("hjbh").replace("</ul>", "</ul><a href='javascript:next()'>下一页</a>")
        del site.lists["hjbh"]
        site.pages["hjbh"] = listing
        await office.crawl()
        assert "/hjbh/1.html" not in office.asked


class TestCouldNotLook:
    async def test_one_columns_failure_never_stops_the_pass(self, site: Site, office: Office) -> None:
        site.publish("1", "县财政局2015年部门预算", column="cwgk")
        site.broken["/hjbh/"] = 521
        report = await office.crawl()
        assert [one.column for one in report.could_not_look] == ["county-site/environment"]
        assert result(report, "county-site/finance").new == 1
        visits = {one.column: one for one in office.facts().visits}
        assert (visits["county-site/environment"].outcome, visits["county-site/environment"].reached) == (
            VisitOutcome.REFUSED,
            None,
        )

    async def test_it_is_a_fault_until_it_can_be_read_again(self, site: Site, either_office: Office) -> None:
        site.publish("1", WATER)
        site.broken["/hjbh/"] = 500
        for _ in range(2):
            await either_office.crawl()
        with either_office.store.read() as tx:
            (fault,) = list_faults(tx, "sample")
        assert (fault.subject, fault.count, fault.error) == (
            "column:county-site/environment",
            2,
            "网站出错（500）",
        )
        site.broken.clear()
        await either_office.crawl()
        with either_office.store.read() as tx:
            assert list_faults(tx, "sample") == []

    async def test_an_article_that_cannot_be_read_is_read_later(self, site: Site, office: Office) -> None:
        site.publish("1", WATER)
        site.broken["/hjbh/1.html"] = 503
        await office.crawl()
        (entry,) = office.entries()
        assert (entry.current.state, entry.current.text, entry.title) == ("unreadable", None, WATER)
        site.broken.clear()
        office.clock.advance(hours=2)
        await office.crawl()
        (entry,) = office.entries()
        assert (entry.current.state, len(entry.versions)) == ("read", 1)

    async def test_a_guards_page_does_not_empty_an_article(self, site: Site, office: Office) -> None:
        site.publish("1", WATER)
        await office.crawl()
        site.articles["/hjbh/1.html"] = "<script>document.cookie='x';location.reload()</script>"
        await office.crawl(reread={f"{office.base}/hjbh/1.html"})
        (entry,) = office.entries()
        assert (entry.current.state, len(entry.versions)) == ("read", 1)


class TestAPageColumn:
    async def test_is_one_entry(self, office: Office) -> None:
        await office.crawl()
        (entry,) = office.entries("county-site/page:hotline")
        assert (entry.url, entry.title, entry.current.state) == (f"{office.base}/jubao/", "在线举报", "read")

    async def test_that_changes_keeps_both_versions(self, site: Site, office: Office) -> None:
        await office.crawl()
        site.pages["jubao"] = site.pages["jubao"].replace("环境违法行为", "污染环境的行为")
        await office.crawl()
        (entry,) = office.entries("county-site/page:hotline")
        assert len(entry.versions) == 2

    async def test_that_is_taken_down_is_gone_and_may_come_back(self, site: Site, office: Office) -> None:
        await office.crawl()
        site.broken["/jubao/"] = 404
        report = await office.crawl()
        (entry,) = office.entries("county-site/page:hotline")
        assert (entry.gone_status, result(report, "county-site/page:hotline").outcome) == (404, VisitOutcome.NOT_FOUND)
        site.broken.clear()
        await office.crawl()
        (entry,) = office.entries("county-site/page:hotline")
        assert (entry.gone_at, len(entry.versions)) == (None, 1)


async def test_an_address_under_two_keys_is_fetched_once(site: Site, office: Office) -> None:
    site.publish("1", WATER)
    twin = SiteColumn(
        "county-site/focus@huanbao", "county-site", "focus", "listing", "重点领域", f"{office.base}/hjbh/", "huanbao"
    )
    office.columns = {"county-site/environment": office.columns["county-site/environment"], twin.key: twin}
    report = await office.crawl()
    assert (office.asked, len(report.columns)) == (["/hjbh/", "/hjbh/1.html"], 2)
    assert [one.title for one in office.entries(twin.key)] == [WATER]


async def test_only_the_columns_asked_for_are_read(office: Office) -> None:
    done: list[str] = []
    report = await office.crawl(only=["county-site/finance"], progress=done.append)
    assert (office.asked, done, len(report.columns)) == (["/cwgk/"], ["county-site/finance"], 1)


async def test_every_visit_has_its_own_instants(office: Office) -> None:
    await office.crawl()
    visits = office.facts().visits
    assert len({one.began_at for one in visits}) == len(visits) == 3
    assert all(one.began_at < one.ended_at for one in visits)


async def test_how_far_back_is_the_callers_to_say(site: Site, office: Office) -> None:
    for n in range(5):
        site.publish(f"{n}", f"第{n}号环境监测情况公告", f"2015-0{9 - n}-20")
    rows = list(site.lists.pop("hjbh").items())
    for n, (path, (title, day)) in enumerate(rows):
        pager = f"<a href='/hjbh/{n + 2}.htm'>下一页</a>" if n < 4 else ""
        site.pages[f"hjbh/{n + 1}.htm" if n else "hjbh"] = (
            f"<ul><li><a href='{path}'>{title}</a><span>{day}</span></li></ul>{pager}"
        )
    since: Mapping[str, date] = {"county-site/environment": date(2015, 8, 1)}
    await office.crawl(only=["county-site/environment"], since=since)
    (visit,) = office.facts().visits
    assert (visit.pages, visit.reached) == (3, date(2015, 7, 20))
    await office.crawl(only=["county-site/environment"], since={})
    assert office.asked == ["/hjbh/"]
