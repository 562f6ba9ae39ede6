"""People with accounts, each at a browser of their own."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import aiohttp
import pytest

from tests.console.served_pages import House
from tracker.core.values.accounts import Role
from tracker.registers.accounts import record_account

#: The page of a matter that is overdue.
WATER = "/matter/small/small/water/huanbao/2015-07"
FIRST, OWN = "first-password-1", "正确的密码短语 Zq7"
DEPARTMENTS = {Role.LIAISON: "huanbao"}


@dataclass
class Person:
    """Somebody at a browser of their own."""

    house: House
    http: aiohttp.ClientSession
    login: str

    async def open(self, path: str) -> tuple[int, str]:
        async with self.http.get(f"{self.house.base}d{path}", allow_redirects=False) as answer:
            return answer.status, await answer.text()

    async def log_in(self, password: str = OWN, **fields: str) -> tuple[int, str, str]:
        """The status, where it leads, and the page."""
        data = {"login": self.login, "password": password, "next": "/matters", **fields}
        async with self.http.post(f"{self.house.base}d/login", data=data, allow_redirects=False) as answer:
            return answer.status, answer.headers.get("Location", ""), await answer.text()

    async def do(self, path: str, act: str, **fields: str) -> tuple[int, str]:
        """Send off a form to the page, with the key of the session, following to where it leads."""
        _, page = await self.open("/account")
        key = re.search(r'name="csrf" value="([^"]+)"', page)
        data = {"csrf": key[1] if key else "", "act": act, **fields}
        async with self.http.post(f"{self.house.base}d{path}", data=data) as answer:
            return answer.status, await answer.text()


def add(house: House, login: str, role: Role, password: str = FIRST) -> None:
    office, rulebook = house.small.office, house.small.office.loaded.rulebooks[0]
    name, department = f"{login}的姓名", DEPARTMENTS.get(role, "")
    with office.store.begin() as tx:
        record_account(tx, rulebook, login, name, role, department, password, "管理员", office.clock())


Come = Callable[..., Awaitable[Person]]


@pytest.fixture
async def come(house: House) -> AsyncIterator[Come]:
    async with people(house) as comes:
        yield comes


@asynccontextmanager
async def people(house: House) -> AsyncIterator[Come]:
    """Lets somebody come to a browser of their own: with an account whose first password was changed, or not."""
    async with AsyncExitStack() as browsers:

        async def comes(role: Role, login: str = "", *, changed: bool = True, known: bool = True) -> Person:
            jar = aiohttp.CookieJar(unsafe=True)  # takes cookies of a bare address too
            http = await browsers.enter_async_context(aiohttp.ClientSession(cookie_jar=jar))
            one = Person(house, http, login or role.value)
            if known:
                add(house, one.login, role)
                assert (await one.log_in(FIRST))[0] == 303
            if known and changed:
                status, page = await one.do("/account", "password", password=FIRST, new=OWN, again=OWN)
                assert (status, "密码已修改" in page) == (200, True), page
            return one

        yield comes
