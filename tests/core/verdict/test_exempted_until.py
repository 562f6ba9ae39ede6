"""Exemptions with a last day, of the whole or of one part: what is owed at the very instant at which they end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.core.matching.june import JUNE, ONE, SINCE
from tests.core.verdict.judging import (
    EVENT,
    at,
    cell,
    daily_visits,
    day,
    duty,
    entry,
    event,
    filing,
    key,
    listing,
    occurrences,
    ruling,
    verdicts,
    visit,
)
from tracker.core.law.assumed_rules import Adoption
from tracker.core.law.duties import Every, Part, Span, Within
from tracker.core.values.facts import Ruling
from tracker.core.values.verdicts import Light, Status, Verdict

MOMENT = timedelta(microseconds=1)
WHOLE = key("*")
LOOKED = daily_visits("2015-06-01", "2015-08-31")


def text(instant: datetime) -> str:
    return instant.replace(tzinfo=None).isoformat()


def june(now: str | datetime, *rulings: Ruling) -> Verdict:
    """June of the monthly duty, which nobody published."""
    return verdicts(ONE, now if isinstance(now, str) else text(now), visits=LOOKED, rulings=rulings)["2015-06"]


# -- the last day --------------------------------------------------------------------------------

EXEMPTIONS = {
    "a waiver": (ruling("waive", JUNE, until=day("2015-08-12"), recorded="2015-07-20"), Status.WAIVED),
    "not applicable": (
        ruling("not-applicable", JUNE, until=day("2015-08-12"), recorded="2015-07-20"), Status.NOT_APPLICABLE,
    ),
    "the duty as a whole": (
        ruling("not-applicable", WHOLE, until=day("2015-08-12"), recorded="2015-07-20"), Status.NOT_APPLICABLE,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("exemption", "status"), EXEMPTIONS.values(), ids=EXEMPTIONS)
def test_an_exemption_holds_to_the_end_of_its_last_day_and_time_alone_ends_it(
    exemption: Ruling, status: Status
) -> None:
    ends = at("2015-08-13T00:00")
    before = june(ends - MOMENT, exemption)
    assert (before.status, before.next_at, before.liability_reason) == (status, ends, "")
    after = june(ends, exemption)
    assert (after.status, after.liable_from) == (Status.OVERDUE, ends)
    assert after.liability_reason.endswith("已于2015年8月12日期满，自次日起恢复督办")


def test_of_several_ends_the_next_one_wakes() -> None:
    own = ruling("waive", JUNE, until=day("2015-08-12"), recorded="2015-07-20")
    general = ruling("not-applicable", WHOLE, until=day("2015-08-20"), recorded="2015-07-20")
    assert june("2015-08-01", own, general).next_at == at("2015-08-13T00:00")
    later = june("2015-08-13T00:00", own, general)
    assert (later.status, later.next_at) == (Status.NOT_APPLICABLE, at("2015-08-21T00:00"))
    assert june("2015-08-21T00:00", own, general).liable_from == at("2015-08-21T00:00")


def test_the_latest_exemption_stands_and_counts_to_its_own_end() -> None:
    first = ruling("waive", JUNE, until=day("2015-08-12"), recorded="2015-07-20")
    longer = ruling("waive", JUNE, until=day("2015-08-31"), recorded="2015-08-01")
    assert june("2015-08-20", first, longer).status == Status.WAIVED
    shorter = ruling("waive", JUNE, until=day("2015-08-05"), recorded="2015-08-01")
    assert june("2015-08-06T00:00", first, shorter).status == Status.OVERDUE


@pytest.mark.parametrize(
    ("until", "since"),
    [
        ("2015-06-29", None),  # it ended before anything was late
        ("2015-06-30", None),  # on the due day itself: it is late from the next day, like any other
        ("2015-07-01", "2015-07-02T00:00"),
    ],
)
def test_an_exemption_excuses_only_days_after_the_due_day(until: str, since: str | None) -> None:
    found = june("2015-07-10", ruling("waive", JUNE, until=day(until), recorded="2015-06-10"))
    assert (found.status, found.liable_from) == (Status.OVERDUE, at(since) if since else None)


@pytest.mark.parametrize(
    ("taken_back", "words"),
    [
        ("2015-08-12T23:59", "已于2015年8月12日经县府办李某撤销"),
        ("2015-08-13T00:00", "已于2015年8月12日期满"),  # it was over already
        ("2015-08-20T10:00", "已于2015年8月12日期满"),
    ],
)
def test_what_ended_by_itself_was_not_taken_back(taken_back: str, words: str) -> None:
    waived = ruling("waive", JUNE, until=day("2015-08-12"), recorded="2015-07-20")
    back = ruling("revoke", JUNE, f"ruling:{waived.id}", recorded=taken_back)
    assert words in june("2015-08-25", waived, back).liability_reason


def test_a_decision_is_pressed_from_the_instant_at_which_it_is_taken_back() -> None:
    waived = ruling("waive", JUNE, recorded="2015-07-20")
    back = ruling("revoke", JUNE, f"ruling:{waived.id}", recorded="2015-08-10T10:00")
    found = june("2015-08-10T10:00", waived, back)
    assert (found.status, found.liable_from) == (Status.OVERDUE, at("2015-08-10T10:00"))


def test_of_several_things_that_held_it_up_the_last_one_counts() -> None:
    first = ruling("waive", JUNE, until=day("2015-07-10"), recorded="2015-07-02")
    second = ruling("waive", JUNE, until=day("2015-08-12"), recorded="2015-07-20")
    found = june("2015-08-20", first, second)
    assert found.liable_from == at("2015-08-13T00:00")
    assert "2015年8月12日期满" in found.liability_reason


@pytest.mark.parametrize(
    ("adopted_at", "since"),
    [("2015-06-30T23:59", None), ("2015-07-01T00:00", None), ("2015-07-01T00:01", "2015-07-01T00:01")],
)
def test_an_assumed_reading_adopted_after_it_was_due_counts_from_then(adopted_at: str, since: str | None) -> None:
    act = Adoption(at(adopted_at), "县政府", "会议纪要")
    asked = duty(Every(unit="month", assumed=True, adopted=True, adoption=act), cells=[cell(listing(title="水质"))])
    found = verdicts(asked, "2015-07-10", visits=LOOKED)["2015-06"]
    assert (found.status, found.liable_from) == (Status.OVERDUE, at(since) if since else None)
    assert bool(found.liability_reason) is (since is not None)


# -- one part ------------------------------------------------------------------------------------

PARTS = [Part(name, title, (Every(unit="month"),)) for name, title in (("water", "水质"), ("air", "空气"))]
CELLS = [cell(listing(title=title), part=name) for name, title in (("water", "水质"), ("air", "空气"))]
BOTH = duty(parts=PARTS, cells=CELLS)
WATER_OUT = entry("水质公告", "2015-06-10")


def parted(now: str, *rulings: Ruling, entries: tuple[object, ...] = ()) -> Verdict:
    return verdicts(BOTH, now, entries=entries, visits=LOOKED, rulings=rulings)["2015-06"]  # type: ignore[arg-type]


def waive(part: str | None, **values: object) -> Ruling:
    return ruling("waive", JUNE, part=part, **{"recorded": "2015-07-20", **values})  # type: ignore[arg-type]


RELEASES = {
    # parts that are released, what was published: status, cells that are still owed
    "nothing": ((), (), "overdue", "water air"),
    "one part": (("air",), (), "overdue", "water"),
    "one part, the other is out": (("air",), (WATER_OUT,), "met", "water"),
    "the part that is out": (("water",), (WATER_OUT,), "overdue", "air"),
    "each part": (("water", "air"), (), "waived", ""),
    "the whole": ((None,), (), "waived", ""),
    "the whole, and what is out": ((None,), (WATER_OUT,), "waived", ""),
}


@pytest.mark.parametrize(("parts", "entries", "status", "owed"), RELEASES.values(), ids=RELEASES)
def test_the_release_of_one_part_leaves_the_others_owed(
    parts: tuple[str | None, ...], entries: tuple[object, ...], status: str, owed: str
) -> None:
    found = parted("2015-08-01", *[waive(one) for one in parts], entries=entries)
    assert found.status == status
    assert status == "waived" or " ".join(one.part for one in found.cells) == owed
    assert found.light == {"met": Light.GREEN, "overdue": Light.RED, "waived": Light.GREY}[status]


def test_the_exemption_of_one_part_ends_for_that_part_alone() -> None:
    exempt = waive("air", until=day("2015-08-12"))
    before = parted("2015-08-12T23:59", exempt, entries=(WATER_OUT,))
    assert (before.status, before.next_at) == (Status.MET, at("2015-08-13T00:00"))
    after = parted("2015-08-13T00:00", exempt, entries=(WATER_OUT,))
    assert (after.status, after.liable_from) == (Status.INCOMPLETE, at("2015-08-13T00:00"))
    assert {one.part: one.state for one in after.cells} == {"water": "proved", "air": "missing"}


def test_of_two_parts_that_are_exempt_one_is_owed_again_when_its_own_exemption_ends() -> None:
    both = waive("air", until=day("2015-08-12")), waive("water", until=day("2015-08-20"))
    assert parted("2015-08-12T23:59", *both).status == Status.WAIVED
    found = parted("2015-08-13T00:00", *both)
    assert (found.status, [one.part for one in found.cells]) == (Status.OVERDUE, ["air"])
    assert found.next_at is not None
    assert found.next_at <= at("2015-08-21T00:00")


def test_a_part_stays_exempt_when_a_later_exemption_of_the_whole_has_ended() -> None:
    part = waive("air", recorded="2015-07-10")
    whole = waive(None, until=day("2015-08-12"))
    assert parted("2015-08-12T23:59", part, whole).status == Status.WAIVED
    found = parted("2015-08-13T00:00", part, whole)
    assert (found.status, [one.part for one in found.cells]) == (Status.OVERDUE, ["water"])


def test_the_release_of_a_part_with_its_own_deadline_is_that_of_its_own_label() -> None:
    own = replace(PARTS[1], deadlines=(Every(unit="quarter"),), own_deadline=True)
    asked = duty(parts=[PARTS[0], own], cells=CELLS)
    released = ruling("waive", key("2015-Q2.air"), recorded="2015-07-02")
    found = verdicts(asked, "2015-07-10", visits=LOOKED, rulings=[released])
    assert {label: found[label].status.value for label in ("2015-06", "2015-Q2.air")} == {
        "2015-06": "overdue", "2015-Q2.air": "waived",
    }  # fmt: skip


def test_a_part_of_an_event_that_is_released_takes_no_entry_from_the_next_event() -> None:
    """The released part of the first event leaves the entry to the second one; its other part does not."""
    rule = Within(span=Span(20, "days"), event=EVENT)
    asked = duty(parts=[replace(one, deadlines=(rule,)) for one in PARTS], cells=CELLS)
    happened = [event("approved", "2015-06-01"), event("approved", "2015-06-03")]
    owed = occurrences(asked, happened)
    released = ruling("waive", key("event:approved:2015-06-01"), part="water", recorded="2015-06-05")
    found = verdicts(asked, "2015-07-10", entries=[WATER_OUT], events=happened, owed=owed, visits=LOOKED,
                     rulings=[released])  # fmt: skip
    states = {one.part: one.state for one in found["event:approved:2015-06-03"].cells}
    assert states == {"water": "proved", "air": "missing"}


def test_what_is_filed_for_a_part_is_not_asked_for_while_it_is_exempt() -> None:
    cells = [CELLS[0], cell(filing(), part="air")]
    asked = duty(parts=PARTS, cells=cells)
    found = verdicts(asked, "2015-08-01", entries=[WATER_OUT], visits=SINCE, rulings=[waive("air")])["2015-06"]
    assert found.status == Status.MET


# -- sight ---------------------------------------------------------------------------------------


def looked(began: datetime):
    """A complete visit that began then."""
    return replace(visit("2015-07-01"), began_at=began, ended_at=began + timedelta(minutes=5))


@pytest.mark.parametrize(
    ("before", "status"), [(timedelta(0), Status.OVERDUE), (MOMENT, Status.UNVERIFIABLE)], ids=["at due", "before it"]
)
def test_only_a_visit_begun_when_it_was_due_shows_that_it_is_missing(before: timedelta, status: Status) -> None:
    due_at = at("2015-07-01T00:00")
    found = verdicts(ONE, "2015-07-01T12:00", visits=[looked(due_at - before)])["2015-06"]
    assert found.status == status
    assert bool(found.cells[0].sighted_at) is True
