"""What does not bear on a duty changes none of its verdicts, so nobody need judge again for it."""

from __future__ import annotations

from dataclasses import replace

import test_judging_properties as world
from hypothesis import given
from hypothesis import strategies as st
from judging import CALENDAR, COUNTY, OWN, cell, changed, duty, entry, listing

from tests.examples import examples
from tracker.core.bearing import Bearing
from tracker.core.status import judge

#: Titles that fit, that do not, and that are the same once flattened though only one of them fits.
TITLES = st.sampled_from(["水质公告", "水 质公告", "3月份水质", "2015年水质", "通知", "人事任免", "水质公 告"])
DUTIES = {**world.DUTIES, "spaced": duty(cells=[cell(listing(title="水 质"))])}
OWED = {**world.OWED, "spaced": world.OWED["monthly, previous"]}


def verdicts(name, facts, now):
    asked = DUTIES[name]
    return judge(asked, asked.assignments[0], OWED[name], facts, COUNTY, CALENDAR, now)


@examples(70)
@given(st.sampled_from(sorted(DUTIES)), world.facts(), st.lists(TITLES, min_size=8, max_size=8), world.nows, st.data())
def test_an_entry_that_does_not_bear_on_a_duty_changes_no_verdict(name, facts, titles, now, data):
    entries = tuple(
        replace(one, versions=(replace(one.versions[0], title=title), *one.versions[1:]))
        for one, title in zip(facts.entries, titles, strict=False)
    )
    bearing = Bearing(DUTIES[name].assignments[0])
    for paper in facts.filings:
        bearing.name(paper.proof)
    for ruling in facts.rulings:
        bearing.name(ruling.target)
    for known, one in enumerate(entries):
        before = replace(facts, entries=entries[:known])
        if not bearing.takes(one):
            assert verdicts(name, replace(before, entries=entries[: known + 1]), now) == verdicts(name, before, now)


WATER = DUTIES["monthly, previous"].assignments[0]
SPACED = DUTIES["spaced"].assignments[0]  # its pattern fits "水 质", not "水质"


def test_a_title_that_fits_bears_and_another_does_not():
    bearing = Bearing(WATER)
    assert bearing.takes(entry("水质公告", "2015-07-01"))
    assert not bearing.takes(entry("人事任免", "2015-07-01"))


def test_a_title_that_once_fitted_bears():
    assert Bearing(WATER).takes(changed(entry("水质公告", "2015-07-01"), "2015-07-02", title="人事任免"))


def test_a_copy_of_what_fits_bears_though_it_does_not_fit_itself():
    bearing, copy = Bearing(SPACED), entry("水质公告", "2015-07-01", column=OWN)
    assert not bearing.takes(copy)
    assert bearing.takes(entry("水 质公告", "2015-07-01"))
    assert bearing.takes(copy)


def test_what_people_named_bears_whatever_its_title():
    bearing, one = Bearing(WATER), entry("人事任免", "2015-07-01")
    assert not bearing.takes(one)
    bearing.name(one.url)
    assert bearing.takes(one)


def test_what_it_was_before_it_changed_bears_too():
    """The first reading of an article fills in its version, its title among it."""
    bearing, row = Bearing(WATER), entry("水质公告", "2015-07-01")
    read = replace(row, versions=(replace(row.now, title="人事任免"),))
    assert not bearing.takes(read)
    assert bearing.takes(read, row)
