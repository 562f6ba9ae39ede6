"""The one place that reads the clock. Below the entry points `now` is a parameter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

#: What is handed to code whose work takes time (a crawl, a delivery): each call gives its own instant.
Clock = Callable[[], datetime]

#: How far the clocks of machines that share a database may differ, and how far an adjustment may set one back.
SKEW = timedelta(hours=1)


def system_clock() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)
