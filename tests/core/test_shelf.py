"""What is kept between the passes changes no verdict: a warm judgement is a cold one, whatever comes to be known."""

from __future__ import annotations

from dataclasses import replace

import test_judging_properties as world
from hypothesis import given
from hypothesis import strategies as st
from judging import CALENDAR, COLUMN, COUNTY, OWN, at, attestation, cell, duty, entry, items, key, listing, occurrences

from tests.examples import examples
from tracker.core.duties import Every, Part
from tracker.core.facts import Entry, Facts
from tracker.core.shelf import Shelf
from tracker.core.status import judge


class Growing:
    """The facts as they come to be known. An entry that did not change stays the same object, as in a warm copy."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.known: dict[tuple[int, int, bool], Entry] = {}

    def by(self, now) -> Facts:
        held = self.facts
        return Facts(
            tuple(self._cut(one, now) for one in held.entries if one.first_seen_at <= now),
            tuple(one for one in held.visits if one.ended_at <= now),
            tuple(one for one in held.events if one.recorded_at <= now),
            tuple(one for one in held.filings if one.recorded_at <= now),
            tuple(one for one in held.rulings if one.recorded_at <= now),
        )

    def _cut(self, one: Entry, now) -> Entry:
        versions = tuple(version for version in one.versions if version.seen_at <= now) or one.versions[:1]
        gone = one.gone_at is not None and one.gone_at <= now
        known = (one.id, len(versions), gone)
        if known not in self.known:
            left = {} if gone else {"gone_at": None, "gone_status": None}
            self.known[known] = replace(one, versions=versions, **left)
        return self.known[known]


def warm_equals_cold(asked, facts: Facts, nows) -> None:
    growing, shelf, said = Growing(facts), Shelf(), ()
    for now in sorted(nows):
        held = growing.by(now)
        for one in (paper for paper in (*held.filings, *held.rulings) if paper not in said):
            shelf.forget(one.occurrence)
            if "://" in getattr(one, "target", ""):
                shelf = Shelf()
        said = (*held.filings, *held.rulings)
        owed = occurrences(asked, held.events)
        given_ = (asked, asked.assignments[0], owed, held, COUNTY, CALENDAR, now)
        assert judge(*given_, shelf=shelf) == judge(*given_)


@examples(80)
@given(world.names, world.facts(), st.lists(world.nows, min_size=3, max_size=9))
def test_judging_with_a_shelf_equals_judging_without(name, facts, nows):
    warm_equals_cold(world.DUTIES[name], facts, nows)


@examples(20)
@given(world.names, world.facts(people=False), st.lists(world.nows, min_size=3, max_size=9))
def test_the_same_of_the_site_alone(name, facts, nows):
    warm_equals_cold(world.DUTIES[name], facts, nows)


def test_zero_report_falls_for_every_part_though_only_one_of_them_changed():
    quarter = Every(unit="quarter", zero_report=True)
    parts = [Part("a", "甲", (quarter,)), Part("b", "乙", (quarter,))]
    asked = duty(parts=parts, cells=[cell(listing(title="甲"), part="a"), cell(listing(title="乙"), part="b")])
    papers = (attestation(key("2015-Q2"), "2015-06-20", kind="zero-report"),)
    facts = Facts((entry("甲", "2015-06-25"),), filings=papers)
    warm_equals_cold(asked, facts, [at("2015-06-21"), at("2015-06-22"), at("2015-06-26"), at("2015-07-02")])


def test_entry_about_another_period_is_named_where_it_came_out_though_that_is_met():
    asked = duty(cells=[cell(listing(title="水质"))])
    facts = Facts((entry("6月份水质", "2015-07-05"), entry("5月份水质", "2015-07-20")))
    warm_equals_cold(asked, facts, [at("2015-07-06"), at("2015-07-07"), at("2015-07-21"), at("2015-08-02")])


def test_copy_that_speaks_for_a_date_goes_on_speaking_when_it_is_renamed():
    asked = duty(Every(unit="month"), cells=[cell(listing(title="水质"))], contents=items("甲"))
    copy = entry("水质公告", "2015-06-30", seen="2015-06-30", text="甲", column=OWN)
    moved = entry("水质公告", "2015-06-30", seen="2015-07-06", text="甲")
    renamed = replace(copy, versions=(copy.now, replace(copy.now, title="旧文", seen_at=at("2015-07-08"))))
    looked = tuple(world.visit(day, column=COLUMN) for day in ("2015-07-01", "2015-07-02"))
    warm_equals_cold(asked, Facts((moved, renamed), looked), [at("2015-07-07"), at("2015-07-07"), at("2015-07-09")])
