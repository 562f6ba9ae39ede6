"""The journal's head for the county office's mail: a copy outside the house, by which a rewritten chain is told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from tracker.core.escalation.notices import Notice, NoticeKey
from tracker.core.law.wording import day_zh
from tracker.rulebook.loaded import Loaded
from tracker.store.counties import CountyRow, ensure_county, lock_county
from tracker.store.engine import Store, Tx
from tracker.store.journal import JournalEntry, append
from tracker.store.notices import insert_notices
from tracker.store.tables import notices

#: Without a report for so long, the head goes out by itself: once a week, with a day's grace.
AT_LATEST = timedelta(days=8)
#: Digits of the hash in the short form.
SHORT = 16


def shown_head(county: CountyRow, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """The head as the templates print it."""
    local = now.astimezone(zone)
    return {
        "height": county.journal_height,
        "head": county.journal_head,
        "short": f"{county.journal_height}-{county.journal_head[:SHORT]}",
        "at": f"{day_zh(local.date())}{local:%H:%M}",
    }


def announce_heads(store: Store, loaded: Loaded, now: datetime) -> int:
    """Decide a line with the head for each county office that no report was decided for of late; how many."""
    made = 0
    for rulebook in loaded.rulebooks:
        county = rulebook.county
        with store.begin() as tx:
            ensure_county(tx, county.id)
            row = lock_county(tx, county.id)
            if row.journal_height == 0 or now - (_last(tx, county.id) or now) < AT_LATEST:
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
                append(tx, county.id, [entry], now)
                made += 1
    return made


def _last(tx: Tx, county: str) -> datetime | None:
    """When a head was last decided to go out; before the first one, when anything was first decided."""
    told = [notices.c.subject.startswith(one) for one in ("report:overdue:", "journal:")]
    mine = notices.c.county == county
    last = sa.select(sa.func.max(notices.c.decided_at)).where(mine, sa.or_(*told))
    first = sa.select(sa.func.min(notices.c.decided_at)).where(mine)
    found: datetime | None = tx.execute(
        sa.select(sa.func.coalesce(last.scalar_subquery(), first.scalar_subquery()))
    ).scalar_one()
    return found
