"""Other working hours, another calendar or policy move what waits to be sent; what did not change moves nothing."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime

import pytest
import sqlalchemy as sa

from tests.decide.small_county import COUNTY, Small, at
from tests.decide.test_quiet_hours import AT_ONCE
from tests.decide.test_reload import CHECKOUT
from tracker.store.journal import list_rows
from tracker.store.tables import notices

WATER = "small/small/water/huanbao/2015-07"
#: Decided on Saturday 1 August at 6:00 for the opening of Monday 3 August.
NAME = f"{WATER} overdue liaison"
RECORD = "small/small/budget/keji/awaiting:budget-approved record"
OVERDUE = "      overdue: {at: due +0 hours, kind: overdue, to: [liaison]}\n"
URGENT = AT_ONCE.replace("  standard:\n", "  standard:\n    urgent: true\n")
MONDAY_OFF = (
    "  - {name: 端午节, from: 2015-06-20, to: 2015-06-22}\n  - {name: 放假, from: 2015-08-03, to: 2015-08-03}\n"
)
NEXT_DAY = COUNTY.replace("huanbao@small.example", "new@small.example")
HOURS, CALENDAR = "工作时间或督办办法已改", "工作日历已改"


@dataclass(frozen=True)
class Change:
    """Other files, and what stands of the notice then: its instant and state, the journal's reason, the log's line."""

    schedule: str = AT_ONCE
    county: str = COUNTY
    day_off: str = ""
    notice: str = "08-03 08:30 due"
    reason: str = ""
    log: str = "other rules, no waiting notice moved"


def hours(begin: str, end: str = "17:30") -> str:
    changed = AT_ONCE.replace('{begin: "08:30", end: "17:30"}', f'{{begin: "{begin}", end: "{end}"}}')
    assert changed != AT_ONCE
    return changed


def moved(to: str, when: str, cause: str = HOURS, schedule: str = AT_ONCE, day_off: str = "") -> Change:
    reason = f"{cause}，待发通知的发出时间由2015年8月3日8时30分改为{when}。"
    names = (NAME, f"{RECORD} liaison", f"{RECORD} county-office")
    lines = "; ".join(f"{name} from 2015-08-03 08:30 to 2015-{to}" for name in names)
    log = f"other rules, 3 waiting notices moved, 0 withdrawn: {lines}"
    return Change(schedule, COUNTY, day_off, f"{to} due", reason, log)


def withdrawn(schedule: str, reason: str) -> Change:
    log = f"other rules, 0 waiting notices moved, 1 withdrawn: {NAME} withdrawn"
    return Change(schedule, notice="08-03 08:30 cancelled", reason=reason, log=log)


CASES = {
    "hours later": moved("08-03 10:00", "2015年8月3日10时", schedule=hours("10:00")),
    "hours earlier": moved("08-03 07:00", "2015年8月3日7时", schedule=hours("07:00")),
    "a day off on the next working day": moved("08-04 08:30", "2015年8月4日8时30分", CALENDAR, day_off=MONDAY_OFF),
    "at any hour": moved("08-01 12:00", "2015年8月1日12时", schedule=URGENT),
    "a step removed": withdrawn(
        AT_ONCE.replace(OVERDUE, ""), "发出前办法已变，“standard”不再有步骤“overdue”，不再发送。"
    ),
    "a step later": withdrawn(
        AT_ONCE.replace("due +0 hours", "due +2 workdays"),
        "发出前办法已变，步骤“overdue”改自2015年8月4日8时30分起，此前不发送。",
    ),
    "another address": Change(county=NEXT_DAY),
    "a later end of the day": Change(schedule=hours("08:30", "18:00")),
    "only other words": Change(schedule=AT_ONCE.replace("督办 <duban@", "县督办 <duban@"), log=""),
}


async def wait_for_monday(county: Small) -> None:
    county.reload(schedule=AT_ONCE)
    for day in ("2015-07-31", "2015-08-01"):
        county.clock.now = at(day, "06:00")
        await county.turn(crawl=True)
    assert standing(county) == ["08-03 08:30 due"]
    county.clock.now = at("2015-08-01", "12:00")


def standing(county: Small) -> list[str]:
    marker = f" {NAME.removeprefix('small/small/')} "
    return [line.replace(marker, " ") for line in county.notices() if marker in line]


def journal(county: Small) -> list[tuple[str, str]]:
    with county.office.store.read() as tx:
        rows = list_rows(tx, "small", subject=WATER)
    return [(row.action, row.reason) for row in rows if row.action in ("notice.moved", "notice.cancelled")]


@pytest.mark.parametrize("change", CASES.values(), ids=CASES)
async def test_what_waits_follows_the_rules_in_force(
    county: Small, change: Change, caplog: pytest.LogCaptureFixture
) -> None:
    await wait_for_monday(county)
    if change.day_off:
        shipped = (CHECKOUT / "rules" / "calendar" / "2015.yaml").read_text("utf-8")
        text = shipped.replace(change.day_off.splitlines(keepends=True)[0], change.day_off)
        (county.root / "rules" / "calendar" / "2015.yaml").write_text(text, "utf-8")
    with caplog.at_level(logging.INFO, "tracker.decide.run"):
        county.reload(schedule=change.schedule, county=change.county)
        county.office.tick()
    assert standing(county) == [change.notice]
    assert [reason for _, reason in journal(county)] == ([change.reason] if change.reason else [])
    lines = [message for message in caplog.messages if "other rules" in message]
    assert lines == ([f"small: {change.log}"] if change.log else [])
    county.reload(schedule=change.schedule, county=change.county)
    county.office.tick()
    assert (standing(county), len(journal(county))) == ([change.notice], bool(change.reason))


async def test_what_waits_says_what_the_rules_in_force_say(county: Small) -> None:
    """The day by which it asks for the publication is the one before the next step; nothing else is decided anew."""
    await wait_for_monday(county)
    assert texts(county) == [("2015-08-04", "due", at("2015-08-01", "06:00"))]
    county.reload(schedule=AT_ONCE.replace("to-lead: {at: due +3", "to-lead: {at: due +4"))
    county.office.tick()
    assert texts(county) == [("2015-08-05", "due", at("2015-08-01", "06:00"))]
    assert journal(county) == []


def texts(county: Small) -> list[tuple[str, str, datetime]]:
    """The day that the waiting notice names, its state, and when it was decided."""
    query = sa.select(notices.c.detail, notices.c.state, notices.c.decided_at)
    with county.office.store.read() as tx:
        rows = tx.execute(query.where(notices.c.subject == WATER, notices.c.step == "overdue")).all()
    return [(detail["mend_by"], state, decided_at) for detail, state, decided_at in rows]


async def test_it_leaves_at_the_new_hour_and_to_the_new_address(county: Small) -> None:
    await wait_for_monday(county)
    county.reload(schedule=hours("10:00"), county=NEXT_DAY)
    for hour, then in (("08:30", "due"), ("10:00", "sent")):
        county.clock.now = at("2015-08-03", hour)
        await county.turn(crawl=hour == "08:30")
        assert standing(county) == [f"08-03 10:00 {then}"]
    before = journal(county)
    await county.live(date(2015, 8, 4), date(2015, 8, 4))
    county.reload(schedule=AT_ONCE)
    county.office.tick()
    assert (standing(county), journal(county)) == (["08-03 10:00 sent"], before), "what was sent stays"
