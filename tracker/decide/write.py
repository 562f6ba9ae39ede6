"""Writes the changes of a pass: rows, standings, notices and journal lines, in the caller's transaction."""

from __future__ import annotations

from collections import Counter

from tracker.core.escalation.notices import NoticeKey
from tracker.decide.changes import ChangeSet
from tracker.decide.report import TickReport
from tracker.store.engine import Tx
from tracker.store.journal import append_entries
from tracker.store.notices import (
    build_notice_entry,
    cancel_notices,
    insert_notices,
    load_last_details,
    reword_notices,
    supersede_notices,
)
from tracker.store.occurrences import upsert_occurrences
from tracker.store.standings import add_standings


def write_changes(tx: Tx, change_set: ChangeSet, report: TickReport) -> list[NoticeKey]:
    """Write all changes, and count them in the report. Return the notices that were withdrawn."""
    changes, county, now = change_set.changes, change_set.county.id, change_set.now
    upsert_occurrences(tx, list(changes.rows.values()))
    add_standings(tx, changes.standings)
    cancelled = cancel_notices(tx, county, changes.cancelled, now)
    last_shown = load_last_details(tx, county, [row.key for row in changes.notified_closed])
    notices = [*changes.notices, *change_set.correct_closed(last_shown)]
    inserted = insert_notices(tx, notices, now, renew=True)
    reword_notices(tx, changes.reworded)
    superseded = supersede_notices(tx, changes.superseded, now)
    actor, reasons = change_set.actor, dict(changes.cancelled)
    lines = [build_notice_entry(actor, "notice.decided", notice.key, notice.reason) for notice in inserted]
    lines += [build_notice_entry(actor, "notice.superseded", notice.key, notice.reason) for notice in superseded]
    lines += [build_notice_entry(actor, "notice.cancelled", key, reasons[key]) for key in cancelled]
    append_entries(tx, county, [*changes.journal, *lines], now)
    counts = Counter(line.action for line in changes.journal)
    report.created += counts["occurrence.opened"]
    report.changed += counts["status"]
    report.closed += counts["occurrence.closed"]
    report.notices += len(inserted)
    return cancelled
