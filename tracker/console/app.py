"""The pages over HTTP: a GET shows, and only a POST of a form that was opened of late does anything.

No cookie is set and no script is needed: whoever holds the link may answer what it names, and nothing else.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from notifications.render import upright
from tracker.console import links
from tracker.console.answering import KINDS, AnswerableNotice, Answering, AnswerPage, Done
from tracker.console.context import ConsoleContext
from tracker.console.forms import MAX_NAME, MAX_TEXT, MAX_URL, FormError, line, prose, read_form, web_address
from tracker.console.limiter import Limiter
from tracker.core.escalation.notice_kinds import AnswerKind

log = logging.getLogger(__name__)

_TEMPLATES = Path(__file__).parent / "templates"
_MINUTE = timedelta(minutes=1)
_CALL = "如仍有问题，请与县政务公开办公室联系。"
_ASK = f"请使用最近一封督办邮件中的链接。{_CALL}"


@cache
def _environment() -> Environment:
    """All values escaped and without what turns what follows them; a missing one is an error."""
    return Environment(
        finalize=upright,
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


@cache
def _style() -> str:
    return (_TEMPLATES / "style.css").read_text("utf-8")


@cache
def _headers() -> dict[str, str]:
    """Of every page: nothing is loaded from anywhere, framed, kept or told to another site."""
    style = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return {
        "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'",
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",  # without any, browsers name no origin of a post either
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex, nofollow",
    }


def _page(name: str, status: int = 200, **values: object) -> HTMLResponse:
    text = _environment().get_template(f"{name}.html.j2").render(style=_style(), **values)
    return HTMLResponse(text, status, _headers())


def _message(status: int, title: str, text: str) -> HTMLResponse:
    return _page("message", status, title=title, text=text)


class Pages:
    """The handlers, with what they share."""

    def __init__(self, desk: ConsoleContext) -> None:
        self._desk = desk
        self._answering = Answering(desk)
        self._asked = Limiter(240, _MINUTE)  # an office may sit behind one address
        self._strange = Limiter(30, _MINUTE)  # links that open nothing: somebody guesses
        self._posted = Limiter(60, _MINUTE)
        self._checked = Limiter(20, 60 * _MINUTE)  # addresses looked at for one message

    def app(self) -> Starlette:
        letter, matter = "/r/{token}", "/r/{token}/{number:int}"
        app = Starlette(
            routes=[
                Route(letter, self._show, methods=["GET"]),
                Route(letter, self._posting(self._seen), methods=["POST"]),
                Route(matter, self._show, methods=["GET"]),
                Route(matter, self._posting(self._answer), methods=["POST"]),
                Route("/robots.txt", _robots),
            ],
            exception_handlers={HTTPException: _refused},
        )
        app.router.redirect_slashes = False  # it would lead wherever the Host header says
        return app

    # -- what stands before every page ---------------------------------------------------------------

    def _posting(
        self, handler: Callable[[Request, AnswerPage], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """A handler of forms, called with the page that the link opens."""

        async def posted(request: Request) -> Response:
            refusal = self._refusal(request)
            if refusal is not None:
                return refusal
            try:
                return await handler(request, await asyncio.to_thread(self._open, request))
            except Exception as error:
                return self._failure(request, error)

        return posted

    def _refusal(self, request: Request) -> Response | None:
        """The answer to who asks too often, or posts from elsewhere."""
        now, caller, posting = self._desk.clock(), _caller(request), request.method == "POST"
        if not self._asked.allows(caller, now) or (posting and not self._posted.allows(caller, now)):
            return _too_often()
        if posting and not self._from_here(request):
            return _message(403, "未能提交", "提交不是从本系统的页面发出的。请重新打开邮件中的链接。")
        return None

    def _open(self, request: Request) -> AnswerPage:
        return self._answering.open(request.path_params["token"], self._desk.clock(), _caller(request))

    def _failure(self, request: Request, error: Exception) -> Response:
        """The answer where no page could be made."""
        if isinstance(error, links.LinkError):
            return _dead(error) if self._strange.allows(_caller(request), self._desk.clock()) else _too_often()
        if isinstance(error, FormError):
            return _message(error.status, "未能提交", str(error))
        # The log names the defect, and not the link that met it.
        log.error("%s of a page failed", request.method, exc_info=error, extra={"action": "console"})
        return _message(500, "系统暂时出错", f"本次未能登记，请稍后重试。{_CALL}")

    def _from_here(self, request: Request) -> bool:
        """Whether a post comes from one of our own pages, as far as the browser says."""
        console = self._desk.loaded.schedule.console
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return False
        origin, base = request.headers.get("origin", "null"), urlsplit(console.base if console else "")
        return origin == "null" or origin.lower() == f"{base.scheme}://{base.netloc}".lower()

    # -- the pages -------------------------------------------------------------------------------------

    def _show(self, request: Request) -> Response:
        """A plain function: the server runs it in a thread."""
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        try:
            return self._shown(request, self._open(request), None, 200)
        except Exception as error:
            return self._failure(request, error)

    def _shown(self, request: Request, page: AnswerPage, done: Done | None, status: int, **given: str) -> Response:
        """The list of a message's matters, or one of them; one alone needs no list."""
        number = request.path_params.get("number")
        values: dict[str, object] = {"page": page, "county": page.rulebook.county.name, "done": done, "kinds": KINDS}
        values |= {"stamp": self._stamp(request), "limits": (MAX_NAME, MAX_TEXT, MAX_URL)}
        values["given"] = {"name": "", "url": "", "text": "", **given}
        if number is None and len(page.matters) != 1:
            token = request.path_params["token"]
            return _page(
                "letter", status, token=token, unseen=any("seen" in notice.offers for notice in page.matters), **values
            )
        matter = page.matters[0] if number is None else page.matter(number)
        if matter is None:
            raise links.LinkError("unknown")
        back = f"../{request.path_params['token']}" if len(page.matters) > 1 else ""
        return _page("matter", status, matter=matter, back=back, **values)

    async def _seen(self, request: Request, page: AnswerPage) -> Response:
        """知悉 of those that were ticked; where the message tells of one thing alone, any answer to it."""
        if len(page.matters) == 1:
            return await self._answer(request, page)
        form = await self._form(request)
        name, now = line(form.get("name", [""])[0], MAX_NAME), self._desk.clock()
        chosen = {int(one) for one in form.get("matter", []) if one.isascii() and one.isdecimal() and len(one) < 18}
        matters = [matter for matter in page.matters if matter.id in chosen]
        if not matters:
            return self._shown(request, page, Done("refused", "请先勾选事项。"), 422)
        for notice in matters:
            await self._answering.answer(page, notice, "seen", now, name=name)
        return RedirectResponse(request.path_params["token"], 303, _headers())

    async def _answer(self, request: Request, page: AnswerPage) -> Response:
        matter = self._matter(request, page)
        form = await self._form(request)
        first = {key: values[0] for key, values in form.items()}
        given = {
            "name": line(first.get("name", ""), MAX_NAME),
            "url": first.get("url", ""),
            "text": first.get("text", ""),
        }
        try:
            kind, text = self._read(first)
        except FormError as error:
            return self._shown(request, page, Done("refused", str(error)), error.status, **given)
        now = self._desk.clock()
        if kind == "published" and not self._checked.allows(page.link.message, now):
            return _too_often()
        done = await self._answering.answer(page, matter, kind, now, name=given["name"], text=text)
        if done.outcome == "refused":
            return self._shown(request, page, done, 422, **given)
        if done.outcome == "known":
            return self._shown(request, page, done, 200)
        # Seen as recorded when the page is loaded anew, and reloading records nothing.
        return RedirectResponse(str(request.path_params.get("number", request.path_params["token"])), 303, _headers())

    def _matter(self, request: Request, page: AnswerPage) -> AnswerableNotice:
        number = request.path_params.get("number")
        matter = page.matters[0] if number is None else page.matter(number)
        if matter is None:
            raise links.LinkError("unknown")
        return matter

    def _read(self, form: dict[str, str]) -> tuple[AnswerKind, str]:
        """Which answer, and its text. Raises FormError."""
        kind = form.get("kind", "")
        if kind not in KINDS:
            raise FormError(422, "请选择回执的种类。")
        if kind == "published":
            return "published", web_address(form.get("url", ""))
        if kind == "explained" and not (text := prose(form.get("text", ""))):
            raise FormError(422, "请填写情况说明。")
        return cast(AnswerKind, kind), text if kind == "explained" else ""

    # -- forms -----------------------------------------------------------------------------------------

    def _secret(self) -> str:
        console = self._desk.loaded.schedule.console
        return console.secret.reveal() if console else ""

    def _stamp(self, request: Request) -> str:
        return links.stamp(self._secret(), request.path_params["token"], self._desk.clock())

    async def _form(self, request: Request) -> dict[str, list[str]]:
        form = await read_form(request)
        given = form.get("stamp", [""])[0]
        if not links.stamped(self._secret(), request.path_params["token"], given, self._desk.clock()):
            raise FormError(403, "页面打开已久或提交的内容不完整，本次未登记。请重新打开邮件中的链接后再提交。")
        return form


def _caller(request: Request) -> str:
    return request.client.host if request.client else ""


def _dead(error: links.LinkError) -> Response:
    if error.why == "expired":
        return _message(410, "链接已过期", f"该链接已超过有效期，未作任何登记。{_ASK}")
    return _message(404, "链接无效", f"没有找到该链接对应的督办事项，链接可能不完整或已更换。{_ASK}")


def _too_often() -> Response:
    response = _message(429, "操作过于频繁", "请等一分钟后再试，此前已登记的回执不受影响。")
    response.headers["Retry-After"] = "60"
    return response


async def _robots(_request: Request) -> Response:
    return PlainTextResponse("User-agent: *\nDisallow: /\n", headers=_headers())


async def _refused(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 405:
        response = _message(405, "不支持的操作", "请通过邮件中的链接打开页面。")
        allow = getattr(error, "headers", None) or {}
        response.headers.update(allow)
        return response
    return _message(status, "页面不存在", f"请从督办邮件中的链接进入。{_ASK}")


def make_app(desk: ConsoleContext) -> Starlette:
    """The pages of a house."""
    return Pages(desk).app()
