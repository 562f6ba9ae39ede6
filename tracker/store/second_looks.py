"""Stores second looks, and lists the occurrences for which one is wanted."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from tracker.core.values.facts import Sighting
from tracker.core.values.second_looks import SecondLook
from tracker.core.values.verdicts import Status
from tracker.store.counties import next_seq
from tracker.store.engine import Tx
from tracker.store.rows import read_all, select_as, values_of
from tracker.store.tables import entries, entry_versions, occurrences
from tracker.store.tables_certificates import second_looks

_looked_since = sa.exists().where(
    second_looks.c.county == occurrences.c.county,
    second_looks.c.occurrence == occurrences.c.key,
    second_looks.c.began_at >= occurrences.c.look_at,
    second_looks.c.began_at >= sa.bindparam("since"),
)
_WANTED = (
    sa.select(occurrences.c.key, occurrences.c.look_at)
    .where(occurrences.c.county == sa.bindparam("county"), occurrences.c.look_at <= sa.bindparam("now"))
    .where(~_looked_since)
    .order_by(occurrences.c.look_at, occurrences.c.key)
)


def add_second_look(tx: Tx, county: str, look: SecondLook) -> None:
    """Insert a second look with the county's next number."""
    tx.execute(second_looks.insert().values(county=county, seq=next_seq(tx, county), **values_of(look)))


def list_second_looks(tx: Tx, county: str, occurrence: str) -> list[SecondLook]:
    """The second looks for an occurrence, in order."""
    query = select_as(SecondLook, second_looks).where(
        second_looks.c.county == county, second_looks.c.occurrence == occurrence
    )
    return read_all(tx, SecondLook, query.order_by(second_looks.c.id))


def load_titles_since(tx: Tx, county: str, since: datetime) -> list[tuple[str, Sighting]]:
    """The entries first seen since then that are not gone: their columns, with address, last title and day."""
    last = (
        sa.select(entry_versions.c.entry, sa.func.max(entry_versions.c.number).label("number"))
        .group_by(entry_versions.c.entry)
        .subquery()
    )
    query = (
        sa.select(entries.c.column, entries.c.url, entry_versions.c.title, entry_versions.c.claimed)
        .join(last, last.c.entry == entries.c.id)
        .join(entry_versions, sa.and_(entry_versions.c.entry == last.c.entry, entry_versions.c.number == last.c.number))
        .where(entries.c.county == county, entries.c.gone_at.is_(None), entries.c.first_seen_at >= since)
        .order_by(entries.c.id)
    )
    return [(column, Sighting(url, title, claimed)) for column, url, title, claimed in tx.execute(query)]


def list_unlooked(tx: Tx, county: str, due_by: datetime, since: datetime) -> list[str]:
    """The keys of the late occurrences due by then for which no second look has begun since `since`."""
    is_recent = sa.exists().where(
        second_looks.c.county == occurrences.c.county,
        second_looks.c.occurrence == occurrences.c.key,
        second_looks.c.began_at >= since,
    )
    query = sa.select(occurrences.c.key).where(
        occurrences.c.county == county,
        occurrences.c.status.in_([status for status in Status if status.late]),
        occurrences.c.closed.is_(False),
        occurrences.c.due_at <= due_by,
        ~is_recent,
    )
    return list(tx.execute(query.order_by(occurrences.c.due_at, occurrences.c.key)).scalars())


def list_wanted_looks(tx: Tx, county: str, now: datetime, valid_since: datetime) -> list[tuple[str, datetime]]:
    """The keys of the occurrences for which a second look is wanted at `now`, with from when on.

    Its time has come and no look has begun since, or the last one began before `valid_since`.
    """
    return [(key, at) for key, at in tx.execute(_WANTED, {"county": county, "now": now, "since": valid_since})]
