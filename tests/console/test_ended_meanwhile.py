"""What ends while a form or a body is still on its way: it records nothing. And how often an account may ask."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from urllib.parse import urlencode

from tests.console.people import WATER, Come
from tests.console.served_pages import House
from tests.console.systems import Connect
from tests.console.test_api import budget
from tracker.core.values.accounts import Role
from tracker.registers.accounts import record_disabled
from tracker.registers.tokens import record_revoked_token
from tracker.store.tables import events, journal, rulings

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def disable(house: House) -> None:
    office = house.small.office
    with office.store.begin() as tx:
        record_disabled(tx, office.loaded.rulebooks[0], "liaison", "管理员", "调离", office.clock())


def revoke(house: House) -> None:
    office = house.small.office
    with office.store.begin() as tx:
        record_revoked_token(tx, office.loaded.rulebooks[0], 1, "管理员", "更换", office.clock())


async def ending(house: House, body: bytes, end: Callable[[House], None]) -> AsyncIterator[bytes]:
    """The body in two parts, between which it is let in and then ends."""
    yield body[:10]
    end(house)
    yield body[10:]


async def test_an_account_that_is_disabled_while_its_form_is_sent_records_nothing(house: House, come: Come) -> None:
    one = await come(Role.LIAISON)
    _, page = await one.open("/account")
    key = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
    form = urlencode({"csrf": key, "act": "objected", "reason": "监测站停用", "proof": "县环〔2015〕8号"}).encode()
    sent = ending(house, form, disable)
    async with one.http.post(f"{house.base}d{WATER}", data=sent, headers=FORM, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, f"/d/login?next={WATER}&ended=1")
    assert house.rows(rulings) == []
    assert "liaison的姓名" not in [row["who"] for row in house.rows(journal)][-2:]


async def test_a_token_that_is_revoked_while_its_body_is_sent_records_nothing(house: House, connect: Connect) -> None:
    system = connect()
    body = json.dumps({"events": [budget()]}).encode()
    headers = {"Authorization": f"Bearer {system.token}", "Content-Type": "application/json"}
    sent = ending(house, body, revoke)
    async with system.http.post(f"{house.base}api/v1/events", data=sent, headers=headers) as answer:
        assert (answer.status, (await answer.json())["status"]) == (401, 401)
    assert house.rows(events) == []


async def test_an_account_that_asks_without_end_is_told_to_wait_and_refusals_do_not_fill_the_journal(
    house: House, come: Come
) -> None:
    one, other = await come(Role.LIAISON), await come(Role.OFFICE)
    seen = [(await one.open("/journal"))[0] for _ in range(310)]
    assert set(seen[:290]) == {403}
    assert seen[-1] == 429
    assert [row["action"] for row in house.rows(journal)].count("access.refused") == 1
    assert (await other.open("/matters"))[0] == 200


async def test_a_session_is_taken_from_the_cookie_that_we_would_set_and_from_no_other(house: House, come: Come) -> None:
    """Any host of the domain may set a cookie without the prefix, and so bring somebody into a session of its own."""
    one = await come(Role.OFFICE)
    (key,) = [cookie.value for cookie in one.http.cookie_jar if cookie.key == "duban"]
    office = house.small.office
    console = replace(office.loaded.schedule.console, base="https://duban.example/")
    office.loaded = replace(office.loaded, schedule=replace(office.loaded.schedule, console=console))
    for name, status in (("duban", 303), ("__Host-duban", 200)):
        headers = {"Cookie": f"{name}={key}"}
        async with house.http.get(f"{house.base}d/matters", headers=headers, allow_redirects=False) as answer:
            assert answer.status == status
