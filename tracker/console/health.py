"""Says to a machine that watches this one whether the pages are served, and whether what they show is fresh."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tracker.console.context import ConsoleContext
from tracker.console.freshness import read_freshness

_HEADERS = {"Cache-Control": "no-store"}


def routes(office: ConsoleContext) -> list[Route]:
    """`/healthz`: the process answers. `/readyz`: the database does too, and nothing is late; else 503 and why."""
    return [
        Route("/healthz", lambda _request: PlainTextResponse("ok\n", headers=_HEADERS), methods=["GET"]),
        Route("/readyz", _readiness(office), methods=["GET"]),
    ]


def _readiness(office: ConsoleContext) -> Callable[[Request], Response]:
    def answer(_request: Request) -> Response:
        try:
            late = read_freshness(office.store, office.clock()).late
        except Exception as error:  # whatever keeps the database from answering
            return PlainTextResponse(f"database: {type(error).__name__}\n", 503, headers=_HEADERS)
        if late:
            return PlainTextResponse(f"late: {', '.join(late)}\n", 503, headers=_HEADERS)
        return PlainTextResponse("ok\n", headers=_HEADERS)

    return answer
