"""What waits for the county office is decided on the page, once, by somebody else than who filed it."""

from __future__ import annotations

import html
import io
import re

import aiohttp
import pytest

from tests.commands.messages import said_in_code
from tests.console.people import WATER, Come, Person
from tests.console.served_pages import House
from tests.console.test_acts import filed_event, picture
from tests.decide.small_county import at
from tracker.catalogue import LANGUAGES, catalogue_of, translate
from tracker.console.html import CommandsLeftOut
from tracker.core.values.accounts import Role
from tracker.store.faults import record_fault
from tracker.store.tables import events, rulings


@pytest.fixture
async def liaison(come: Come) -> Person:
    """A liaison who objects to a matter that is overdue."""
    one = await come(Role.LIAISON)
    status, _ = await one.do(WATER, "objected", reason="监测站停用", proof="县环〔2015〕8号")
    assert status == 200
    return one


def fields_of(page: str, act: str) -> dict[str, str]:
    """The hidden fields of the first form that offers the act."""
    form = next(each for each in re.findall("<form.*?</form>", page, re.DOTALL) if f'value="{act}"' in each)
    hidden = re.findall(r'type="hidden" name="([a-z-]+)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in hidden if name != "csrf"}


async def test_an_objection_is_decided_and_leaves_the_queue(house: House, come: Come, liaison: Person) -> None:
    office = await come(Role.OFFICE)
    status, page = await office.open("/queue")
    assert (status, "环保局：水环境质量月报" in page, "监测站停用" in page) == (200, True, True)
    status, page = await office.do("/queue", "uphold", **fields_of(page, "uphold"), reason="")
    assert (status, "请填写认定的理由" in page) == (422, True)
    fields = fields_of(page, "uphold")
    status, page = await office.do("/queue", "uphold", **fields, reason="情况属实")
    assert (status, "没有需要认定的事项" in page) == (200, True), page
    assert [(row["kind"], row["by"]) for row in house.rows(rulings)] == [
        ("object", "liaison的姓名"), ("uphold", "county-office的姓名"),
    ]  # fmt: skip


async def test_a_proof_that_was_filed_is_accepted_by_the_office_and_the_matter_is_met(house: House, come: Come) -> None:
    liaison, office = await come(Role.LIAISON), await come(Role.OFFICE)
    _, page = await liaison.open(WATER)
    form = aiohttp.FormData(quote_fields=False)
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)
    assert csrf
    for name, value in {"csrf": csrf[1], "act": "filed", "on": "2015-07-30"}.items():
        form.add_field(name, value, content_type="text/plain; charset=utf-8")
    form.add_field("file", io.BytesIO(picture()), filename="公告栏.png", content_type="image/png")
    async with liaison.http.post(f"{house.base}d{WATER}", data=form) as answer:
        assert (answer.status, "已作为佐证报送" in await answer.text()) == (200, True)
    _, page = await office.open("/queue")
    assert "公告栏.png" in page
    status, page = await office.do("/queue", "accept", **fields_of(page, "accept"), reason="公告栏已公示")
    assert (status, "没有需要认定的事项" in page) == (200, True), page
    assert '<span class="chip green">' in (await office.open(WATER))[1]


async def test_the_second_of_two_clerks_is_told_what_was_decided_and_loses_nothing(
    house: House,
    come: Come,
    liaison: Person,
) -> None:
    first, second = await come(Role.OFFICE, "first"), await come(Role.OFFICE, "second")
    fields = fields_of((await first.open("/queue"))[1], "dismiss")
    assert (await first.do("/queue", "dismiss", **fields, reason="证据不足"))[0] == 200
    status, page = await second.do("/queue", "uphold", **fields, reason="我认为情况属实")
    assert (status, "first的姓名" in page) == (422, True), page
    assert ("您填写的理由" in page, "我认为情况属实" in page) == (True, True)
    refusal = re.search(r'class="note bad" role="alert">(.*?)</p>', page)
    assert refusal
    assert ("duban" in refusal[1], f'href="/d{WATER}"' in refusal[1]) == (False, True)
    assert [row["kind"] for row in house.rows(rulings)] == ["object", "dismiss"]


def test_a_command_that_a_refusal_names_stands_in_brackets_which_pages_leave_out() -> None:
    shown = ("registers/rulings", "registers/objections", "registers/events", "registers/filings", "reports/circulars")
    files = tuple(f"tracker/{each}" for each in (*shown, "console/pages"))
    texts = [text for text, place in said_in_code().items() if place.startswith(files)]
    for language in LANGUAGES:
        said = [translate(CommandsLeftOut(catalogue_of(language)), text) for text in texts]
        assert [text for text in said if "duban" in text] == []


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AUDITOR])
async def test_others_of_the_county_see_the_queue_and_no_forms(come: Come, liaison: Person, role: Role) -> None:
    one = await come(role)
    _, page = await one.open("/queue")
    assert ("监测站停用" in page, 'value="uphold"' in page) == (True, False)


async def test_what_keeps_matters_from_being_judged_stands_there_with_the_page_to_mend_it(
    house: House, come: Come
) -> None:
    house.small.site.instead["/finance/"] = 503
    house.small.clock.now = at("2015-08-03", "11:00")
    await house.small.turn(crawl=True)
    with house.small.office.store.begin() as tx:
        record_fault(tx, "small", "mailbox:huanbao@small.example", "deliver", "550 no such user", house.small.clock.now)
    office = await come(Role.OFFICE)
    _, page = await office.open("/queue")
    chores = page[page.index('id="chores"') :]
    assert 'href="/d/events">科技局：预算批复</a>' in chores
    assert 'href="/d/site/county-site/finance">财政资金</a>' in chores
    assert "huanbao@small.example" in chores


async def test_a_filed_event_is_accepted_in_place_and_the_clock_starts(house: House, come: Come) -> None:
    await filed_event(house)
    await house.small.turn()
    office = await come(Role.OFFICE)
    _, page = await office.open("/queue")
    status, page = await office.do("/queue", "accept", **fields_of(page, "accept"), reason="批复文件属实")
    assert status == 200, page
    assert [row["reference"] for row in house.rows(events)] == ["财预〔2015〕18号"]
