"""Sends the journal's head to the county office: with this copy outside, a rewritten chain can be recognised."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from tracker.core.escalation.notices import Notice, NoticeKey
from tracker.core.law.wording import day_zh
from tracker.rulebook.loaded import Loaded
from tracker.store.counties import CountyRow, ensure_county, lock_county
from tracker.store.county_passes import CountyPasses
from tracker.store.engine import Store, Tx
from tracker.store.journal import JournalEntry, append_entries
from tracker.store.notices import insert_notices
from tracker.store.tables import notices

#: How long after the last report a head is sent alone: a week and a day of grace.
MAX_AGE = timedelta(days=8)
#: Digits of the hash in its short form.
SHORT = 16


def shown_head(county: CountyRow, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """The head as values of templates."""
    local = now.astimezone(zone)
    return {
        "height": county.journal_height,
        "head": county.journal_head,
        "short": f"{county.journal_height}-{county.journal_head[:SHORT]}",
        "at": f"{day_zh(local.date())}{local:%H:%M}",
    }


def announce_heads(store: Store, loaded: Loaded, now: datetime) -> int:
    """Decide to send the head of each county that had no report lately, and return how many."""
    decided, passes = 0, CountyPasses(store, "journal-head")
    for rulebook in loaded.rulebooks:
        county = rulebook.county
        with passes.of(county.id), store.begin() as tx:
            ensure_county(tx, county.id)
            row = lock_county(tx, county.id)
            if now - (_last(tx, county.id) or now) < MAX_AGE:
                continue
            head = shown_head(row, now, county.zone)
            key = NoticeKey(
                f"journal:{now.astimezone(county.zone).date()}", 0, 0, "journal-head", 0, "county-office", "mail"
            )
            reason = (
                f"共{head['height']}条，末条校验值为{head['head']}（简码{head['short']}）。"
                f"请保存本邮件；核对：duban journal verify --head {head['short']}"
            )
            detail = {
                "kind": "head",
                "step": key.step,
                "title": f"督办日志（截至{head['at']}）",
                "reason": reason,
                "journal": head,
            }
            at = loaded.office_time(county.zone).next_opening(now)
            if insert_notices(tx, [Notice(key, county.id, "", "head", False, reason, at, detail)], now):
                entry = JournalEntry(f"rule:{rulebook.digest[:12]}", "notice.decided", key.subject, None, head, reason)
                append_entries(tx, county.id, [entry], now)
                decided += 1
    passes.finish(now)
    return decided


def _last(tx: Tx, county: str) -> datetime | None:
    """The instant of the last decision to send a head; where there is none yet, of the county's first notice."""
    with_head = [notices.c.subject.startswith(prefix) for prefix in ("report:overdue:", "journal:")]
    of_county = notices.c.county == county
    last = sa.select(sa.func.max(notices.c.decided_at)).where(of_county, sa.or_(*with_head))
    first = sa.select(sa.func.min(notices.c.decided_at)).where(of_county)
    query = sa.select(sa.func.coalesce(last.scalar_subquery(), first.scalar_subquery()))
    decided_at: datetime | None = tx.execute(query).scalar_one()
    return decided_at
