"""Going live: until then the office alone hears; what is late by then starts at the liaison's step on the day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.decide.deciding import WATER, sent_notices
from tests.decide.on_trial import by_the_files, live_from, months_of_trial, taken_back
from tests.decide.small_county import COUNTY, SCHEDULE, Small, at
from tests.journalled import assert_journal_holds
from tracker.core.values.verdicts import Status
from tracker.registers.errors import RegisterError
from tracker.registers.golive import find_golive, record_golive
from tracker.store.journal import list_rows
from tracker.store.notices import list_notices

OFFICES = {"county-office", "county-office@shadow"}
SMTP = SCHEDULE.replace("via: folder", "via: smtp").replace("duban@small.example", "duban@localhost")
SUPERSEDED = "superseded"


def roles_told(county: Small) -> set[str]:
    with county.office.store.read() as tx:
        return {one["role"] for one in list_notices(tx, "small")}


async def test_without_the_act_a_live_county_tells_its_office_alone_and_says_so(county: Small) -> None:
    await months_of_trial(county)
    assert roles_told(county) == OFFICES
    assert sent_notices(county) == [
        "07-24 reminder county-office@shadow", "07-30 last-reminder county-office@shadow",
        "08-03 overdue county-office@shadow", "08-05 to-lead county-office@shadow",
        "08-07 to-county-office county-office@shadow",
    ]  # fmt: skip
    said = str(await county.office.deliver())
    assert "small has not gone live: what is meant for departments goes to the county office alone" in said
    assert "duban golive releases it" in said
    assert county.office.counties_not_live() == ["small"]


async def test_what_was_late_starts_at_the_liaison_s_step_on_the_day_and_no_step_is_passed_over(county: Small) -> None:
    await months_of_trial(county)
    trial = sent_notices(county)
    live_from(county, "2015-08-14")
    await county.turn()
    assert sent_notices(county)[len(trial) :] == ["08-14 overdue liaison"]
    await county.live(date(2015, 8, 15), date(2015, 8, 24))
    assert sent_notices(county)[len(trial) :] == [
        "08-14 overdue liaison", "08-18 to-lead liaison", "08-18 to-lead lead",
        "08-20 to-county-office lead", "08-20 to-county-office county-office",
    ]  # fmt: skip
    assert not [one for one in county.notices() if one.endswith(SUPERSEDED)]
    reasons = county.reasons()
    begun = "本县自2015年8月14日起正式督办，此前逾期的自该日起通知；逾期未公开，按办法自该日起"
    assert f"{begun}第1个工作日通知。" in reasons
    assert f"{begun}第3个工作日上报。" in reasons
    row = county.rows()["water/huanbao/2015-07"]
    assert row.since == at("2015-08-14", "00:00")
    with county.office.store.read() as tx:
        sent = [one["detail"]["lateness"] for one in list_notices(tx, "small", WATER) if one["step"] == "to-lead"]
    assert sent[-1] == "自8月14日起逾期3个工作日"  # the days of the trial are nobody's


async def test_never_looked_at_before_the_ladder_starts_at_its_foot_all_the_same(county: Small) -> None:
    by_the_files(county)
    live_from(county, "2015-08-25", "05:00")
    await county.live(date(2015, 8, 25), date(2015, 8, 27))
    assert sent_notices(county) == ["08-25 overdue liaison", "08-27 to-lead liaison", "08-27 to-lead lead"]


@pytest.mark.sampled(3)
@pytest.mark.parametrize(("day", "first"), [("2015-08-14", "08-14"), ("2015-08-15", "08-17"), ("2015-09-04", "09-06")])
async def test_on_a_day_off_the_first_step_waits_for_the_next_working_day(county: Small, day: str, first: str) -> None:
    await months_of_trial(county, date(2015, 8, 3))
    live_from(county, day, "05:00")
    begun = date.fromisoformat(day)
    await county.live(begun, begun + timedelta(days=3))
    assert next(one for one in sent_notices(county) if "liaison" in one) == f"{first} overdue liaison"


@pytest.mark.nightly
async def test_what_falls_due_on_the_day_itself_is_pressed_as_ever(county: Small) -> None:
    await months_of_trial(county, date(2015, 7, 30))
    live_from(county, "2015-07-31", "05:00")
    await county.live(date(2015, 7, 31), date(2015, 8, 5))
    assert [one for one in sent_notices(county) if "shadow" not in one] == [
        "07-31 last-reminder liaison", "08-03 overdue liaison", "08-05 to-lead liaison", "08-05 to-lead lead",
    ]  # fmt: skip
    assert county.rows()["water/huanbao/2015-07"].since is None


@pytest.mark.nightly
async def test_a_day_to_come_changes_nothing_before_it(county: Small) -> None:
    await months_of_trial(county, date(2015, 8, 12))
    live_from(county, "2015-08-12", "22:00", on=date(2015, 8, 14))
    await county.live(date(2015, 8, 13), date(2015, 8, 13))
    assert roles_told(county) == OFFICES
    hint = county.rows()["water/huanbao/2015-07"].next_at
    assert hint is not None
    assert hint.astimezone(at("2015-08-14").tzinfo) == at("2015-08-14", "00:00")
    await county.live(date(2015, 8, 14), date(2015, 8, 14))
    assert sent_notices(county)[-1] == "08-14 overdue liaison"


async def test_who_was_not_really_told_hears_no_end_of_it(county: Small) -> None:
    await months_of_trial(county)
    county.site.publish("environment", "6月份水环境质量", at("2015-08-13", "15:00"))
    live_from(county, "2015-08-14", "05:00")
    await county.live(date(2015, 8, 14), date(2015, 8, 17))
    assert sent_notices(county)[-1] == "08-14 mended county-office@shadow"
    assert all(one.endswith("county-office@shadow") for one in sent_notices(county))


@pytest.mark.nightly
async def test_what_was_made_good_before_is_late_for_nobody_and_its_row_says_so(county: Small) -> None:
    await months_of_trial(county, published="2015-08-05")
    before = county.rows()["water/huanbao/2015-07"]
    assert (before.status, before.since) == (Status.MET_LATE, None)
    live_from(county, "2015-08-14")
    await county.turn()
    row = county.rows()["water/huanbao/2015-07"]
    assert row.since == at("2015-08-14", "00:00")
    assert "当时不作逾期" in row.reason


async def test_deciding_everything_anew_after_the_act_changes_nothing(county: Small) -> None:
    await months_of_trial(county)
    live_from(county, "2015-08-14")
    await county.turn()
    assert county.differences() == {}


@pytest.mark.nightly
async def test_what_reopened_on_trial_is_pressed_from_the_day_like_all_else(county: Small) -> None:
    county.site.publish("environment", "6月份水环境质量", at("2015-07-08"))
    by_the_files(county)
    await county.live(date(2015, 7, 20), date(2015, 8, 3))
    county.site.instead["/environment/0.html"] = 404
    county.site.instead["/environment/"] = "<ul class='list'></ul><p>暂无信息</p>"
    await county.live(date(2015, 8, 4), date(2015, 8, 13))
    assert "08-04 reopened county-office@shadow" in sent_notices(county)
    live_from(county, "2015-08-14", "05:00")
    await county.live(date(2015, 8, 14), date(2015, 8, 18))
    assert [one for one in sent_notices(county) if "shadow" not in one] == [
        "08-14 overdue liaison", "08-18 to-lead liaison", "08-18 to-lead lead",
    ]  # fmt: skip


# -- the act on record ---------------------------------------------------------------------------


def test_the_act_is_journalled_and_the_same_again_changes_nothing(county: Small) -> None:
    by_the_files(county)
    done = live_from(county, "2015-07-06")
    assert (done.changed, done.message) == (
        True, "small goes live: its departments are pressed from 2015-07-06 on",
    )  # fmt: skip
    again = live_from(county, "2015-07-07")
    assert (again.changed, "live from 2015-07-06 on, by 陈县长; nothing changed" in again.message) == (False, True)
    with county.office.store.read() as tx:
        assert_journal_holds(tx, "small")
        [line] = list_rows(tx, "small", action="county.golive")
    assert (line.who, line.subject, line.reason) == ("陈县长", "county:small/golive", "第7次常务会议纪要")
    assert line.after == '{"pressed_from":"2015-07-06"}'


async def test_taken_back_the_office_alone_is_told_and_what_waits_is_held(county: Small) -> None:
    await months_of_trial(county)
    live_from(county, "2015-08-14", "08:00")
    county.clock.now = at("2015-08-14", "06:30")
    await county.office.crawl()
    county.clock.now = at("2015-08-14", "08:30")
    county.office.tick()
    assert "08-14 08:30 water/huanbao/2015-07 overdue liaison due" in county.notices()
    taken_back(county)
    county.clock.now = at("2015-08-14", "09:00")
    report = await county.office.deliver()  # before any pass has decided anew
    assert (report.withheld, report.sent) == (2, 0)
    await county.live(date(2015, 8, 17), date(2015, 8, 21))
    assert all(one.endswith("county-office@shadow") for one in sent_notices(county))
    with county.office.store.read() as tx:
        [line] = list_rows(tx, "small", action="county.ungolive")
    assert (line.before, line.after) == ('{"pressed_from":"2015-08-14"}', '{"pressed_from":null}')


@pytest.mark.nightly
async def test_live_once_more_only_what_was_not_told_is_told(county: Small) -> None:
    await months_of_trial(county)
    live_from(county, "2015-08-14", "05:00")
    await county.live(date(2015, 8, 14), date(2015, 8, 14))
    taken_back(county)
    await county.live(date(2015, 8, 17), date(2015, 8, 26))
    live_from(county, "2015-08-27", "05:00")
    await county.live(date(2015, 8, 27), date(2015, 8, 31))
    assert [one for one in sent_notices(county) if "shadow" not in one] == [
        "08-14 overdue liaison", "08-31 to-lead liaison", "08-31 to-lead lead",
    ]  # fmt: skip


@pytest.mark.nightly
async def test_what_was_late_while_live_stays_late_whatever_is_decided_later(county: Small) -> None:
    by_the_files(county)
    live_from(county, "2015-07-01", "06:30")
    await county.live(date(2015, 7, 20), date(2015, 8, 12))
    county.site.publish("environment", "6月份水环境质量", at("2015-08-13"))
    await county.live(date(2015, 8, 13), date(2015, 8, 14))
    before = county.rows()["water/huanbao/2015-07"]
    assert "逾期9个工作日" in before.reason
    taken_back(county)
    await county.turn()
    assert county.rows()["water/huanbao/2015-07"].reason == before.reason
    live_from(county, "2015-08-17")
    await county.turn()
    after = county.rows()["water/huanbao/2015-07"]
    assert (after.status, after.reason, after.since) == (Status.MET_LATE, before.reason, None)


async def test_what_was_made_good_on_trial_stays_nobody_s_after_it_is_taken_back(county: Small) -> None:
    await months_of_trial(county, published="2015-08-05")
    live_from(county, "2015-08-14", "05:00")
    await county.live(date(2015, 8, 14), date(2015, 8, 14))
    taken_back(county)
    await county.live(date(2015, 8, 17), date(2015, 8, 17))
    row = county.rows()["water/huanbao/2015-07"]
    assert "当时不作逾期" in row.reason
    assert row.since == at("2015-08-14", "00:00")


async def test_nothing_is_recorded_as_of_a_time_before_what_is_on_record(county: Small) -> None:
    await months_of_trial(county)
    with pytest.raises(RegisterError, match="lies before what is on record of small"):
        live_from(county, "2015-07-20", "05:00")
    live_from(county, "2015-08-14", "09:00")
    county.clock.now = at("2015-08-14", "08:49")
    with pytest.raises(RegisterError, match="leave out --now"):
        taken_back(county)
    county.clock.now = at("2015-08-14", "08:50")  # it waited for the pass under way
    taken_back(county)


async def test_a_county_that_wrote_to_its_departments_before_counts_as_live(county: Small) -> None:
    await county.live(date(2015, 7, 24), date(2015, 8, 3))  # as an earlier version did, without any act
    by_the_files(county)
    with county.office.store.read() as tx:
        live = find_golive(tx, county.office.loaded.rulebooks[0].county)
    assert live is not None
    assert (live.on, live.reason) == (date(2015, 7, 1), "此前已向部门发出通知")
    await county.live(date(2015, 8, 4), date(2015, 8, 5))
    assert sent_notices(county)[-2:] == ["08-05 to-lead liaison", "08-05 to-lead lead"]
    taken_back(county)
    await county.live(date(2015, 8, 6), date(2015, 8, 7))
    assert sent_notices(county)[-1] == "08-07 to-county-office county-office@shadow"


# -- what stands in the way ----------------------------------------------------------------------

OVER_A_YEAR = "start 2015-07-01 lies over a year back"
NO_PLAN = "no plan is in force today (the last one, small, holds until 2015-12-31)"
LOCAL = "mail leaves by smtp under 督办 <duban@localhost>"


@pytest.mark.parametrize(
    ("files", "when", "refused"),
    [
        ({}, "2015-12-31", []),
        ({}, "2016-01-01", [NO_PLAN]),
        ({}, "2016-07-01", [NO_PLAN]),
        ({}, "2016-07-02", [NO_PLAN, OVER_A_YEAR]),
        ({"schedule": SMTP}, "2015-08-03", [LOCAL]),
        ({"county": COUNTY.replace("start:", "mode: shadow\nstart:")}, "2015-08-03", ["write mode: live"]),
        (
            {"schedule": SMTP, "county": COUNTY.replace("start:", "mode: shadow\nstart:")},
            "2026-11-30",
            ["write mode: live", NO_PLAN, OVER_A_YEAR, LOCAL],
        ),
    ],
)
def test_the_first_time_is_refused_with_every_reason_at_once(
    county: Small, files: dict[str, str], when: str, refused: list[str]
) -> None:
    county.reload(**files)
    by_the_files(county)
    if not refused:
        assert live_from(county, when).changed
        return
    with pytest.raises(RegisterError) as why:
        live_from(county, when)
    lines = str(why.value).splitlines()[1:]
    assert len(lines) == len(refused)
    assert all(part in line for part, line in zip(refused, lines, strict=True))


def test_not_the_first_time_nothing_but_the_file_stands_in_the_way(county: Small) -> None:
    by_the_files(county)
    live_from(county, "2015-08-03")
    taken_back(county)
    assert live_from(county, "2026-11-30").changed


def test_a_day_that_has_passed_is_refused(county: Small) -> None:
    by_the_files(county)
    with pytest.raises(RegisterError, match="--on 2015-08-02 has passed"):
        live_from(county, "2015-08-03", on=date(2015, 8, 2))


async def test_a_live_county_is_stopped_by_nothing_and_its_office_is_told_once(county: Small) -> None:
    county.reload(schedule=SMTP)
    by_the_files(county)
    with county.office.store.begin() as tx:
        (book,) = county.office.loaded.rulebooks
        record_golive(tx, county.office.loaded, book, by="陈县长", reason="纪要", now=at("2015-07-06"), simulated=True)
    await county.live(date(2016, 1, 4), date(2016, 1, 8))
    await county.live(date(2016, 7, 4), date(2016, 7, 5))
    with county.office.store.read() as tx:
        found = list_notices(tx, "small")
    unready = [(one["subject"], one["role"], one["detail"]["title"]) for one in found if one["step"] == "unready"]
    assert unready == [
        ("golive:plan:small:2015-12-31", "county-office", "没有现行有效的公开工作方案"),
        ("golive:sender:督办 <duban@localhost>", "county-office", "发件地址无法回复"),
        ("golive:start:2015-07-01", "county-office", "起始日距今已超过一年"),
    ]
    assert any("01-05" not in line and "overdue liaison sent" in line for line in county.notices())
