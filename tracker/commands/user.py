"""`duban user`: who may log in at the pages."""

from __future__ import annotations

from argparse import Namespace

from tracker.commands.context import CommandContext
from tracker.commands.language import tr
from tracker.commands.output import emit, row_of
from tracker.commands.parsing import DEPARTMENT, REGION, command, option, options, person
from tracker.commands.recording import records
from tracker.core.values.accounts import Account, Role
from tracker.registers.accounts import record_account, record_disabled, record_reset
from tracker.registers.errors import Registered
from tracker.registers.passwords import make_password
from tracker.store.accounts import list_accounts
from tracker.store.engine import Tx

ACCOUNTS = ("login", "name", "role", "department", "region", "created_at", "disabled_at")
_LOGIN = option("login", metavar="LOGIN")


@records("user add", judged=False)
@options(
    _LOGIN,
    option("--name", required=True, metavar="NAME", help="as the journal names the person"),
    option("--role", required=True, choices=[*Role]),
    DEPARTMENT,
    REGION,
)
@person()
def add_user(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Account]:
    """Add an account; prints its first password, which its owner changes at the first log-in."""
    password, department = make_password(), args.department or ""
    who = (args.login, args.name, args.role, department, password, args.by)
    done = record_account(tx, context.rulebook, *who, context.now, args.region)
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
