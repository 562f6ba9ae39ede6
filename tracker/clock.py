"""The one place that reads the clock. Below the entry points `now` is a parameter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

#: What is handed to code whose work takes time (a crawl, a delivery): each call gives its own instant.
Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)
