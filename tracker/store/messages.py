"""Messages: notices are claimed into one, its bytes are frozen, and every attempt is recorded.

Each change of state is a compare-and-set whose row count is read, so two deliverers never hold one row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.store.engine import Tx
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
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message under way. `attempts` counts this one too; `holder` is the process that sends it."""

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


async def due_notices(tx: Tx, now: datetime) -> list[DueNotice]:
    """Everything that may be sent at `now`, in the order of decision."""
    names = ("id", "county", "subject", "role", "channel", "department", "kind", "urgent", "detail")
    query = sa.select(*(notices.c[name] for name in names)).order_by(notices.c.id)
    rows = await tx.execute(query.where(notices.c.state == "due", notices.c.not_before <= now))
    return [DueNotice(**row._mapping) for row in rows]


async def claim(tx: Tx, members: Sequence[int], message: MessageRow, now: datetime, lease_until: datetime) -> bool:
    """Freeze the message and take its members. False: another took one; the caller rolls back."""
    values = {name: getattr(message, name) for name in message.__dataclass_fields__}
    await tx.execute(messages.insert().values(**values, state="sending", lease_until=lease_until, next_attempt_at=now))
    mine = notices.update().where(notices.c.id.in_(members), notices.c.state == "due")
    return (await tx.execute(mine.values(state="claimed", message=message.id))).rowcount == len(members)


async def members_of(tx: Tx, message: str) -> Sequence[sa.Row[str, str, str, dict[str, Any]]]:
    """The notices frozen in a message: subject, step, role, detail."""
    query = sa.select(notices.c.subject, notices.c.step, notices.c.role, notices.c.detail)
    return (await tx.execute(query.where(notices.c.message == message).order_by(notices.c.id))).all()


async def unfinished(tx: Tx, now: datetime) -> list[MessageRow]:
    """Messages to be tried again: their time has come and nobody holds them."""
    waiting = (messages.c.state == "sending", messages.c.next_attempt_at <= now, messages.c.lease_until <= now)
    names = MessageRow.__dataclass_fields__
    query = sa.select(*(messages.c[name] for name in names)).where(*waiting).order_by(messages.c.claimed_at)
    return [MessageRow(**row._mapping) for row in await tx.execute(query)]


async def retake(tx: Tx, message: MessageRow, now: datetime, lease_until: datetime, holder: str = "") -> bool:
    """Take an unfinished message for one more attempt; False where another was first."""
    mine = messages.update().where(
        messages.c.id == message.id,
        messages.c.state == "sending",
        messages.c.attempts == message.attempts,
        messages.c.lease_until <= now,
    )
    taken = {"attempts": message.attempts + 1, "lease_until": lease_until, "holder": holder}
    return (await tx.execute(mine.values(**taken))).rowcount == 1


async def release(tx: Tx, holder: str, now: datetime) -> int:
    """Let go of what a process that is known to be dead held; returns how many messages."""
    held = messages.update().where(
        messages.c.holder == holder, messages.c.state == "sending", messages.c.lease_until > now
    )
    return (await tx.execute(held.values(lease_until=now))).rowcount


async def record_sent(tx: Tx, message: str, answer: str, now: datetime) -> bool:
    """The channel took it. False where another attempt was recorded first."""
    return await _end(tx, message, "sent", answer, sent_at=now)


async def record_failed(tx: Tx, message: str, answer: str) -> bool:
    """It will not be tried again."""
    return await _end(tx, message, "failed", answer)


async def _end(tx: Tx, message: str, state: str, answer: str, **values: Any) -> bool:
    mine = messages.update().where(messages.c.id == message, messages.c.state == "sending")
    if (await tx.execute(mine.values(state=state, answer=answer, **values))).rowcount != 1:
        return False
    members = notices.update().where(notices.c.message == message, notices.c.state == "claimed")
    await tx.execute(members.values(state=state, state_reason=answer if state == "failed" else ""))
    return True


async def record_retry(tx: Tx, message: MessageRow, answer: str, now: datetime, next_attempt_at: datetime) -> bool:
    """Nothing is held until the next attempt is due. False where a later attempt is under way."""
    mine = messages.update().where(
        messages.c.id == message.id, messages.c.state == "sending", messages.c.attempts == message.attempts
    )
    result = await tx.execute(mine.values(answer=answer, lease_until=now, next_attempt_at=next_attempt_at))
    return result.rowcount == 1
