"""Since when an entry or a copy of it was seen: the same whoever is asked about first."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest

from tracker.core.matching.entry_index import EntryIndex
from tracker.core.values.facts import Entry, EntryVersion

SHANGHAI = ZoneInfo("Asia/Shanghai")


def entry(number: int, claimed: date, seen: datetime) -> Entry:
    """An entry under the title that its column uses every month."""
    version = EntryVersion(seen, "社会信用体系建设工作进展", claimed)
    return Entry(number, "county-site/credit", f"https://site.example/{number}.html", (version,), seen, seen)


FEBRUARY = entry(1, date(2015, 2, 2), datetime(2015, 2, 2, 22, tzinfo=UTC))
COPY = entry(2, date(2015, 2, 2), datetime(2015, 2, 9, 22, tzinfo=UTC))
DECEMBER = entry(3, date(2015, 12, 3), datetime(2015, 12, 3, 22, tzinfo=UTC))


@pytest.mark.parametrize("entries", list(permutations((FEBRUARY, COPY, DECEMBER))))
@pytest.mark.parametrize(
    ("asked", "seen"),
    [(FEBRUARY, FEBRUARY.first_seen_at), (COPY, FEBRUARY.first_seen_at), (DECEMBER, DECEMBER.first_seen_at)],
    ids=["the first", "its copy", "the same title under another date"],
)
def test_the_first_sighting_is_that_of_the_same_title_under_the_same_date(
    entries: tuple[Entry, ...], asked: Entry, seen: datetime
) -> None:
    assert EntryIndex(entries).first_seen(asked) == seen


def test_the_date_that_is_asked_for_is_looked_up_at_once() -> None:
    assert EntryIndex((FEBRUARY, DECEMBER)).first_seen(DECEMBER, date(2015, 2, 2)) == FEBRUARY.first_seen_at


REDESIGNED = entry(4, datetime(2015, 2, 2, 9, 30, tzinfo=SHANGHAI), datetime(2015, 9, 1, 22, tzinfo=UTC))


@pytest.mark.parametrize("entries", [(FEBRUARY, REDESIGNED), (REDESIGNED, FEBRUARY)])
def test_a_copy_may_print_the_hour_as_well(entries: tuple[Entry, ...]) -> None:
    assert EntryIndex(entries).first_seen(REDESIGNED) == FEBRUARY.first_seen_at
