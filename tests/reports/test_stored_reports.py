"""A report for a past day is the one that was sent on it: each stored copy against what is computed today."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from tests.decide.small_county import Small, at
from tracker.reports.overdue import ONLY_SENT, overdue_at
from tracker.reports.pictures import year as pictures
from tracker.reports.snapshot import CountyReader, CountySnapshot
from tracker.reports.week import week_at
from tracker.rulebook.loaded import Loaded
from tracker.store.counties import ensure_county
from tracker.store.engine import Store, Tx
from tracker.store.jobs import begin_run, end_run
from tracker.store.notices import list_notices


def stored(store: Store, county: str) -> dict[str, tuple[datetime, dict[str, Any]]]:
    """By subject, when each report was decided and what it said."""
    with store.read() as tx:
        found = [one for one in list_notices(tx, county) if one["subject"].startswith("report:overdue:")]
    return {one["subject"]: (one["decided_at"], one["detail"]) for one in found}


def again(store: Store, loaded: Loaded, when: datetime) -> dict[str, Any]:
    """The report as of that instant, as JSON gives it back."""
    rulebook = loaded.rulebooks[0]
    with store.read() as tx:
        found = overdue_at(tx, CountyReader(rulebook, loaded.calendar), rulebook.county.id, when)
    return json.loads(json.dumps(found))  # type: ignore[no-any-return]


def sent(detail: dict[str, Any]) -> dict[str, Any]:
    """What can be computed anew: all but the list for people and the journal's head of that hour."""
    return {name: value for name, value in detail.items() if name not in ONLY_SENT}


@pytest.mark.nightly
def test_every_report_of_a_quarter_is_given_again_as_it_was_sent(quarter: Small) -> None:
    office = quarter.office
    copies = stored(office.store, "small")
    assert len(copies) == 10
    for subject, (when, detail) in copies.items():
        assert again(office.store, office.loaded, when) == sent(detail), subject
    seen = [detail for _, detail in copies.values()]
    assert any(one["faults"] for one in seen), "the site was out of sight"
    assert not seen[-1]["faults"]
    assert sum(one["totals"]["mended"] for one in seen) >= 2
    assert any("监测设备检修" in line["said"] for one in seen for unit in one["departments"] for line in unit["lines"])
    assert any(one["totals"]["unjudged"] for one in seen)


class EverythingReader(CountyReader):
    """Reads all lines, whatever is wanted."""

    def read(self, tx: Tx, at: datetime, *_: object, **__: object) -> CountySnapshot:
        return super().read(tx, at)


def test_from_what_bears_on_it_each_report_and_picture_says_what_everything_says(quarter: Small) -> None:
    loaded, store = quarter.office.loaded, quarter.office.store
    parts, wholes = (kind(loaded.rulebooks[0], loaded.calendar) for kind in (CountyReader, EverythingReader))

    def told(tx: Tx, reader: CountyReader, when: datetime) -> list[object]:
        snapshot, year = pictures.read_year(tx, reader, when, None)
        drawn = [draw(snapshot, year) for draw in (pictures.lights, pictures.rate, pictures.days)]
        week = week_at(tx, reader, "small", when, answers=True)
        return [overdue_at(tx, reader, "small", when), week, *drawn]

    with store.read() as tx:
        for day in ("2015-08-31", "2015-09-20", "2015-10-01", "2015-10-12", "2015-10-26"):
            assert told(tx, parts, at(day, "09:00")) == told(tx, wholes, at(day, "09:00")), day


def test_a_report_on_demand_compares_with_the_last_one_that_was_sent(quarter: Small) -> None:
    office = quarter.office
    found = again(office.store, office.loaded, at("2015-10-08", "10:00"))
    assert found["since"] == "2015年10月5日"
    found = again(office.store, office.loaded, at("2015-10-05", "10:00"))
    assert found["since"] == "2015年9月28日", "a second report of a day compares with the same one"


def test_the_hours_without_sight_are_those_that_were_known_then(store: Store, county: Small) -> None:
    """A crawl that was still going on had observed nothing yet."""
    with store.begin() as tx:
        ensure_county(tx, "small")
        for began, ended in (("2015-09-01T06", "2015-09-01T07"), ("2015-09-03T06", "2015-09-05T06")):
            first, last = (datetime.fromisoformat(f"{one}:00:00+08:00") for one in (began, ended))
            run = begin_run(tx, "crawl", first, first)
            assert run is not None
            end_run(tx, run, last)
    loaded = county.office.loaded
    gap = {
        day: again(store, loaded, at(f"2015-09-{day}", "08:00"))["dark"] for day in ("02", "04", "06")
    }  # fmt: skip
    assert gap == {
        "02": ["2015年9月1日7时至9月2日8时（25小时）"],
        "04": ["2015年9月1日7时至9月4日8时（73小时）"],
        "06": ["2015年9月1日7时至9月3日6时（47小时）", "2015年9月5日6时至9月6日8时（26小时）"],
    }
