"""A form whose session is over when it is sent is not lost: nobody else gets it, and nothing acts by itself."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from tests.console.people import FIRST, OWN, WATER, Come, Person
from tests.console.served_pages import House
from tracker.console.sessions import IDLE
from tracker.core.values.accounts import Role
from tracker.store.tables import rulings

OBJECTION = {"act": "objected", "reason": "监测站<b>停用</b>", "proof": "县环〔2015〕8号"}
AGAIN, SHOWN = "提交前登录已结束", "监测站&lt;b&gt;停用&lt;/b&gt;"


async def key_of(one: Person, path: str = WATER) -> str:
    """The key of the forms of a page that is open."""
    found = re.search(r'name="csrf" value="([^"]+)"', (await one.open(path))[1])
    assert found
    return found[1]


async def send(one: Person, data: Any, path: str = WATER, **headers: str) -> tuple[int, str, str]:
    address = f"{one.house.base}d{path}"
    async with one.http.post(address, data=data, headers=headers, allow_redirects=False) as answer:
        return answer.status, answer.headers.get("Location", ""), await answer.text()


async def enter(one: Person, place: str, login: str = "") -> str:
    """Log in where it leads; the page after it."""
    follow = re.search(r"next=([^&]*)", place)
    data = {"login": login or one.login, "password": OWN, "next": follow[1] if follow else ""}
    async with one.http.post(f"{one.house.base}d/login", data=data) as answer:
        return await answer.text()


async def test_a_form_of_a_session_that_is_over_is_shown_again_after_the_log_in(house: House, come: Come) -> None:
    one, clock = await come(Role.LIAISON), house.small.clock
    key = await key_of(one)
    clock.now += IDLE
    status, place, _ = await send(one, {"csrf": key, **OBJECTION})
    assert (status, place) == (303, f"/d/login?next={WATER}&ended=1")
    assert "停用" not in (await one.open(place.removeprefix("/d")))[1]  # nor does the page of the log-in hold it
    for _ in range(2):
        page = await enter(one, place)
        assert (AGAIN in page, SHOWN in page, "县环〔2015〕8号" in page) == (True, True, True)
        assert key not in page
    assert house.rows(rulings) == []
    status, page = await one.do(WATER, **OBJECTION)
    assert (status, AGAIN in page, len(house.rows(rulings))) == (200, False, 1)
    assert AGAIN not in (await one.open(WATER))[1]


async def test_in_another_tab_that_has_logged_in_again_too(house: House, come: Come) -> None:
    one, clock = await come(Role.LIAISON), house.small.clock
    key = await key_of(one)
    clock.now += IDLE
    await one.log_in()
    status, _, page = await send(one, {"csrf": key, **OBJECTION})
    assert (status, AGAIN in page, SHOWN in page, key in page) == (422, True, True, False)
    assert house.rows(rulings) == []
    assert (await send(one, {"csrf": "0" * 64, **OBJECTION}))[0] == 403


async def test_another_account_in_the_same_browser_gets_none_of_it(house: House, come: Come) -> None:
    one, other, clock = await come(Role.LIAISON), await come(Role.OFFICE), house.small.clock
    key = await key_of(one)
    clock.now += IDLE
    _, place, _ = await send(one, {"csrf": key, **OBJECTION})
    page = await enter(one, place, other.login)
    assert ("属于另一个账号" in page, "停用" in page) == (True, False)
    status, _, page = await send(one, {"csrf": key, **OBJECTION})
    assert (status, "停用" in page) == (403, False)
    await one.do("/account", "log-out")
    assert AGAIN not in await enter(one, place)


async def test_what_no_page_of_the_session_sent_is_not_kept(house: House, come: Come) -> None:
    one, clock = await come(Role.LIAISON), house.small.clock
    key = await key_of(one)
    clock.now += IDLE
    stranger = Person(house, aiohttp.ClientSession(), "stranger")
    elsewhere = {"Origin": "https://evil.cn", "Sec-Fetch-Site": "cross-site"}
    long = aiohttp.FormData()
    for name, value in {"csrf": key, **OBJECTION, "reason": "长" * 70_000}.items():
        long.add_field(name, value, content_type="text/plain; charset=utf-8")
    for who, data, headers in (
        (stranger, {"csrf": key, **OBJECTION}, {}),
        (one, {"csrf": "0" * 64, **OBJECTION}, {}),
        (one, {"csrf": key, **OBJECTION}, elsewhere),
        (one, long, {}),
    ):
        _, place, _ = await send(who, data, **headers)
        assert place.startswith("/d/login?next=/"), place
        assert WATER not in place
    await stranger.http.close()
    assert AGAIN not in await enter(one, f"/d/login?next={WATER}")


async def test_a_file_is_to_be_chosen_again_and_half_an_hour_is_the_end(house: House, come: Come) -> None:
    one, clock = await come(Role.LIAISON), house.small.clock
    key = await key_of(one)
    clock.now += IDLE
    form = aiohttp.FormData()
    for name, value in {"csrf": key, "act": "filed", "on": "2015-07-30"}.items():
        form.add_field(name, value)
    form.add_field("file", b"GIF89a", filename="photo.gif")
    _, place, _ = await send(one, form)
    page = await enter(one, place)
    assert ("请重新选择文件" in page, 'value="2015-07-30"' in page) == (True, True)
    clock.now += timedelta(minutes=29)
    assert "请重新选择文件" in (await one.open(WATER))[1]
    clock.now += timedelta(minutes=2)
    assert "请重新选择文件" not in (await one.open(WATER))[1]


@pytest.mark.parametrize("by", ["password", "log-out-everywhere"])
async def test_so_it_is_where_the_session_was_ended_elsewhere(house: House, come: Come, by: str) -> None:
    one = await come(Role.LIAISON)
    elsewhere = await come(Role.LIAISON, one.login, known=False)
    await elsewhere.log_in()
    key = await key_of(one)
    await elsewhere.do("/account", by, password=OWN, new=OWN + "2", again=OWN + "2")
    _, place, _ = await send(one, {"csrf": key, **OBJECTION})
    data = {"login": one.login, "password": OWN + ("2" if by == "password" else ""), "next": WATER}
    async with one.http.post(f"{house.base}d/login", data=data) as answer:
        assert SHOWN in await answer.text()
    assert place.startswith(f"/d/login?next={WATER}")


async def test_passwords_are_never_kept(house: House, come: Come) -> None:
    one, clock = await come(Role.LIAISON, changed=False), house.small.clock
    key = await key_of(one, "/account")
    clock.now += IDLE
    sent = {"csrf": key, "act": "password", "password": FIRST, "new": OWN, "again": OWN}
    assert (await send(one, sent, "/account"))[1].startswith("/d/login?next=/&")
    assert house.shared.typed._forms == {}
