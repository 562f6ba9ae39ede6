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
from tracker.store.accounts import change_account

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
    #: The cookies of the session in which the page of the account was last read, and the key its forms carry.
    read: tuple[set[str], str] = (set(), "")

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
        data = {"csrf": await self.form_key(), "act": act, **fields}
        async with self.http.post(f"{self.house.base}d{path}", data=data) as answer:
            return answer.status, await answer.text()

    async def form_key(self) -> str:
        """What the forms of the session carry, as a page says it; "" where nobody is logged in."""
        cookies = {each.value for each in self.http.cookie_jar}
        if not self.read[1] or cookies != self.read[0]:
            _, page = await self.open("/account")
            key = re.search(r'name="csrf" value="([^"]+)"', page)
            self.read = cookies, key[1] if key else ""
        return self.read[1]


def add(house: House, login: str, role: Role, password: str = FIRST, *, changed: bool = False) -> None:
    """An account with that password: a first one, or one that its owner chose."""
    office, rulebook = house.small.office, house.small.office.loaded.rulebooks[0]
    name, department = f"{login}的姓名", DEPARTMENTS.get(role, "")
    with office.store.begin() as tx:
        made = record_account(tx, rulebook, login, name, role, department, password, "管理员", office.clock())
        change_account(tx, made.value.id, must_change=not changed)


Come = Callable[..., Awaitable[Person]]


@pytest.fixture
async def come(house: House) -> AsyncIterator[Come]:
    async with people(house) as comes:
        yield comes


@asynccontextmanager
async def people(house: House) -> AsyncIterator[Come]:
    """Lets somebody come to a browser of their own, logged in: with a password of their own, or with a first one."""
    async with AsyncExitStack() as browsers:

        async def comes(role: Role, login: str = "", *, changed: bool = True, known: bool = True) -> Person:
            jar = aiohttp.CookieJar(unsafe=True)  # takes cookies of a bare address too
            http = await browsers.enter_async_context(aiohttp.ClientSession(cookie_jar=jar))
            one = Person(house, http, login or role.value)
            if known:
                password = OWN if changed else FIRST
                add(house, one.login, role, password, changed=changed)
                assert (await one.log_in(password))[0] == 303
            return one

        yield comes
