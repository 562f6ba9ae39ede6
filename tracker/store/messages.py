"""Stores messages: claims their notices, freezes their bytes, and records every attempt to send them.

Each change of state is a compare-and-set whose row count is checked, so two deliverers never hold one message.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from tracker.clock import SKEW
from tracker.core.escalation.notice_kinds import LADDER_KINDS, CurrentStanding
from tracker.core.escalation.notices import NoticeKey
from tracker.store.counties import lock_counties
from tracker.store.engine import Tx, insert_new
from tracker.store.instants import has_come
from tracker.store.journal import JournalEntry, append_entries
from tracker.store.rows import columns_of, field_names, read_all, read_one, select_as
from tracker.store.tables import messages, notices, occurrences

#: The longest pause between two attempts, the longest lease of a message as shipped, and how long a notice may wait for
#: an office to open: a holiday with the days beside it. What lies further ahead was written by a clock that ran ahead.
LONGEST_PAUSE, LEASE, LONGEST_WAIT = timedelta(hours=5), timedelta(minutes=10), timedelta(days=31)


@dataclass(frozen=True, slots=True)
class DueNotice:
    """A notice that may be sent now."""

    id: int
    county: str
    subject: str
    role: str
    channel: str
    department: str
    kind: str
    urgent: bool
    ordinal: int
    not_before: datetime
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Member:
    """A notice that is frozen in a message."""

    subject: str
    step: str
    role: str


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message being sent. `attempts` counts the current one too; `holder` is the process that sends it.

    `doubtful`: an earlier attempt may have arrived. The database has it true while an attempt is running, since
    a process that finds the message unfinished cannot know.
    """

    id: str
    county: str
    channel: str
    role: str
    department: str
    recipient: str
    subject: str
    body: bytes
    attempts: int
    claimed_at: datetime
    holder: str = ""
    doubtful: bool = False
    lease_until: datetime | None = None
    next_attempt_at: datetime | None = None

    @property
    def unrecorded(self) -> bool:
        """Whether the outcome of its last attempt was never recorded; recording sets a next attempt after the lease."""
        at, lease = self.next_attempt_at, self.lease_until
        return at is not None and lease is not None and at <= lease


#: Kinds of notices that hold nothing against anybody, so that those of a clock that ran ahead may leave.
_HARMLESS = ("fault", "restored", "decide")
_CLAIM = (
    notices.update()
    .where(notices.c.id == sa.bindparam("member"), notices.c.state == "due")
    .values(state="claimed", message=sa.bindparam("into"))
)
_STILL_SENDING = sa.select(messages.c.id).where(
    messages.c.id.in_(sa.bindparam("ids", expanding=True)), messages.c.state == "sending"
)
_END = (
    messages.update()
    .where(messages.c.id == sa.bindparam("of"), messages.c.state == "sending")
    .values(state=sa.bindparam("end"), answer=sa.bindparam("reply"), sent_at=sa.bindparam("at"))
)
_MEMBERS_SENT = (
    notices.update()
    .where(notices.c.message.in_(sa.bindparam("ids", expanding=True)), notices.c.state == "claimed")
    .values(state="sent", state_reason="")
    .returning(notices.c.id, notices.c.message, *columns_of(Member, notices))
)


def list_due_notices(tx: Tx, now: datetime) -> list[DueNotice]:
    """The notices that may be sent at `now`, in the order of decision."""
    is_stranded = sa.and_(notices.c.kind.in_(_HARMLESS), has_come(notices.c.not_before, now, LONGEST_WAIT))
    is_due = (notices.c.state == "due", sa.or_(notices.c.not_before <= now, is_stranded))
    return read_all(tx, DueNotice, select_as(DueNotice, notices).where(*is_due).order_by(notices.c.id))


@dataclass(frozen=True, slots=True)
class Waiting:
    """Notices and messages of a county that wait: how many, for which role, since when or until when."""

    county: str
    role: str
    is_stranded: bool
    count: int
    since: datetime


def list_waiting(tx: Tx, now: datetime, patience: timedelta) -> list[Waiting]:
    """What should have left more than `patience` ago, and what a clock that ran ahead put off."""
    sending = (messages.c.state == "sending", messages.c.next_attempt_at, LONGEST_PAUSE)
    due = (notices.c.state == "due", notices.c.not_before, LONGEST_WAIT)
    rows = []
    for table, (is_waiting, at, longest) in ((messages, sending), (notices, due)):
        is_stranded = at > now + longest + SKEW
        query = (
            sa.select(table.c.county, table.c.role, is_stranded, sa.func.count(), sa.func.min(at, type_=at.type))
            .where(is_waiting, sa.or_(at < now - patience, is_stranded))
            .group_by(table.c.county, table.c.role, is_stranded)
        )
        rows += [
            Waiting(county, role, bool(stranded), count, since)
            for county, role, stranded, count, since in tx.execute(query)
        ]
    return rows


class Unsent(NamedTuple):
    """How many messages of a county have not left by a channel, and when the oldest was frozen."""

    county: str
    channel: str
    messages: int
    since: datetime


def count_unsent(tx: Tx) -> list[Unsent]:
    """The messages that are being sent or tried again."""
    of, since = (
        (messages.c.county, messages.c.channel),
        sa.func.min(messages.c.claimed_at, type_=messages.c.claimed_at.type),
    )
    query = sa.select(*of, sa.func.count(), since).where(messages.c.state == "sending").group_by(*of)
    return [Unsent(*row) for row in tx.execute(query)]


def claim_messages(
    tx: Tx, claims: Sequence[tuple[MessageRow, Sequence[int]]], now: datetime, lease_until: datetime
) -> bool:
    """Insert the messages and claim their notices. False: another deliverer claimed one; the caller rolls back."""
    state = {"state": "sending", "lease_until": lease_until, "next_attempt_at": now, "doubtful": True}
    rows = [{name: getattr(message, name) for name in field_names(MessageRow)} | state for message, _ in claims]
    tx.execute(insert_new(tx, messages), rows)  # the notices of an existing message are claimed already
    pairs = [{"member": member, "into": message.id} for message, members in claims for member in members]
    return not pairs or tx.execute(_CLAIM, pairs).rowcount == len(pairs)


def release_untried(tx: Tx, ids: Sequence[str]) -> None:
    """Delete messages that were claimed and never tried; their notices are due again.

    Messages that another deliverer took since are left alone: they are at their second attempt.
    """
    lock_counties(tx)
    is_untried = (messages.c.id.in_(ids), messages.c.state == "sending", messages.c.attempts == 1)
    query = sa.select(messages.c.id).where(*is_untried).with_for_update()
    untried = list(tx.execute(query).scalars())
    members = notices.update().where(notices.c.message.in_(untried), notices.c.state == "claimed")
    tx.execute(members.values(state="due", message=None))
    tx.execute(messages.delete().where(messages.c.id.in_(untried)))


def list_unfinished(tx: Tx, now: datetime, lease: timedelta = LEASE) -> list[MessageRow]:
    """The messages to try again: their next attempt is due and no process holds them. `lease`: the longest there is."""
    is_unfinished = (
        messages.c.state == "sending",
        has_come(messages.c.next_attempt_at, now, LONGEST_PAUSE),
        has_come(messages.c.lease_until, now, lease),
    )
    query = select_as(MessageRow, messages).where(*is_unfinished).order_by(messages.c.claimed_at)
    return read_all(tx, MessageRow, query)


def list_urgent_messages(tx: Tx) -> set[str]:
    """The ids of the messages being sent that contain an urgent notice."""
    query = sa.select(notices.c.message).join(messages, messages.c.id == notices.c.message)
    return set(tx.execute(query.where(messages.c.state == "sending", notices.c.urgent).distinct()).scalars())


def retake_message(
    tx: Tx, message: MessageRow, now: datetime, lease_until: datetime, holder: str = ""
) -> MessageRow | None:
    """Take an unfinished message for one more attempt; None where another deliverer took it first.

    One that was claimed by a clock that ran ahead counts as claimed now: until when it is tried is counted from there.
    """
    statement = messages.update().where(
        messages.c.id == message.id,
        messages.c.state == "sending",
        messages.c.attempts == message.attempts,
        has_come(messages.c.lease_until, now, lease_until - now),
    )
    taken: dict[str, Any] = {"attempts": message.attempts + 1, "lease_until": lease_until, "holder": holder}
    taken["claimed_at"] = message.claimed_at if message.claimed_at <= now + SKEW else now
    is_taken = tx.execute(statement.values(**taken, doubtful=True)).rowcount == 1
    return replace(message, **taken) if is_taken else None


def extend_lease(tx: Tx, message: MessageRow, lease_until: datetime) -> bool:
    """Extend the lease of a message; False where another deliverer took it or recorded its outcome."""
    return tx.execute(_attempt_of(message).values(lease_until=lease_until)).rowcount == 1


def release_holder(tx: Tx, holder: str, now: datetime) -> int:
    """End the leases of a process that is known to be dead; returns the number of messages."""
    leased = messages.update().where(
        messages.c.holder == holder, messages.c.state == "sending", messages.c.lease_until > now
    )
    return tx.execute(leased.values(lease_until=now)).rowcount


def record_sent(tx: Tx, answers: Mapping[str, str], now: datetime) -> dict[str, list[Member]]:
    """Record that the channel accepted messages; their notices by message, without those recorded before.

    `answers`: the reply of the other side, by message. The caller holds the county's lock.
    """
    sending = list(tx.execute(_STILL_SENDING, {"ids": list(answers)}).scalars())
    if not sending:
        return {}
    values = [{"of": message, "end": "sent", "reply": answers[message], "at": now} for message in sending]
    tx.execute(_END, values)
    members: dict[str, list[Member]] = {message: [] for message in sending}
    for _, message, *member in sorted(tx.execute(_MEMBERS_SENT, {"ids": sending}), key=lambda row: row.id):
        members[message].append(Member(*member))
    return members


def record_ended(tx: Tx, message: str, state: str, answer: str) -> bool:
    """Record that a message is not tried again: `failed` or `dropped`. False where an outcome was recorded before.

    Its notices stay claimed: the caller changes each of them in the same transaction.
    """
    values = {"of": message, "end": state, "reply": answer, "at": None}
    return tx.execute(_END, values).rowcount == 1


def record_retry(
    tx: Tx, message: MessageRow, answer: str, now: datetime, next_attempt_at: datetime, *, doubtful: bool
) -> bool:
    """Record when to try again and end the lease. False where a later attempt is running."""
    values = {"answer": answer, "lease_until": now, "next_attempt_at": next_attempt_at, "doubtful": doubtful}
    return tx.execute(_attempt_of(message).values(**values)).rowcount == 1


def _attempt_of(message: MessageRow) -> sa.Update:
    """The update of a message where nobody began a later attempt or recorded an outcome."""
    return messages.update().where(
        messages.c.id == message.id, messages.c.state == "sending", messages.c.attempts == message.attempts
    )


def find_message_county(tx: Tx, message: str) -> str | None:
    """The county of a message; None where it is not in this database."""
    query = sa.select(messages.c.county).where(messages.c.id == message)
    return tx.execute(query).scalar_one_or_none()


def mark_bounced(tx: Tx, message: str, answer: str) -> MessageRow | None:
    """Record that a sent mail bounced; the message, or None where that was recorded before or it is unknown."""
    sent = messages.update().where(messages.c.id == message, messages.c.state == "sent")
    bounced = sent.values(state="bounced", answer=answer).returning(*columns_of(MessageRow, messages))
    return read_one(tx, MessageRow, bounced)


def delete_bodies(tx: Tx, before: datetime, now: datetime) -> int:
    """Delete the bodies of messages sent before then; their number. Recipients and times stay."""
    was_sent = messages.c.state.in_(("sent", "bounced"))
    old = (was_sent, messages.c.sent_at < before, sa.func.length(messages.c.body) > 0)
    emptied = messages.update().where(*old).values(body=b"").returning(messages.c.county)
    counts = Counter(tx.execute(emptied).scalars())
    for county, count in sorted(counts.items()):
        after = {"count": count, "sent_before": before.astimezone(UTC).isoformat()}
        append_entries(tx, county, [JournalEntry("duban", "messages.emptied", "retention:messages", None, after)], now)
    return counts.total()


# -- members of a message that did not arrive -----------------------------------------------------

_REACHED = ("claimed", "sent")
#: Kinds of notices that only follow an earlier notice.
_FOLLOW_UPS = ("mended", "recorded", "correction")


@dataclass(frozen=True, slots=True)
class UnsentMember:
    """A notice in a message, with the current state of its occurrence. `followed`: a later step for its role exists."""

    id: int
    subject: str
    due_revision: int
    episode: int
    step: str
    role: str
    channel: str
    department: str
    kind: str
    detail: dict[str, Any]
    standing: CurrentStanding | None
    followed: bool


_later = notices.alias("later")
_FOLLOWED = sa.exists().where(
    _later.c.county == notices.c.county,
    _later.c.subject == notices.c.subject,
    _later.c.role == notices.c.role,
    _later.c.channel == notices.c.channel,
    _later.c.id > notices.c.id,
    _later.c.kind.in_(LADDER_KINDS),
    _later.c.state.in_(("due", *_REACHED)),
)
_MEMBER_FIELDS = ("id", "subject", "due_revision", "episode", "step", "role", "channel", "department", "kind", "detail")


def list_unsent_members(tx: Tx, message: str) -> list[UnsentMember]:
    """The notices of a message, in the order of decision."""
    query = (
        sa.select(*(notices.c[name] for name in _MEMBER_FIELDS), *columns_of(CurrentStanding, occurrences), _FOLLOWED)
        .outerjoin(occurrences, occurrences.c.key == notices.c.subject)
        .where(notices.c.message == message)
        .order_by(notices.c.id)
    )
    return read_all(tx, _build_unsent_member, query)


def _build_unsent_member(*row: Any) -> UnsentMember:
    *member, status, reason, due_revision, episode, followed = row
    standing = CurrentStanding(status, reason, due_revision, episode) if status is not None else None
    return UnsentMember(*(*member, standing, bool(followed)))


def return_to_due(tx: Tx, ids: Sequence[int]) -> None:
    """Make notices due again, outside of any message."""
    members = notices.update().where(notices.c.id.in_(ids), notices.c.state.in_(_REACHED))
    tx.execute(members.values(state="due", state_reason="", message=None))


def drop_notice(tx: Tx, notice: int, reason: str, *, followed: bool) -> None:
    """Cancel a notice, or supersede it where a later step `followed`; it is not sent again."""
    member = notices.update().where(notices.c.id == notice, notices.c.state.in_(_REACHED))
    tx.execute(member.values(state="superseded" if followed else "cancelled", state_reason=reason))


def cancel_follow_ups(tx: Tx, county: str, member: UnsentMember, reason: str) -> list[NoticeKey]:
    """Cancel waiting thanks and corrections where no notice of the occurrence has reached that role; their keys."""
    reached = notices.alias("reached")
    has_reached = sa.exists().where(
        reached.c.county == county, reached.c.subject == member.subject, reached.c.role == member.role,
        reached.c.channel == member.channel, reached.c.state.in_(_REACHED),
    )  # fmt: skip
    waiting = notices.update().where(
        notices.c.county == county, notices.c.subject == member.subject, notices.c.role == member.role,
        notices.c.channel == member.channel, notices.c.kind.in_(_FOLLOW_UPS), notices.c.state == "due", ~has_reached,
    )  # fmt: skip
    cancelled = waiting.values(state="cancelled", state_reason=reason).returning(*columns_of(NoticeKey, notices))
    return read_all(tx, NoticeKey, cancelled)
