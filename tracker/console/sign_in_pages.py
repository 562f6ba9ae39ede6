"""The log-in at the office's identity provider: sends people there, and takes what they bring back.

Whom it names is let in if the county office has made an account of that log-in name; its role is the database's.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field, replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tracker.console.addresses import PLACE, next_path
from tracker.console.callers import caller_of, is_from_here
from tracker.console.cookies import set_sign_in, sign_in_key
from tracker.console.forms import FormError, line, read_form
from tracker.console.html import headers
from tracker.console.log_in_pages import LogInPage
from tracker.console.oidc import Provider, ProviderError, Question, UnprovenError
from tracker.console.sessions import LogIn, admit
from tracker.console.sign_ins import PendingSignIn, PendingSignIns
from tracker.core.values.message import Message

log = logging.getLogger(__name__)

_TOO_OFTEN = Message("Too many log-ins from your address. Please wait a minute.")
_NOT_SET_UP = Message("There is no log-in by way of {title} here.")
_DOWN = Message("{title} does not answer as it should. Please log in with your password, or try again later.")
_OVER = Message("This log-in by way of {title} took too long, or was begun in another browser. Please begin again.")
_REFUSED = Message("{title} did not let you in.")
_UNPROVEN = Message("What {title} answered does not prove who you are. Please begin again.")
_UNKNOWN = Message(
    "{title} knows you as {name}, and no account of that log-in name is open here. Please ask the county office."
)
_WRONG_CODE = Message("The code is wrong.")


@dataclass(slots=True)
class SignInPages:
    """The way to the identity provider and back. `_provider`: of the settings in force when it was asked last."""

    login: LogInPage
    pending: PendingSignIns = field(default_factory=PendingSignIns)
    _provider: Provider | None = None

    def routes(self) -> list[Route]:
        return [
            Route(f"{PLACE}/sign-in", self.begin, methods=["GET"]),
            Route(f"{PLACE}/sign-in/back", self.come_back, methods=["GET"]),
            Route(f"{PLACE}/sign-in/code", self.take_code, methods=["POST"]),
        ]

    async def begin(self, request: Request) -> Response:
        """Send the browser to the provider. A link leads here: a form that is sent elsewhere is barred by the CSP."""
        now, follow = self.login.office.clock(), next_path(request.query_params.get("next", ""))
        if (refusal := self._refusal(request, follow)) is not None:
            return refusal
        question = Question()
        try:
            address = await self._found_provider().ask(question, self._back, now)
        except ProviderError as error:
            return self._page(request, follow, _DOWN, 503, error)
        response = RedirectResponse(address, 303, headers("console.css"))
        key = self.pending.keep(PendingSignIn(now, question, follow))
        set_sign_in(response, self.login.office, key)
        return response

    async def come_back(self, request: Request) -> Response:
        """Take what the provider sends by way of the browser: RFC 6749, 4.1.2; RFC 9207."""
        now, given = self.login.office.clock(), request.query_params
        if (refusal := self._refusal(request, "")) is not None:
            return refusal
        pending = self.pending.take(sign_in_key(request, self.login.office), given.get("state", ""), now)
        if pending is None:
            return self._page(request, "", _OVER, 403)
        provider = self._found_provider()
        if given.get("iss", provider.settings.issuer) != provider.settings.issuer:
            return self._page(request, pending.follow, _UNPROVEN, 403, "another issuer answers")
        if not given.get("code"):
            return self._page(request, pending.follow, _REFUSED, 403, line(given.get("error", ""), 80))
        try:
            name = await provider.find_name(pending.question, given["code"], self._back, now)
        except ProviderError as error:
            return self._page(request, pending.follow, _DOWN, 503, error)
        except UnprovenError as error:
            return self._page(request, pending.follow, _UNPROVEN, 403, error)
        return await self._enter(request, replace(pending, login=name), "")

    async def take_code(self, request: Request) -> Response:
        """The code of the second factor, of whom the provider named."""
        now = self.login.office.clock()
        if (refusal := self._refusal(request, "")) is not None:
            return refusal
        try:
            form = await read_form(request)
        except FormError as error:
            return self.login.page(request, "", refused=str(error), status=error.status)
        pending = self.pending.take(sign_in_key(request, self.login.office), form.first("state"), now)
        if pending is None or not pending.login or not is_from_here(request, self.login.office):
            return self._page(request, "", _OVER, 403)
        return await self._enter(request, pending, line(form.first("code"), 8))

    async def _enter(self, request: Request, pending: PendingSignIn, code: str) -> Response:
        office, now = self.login.office, self.login.office.clock()
        done: LogIn = await asyncio.to_thread(admit, office, pending.login, code, caller_of(request), now)
        if done.outcome in ("in", "wait"):
            response = await asyncio.to_thread(self.login.answer, request, pending.follow, "", done)
            set_sign_in(response, office, "")
            return response
        if done.outcome == "wrong":
            return self._page(request, pending.follow, _UNKNOWN, 403, "no open account", name=line(pending.login, 64))
        waiting = replace(pending, question=Question())
        refused = _WRONG_CODE if code else Message("")
        response = self.login.page(
            request, pending.follow, refused=refused, state=waiting.question.state, status=403 if code else 200
        )
        set_sign_in(response, office, self.pending.keep(waiting))
        return response

    # -- settings ----------------------------------------------------------------------------------

    def _refusal(self, request: Request, follow: str) -> Response | None:
        """The response to a caller who asks too often, and where there is no provider; None: it is let in."""
        if not self.login.posts.allows(caller_of(request), self.login.office.clock()):
            return self._page(request, follow, _TOO_OFTEN, 429)
        return None if self.login.provider is not None else self._page(request, follow, _NOT_SET_UP, 404)

    def _found_provider(self) -> Provider:
        settings = self.login.provider
        if settings is None:
            raise ProviderError("console.oidc is not set")
        if self._provider is None or self._provider.settings != settings:
            self._provider = Provider(settings)
        return self._provider

    @property
    def _back(self) -> str:
        """Where the provider sends people back to: registered there, letter by letter."""
        console = self.login.office.loaded.schedule.console
        return f"{console.base if console else ''}{PLACE.lstrip('/')}/sign-in/back"

    def _page(
        self, request: Request, follow: str, text: str, status: int, why: object = "", **values: object
    ) -> Response:
        """The log-in page with why nobody was let in: a password opens it as ever. `why`: for the log."""
        if why:
            log.warning("log-in at the identity provider: %s", why, extra={"action": "console"})
        title = self.login.provider.title if self.login.provider else "OpenID Connect"
        return self.login.page(request, follow, refused=Message(text, title=title, **values), status=status)
