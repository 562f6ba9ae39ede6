"""The numbers of 督办单: one after the other within a county and year, one for each step of a matter.

A number is given as the paper is put together, so that one which is taken back before it leaves uses none up.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.core.escalation.notices import NoticeKey
from tracker.store.engine import Tx
from tracker.store.journal import JournalEntry, append_entries
from tracker.store.rows import columns_of
from tracker.store.tables import notices, slips


def number_slip(tx: Tx, county: str, notice: int, year: int, now: datetime) -> dict[str, Any]:
    """What the notice shows, with the number of its slip: given once and kept, the same for its repeats and every
    addressee. `year`: of the day on which it leaves.

    Under the county's lock, so that no number is given twice or left out.
    """
    mine = notices.c.id == notice
    *key, detail = tx.execute(sa.select(*columns_of(NoticeKey, notices), notices.c.detail).where(mine)).one()
    of, number = _find_or_give_number(tx, county, NoticeKey(*key), year, now)
    shown = {**detail, "slip": f"〔{of}〕{number}号"}
    tx.execute(notices.update().where(mine).values(detail=shown))
    return shown


def _find_or_give_number(tx: Tx, county: str, key: NoticeKey, year: int, now: datetime) -> tuple[int, int]:
    """(year, number)."""
    same = (
        slips.c.county == county,
        slips.c.occurrence == key.subject,
        slips.c.due_revision == key.due_revision,
        slips.c.episode == key.episode,
        slips.c.step == key.step,
    )
    known = tx.execute(sa.select(slips.c.year, slips.c.number).where(*same)).one_or_none()
    if known is not None:
        return known.year, known.number
    last = sa.select(sa.func.max(slips.c.number)).where(slips.c.county == county, slips.c.year == year)
    number = (tx.execute(last).scalar_one_or_none() or 0) + 1
    tx.execute(
        slips.insert().values(
            county=county, year=year, number=number, occurrence=key.subject, due_revision=key.due_revision,
            episode=key.episode, step=key.step, issued_at=now,
        )
    )  # fmt: skip
    after = {"slip": f"〔{year}〕{number}号", "step": key.step}
    append_entries(tx, county, [JournalEntry("outbox", "slip.numbered", key.subject, None, after)], now)
    return year, number
