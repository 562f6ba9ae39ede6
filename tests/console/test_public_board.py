"""The board without a log-in: off unless it is switched on, and whatever is not settled cannot be told from it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.console.people import people
from tests.console.query_count import counted, multiply
from tests.console.served_pages import House, in_october
from tests.decide.small_county import COUNTY, at
from tests.live_county import live
from tests.reports.criticised import CIRCULAR, acting, consulted, signed, standing
from tracker.console.public import PublicPages
from tracker.core.values.accounts import Role
from tracker.store.engine import Store

BOARD = "public/small"
SCORING = """
scoring: {title: 扣分, deductions: [{for: overdue, points: 2}, {for: incomplete, points: 1}]}
"""
#: What a page for everybody has never: people, mailboxes, addresses of pages of ours, reasons, words of doubt.
PRIVATE = re.compile(r"[甲乙丙丁戊己]|王敏|赵督查|@|/d/|/r/|异议|无法核验|存疑|逾期|未登记|催办|待认定|佐证|扣")


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def october(tmp_path: Path, store: Store) -> AsyncIterator[House]:
    """On 16 October two matters of September are to be criticised, in circulars for the public."""
    async with in_october(tmp_path, store) as house:
        circular = CIRCULAR.replace("incomplete: 5", "incomplete: 5, disclosure: 此件公开发布")
        county = COUNTY.replace("packs: [small]", "packs: [small, rectification]") + circular + SCORING + "mode: live\n"
        schedule = house.small.office.loaded.schedule
        house.small.reload(county=county)
        house.small.office.loaded = replace(house.small.office.loaded, schedule=schedule)
        switch(house, public=True)
        yield house


def switch(house: House, **values: bool) -> None:
    office = house.small.office
    console = office.loaded.schedule.console
    assert console is not None
    office.loaded = replace(office.loaded, schedule=replace(office.loaded.schedule, console=replace(console, **values)))


async def board(house: House) -> str:
    """The main part of the page, as it is once the kept one is too old."""
    house.small.clock.now += timedelta(minutes=11)
    status, page = await house.open(f"{house.base}{BOARD}")
    assert status == 200, page
    return re.sub(r"截至\d+年\d+月\d+日\d+时", "", page.partition("<main")[2].partition("</main>")[0])


async def test_it_is_off_unless_it_is_switched_on(house: House) -> None:
    assert [(await house.open(f"{house.base}{path}"))[0] for path in ("public", BOARD)] == [404, 404]


async def test_a_county_that_is_not_live_has_none(house: House) -> None:
    switch(house, public=True)
    assert (await house.open(f"{house.base}{BOARD}"))[0] == 200
    office = house.small.office
    (rulebook,) = office.loaded.rulebooks
    trial = replace(rulebook, county=replace(live(rulebook.county), mode="shadow"))
    office.loaded = replace(office.loaded, rulebooks=(trial,))
    assert [(await house.open(f"{house.base}{path}"))[0] for path in ("public", BOARD, "public/none")] == [404] * 3


async def test_it_leads_to_the_county_sets_no_cookie_and_may_be_kept(house: House) -> None:
    switch(house, public=True)
    async with house.http.get(f"{house.base}public") as answer:
        assert (answer.status, str(answer.url)) == (200, f"{house.base}{BOARD}")
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


async def test_from_what_is_late_to_what_a_circular_names(october: House) -> None:
    """Late, put to the departments, signed: all the same to the public. Named once it is issued, until it is mended."""
    before = await board(october)
    assert PRIVATE.findall(before) == []
    assert "权力清单" in before
    assert "通报" not in before
    await signed(october.small)
    assert await board(october) == before
    async with acting(october.small) as circulars:
        circulars.issue("2015-09", "王敏")
    named = await board(october)
    assert re.findall(r'data-head="通报文号">([^<]*)', named) == ["小政办公开通〔2015〕1号"] * 2
    assert set(re.findall(r'data-head="问题">([^<]*)', named)) == {"逾期未公开", "公开不完整"}
    assert PRIVATE.findall(named.replace("逾期未公开", "")) == []
    async with acting(october.small) as circulars:
        line = next(row.line for row in standing(october.small)[1] if row.department == "huanbao")
        circulars.correct("2015-09", line, "该清单9月29日已公开", "栏目有误", "王敏")
    corrected = await board(october)
    assert "环保局</td>" not in corrected
    assert corrected.count("〔2015〕1号") == 1
    october.small.site.publish("insurance", "二季度社会保险情况", at("2015-10-27", "08:00"), "参保情况、基金收支如下")
    october.small.clock.now = at("2015-10-28", "06:00")
    await october.small.turn(crawl=True)
    mended = await board(october)
    assert "通报文号" not in mended


async def test_a_circular_for_the_office_alone_names_nobody_here(october: House) -> None:
    await signed(october.small)
    async with acting(october.small) as circulars:
        circulars.issue("2015-09", "王敏")
    office = october.small.office
    (rulebook,) = office.loaded.rulebooks
    assert rulebook.circular is not None
    inside = replace(rulebook, circular=replace(rulebook.circular, disclosure=""), digest="another")
    assert "通报文号" in await board(october)
    office.loaded = replace(office.loaded, rulebooks=(inside,))
    assert "通报文号" not in await board(october)


async def test_marks_are_shown_where_wanted_and_count_what_is_settled(october: House) -> None:
    switch(october, public_scores=True)
    await consulted(october.small, "2015-10-16")
    assert "名次" not in await board(october)
    async with acting(october.small, "2015-10-26") as circulars:
        circulars.sign("2015-09", "赵督查")
    async with acting(october.small) as circulars:
        circulars.issue("2015-09", "王敏")
    page = await board(october)
    rows = re.findall(r"<tr><td>([^<]*)</td><td>([^<]*)</td><td>([^<]*)</td></tr>", page)
    assert sorted(rows) == [("1", "科技局", "100"), ("2", "社保局", "99"), ("3", "环保局", "98")], rows


async def test_it_is_made_once_in_ten_minutes_in_few_statements(house: House) -> None:
    switch(house, public=True, public_scores=True)
    with counted(house) as statements:
        for _ in range(3):
            assert (await house.open(f"{house.base}{BOARD}"))[0] == 200
    once = len(statements)
    multiply(house)
    house.small.clock.now += timedelta(minutes=11)
    with counted(house) as statements:
        assert (await house.open(f"{house.base}{BOARD}"))[0] == 200
    assert len(statements) == once


async def test_who_asks_too_often_waits(house: House) -> None:
    switch(house, public=True)
    answers = [(await house.open(f"{house.base}{BOARD}"))[0] for _ in range(62)]
    assert (answers[0], answers[59], answers[-1]) == (200, 200, 429)


async def test_while_one_makes_it_the_others_get_the_one_before(house: House) -> None:
    switch(house, public=True)
    pages = PublicPages(house.small.office)
    (rulebook,) = house.small.office.loaded.rulebooks
    now = house.small.clock.now
    with pages.making:
        assert pages._find(rulebook, False, now) is None
    first = pages._find(rulebook, False, now)
    assert first is not None
    with pages.making:
        assert pages._find(rulebook, False, now + timedelta(hours=1)) is first


async def test_it_knows_no_account(october: House) -> None:
    """Whoever has logged in sees the same as everybody."""
    async with people(october) as come:
        office = await come(Role.OFFICE)
        own = await office.http.get(f"{october.base}{BOARD}")
        assert await own.text() == (await october.open(f"{october.base}{BOARD}"))[1]
