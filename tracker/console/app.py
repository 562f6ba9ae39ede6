"""Serves the answer pages over HTTP: a GET only shows; a POST must come from a form that was opened recently.

No cookie is set and no script is needed: whoever holds the link may answer its notices, and nothing else.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from tracker.console import health, links, metrics
from tracker.console.answering import Answering, AnswerPage, AnswerResult
from tracker.console.api.app import make_api
from tracker.console.callers import caller_of, is_from_here
from tracker.console.context import ConsoleContext
from tracker.console.feeds import Feeds
from tracker.console.files import ACCEPTED
from tracker.console.forms import (
    MAX_NAME,
    MAX_TEXT,
    MAX_URL,
    FileForms,
    FormError,
    PostedForm,
    StaleFormError,
    Typed,
    line,
    read_form,
)
from tracker.console.given import Given, read_given, read_objection
from tracker.console.html import headers, render_page
from tracker.console.limiter import Limiter
from tracker.console.log_in_pages import LogInPage
from tracker.console.pages.all_pages import ALL_PAGES
from tracker.console.public import PublicPages
from tracker.console.shared import Shared
from tracker.console.sign_in_pages import SignInPages
from tracker.console.signed_in import SignedInPages
from tracker.console.unchanged import UnchangedPages
from tracker.console.views import AnswerableNotice

log = logging.getLogger(__name__)

_MINUTE = timedelta(minutes=1)
_CONTACT = "如仍有问题，请与发出督办邮件的单位联系。"
_WITHIN = {
    "days": "{}日内",
    "workdays": "{}个工作日内",
    "hours": "{}小时内",
    "same-workday": "当日",
    "stated-day": "所定期限内",
}
_TOO_MANY_CHECKS = "本小时内提交核对的次数过多，本次未登记，请过一小时再提交。"
_USE_LATEST_LINK = f"请使用最近一封督办邮件中的链接。{_CONTACT}"


def _message(status: int, title: str, text: str) -> Response:
    return render_page("message", {"title": title, "text": text}, status=status)


class Pages:
    """The handlers of the pages."""

    def __init__(self, office: ConsoleContext, shared: Shared) -> None:
        self._office, self._shared = office, shared
        self._answering = Answering(office)
        self._requests = Limiter(240, _MINUTE)  # an office may sit behind one address
        self._bad_links = Limiter(30, _MINUTE)  # links that open nothing: somebody guesses
        self._posts = Limiter(60, _MINUTE)
        self._checks = Limiter(20, 60 * _MINUTE)  # addresses and files checked for one message
        self._files = FileForms()

    def app(self) -> Starlette:
        message, notice = "/r/{token}", "/r/{token}/{number:int}"
        login = LogInPage(self._office, self._posts, self._shared.typed)
        app = Starlette(
            routes=[
                Route(message, self._show, methods=["GET"]),
                Route(message, self._posting(self._acknowledge), methods=["POST"]),
                Route(notice, self._show, methods=["GET"]),
                Route(notice, self._posting(self._answer), methods=["POST"]),
                Route("/robots.txt", _robots),
                *health.routes(self._office),
                *metrics.routes(self._office),
                *PublicPages(self._office).routes(),
                *Feeds(self._office, self._requests, self._bad_links).routes(),
                *make_api(self._office, self._shared.checks, self._shared.sums),
                *login.routes(),
                *SignInPages(login).routes(),
                *SignedInPages(
                    self._office, self._files, ALL_PAGES, self._shared, UnchangedPages(self._office)
                ).routes(),
            ],
            exception_handlers={HTTPException: _http_error},
        )
        app.router.redirect_slashes = False  # it would lead wherever the Host header says
        return app

    # -- checks before every page ------------------------------------------------------------------

    def _posting(
        self, handler: Callable[[Request, AnswerPage], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """A handler of forms, called with the page that the link opens."""

        async def posted(request: Request) -> Response:
            refusal = self._refusal(request)
            if refusal is not None:
                return refusal
            try:
                page = await asyncio.to_thread(self._open, request)
                try:
                    return await handler(request, page)
                except StaleFormError as error:
                    return self._render(request, page, AnswerResult("refused", str(error)), error.status, error.form)
            except Exception as error:
                return self._failure(request, error)

        return posted

    def _refusal(self, request: Request) -> Response | None:
        """The response to a caller who asks too often, or posts from another site; None: it is let in."""
        now, caller, posting = self._office.clock(), caller_of(request), request.method == "POST"
        if not self._requests.allows(caller, now) or (posting and not self._posts.allows(caller, now)):
            return _too_often()
        if posting and not is_from_here(request, self._office):
            return _message(403, "未能提交", "提交不是从本系统的页面发出的。请重新打开邮件中的链接。")
        return None

    def _open(self, request: Request) -> AnswerPage:
        return self._answering.open(request.path_params["token"], self._office.clock(), caller_of(request))

    def _failure(self, request: Request, error: Exception) -> Response:
        """The response when no page could be made."""
        if isinstance(error, links.LinkError):
            return (
                _link_error(error) if self._bad_links.allows(caller_of(request), self._office.clock()) else _too_often()
            )
        if isinstance(error, FormError):
            return _message(error.status, "未能提交", str(error))
        # The log names the error and not the link: a link is a key.
        log.error("%s of a page failed", request.method, exc_info=error, extra={"action": "console"})
        return _message(500, "系统暂时出错", f"本次未能登记，请稍后重试。{_CONTACT}")

    # -- the pages -------------------------------------------------------------------------------------

    def _show(self, request: Request) -> Response:
        """A plain function: the server runs it in a thread."""
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        try:
            return self._render(request, self._open(request), None, 200)
        except Exception as error:
            return self._failure(request, error)

    def _render(
        self,
        request: Request,
        page: AnswerPage,
        result: AnswerResult | None,
        status: int,
        form: PostedForm | None = None,
    ) -> Response:
        """The page with all notices of the message, or with one of them; a single notice needs no list."""
        number = request.path_params.get("number")
        values: dict[str, object] = {"page": page, "county": page.rulebook.county.name, "result": result}
        values |= {"stamp": self._stamp(request), "limits": (MAX_NAME, MAX_TEXT, MAX_URL)}
        values["effect"] = self._effect()
        values["given"] = Typed({name: each[0] for name, each in form.fields.items()} if form else {})
        values |= {"accepted": ACCEPTED, "megabytes": self._max_file // 1_000_000}
        token = request.path_params["token"]
        if page.consultations:
            return render_page("consultation", {**values, "token": token, "empty": Typed()}, status=status)
        if number is None and len(page.notices) != 1:
            unseen = any("seen" in notice.open_answers for notice in page.notices)
            return render_page("letter", {**values, "token": token, "unseen": unseen}, status=status)
        notice = self._notice(request, page)
        back = f"../{token}" if len(page.notices) > 1 else ""
        return render_page("notice", {**values, "notice": notice, "back": back}, status=status)

    async def _acknowledge(self, request: Request, page: AnswerPage) -> Response:
        """Record 知悉 for the ticked notices; if the message has a single notice, any answer to it."""
        if page.consultations:
            return await self._object(request, page)
        if len(page.notices) == 1:
            return await self._answer(request, page)
        form = await self._form(request)
        name, now = line(form.first("name"), MAX_NAME), self._office.clock()
        chosen = set(filter(None, map(_number, form.fields.get("matter", []))))
        notices = [notice for notice in page.notices if notice.id in chosen]
        if not notices:
            return self._render(request, page, AnswerResult("refused", "请先勾选已知悉的事项。"), 422)
        for notice in notices:
            await self._answering.answer(page, notice, Given("seen", name), now)
        return RedirectResponse(request.path_params["token"], 303, headers())

    async def _answer(self, request: Request, page: AnswerPage) -> Response:
        if page.consultations:
            return await self._object(request, page)
        notice = self._notice(request, page)
        form = await self._form(request, takes_file="filed" in notice.open_answers)
        now = self._office.clock()
        try:
            given = read_given(form, notice.event, page.rulebook.county, now)
        except FormError as error:
            return self._render(request, page, AnswerResult("refused", str(error)), error.status, form)
        if given.kind in ("published", "filed") and not self._checks.allows(page.letter.id, now):
            return self._render(request, page, AnswerResult("refused", _TOO_MANY_CHECKS), 429, form)
        result = await self._answering.answer(page, notice, given, now)
        if result.outcome == "refused":
            return self._render(request, page, result, 422, form)
        if result.outcome == "known":
            return self._render(request, page, result, 200)
        # The page is loaded anew: it shows the answer as recorded, and reloading records nothing.
        return RedirectResponse(str(request.path_params.get("number", request.path_params["token"])), 303, headers())

    async def _object(self, request: Request, page: AnswerPage) -> Response:
        """File an objection to one line of a consultation."""
        form = await self._form(request)
        about, number = _number(form.first("consultation")), _number(form.first("line"))
        consultation = next((each for each in page.consultations if each.id == about), None)
        if consultation is None:
            raise links.LinkError("unknown")
        try:
            given = read_objection(form)
        except FormError as error:
            return self._render(request, page, AnswerResult("refused", str(error)), error.status, form)
        result = await self._answering.object_to_line(page, consultation, number, given, self._office.clock())
        if result.outcome == "refused":
            return self._render(request, page, result, 422, form)
        return RedirectResponse(str(request.path_params.get("number", request.path_params["token"])), 303, headers())

    def _notice(self, request: Request, page: AnswerPage) -> AnswerableNotice:
        number = request.path_params.get("number")
        notice = page.notices[0] if number is None else page.find_notice(number)
        if notice is None:
            raise links.LinkError("unknown")
        return notice

    # -- forms -----------------------------------------------------------------------------------------

    def _secret(self) -> str:
        console = self._office.loaded.schedule.console
        return console.secret.reveal() if console else ""

    def _effect(self) -> str:
        """What an answer does and does not do (Chinese)."""
        console = self._office.loaded.schedule.console
        quiet = _WITHIN[console.quiet.unit].format(console.quiet.amount) if console else ""
        return f"提交回执后{quiet}不再重复催办，但不影响提级督办；是否办结，以网站检查和人工认定为准。"

    def _stamp(self, request: Request) -> str:
        return links.stamp(self._secret(), request.path_params["token"], self._office.clock())

    @property
    def _max_file(self) -> int:
        return self._office.loaded.schedule.filings.max_bytes

    async def _form(self, request: Request, *, takes_file: bool = False) -> PostedForm:
        """The posted form. A file may take longer to arrive than a form. Raises FormError."""
        form = await (self._files.read(request, self._max_file) if takes_file else read_form(request))
        given = form.first("stamp")
        if not links.stamped(self._secret(), request.path_params["token"], given, self._office.clock()):
            raise StaleFormError(form)
        return form


def _number(text: str) -> int:
    """The number that a form names; 0 where it names none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0


def _link_error(error: links.LinkError) -> Response:
    if error.why == "expired":
        return _message(410, "链接已过期", f"该链接已超过有效期，未作任何登记。{_USE_LATEST_LINK}")
    if error.why == "former":
        return _message(
            410,
            "链接已停用",
            "收到这封邮件的邮箱已不是该单位现任联络员或者负责人的邮箱，该链接不再有效，未作任何登记。请把邮件转给现任联络员；现任联络员仍是"
            f"您、只是换了邮箱的，{_USE_LATEST_LINK}",
        )
    return _message(404, "链接无效", f"没有找到该链接对应的督办事项，链接可能不完整或已更换。{_USE_LATEST_LINK}")


def _too_often() -> Response:
    response = _message(429, "操作过于频繁", "请等一分钟后返回上一页重新提交，此前已登记的回执不受影响。")
    response.headers["Retry-After"] = "60"
    return response


async def _robots(_request: Request) -> Response:
    return PlainTextResponse("User-agent: *\nDisallow: /\n", headers=headers())


async def _http_error(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 405:
        response = _message(405, "不支持的操作", "请通过邮件中的链接打开页面。")
        allow = getattr(error, "headers", None) or {}
        response.headers.update(allow)
        return response
    if status == 429:
        return _too_often()
    if status == 503:
        response = _message(503, "正在生成", "页面正在生成，请过十秒钟再打开。")
        response.headers["Retry-After"] = "10"
        return response
    return _message(status, "页面不存在", f"请从督办邮件中的链接进入。{_USE_LATEST_LINK}")


def make_app(office: ConsoleContext, shared: Shared) -> Starlette:
    """The pages of an office."""
    return Pages(office, shared).app()
