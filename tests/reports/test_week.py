"""The office's week: what falls due, what waits, what was not read or answered, as a command and as a mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.decide.small_county import COUNTY, Small
from tests.deliver.outbox_office import parse_mail, text_of
from tests.reports.criticised import lived
from tracker.core.escalation.notices import Acknowledgement
from tracker.reports.attention import list_blind
from tracker.reports.snapshot import CountyReader
from tracker.reports.week import PARTS, counts_zh, rows_of, week_at
from tracker.store.answers import add_acknowledgement
from tracker.store.notices import list_notices
from tracker.store.tables import messages

#: A Friday on which the mail of `lived` counties has been sent for days.
LAST = date(2015, 9, 25)


def week_of(county: Small, when: datetime | None = None, *, answers: bool = True) -> dict[str, Any]:
    loaded = county.office.loaded
    with county.office.store.read() as tx:
        reader = CountyReader(loaded.rulebooks[0], loaded.calendar)
        return week_at(tx, reader, "small", when or county.clock.now, answers=answers)


def said(rows: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(row["department"], row["title"], row["due"]) for row in rows]


@pytest.mark.nightly
async def test_what_is_due_within_7_and_30_days_stands_by_its_day_with_those_who_owe_it(county: Small) -> None:
    await lived(county, LAST)
    week = week_of(county)
    assert said(week["near"]) == [
        ("社保局", "社会保险情况", "2015年9月30日"),
        ("环保局、科技局", "行政权力清单", "2015年9月30日"),
    ]
    assert [row["count"] for row in week["near"]] == [1, 2]
    assert said(week["ahead"]) == []  # the water of September is published in October, and on time by its end
    early = week_of(county, county.clock.now - timedelta(days=7))
    assert said(early["near"]) == []
    assert [row["title"] for row in early["ahead"]] == ["社会保险情况", "行政权力清单", "水环境质量月报"]
    (powers,) = [row for row in early["ahead"] if row["title"] == "行政权力清单"]
    assert (powers["department"], powers["count"], len(powers["keys"])) == ("环保局、科技局", 2, 2)


async def test_what_waits_for_its_record_and_what_was_not_answered(county: Small) -> None:
    await lived(county)
    week = week_of(county)
    assert said(week["records"]) == [("科技局", "部门预算", "待定")]
    assert {row["title"] for row in week["unanswered"]} == {"行政权力清单", "社会保险情况"}
    assert all(row["notified"].startswith("2015年10月") for row in week["unanswered"])
    assert week_of(county, answers=False)["unanswered"] == []  # there is no page on which they could
    key = next(row["keys"][0] for row in week["unanswered"] if row["title"] == "行政权力清单")
    now = county.clock.now
    answer = Acknowledgement(0, key, "to-lead", "liaison", "seen", "", "甲", now, now + timedelta(days=3))
    with county.office.store.begin() as tx:
        assert add_acknowledgement(tx, "small", answer, "token")
    assert {row["title"] for row in week_of(county)["unanswered"]} == {"社会保险情况"}


async def test_a_column_that_cannot_be_read_is_in_it(county: Small) -> None:
    await lived(county, LAST)
    assert week_of(county)["totals"]["unread"] == 0
    county.site.down = True
    await county.office.crawl()
    county.office.tick()
    week = week_of(county)
    assert week["totals"]["unread"] == 4
    assert [row["part"] for row in rows_of(week)].count("栏目未能读取") == len(week["unread"])
    columns = county.office.loaded.rulebooks[0].county.columns
    dropped = {key: column for key, column in columns.items() if key != next(iter(columns))}
    book = replace(
        county.office.loaded.rulebooks[0], county=replace(county.office.loaded.rulebooks[0].county, columns=dropped)
    )
    with county.office.store.read() as tx:
        assert len(list_blind(tx, book, county.clock.now)) == 3


async def test_the_office_gets_it_once_and_a_county_can_do_without(county: Small) -> None:
    await lived(county, LAST)
    assert county.office.report_week() == 1
    assert county.office.report_week() == 0
    with county.office.store.read() as tx:
        (notice,) = [one for one in list_notices(tx, "small") if one["kind"] == "week"]
    assert (notice["role"], notice["reason"]) == (
        "county-office",
        f"{notice['detail']['day']}：7日内到期3项，起算依据待登记1项。",
    )
    county.clock.now = notice["not_before"]
    await county.office.deliver()
    with county.office.store.read() as tx:
        sent = sa.select(messages.c.subject, messages.c.recipient, messages.c.body)
        ((about, to, body),) = tx.execute(sent.where(messages.c.subject.contains("一周督办要点")))
    assert (to, "7日内到期3项，待处理1项" in about) == ("office@small.example", True)
    assert "2015年9月30日  社保局：社会保险情况" in text_of(parse_mail(body))
    county.reload(county=COUNTY + "report: {week: false}\n")
    county.clock.now += timedelta(days=7)
    assert county.office.report_week() == 0


@pytest.mark.parametrize(
    ("totals", "words"),
    [({}, "没有待办事项"), ({"near": 2, "unread": 1}, "7日内到期2项，栏目未能读取1项")],
)
def test_sums_leave_out_what_is_none(totals: dict[str, int], words: str) -> None:
    assert counts_zh(dict.fromkeys(PARTS, 0) | totals) == words
