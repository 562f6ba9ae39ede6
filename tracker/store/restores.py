"""Records in the journal that a database is a restored backup, and when a person lets it send again.

Until then nothing is sent. Afterwards, what the lost installation has sent by the time it last ran counts as sent.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.store.engine import Tx
from tracker.store.journal import JournalEntry, append_entries
from tracker.store.messages import record_sent
from tracker.store.tables import counties, journal, messages, notices, slips
from tracker.store.tables_reports import bulletins, circular_papers

#: The subject of both rows.
SUBJECT = "restore"
RESTORED, CONFIRMED = "backup.restored", "backup.confirmed"
#: For so long after the confirmation, what the lost installation had sent is decided again: lost events are recorded
#: anew, sites are read, later steps follow.
DECIDED_AGAIN = timedelta(days=7)
PRESUMED = "恢复备份之前，原系统应已发出，不再重发。"


@dataclass(frozen=True, slots=True)
class Restore:
    """The last time that a county's database was restored.

    `made_at`: when the backup was made; `height`: the last row of the journal in it. `ran_until`: when the lost
    installation last ran, as the person said who confirmed it; None while nothing may be sent.
    """

    at: datetime
    made_at: datetime
    height: int
    confirmed_at: datetime | None = None
    ran_until: datetime | None = None

    @property
    def is_held(self) -> bool:
        return self.confirmed_at is None

    def presumes(self, now: datetime) -> bool:
        """Whether what was to leave by `ran_until` still counts as sent."""
        return self.confirmed_at is not None and now < self.confirmed_at + DECIDED_AGAIN


def record_restore(tx: Tx, made_at: datetime, name: str, now: datetime) -> None:
    """Append to each county's journal that this is a backup, with the head that it ended at."""
    heads = sa.select(counties.c.id, counties.c.journal_height, counties.c.journal_head).order_by(counties.c.id)
    for county, height, head in tx.execute(heads).all():
        after = {"backup": name, "made_at": made_at.isoformat(), "height": height, "head": head}
        append_entries(tx, county, [JournalEntry("duban", RESTORED, SUBJECT, None, after)], now)


def record_confirmation(tx: Tx, county: str, ran_until: datetime, by: str, reason: str, now: datetime) -> None:
    """Append that the county may send again."""
    after = {"ran_until": ran_until.isoformat()}
    append_entries(tx, county, [JournalEntry(by, CONFIRMED, SUBJECT, None, after, reason)], now)


def load_restores(tx: Tx) -> dict[str, Restore]:
    """By county, the last restore; without those that never were restored."""
    of_county = (journal.c.county == sa.bindparam("county"), journal.c.subject == SUBJECT)
    query = sa.select(journal.c.height, journal.c.at, journal.c.action, journal.c.after).where(*of_county)
    rows = {
        county: tx.execute(query.order_by(journal.c.height), {"county": county}).all()
        for county in tx.execute(sa.select(counties.c.id).order_by(counties.c.id)).scalars()
    }
    return {county: _read(found) for county, found in rows.items() if found}


def _read(rows: Sequence[Any]) -> Restore:
    restored = [row for row in rows if row.action == RESTORED][-1]
    after = json.loads(restored.after)
    restore = Restore(restored.at, datetime.fromisoformat(after["made_at"]), after["height"])
    confirmed = [row for row in rows if row.action == CONFIRMED and row.height > restored.height]
    if not confirmed:
        return restore
    ran_until = datetime.fromisoformat(json.loads(confirmed[-1].after)["ran_until"])
    return replace(restore, confirmed_at=confirmed[-1].at, ran_until=ran_until)


#: What is numbered within a county and year, as its papers call it.
_NUMBERED = (("督办单", slips), ("专报", bulletins), ("通报", circular_papers))


def list_last_numbers(tx: Tx) -> dict[str, list[str]]:
    """By county, the last number given in the newest year of each kind of paper: 督办单2015年第4号."""
    numbers: dict[str, list[str]] = {}
    for name, table in _NUMBERED:
        query = sa.select(table.c.county, table.c.year, sa.func.max(table.c.number)).group_by("county", "year")
        newest = {county: (year, number) for county, year, number in tx.execute(query.order_by(table.c.year))}
        for county, (year, number) in sorted(newest.items()):
            numbers.setdefault(county, []).append(f"{name}{year}年第{number}号")
    return numbers


# -- what the lost installation has sent -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PresumedSent:
    """A mail that waits, or a notice that no mail holds yet. `planned_at`: when it would have left had no pass been
    missed. `message`: the id of the mail, "" for a notice."""

    county: str
    role: str
    department: str
    subject: str
    step: str
    planned_at: datetime
    message: str = ""
    notice: int = 0


def list_presumed(tx: Tx, county: str, made_at: datetime, until: datetime) -> list[PresumedSent]:
    """What waits and has left the lost installation by then, mails first. `made_at`: of the backup.

    What is decided after the restore the lost installation had decided in its time.
    """
    mails = sa.select(messages).where(
        messages.c.county == county, messages.c.state == "sending", messages.c.claimed_at <= until
    )
    found = [
        PresumedSent(county, row.role, row.department, row.subject, "", row.claimed_at, message=row.id)
        for row in tx.execute(mails.order_by(messages.c.claimed_at, messages.c.id))
    ]
    due = sa.select(notices).where(notices.c.county == county, notices.c.state == "due").order_by(notices.c.id)
    for row in tx.execute(due):
        planned = row.detail.get("planned_at") if row.decided_at > made_at else None
        at = datetime.fromisoformat(planned) if planned else row.not_before
        if at <= until:
            found.append(PresumedSent(county, row.role, row.department, row.subject, row.step, at, notice=row.id))
    return found


def presume_sent(tx: Tx, waiting: Sequence[PresumedSent], until: datetime, now: datetime) -> int:
    """Record that these of one county left before the backup was restored; the number of notices. The caller holds the
    county's lock."""
    answers = {each.message: PRESUMED for each in waiting if each.message}
    members = [member for sent in record_sent(tx, answers, until).values() for member in sent]
    entries = [_presumed_entry(member.subject, member.role, member.step) for member in members]
    for each in waiting:
        if not each.notice:
            continue
        decided_at = sa.case((notices.c.decided_at > each.planned_at, each.planned_at), else_=notices.c.decided_at)
        due = notices.update().where(notices.c.id == each.notice, notices.c.state == "due")
        if tx.execute(due.values(state="sent", state_reason=PRESUMED, decided_at=decided_at)).rowcount:
            entries.append(_presumed_entry(each.subject, each.role, each.step))
    if entries:
        append_entries(tx, waiting[0].county, entries, now)
    return len(entries)


def _presumed_entry(subject: str, role: str, step: str) -> JournalEntry:
    return JournalEntry("outbox", "notice.presumed", subject, None, {"role": role, "step": step}, PRESUMED)
