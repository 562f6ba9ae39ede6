"""Stores secrecy reviews, numbered per year and department. A review changes by decision; a wrong one is withdrawn."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from tracker.core.law.counting import moment_day
from tracker.core.matching.republished import CONCLUDED_SOURCES
from tracker.core.requests.review_links import PublishedEntry
from tracker.core.requests.values import Review
from tracker.store.counties import next_seq
from tracker.store.engine import StoreError, Tx, insert
from tracker.store.rows import batches, columns_of, read_all, read_one, select_as, values_of
from tracker.store.tables import entries, entry_versions, visits
from tracker.store.tables_requests import reviews

_REVIEWS = select_as(Review, reviews).order_by(reviews.c.department, reviews.c.year, reviews.c.number)


def add_review(tx: Tx, review: Review) -> Review:
    """Write a review under the next number of its year and department. Raises StoreError where that is taken."""
    next_seq(tx, review.county)  # locks the county's row; the next pass looks at its entries again
    of_year = (
        reviews.c.county == review.county, reviews.c.department == review.department, reviews.c.year == review.year
    )  # fmt: skip
    last = tx.execute(sa.select(sa.func.coalesce(sa.func.max(reviews.c.number), 0)).where(*of_year)).scalar_one()
    statement = insert(tx, reviews).values(values_of(replace(review, number=int(last) + 1)))
    added = read_one(tx, Review, statement.on_conflict_do_nothing().returning(*columns_of(Review, reviews)))
    if added is None:
        raise StoreError(f"review {last + 1} of {review.department} was recorded by another process")
    return added


def change_review(tx: Tx, before: Review, **values: Any) -> Review:
    """Change a review. Raises StoreError where it is not as it was in `before` any more."""
    next_seq(tx, before.county)
    where = (
        reviews.c.id == before.id, reviews.c.decision == before.decision, reviews.c.address == before.address,
        reviews.c.withdrawn_at.is_(None),
    )  # fmt: skip
    statement = reviews.update().where(*where).values(**values).returning(*columns_of(Review, reviews))
    after = read_one(tx, Review, statement)
    if after is None:
        raise StoreError(f"review {before.reference} was changed by another process")
    return after


def find_review(tx: Tx, county: str, department: str, year: int, number: int) -> Review | None:
    where = (reviews.c.county == county, reviews.c.department == department)
    return read_one(tx, Review, _REVIEWS.where(*where, reviews.c.year == year, reviews.c.number == number))


def list_reviews(
    tx: Tx, county: str, *, department: str | None = None, year: int | None = None, withdrawn: bool = False
) -> list[Review]:
    """Reviews by department, year and number; with `withdrawn` the withdrawn ones too."""
    query = _REVIEWS.where(reviews.c.county == county)
    if department is not None:
        query = query.where(reviews.c.department == department)
    if year is not None:
        query = query.where(reviews.c.year == year)
    return read_all(tx, Review, query if withdrawn else query.where(reviews.c.withdrawn_at.is_(None)))


# -- entries of the site, as far as reviews look at them -------------------------------------------

#: Of the beginning of a text, where a document has its number.
_OPENING = 300
_VERSIONS = entry_versions.alias()
_OF_ENTRY = _VERSIONS.c.entry == entries.c.id
_LAST = sa.select(sa.func.max(_VERSIONS.c.number)).where(_OF_ENTRY).correlate(entries).scalar_subquery()
_CLAIMED = (
    sa.select(sa.func.min(_VERSIONS.c.claimed, type_=_VERSIONS.c.claimed.type))
    .where(_OF_ENTRY, _VERSIONS.c.claimed_from.not_in(CONCLUDED_SOURCES))
    .correlate(entries)
    .scalar_subquery()
)
_ENTRIES = sa.select(
    entries.c.id, entries.c.column, entries.c.url, entry_versions.c.title, entries.c.first_seen_at, _CLAIMED,
    entry_versions.c.source, entries.c.publisher,
    sa.func.coalesce(sa.func.substr(entry_versions.c.text, 1, _OPENING), ""),
    entry_versions.c.fingerprint, entries.c.gone_at,
).select_from(
    entries.join(entry_versions, sa.and_(entry_versions.c.entry == entries.c.id, entry_versions.c.number == _LAST))
)  # fmt: skip


def list_published_entries(
    tx: Tx, county: str, columns: Collection[str], since: datetime, zone: ZoneInfo
) -> list[PublishedEntry]:
    """The entries of the columns first seen since then."""
    where = (entries.c.county == county, entries.c.column.in_(columns), entries.c.first_seen_at >= since)
    readings = _list_whole_readings(tx, county, columns)
    return [*_read_entries(tx, _ENTRIES.where(*where), readings, zone)]


def list_older_entries(
    tx: Tx, county: str, titles: Collection[str], before: datetime, zone: ZoneInfo
) -> list[PublishedEntry]:
    """The entries of any column with one of these titles, first seen before then."""
    older: list[PublishedEntry] = []
    for batch in batches(sorted(titles)):
        where = (entries.c.county == county, entries.c.first_seen_at < before, entry_versions.c.title.in_(batch))
        older += _read_entries(tx, _ENTRIES.where(*where), {}, zone)
    return older


def _list_whole_readings(tx: Tx, county: str, columns: Collection[str]) -> dict[str, list[tuple[datetime, datetime]]]:
    """(end, begin) of the visits that read a column to its end, by column, oldest first."""
    where = (visits.c.county == county, visits.c.column.in_(columns), visits.c.outcome == "read")
    query = sa.select(visits.c.column, visits.c.ended_at, visits.c.began_at).where(*where, visits.c.reached == "end")
    readings: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for column, ended_at, began_at in tx.execute(query.order_by(visits.c.ended_at)):
        readings[column].append((ended_at, began_at))
    return readings


def _read_entries(
    tx: Tx, query: sa.Select[Any], readings: dict[str, list[tuple[datetime, datetime]]], zone: ZoneInfo
) -> Iterator[PublishedEntry]:
    def day(at: date | None) -> date | None:
        return None if at is None else moment_day(at, zone)

    for id, column, url, title, first_seen_at, claimed, source, publisher, opening, fingerprint, gone_at in tx.execute(
        query
    ):
        before = bisect_left(readings.get(column, []), (first_seen_at,))
        lacked = readings[column][before - 1][1] if before else None
        yield PublishedEntry(
            id, column, url, title, moment_day(first_seen_at, zone), day(claimed), day(lacked), source, publisher,
            opening, fingerprint, day(gone_at),
        )  # fmt: skip
