"""What is only doubtful is told to the county office as it comes up: once, in its next morning's mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import sqlalchemy as sa

from tests.decide.small_county import Small, at
from tests.deliver.outbox_office import parse_mail, text_of
from tests.entered import new_ruling
from tracker.decide.run import tick
from tracker.registers.decisions import record_ruling
from tracker.store.notices import list_notices
from tracker.store.tables import messages, notices

REPORT = "6月份全县地表水监测断面水质达标率为96.5%，其中一类断面3个，二类断面11个，饮用水水源地水质达标率为100%。"
AUGUST = "water/huanbao/2015-08"


def flags(small: Small) -> list[tuple[str, str, str, str]]:
    """(matter, role, state, the day it may leave) of each."""
    with small.office.store.read() as tx:
        found = list_notices(tx, "small")
    return [
        (
            one["subject"].removeprefix("small/small/"), one["role"], one["state"],
            f"{one['not_before'].astimezone(small.office.loaded.schedule.zone):%m-%d %H:%M}",
        )
        for one in found
        if one["step"] == "flag"
    ]  # fmt: skip


async def republished(small: Small) -> None:
    """July's text stands under a new title in August, found by the crawl of Tuesday noon."""
    small.site.publish("environment", "6月份水环境质量状况", at("2015-07-08"), REPORT)
    await small.live(date(2015, 7, 8), date(2015, 7, 9))
    small.site.publish("environment", "7月份水环境质量状况", at("2015-08-10"), REPORT)
    small.clock.now = at("2015-08-11", "12:00")
    await small.turn(crawl=True)


async def test_an_old_text_is_in_the_county_office_s_next_mail_once(county: Small) -> None:
    await republished(county)
    assert county.rows()[AUGUST].status == "met"
    assert flags(county) == [(AUGUST, "county-office", "due", "08-12 08:30")]
    await county.live(date(2015, 8, 12), date(2015, 8, 20))
    assert flags(county) == [(AUGUST, "county-office", "sent", "08-12 08:30")]
    with county.office.store.read() as tx:
        sent = [parse_mail(body) for (body,) in tx.execute(sa.select(messages.c.body))]
    told = [one for one in sent if "旧稿" in text_of(one)]
    (mail,) = (one for one in told if "待判定" in str(one["Subject"]))
    assert mail["To"].addresses[0].addr_spec == "office@small.example"
    assert "待判定1件" in str(mail["Subject"])
    said = text_of(mail)
    assert "[疑似旧稿新发·请判定] 环保局：水环境质量月报，2015年7月" in said
    assert "与2015年7月8日公开的《6月份水环境质量状况》" in said
    assert "能否认定为本期公开。" in said


async def test_a_cold_pass_tells_it_no_second_time_and_judges_as_the_warm_one(county: Small) -> None:
    await republished(county)
    before = flags(county)
    tick(county.office.store, county.office.loaded, county.clock.now)
    assert flags(county) == before


async def test_what_was_decided_before_the_mail_leaves_is_not_asked(county: Small) -> None:
    await republished(county)
    county.clock.now = at("2015-08-11", "15:00")
    book = county.office.loaded.rulebooks[0]
    url = f"{book.county.columns['county-site/environment'].url}1.html"
    with county.office.store.begin() as tx:
        record_ruling(
            tx,
            book,
            new_ruling(
                "accept",
                occurrence=f"small/small/{AUGUST}",
                target=url,
                by="李某",
                reason="数据确未变",
                now=county.clock.now,
            ),
        )
    await county.live(date(2015, 8, 12), date(2015, 8, 13))
    assert [state for _, _, state, _ in flags(county)] == ["cancelled"]


async def test_a_later_change_of_the_page_is_a_question_of_its_own(
    county: Small,
) -> None:
    await republished(county)
    await county.live(date(2015, 8, 12), date(2015, 8, 12))
    county.site.articles[1] = replace(county.site.articles[1], paragraphs=(REPORT + "。",))
    await county.live(date(2015, 8, 13), date(2015, 8, 14))
    said = [one.partition("：")[0] for one in county.reasons()]
    assert (said.count("疑似旧稿新发"), said.count("公开后改动")) == (1, 1)


async def test_what_is_so_for_more_than_a_week_is_left_to_the_report(county: Small) -> None:
    """A county that begins with a full site is not asked about all of it at once."""
    await republished(county)
    with county.office.store.begin() as tx:
        tx.execute(notices.delete().where(notices.c.step == "flag"))
    county.clock.now += timedelta(days=8)
    await county.decide_everything()
    assert flags(county) == []
