"""The log-in, and a person's own page: password, second factor, feeds, language, log-out."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tracker.catalogue import LANGUAGES, catalogue_of, translate
from tracker.console.addresses import PLACE, next_path, place_of
from tracker.console.callers import caller_of, is_from_here
from tracker.console.context import ConsoleContext
from tracker.console.cookies import language_of, session_key, set_language, set_session
from tracker.console.feeds import feed_address
from tracker.console.forms import FormError, line, read_form
from tracker.console.html import headers, render_page
from tracker.console.limiter import Limiter
from tracker.console.sessions import LogIn, log_in, log_out
from tracker.console.signed_in import PageRequest, SignedInPage
from tracker.console.typed import TypedForms
from tracker.console.unchanged import forget_pages
from tracker.core.values.message import Message
from tracker.registers.accounts import record_feed, record_feed_ended
from tracker.registers.errors import RegisterError
from tracker.registers.passwords import (
    check_password,
    digest_of,
    find_totp_step,
    hash_password,
    is_password,
    make_token,
    make_totp_secret,
    totp_address,
)
from tracker.rulebook.schedule import IdentityProvider
from tracker.store.accounts import change_account, end_sessions, find_feed, find_session
from tracker.store.journal import JournalEntry, append_entries

_MINUTE = timedelta(minutes=1)
#: How long after a log-in who has no password may change the second factor.
_JUST_NOW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class LogInPage:
    """The page at which nobody is logged in yet."""

    office: ConsoleContext
    posts: Limiter
    typed: TypedForms

    def routes(self) -> list[Route]:
        return [
            Route(f"{PLACE}/login", self.show, methods=["GET"]),
            Route(f"{PLACE}/login", self.post, methods=["POST"]),
        ]

    def show(self, request: Request) -> Response:
        """The log-in; a browser that comes to it drops the pages that it keeps.

        The page that it leaves is kept only once this one stands: so after a session it comes here twice.
        """
        follow = request.query_params.get("next", "")
        again = f"login?{urlencode({'next': next_path(follow)})}" if "ended" in request.query_params else ""
        response = self.page(request, follow, again=again)
        forget_pages(response)
        return response

    async def post(self, request: Request) -> Response:
        now = self.office.clock()
        if not self.posts.allows(caller_of(request), now):
            return self.page(
                request, "", refused=Message("Too many log-ins from your address. Please wait a minute."), status=429
            )
        if not is_from_here(request, self.office):
            return self.page(request, "", refused=Message("The form did not come from this site."), status=403)
        try:
            form = await read_form(request)
        except FormError as error:
            return self.page(request, "", refused=str(error), status=error.status)
        name, password, code = line(form.first("login"), 64), form.first("password"), line(form.first("code"), 8)
        done = await asyncio.to_thread(log_in, self.office, name, password, code, caller_of(request), now)
        return await asyncio.to_thread(self.answer, request, form.first("next"), name, done)

    def answer(self, request: Request, follow: str, login: str, done: LogIn) -> Response:
        """The page that was asked for, in a session of its own; or the log-in again, and why."""
        if done.outcome == "in":
            if before := session_key(request, self.office):
                log_out(self.office, before)
                if done.account is not None:
                    self.typed.move(digest_of(before), digest_of(done.key), done.account.id)
            response = RedirectResponse(f"{place_of(self.office)}{next_path(follow)}", 303, headers("console.css"))
            set_session(response, self.office, done.key)
            return response
        if done.outcome == "code":
            return self.page(request, follow, login, needs_code=True)
        if done.outcome == "wait":
            text = Message("Too many log-ins failed. Please try again in {minutes} minutes, or ask the county office.")
            return self.page(request, follow, login, refused=text, status=429, minutes=-(-done.wait // _MINUTE))
        return self.page(request, follow, login, refused=Message("Log-in name, password or code is wrong."), status=403)

    @property
    def provider(self) -> IdentityProvider | None:
        """Where people may log in beside the password."""
        console = self.office.loaded.schedule.console
        return console.oidc if console is not None else None

    def page(
        self,
        request: Request,
        follow: str,
        login: str = "",
        *,
        refused: str = "",
        needs_code: bool = False,
        state: str = "",
        status: int = 200,
        again: str = "",
        **values: object,
    ) -> Response:
        """The log-in. `state`: of a log-in at the identity provider that needs nothing but the code."""
        spoken = catalogue_of(language_of(request))
        shown = {
            "place": place_of(self.office),
            "follow": next_path(follow),
            "login": login,
            "refused": translate(spoken, refused, **values) if refused else "",
            "needs_code": needs_code,
            "state": state,
            "provider": self.provider.title if self.provider else "",
            "again": again,
        }
        return render_page("signed_in/login", shown, status=status, style="console.css", spoken=spoken)


# -- a person's own page ---------------------------------------------------------------------------


def show_account(ask: PageRequest) -> Response:
    return _show_account(ask)


def _show_account(ask: PageRequest, feed: str = "") -> Response:
    """The page. `feed`: the secret of feeds that were just made, which is shown this once."""
    account = ask.viewer.account
    with ask.office.store.read() as tx:
        made = find_feed(tx, account.id)
    secret = "" if account.totp else make_totp_secret()
    address = totp_address(secret, account.login, ask.viewer.rulebook.county.name) if secret else ""
    return ask.page(
        "account",
        secret=secret,
        address=address,
        feed=feed_address(ask.office, feed) if feed else "",
        feed_made_at=made.made_at if made else None,
        has_circulars=ask.viewer.may_see("circulars"),
    )


def change_password(ask: PageRequest) -> Response:
    """Another password: known to nobody else, so all other sessions of the account end."""
    account, form = ask.viewer.account, ask.form
    new = form.first("new")
    if not is_password(account.password, form.first("password")):
        raise RegisterError("the present password is wrong")
    if new != form.first("again"):
        raise RegisterError("the new password was typed in two ways")
    if new == form.first("password"):
        raise RegisterError("the new password is the present one; take another one")
    check_password(new, account.login)
    _change(ask, "account.password", password=hash_password(new), must_change=False)
    return ask.redirect("/account", "password")


def change_totp(ask: PageRequest) -> Response:
    """Take or give up a second factor; its first code shows that the telephone has the secret.

    Who found a browser open must not: the password says who it is, and of who has none a log-in of just now.
    """
    form = ask.form
    _check_owner(ask)
    secret = line(form.first("secret"), 64)
    step = find_totp_step(secret, line(form.first("code"), 8), ask.now) if secret else 0
    if step is None:
        raise RegisterError("the code is wrong; look whether the telephone's clock is right")
    _change(ask, "account.second-factor", totp=secret, totp_step=step)
    return ask.redirect("/account", "totp")


def _check_owner(ask: PageRequest) -> None:
    """Raises RegisterError."""
    account = ask.viewer.account
    if account.password:
        if not is_password(account.password, ask.form.first("password")):
            raise RegisterError("the present password is wrong")
        return
    with ask.office.store.read() as tx:
        found = find_session(tx, digest_of(ask.key))
    if found is None or ask.now - found[0].began_at > _JUST_NOW:
        raise RegisterError("your log-in is more than ten minutes ago: log out, log in anew, and do it then")


def change_language(ask: PageRequest) -> Response:
    language = ask.form.first("language")
    response = ask.redirect("/account")
    set_language(response, language if language in LANGUAGES else "zh")
    return response


def leave(ask: PageRequest) -> Response:
    log_out(ask.office, ask.key)
    response = RedirectResponse(f"{place_of(ask.office)}/login?ended=1", 303, headers("console.css"))
    set_session(response, ask.office, "")
    return response


def leave_everywhere(ask: PageRequest) -> Response:
    with ask.office.store.begin(via=ask.via) as tx:
        end_sessions(tx, ask.viewer.account.id)
    return leave(ask)


def make_feed(ask: PageRequest) -> Response:
    """Make the address of the account's feeds. It stands on the page that answers, and nowhere else."""
    secret = make_token()
    ask.record(lambda tx: record_feed(tx, ask.viewer.account, secret, ask.now))
    return _show_account(ask, secret)


def end_feed(ask: PageRequest) -> Response:
    ask.record(lambda tx: record_feed_ended(tx, ask.viewer.account, ask.now))
    return ask.redirect("/account", "end-feed")


def _change(ask: PageRequest, action: str, **values: object) -> None:
    """Change the viewer's own account, end its other sessions, and write that down."""
    account = ask.viewer.account
    with ask.office.store.begin(via=ask.via) as tx:
        change_account(tx, account.id, **values)
        end_sessions(tx, account.id, but=digest_of(ask.key))
        entry = JournalEntry(account.name, action, f"account:{account.login}")
        append_entries(tx, account.county, [entry], ask.now)


ACCOUNT = SignedInPage(
    "account",
    "/account",
    show_account,
    {
        "password": change_password,
        "totp": change_totp,
        "language": change_language,
        "log-out": leave,
        "log-out-everywhere": leave_everywhere,
        "make-feed": make_feed,
        "end-feed": end_feed,
    },
    is_kept=False,  # a second factor's secret is made anew each time
)
