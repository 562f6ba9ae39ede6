"""Records who may log in at the pages."""

from __future__ import annotations

import re
from datetime import datetime

from tracker.core.law.county import County, Rulebook
from tracker.core.values.accounts import Account, Feed, Role
from tracker.core.values.divisions import NO_REGION, REGION, lies_in
from tracker.core.values.message import Message
from tracker.registers.checks import begin_act, check_name
from tracker.registers.errors import Registered, RegisterError, suggest_departments, suggest_names
from tracker.registers.passwords import digest_of, hash_password
from tracker.store.accounts import (
    add_account,
    change_account,
    end_feed,
    end_sessions,
    find_account,
    list_accounts,
    set_feed,
)
from tracker.store.engine import Tx
from tracker.store.journal import JournalEntry, append_entries

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")


def record_account(
    tx: Tx,
    rulebook: Rulebook,
    login: str,
    name: str,
    role: str,
    department: str,
    password: str,
    by: str,
    now: datetime,
    region: str = "",
) -> Registered[Account]:
    """Add an account with a first password, which its owner has to change. Raises RegisterError.

    `region`: the counties beside this one that it reads. It is this county's account, and stands in its journal.
    """
    county = rulebook.county
    begin_act(tx, county.id, now, by=by)
    check_name("name", name)
    if not name.strip():
        raise RegisterError("whose account is it? Give the name by which the journal knows the person")
    if not _LOGIN.fullmatch(login):
        raise RegisterError("log-in name {login!r}: write 2 to 64 of a-z, 0-9, '.', '_' and '-'", login=login)
    if role not in list(Role):
        raise RegisterError("unknown role {role!r}: {hint}", role=role, hint=suggest_names(role, list(Role)))
    found = county.find_department(department) if department else ""
    if found is None:
        raise RegisterError(
            "unknown department {name!r}: {hint}", name=department, hint=suggest_departments(department, county)
        )
    if bool(found) != (role == Role.LIAISON):
        raise RegisterError(
            "a liaison's account needs its department"
            if role == Role.LIAISON
            else "only a liaison's account belongs to a department"
        )
    if region and role != Role.AUDITOR:
        raise RegisterError("only an auditor's account reads the counties of a region")
    check_region(county, region)
    hashed = hash_password(password)
    new = Account(0, county.id, login, name, Role(role), found, hashed, True, "", 0, now, region=region)
    account = add_account(tx, new)
    if account is None:
        raise RegisterError("there is an account {login!r}; take another log-in name", login=login)
    after = {"name": name, "role": role, "department": found, **({"region": region} if region else {})}
    _write(tx, account, by, "account.added", None, after, now)
    return Registered(account, True, Message("account {login} of {name} added", login=login, name=name))


def check_region(county: County, region: str) -> None:
    """Refuse a region that there is not, or in which the county does not lie. "" is none."""
    if region and not REGION.fullmatch(region):
        raise RegisterError(Message(NO_REGION, region=region))
    if region and not lies_in(county.division, region):
        raise RegisterError(
            "county {county} does not lie in region {region}: its file says `division: {code}`",
            county=county.id,
            region=region,
            code=county.division.code if county.division else Message("none"),
        )


def record_disabled(tx: Tx, rulebook: Rulebook, login: str, by: str, reason: str, now: datetime) -> Registered[Account]:
    """Disable an account and end its sessions. The last account of the county office stays."""
    account = _account_of(tx, rulebook, login, by, now)
    if account.disabled_at is not None:
        return Registered(account, False, Message("account {login} is disabled already", login=login))
    offices = [
        each for each in list_accounts(tx, account.county) if each.role is Role.OFFICE and each.disabled_at is None
    ]
    if account.role is Role.OFFICE and len(offices) == 1:
        raise RegisterError("{login} is the last account of the county office; add another one first", login=login)
    change_account(tx, account.id, disabled_at=now)
    end_sessions(tx, account.id)
    _write(tx, account, by, "account.disabled", None, None, now, reason)
    return Registered(account, True, Message("account {login} disabled", login=login))


def record_reset(
    tx: Tx, rulebook: Rulebook, login: str, password: str, by: str, reason: str, now: datetime
) -> Registered[Account]:
    """Give an account a first password anew: without second factor, enabled, all its sessions ended."""
    account = _account_of(tx, rulebook, login, by, now)
    digest = hash_password(password)
    change_account(tx, account.id, password=digest, must_change=True, totp="", totp_step=0, disabled_at=None)
    end_sessions(tx, account.id)
    _write(tx, account, by, "account.reset", None, None, now, reason)
    return Registered(account, True, Message("account {login} has a new first password", login=login))


def record_sessions_ended(
    tx: Tx, rulebook: Rulebook, login: str, by: str, reason: str, now: datetime
) -> Registered[Account]:
    """End all sessions of an account and its feeds; its password and its second factor stay as they are."""
    account = _account_of(tx, rulebook, login, by, now)
    ended = end_sessions(tx, account.id)
    if not ended:
        return Registered(account, False, Message("account {login} is logged in nowhere and has no feeds", login=login))
    _write(tx, account, by, "account.sessions-ended", None, {"sessions": ended}, now, reason)
    return Registered(account, True, Message("sessions and feeds of {login} ended: {count}", login=login, count=ended))


def record_feed(tx: Tx, account: Account, secret: str, now: datetime) -> None:
    """Give the account's feeds an address with this secret, of 256 random bits; the one before ends."""
    begin_act(tx, account.county, now, by=account.name)
    set_feed(tx, Feed(digest_of(secret), account.id, now))
    _write(tx, account, account.name, "account.feed-made", None, None, now)


def record_feed_ended(tx: Tx, account: Account, now: datetime) -> None:
    """End the address of the account's feeds, where there is one."""
    begin_act(tx, account.county, now, by=account.name)
    if end_feed(tx, account.id):
        _write(tx, account, account.name, "account.feed-ended", None, None, now)


def _account_of(tx: Tx, rulebook: Rulebook, login: str, by: str, now: datetime) -> Account:
    begin_act(tx, rulebook.county.id, now, by=by)
    account = find_account(tx, login)
    if account is None or account.county != rulebook.county.id:
        known = [each.login for each in list_accounts(tx, rulebook.county.id)]
        raise RegisterError("no account {login!r}: {hint}", login=login, hint=suggest_names(login, known))
    return account


def _write(
    tx: Tx, account: Account, by: str, action: str, before: object, after: object, now: datetime, reason: str = ""
) -> None:
    append_entries(
        tx, account.county, [JournalEntry(by, action, f"account:{account.login}", before, after, reason)], now
    )
