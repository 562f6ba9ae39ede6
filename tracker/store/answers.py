"""Stores answers to notices: acknowledgements and silences; and reads the messages whose links are answered."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.core.escalation.notices import Acknowledgement, Silence
from tracker.store.counties import next_seq
from tracker.store.engine import Tx
from tracker.store.rows import columns_of, insert_fact, read_all, read_one, select_as
from tracker.store.tables import messages, notices
from tracker.store.tables_answers import acknowledgements, silences


@dataclass(frozen=True, slots=True)
class MessageNotice:
    """A notice in a message; `subject` is the occurrence's key."""

    id: int
    subject: str
    step: str
    role: str
    department: str
    kind: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message with its notices in the order of decision; `claimed_at`: when its content was frozen."""

    id: str
    county: str
    channel: str
    role: str
    department: str
    recipient: str
    claimed_at: datetime
    notices: tuple[MessageNotice, ...]


_MESSAGE = sa.select(*(messages.c[name] for name in SentMessage.__dataclass_fields__ if name != "notices"))
_ANSWERS = select_as(Acknowledgement, acknowledgements).order_by(acknowledgements.c.id)
_EXPLAINED = _ANSWERS.where(acknowledgements.c.kind == "explained")


def find_message(tx: Tx, message: str) -> SentMessage | None:
    """The message with this id, which a link names."""
    row: Any = tx.execute(_MESSAGE.where(messages.c.id == message)).one_or_none()
    if row is None:
        return None
    members = select_as(MessageNotice, notices).where(notices.c.message == message)
    return SentMessage(*(*row, tuple(read_all(tx, MessageNotice, members.order_by(notices.c.id)))))


def add_acknowledgement(tx: Tx, county: str, answer: Acknowledgement, token: str) -> Acknowledgement | None:
    """Write an answer; None where the link with this `token` was used before."""
    return insert_fact(tx, county, acknowledgements, answer, token=token)


def list_acknowledgements(tx: Tx, county: str, occurrence: str) -> list[Acknowledgement]:
    where = (acknowledgements.c.county == county, acknowledgements.c.occurrence == occurrence)
    return read_all(tx, Acknowledgement, _ANSWERS.where(*where))


def list_answers(tx: Tx, county: str, occurrences: Collection[str]) -> list[tuple[str, Acknowledgement]]:
    """(token of the link, answer) for all answers about these occurrences, in the order of recording."""
    where = (acknowledgements.c.county == county, acknowledgements.c.occurrence.in_(occurrences))
    rows = tx.execute(_ANSWERS.add_columns(acknowledgements.c.token).where(*where))
    return [(token, Acknowledgement(*values)) for *values, token in rows]


def find_answer(tx: Tx, county: str, token: str) -> Acknowledgement | None:
    """The answer that was given through the link with this token."""
    where = (acknowledgements.c.county == county, acknowledgements.c.token == token)
    return read_one(tx, Acknowledgement, _ANSWERS.where(*where))


def load_last_explanations(tx: Tx, county: str, at: datetime) -> dict[str, Acknowledgement]:
    """The last explanation of each occurrence up to that instant, by occurrence."""
    where = (acknowledgements.c.county == county, acknowledgements.c.recorded_at <= at)
    return {answer.occurrence: answer for answer in read_all(tx, Acknowledgement, _EXPLAINED.where(*where))}


def load_published_addresses(tx: Tx, county: str) -> dict[str, set[str]]:
    """The addresses at which departments say that they published, by occurrence."""
    query = sa.select(acknowledgements.c.occurrence, acknowledgements.c.text).where(
        acknowledgements.c.county == county, acknowledgements.c.kind == "published"
    )
    addresses: dict[str, set[str]] = {}
    for occurrence, text in tx.execute(query):
        addresses.setdefault(occurrence, set()).add(text.partition("\n")[0])
    return addresses


def add_silence(tx: Tx, county: str, silence: Silence, now: datetime) -> Silence:
    added = insert_fact(tx, county, silences, silence, recorded_at=now)
    assert added is not None  # the table has no unique key that could refuse it
    return added


def lift_silence(tx: Tx, county: str, number: int, *, by: str, now: datetime) -> Silence | None:
    """End a silence early; None where it is unknown or was lifted before."""
    statement = (
        silences.update()
        .where(silences.c.county == county, silences.c.id == number, silences.c.lifted_at.is_(None))
        .values(lifted_at=now, lifted_by=by, seq=next_seq(tx, county))
    )
    return read_one(tx, Silence, statement.returning(*columns_of(Silence, silences)))


def list_silences(tx: Tx, county: str) -> list[Silence]:
    """All silences of the county, ended ones too, by number."""
    return read_all(
        tx, Silence, select_as(Silence, silences).where(silences.c.county == county).order_by(silences.c.id)
    )
