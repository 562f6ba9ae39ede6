"""Where the pages behind the log-in lie, and what is answered in place of one."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tracker.catalogue import catalogue_of, translate
from tracker.console.context import ConsoleContext
from tracker.console.cookies import language_of, session_key
from tracker.console.html import headers, render_page

#: Where the pages lie below the console's base, which may have a path of its own.
PLACE = "/d"


def place_of(office: ConsoleContext) -> str:
    """Where the browser finds the pages: below the path of the console's base."""
    console = office.loaded.schedule.console
    return f"{urlsplit(console.base).path.rstrip('/') if console else ''}{PLACE}"


def address_of(request: Request) -> str:
    """The path that was asked for, with its query."""
    return f"{request.url.path}{f'?{request.url.query}' if request.url.query else ''}"


def to_login(office: ConsoleContext, request: Request, *, to_page: bool = False) -> Response:
    """Send who is not logged in to the log-in, and from there to the page that was asked for.

    `to_page`: also after a post, as what was typed is shown there again.
    """
    path = address_of(request).removeprefix(PLACE) if request.method == "GET" or to_page else "/"
    ended = "&ended=1" if session_key(request, office) else ""
    return RedirectResponse(f"{place_of(office)}/login?next={quote(path)}{ended}", 303, headers("console.css"))


def message_page(office: ConsoleContext, request: Request, status: int, title: str, text: str) -> Response:
    spoken = catalogue_of(language_of(request))
    shown = {"place": place_of(office), "title": translate(spoken, title), "text": translate(spoken, text)}
    return render_page("signed_in/message", shown, status=status, style="console.css", spoken=spoken)


def next_path(given: str) -> str:
    """Where to go after the log-in: a path of ours, never another site's."""
    return given if given.startswith("/") and not given.startswith(("//", "/\\")) and given.isprintable() else "/"
