"""`duban user`: who may log in at the pages, and the tokens of other systems."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime, time, timedelta

from tracker.commands.context import CommandContext
from tracker.commands.language import tr
from tracker.commands.output import emit, row_of
from tracker.commands.parsing import DEPARTMENT, command, day, number, option, options, person
from tracker.commands.recording import records
from tracker.core.values.accounts import Account, ApiToken, Role
from tracker.registers.accounts import (
    record_account,
    record_disabled,
    record_reset,
    record_revoked_token,
    record_token,
)
from tracker.registers.errors import Registered
from tracker.registers.passwords import make_password, make_token
from tracker.store.accounts import list_accounts, list_api_tokens
from tracker.store.engine import Tx

ACCOUNTS = ("login", "name", "role", "department", "created_at", "disabled_at")
TOKENS = ("id", "name", "scopes", "created_by", "created_at", "expires_at", "revoked_at")
_LOGIN = option("login", metavar="LOGIN")


@records("user add", judged=False)
@options(
    _LOGIN,
    option("--name", required=True, metavar="NAME", help="as the journal names the person"),
    option("--role", required=True, choices=[*Role]),
    DEPARTMENT,
)
@person()
def add_user(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Account]:
    """Add an account; prints its first password, which its owner changes at the first log-in."""
    password, department = make_password(), args.department or ""
    done = record_account(
        tx, context.rulebook, args.login, args.name, args.role, department, password, args.by, context.now
    )
    print(tr("first password: {password}", password=password))
    return done


@records("user disable", judged=False)
@_LOGIN
@person("why")
def disable_user(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Account]:
    """Disable an account and end its sessions."""
    return record_disabled(tx, context.rulebook, args.login, args.by, args.reason, context.now)


@records("user reset", judged=False)
@_LOGIN
@person("why")
def reset_user(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Account]:
    """Give an account a first password anew, without second factor; prints it. A disabled account is enabled."""
    password = make_password()
    done = record_reset(tx, context.rulebook, args.login, password, args.by, args.reason, context.now)
    print(tr("first password: {password}", password=password))
    return done


@command("user list", rows=True)
def list_users(args: Namespace, context: CommandContext) -> None:
    """List the accounts."""
    with context.read() as tx:
        found = list_accounts(tx, context.county.id)
    emit(ACCOUNTS, [row_of(account, ACCOUNTS, {}) for account in found], args.format)


@records("user token", judged=False)
@options(
    option("name", metavar="SYSTEM", help="the system that gets the token"),
    option("--scope", required=True, metavar="SCOPES", help="what it may do: read, events, evidence"),
    option("--until", required=True, type=day, metavar="DAY", help="the last day on which it counts"),
)
@person()
def add_token(args: Namespace, context: CommandContext, tx: Tx) -> Registered[ApiToken]:
    """Make a token for another system; it is shown this once, the database keeps its hash."""
    token = make_token()
    ends = datetime.combine(args.until + timedelta(days=1), time(), context.zone)
    done = record_token(tx, context.rulebook, args.name, token, args.scope, ends, args.by, context.now)
    print(tr("token, shown this once: {token}", token=token))
    return done


@command("user tokens", rows=True)
def list_tokens(args: Namespace, context: CommandContext) -> None:
    """List the tokens of other systems."""
    with context.read() as tx:
        found = list_api_tokens(tx, context.county.id)
    emit(TOKENS, [row_of(token, TOKENS, {}) for token in found], args.format)


@records("user revoke-token", judged=False)
@option("id", type=number, metavar="ID")
@person("why")
def revoke_token(args: Namespace, context: CommandContext, tx: Tx) -> Registered[None]:
    """Revoke the token of another system."""
    return record_revoked_token(tx, context.rulebook, args.id, args.by, args.reason, context.now)
