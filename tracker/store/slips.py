"""The numbers of 督办单: one after the other within a county and year, one for each step of a matter."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from tracker.core.notices import NoticeKey
from tracker.store.engine import Tx
from tracker.store.tables import slips


async def slip_number(tx: Tx, county: str, key: NoticeKey, year: int, now: datetime) -> tuple[int, int]:
    """(year, number) of the slip, given once and kept: its repeats and every addressee bear the same.

    Under the county's lock, so that no number is given twice or left out.
    """
    same = (
        slips.c.county == county,
        slips.c.occurrence == key.subject,
        slips.c.due_revision == key.due_revision,
        slips.c.episode == key.episode,
        slips.c.step == key.step,
    )
    known = (await tx.execute(sa.select(slips.c.year, slips.c.number).where(*same))).one_or_none()
    if known is not None:
        return known.year, known.number
    last = sa.select(sa.func.max(slips.c.number)).where(slips.c.county == county, slips.c.year == year)
    number = ((await tx.execute(last)).scalar_one_or_none() or 0) + 1
    await tx.execute(
        slips.insert().values(
            county=county, year=year, number=number, occurrence=key.subject, due_revision=key.due_revision,
            episode=key.episode, step=key.step, issued_at=now,
        )
    )  # fmt: skip
    return year, number
