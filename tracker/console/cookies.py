"""The cookies of the pages: of a session, of a log-in at the identity provider, and of the language."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from tracker.console.context import ConsoleContext

#: A cookie with this prefix is taken only from a secure page of this very host (RFC 6265bis, 4.1.3.2).
_SECURE = "__Host-"
_SESSION, _SIGN_IN, _LANGUAGE = "duban", "duban-sign-in", "duban-language"


def session_key(request: Request, office: ConsoleContext) -> str:
    """The value of the session's cookie; "" where there is none. A cookie of the other name is not ours: any host of
    the same domain may set one without the prefix."""
    return request.cookies.get(_prefix(office) + _SESSION, "")


def set_session(response: Response, office: ConsoleContext, key: str) -> None:
    """Give the browser the session's key, until it is closed. "" takes it away."""
    _set(response, office, _SESSION, key)


def sign_in_key(request: Request, office: ConsoleContext) -> str:
    """The key of a log-in at the identity provider that was begun in this browser; "" where none was."""
    return request.cookies.get(_prefix(office) + _SIGN_IN, "")


def set_sign_in(response: Response, office: ConsoleContext, key: str) -> None:
    """Give the browser the key of a log-in at the identity provider. "" takes it away."""
    _set(response, office, _SIGN_IN, key)


def language_of(request: Request) -> str:
    return "en" if request.cookies.get(_LANGUAGE) == "en" else "zh"


def set_language(response: Response, language: str) -> None:
    response.set_cookie(_LANGUAGE, language, max_age=365 * 86_400, path="/", httponly=True, samesite="lax")


def is_secure(office: ConsoleContext) -> bool:
    """Whether the pages are reached by https."""
    console = office.loaded.schedule.console
    return console is not None and console.base.startswith("https:")


def _prefix(office: ConsoleContext) -> str:
    return _SECURE if is_secure(office) else ""


def _set(response: Response, office: ConsoleContext, name: str, key: str) -> None:
    prefix = _prefix(office)
    if key:
        response.set_cookie(prefix + name, key, path="/", secure=bool(prefix), httponly=True, samesite="lax")
    else:
        response.delete_cookie(prefix + name, path="/", secure=bool(prefix), httponly=True, samesite="lax")
