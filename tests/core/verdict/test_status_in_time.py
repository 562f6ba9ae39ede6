"""What of a status hangs on when was looked and what day it is: fresh sight, the next change, the start, zones."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.matching.june import ATTESTED, BOTH, DATED_BACK, JUNE, ONE, SINCE, SOON, seen
from tests.core.verdict.judging import (
    CALENDAR,
    COUNTY,
    OWN,
    ZONE,
    at,
    daily_visits,
    day,
    duty,
    entry,
    occurrences,
    ruling,
    verdicts,
    visit,
)
from tracker.core.law.duties import By, Every, Part
from tracker.core.values.verdicts import Light, Status

# -- sight, start, time --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("began", "now", "fresh", "stale_at"),
    [
        ("2015-07-01", "2015-07-02T18:00", True, "2015-07-03"),
        ("2015-07-01", "2015-07-03T00:00", False, None),
        ("2015-07-03", "2015-07-06T18:00", True, "2015-07-07"),  # Friday's sight serves on Monday
        ("2015-07-03", "2015-07-07T00:00", False, None),
        ("2015-07-04", "2015-07-06T18:00", True, "2015-07-07"),  # so does Saturday's
    ],
)
def test_sight_is_fresh_since_the_previous_working_day_began(began, now, fresh, stale_at):
    found = verdicts(ONE, now, visits=[visit(began)])["2015-06"]
    assert found.status == Status.OVERDUE
    assert found.fresh is fresh
    assert found.stale_at == (at(f"{stale_at}T00:00") if stale_at else None)
    assert found.next_at is None  # of itself it stays overdue


def test_every_missing_cell_needs_fresh_sight():
    looked = [visit("2015-07-01"), visit("2015-07-06", column=OWN)]
    found = verdicts(BOTH, "2015-07-06T18:00", visits=looked)["2015-06"]
    assert (found.status, found.fresh) == (Status.OVERDUE, False)
    assert found.cells[0].sighted_at == at("2015-07-01") + timedelta(minutes=5)


def test_what_is_proved_by_filing_needs_no_sight():
    found = verdicts(ATTESTED, "2015-07-20")["2015-06"]
    assert (found.status, found.fresh, found.cells[0].filed_only) == (Status.OVERDUE, True, True)


@pytest.mark.parametrize(
    ("now", "next_at"),
    [
        ("2015-05-20", "2015-06-01"),
        ("2015-06-01T00:00", "2015-06-25"),
        ("2015-06-25T00:00", "2015-07-01"),
        ("2015-07-01T00:00", None),
    ],
)
def test_next_instant_at_which_time_alone_changes_it(now, next_at):
    found = verdicts(ONE, now, soon=SOON)["2015-06"]
    assert found.next_at == (at(f"{next_at}T00:00") if next_at else None)


def test_status_stands_until_next_at():
    """Judged a moment before `next_at` the verdict is the same, at `next_at` it is not."""
    owed = occurrences(ONE)
    looked = daily_visits("2015-06-01", "2015-07-02")
    now, seen = at("2015-05-20"), []
    while now is not None and len(seen) < 9:
        found = verdicts(ONE, now.replace(tzinfo=None).isoformat(), owed=owed, soon=SOON)["2015-06"]
        if found.next_at is not None:
            just = (found.next_at - timedelta(seconds=1)).replace(tzinfo=None).isoformat()
            again = verdicts(ONE, just, owed=owed, soon=SOON)["2015-06"]
            assert (again.status, again.light, again.reason) == (found.status, found.light, found.reason)
        seen.append(found.status)
        now = found.next_at
    assert seen == ["upcoming", "open", "due-soon", "unverifiable"]
    assert verdicts(ONE, "2015-07-03", owed=owed, visits=looked)["2015-06"].status == "overdue"


def test_what_was_due_before_the_start_is_shown_and_marked():
    county = replace(COUNTY, start=day("2015-07-01"))
    found = verdicts(ONE, "2015-08-03", visits=daily_visits("2015-06-01", "2015-08-03"), county=county)
    assert found["2015-06"].status == Status.OVERDUE
    assert (
        found["2015-06"].not_binding_reason
        == "督办前：应于本县开始督办之日（2015年7月1日）以前完成，仅列示，不督办、不计分"
    )
    assert found["2015-06"].reason.endswith(f"；{found['2015-06'].not_binding_reason}")
    assert found["2015-07"].not_binding_reason == ""


def test_waiver_of_one_part_leaves_the_others():
    parts = [Part(name, name, (Every(unit="month"),)) for name in ("a", "b")]
    asked = duty(parts=parts)
    one = entry("水质", "2015-06-10")
    waived = [ruling("waive", JUNE, part="b")]
    found = verdicts(asked, "2015-07-03", entries=[one], rulings=waived)["2015-06"]
    assert (found.status, [cell.part for cell in found.cells]) == (Status.MET, ["a"])
    both = [*waived, ruling("not-applicable", JUNE, part="a")]
    assert verdicts(asked, "2015-07-03", rulings=both)["2015-06"].light == Light.GREY


def test_standing_duty_is_open_from_the_first_day_in_force():
    found = verdicts(duty(By(day=day("2015-09-30"))), "2015-01-01T00:00")
    assert found["once"].status == Status.OPEN


def test_reasons_do_not_change_from_one_pass_to_the_next():
    days = ["2015-07-02", "2015-07-03", "2015-07-08"]
    found = {verdicts(ONE, now, visits=daily_visits("2015-06-01", now))["2015-06"].reason for now in days}
    assert len(found) == 1


def test_instants_may_come_in_any_zone():
    from datetime import UTC

    one = replace(DATED_BACK, first_seen_at=DATED_BACK.first_seen_at.astimezone(UTC))
    looked = [replace(v, began_at=v.began_at.astimezone(UTC), ended_at=v.ended_at.astimezone(UTC)) for v in SINCE]
    found = verdicts(ONE, "2015-07-08", entries=[one], visits=looked)["2015-06"]
    assert found.status == Status.MET_DISPUTED
    assert found.proved_at == at("2015-06-30T00:00")
    assert ZONE.key == COUNTY.zone.key
    assert CALENDAR.is_workday(day("2015-07-01"))


def test_a_provisional_date_is_yellow_at_worst_until_it_is_firm():
    owed = [replace(one, provisional=True) for one in occurrences(ONE, [])]
    found = verdicts(ONE, "2015-07-03", owed=owed, **seen([], SINCE))["2015-06"]
    assert f"{found.status} {found.light}" == "overdue yellow"
    assert found.reason.endswith("（暂定时限）")
