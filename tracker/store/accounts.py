"""Stores accounts, their sessions and feeds, and failed log-ins."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from tracker.core.values.accounts import Account, Failures, Feed, Session
from tracker.store.engine import Tx, insert
from tracker.store.rows import columns_of, read_all, read_one, select_as, values_of
from tracker.store.tables_accounts import accounts, feeds, login_failures, sessions

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


class AccountUse(NamedTuple):
    """When the newest session of an account began, and when the address of its feeds was made; None where none is."""

    logged_in_at: datetime | None
    feed_made_at: datetime | None


def list_uses(tx: Tx, of: Collection[int]) -> dict[int, AccountUse]:
    """By the account's id."""
    began = sa.func.max(sessions.c.began_at, type_=sessions.c.began_at.type)
    theirs = sa.select(sessions.c.account, began.label("began_at")).where(sessions.c.account.in_(of))
    newest = theirs.group_by(sessions.c.account).subquery()
    query = (
        sa.select(accounts.c.id, newest.c.began_at, feeds.c.made_at)
        .outerjoin(newest, newest.c.account == accounts.c.id)
        .outerjoin(feeds, feeds.c.account == accounts.c.id)
        .where(accounts.c.id.in_(of))
    )
    return {id: AccountUse(began_at, made_at) for id, began_at, made_at in tx.execute(query)}


def touch_session(tx: Tx, digest: str, now: datetime) -> None:
    tx.execute(sessions.update().where(sessions.c.digest == digest).values(seen_at=now))


def end_session(tx: Tx, digest: str) -> None:
    tx.execute(sessions.delete().where(sessions.c.digest == digest))


def end_sessions(tx: Tx, account: int, *, but: str = "") -> int:
    """End all sessions of an account but one, and its feeds; how many there were.

    Whoever has a session could have made the feeds, so what ends the one ends the other.
    """
    ended = tx.execute(sessions.delete().where(sessions.c.account == account, sessions.c.digest != but)).rowcount
    return ended + end_feed(tx, account)


def sweep_sessions(tx: Tx, began_before: datetime, seen_before: datetime) -> None:
    """Delete the sessions that are over by their age, or since nobody used them."""
    tx.execute(sessions.delete().where(sa.or_(sessions.c.began_at < began_before, sessions.c.seen_at < seen_before)))


# -- feeds -----------------------------------------------------------------------------------------


def set_feed(tx: Tx, feed: Feed) -> None:
    """Insert the address of an account's feeds; the one before opens nothing any more."""
    end_feed(tx, feed.account)
    tx.execute(feeds.insert().values(values_of(feed)))


def end_feed(tx: Tx, account: int) -> int:
    """Delete the address of an account's feeds; how many there were, 0 or 1."""
    return tx.execute(feeds.delete().where(feeds.c.account == account)).rowcount


def find_feed_account(tx: Tx, digest: str) -> Account | None:
    """The account whose feeds the secret with this digest opens; None where there is none or it is disabled."""
    query = select_as(Account, accounts).join(feeds, feeds.c.account == accounts.c.id)
    return read_one(tx, Account, query.where(feeds.c.digest == digest, accounts.c.disabled_at.is_(None)))


def find_feed(tx: Tx, account: int) -> Feed | None:
    return read_one(tx, Feed, select_as(Feed, feeds).where(feeds.c.account == account))


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
