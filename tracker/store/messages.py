"""Messages: notices are claimed into one, its bytes are frozen, and every attempt is recorded.

Each change of state is a compare-and-set whose row count is read, so two deliverers never hold one row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
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
class Member:
    """A notice that is frozen in a message."""

    subject: str
    step: str
    role: str
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


_DUE = (
    sa.select(*(notices.c[one.name] for one in fields(DueNotice)))
    .where(notices.c.state == "due", notices.c.not_before <= sa.bindparam("now"))
    .order_by(notices.c.id)
)
_NEW = messages.insert()
_CLAIM = (
    notices.update()
    .where(notices.c.id.in_(sa.bindparam("members", expanding=True)), notices.c.state == "due")
    .values(state="claimed", message=sa.bindparam("into"))
)
_UNFINISHED = (
    sa.select(*(messages.c[one.name] for one in fields(MessageRow)))
    .where(messages.c.state == "sending")
    .where(messages.c.next_attempt_at <= sa.bindparam("now"), messages.c.lease_until <= sa.bindparam("now"))
    .order_by(messages.c.claimed_at)
)
_ENDED = (
    messages.update()
    .where(messages.c.id == sa.bindparam("of"), messages.c.state == "sending")
    .values(state=sa.bindparam("end"), answer=sa.bindparam("said"), sent_at=sa.bindparam("at"))
)
_MEMBERS_ENDED = (
    notices.update()
    .where(notices.c.message == sa.bindparam("of"), notices.c.state == "claimed")
    .values(state=sa.bindparam("end"), state_reason=sa.bindparam("why"))
    .returning(notices.c.id, *(notices.c[one.name] for one in fields(Member)))
)


async def due_notices(tx: Tx, now: datetime) -> list[DueNotice]:
    """Everything that may be sent at `now`, in the order of decision."""
    return [DueNotice(*row) for row in await tx.execute(_DUE, {"now": now})]


async def claim(tx: Tx, members: Sequence[int], message: MessageRow, now: datetime, lease_until: datetime) -> bool:
    """Freeze the message and take its members. False: another took one; the caller rolls back."""
    values = {name: getattr(message, name) for name in message.__dataclass_fields__}
    values |= {"state": "sending", "lease_until": lease_until, "next_attempt_at": now}
    await tx.execute(_NEW, values)
    taken = await tx.execute(_CLAIM, {"members": list(members), "into": message.id})
    return taken.rowcount == len(members)


async def unfinished(tx: Tx, now: datetime) -> list[MessageRow]:
    """Messages to be tried again: their time has come and nobody holds them."""
    return [MessageRow(*row) for row in await tx.execute(_UNFINISHED, {"now": now})]


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


async def record_sent(tx: Tx, message: str, answer: str, now: datetime) -> list[Member] | None:
    """The channel took it: its members. None where another attempt was recorded first."""
    return await _end(tx, message, "sent", answer, now)


async def record_failed(tx: Tx, message: str, answer: str) -> list[Member] | None:
    """It will not be tried again."""
    return await _end(tx, message, "failed", answer, None)


async def _end(tx: Tx, message: str, state: str, answer: str, sent_at: datetime | None) -> list[Member] | None:
    ended = await tx.execute(_ENDED, {"of": message, "end": state, "said": answer, "at": sent_at})
    if ended.rowcount != 1:
        return None
    why = answer if state == "failed" else ""
    rows = await tx.execute(_MEMBERS_ENDED, {"of": message, "end": state, "why": why})
    return [Member(*shown) for _, *shown in sorted(rows, key=lambda row: row.id)]


async def record_retry(tx: Tx, message: MessageRow, answer: str, now: datetime, next_attempt_at: datetime) -> bool:
    """Nothing is held until the next attempt is due. False where a later attempt is under way."""
    mine = messages.update().where(
        messages.c.id == message.id, messages.c.state == "sending", messages.c.attempts == message.attempts
    )
    result = await tx.execute(mine.values(answer=answer, lease_until=now, next_attempt_at=next_attempt_at))
    return result.rowcount == 1
