"""Stores secrecy reviews, numbered per year and department. A review changes by decision; a wrong one is withdrawn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from tracker.core.requests.values import Review
from tracker.store.counties import next_seq
from tracker.store.engine import StoreError, Tx, insert
from tracker.store.rows import columns_of, read_all, read_one, select_as, values_of
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
