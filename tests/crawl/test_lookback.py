"""How far back a crawl reads: as far as what is open may have come out, and the slack before it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.decide.small_county import PACK, Small, at
from tracker.crawl.lookback import LookBack, look_back
from tracker.store.tables import occurrences

SINCE_JUNE = PACK.replace("from: 2015-01-01", "from: 2015-06-01")
DAYS = timedelta(days=1)


def back(county: Small, slack: int) -> LookBack:
    (book,), calendar = county.office.loaded.rulebooks, county.office.loaded.calendar
    with county.office.store.read() as tx:
        return look_back(tx, book, calendar, county.clock.now, slack * DAYS)


@pytest.mark.parametrize("slack", [0, 10, 30])
def test_a_period_is_read_for_from_the_one_it_is_about_and_the_slack_before_it(county: Small, slack: int) -> None:
    """On 1 July: June's report is about May, and the second quarter's about the first."""
    county.reload(pack=SINCE_JUNE)
    since = back(county, slack).since
    assert since["county-site/environment"] == date(2015, 6, 1) - 30 * DAYS - slack * DAYS
    assert since["county-site/insurance"] == date(2015, 4, 1) - 91 * DAYS - slack * DAYS


def test_a_period_that_is_about_its_own_days_is_read_for_from_its_first(county: Small) -> None:
    county.reload(pack=SINCE_JUNE.replace("month, about: previous", "month, about: this"))
    assert back(county, 30).since["county-site/environment"] == date(2015, 6, 1) - 30 * DAYS


async def test_what_is_proved_is_no_longer_read_for_and_a_period_counts_from_its_first_day(county: Small) -> None:
    """June's report is out on 8 June; on 1 July the one of July begins to be owed, and is about June."""
    county.reload(pack=SINCE_JUNE)
    county.site.publish("environment", "5月份水环境质量", at("2015-06-08"))
    await county.turn(crawl=True)
    assert back(county, 30).since["county-site/environment"] == date(2015, 7, 1) - 31 * DAYS - 30 * DAYS


async def test_where_nothing_is_open_a_crawl_reads_back_by_the_slack_alone(county: Small) -> None:
    rules = SINCE_JUNE.replace("until: 2015-12-31", "until: 2015-06-30")
    county.reload(pack=rules)
    county.site.publish("environment", "5月份水环境质量", at("2015-06-08"))
    await county.turn(crawl=True)
    assert back(county, 30).since["county-site/environment"] == date(2015, 7, 1) - 30 * DAYS


@pytest.mark.parametrize(
    ("slack", "days"),
    [
        (10, 30),  # the deadline's own: an entry that names the event may lie so long before it
        (30, 30),
        (45, 45),  # the crawl's
    ],
)
def test_an_event_is_read_for_from_the_greater_slack_before_its_day(county: Small, slack: int, days: int) -> None:
    county.event("2015-07-01")
    county.office.tick()
    assert back(county, slack).since["county-site/finance"] == date(2015, 7, 1) - days * DAYS


def test_a_standing_thing_may_be_of_any_age(county: Small) -> None:
    assert back(county, 30).since["county-site/powers"] == date.min


def test_before_the_first_pass_and_after_it_a_crawl_reads_back_alike(county: Small) -> None:
    """What a first crawl does not read would be held against the departments: the past of a new county too."""
    county.event("2015-05-04")
    before = back(county, 30).since
    county.office.tick()
    assert before == back(county, 30).since
    assert before["county-site/environment"] == date(2015, 1, 1) - 31 * DAYS - 30 * DAYS


def test_after_weeks_without_a_pass_a_crawl_reads_back_to_what_began_meanwhile(county: Small) -> None:
    """Nothing was open when the daemon went down, and a month has begun and ended since."""
    county.reload(pack=SINCE_JUNE)
    county.office.tick()
    with county.office.store.begin() as tx:
        tx.execute(occurrences.update().values(status="met"))
    county.clock.now = at("2015-09-20")
    assert back(county, 0).since["county-site/environment"] == date(2015, 8, 1) - 31 * DAYS


def test_a_duty_that_the_rules_have_since_is_read_for(county: Small) -> None:
    county.reload(pack=SINCE_JUNE)
    county.office.tick()
    county.reload(pack=SINCE_JUNE.replace("id: water", "id: rivers"))
    with county.office.store.begin() as tx:
        tx.execute(occurrences.update().values(status="met"))
    assert back(county, 0).since["county-site/environment"] == date(2015, 6, 1) - 30 * DAYS


def test_an_event_that_no_pass_has_seen_is_read_for(county: Small) -> None:
    county.office.tick()
    with county.office.store.begin() as tx:  # what awaits an event is read for whatever its age
        tx.execute(occurrences.update().values(status="met"))
    county.event("2015-05-04")
    assert back(county, 10).since["county-site/finance"] == date(2015, 5, 4) - 30 * DAYS
