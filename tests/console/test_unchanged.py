"""A page that is the same is answered with 304; after anything that it may depend on it is made anew."""

from __future__ import annotations

import html
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse

from tests.console.people import WATER, Come, Person
from tests.console.served_pages import House
from tests.console.test_overview import file_proof
from tests.console.test_signed_in import PATHS
from tracker.console.unchanged import Asked, UnchangedPages
from tracker.core.values.accounts import Role
from tracker.registers.accounts import record_disabled
from tracker.store.engine import Store
from tracker.store.faults import record_fault

_NEVER_KEPT = {"account", "people"}


@dataclass(frozen=True)
class Answer:
    status: int
    tag: str
    text: str
    headers: dict[str, str]


async def ask(one: Person, path: str, tag: str = "") -> Answer:
    headers = {"If-None-Match": tag} if tag else {}
    async with one.http.get(f"{one.house.base}d{path}", headers=headers, allow_redirects=False) as answer:
        return Answer(answer.status, answer.headers.get("ETag", ""), await answer.text(), dict(answer.headers))


@pytest.mark.both_databases
async def test_every_page_is_known_again_while_nothing_changes(house: House, come: Come) -> None:
    one, shown = await come(Role.OFFICE), set()
    for name, path in PATHS.items():
        first = await ask(one, path)
        assert bool(first.tag) is (first.status == 200 and name not in _NEVER_KEPT), name
        if first.tag:
            shown.add(name)
            for _ in range(50):  # a server's other databases, here those of other tests, count too
                again = await ask(one, path, f'"x", {first.tag}')
                if again.status == 304 or house.small.office.store.sqlite:
                    break
                first = again
            assert (again.status, again.tag, again.text) == (304, first.tag, "")
            other = await ask(one, f"{path}{'&' if '?' in path else '?'}x=1", first.tag)
            assert other.status == 200  # a tag is of one address
    assert shown > {"overview", "matters", "matter", "queue", "journal", "site", "rules", "reports"}


Change = Callable[[House, Person], Awaitable[object]]


async def new_minute(house: House, _one: Person) -> None:
    house.small.clock.now += timedelta(minutes=1)


async def a_pass(house: House, _one: Person) -> None:
    await house.small.turn()


async def other_rules(house: House, _one: Person) -> None:
    house.small.office.loaded = replace(house.small.office.loaded)


async def another_process(house: House, one: Person) -> None:
    """What a command writes, over connections of its own."""
    office = house.small.office
    with Store(office.store.url.render_as_string(hide_password=False)) as other, other.begin() as tx:
        record_fault(tx, "small", "column:county-site/environment", "crawl", "HTTP 500", office.clock())


async def disabled(house: House, _one: Person) -> None:
    office = house.small.office
    with office.store.begin() as tx:
        record_disabled(tx, office.loaded.rulebooks[0], "liaison", "管理员", "调离", office.clock())


CHANGES: dict[str, Change] = {
    "the minute at its foot": new_minute,
    "a pass": a_pass,
    "other rules": other_rules,
    "a command": another_process,
    "an account": disabled,
    "an event": lambda _, one: one.do(
        "/events", "record", event="budget-approved", department="keji", on="2015-07-20", reference="财预〔2015〕18号",
        **{"field-year": "2015", "sure": "1"},
    ),
    "a refused act": lambda _, one: one.do(WATER, "objected", reason="理由", proof="依据"),
    "the language": lambda _, one: one.do("/account", "language", language="en"),
    "the own session, begun anew": lambda _, one: one.log_in(),
}  # fmt: skip


@pytest.mark.both_databases
async def test_after_each_kind_of_act_the_pages_are_made_anew(house: House, come: Come) -> None:
    one, liaison = await come(Role.OFFICE), await come(Role.LIAISON)
    paths = ("/overview", "/matters", WATER, "/queue", "/journal")
    tags = {path: (await ask(one, path)).tag for path in paths}

    async def all_anew(what: str) -> None:
        for path in paths:
            now = await ask(one, path, tags[path])
            assert (now.status, now.tag != tags[path]) == (200, True), (what, path)
            if house.small.office.store.sqlite:  # a server's other databases, here those of other tests, count too
                assert (await ask(one, path, now.tag)).status == 304, (what, path)
            tags[path] = now.tag

    await file_proof(house, liaison)
    await all_anew("a proof that somebody else filed")
    _, page = await one.open("/queue")
    (target,) = re.findall(r'name="target" value="(attestation:\d+)"', page)
    await one.do("/queue", "accept", target=target, occurrence=WATER.removeprefix("/matter/"), reason="属实")
    await all_anew("a decision")
    for what, change in CHANGES.items():
        await change(house, one)
        await all_anew(what)


async def test_a_tag_is_of_one_session_in_one_language(house: House, come: Come) -> None:
    one = await come(Role.OFFICE)
    same = await come(Role.OFFICE, one.login, known=False)
    await same.log_in()
    liaison = await come(Role.LIAISON)
    tags = {(await ask(each, "/matters")).tag for each in (one, same, liaison)}
    assert len(tags) == 3  # the key in the forms is another session's
    for each in (one, same, liaison):
        assert [(await ask(each, "/matters", tag)).status for tag in tags].count(304) == 1


async def test_after_a_log_out_the_log_in_is_asked_for_and_what_was_kept_is_dropped(house: House, come: Come) -> None:
    one = await come(Role.OFFICE)
    shown = await ask(one, "/matters")
    cookies = {cookie.key: cookie.value for cookie in one.http.cookie_jar}
    key = re.search(r'name="csrf" value="([^"]+)"', shown.text)
    assert key
    form = {"csrf": key[1], "act": "log-out"}
    async with one.http.post(f"{house.base}d/account", data=form) as left:
        page = await left.text()
        assert (left.headers["Clear-Site-Data"], left.url.path) == ('"cache"', "/d/login")
    again = re.search(r'<meta http-equiv="refresh" content="0; url=([^"]+)">', page)
    assert again  # what it leaves is kept by then
    async with house.http.get(f"{house.base}d/{html.unescape(again[1])}") as login:
        assert (login.headers["Clear-Site-Data"], "refresh" in await login.text()) == ('"cache"', False)
    headers = {"If-None-Match": shown.tag, "Cookie": f"duban={cookies['duban']}"}
    async with house.http.get(f"{house.base}d/matters", headers=headers, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "/d/login?next=/matters&ended=1")
        assert "ETag" not in answer.headers


async def test_a_browser_keeps_a_page_where_it_obeys_what_a_log_out_says(house: House, come: Come) -> None:
    """That is behind https; without it no browser heeds Clear-Site-Data."""
    one, office = await come(Role.OFFICE), house.small.office
    plain = (await ask(one, "/matters")).headers
    assert (plain["Cache-Control"], plain["Vary"]) == ("no-store", "Cookie")
    key = next(cookie.value for cookie in one.http.cookie_jar)
    console = office.loaded.schedule.console
    assert console is not None
    schedule = replace(office.loaded.schedule, console=replace(console, base="https://duban.example.gov.cn/"))
    office.loaded = replace(office.loaded, schedule=schedule)
    for path, kept in (("matters", "private, no-cache"), ("people", "no-store"), ("account", "no-store")):
        secure = {"Cookie": f"__Host-duban={key}"}
        async with house.http.get(f"{house.base}d/{path}", headers=secure) as answer:
            assert (answer.status, answer.headers["Cache-Control"]) == (200, kept)


async def test_what_changes_while_a_page_is_made_makes_it_anew(house: House) -> None:
    """The tag stands for what was there before anything of the page was read."""
    office = house.small.office
    pages, book = UnchangedPages(office), office.loaded.rulebooks[0]

    def asked(tag: str = "") -> Asked:
        headers = [(b"if-none-match", tag.encode())]
        scope = {"type": "http", "path": "/d/matters", "query_string": b"", "headers": headers}
        return Asked(Request(scope), book, "key", "zh", office.clock())

    def make_slowly() -> HTMLResponse:
        with office.store.begin() as tx:
            record_fault(tx, "small", "column:x", "crawl", "HTTP 500", office.clock())
        return HTMLResponse("the page")

    tag = pages.answer(asked(), make_slowly, is_stored=True).headers["ETag"]
    assert pages.answer(asked(tag), lambda: HTMLResponse("the page"), is_stored=True).status_code == 200
    assert pages.answer(asked(tag), lambda: HTMLResponse("gone", 404), is_stored=True).headers.get("ETag") is None
