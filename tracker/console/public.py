"""Serves the public board to everybody, without log-in and cookie, where `console: public` is on and a county is live.

It is made at most once in ten minutes and kept, whoever asks however often.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tracker.catalogue import catalogue_of
from tracker.console.callers import caller_of
from tracker.console.context import ConsoleContext
from tracker.console.freshness import read_freshness
from tracker.console.html import headers, render_page
from tracker.console.limiter import Limiter
from tracker.core.law.county import Rulebook
from tracker.reports.board import read_board
from tracker.rulebook.schedule import Console

log = logging.getLogger(__name__)

#: How long a board is shown before it is made anew.
_KEPT = timedelta(minutes=10)
_HEADERS = {**headers("console.css"), "Cache-Control": f"public, max-age={_KEPT.seconds // 2}"}


@dataclass(frozen=True, slots=True)
class KeptBoard:
    """A board as it was made. `settings`: the rules and settings that it was made by."""

    made_at: datetime
    settings: tuple[str, bool]
    page: bytes


@dataclass(frozen=True, slots=True)
class PublicPages:
    """The boards of the live counties."""

    office: ConsoleContext
    requests: Limiter = field(default_factory=lambda: Limiter(60, timedelta(minutes=1)))
    kept: dict[str, KeptBoard] = field(default_factory=dict)
    making: threading.Lock = field(default_factory=threading.Lock)

    def routes(self) -> list[Route]:
        return [Route("/public", self._lead), Route("/public/{county}", self._show)]

    def _lead(self, request: Request) -> Response:
        """To the first live county's board."""
        console, now = self._let_in(request)
        first = next((book for book in self.office.loaded.rulebooks if not book.county.shadow(now)), None)
        if first is None:
            raise HTTPException(404)
        return RedirectResponse(f"{console.base}public/{first.county.id}", 303, headers("console.css"))

    def _show(self, request: Request) -> Response:
        console, now = self._let_in(request)
        named = (book for book in self.office.loaded.rulebooks if book.county.id == request.path_params["county"])
        rulebook = next(named, None)
        if rulebook is None or rulebook.county.shadow(now):
            raise HTTPException(404)
        page = self._find(rulebook, console.public_scores, now)
        if page is None:
            raise HTTPException(503, headers={"Retry-After": "10"})
        return Response(page, media_type="text/html", headers=_HEADERS)

    def _let_in(self, request: Request) -> tuple[Console, datetime]:
        """The settings and the moment. Raises HTTPException where the board is not on, and for too many requests."""
        console, now = self.office.loaded.schedule.console, self.office.clock()
        if console is None or not console.public:
            raise HTTPException(404)
        if not self.requests.allows(caller_of(request), now):
            raise HTTPException(429, headers={"Retry-After": "60"})
        return console, now

    def _find(self, rulebook: Rulebook, with_scores: bool, now: datetime) -> bytes | None:
        """The board, made anew by one request while others get the one before; None where there is none yet."""
        county, settings = rulebook.county.id, (rulebook.digest, with_scores)
        kept = self.kept.get(county)
        if kept is not None and kept.settings != settings:
            kept = None
        if kept is not None and abs(now - kept.made_at) < _KEPT:
            return kept.page
        if not self.making.acquire(blocking=False):
            return kept.page if kept else None
        try:
            page = self._make(rulebook, with_scores, now)
            self.kept[county] = KeptBoard(now, settings, page)
            return page
        except Exception as error:
            log.error("the public board could not be made", exc_info=error, extra={"action": "console"})
            return kept.page if kept else None
        finally:
            self.making.release()

    def _make(self, rulebook: Rulebook, with_scores: bool, now: datetime) -> bytes:
        office, zone = self.office, rulebook.county.zone
        fresh = read_freshness(office.store, now)
        with office.store.read() as tx:
            board = read_board(tx, rulebook, office.loaded.calendar, now, with_scores=with_scores)
        as_of = f"{fresh.decided_at.astimezone(zone):%Y年%-m月%-d日%-H时}" if fresh.decided_at else ""
        values = {"board": board, "as_of": as_of, "is_late": bool(fresh.late)}
        return bytes(render_page("public", values, style="console.css", spoken=catalogue_of("zh")).body)
