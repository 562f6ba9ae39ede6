"""What does not bear on a duty changes none of its verdicts, so nobody need judge again for it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tests.core.verdict.test_judging_properties as world
from tests.core.verdict.judging import CALENDAR, COUNTY, OWN, at, cell, changed, duty, entry, listing
from tests.examples import examples
from tracker.core.matching.criteria import may_be_evidence
from tracker.core.values.facts import Facts
from tracker.core.verdict.status import judge

#: Titles that fit, that do not, and that are the same once flattened though only one of them fits.
TITLES = st.sampled_from(["水质公告", "水 质公告", "3月份水质", "2015年水质", "通知", "人事任免", "水质公 告"])
DUTIES = {**world.DUTIES, "spaced": duty(cells=[cell(listing(title="水 质"))])}
OWED = {**world.OWED, "spaced": world.OWED["monthly, previous"]}


def verdicts(name, facts, now):
    asked = DUTIES[name]
    return judge(asked, asked.assignments[0], OWED[name], facts, COUNTY, CALENDAR, now)


def without_refusals(found):
    """The verdicts without the findings that only say whose an entry is."""
    return {
        key: replace(one, findings=tuple(finding for finding in one.findings if "不属于" not in finding.reason))
        for key, one in found.items()
    }


@examples(70)
@given(st.sampled_from(sorted(DUTIES)), world.facts(), st.lists(TITLES, min_size=8, max_size=8), world.nows, st.data())
def test_an_entry_that_does_not_bear_on_a_duty_changes_no_verdict(name, facts, titles, now, data):
    entries = tuple(
        replace(one, versions=(replace(one.versions[0], title=title), *one.versions[1:]))
        for one, title in zip(facts.entries, titles, strict=False)
    )
    named = {paper.proof for paper in facts.filings} | {ruling.target for ruling in facts.rulings}
    for known, one in enumerate(entries):
        before = replace(facts, entries=entries[:known])
        if one.url not in named and not may_be_evidence(one, DUTIES[name].assignments[0], COUNTY):
            after = replace(before, entries=entries[: known + 1])
            assert without_refusals(verdicts(name, after, now)) == without_refusals(verdicts(name, before, now))


def test_of_an_entry_of_another_department_only_its_refusal_is_told():
    """It is no reason to judge again: the refusal is a finding, and changes nothing that is decided."""
    ours, theirs = entry("水质公告", "2015-07-01"), entry("民政局水质公告", "2015-07-02")
    alone, beside = (
        verdicts("monthly, previous", Facts(entries=found), at("2015-08-05")) for found in ((ours,), (ours, theirs))
    )
    more = {key: set(beside[key].findings) - set(alone[key].findings) for key in alone}
    assert [finding.reason for key in more for finding in more[key]] == ["标题写明单位为“民政局”，不属于环保局"]
    assert {key: replace(found, findings=()) for key, found in beside.items()} == {
        key: replace(found, findings=()) for key, found in alone.items()
    }


WATER = DUTIES["monthly, previous"].assignments[0]
SPACED = DUTIES["spaced"].assignments[0]  # its pattern fits "水 质", not "水质"

BEARING = {
    "a title that fits": (entry("水质公告", "2015-07-01"), WATER, "", True),
    "another title": (entry("人事任免", "2015-07-01"), WATER, "", False),
    "a title that once fitted": (
        changed(entry("水质公告", "2015-07-01"), "2015-07-02", title="人事任免"), WATER, "", True,
    ),
    "a copy that fits only in the form in which titles are compared": (
        entry("水质公告", "2015-07-01", column=OWN), SPACED, "", True,
    ),
    "a title that fitted in the list, before its article was first read": (
        entry("人事任免", "2015-07-01"), WATER, "水质公告", True,
    ),
    "a title that names another department": (entry("民政局水质公告", "2015-07-01"), WATER, "", False),
}  # fmt: skip


@pytest.mark.parametrize(("seen", "assignment", "listed", "expected"), BEARING.values(), ids=BEARING)
def test_an_entry_bears_on_a_duty_by_its_titles(seen, assignment, listed, expected):
    assert may_be_evidence(seen, assignment, COUNTY, listed) is expected
