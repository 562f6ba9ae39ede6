"""A named day that is a day off stays, which no law settles: weak until it is late by either reading, or the county
adopts it. New words move nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from tests.decide.deciding import sent_notices
from tests.decide.small_county import COUNTY, PACK, Small, at
from tests.entered import new_ruling
from tracker.core.law import deadlines
from tracker.core.values.verdicts import Light, Status
from tracker.core.verdict.adoption import reading_subject
from tracker.decide.change_reasons import NOW_ASSUMED, due_change_reason
from tracker.decide.run import judge_new_facts
from tracker.registers.adoptions import record_adoption
from tracker.reports.snapshot import CountyReader
from tracker.store.counties import lock_county
from tracker.store.journal import list_rows
from tracker.store.occurrences import OccurrenceRow
from tracker.store.standings import list_standings_of

SUNDAY = PACK.replace("deadline: {by: 2015-09-30}", "deadline: {by: 2015-07-26}")
ADOPTED = COUNTY.replace("packs: [small]\n", "packs: [small]\nadopted: {small: [rest-days]}\n")
READING = PACK.replace("deadline: {by: 2015-09-30}", "deadline: listed").replace(
    "duties:\n", "readings:\n  listed: {deadline: {by: 2015-07-24}, assumed: true}\nduties:\n", 1
)
OWN_READING = ("packs: [small]\n", "packs: [small]\nadopted: {small: [listed]}\n")
POWERS = "small/small/powers/keji/once"
ROW = "powers/keji/once"


def decide(county: Small, kind: str) -> dict[str, OccurrenceRow]:
    loaded, now = county.office.loaded, county.clock.now
    with county.office.store.begin() as tx:
        since = lock_county(tx, "small").seq
        given = {"occurrence": reading_subject("small", "rest-days"), "by": "陈县长", "reason": "第7次常务会议纪要"}
        record_adoption(tx, loaded, loaded.rulebooks[0], new_ruling(kind, now=now, **given))
        return judge_new_facts(tx, loaded, loaded.rulebooks[0], since, now)


async def test_it_is_yellow_until_it_is_late_by_either_reading(county: Small) -> None:
    """Due on Sunday 26 July; moved, it would be due on Monday. On Tuesday it is late whichever holds."""
    county.reload(pack=SUNDAY)
    await county.live(date(2015, 7, 24), date(2015, 7, 27))
    row = county.rows()[ROW]
    assert (row.due_on, row.status, row.light, row.assumed) == (date(2015, 7, 26), Status.OVERDUE, Light.YELLOW, True)
    assert "遇休息日不顺延，系参照时限掌握，本县尚未采用，次一工作日（7月27日）届满仍未完成的才计逾期" in row.derivation
    assert "民法" not in row.derivation
    await county.live(date(2015, 7, 28), date(2015, 8, 7))
    row = county.rows()[ROW]
    assert (row.light, row.assumed, row.since) == (Light.RED, False, at("2015-07-28", "00:00"))
    assert "至次一工作日（2015年7月27日）届满仍未公开，自次日起督办，此前不计逾期" in row.reason
    assert "参照" not in row.reason
    told = [notice for notice in sent_notices(county, POWERS) if "reminder" not in notice]
    assert told == [
        "07-28 overdue liaison",
        *("07-30 to-lead liaison", "07-30 to-lead lead"),
        *("08-03 to-county-office lead", "08-03 to-county-office county-office"),
    ]


@pytest.mark.parametrize(
    ("published", "status", "is_late"),
    [
        ("2015-07-24", Status.MET, False),
        ("2015-07-27", Status.MET_LATE, False),
        ("2015-07-29", Status.MET_LATE, True),
    ],
)
async def test_what_is_published_by_the_next_working_day_is_held_against_nobody(
    county: Small, published: str, status: Status, is_late: bool
) -> None:
    county.reload(pack=SUNDAY)
    county.site.publish("powers", "科技局权力清单", at(published, "05:00"))
    await county.live(date(2015, 7, 24), date(2015, 7, 31))
    row = county.rows()[ROW]
    assert (row.status, row.assumed) == (status, False)
    loaded = county.office.loaded
    with county.office.store.read() as tx:
        *_, newest = list_standings_of(tx, "small", [POWERS])
        (line,) = CountyReader(loaded.rulebooks[0], loaded.calendar).lines(tx, [newest], county.clock.now)
    assert (bool(line.problem), line.owed) == (is_late, status is Status.MET or is_late)


async def test_who_decides_that_it_stays_holds_to_it_from_then_on(county: Small) -> None:
    county.reload(pack=SUNDAY)
    await county.live(date(2015, 7, 24), date(2015, 7, 27))
    county.clock.now = at("2015-07-27", "15:00")
    row = decide(county, "adopt")[POWERS]
    assert (row.light, row.assumed, row.since) == (Light.RED, False, county.clock.now)
    assert "系参照时限掌握，本县已采用（2015年7月27日经陈县长决定：第7次常务会议纪要）" in row.derivation
    assert "本县于2015年7月27日经陈县长决定采用，自该日起督办，此前不计逾期" in row.reason
    row = decide(county, "unadopt")[POWERS]
    assert (row.light, row.assumed) == (Light.YELLOW, True)


async def test_a_decision_taken_when_it_was_late_by_either_reading_moves_nothing(county: Small) -> None:
    county.reload(pack=SUNDAY)
    await county.live(date(2015, 7, 24), date(2015, 7, 28))
    county.clock.now = at("2015-07-29", "08:00")
    since = county.rows()[ROW].since
    decide(county, "adopt")
    row = county.rows()[ROW]
    assert (row.light, row.assumed, row.since) == (Light.RED, False, since)


async def test_where_the_file_adopts_it_or_the_day_is_worked_nothing_is_weak(county: Small) -> None:
    county.reload(pack=SUNDAY, county=ADOPTED)
    await county.live(date(2015, 7, 24), date(2015, 7, 28))
    row = county.rows()[ROW]
    assert (row.light, row.assumed) == (Light.RED, False)
    assert "遇休息日不顺延，系参照时限掌握，本县已采用。" in row.derivation
    county.reload(pack=SUNDAY.replace("2015-07-26", "2015-07-24"))
    county.office.tick()
    row = county.rows()[ROW]
    assert (row.due_on, row.light, row.assumed) == (date(2015, 7, 24), Light.RED, False)


async def test_a_rule_that_says_next_moves_it(county: Small) -> None:
    county.reload(pack=SUNDAY.replace("{by: 2015-07-26}", "{by: 2015-07-26, roll: next}"))
    await county.live(date(2015, 7, 27), date(2015, 7, 27))
    row = county.rows()[ROW]
    assert (row.due_on, row.status, row.assumed) == (date(2015, 7, 27), Status.DUE_SOON, False)
    assert "顺延至7月27日；期间参照《民法通则》第一百五十四条计算" in row.derivation


async def test_who_was_told_of_an_escalation_hears_that_it_is_assumed_now(county: Small) -> None:
    county.reload(pack=READING, county=COUNTY.replace(*OWN_READING))
    await county.live(date(2015, 7, 24), date(2015, 7, 31))
    assert [notice for notice in sent_notices(county, POWERS) if "to-lead" in notice]
    county.reload(pack=READING)
    await county.live(date(2015, 8, 3), date(2015, 8, 3))
    assert county.rows()[ROW].light is Light.YELLOW
    assert NOW_ASSUMED in county.reasons()


async def test_a_sentence_that_is_worded_anew_sends_nothing(county: Small) -> None:
    """As after an update: rows of an earlier version, with its sentence, its rules and its calendar."""
    await county.live(date(2015, 7, 24), date(2015, 8, 7))
    rows, sent, lines = county.rows(), county.notices(), moved(county)
    with county.office.store.begin() as tx:
        tx.execute(sa.text("UPDATE occurrences SET derivation = 'before', rulebook = 'before', calendar = 'before'"))
        tx.execute(sa.text("UPDATE counties SET rulebook = 'before', calendar = 'before'"))
    await county.decide_everything()
    county.office.tick()
    await county.office.deliver()
    again = county.rows()
    assert {key: row.derivation for key, row in again.items()} == {key: row.derivation for key, row in rows.items()}
    assert county.notices() == sent
    assert moved(county) == lines == []


def moved(county: Small) -> list[object]:
    with county.office.store.read() as tx:
        return list(list_rows(tx, "small", action="due.moved"))


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"rulebook": "other"}, "规则已修订"),
        ({"calendar": "other"}, "工作日历已更新"),
        ({"rulebook": "other", "calendar": "other"}, "规则或工作日历已修订"),
        ({"derivation": "另一句"}, "起算日期已更正"),
        ({"derivation": "某句经批准延长5日"}, "期限经批准延长"),
        ({"derivation": "某句经批准延期至某日"}, "经批准延期"),
    ],
)
async def test_why_a_due_date_moved(county: Small, changed: dict[str, str], reason: str) -> None:
    await county.live(date(2015, 7, 24), date(2015, 7, 24))
    row = county.rows()[ROW]
    assert due_change_reason(row, replace(row, **changed)) == reason


async def test_who_was_told_by_an_earlier_version_that_it_is_assumed_is_pressed_from_then_on(
    county: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to 0.2.0 it stayed 参照时限 for months. The steps begin anew, with the first one, and no day before counts."""
    county.reload(pack=SUNDAY)
    with monkeypatch.context() as of_old:
        of_old.setattr(deadlines, "find_next_workday", lambda *_: None)
        await county.live(date(2015, 7, 24), date(2015, 8, 7))
    assert (county.rows()[ROW].light, county.rows()[ROW].since) == (Light.YELLOW, None)
    county.reload(pack=SUNDAY.replace("title: 小方案", "title: 小方案 "))
    await county.live(date(2015, 8, 10), date(2015, 8, 17))
    row = county.rows()[ROW]
    assert (row.light, row.since) == (Light.RED, at("2015-08-10", "06:00"))
    assert "该时限此前列为参照时限，自2015年8月10日起督办，此前不计逾期" in row.reason
    assert "至次一工作日" not in row.reason
    told = [notice for notice in sent_notices(county, POWERS) if "reminder" not in notice]
    assert told == [
        "07-27 overdue liaison",
        *("08-13 to-lead liaison", "08-13 to-lead lead"),
        *("08-17 to-county-office lead", "08-17 to-county-office county-office"),
    ]
