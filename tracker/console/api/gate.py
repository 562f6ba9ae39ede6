"""Stands before the API: whose token it is, how often it asks, how much it sends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from datetime import timedelta

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.types import Message as Part

from tracker.console.api.problems import ProblemError, respond
from tracker.console.callers import caller_of
from tracker.console.connections import EXTEND
from tracker.console.context import ConsoleContext
from tracker.console.forms import FormError, read_body
from tracker.console.limiter import Limiter
from tracker.core.values.accounts import ApiToken
from tracker.core.values.message import Message
from tracker.registers.passwords import digest_of
from tracker.store.api import find_api_token

log = logging.getLogger(__name__)

_MINUTE = timedelta(minutes=1)
#: Bytes of one body, and seconds within which it must come.
MAX_BODY, PATIENCE = 4_000_000, 50.0
#: Requests of one token in a minute, and those among them that write.
READS, WRITES = 600, 60
#: Requests of one address in a minute that come without a token that counts.
GUESSES = 60
_TOKEN = Message("give a token that counts, as the header `Authorization: Bearer duban_…`; `duban token add` makes one")
_TOO_OFTEN = Message("too many requests within a minute; the header Retry-After says when the next one is taken")
_TOO_LARGE = Message("a body has {most} bytes at most: send several posts")
_NOT_JSON = Message("send JSON, with the header `Content-Type: application/json`")
_TOO_SLOW = Message("the body took too long to come; send it again, or several smaller ones")
#: What is open to everybody below the API's place.
_OPEN = "/openapi.json"


class Gate:
    """Lets through what a token that counts asks; `scope["state"]["token"]` is that token. `taking`: the paths that
    take a body."""

    def __init__(self, app: ASGIApp, office: ConsoleContext, taking: Collection[str]) -> None:
        self._app, self._office, self._taking = app, office, taking
        self._reads, self._writes = Limiter(READS, _MINUTE), Limiter(WRITES, _MINUTE)
        self._guesses = Limiter(GUESSES, _MINUTE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request, path = Request(scope, receive), scope["path"].removeprefix(scope.get("root_path", ""))
        try:
            if path != _OPEN:
                scope.setdefault("state", {})["token"] = await self._identify(request)
            if request.method == "POST" and path in self._taking:
                receive = _again(await _body_of(request))
        except ProblemError as error:
            await respond(request, error)(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        except Exception as error:  # it was answered with status 500
            log.error("%s of the API failed", request.method, exc_info=error, extra={"action": "console"})

    async def _identify(self, request: Request) -> ApiToken:
        now, caller = self._office.clock(), caller_of(request)
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        token = None
        if kind.lower() == "bearer" and given.strip():
            token = await asyncio.to_thread(self._find, given.strip())
        if token is None or not token.counts(now):
            if not self._guesses.allows(caller, now):
                raise _too_often()
            raise ProblemError("unauthorized", _TOKEN, headers={"WWW-Authenticate": 'Bearer realm="duban"'})
        name, is_writing = str(token.id), request.method == "POST"
        if not self._reads.allows(name, now) or (is_writing and not self._writes.allows(name, now)):
            raise _too_often()
        return token

    def _find(self, given: str) -> ApiToken | None:
        with self._office.store.read() as tx:
            return find_api_token(tx, digest_of(given))


def _too_often() -> ProblemError:
    return ProblemError("too-often", _TOO_OFTEN, headers={"Retry-After": "60"})


async def _body_of(request: Request) -> bytes:
    """The body, once it is whole. Raises ProblemError."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise ProblemError("not-json", _NOT_JSON)
    request.scope.get(EXTEND, lambda _seconds: None)(PATIENCE + 5)
    try:
        return await read_body(request, MAX_BODY, PATIENCE, Message(_TOO_LARGE, most=MAX_BODY))
    except FormError as error:
        raise ProblemError("too-large", error.args[0]) from None
    except TimeoutError:
        raise ProblemError("too-slow", _TOO_SLOW) from None


def _again(body: bytes) -> Receive:
    """Gives the body that was read to whoever receives it."""
    parts: list[Part] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Part:
        return parts.pop(0) if parts else {"type": "http.disconnect"}

    return receive
