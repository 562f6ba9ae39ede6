"""人员: who gets the mails by the rules in force, who may log in, and which other systems hold a token."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from starlette.responses import Response

from tracker.console.forms import FormError, PostedForm, line, prose
from tracker.console.pages.matters import link_pages, read_number
from tracker.console.signed_in import Act, PageRequest, SignedInPage
from tracker.core.law.county import Contact
from tracker.core.values.accounts import Account, Role
from tracker.core.values.message import Message
from tracker.registers.accounts import record_account, record_disabled, record_reset, record_sessions_ended
from tracker.registers.errors import Registered, RegisterError
from tracker.registers.passwords import make_password
from tracker.registers.tokens import record_revoked_token
from tracker.store.accounts import count_accounts, find_account, list_accounts_from, list_uses
from tracker.store.api import list_api_tokens
from tracker.store.counties import lock_county
from tracker.store.engine import Tx

#: Whose accounts the office gives out. Who signs its circulars has an account from the administrator, or the office
#: could sign them itself.
_GIVEN_OUT = (Role.LIAISON, Role.OFFICE, Role.AUDITOR)
_NOT_GIVEN_OUT = Message("the account of a supervisor is the administrator's to give (duban user)")
_OF_A_REGION = Message("an account that reads several counties is the administrator's to give and to take (duban user)")
#: Accounts of one page.
_MOST = 50
_OWN_PASSWORD = Message("your own password is changed on the page of your account")
_OWN_ACCOUNT = Message("nobody disables the account that is in use; another account of the office does")


@dataclass(frozen=True, slots=True)
class ShownContacts:
    """Whom a department, or a role of the county, has for mails. `place`: file and line in the county's file."""

    name: str
    contacts: tuple[tuple[str, Contact], ...]  # by role, "" where it is the county role itself
    place: str


@dataclass(frozen=True, slots=True)
class ShownAccount:
    """An account, when its newest session that has not ended began and the address of its feeds was made, and the state
    that a form of it was made for."""

    account: Account
    department: str
    logged_in_at: datetime | None
    feed_made_at: datetime | None
    seen: str
    is_own: bool


def show_people(ask: PageRequest) -> Response:
    return _show(ask)


def _show(ask: PageRequest, first_password: str = "", owner: str = "") -> Response:
    county, own = ask.viewer.rulebook.county, ask.viewer.account.id
    words = ask.request.query_params.get("name", "").strip()[:64]
    number = read_number(ask.request.query_params.get("page", ""))
    with ask.office.store.read() as tx:
        accounts = list_accounts_from(tx, county.id, words, start=(number - 1) * _MOST, most=_MOST)
        uses = list_uses(tx, [each.id for each in accounts])
        total = count_accounts(tx, county.id, words)
        tokens = list_api_tokens(tx, county.id)
    shown = [
        ShownAccount(
            each,
            county.department_names(each.department) if each.department else "",
            *uses[each.id],
            _state_of(each),
            each.id == own,
        )
        for each in accounts
    ]
    return ask.page(
        "people",
        accounts=shown,
        total=total,
        words=words,
        pages_of_list=link_pages({"name": words} if words else {}, number, -(-total // _MOST)),
        contacts=list(_list_contacts(ask)),
        tokens=[(each, county.department_names(each.department) if each.department else "") for each in tokens],
        roles=_GIVEN_OUT,
        may_act=ask.viewer.may("people", "add"),
        first_password=first_password,
        owner=owner,
        now=ask.now,
    )


def _list_contacts(ask: PageRequest) -> Iterator[ShownContacts]:
    county, places = ask.viewer.rulebook.county, ask.office.loaded.places.contacts_of(ask.viewer.rulebook.county.id)
    for role, contact in county.roles.items():
        yield ShownContacts(county.role_name(role), (("", contact),), places.get(("roles", role), ""))
    for key, unit in county.departments.items():
        place = places.get(("departments", key), "")
        yield ShownContacts(unit.name, (("liaison", unit.liaison), ("lead", unit.lead)), place)


def _state_of(account: Account) -> str:
    """Changes whenever somebody disables the account or changes its password; says nothing of either."""
    return hashlib.sha256(f"{account.id} {account.password} {account.disabled_at}".encode()).hexdigest()[:32]


# -- acts ------------------------------------------------------------------------------------------


def add(ask: PageRequest) -> Response:
    """Add an account. Its first password stands on the page that answers, and nowhere else."""
    form, password = ask.form, make_password()
    login, name = form.first("login").strip().lower(), line(form.first("name"), 128)
    role, by = form.first("role"), ask.viewer.account.name
    if role == Role.SUPERVISOR:
        raise RegisterError(_NOT_GIVEN_OUT)
    # What stands in the field of another role is no wish.
    department = form.first("department") if role == Role.LIAISON else ""
    done = ask.record(
        lambda tx: record_account(tx, ask.viewer.rulebook, login, name, role, department, password, by, ask.now),
    )
    return _show(replace(ask, form=PostedForm({})), password, done.value.login)


def reset(ask: PageRequest) -> Response:
    """Give an account a first password anew, shown as that of a new account is."""
    password, login = make_password(), _login_of_another(ask, _OWN_PASSWORD)
    reason = _reason(ask)

    def act(tx: Tx) -> Registered[Account]:
        _check_unchanged(ask, tx, login)
        return record_reset(tx, ask.viewer.rulebook, login, password, ask.viewer.account.name, reason, ask.now)

    done = ask.record(act)
    return _show(replace(ask, form=PostedForm({})), password, done.value.login)


def disable(ask: PageRequest) -> Response:
    login, reason = _login_of_another(ask, _OWN_ACCOUNT), _reason(ask)

    def act(tx: Tx) -> Registered[Account]:
        _check_unchanged(ask, tx, login)
        return record_disabled(tx, ask.viewer.rulebook, login, ask.viewer.account.name, reason, ask.now)

    return ask.redirect("/people", "disable", ask.translate(ask.record(act).message))


def end(ask: PageRequest) -> Response:
    """End all sessions and the feeds of somebody."""
    login, reason, by = line(ask.form.first("account"), 64), _reason(ask), ask.viewer.account.name
    done = ask.record(lambda tx: record_sessions_ended(tx, ask.viewer.rulebook, login, by, reason, ask.now))
    return ask.redirect("/people", "end", ask.translate(done.message))


def revoke(ask: PageRequest) -> Response:
    """Revoke the token of another system."""
    given, reason, by = ask.form.first("token"), _reason(ask), ask.viewer.account.name
    number = int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0
    done = ask.record(lambda tx: record_revoked_token(tx, ask.viewer.rulebook, number, by, reason, ask.now))
    return ask.redirect("/people", "revoke", ask.translate(done.message))


def _reason(ask: PageRequest) -> str:
    reason = prose(ask.form.first("reason"))
    if not reason:
        raise FormError(422, "请填写理由。")
    return reason


def _login_of_another(ask: PageRequest, why: Message) -> str:
    login = line(ask.form.first("account"), 64)
    if login == ask.viewer.account.login:
        raise RegisterError(why)
    return login


def _check_unchanged(ask: PageRequest, tx: Tx, login: str) -> None:
    """Refuse what is not the office's to do, and what was decided on a page that somebody else's act has overtaken."""
    lock_county(tx, ask.viewer.rulebook.county.id)
    account = find_account(tx, login)
    if account is not None and account.role not in _GIVEN_OUT:
        raise RegisterError(_NOT_GIVEN_OUT)
    if account is not None and account.region:
        raise RegisterError(_OF_A_REGION)
    if account is not None and _state_of(account) != ask.form.first("seen"):
        raise RegisterError(
            "account {login} was changed by somebody else since this page was opened: look at it, then decide again",
            login=login,
        )


ACTS: dict[str, Act] = {"add": add, "disable": disable, "reset": reset, "end": end, "revoke": revoke}
PEOPLE = SignedInPage("people", "/people", show_people, ACTS, is_kept=False)
