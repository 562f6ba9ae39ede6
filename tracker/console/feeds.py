"""Serves the feeds of an account by a secret address, without a log-in: its due days and the issued circulars.

The address opens what the account may see at that moment; what ends the account's sessions ends it.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tracker.console.access import Viewer
from tracker.console.addresses import PLACE
from tracker.console.callers import caller_of
from tracker.console.context import ConsoleContext
from tracker.console.limiter import Limiter
from tracker.console.signed_in import rulebook_of
from tracker.console.unchanged import tags_in
from tracker.registers.passwords import digest_of
from tracker.reports.circulars.feed import write_feed
from tracker.reports.due_calendar import read_due_calendar, write_calendar
from tracker.store.accounts import find_feed_account

log = logging.getLogger(__name__)

#: A program asks each time whether the feed has changed; nothing in between may keep it.
_HEADERS = {
    "Cache-Control": "private, no-cache",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
_KINDS = {"ics": "text/calendar; charset=utf-8", "atom": "application/atom+xml; charset=utf-8"}


def feed_address(office: ConsoleContext, secret: str) -> str:
    """The address of an account's feeds without its ending."""
    console = office.loaded.schedule.console
    return f"{console.base.rstrip('/') if console else ''}/feeds/{secret}"


@dataclass(frozen=True, slots=True)
class Feeds:
    """The handlers. `requests`, `guesses`: limits by caller of all requests, and of those that open nothing."""

    office: ConsoleContext
    requests: Limiter
    guesses: Limiter

    def routes(self) -> list[Route]:
        return [Route(f"/feeds/{{secret}}.{kind}", self._serve(kind), methods=["GET"]) for kind in _KINDS]

    def _serve(self, kind: str) -> Callable[[Request], Response]:
        def serve(request: Request) -> Response:
            """A plain function: the server runs it in a thread."""
            now, caller = self.office.clock(), caller_of(request)
            if not self.requests.allows(caller, now):
                return _too_often()
            try:
                content = self._read(kind, request.path_params["secret"], now)
            except Exception as error:  # the log names the error and not the address: it is a key
                log.error("a feed failed", exc_info=error, extra={"action": "console"})
                return PlainTextResponse("", 500, headers=_HEADERS)
            if content is None:
                is_few = self.guesses.allows(caller, now)
                return PlainTextResponse("", 404, headers=_HEADERS) if is_few else _too_often()
            return _answer(request, content, _KINDS[kind])

        return serve

    def _read(self, kind: str, secret: str, now: datetime) -> bytes | None:
        """The feed; None where the secret opens none."""
        console = self.office.loaded.schedule.console
        pages = f"{console.base.rstrip('/') if console else ''}{PLACE}"
        with self.office.store.read() as tx:
            account = find_feed_account(tx, digest_of(secret))
            rulebook = rulebook_of(self.office, account.county) if account else None
            if account is None or rulebook is None or account.must_change:
                return None
            viewer = Viewer(account, rulebook)
            if kind == "atom":
                return write_feed(tx, rulebook, pages) if viewer.may_see("circulars") else None
            due = read_due_calendar(tx, rulebook, self.office.loaded.calendar, viewer.department, now)
        return write_calendar(due, pages)


def _answer(request: Request, content: bytes, kind: str) -> Response:
    """The content, or 304 where the program has it already (RFC 9110, 13.1.2)."""
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {**_HEADERS, "ETag": tag}
    if tag in tags_in(request):
        return Response(status_code=304, headers=headers)
    return Response(content, headers={**headers, "Content-Type": kind})


def _too_often() -> Response:
    return PlainTextResponse("", 429, headers={**_HEADERS, "Retry-After": "60"})
