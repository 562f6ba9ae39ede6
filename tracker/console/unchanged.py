"""Answers 304 where the browser has the page as it would be made now (RFC 9110, 13.1.2), before the page is made.

A page is made of the database, the rules in force, the address, who asks, and the minute that stands at its foot. Its
tag is a hash of these: where it is the same, nothing that any page reads can be another.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from tracker.console.context import ConsoleContext
from tracker.console.html import headers
from tracker.core.law.county import Rulebook
from tracker.rulebook.loaded import Loaded


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page depends on besides its address, the database and the rules. `key`: the session's, as in its forms."""

    request: Request
    rulebook: Rulebook
    key: str
    language: str
    now: datetime


@dataclass(slots=True)
class UnchangedPages:
    """Tags of pages; those of an earlier start of the program, perhaps of another version, count no more."""

    office: ConsoleContext
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _rules: tuple[Loaded | None, str] = (None, "")

    def answer(self, asked: Asked, make: Callable[[], Response], *, is_stored: bool) -> Response:
        """The page, with its tag; 304 where the browser has it. `is_stored`: whether the browser may keep it."""
        tag = self._tag_of(asked)
        if not tag:
            return make()
        added = {"ETag": tag, "Vary": "Cookie"}  # a browser that goes back shows nobody what was another session's
        if is_stored:
            added["Cache-Control"] = "private, no-cache"
        if tag.removeprefix("W/") in tags_in(asked.request):
            return Response(status_code=304, headers={**headers("console.css"), **added})
        page = make()
        # What a page with an age says is older than what its tag would stand for.
        if page.status_code == 200 and isinstance(page, HTMLResponse) and "Age" not in page.headers:
            page.headers.update(added)
        return page

    def _tag_of(self, asked: Asked) -> str:
        """A weak tag; "" while other rules are coming into force. Asked before anything of the page is read."""
        loaded = self.office.loaded
        if not any(book is asked.rulebook for book in loaded.rulebooks):
            return ""
        rules = self._rules
        if rules[0] is not loaded:
            rules = self._rules = loaded, secrets.token_hex(8)
        scope, minute = asked.request.scope, asked.now.replace(second=0, microsecond=0).isoformat()
        address = (scope["path"], scope["query_string"])
        parts = (address, asked.key, asked.language, minute, rules[1], self.office.store.read_version())
        digest = hmac.new(self._secret, repr(parts).encode(), hashlib.sha256).digest()
        return f'W/"{base64.urlsafe_b64encode(digest[:18]).decode()}"'


def forget_pages(response: Response) -> None:
    """Let the browser drop the pages that it keeps, also those to which its back button leads."""
    response.headers["Clear-Site-Data"] = '"cache"'


def tags_in(request: Request) -> set[str]:
    """The tags of what the browser has, compared weakly."""
    given = ",".join(request.headers.getlist("if-none-match"))
    return {tag.strip().removeprefix("W/") for tag in given.split(",")}
