"""Stores notices: each is decided once under its key, then due, claimed, sent, cancelled, superseded or failed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from functools import cache
from itertools import chain
from typing import Any

import sqlalchemy as sa

from tracker.core.escalation.notices import DEPARTMENT_ROLES, SHADOW, DeliveryState, Notice, NoticeKey
from tracker.store.engine import Tx, insert_into
from tracker.store.journal import JournalEntry
from tracker.store.rows import batches, columns_of, field_names
from tracker.store.tables import counties, notices

_KEY = field_names(NoticeKey)
_BATCH = 500  # parameters in one IN list: SQLite and PostgreSQL both take them


_STATES = (
    sa.select(*columns_of(NoticeKey, notices), notices.c.state, notices.c.decided_at, notices.c.kind)
    .where(notices.c.county == sa.bindparam("county"))
    .order_by(notices.c.id)
)
_STATES_OF_STEPS = _STATES.where(notices.c.step.in_(sa.bindparam("steps", expanding=True)))
_STATES_OF_SUBJECTS = _STATES.where(notices.c.subject.in_(sa.bindparam("subjects", expanding=True)))
_IS_FOR_DEPARTMENTS = sa.or_(*(notices.c.role.like(f"{role}%") for role in sorted(DEPARTMENT_ROLES)))
_SENT_TO_DEPARTMENTS = (
    sa.select(notices.c.id)
    .where(notices.c.county == sa.bindparam("county"), notices.c.state == "sent")
    .where(_IS_FOR_DEPARTMENTS)
    .limit(1)
)
_REACHED = sa.select(counties.c.id).where(
    sa.exists().where(notices.c.county == counties.c.id, notices.c.state == "sent", _IS_FOR_DEPARTMENTS)
)


def load_delivery_states(
    tx: Tx, county: str, subjects: Collection[str] | None = None
) -> dict[str, dict[NoticeKey, DeliveryState]]:
    """The state of every notice, by subject; of all subjects, or of those given."""
    if subjects is None:
        return _group_states(tx.execute(_STATES, {"county": county}))
    batched = batches(sorted(subjects), _BATCH)
    return _group_states(
        chain.from_iterable(tx.execute(_STATES_OF_SUBJECTS, {"county": county, "subjects": batch}) for batch in batched)
    )


def load_states_of_steps(tx: Tx, county: str, *steps: str) -> dict[str, dict[NoticeKey, DeliveryState]]:
    """The state of every notice of these steps, by subject."""
    return _group_states(tx.execute(_STATES_OF_STEPS, {"county": county, "steps": steps}))


def _group_states(rows: Iterable[Any]) -> dict[str, dict[NoticeKey, DeliveryState]]:
    states: dict[str, dict[NoticeKey, DeliveryState]] = defaultdict(dict)
    for *key, state, at, kind in rows:
        states[key[0]][NoticeKey(*key)] = DeliveryState(state, at, kind)
    return dict(states)


def has_reached_departments(tx: Tx, county: str) -> bool:
    """Whether any notice was sent to a department."""
    return tx.execute(_SENT_TO_DEPARTMENTS, {"county": county}).first() is not None


def list_reached_counties(tx: Tx) -> set[str]:
    """The counties of which any notice was sent to a department."""
    return set(tx.execute(_REACHED).scalars())


def count_trial_notices(tx: Tx, county: str, since: datetime, until: datetime) -> int:
    """How many notices that were meant for others went to the county office on trial.

    Those count whose earliest instant lies from `since` to `until`, but not what was cancelled or superseded.
    """
    is_meant = notices.c.state.not_in(("cancelled", "superseded"))
    query = sa.select(sa.func.count()).where(
        notices.c.county == county, notices.c.role == SHADOW, is_meant, notices.c.not_before.between(since, until)
    )
    return int(tx.execute(query).scalar_one())


def load_last_details(tx: Tx, county: str, subjects: Collection[str]) -> dict[str, dict[str, Any]]:
    """The details of the last notice about each subject, for a correction where the rules no longer know it."""
    details: dict[str, dict[str, Any]] = {}
    for batch in batches(sorted(subjects), _BATCH):
        query = sa.select(notices.c.subject, notices.c.detail).order_by(notices.c.id)
        rows = tx.execute(query.where(notices.c.county == county, notices.c.subject.in_(batch)))
        details.update({subject: detail for subject, detail in rows if detail})
    return details


def insert_notices(tx: Tx, wanted: Iterable[Notice], now: datetime, *, renew: bool = False) -> list[Notice]:
    """Store notices to send; returns those that were stored.

    A cancelled notice becomes due again. With `renew` a due notice takes the new values and a superseded one
    becomes due. Claimed and sent notices stay as they are.
    """
    return _upsert_notices(tx, wanted, "due", ("cancelled", "due", "superseded") if renew else ("cancelled",), now)


def supersede_notices(tx: Tx, skipped: Iterable[Notice], now: datetime) -> list[Notice]:
    """Store notices that a later step replaced, or mark waiting ones as superseded; returns those that changed."""
    return _upsert_notices(tx, skipped, "superseded", ("due", "cancelled"), now)


def build_notice_entry(who: str, action: str, key: NoticeKey, reason: str) -> JournalEntry:
    """The journal entry about a notice."""
    after = {name: value for name, value in zip(_KEY, astuple(key), strict=True) if name != "subject"}
    return JournalEntry(who, action, key.subject, None, after, reason)


def _upsert_notices(
    tx: Tx, wanted: Iterable[Notice], state: str, from_states: Sequence[str], now: datetime
) -> list[Notice]:
    changed = []
    for notice in wanted:
        statement = _build_upsert(tx.dialect.name, tuple(from_states), shown=bool(notice.detail))
        if tx.execute(statement, _build_values(notice, state, now)).first() is not None:
            changed.append(notice)
        elif notice.detail and state == "due":
            reword_notices(tx, [notice])
    return changed


@cache
def _build_upsert(dialect: str, from_states: tuple[str, ...], *, shown: bool) -> sa.Executable:
    """The statement, built once: building takes longer than running it.

    It returns the id, since psycopg counts -1 rows for an INSERT that does nothing.
    """
    statement = insert_into(dialect, notices)
    names = ("state", "state_reason", "reason", "not_before", *(("detail", "decided_at") if shown else ()))
    return statement.on_conflict_do_update(
        index_elements=["county", *_KEY],
        set_={name: statement.excluded[name] for name in names},
        where=notices.c.state.in_(from_states),
    ).returning(notices.c.id)


def reword_notices(tx: Tx, waiting: Iterable[Notice]) -> None:
    """Give those of the notices that are due the new reason and details; when they leave and were decided stays."""
    for notice in waiting:
        match = (notices.c.county == notice.county, *_match_key(notice.key), notices.c.state == "due")
        tx.execute(notices.update().where(*match).values(reason=notice.reason, detail=dict(notice.detail)))


def _build_values(notice: Notice, state: str, now: datetime) -> dict[str, Any]:
    fields = ("county", "department", "kind", "urgent", "reason", "not_before")
    return {
        **dict(zip(_KEY, astuple(notice.key), strict=True)),
        **{name: getattr(notice, name) for name in fields},
        "detail": dict(notice.detail),
        "decided_at": now,
        "state": state,
        "state_reason": notice.reason if state == "superseded" else "",
    }


def cancel_notices(tx: Tx, county: str, pairs: Iterable[tuple[NoticeKey, str]], now: datetime) -> list[NoticeKey]:
    """Cancel due notices, each with its reason; returns the keys of those that were cancelled.

    Notices that a deliverer has claimed meanwhile are not cancelled.
    """
    cancelled = []
    for key, reason in pairs:
        values = {"of": county, "because": reason, **dict(zip(_BOUND, astuple(key), strict=True))}
        if tx.execute(_CANCEL, values).rowcount:
            cancelled.append(key)
    return cancelled


#: Built once: building takes longer than running it. Its values have other names than the columns.
_BOUND = tuple(f"key_{name}" for name in _KEY)
_CANCEL = (
    notices.update()
    .where(notices.c.county == sa.bindparam("of"), notices.c.state == "due")
    .where(*(notices.c[name] == sa.bindparam(bound) for name, bound in zip(_KEY, _BOUND, strict=True)))
    .values(state="cancelled", state_reason=sa.bindparam("because"))
)


@dataclass(frozen=True, slots=True)
class WaitingNotice:
    """A notice that is due and that nobody began to send."""

    id: int
    key: NoticeKey
    kind: str
    urgent: bool
    decided_at: datetime
    not_before: datetime


def list_waiting_notices(tx: Tx, county: str) -> list[WaitingNotice]:
    """The notices of a county that wait to be sent, in the order of decision."""
    rest = (notices.c.kind, notices.c.urgent, notices.c.decided_at, notices.c.not_before)
    query = sa.select(notices.c.id, *rest, *columns_of(NoticeKey, notices)).order_by(notices.c.id)
    rows = tx.execute(query.where(notices.c.county == county, notices.c.state == "due"))
    return [WaitingNotice(row[0], NoticeKey(*row[5:]), *row[1:5]) for row in rows]


def move_notice(tx: Tx, notice: int, at: datetime, *, is_urgent: bool) -> bool:
    """Give a waiting notice another instant; False where a deliverer has claimed it."""
    waiting = notices.update().where(notices.c.id == notice, notices.c.state == "due")
    return tx.execute(waiting.values(not_before=at, urgent=is_urgent)).rowcount == 1


def list_notices(tx: Tx, county: str, subject: str | None = None) -> list[sa.RowMapping]:
    """The notices of a county, or of one subject, with their states, in the order of decision."""
    query = sa.select(notices).where(notices.c.county == county).order_by(notices.c.id)
    if subject is not None:
        query = query.where(notices.c.subject == subject)
    return list(tx.execute(query).mappings())


def _match_key(key: NoticeKey) -> Iterator[sa.ColumnElement[bool]]:
    return (notices.c[name] == value for name, value in zip(_KEY, astuple(key), strict=True))
