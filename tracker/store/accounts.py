"""Stores accounts, sessions and failed log-ins."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.core.values.accounts import Account, Failures, Session
from tracker.store.engine import Tx, insert
from tracker.store.rows import columns_of, read_all, read_one, select_as, values_of
from tracker.store.tables_accounts import accounts, login_failures, sessions

_SESSION = (
    sa.select(*columns_of(Session, sessions), *columns_of(Account, accounts))
    .join(accounts, accounts.c.id == sessions.c.account)
    .where(sessions.c.digest == sa.bindparam("digest"), accounts.c.disabled_at.is_(None))
)
_SESSION_FIELDS = len(columns_of(Session, sessions))


# -- accounts --------------------------------------------------------------------------------------


def add_account(tx: Tx, account: Account) -> Account | None:
    """Insert an account; returned with its id, None where somebody has that log-in name."""
    statement = insert(tx, accounts).values(values_of(account)).on_conflict_do_nothing()
    return read_one(tx, Account, statement.returning(*columns_of(Account, accounts)))


def find_account(tx: Tx, login: str) -> Account | None:
    return read_one(tx, Account, select_as(Account, accounts).where(accounts.c.login == login))


def list_accounts(tx: Tx, county: str) -> list[Account]:
    """A county's accounts by log-in name."""
    return read_all(tx, Account, select_as(Account, accounts).where(accounts.c.county == county).order_by("login"))


def _sought(county: str, words: str) -> sa.ColumnElement[bool]:
    column = accounts.c
    is_named = sa.or_(*(each.icontains(words, autoescape=True) for each in (column.login, column.name)))
    return sa.and_(column.county == county, is_named) if words else column.county == county


def list_accounts_from(tx: Tx, county: str, words: str, *, start: int, most: int) -> list[Account]:
    """A county's accounts whose name or log-in name has the words, from the `start`th on: those in use first."""
    order = (accounts.c.disabled_at.is_not(None), accounts.c.login)
    query = select_as(Account, accounts).where(_sought(county, words)).order_by(*order)
    return read_all(tx, Account, query.offset(start).limit(most))


def count_accounts(tx: Tx, county: str, words: str) -> int:
    return int(tx.execute(sa.select(sa.func.count()).select_from(accounts).where(_sought(county, words))).scalar_one())


def change_account(tx: Tx, account: int, **values: Any) -> None:
    """Change columns of an account."""
    tx.execute(accounts.update().where(accounts.c.id == account).values(**values))


def take_totp_step(tx: Tx, account: int, step: int) -> bool:
    """Count a time step of the second factor as used; False where it, or a later one, was used before."""
    statement = accounts.update().where(accounts.c.id == account, accounts.c.totp_step < step).values(totp_step=step)
    return tx.execute(statement).rowcount == 1


# -- sessions --------------------------------------------------------------------------------------


def add_session(tx: Tx, session: Session) -> None:
    tx.execute(sessions.insert().values(values_of(session)))


def find_session(tx: Tx, digest: str) -> tuple[Session, Account] | None:
    """The session and whose it is; None where it has ended, or the account is disabled."""
    row = tx.execute(_SESSION, {"digest": digest}).one_or_none()
    return (Session(*row[:_SESSION_FIELDS]), Account(*row[_SESSION_FIELDS:])) if row else None


def list_last_sessions(tx: Tx, of: Collection[int]) -> dict[int, datetime]:
    """When the newest session of each of the accounts began, by the account's id; without one nobody is there."""
    began = (
        sa.select(sessions.c.account, sa.func.max(sessions.c.began_at, type_=sessions.c.began_at.type))
        .where(sessions.c.account.in_(of))
        .group_by(sessions.c.account)
    )
    return {row[0]: row[1] for row in tx.execute(began)}


def touch_session(tx: Tx, digest: str, now: datetime) -> None:
    tx.execute(sessions.update().where(sessions.c.digest == digest).values(seen_at=now))


def end_session(tx: Tx, digest: str) -> None:
    tx.execute(sessions.delete().where(sessions.c.digest == digest))


def end_sessions(tx: Tx, account: int, *, but: str = "") -> int:
    """End all sessions of an account but one; how many there were."""
    return tx.execute(sessions.delete().where(sessions.c.account == account, sessions.c.digest != but)).rowcount


def sweep_sessions(tx: Tx, began_before: datetime, seen_before: datetime) -> None:
    """Delete the sessions that are over by their age, or since nobody used them."""
    tx.execute(sessions.delete().where(sa.or_(sessions.c.began_at < began_before, sessions.c.seen_at < seen_before)))


# -- failed log-ins --------------------------------------------------------------------------------


def read_failures(tx: Tx, keys: Collection[str]) -> Sequence[Failures]:
    return read_all(tx, Failures, select_as(Failures, login_failures).where(login_failures.c.key.in_(keys)))


def count_failure(tx: Tx, key: str, now: datetime) -> int:
    """Count one more failed log-in; how many there are now in a row."""
    statement = insert(tx, login_failures).values(key=key, count=1, last_at=now)
    counted = statement.on_conflict_do_update(
        index_elements=["key"], set_={"count": login_failures.c.count + 1, "last_at": now}
    )
    return int(tx.execute(counted.returning(login_failures.c.count)).scalar_one())


def clear_failures(tx: Tx, keys: Collection[str]) -> None:
    tx.execute(login_failures.delete().where(login_failures.c.key.in_(keys)))


def sweep_failures(tx: Tx, before: datetime) -> None:
    """Forget those whose last one is older."""
    tx.execute(login_failures.delete().where(login_failures.c.last_at < before))
