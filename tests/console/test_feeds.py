"""The calendar and the circulars of an account, read by its secret address; iCalendar by two programs, Atom by lxml."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
import vobject
from lxml import etree

from tests.console.people import OWN, WATER, Come, Person, people
from tests.console.query_count import counted, multiply
from tests.console.served_pages import House, in_october
from tests.console.test_people_page import form_about
from tests.decide.deciding import enter, exempt, postpone
from tests.decide.small_county import at
from tests.entered import do_decide
from tests.reports.criticised import acting, signed
from tracker.core.values.accounts import Role
from tracker.reports import due_calendar
from tracker.store.accounts import change_account, find_account
from tracker.store.engine import Store
from tracker.store.tables import journal, occurrences
from tracker.store.tables_reports import circular_papers

LATE, POWERS = WATER.removeprefix("/matter/"), "small/small/powers/huanbao/once"
ATOM = {"a": "http://www.w3.org/2005/Atom"}
_ADDRESS = re.compile(r'value="([^"]+/feeds/[\w-]{43})\.ics" readonly')


async def make(person: Person) -> str:
    """The address of new feeds, without its ending."""
    status, page = await person.do("/account", "make-feed")
    assert status == 200
    (address,) = _ADDRESS.findall(page)
    return str(address)


async def fetch(house: House, address: str, known: str = "") -> tuple[int, Mapping[str, str], bytes]:
    """By a program that has never logged in."""
    async with house.http.get(address, headers={"If-None-Match": known}) as answer:
        return answer.status, answer.headers, await answer.read()


async def events_of(house: House, address: str) -> dict[str, Any]:
    """The entries of a calendar by the address of their page."""
    status, _, content = await fetch(house, f"{address}.ics")
    assert status == 200
    events = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return {str(event["URL"]).removeprefix(f"{house.base}d"): event for event in events}


def warned(event: Any) -> list[datetime]:
    midnight = datetime.combine(event["DTSTART"].dt, datetime.min.time())
    return [midnight + alarm["TRIGGER"].dt for alarm in event.walk("VALARM")]


async def test_a_liaison_reads_what_is_late_and_what_comes(house: House, come: Come) -> None:
    liaison = await come(Role.LIAISON)
    address = await make(liaison)
    events = await events_of(house, address)
    assert (await fetch(house, f"{address}.atom"))[0] == 404  # circulars are the county's
    assert {path.split("/")[5] for path in events} == {"huanbao"}
    late, coming = events[WATER], events[f"/matter/{POWERS}"]
    assert (late["DTSTART"].dt, str(late["SUMMARY"])) == (date(2015, 7, 31), "逾期未公开：水环境质量月报（2015年6月）")
    assert (late.walk("VALARM"), str(late["COLOR"])) == ([], "crimson")
    assert "2015年8月3日" in late["DESCRIPTION"]
    assert (coming["DTSTART"].dt, str(coming["SUMMARY"])) == (date(2015, 9, 30), "行政权力清单")
    # Three working days and one before; the 26th and 27th are a weekend.
    assert warned(coming) == [datetime(2015, 9, 25, 9), datetime(2015, 9, 29, 9)]
    assert len({str(event["UID"]) for event in events.values()}) == len(events)
    _, _, content = await fetch(house, f"{address}.ics")
    assert content.index(b"BEGIN:VEVENT") < content.index(b"UID:")  # vdirsyncer takes one above for that of each entry
    with house.small.office.store.begin() as tx:  # begun on the last day but one, as a daily duty is each day
        tx.execute(occurrences.update().where(occurrences.c.key == POWERS).values(opens_on=date(2015, 9, 29)))
    assert warned((await events_of(house, address))[f"/matter/{POWERS}"]) == [datetime(2015, 9, 29, 9)]


async def test_the_file_is_as_the_standards_have_it_and_two_programs_read_it_alike(house: House, come: Come) -> None:
    liaison = await come(Role.LIAISON)
    with house.small.office.store.begin() as tx:  # a reason quotes titles of a site
        tx.execute(occurrences.update().values(reason="见《\x0b\u202e通报；,\\》"))
    _, headers, content = await fetch(house, f"{await make(liaison)}.ics")
    assert not {"\x0b", "\u202e"} & set(content.replace(b"\r\n ", b"").decode())
    assert headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 75
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in content
    file = icalendar.Calendar.from_ical(content)
    assert (str(file["NAME"]), str(file["VERSION"])) == ("环保局政务公开时限", "2.0")
    assert not file.errors
    assert any(str(event["DESCRIPTION"]).endswith("见《通报；,\\》") for event in file.walk("VEVENT"))
    theirs = {each.uid.value: each for each in vobject.readOne(content.decode()).vevent_list}
    assert theirs
    for event in file.walk("VEVENT"):
        other = theirs.pop(str(event["UID"]))
        assert (other.dtstart.value, other.summary.value) == (event["DTSTART"].dt, str(event["SUMMARY"]))
        assert other.last_modified.value == event["LAST-MODIFIED"].dt == event["DTSTAMP"].dt
        assert [each.trigger.value for each in getattr(other, "valarm_list", [])] == [
            each["TRIGGER"].dt for each in event.walk("VALARM")
        ]
    assert not theirs


async def test_a_moved_day_moves_and_what_is_over_disappears(house: House, come: Come) -> None:
    liaison, small = await come(Role.LIAISON), house.small
    address = await make(liaison)
    before = (await events_of(house, address))[f"/matter/{POWERS}"]
    small.clock.now += timedelta(hours=1)
    postpone(small, "2015-10-20", occurrence=POWERS)
    moved = (await events_of(house, address))[f"/matter/{POWERS}"]
    assert (moved["UID"], moved["DTSTART"].dt) == (before["UID"], date(2015, 10, 20))
    assert moved["SEQUENCE"] == before["SEQUENCE"] + 1
    assert moved["LAST-MODIFIED"].dt > before["LAST-MODIFIED"].dt
    assert "批准延期" in moved["DESCRIPTION"]
    exempt(small, POWERS)
    assert f"/matter/{POWERS}" not in await events_of(house, address)
    enter(small, do_decide, kind="revoke", number=2, reason="情况有变")
    assert (await events_of(house, address))[f"/matter/{POWERS}"]["UID"] == before["UID"]
    small.site.publish("environment", "6月份水环境质量状况", at("2015-08-03", "11:00"))
    small.clock.now = at("2015-08-03", "12:00")
    await small.turn(crawl=True)
    assert WATER not in await events_of(house, address)


async def test_what_has_not_changed_is_not_sent_again(house: House, come: Come) -> None:
    liaison = await come(Role.LIAISON)
    address = await make(liaison)
    status, headers, content = await fetch(house, f"{address}.ics")
    tag = headers["ETag"]
    assert (status, (await fetch(house, f"{address}.ics", tag))[::2]) == (200, (304, b""))
    house.small.clock.now += timedelta(hours=3)
    assert (await fetch(house, f"{address}.ics", f'"other", W/{tag}'))[0] == 304
    exempt(house.small, POWERS)
    status, headers, newer = await fetch(house, f"{address}.ics", tag)
    assert (status, headers["ETag"] == tag, newer == content) == (200, False, False)


async def test_the_secret_is_shown_once_and_kept_nowhere(
    house: House, come: Come, caplog: pytest.LogCaptureFixture
) -> None:
    liaison = await come(Role.LIAISON)
    address = await make(liaison)
    await fetch(house, f"{address}.ics")
    secret = address.rpartition("/")[2]
    assert secret not in caplog.text + str(house.everything())
    assert secret not in (await liaison.open("/account"))[1]
    actions = [row["action"] for row in house.rows(journal) if row["subject"] == "account:liaison"]
    assert actions[-1] == "account.feed-made"
    newer = await make(liaison)
    assert [(await fetch(house, f"{each}.ics"))[0] for each in (address, newer)] == [404, 200]
    status, page = await liaison.do("/account", "end-feed")
    assert (status, "日历地址已停用" in page) == (200, True)
    assert (await fetch(house, f"{newer}.ics"))[0] == 404
    async with liaison.http.get(f"{house.base}d/matters", cookies={"duban": secret}, allow_redirects=False) as answer:
        assert answer.status == 303  # it opens the feeds and nothing else


@pytest.mark.parametrize(
    "names",
    [("log out everywhere", "ended by the office"), pytest.param(("password", "reset"), marks=pytest.mark.nightly)],
)
async def test_whatever_ends_the_sessions_ends_the_address(house: House, come: Come, names: tuple[str, ...]) -> None:
    office, liaison = await come(Role.OFFICE), await come(Role.LIAISON)

    async def by_the_office(act: str) -> None:
        _, page = await office.open("/people")
        status, _ = await office.do("/people", act, **form_about(page, "liaison"), reason="手机遗失")
        assert status == 200

    endings: dict[str, Callable[[], Any]] = {
        "log out everywhere": lambda: liaison.do("/account", "log-out-everywhere"),
        "password": lambda: liaison.do("/account", "password", password=OWN, new=OWN + "2", again=OWN + "2"),
        "ended by the office": lambda: by_the_office("end"),
        "reset": lambda: by_the_office("reset"),
    }
    for name in names:
        if name != names[0]:
            await liaison.log_in(OWN + "2" if names[0] == "password" else OWN)
        address = await make(liaison)
        assert "日历地址 2015-08-03" in (await office.open("/people"))[1]
        await endings[name]()
        assert (await fetch(house, f"{address}.ics"))[0] == 404, name
    second = await come(Role.LIAISON, "second")
    address = await make(second)
    await second.do("/account", "log-out")
    assert (await fetch(house, f"{address}.ics"))[0] == 200  # a log-out ends that session alone
    _, page = await office.open("/people")
    await office.do("/people", "disable", **form_about(page, "second"), reason="调离")
    assert (await fetch(house, f"{address}.ics"))[0] == 404


async def test_another_department_or_role_shows_from_the_next_look_on(house: House, come: Come) -> None:
    liaison, store = await come(Role.LIAISON), house.small.office.store
    address = await make(liaison)

    def change(**values: object) -> None:
        with store.begin() as tx:
            account = find_account(tx, "liaison")
            assert account is not None
            change_account(tx, account.id, **values)

    change(department="keji")
    assert {path.split("/")[5] for path in await events_of(house, address)} == {"keji"}
    change(role=Role.AUDITOR, department="")
    assert all(path.startswith("/matters?") for path in await events_of(house, address))
    change(must_change=True)
    assert (await fetch(house, f"{address}.ics"))[0] == 404


async def test_the_county_reads_duties_by_day_and_of_no_department_that_it_owes(house: House, come: Come) -> None:
    office = await come(Role.OFFICE)
    address = await make(office)
    events = await events_of(house, address)
    powers = events["/matters?all=1&duty=small%2Fpowers"]
    assert (powers["DTSTART"].dt, str(powers["SUMMARY"]), powers["SEQUENCE"]) == (
        date(2015, 9, 30), "行政权力清单", 0,
    )  # fmt: skip
    assert not powers.walk("VALARM")
    assert min(event["DTSTART"].dt for event in events.values()) >= date(2015, 7, 1)  # the county's beginning
    assert entries_of((await fetch(house, f"{address}.atom"))[2]) == []
    exempt(house.small, POWERS)  # science owes it still
    after = (await events_of(house, address))["/matters?all=1&duty=small%2Fpowers"]
    assert after == powers
    exempt(house.small, POWERS.replace("huanbao", "keji"))
    assert "/matters?all=1&duty=small%2Fpowers" not in await events_of(house, address)
    status, page = await office.open("/matters?all=1&duty=small%2Fpowers")
    assert (status, "行政权力清单" in page) == (200, True)


async def test_entries_and_statements_are_bounded(house: House, come: Come, monkeypatch: pytest.MonkeyPatch) -> None:
    liaison, office = await make(await come(Role.LIAISON)), await make(await come(Role.OFFICE))
    multiply(house, 30)
    monkeypatch.setattr(due_calendar, "MOST", 20)
    for address in (liaison, office):
        with counted(house) as statements:
            events = await events_of(house, address)
        assert (len(statements) <= 3, len(events) <= 40) == (True, True), statements
    assert len(events) < 5  # of the county by duty and day, however many departments owe it
    assert "事项过多" in (await fetch(house, f"{liaison}.ics"))[2].replace(b"\r\n ", b"").decode()


async def test_who_guesses_is_slowed_down(house: House) -> None:
    statuses = [(await fetch(house, f"{house.base}feeds/{'x' * 43}.ics"))[0] for _ in range(40)]
    assert (statuses[0], statuses[-1]) == (404, 429)


@pytest.fixture
async def october(tmp_path: Path, sqlite_url: str) -> Any:
    """The circular of September is signed."""
    with Store(sqlite_url, durable=False) as store:
        async with in_october(tmp_path, store) as house:
            await signed(house.small)
            yield house


@pytest.mark.nightly
async def test_issued_circulars_are_a_feed_for_those_who_may_see_them(october: House) -> None:
    async with people(october) as come:
        supervisor, liaison = await come(Role.SUPERVISOR), await come(Role.LIAISON)
        address, theirs = await make(supervisor), await make(liaison)
        assert (await fetch(october, f"{theirs}.atom"))[0] == 404
        assert ".atom" not in (await liaison.do("/account", "make-feed"))[1]
        assert entries_of((await fetch(october, f"{address}.atom"))[2]) == []
        async with acting(october.small) as circulars:
            circulars.issue("2015-09", "王敏")
            circulars.tx.execute(circular_papers.update().values(title=circular_papers.c.title + "\x07"))
        october.small.clock.now += timedelta(days=1)
        async with acting(october.small) as circulars:
            circulars.correct("2015-09", 1, "已于9月29日公开", "核查有误", "王敏")
        with counted(october) as statements:
            status, headers, content = await fetch(october, f"{address}.atom")
        assert (status, headers["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
        assert len(statements) <= 4
        erratum, circular = entries_of(content)
        assert (circular["title"], circular["summary"]) == (
            "小县人民政府办公室关于2015年9月政府信息公开督办情况的通报", "小政办公开通〔2015〕1号",
        )  # fmt: skip
        assert (erratum["summary"], erratum["link"]) == ("小政办公开通〔2015〕2号", circular["link"])
        assert erratum["updated"] > circular["updated"] == "2015-10-26T10:00:00+08:00"
        page = circular["link"].removeprefix(f"{october.base}d")
        assert (await supervisor.log_in())[0] == 303
        assert "通报" in (await supervisor.open(page))[1]
        assert (await fetch(october, f"{address}.atom", headers["ETag"]))[0] == 304


def entries_of(content: bytes) -> list[dict[str, str]]:
    """The entries of a feed, which has what RFC 4287 asks of each feed and entry (4.1.1, 4.1.2)."""
    feed = etree.fromstring(content)
    assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
    entries = feed.findall("a:entry", ATOM)
    for element in (feed, *entries):
        for name in ("id", "title", "updated"):
            (only,) = element.findall(f"a:{name}", ATOM)
            assert only.text, name
        assert datetime.fromisoformat(element.findtext("a:updated", namespaces=ATOM)).tzinfo is not None
        assert element.findtext("a:id", namespaces=ATOM).startswith("urn:uuid:")
        assert element.find("a:link", ATOM).get("href")
    assert feed.findtext("a:author/a:name", namespaces=ATOM)
    assert len({entry.findtext("a:id", namespaces=ATOM) for entry in entries}) == len(entries)
    return [
        {
            **{etree.QName(child).localname: child.text for child in entry},
            "link": entry.find("a:link", ATOM).get("href"),
        }
        for entry in entries
    ]
