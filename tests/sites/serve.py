"""Serves the sites of a corpus on loopback, each at an address of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any

from aiohttp import web

from tests.sites.case import OWN, StoredCase
from tracker.demo.site import listen, serve


@asynccontextmanager
async def serve_cases(cases: Sequence[StoredCase]) -> AsyncIterator[Mapping[str, str]]:
    """Gives the address of each case by its name; each has a port of its own."""
    async with AsyncExitStack() as stack:
        bases = {}
        for case in cases:
            sock, base = listen()
            bases[case.name] = base.rstrip("/")
            app = web.Application()
            app.router.add_route("*", "/{path:.*}", partial(_answer, case, bases[case.name]))
            await stack.enter_async_context(serve(app, sock))
        yield bases


async def _answer(case: StoredCase, base: str, request: web.Request) -> web.StreamResponse:
    how = case.answers.get(request.raw_path) or case.answers.get(request.path_qs) or case.answers.get(request.path)
    if how is None:
        return web.Response(
            status=404, text="<html><body><h1>404 Not Found</h1></body></html>", content_type="text/html"
        )
    if "redirect" in how:
        return web.Response(status=302, headers={"Location": str(how["redirect"])})
    if "jpage" in how:
        return await _records(request, how["jpage"])
    body = await asyncio.to_thread((case.folder / how["file"]).read_bytes)
    body = body.replace(OWN.encode(), base.encode()).replace(OWN[5:].encode(), base[5:].encode())
    headers = {"Content-Type": how.get("type") or _type_of(how["file"]), **how.get("headers", {})}
    if "cut" in how:
        return await _cut(request, body, int(how["cut"]), headers)
    return web.Response(status=int(how.get("status", 200)), body=body, headers=headers)


def _type_of(name: str) -> str:
    ext = name.rpartition(".")[2].lower()
    return {"html": "text/html", "htm": "text/html", "xml": "text/xml", "json": "application/json"}.get(
        ext, "application/octet-stream"
    )


async def _cut(request: web.Request, body: bytes, at: int, headers: Mapping[str, str]) -> web.StreamResponse:
    response = web.StreamResponse(headers={**headers, "Content-Length": str(len(body))})
    await response.prepare(request)
    await response.write(body[:at])
    assert request.transport
    request.transport.abort()
    return response


async def _records(request: web.Request, store: Mapping[str, Any]) -> web.Response:
    """What the proxy of a JCMS data store answers: by a range of records, or by groups with a link to the next."""
    records: list[str] = store["records"]
    asked = {**request.query, **{key: str(value) for key, value in (await request.post()).items()}}
    following = ""
    try:
        if store["by"] == "range":
            first, last = int(asked.get("startrecord", 1)), int(asked.get("endrecord", asked.get("perpage", 15)))
            part = records[max(first, 1) - 1 : last]
        else:
            page, size = int(asked.get("page", 0)), store["size"]
            part = records[page * size : (page + 1) * size]
            if (page + 1) * size < len(records):
                link = f'<a href="/module/web/jpage/dataproxy.jsp?page={page + 1}&{store["query"]}"></a>'
                following = f"<nextgroup><![CDATA[{link}]]></nextgroup>"
    except ValueError:
        return web.Response(status=500, text="java.lang.NumberFormatException")
    inner = "".join(f"<record><![CDATA[{record}]]></record>" for record in part)
    text = f"<?xml version='1.0' encoding='utf-8' ?><datastore>{following}<totalrecord>{len(records)}</totalrecord><recordset>{inner}</recordset></datastore>"  # noqa: E501
    return web.Response(text=text, content_type="text/xml", charset="utf-8")
