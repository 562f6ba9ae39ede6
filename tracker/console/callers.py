"""Who asks for a page, and whether a form was posted from one of ours."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request

from tracker.console.context import ConsoleContext


def caller_of(request: Request) -> str:
    """The address from which it was asked; "" where nobody knows."""
    return request.client.host if request.client else ""


def is_from_here(request: Request, office: ConsoleContext) -> bool:
    """Whether a post comes from one of our pages, by what the browser says."""
    console = office.loaded.schedule.console
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin, base = request.headers.get("origin", "null"), urlsplit(console.base if console else "")
    return origin == "null" or origin.lower() == f"{base.scheme}://{base.netloc}".lower()
