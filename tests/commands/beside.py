"""Servers that run in a thread of their own beside a command."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import TypeVar

from aiohttp import web

from tracker.demo.site import listen, serve

T = TypeVar("T")


@contextmanager
def beside(server: AbstractAsyncContextManager[T]) -> Iterator[T]:
    """Run a server until the block ends; what it yields."""
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    entered: Future[T] = Future()

    async def run() -> None:
        async with server as value:
            entered.set_result(value)
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    yield entered.result()
    loop.call_soon_threadsafe(stop.set)
    thread.join()
    loop.close()


@contextmanager
def web_pages(pages: Mapping[str, str]) -> Iterator[str]:
    """A site of these pages by path, each given as the HTML of its body; its address."""

    async def answer(request: web.Request) -> web.Response:
        body = pages.get(request.path)
        if body is None:
            return web.Response(status=404, text="网页不存在")
        return web.Response(text=f"<html><body>{body}</body></html>", content_type="text/html", charset="utf-8")

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    sock, base = listen()
    with beside(serve(app, sock)):
        yield base
