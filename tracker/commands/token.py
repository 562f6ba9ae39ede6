"""`duban token`: which other systems may use the API."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime, time, timedelta

from tracker.commands.context import CommandContext
from tracker.commands.language import tr
from tracker.commands.output import emit, row_of
from tracker.commands.parsing import DEPARTMENT, REGION, command, day, number, option, options, person
from tracker.commands.recording import records
from tracker.core.values.accounts import ApiToken, Scope
from tracker.registers.errors import Registered
from tracker.registers.tokens import make_api_token, record_revoked_token, record_token
from tracker.store.api import list_api_tokens
from tracker.store.engine import Tx

TOKENS = ("id", "name", "department", "region", "scopes", "created_by", "created_at", "expires_at", "revoked_at")


@records("token add", judged=False)
@options(
    option("name", metavar="SYSTEM", help="the system that gets the token, as the journal names it"),
    option("--scope", required=True, nargs="+", choices=[*Scope], help="what it may do"),
    option("--expires", required=True, type=day, metavar="DAY", help="the last day on which it counts"),
    DEPARTMENT,
    REGION,
)
@person()
def add_token(args: Namespace, context: CommandContext, tx: Tx) -> Registered[ApiToken]:
    """Make a token for another system; it is shown this once, the database keeps its hash."""
    token, department = make_api_token(), args.department or ""
    ends = datetime.combine(args.expires + timedelta(days=1), time(), context.zone)
    what = (args.name, token, args.scope, department, ends, args.by)
    done = record_token(tx, context.rulebook, *what, context.now, args.region)
    print(tr("token, shown this once: {token}", token=token))
    return done


@command("token list", rows=True)
def list_tokens(args: Namespace, context: CommandContext) -> None:
    """List the tokens of other systems."""
    with context.read() as tx:
        found = list_api_tokens(tx, context.county.id)
    emit(TOKENS, [row_of(token, TOKENS, {}) for token in found], args.format)


@records("token revoke", judged=False)
@option("id", type=number, metavar="ID")
@person("why")
def revoke_token(args: Namespace, context: CommandContext, tx: Tx) -> Registered[None]:
    """Revoke the token of another system: it opens nothing from now on."""
    return record_revoked_token(tx, context.rulebook, args.id, args.by, args.reason, context.now)
