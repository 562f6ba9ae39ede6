"""Numbers slips (督办单): consecutively within a county and year, one number for each step of an occurrence.

The number is given when the message is composed, so that a notice cancelled before then uses none.
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
    """Number the slip of a notice and return the notice's details with that number.

    Repeats of the step and other addressees get the same number. `year`: of the day of sending. The caller holds
    the county's lock, so that no number is given twice or left out.
    """
    is_notice = notices.c.id == notice
    *key, detail = tx.execute(sa.select(*columns_of(NoticeKey, notices), notices.c.detail).where(is_notice)).one()
    year, number = _find_or_give_number(tx, county, NoticeKey(*key), year, now)
    numbered = {**detail, "slip": f"〔{year}〕{number}号"}
    tx.execute(notices.update().where(is_notice).values(detail=numbered))
    return numbered


def _find_or_give_number(tx: Tx, county: str, key: NoticeKey, year: int, now: datetime) -> tuple[int, int]:
    """The year and number of the step's slip; a new number is journalled."""
    is_same_step = (
        slips.c.county == county,
        slips.c.occurrence == key.subject,
        slips.c.due_revision == key.due_revision,
        slips.c.episode == key.episode,
        slips.c.step == key.step,
    )
    given = tx.execute(sa.select(slips.c.year, slips.c.number).where(*is_same_step)).one_or_none()
    if given is not None:
        return given.year, given.number
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
