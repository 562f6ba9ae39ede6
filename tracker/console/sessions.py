"""Logs people in and out. A session is a row of the database; its cookie holds nothing but a key of 256 bits.

Who fails waits: for an account, so that its password cannot be guessed; for an address, so that one cannot try many
accounts. The wait doubles with each failure, so nobody is locked out for good.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from tracker.console.context import ConsoleContext
from tracker.console.limiter import network_of
from tracker.console.refusals import note_refusal
from tracker.core.values.accounts import Account, Failures, Session
from tracker.registers.passwords import digest_of, find_totp_step, is_password, make_token
from tracker.store.accounts import (
    add_session,
    change_account,
    clear_failures,
    count_failure,
    end_session,
    find_account,
    find_session,
    read_failures,
    sweep_failures,
    sweep_sessions,
    take_totp_step,
    touch_session,
)
from tracker.store.engine import Tx
from tracker.store.journal import JournalEntry, append_entries

#: A session ends so long after its last page, and so long after its log-in.
IDLE, LASTS = timedelta(minutes=30), timedelta(hours=12)
#: How often the last page of a session is noted.
_NOTED = timedelta(minutes=1)
#: Log-ins in a row that may fail before a wait: of an account; from an address, behind which a whole office may sit.
_FREE, _FREE_OF_ADDRESS = 5, 20
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
#: After so long without a failure, none counts any more.
_FORGOTTEN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LogIn:
    """What became of a log-in. `key`: the value of the session's cookie; `wait`: how long nobody is let in."""

    outcome: Literal["in", "wrong", "wait", "code"]
    account: Account | None = None
    key: str = ""
    wait: timedelta = timedelta(0)


def log_in(office: ConsoleContext, login: str, password: str, code: str, caller: str, now: datetime) -> LogIn:
    """Begin a session for who knows the password and, where there is a second factor, its code.

    `wrong` does not say what was: name, password or code. `code`: the password is right and a code is needed.
    """
    login = login.strip().lower()[:64]
    by_account, by_address = f"account:{login}", f"address:{network_of(caller)}"
    with office.store.begin(via=f"console {caller}") as tx:
        account = find_account(tx, login)
        failed = {each.key: each for each in read_failures(tx, [by_account, by_address])}
        wait = max(_wait(failed.get(by_account), _FREE, now), _wait(failed.get(by_address), _FREE_OF_ADDRESS, now))
        if wait > timedelta(0):
            return LogIn("wait", wait=wait)
        _count_failure(tx, by_account, account, now)
    if account is not None and account.disabled_at is not None:
        account = None
    is_right = is_password(account.password if account else "", password)
    if account is not None and is_right and account.totp and not code:
        return LogIn("code", account)
    with office.store.begin(via=f"console {caller}") as tx:
        if account is None or not is_right or not _takes_code(tx, account, code, now):
            count_failure(tx, by_address, now)
            return LogIn("wrong")
        return _begin_session(tx, account, now)


def admit(office: ConsoleContext, login: str, code: str, caller: str, now: datetime) -> LogIn:
    """Begin a session for whom the identity provider named, letter by letter; it vouches for the password alone.

    An account with a second factor is asked for its code (`code`) here too. A first password, which somebody else
    knows, is void from then on: its owner has shown who it is without it. `wrong`: no open account has that name.
    """
    via = f"console {caller}"
    with office.store.begin(via=via) as tx:
        account = find_account(tx, login)
        if account is not None and account.disabled_at is None:
            return _admit(tx, account, code, now)
    if account is not None:
        subject, attempt = f"account:{login}", {"act": "log-in"}
        note_refusal(office.store, account.county, account.name, subject, attempt, via=via, now=now)
    return LogIn("wrong")


def _admit(tx: Tx, account: Account, code: str, now: datetime) -> LogIn:
    by_account = f"account:{account.login}"
    if account.totp:
        wait = _wait(next(iter(read_failures(tx, [by_account])), None), _FREE, now)
        if wait > timedelta(0):
            return LogIn("wait", wait=wait)
        if not code:
            return LogIn("code", account)
        _count_failure(tx, by_account, account, now)
        if not _takes_code(tx, account, code, now):
            return LogIn("code", account)
    if account.must_change:
        change_account(tx, account.id, password="", must_change=False)
        _journal(tx, account, "account.first-password-void", "首次经统一身份认证登录，初始密码作废。", now)
    return _begin_session(tx, account, now)


def _count_failure(tx: Tx, by_account: str, account: Account | None, now: datetime) -> None:
    """Count a try before it is looked at: of several guesses at the same time each counts."""
    if count_failure(tx, by_account, now) == _FREE and account is not None:
        _journal(tx, account, "account.waits", "连续多次登录失败，暂缓登录。", now)


def _begin_session(tx: Tx, account: Account, now: datetime) -> LogIn:
    """A session of the account; the failures before it count no more, and what is over is swept."""
    clear_failures(tx, [f"account:{account.login}"])
    sweep_sessions(tx, now - LASTS, now - IDLE)
    sweep_failures(tx, now - _FORGOTTEN)
    key = make_token()
    add_session(tx, Session(digest_of(key), account.id, now, now))
    return LogIn("in", account, key)


def _takes_code(tx: Tx, account: Account, code: str, now: datetime) -> bool:
    """Whether the account has no second factor, or the code is one of this time that was not used before."""
    if not account.totp:
        return True
    step = find_totp_step(account.totp, code, now)
    return step is not None and take_totp_step(tx, account.id, step)


def resume(office: ConsoleContext, key: str, now: datetime) -> Account | None:
    """Whose session the key opens; None where it is over."""
    digest = digest_of(key)
    with office.store.read() as tx:
        found = find_session(tx, digest)
    if found is None:
        return None
    session, account = found
    if not -_NOTED <= now - session.began_at < LASTS or now - session.seen_at >= IDLE:
        return None
    if now - session.seen_at >= _NOTED:
        with office.store.begin() as tx:
            touch_session(tx, digest, now)
    return account


def log_out(office: ConsoleContext, key: str) -> None:
    with office.store.begin() as tx:
        end_session(tx, digest_of(key))


def csrf_token(key: str) -> str:
    """What a form of the session carries, so that no other site can post it."""
    return _form_token(digest_of(key))


def is_csrf_token(key: str, given: str) -> bool:
    return is_form_token(digest_of(key), given)


def is_form_token(digest: str, given: str) -> bool:
    """Whether a form comes from a page of the session whose key has that hash."""
    return hmac.compare_digest(_form_token(digest).encode(), given.encode())


def _form_token(digest: str) -> str:
    return hmac.new(digest.encode(), b"duban.form", hashlib.sha256).hexdigest()


def sign(key: str, text: str) -> str:
    """What shows that a text in an address was put there by us, for this session."""
    return hmac.new(key.encode(), b"duban.outcome " + text.encode(), hashlib.sha256).hexdigest()


def is_signed(key: str, text: str, given: str) -> bool:
    return hmac.compare_digest(sign(key, text).encode(), given.encode())


def _wait(failures: Failures | None, free: int, now: datetime) -> timedelta:
    """How long nobody is let in yet. A failure that lies ahead, by a clock that was wrong, shuts nobody out."""
    if failures is None or failures.count < free or failures.last_at > now or now - failures.last_at > _FORGOTTEN:
        return timedelta(0)
    doublings: int = 2 ** min(failures.count - free, 10)
    return min(_FIRST_WAIT * doublings, _LONGEST_WAIT) - (now - failures.last_at)


def _journal(tx: Tx, account: Account, action: str, reason: str, now: datetime) -> None:
    append_entries(
        tx, account.county, [JournalEntry("console", action, f"account:{account.login}", reason=reason)], now
    )
