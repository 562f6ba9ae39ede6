"""The overview counts as the picture of lights does, and says what changed and what waits."""

from __future__ import annotations

import html
import io
import re
from datetime import timedelta

import aiohttp
import pytest

from tests.console.people import WATER, Come, Person
from tests.console.served_pages import House
from tests.console.test_acts import picture
from tests.decide.small_county import at
from tracker.core.assessment.lights import MARKS
from tracker.core.law.periods import window_of
from tracker.core.values.accounts import Role
from tracker.reports.pictures.year import lights_grid
from tracker.reports.snapshot import CountyReader
from tracker.store.counties import next_seq

_CELL = re.compile(r'<td class="(\w+)"><a href="/d/matters\?([^"]*)" title="([^："]+)：[^"]*">([^<]+)</a></td>')


def cells_of(page: str) -> dict[tuple[str, str], tuple[str, str]]:
    """Letter and light by duty and department."""
    found = {}
    for title, row in re.findall(r'<tr><th scope="row">([^<]+)</th>(.*?)</tr>', page, re.DOTALL):
        for light, _, department, text in _CELL.findall(row):
            found[title, department] = (text[0], light)
    return found


#: Its event is not recorded: without a day it is in no year's picture, and the office has to see it.
UNRECORDED = {("部门预算", "科技局"): ("？", "grey")}


def drawn(house: House) -> dict[tuple[str, str], tuple[str, str]]:
    """The picture of lights: letter and light by duty and department."""
    office = house.small.office
    with office.store.read() as tx:
        reader = CountyReader(office.loaded.rulebooks[0], office.loaded.calendar)
        grid = lights_grid(reader.read(tx, house.small.clock.now), window_of("2015"))
    return {
        (grid.rows[cell.row], grid.columns[cell.column]): (MARKS[cell.mark].letter, MARKS[cell.mark].light.value)
        for cell in grid.cells
    }


@pytest.mark.both_databases
@pytest.mark.parametrize("day", ["2015-08-03", "2015-10-20"])
async def test_the_lights_are_those_of_the_picture(house: House, come: Come, day: str) -> None:
    office = house.small.office
    house.small.clock.now = at(day, "10:00")
    office.tick()
    one = await come(Role.OFFICE)
    _, page = await one.open("/overview")
    assert cells_of(page) == drawn(house) | UNRECORDED
    assert "逾" in {letter for letter, _ in drawn(house).values()}


async def test_a_cell_leads_to_its_matters(house: House, come: Come) -> None:
    one = await come(Role.OFFICE)
    _, page = await one.open("/overview")
    query = next(query for _, query, name, text in _CELL.findall(page) if (name, text[0]) == ("环保局", "逾"))
    _, listed = await one.open(f"/matters?{html.unescape(query)}")
    keys = set(re.findall(r'href="/d/matter/([^"]+)"', listed))
    (duty,) = {key.split("/")[2] for key in keys}
    assert {key.split("/")[3] for key in keys} == {"huanbao"}
    assert f'value="small/{duty}" selected' in listed


@pytest.mark.both_databases
async def test_what_changed_since_the_last_working_days_morning_is_named(house: House, come: Come) -> None:
    one, clock = await come(Role.OFFICE), house.small.clock
    _, page = await one.open("/overview")
    assert "2015-07-31 08:30以来的变化" in page  # today is Monday
    assert re.search(
        r'<span class="chip red">逾期未公开</span> <a href="/d/matter/small/small/water[^>]*>环保局：', page
    )
    clock.now += timedelta(days=2)
    await one.log_in()
    _, page = await one.open("/overview")
    assert "2015-08-04 08:30以来的变化" in page
    assert '<span class="chip red">' not in page


async def file_proof(house: House, liaison: Person) -> None:
    _, page = await liaison.open(WATER)
    key = re.search(r'name="csrf" value="([^"]+)"', page)
    assert key
    form = aiohttp.FormData(quote_fields=False)
    for name, value in {"csrf": key[1], "act": "filed", "on": "2015-07-30"}.items():
        form.add_field(name, value, content_type="text/plain; charset=utf-8")
    form.add_field("file", io.BytesIO(picture()), filename="公告栏.png", content_type="image/png")
    async with liaison.http.post(f"{house.base}d{WATER}", data=form) as answer:
        assert answer.status == 200


async def test_what_waits_is_numbered_by_kind_and_gone_once_it_is_decided(house: House, come: Come) -> None:
    liaison, office = await come(Role.LIAISON), await come(Role.OFFICE)
    assert "佐证待认定" not in (await office.open("/overview"))[1]
    await file_proof(house, liaison)
    _, page = await office.open("/overview")
    assert re.search(r"佐证待认定</a> <b>1</b>", page)
    _, queue = await office.open("/queue")
    target = re.search(r'name="target" value="(attestation:\d+)"', queue)
    assert target
    key = WATER.removeprefix("/matter/")
    status, _ = await office.do("/queue", "accept", target=target[1], occurrence=key, reason="公告栏已公示")
    assert status == 200
    assert "佐证待认定" not in (await office.open("/overview"))[1]


async def test_everybody_begins_where_the_own_work_is(house: House, come: Come) -> None:
    for role in Role:
        one = await come(role)
        async with one.http.get(f"{house.base}d/", allow_redirects=False) as answer:
            begins = "/d/matters" if role is Role.LIAISON else "/d/overview"
            assert (answer.status, answer.headers["Location"]) == (303, begins)


async def test_what_is_kept_is_counted_anew_after_every_act_and_pass(house: House, come: Come) -> None:
    office, liaison, small = await come(Role.OFFICE), await come(Role.LIAISON), house.small
    await office.open("/overview")
    await file_proof(house, liaison)
    assert "佐证待认定" in (await office.open("/overview"))[1]
    small.clock.now = at("2015-10-20", "10:00")
    await office.log_in()
    before = cells_of((await office.open("/overview"))[1])
    small.office.tick()
    after = cells_of((await office.open("/overview"))[1])
    assert before != after
    assert after == drawn(house) | UNRECORDED


async def test_a_page_that_was_right_seconds_ago_says_when_and_is_kept_by_no_browser(house: House, come: Come) -> None:
    one, clock, counts = await come(Role.SUPERVISOR), house.small.clock, house.shared.counted
    clock.now += timedelta(seconds=55)
    await one.open("/overview")
    with house.small.office.store.begin() as tx:
        next_seq(tx, "small")  # as with every fact
    clock.now += timedelta(seconds=8)
    with counts._turns["small"]:  # as while another request counts
        async with one.http.get(f"{house.base}d/overview") as answer:
            assert (answer.headers["Age"], "ETag" in answer.headers) == ("8", False)
            assert "截至2015-08-03 10:00" in await answer.text()
    async with one.http.get(f"{house.base}d/overview") as answer:
        assert ("Age" in answer.headers, "ETag" in answer.headers) == (False, True)
        assert "截至2015-08-03 10:01" in await answer.text()
