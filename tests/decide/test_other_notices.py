"""What is told beside pressing: a site that cannot be read, a record that came, dates that became firm, decisions."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.decide.small_county import COUNTY, PACK, Small, at
from tests.entered import new_filing, new_ruling
from tracker.core.values.verdicts import Status
from tracker.decide.run import tick
from tracker.registers.decisions import record_ruling
from tracker.registers.filings import record_filing
from tracker.store.notices import list_notices

WATER = "small/small/water/huanbao/2015-07"
COLUMNS = ("environment", "finance", "insurance", "powers")


def of_kind(county: Small, kind: str) -> list[Any]:
    with county.office.store.read() as tx:
        return [one for one in list_notices(tx, "small") if one["kind"] == kind and one["state"] != "superseded"]


def told(county: Small, kind: str) -> list[str]:
    return [f"{one['subject']} {one['role']} {one['state']}" for one in of_kind(county, kind)]


def site_of(county: Small) -> str:
    """The subject of an outage of the whole site."""
    (host,) = {urlsplit(one.url).netloc for one in county.office.loaded.rulebooks[0].county.columns.values()}
    return f"site:{host}"


async def test_a_site_that_cannot_be_read_is_told_to_the_county_office_once(county: Small) -> None:
    await county.live(date(2015, 7, 13), date(2015, 7, 13))
    county.site.down = True
    await county.live(date(2015, 7, 14), date(2015, 7, 14))
    assert told(county, "fault") == []  # the first working day of it is not over
    await county.live(date(2015, 7, 15), date(2015, 7, 17))
    (found,) = of_kind(county, "fault")
    assert (found["subject"], found["role"], found["state"]) == (site_of(county), "county-office", "sent")
    assert found["reason"].startswith("自2015年7月14日6时起无法查看")
    assert found["detail"]["title"] == f"网站（{len(COLUMNS)}个栏目）"
    cold = tick(county.office.store, county.office.loaded, county.clock.now)
    assert cold.notices == 0
    county.site.down = False
    await county.live(date(2015, 7, 18), date(2015, 7, 20))
    county.site.down = True
    await county.live(date(2015, 7, 21), date(2015, 7, 22))
    assert told(county, "fault") == [f"{site_of(county)} county-office sent"] * 2  # another outage is told anew


@pytest.mark.nightly
async def test_what_falls_due_while_the_site_is_down_is_not_told_beside_the_outage(county: Small) -> None:
    await county.live(date(2015, 7, 27), date(2015, 7, 29))
    county.site.down = True
    await county.live(date(2015, 7, 30), date(2015, 8, 4))  # water is due on the 31st
    assert county.rows()["water/huanbao/2015-07"].status is Status.UNVERIFIABLE
    assert told(county, "fault") == [f"{site_of(county)} county-office sent"]
    county.site.down = False
    await county.live(date(2015, 8, 5), date(2015, 8, 6))
    assert county.rows()["water/huanbao/2015-07"].status is Status.OVERDUE


async def test_that_it_can_be_read_again_is_told_once_and_of_every_outage(county: Small) -> None:
    county.site.down = True
    await county.live(date(2015, 7, 14), date(2015, 7, 16))
    assert told(county, "restored") == []
    county.site.down = False
    await county.live(date(2015, 7, 17), date(2015, 7, 20))
    assert told(county, "restored") == [f"{site_of(county)} county-office sent"]
    assert {one["reason"] for one in of_kind(county, "restored")} == {
        "自2015年7月14日6时起无法查看，2015年7月17日6时已恢复查看；期间未能核验的事项已恢复核验。"
    }
    assert tick(county.office.store, county.office.loaded, county.clock.now).notices == 0  # a cold one
    county.site.down = True
    await county.live(date(2015, 7, 21), date(2015, 7, 23))
    county.site.down = False
    await county.live(date(2015, 7, 24), date(2015, 7, 24))
    assert told(county, "restored") == [f"{site_of(county)} county-office sent"] * 2


@pytest.mark.nightly
async def test_an_outage_that_was_not_told_ends_unsaid_and_one_that_goes_on_is_not_over(county: Small) -> None:
    county.site.down = True
    await county.live(date(2015, 7, 14), date(2015, 7, 14))
    county.site.down = False
    await county.live(date(2015, 7, 15), date(2015, 7, 16))
    assert told(county, "restored") == []  # of a few hours nobody was told
    county.site.down = True
    await county.live(date(2015, 7, 20), date(2015, 7, 22))
    county.site.down = False
    county.clock.now = at("2015-07-22", "17:45")
    await county.turn(crawl=True)
    assert {one["state"] for one in of_kind(county, "restored")} == {"due"}
    county.site.down = True
    county.clock.now = at("2015-07-22", "18:00")
    await county.turn(crawl=True)
    await county.live(date(2015, 7, 23), date(2015, 7, 24))
    assert {one["state"] for one in of_kind(county, "restored")} == {"cancelled"}


async def test_a_site_that_is_read_again_before_the_office_opens_is_not_told_of(county: Small) -> None:
    county.site.down = True
    await county.live(date(2015, 7, 14), date(2015, 7, 14))
    county.clock.now = at("2015-07-14", "17:40")
    await county.turn()
    assert {one["state"] for one in of_kind(county, "fault")} == {"due"}
    county.site.down = False
    await county.live(date(2015, 7, 15), date(2015, 7, 15))
    assert {one["state"] for one in of_kind(county, "fault")} == {"cancelled"}


async def test_the_record_of_an_event_is_chased_and_whoever_was_asked_is_thanked(county: Small) -> None:
    await county.live(date(2015, 8, 1), date(2015, 8, 4))
    chased = ["small/small/budget/keji/awaiting:budget-approved liaison sent",
              "small/small/budget/keji/awaiting:budget-approved county-office sent"]  # fmt: skip
    assert told(county, "record") == chased
    county.event("2015-07-29")
    await county.live(date(2015, 8, 5), date(2015, 8, 6))
    assert told(county, "recorded") == chased
    assert {one["reason"] for one in of_kind(county, "recorded")} == {
        "预算批复（2015年7月29日）已登记，时限自该日起算，至2015年8月18日；有关任务仍需按时完成。"
    }
    assert told(county, "mended") == []  # the budget itself is still owed
    assert told(county, "correction") == []


async def test_what_was_published_and_is_gone_is_named_with_its_address_and_since_when(county: Small) -> None:
    county.site.publish("environment", "6月份水环境质量状况", at("2015-07-10"))
    await county.live(date(2015, 7, 11), date(2015, 7, 13))
    county.site.articles.clear()
    await county.live(date(2015, 7, 14), date(2015, 7, 16))
    assert told(county, "reopened") == [f"{WATER} liaison sent", f"{WATER} county-office sent"]
    reason = of_kind(county, "reopened")[0]["reason"]
    for words in ("《6月份水环境质量状况》曾公开", "/environment/0.html", "自2015年7月14日起", "404"):
        assert words in reason


async def test_a_decision_that_it_was_in_time_takes_the_accusation_back(county: Small) -> None:
    await county.live(date(2015, 8, 1), date(2015, 8, 5))
    assert f"{WATER} lead sent" in told(county, "escalation")
    rulebook = county.office.loaded.rulebooks[0]
    with county.office.store.begin() as tx:
        filed = record_filing(
            tx,
            rulebook,
            new_filing(
                "attestation",
                occurrence=WATER,
                form="link",
                proof="https://paper.example/1",
                by="甲",
                now=county.clock.now,
                claimed=date(2015, 7, 20),
            ),
        )
        record_ruling(
            tx,
            rulebook,
            new_ruling(
                "accept",
                occurrence=WATER,
                by="李主任",
                reason="见报属实",
                now=county.clock.now,
                target=f"attestation:{filed.value.id}",
            ),
        )
    await county.live(date(2015, 8, 6), date(2015, 8, 6))
    assert sorted(told(county, "correction")) == [f"{WATER} lead sent", f"{WATER} liaison sent"]
    assert of_kind(county, "correction")[0]["reason"].startswith("此前的逾期通知不再成立：2015年7月20日")
    assert told(county, "mended") == []


NOTICE_OF_2027 = """\
year: 2027
notice: 试
off:
  - {name: 元旦, from: 2027-01-01, to: 2027-01-03}
  - {name: 春节, from: 2027-02-05, to: 2027-02-11}
  - {name: 清明节, from: 2027-04-03, to: 2027-04-05}
  - {name: 劳动节, from: 2027-05-01, to: 2027-05-05}
  - {name: 端午节, from: 2027-06-09, to: 2027-06-09}
  - {name: 中秋节, from: 2027-09-15, to: 2027-09-15}
  - {name: 国庆节, from: 2027-10-01, to: 2027-10-07}
work: []
"""


async def test_a_provisional_date_that_became_firm_and_moved_is_corrected(county: Small, tmp_path: Path) -> None:
    county.clock.now = at("2027-09-16", "06:00")
    county.reload(pack=PACK.replace("2015", "2027"), county=COUNTY.replace("start: 2015-07-01", "start: 2027-09-01"))
    county.event("2027-09-15", "2027")
    await county.live(date(2027, 9, 27), date(2027, 9, 29))
    row = county.rows()["budget/keji/event:budget-approved:2027"]
    assert (row.due_on, row.provisional) == (date(2027, 10, 5), True)
    (tmp_path / "rules" / "calendar" / "2027.yaml").write_text(NOTICE_OF_2027, "utf-8")
    county.reload(pack=PACK.replace("2015", "2027"), county=COUNTY.replace("start: 2015-07-01", "start: 2027-09-01"))
    await county.live(date(2027, 9, 30), date(2027, 9, 30))
    moved = [one for one in of_kind(county, "correction") if "budget" in one["subject"]]
    assert [(one["role"], one["state"]) for one in moved] == [("liaison", "sent")]
    assert moved[0]["reason"] == (
        "原时限按暂定的放假安排计算，现放假安排已公布，公开时限由2027年10月5日更正为2027年10月8日。"
    )


async def test_what_is_incomplete_names_the_item_and_where_it_was_looked_for(county: Small) -> None:
    county.site.publish("insurance", "二季度社会保险情况", at("2015-09-20"), "参保情况见下表")
    await county.live(date(2015, 9, 25), date(2015, 9, 26))
    await county.live(date(2015, 10, 8), date(2015, 10, 8))
    (overdue,) = [one for one in of_kind(county, "overdue") if "insurance" in one["subject"]]
    assert "公开不完整" in overdue["reason"]
    assert overdue["detail"]["missing"] == ["“社会保险”栏目《二季度社会保险情况》中未见“基金收支”"]


async def test_of_a_column_that_is_not_there_the_address_is_to_be_checked(county: Small) -> None:
    county.site.instead["/powers/"] = 404
    await county.live(date(2015, 7, 14), date(2015, 7, 15))
    (found,) = of_kind(county, "fault")
    assert found["subject"] == "column:county-site/powers"
    assert "请核对栏目是否尚未建立、地址是否已变" in found["reason"]
