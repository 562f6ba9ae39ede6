"""Stores the rulings of people about occurrences. They never change; a later ruling may revoke one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace

import sqlalchemy as sa

from tracker.core.values.facts import Ruling
from tracker.store.engine import Tx
from tracker.store.rows import insert_fact, read_all, read_one, select_as
from tracker.store.tables import rulings

_RULINGS = select_as(Ruling, rulings).order_by(rulings.c.id)
_OF_KINDS = _RULINGS.where(
    rulings.c.county == sa.bindparam("county"), rulings.c.kind.in_(sa.bindparam("kinds", expanding=True))
)


def add_ruling(tx: Tx, county: str, ruling: Ruling, seen: int | None = None) -> Ruling | None:
    """Write a ruling under the next number of its subject; None where another process has taken the number.

    `seen`: how many rulings on the subject the person knew (default: all that are recorded).
    """
    known = count_rulings(tx, county, ruling.occurrence) if seen is None else seen
    return insert_fact(tx, county, rulings, replace(ruling, number=known + 1))


def count_rulings(tx: Tx, county: str, occurrence: str) -> int:
    """The number of rulings on the subject."""
    where = (rulings.c.county == county, rulings.c.occurrence == occurrence)
    query = sa.select(sa.func.coalesce(sa.func.max(rulings.c.number), 0)).where(*where)
    return int(tx.execute(query).scalar_one())


def count_rulings_about(tx: Tx, county: str, occurrences: Collection[str]) -> dict[str, int]:
    """The number of rulings on each subject that has any."""
    where = (rulings.c.county == county, rulings.c.occurrence.in_(occurrences))
    query = sa.select(rulings.c.occurrence, sa.func.max(rulings.c.number)).where(*where)
    return dict(tx.execute(query.group_by(rulings.c.occurrence)).all())


def list_rulings(tx: Tx, county: str, occurrence: str) -> list[Ruling]:
    """The rulings on the subject, in the order in which they were made."""
    return read_all(tx, Ruling, _RULINGS.where(rulings.c.county == county, rulings.c.occurrence == occurrence))


def list_rulings_of_kinds(tx: Tx, county: str, kinds: Collection[str]) -> list[Ruling]:
    """All rulings of these kinds, in the order in which they were made."""
    return read_all(tx, Ruling, _OF_KINDS, {"county": county, "kinds": list(kinds)})


def load_rulings_of_kinds(tx: Tx, kinds: Collection[str]) -> dict[str, list[Ruling]]:
    """The same of every county that has any."""
    found: dict[str, list[Ruling]] = defaultdict(list)
    query = _RULINGS.add_columns(rulings.c.county).where(rulings.c.kind.in_(list(kinds)))
    for *values, county in tx.execute(query):
        found[county].append(Ruling(*values))
    return found


def list_all_rulings(tx: Tx, county: str) -> list[Ruling]:
    """Every ruling, in the order in which they were made."""
    return read_all(tx, Ruling, _RULINGS.where(rulings.c.county == county))


def find_ruling(tx: Tx, county: str, number: int) -> Ruling | None:
    return read_one(tx, Ruling, _RULINGS.where(rulings.c.county == county, rulings.c.id == number))
