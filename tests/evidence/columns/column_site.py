"""A column of a hundred days on a real server, whose pages a test may overwrite."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta

from aiohttp import web

from tests.evidence.evidence_site import Handler
from tracker.evidence.listing.columns import ColumnReading

Read = Callable[..., Awaitable[ColumnReading]]


def rows(days: Sequence[date], prefix: str = "") -> str:
    return "".join(
        f'<li><a href="/hjbh/{prefix}{day:%Y%m%d}x.html">{day.month}月{day.day}日环境监测情况公告</a><span>{day}</span></li>'
        for day in days
    )


def days(newest: date, count: int) -> list[date]:
    return [newest - timedelta(days=n) for n in range(count)]


class Site:
    """A column of a hundred days, ten a page; `pages` may be overwritten, `asked` says what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answers: dict[str, web.Response] = {}
        self.handler: Handler = self.answer
        self.pages = {
            self.path(
                n
            ): f"<html><body><ul>{rows(days(date(2015, 9, 28) - timedelta(days=10 * n), 10))}</ul>{self.pager(n)}</body></html>"
            for n in range(10)
        }

    def path(self, n: int) -> str:
        return "/hjbh/" if n == 0 else f"/hjbh/index_{n}.html"

    def pager(self, n: int) -> str:
        return (
            f'<div class="page">共10页 <a href="{self.path(n + 1)}">下一页</a></div>'
            if n < 9
            else '<div class="page">共10页</div>'
        )

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        return await self.handler(request)

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        if (answer := self.answers.get(request.path)) is not None:
            return answer
        if (html := self.pages.get(request.path)) is None:
            return web.Response(status=404)
        tag = f'"{hash(html)}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304)
        return web.Response(text=html, content_type="text/html", headers={"ETag": tag})
