"""Records which other systems may use the API: a token each, with what it may do and until when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tracker.core.law.county import Rulebook
from tracker.core.values.accounts import ApiToken, Scope
from tracker.core.values.message import Message
from tracker.registers.accounts import check_region
from tracker.registers.checks import begin_act, check_name
from tracker.registers.errors import Registered, RegisterError, suggest_departments, suggest_names
from tracker.registers.passwords import digest_of, make_token
from tracker.store.api import add_api_token, list_api_tokens, revoke_api_token
from tracker.store.engine import Tx
from tracker.store.journal import JournalEntry, append_entries

#: By this beginning whoever searches files for secrets that leaked finds a token.
PREFIX = "duban_"


def make_api_token() -> str:
    """A token of 256 random bits: nobody guesses it from its SHA-256, which is what the database keeps."""
    return f"{PREFIX}{make_token()}"


def record_token(
    tx: Tx,
    rulebook: Rulebook,
    name: str,
    token: str,
    scopes: Iterable[str],
    department: str,
    expires_at: datetime,
    by: str,
    now: datetime,
    region: str = "",
) -> Registered[ApiToken]:
    """Add the token of the system `name`. `department`: the only one that it reaches, "": all; `region`: the counties
    whose sums it reads. Raises RegisterError."""
    county = rulebook.county
    begin_act(tx, county.id, now, by=by)
    check_name("name", name)
    if not name.strip():
        raise RegisterError("which system gets the token? Give the name by which the journal knows it")
    wanted = sorted(set(scopes))
    for scope in wanted or [""]:
        if scope not in list(Scope):
            raise RegisterError("unknown scope {scope!r}: {hint}", scope=scope, hint=suggest_names(scope, list(Scope)))
    found = county.find_department(department) if department else ""
    if found is None:
        hint = suggest_departments(department, county)
        raise RegisterError("unknown department {name!r}: {hint}", name=department, hint=hint)
    if expires_at <= now:
        raise RegisterError("the token would have expired already; give a later day")
    if region and (department or Scope.COUNTIES_READ not in wanted):
        raise RegisterError("a region is for the scope {scope}, without a department", scope=Scope.COUNTIES_READ)
    check_region(county, region)
    new = ApiToken(0, county.id, name, found, digest_of(token), " ".join(wanted), by, now, expires_at, region=region)
    number = add_api_token(tx, new)
    after = {"name": name, "scopes": wanted, "department": found, "expires_at": expires_at.isoformat()}
    after |= {"region": region} if region else {}
    append_entries(tx, county.id, [JournalEntry(by, "token.added", f"token:{number}", None, after)], now)
    return Registered(new, True, Message("token {number} of {name} added", number=number, name=name))


def record_revoked_token(
    tx: Tx, rulebook: Rulebook, number: int, by: str, reason: str, now: datetime
) -> Registered[None]:
    """Revoke a token: it opens nothing from now on. Raises RegisterError where there is none."""
    county = rulebook.county.id
    begin_act(tx, county, now, by=by, reason=reason)
    if not revoke_api_token(tx, county, number, now):
        known = ", ".join(str(token.id) for token in list_api_tokens(tx, county) if token.revoked_at is None)
        raise RegisterError(
            "no token {number} that still counts (there are: {numbers})",
            number=number,
            numbers=known or Message("none"),
        )
    append_entries(tx, county, [JournalEntry(by, "token.revoked", f"token:{number}", reason=reason)], now)
    return Registered(None, True, Message("token {number} revoked", number=number))
