"""What was last decided about each occurrence. Status is derived; these rows remember it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

import sqlalchemy as sa

from tracker.core.verdicts import Light, Status
from tracker.store.engine import Tx, insert
from tracker.store.tables import occurrences


@dataclass(frozen=True, slots=True, kw_only=True)
class OccurrenceRow:
    """The last decision about one occurrence; `rulebook` and `calendar` are the hashes it was made under.

    `next_at`: when the passing of time alone may change it; only a hint that preselects.
    """

    key: str
    county: str
    pack: str
    duty: str
    department: str
    label: str
    opens_on: date | None
    due_on: date | None
    due_at: datetime | None
    status: Status
    light: Light
    reason: str
    rulebook: str
    calendar: str
    created_at: datetime
    updated_at: datetime
    due_revision: int = 0
    episode: int = 0
    provisional: bool = False
    assumed: bool = False
    derivation: str = ""
    proved_at: datetime | None = None
    closed: bool = False
    next_at: datetime | None = None


async def load_occurrences(
    tx: Tx, county: str, *, keys: Collection[str] | None = None, department: str | None = None
) -> dict[str, OccurrenceRow]:
    """The county's rows by key; all of them, or those asked for."""
    query = sa.select(occurrences).where(occurrences.c.county == county).order_by(occurrences.c.key)
    if keys is not None:
        query = query.where(occurrences.c.key.in_(keys))
    if department is not None:
        query = query.where(occurrences.c.department == department)
    return {row.key: _row(row._mapping) for row in await tx.execute(query)}


async def find_occurrence(tx: Tx, county: str, key: str) -> OccurrenceRow | None:
    return (await load_occurrences(tx, county, keys=[key])).get(key)


async def occurrence_keys(tx: Tx, county: str) -> list[str]:
    query = sa.select(occurrences.c.key).where(occurrences.c.county == county).order_by(occurrences.c.key)
    return list((await tx.execute(query)).scalars())


async def upsert_occurrences(tx: Tx, rows: Iterable[OccurrenceRow]) -> None:
    """Write the rows; an existing one keeps its `created_at`."""
    values = [asdict(row) for row in rows]
    if not values:
        return
    statement = insert(tx, occurrences)
    kept = {"key", "county", "created_at"}
    changed = {column.name: statement.excluded[column.name] for column in occurrences.c if column.name not in kept}
    await tx.execute(statement.on_conflict_do_update(index_elements=["key"], set_=changed), values)


def _row(values: sa.RowMapping) -> OccurrenceRow:
    return OccurrenceRow(**{**values, "status": Status(values["status"]), "light": Light(values["light"])})
