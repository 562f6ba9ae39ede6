"""Rules, calendars and events that change after people were told: cancelled, corrected, closed, with reasons."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.decide.small_county import PACK, Small, at
from tracker.core.values.facts import EventKey
from tracker.core.values.verdicts import Status
from tracker.registers.events import withdraw_event
from tracker.store.journal import list_rows


def lines(county: Small, action: str) -> list[str]:
    with county.office.store.read() as tx:
        found = list_rows(tx, "small", action=action)
    return [f"{one.subject.removeprefix('small/small/')}: {one.reason}" for one in found]


def withdraw(county: Small) -> None:
    """Keji's budget was not approved after all."""
    with county.office.store.begin() as tx:
        withdraw_event(
            tx,
            county.office.loaded.rulebooks[0],
            EventKey(name="budget-approved", department="keji", reference="2015"),
            by="王敏",
            reason="误录",
            now=county.clock.now,
        )


def test_an_event_replaces_what_awaited_it(county: Small) -> None:
    county.office.tick()
    county.event("2015-07-10")
    county.office.tick()
    rows = county.rows()
    assert rows["budget/keji/event:budget-approved:2015"].due_on == date(2015, 7, 30)
    waiting = rows["budget/keji/awaiting:budget-approved"]
    assert waiting.closed
    assert waiting.reason == "预算批复（2015年7月10日）已登记，时限自该日起算，至2015年7月30日；有关任务仍需按时完成。"


async def test_a_corrected_event_moves_the_due_date_and_corrects_what_people_were_told(county: Small) -> None:
    county.event("2015-07-01")  # due on 21 July
    await county.live(date(2015, 7, 14), date(2015, 7, 14))  # the reminder of -5 working days is sent
    county.clock.now = at("2015-07-15", "10:00")
    county.event("2015-07-06", correct=True)
    await county.turn()
    row = county.rows()["budget/keji/event:budget-approved:2015"]
    assert (row.due_on, row.due_revision) == (date(2015, 7, 27), 1)  # the 26th is a Sunday
    assert county.notices() == [
        "07-14 08:30 budget/keji/event:budget-approved:2015 reminder liaison sent",
        "07-15 10:00 budget/keji/event:budget-approved:2015 correction liaison sent",
    ]
    assert "公开时限由2015年7月21日更正为2015年7月27日" in county.reasons()[-1]
    assert len(lines(county, "due.moved")) == 1
    await county.live(date(2015, 7, 16), date(2015, 7, 27))  # and pressing starts anew for the new date
    assert "07-20 08:30 budget/keji/event:budget-approved:2015 reminder liaison sent" in county.notices()


async def test_a_withdrawn_event_closes_its_occurrence_and_tells_whoever_was_told(county: Small) -> None:
    county.event("2015-07-01")
    await county.live(date(2015, 7, 14), date(2015, 7, 14))
    county.clock.now = at("2015-07-15", "10:00")
    withdraw(county)
    await county.turn()
    rows = county.rows()
    assert rows["budget/keji/event:budget-approved:2015"].closed
    assert not rows["budget/keji/awaiting:budget-approved"].closed
    assert county.notices()[-1] == ("07-15 10:00 budget/keji/event:budget-approved:2015 correction liaison sent")


async def test_what_was_corrected_and_is_then_withdrawn_is_told_once_more(county: Small) -> None:
    county.event("2015-07-01")
    await county.live(date(2015, 7, 14), date(2015, 7, 14))
    for hour, deed in (
        ("10:00", lambda: county.event("2015-07-06", correct=True)),
        ("11:00", lambda: withdraw(county)),
    ):
        county.clock.now = at("2015-07-15", hour)
        deed()
        await county.turn()
    assert county.notices()[-2:] == [
        f"07-15 {hour} budget/keji/event:budget-approved:2015 correction liaison sent" for hour in ("10:00", "11:00")
    ]


async def test_what_was_corrected_at_night_and_withdrawn_before_the_morning_is_told_as_withdrawn(county: Small) -> None:
    county.event("2015-07-01")
    await county.live(date(2015, 7, 14), date(2015, 7, 14))
    for hour, deed in (
        ("20:00", lambda: county.event("2015-07-06", correct=True)),
        ("21:00", lambda: withdraw(county)),
    ):
        county.clock.now = at("2015-07-15", hour)
        deed()
        await county.turn()
    await county.live(date(2015, 7, 16), date(2015, 7, 16))
    told = [one for one in county.notices() if "correction" in one]
    assert [one.rpartition(" ")[2] for one in told] == ["cancelled", "sent"]


async def test_a_withdrawn_event_that_holds_again_reopens_what_was_proved_as_it_was(county: Small) -> None:
    county.event("2015-07-01")
    county.site.publish("finance", "2015年部门预算", at("2015-07-10"))
    await county.live(date(2015, 7, 10), date(2015, 7, 13))
    proved = county.rows()["budget/keji/event:budget-approved:2015"]
    county.clock.now = at("2015-07-14", "09:00")
    county.event("2015-06-30", reference="earlier")  # judged once more, with nothing left to say
    await county.turn()
    withdraw(county)
    await county.turn()
    assert county.rows()["budget/keji/event:budget-approved:2015"].closed
    county.event("2015-07-01", correct=True)
    await county.turn()
    again = county.rows()["budget/keji/event:budget-approved:2015"]
    assert (again.status, again.closed, again.proved_at) == (proved.status, False, proved.proved_at)
    assert again.status is Status.MET


async def test_a_duty_taken_out_of_the_rules_closes_and_cancels_what_is_unsent(county: Small) -> None:
    await county.live(date(2015, 7, 24), date(2015, 7, 24))  # water's reminder was sent
    county.clock.now = at("2015-07-30", "06:00")
    county.office.tick()
    county.clock.now = at("2015-07-30", "20:00")  # the last reminder stands, the office is closed
    county.office.tick()
    without = PACK[: PACK.index("  - id: water")] + PACK[PACK.index("  - id: insurance") :]
    county.reload(pack=without)
    await county.turn()
    rows = county.rows()
    assert rows["water/huanbao/2015-07"].closed
    assert [line for line in county.notices() if "water" in line and "correction" in line] == [
        "07-31 08:30 water/huanbao/2015-07 correction liaison due"
    ]
    assert [line for line in county.notices() if "last-reminder" in line] == [
        "07-31 08:30 water/huanbao/2015-07 last-reminder liaison cancelled"
    ]


def test_a_new_calendar_moves_what_it_touches_and_keeps_the_old_date(county: Small, tmp_path: Path) -> None:
    county.event("2015-07-01")
    county.office.tick()
    table = tmp_path / "rules" / "calendar" / "2015.yaml"
    table.write_text(CALENDAR_WITH_A_DAY_OFF_ON_21_JULY, "utf-8")
    county.reload()
    county.office.tick()
    row = county.rows()["budget/keji/event:budget-approved:2015"]
    assert row.due_on == date(2015, 7, 22)
    (moved,) = lines(county, "due.moved")
    assert "7月21日" in moved
    with county.office.store.read() as tx:
        (entry,) = list_rows(tx, "small", action="due.moved")
    assert "2015-07-22T00:00:00+08:00" in entry.before  # the instant after the old last day
    assert "2015-07-23T00:00:00+08:00" in entry.after


CALENDAR_WITH_A_DAY_OFF_ON_21_JULY = """\
year: 2015
notice: 试
off:
  - {name: 元旦, from: 2015-01-01, to: 2015-01-03}
  - {name: 春节, from: 2015-02-18, to: 2015-02-24}
  - {name: 清明节, from: 2015-04-04, to: 2015-04-06}
  - {name: 劳动节, from: 2015-05-01, to: 2015-05-03}
  - {name: 端午节, from: 2015-06-20, to: 2015-06-22}
  - {name: 县庆, from: 2015-07-21, to: 2015-07-21}
  - {name: 中秋节, from: 2015-09-26, to: 2015-09-27}
  - {name: 国庆节, from: 2015-10-01, to: 2015-10-07}
work: [2015-01-04, 2015-02-15, 2015-02-28, 2015-10-10]
"""
