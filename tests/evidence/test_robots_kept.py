"""What a robots.txt says serves the passes of a day; where it cannot be had, what it said before."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.evidence.crawled import Office, Site
from tests.evidence.evidence_site import SHANGHAI
from tracker.core.values.facts import VisitOutcome

FORBIDS = "User-agent: *\nDisallow: /hjbh/\n"


async def asked(office: Office, at: datetime) -> tuple[int, VisitOutcome]:
    """How often a pass at this instant asks for the robots.txt, and how its visit of the column ends."""
    office.own = False
    office.clock.now = at
    report = await office.crawl(only=["county-site/environment"])
    return office.asked.count("/robots.txt"), report.columns[0].outcome


MORNING = datetime(2015, 9, 30, 8, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(("robots", "outcome"), [("", VisitOutcome.READ), (FORBIDS, VisitOutcome.FORBIDDEN)])
async def test_it_is_asked_for_once_a_day(
    robots: str, outcome: VisitOutcome, site: Site, either_office: Office
) -> None:
    site.robots = robots
    passes = [await asked(either_office, MORNING + timedelta(hours=hours)) for hours in (0, 1, 12, 23, 25, 26, 50)]
    assert [count for count, _ in passes] == [1, 0, 0, 0, 1, 0, 1]
    assert {one for _, one in passes} == {outcome}


async def test_what_it_says_now_counts_after_a_day(site: Site, office: Office) -> None:
    site.robots = FORBIDS
    assert await asked(office, MORNING) == (1, VisitOutcome.FORBIDDEN)
    site.robots = "User-agent: *\nDisallow:\n"
    assert await asked(office, MORNING + timedelta(hours=23)) == (0, VisitOutcome.FORBIDDEN)
    assert await asked(office, MORNING + timedelta(hours=25)) == (1, VisitOutcome.READ)


async def test_where_it_cannot_be_had_what_it_said_before_is_heeded_for_a_month(site: Site, office: Office) -> None:
    await asked(office, MORNING)
    site.broken["/robots.txt"] = 503
    assert await asked(office, MORNING + timedelta(days=2)) == (1, VisitOutcome.READ)
    assert await asked(office, MORNING + timedelta(days=29)) == (1, VisitOutcome.READ)
    count, outcome = await asked(office, MORNING + timedelta(days=31))
    assert (count > 0, outcome) == (True, VisitOutcome.UNREACHABLE)


async def test_a_clock_that_was_set_back_has_it_asked_for_anew(site: Site, office: Office) -> None:
    await asked(office, MORNING)
    assert await asked(office, MORNING - timedelta(days=400)) == (1, VisitOutcome.READ)
