"""The members of a message that did not arrive, how their matters stand today, and what becomes of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tracker.core.escalation.notice_kinds import LADDER_KINDS, CurrentStanding
from tracker.core.escalation.notices import NoticeKey
from tracker.store.engine import Tx
from tracker.store.rows import columns_of, read_all
from tracker.store.tables import notices, occurrences

_REACHED = ("claimed", "sent")
#: What is said only because something was said before.
_ECHOES = ("mended", "correction")


@dataclass(frozen=True, slots=True)
class UnsentMember:
    """A member of a message. `followed`: its role was to be told a later step of the same matter."""

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
_MEMBER = ("id", "subject", "due_revision", "episode", "step", "role", "channel", "department", "kind", "detail")


def list_unsent_members(tx: Tx, message: str) -> list[UnsentMember]:
    """The members of a message, in the order of decision."""
    query = (
        sa.select(*(notices.c[name] for name in _MEMBER), *columns_of(CurrentStanding, occurrences), _FOLLOWED)
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
    """They are due again, in no message."""
    mine = notices.update().where(notices.c.id.in_(ids), notices.c.state.in_(_REACHED))
    tx.execute(mine.values(state="due", state_reason="", message=None))


def drop_notice(tx: Tx, notice: int, reason: str, *, followed: bool) -> None:
    """It is not sent any more, for that reason: a later step stands for it, or it no longer holds."""
    mine = notices.update().where(notices.c.id == notice, notices.c.state.in_(_REACHED))
    tx.execute(mine.values(state="superseded" if followed else "cancelled", state_reason=reason))


def cancel_follow_ups(tx: Tx, county: str, member: UnsentMember, reason: str) -> list[NoticeKey]:
    """Take back thanks and corrections that wait, where nothing of the matter has reached that role; which."""
    reached = notices.alias("reached")
    has_reached = sa.exists().where(
        reached.c.county == county, reached.c.subject == member.subject, reached.c.role == member.role,
        reached.c.channel == member.channel, reached.c.state.in_(_REACHED),
    )  # fmt: skip
    waiting = notices.update().where(
        notices.c.county == county, notices.c.subject == member.subject, notices.c.role == member.role,
        notices.c.channel == member.channel, notices.c.kind.in_(_ECHOES), notices.c.state == "due", ~has_reached,
    )  # fmt: skip
    taken = waiting.values(state="cancelled", state_reason=reason).returning(*columns_of(NoticeKey, notices))
    return read_all(tx, NoticeKey, taken)
