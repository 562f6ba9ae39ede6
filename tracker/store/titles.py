"""Finds entries of the county's site by words of their titles."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from tracker.core.values.facts import Moment
from tracker.store.engine import Tx
from tracker.store.rows import read_all
from tracker.store.tables import entries, entry_versions


class TitledEntry(NamedTuple):
    """An entry with the title of its newest version. `missing_at`: since when its list has it no more."""

    column: str
    url: str
    title: str
    publisher: str
    claimed: Moment | None
    first_seen_at: datetime
    missing_at: datetime | None


def find_titles(tx: Tx, county: str, words: Collection[str], *, start: int, most: int) -> list[TitledEntry]:
    """The entries whose title has all the words, the newest first, from the `start`th on."""
    entry, version, newer = entries.c, entry_versions.c, entry_versions.alias().c
    title = sa.func.coalesce(sa.func.nullif(version.title, ""), entry.listed_title)
    query = (
        sa.select(
            entry.column, entry.url, title, entry.publisher, version.claimed, entry.first_seen_at, entry.missing_at
        )
        .join_from(entries, entry_versions, version.entry == entry.id)
        .where(
            entry.county == county,
            *(title.icontains(word, autoescape=True) for word in words),
            ~sa.exists().where(newer.entry == entry.id, newer.number > version.number),
        )
        .order_by(entry.first_seen_at.desc(), entry.id.desc())
    )
    return read_all(tx, TitledEntry, query.offset(start).limit(most))
