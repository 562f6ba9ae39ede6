"""What the tests of evidence share beside fixtures."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2015, 9, 30)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Serve = Callable[[Handler], Awaitable[str]]


class Clock:
    """A clock that moves a second with every reading, and as far as a test says."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)
