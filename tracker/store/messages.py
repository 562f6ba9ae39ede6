"""Messages: notices are claimed into one, its bytes are frozen, and every attempt is recorded.

Each change of state is a compare-and-set whose row count is read, so two deliverers never hold one row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from tracker.store.engine import Tx, insert_new
from tracker.store.journal import JournalEntry, append_entries
from tracker.store.rows import columns_of, field_names, read_all, read_one, select_as
from tracker.store.tables import messages, notices


@dataclass(frozen=True, slots=True)
class DueNotice:
    """A notice that may leave the house now."""

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
    """A message under way. `attempts` counts this one too; `holder` is the process that sends it.

    `doubtful`: an earlier attempt may have arrived. While an attempt is under way the database says so of
    every message: whoever finds it unfinished cannot know.
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
        """Whether the outcome of its last attempt was never recorded: a recorded one names a later next attempt."""
        at, lease = self.next_attempt_at, self.lease_until
        return at is not None and lease is not None and at <= lease


_DUE = (
    select_as(DueNotice, notices)
    .where(notices.c.state == "due", notices.c.not_before <= sa.bindparam("now"))
    .order_by(notices.c.id)
)
_CLAIM = (
    notices.update()
    .where(notices.c.id == sa.bindparam("member"), notices.c.state == "due")
    .values(state="claimed", message=sa.bindparam("into"))
)
_UNFINISHED = (
    select_as(MessageRow, messages)
    .where(messages.c.state == "sending")
    .where(messages.c.next_attempt_at <= sa.bindparam("now"), messages.c.lease_until <= sa.bindparam("now"))
    .order_by(messages.c.claimed_at)
)
_UNDER_WAY = sa.select(messages.c.id).where(
    messages.c.id.in_(sa.bindparam("ids", expanding=True)), messages.c.state == "sending"
)
_ENDED = (
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
    """Everything that may be sent at `now`, in the order of decision."""
    return read_all(tx, DueNotice, _DUE, {"now": now})


def claim_messages(
    tx: Tx, wanted: Sequence[tuple[MessageRow, Sequence[int]]], now: datetime, lease_until: datetime
) -> bool:
    """Freeze the messages and take their members. False: another took one; the caller rolls back."""
    state = {"state": "sending", "lease_until": lease_until, "next_attempt_at": now, "doubtful": True}
    rows = [{name: getattr(message, name) for name in field_names(MessageRow)} | state for message, _ in wanted]
    tx.execute(insert_new(tx, messages), rows)  # one that is there has no member left to take
    pairs = [{"member": member, "into": message.id} for message, members in wanted for member in members]
    return not pairs or tx.execute(_CLAIM, pairs).rowcount == len(pairs)


def release_untried(tx: Tx, ids: Sequence[str]) -> None:
    """Let go of messages that were claimed and never tried: as if they had not been frozen. Those that another
    deliverer took since, which is a second attempt, are left alone."""
    untried = (messages.c.id.in_(ids), messages.c.state == "sending", messages.c.attempts == 1)
    query = sa.select(messages.c.id).where(*untried).with_for_update()
    untaken = list(tx.execute(query).scalars())
    members = notices.update().where(notices.c.message.in_(untaken), notices.c.state == "claimed")
    tx.execute(members.values(state="due", message=None))
    tx.execute(messages.delete().where(messages.c.id.in_(untaken)))


def list_unfinished(tx: Tx, now: datetime) -> list[MessageRow]:
    """Messages to be tried again: their time has come and nobody holds them."""
    return read_all(tx, MessageRow, _UNFINISHED, {"now": now})


def list_urgent_messages(tx: Tx) -> set[str]:
    """The messages under way that hold something urgent."""
    query = sa.select(notices.c.message).join(messages, messages.c.id == notices.c.message)
    return set(tx.execute(query.where(messages.c.state == "sending", notices.c.urgent).distinct()).scalars())


def retake_message(tx: Tx, message: MessageRow, now: datetime, lease_until: datetime, holder: str = "") -> bool:
    """Take an unfinished message for one more attempt; False where another was first."""
    statement = messages.update().where(
        messages.c.id == message.id,
        messages.c.state == "sending",
        messages.c.attempts == message.attempts,
        messages.c.lease_until <= now,
    )
    taken = {"attempts": message.attempts + 1, "lease_until": lease_until, "holder": holder, "doubtful": True}
    return tx.execute(statement.values(**taken)).rowcount == 1


def extend_lease(tx: Tx, message: MessageRow, lease_until: datetime) -> bool:
    """Hold the message for longer; False where another deliverer took it or recorded its outcome."""
    return tx.execute(_attempt_of(message).values(lease_until=lease_until)).rowcount == 1


def release_holder(tx: Tx, holder: str, now: datetime) -> int:
    """Let go of what a process that is known to be dead held; returns how many messages."""
    leased = messages.update().where(
        messages.c.holder == holder, messages.c.state == "sending", messages.c.lease_until > now
    )
    return tx.execute(leased.values(lease_until=now)).rowcount


def record_sent(tx: Tx, answers: Mapping[str, str], now: datetime) -> dict[str, list[Member]]:
    """The channel took them: the members by message. One that another attempt recorded first is left out.

    `answers`: what the other side said, by message. Under the county's lock.
    """
    unrecorded = list(tx.execute(_UNDER_WAY, {"ids": list(answers)}).scalars())
    if not unrecorded:
        return {}
    values = [{"of": message, "end": "sent", "reply": answers[message], "at": now} for message in unrecorded]
    tx.execute(_ENDED, values)
    members: dict[str, list[Member]] = {message: [] for message in unrecorded}
    for _, message, *member in sorted(tx.execute(_MEMBERS_SENT, {"ids": unrecorded}), key=lambda row: row.id):
        members[message].append(Member(*member))
    return members


def record_ended(tx: Tx, message: str, state: str, answer: str) -> bool:
    """It will not be tried again: `failed` or `dropped`. False where another attempt was recorded first.

    Its members stay claimed: what becomes of each is decided by the caller, in this transaction.
    """
    values = {"of": message, "end": state, "reply": answer, "at": None}
    return tx.execute(_ENDED, values).rowcount == 1


def record_retry(
    tx: Tx, message: MessageRow, answer: str, now: datetime, next_attempt_at: datetime, *, doubtful: bool
) -> bool:
    """Nothing is held until the next attempt is due. False where a later attempt is under way."""
    values = {"answer": answer, "lease_until": now, "next_attempt_at": next_attempt_at, "doubtful": doubtful}
    return tx.execute(_attempt_of(message).values(**values)).rowcount == 1


def _attempt_of(message: MessageRow) -> sa.Update:
    """The update of a message as long as nobody began a later attempt or recorded an outcome."""
    return messages.update().where(
        messages.c.id == message.id, messages.c.state == "sending", messages.c.attempts == message.attempts
    )


def find_message_county(tx: Tx, message: str) -> str | None:
    """Whose message it is; None: none of ours."""
    query = sa.select(messages.c.county).where(messages.c.id == message)
    return tx.execute(query).scalar_one_or_none()


def mark_bounced(tx: Tx, message: str, answer: str) -> MessageRow | None:
    """A mail that was taken came back; the message as it was sent, None where that is known or it is none of ours."""
    sent = messages.update().where(messages.c.id == message, messages.c.state == "sent")
    bounced = sent.values(state="bounced", answer=answer).returning(*columns_of(MessageRow, messages))
    return read_one(tx, MessageRow, bounced)


def delete_bodies(tx: Tx, before: datetime, now: datetime) -> int:
    """Delete the bytes of the messages that left before then, and say how many; to whom and when they went stays."""
    left = messages.c.state.in_(("sent", "bounced"))
    old = (left, messages.c.sent_at < before, sa.func.length(messages.c.body) > 0)
    emptied = messages.update().where(*old).values(body=b"").returning(messages.c.county)
    counts = Counter(tx.execute(emptied).scalars())
    for county, count in sorted(counts.items()):
        after = {"count": count, "sent_before": before.astimezone(UTC).isoformat()}
        append_entries(tx, county, [JournalEntry("duban", "messages.emptied", "retention:messages", None, after)], now)
    return counts.total()
