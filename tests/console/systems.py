"""Other systems, each with a token of its own, that use the API of the small county."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from yarl import URL

from tests.console.served_pages import House
from tracker.core.values.accounts import Scope
from tracker.registers.tokens import make_api_token, record_token

WATER = "small/small/water/huanbao/2015-07"


@dataclass
class System:
    """A system that asks the API; `last`: the headers of the latest answer."""

    house: House
    http: aiohttp.ClientSession
    token: str
    last: dict[str, str] = field(default_factory=dict)

    async def ask(self, method: str, path: str, body: Any = None, **options: Any) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": "en", **options.pop("headers", {})}
        given = {"json": body} if body is not None else {}
        url = URL(f"{self.house.base}api/v1{path}", encoded=True)
        async with self.http.request(method, url, headers=headers, **given, **options) as answer:
            self.last = dict(answer.headers)
            return answer.status, await answer.json(content_type=None)

    async def get(self, path: str, **query: Any) -> tuple[int, Any]:
        return await self.ask("GET", path, params=query)

    async def post(self, path: str, body: Any, **options: Any) -> tuple[int, Any]:
        return await self.ask("POST", path, body, **options)


Connect = Callable[..., System]


@asynccontextmanager
async def systems(house: House) -> AsyncIterator[Connect]:
    """Connects a system whose token has these scopes (left out: all)."""
    async with AsyncExitStack() as sessions:
        http = await sessions.enter_async_context(aiohttp.ClientSession())

        def connect(*scopes: Scope, name: str = "财务系统", department: str = "", days: int = 30) -> System:
            office, token = house.small.office, make_api_token()
            until = office.clock() + timedelta(days=days)
            with office.store.begin() as tx:
                record_token(
                    tx, office.loaded.rulebooks[0], name, token, scopes or list(Scope), department, until, "管理员",
                    office.clock(),
                )  # fmt: skip
            return System(house, http, token)

        yield connect


@pytest.fixture
async def connect(house: House) -> AsyncIterator[Connect]:
    async with systems(house) as made:
        yield made
