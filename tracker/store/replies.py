"""What a link leads to: a message that was sent, its notices, and what was answered to them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.core.escalation.notices import Acknowledgement
from tracker.store.engine import Tx
from tracker.store.rows import fact_of
from tracker.store.tables import acknowledgements, messages, notices


@dataclass(frozen=True, slots=True)
class MessageNotice:
    """A notice as it was frozen in a message; `subject` is the occurrence's key."""

    id: int
    subject: str
    step: str
    role: str
    department: str
    kind: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Letter:
    """A message by its id: to whom, when it was frozen, and all it tells, in the order of decision."""

    id: str
    county: str
    channel: str
    role: str
    department: str
    recipient: str
    claimed_at: datetime
    told: tuple[MessageNotice, ...]


_LETTER = sa.select(*(messages.c[field.name] for field in fields(Letter) if field.name != "told")).where(
    messages.c.county == sa.bindparam("county"), messages.c.id == sa.bindparam("message")
)
_TOLD = (
    sa.select(*(notices.c[field.name] for field in fields(MessageNotice)))
    .where(notices.c.county == sa.bindparam("county"), notices.c.message == sa.bindparam("message"))
    .order_by(notices.c.id)
)
_ANSWERS = sa.select(acknowledgements).where(acknowledgements.c.county == sa.bindparam("county"))
_ABOUT = _ANSWERS.where(acknowledgements.c.occurrence.in_(sa.bindparam("about", expanding=True))).order_by(
    acknowledgements.c.id
)
_BY_TOKEN = _ANSWERS.where(acknowledgements.c.token == sa.bindparam("token"))


def find_letter(tx: Tx, county: str, message: str) -> Letter | None:
    """The message that a link names."""
    of = {"county": county, "message": message}
    row = tx.execute(_LETTER, of).one_or_none()
    if row is None:
        return None
    told = tuple(MessageNotice(*row) for row in tx.execute(_TOLD, of))
    return Letter(**row._mapping, told=told)


def answers_about(tx: Tx, county: str, occurrences: Collection[str]) -> list[tuple[str, Acknowledgement]]:
    """What was answered about these, in the order of answering, each with the use of a link that it stands for."""
    rows = tx.execute(_ABOUT, {"county": county, "about": list(occurrences)})
    return [(row.token, fact_of(Acknowledgement, row)) for row in rows]


def answer_by_token(tx: Tx, county: str, token: str) -> Acknowledgement | None:
    """The answer that a use of a link stands for, if it was given."""
    row = tx.execute(_BY_TOKEN, {"county": county, "token": token}).one_or_none()
    return fact_of(Acknowledgement, row) if row else None
