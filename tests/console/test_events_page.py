"""Events are recorded on their page, one by one or from a file, after it was shown what they move."""

from __future__ import annotations

import html
import io
import re

import aiohttp
import pytest

from tests.console.people import Come, Person
from tests.console.served_pages import House
from tests.decide.small_county import at
from tracker.core.values.accounts import Role
from tracker.store.tables import events, journal

HEAD = "事件,单位,日期,文号,年度"
GOOD = f"{HEAD}\n预算批复,科技局,2015年7月20日,财预〔2015〕18号,2015\n"
TAKEN = {
    "event": "budget-approved", "department": "keji", "on": "7月20日", "reference": "财预〔2015〕18号",
    "field-year": "2015",
}  # fmt: skip


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    return sqlite_url


def hidden(page: str, button: str) -> dict[str, str]:
    """The hidden fields of the first form that has the button."""
    form = next(each for each in re.findall("<form.*?</form>", page, re.DOTALL) if button in each)
    found = re.findall(r'type="hidden" name="([a-z0-9-]+)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in found if name != "csrf"}


async def upload(one: Person, content: str, **fields: str) -> tuple[int, str]:
    data = aiohttp.FormData(quote_fields=False)
    for name, value in {"csrf": await one.form_key(), "act": "import", **fields}.items():
        data.add_field(name, value, content_type="text/plain; charset=utf-8")
    data.add_field("file", io.BytesIO(content.encode()), filename="批复.csv", content_type="text/csv")
    async with one.http.post(f"{one.house.base}d/events", data=data) as answer:
        return answer.status, await answer.text()


async def test_what_an_event_would_move_is_shown_and_recorded_once_confirmed(house: House, come: Come) -> None:
    office = await come(Role.OFFICE)
    _, page = await office.open("/events")
    assert "科技局：预算批复" in page
    status, page = await office.do("/events", "record", **TAKEN)
    assert (status, "时限将如何变动" in page, "2015年8月" in page) == (200, True, True), page
    assert house.rows(events) == []
    assert [row for row in house.rows(journal) if row["action"] == "event.recorded"] == []
    status, page = await office.do("/events", "record", **hidden(page, "照此登记"))
    assert (status, "没有应登记而未登记的事件" in page) == (200, True), page
    (event,) = house.rows(events)
    assert (event["reference"], event["by"]) == ("财预〔2015〕18号", "county-office的姓名")
    assert house.small.rows()["budget/keji/event:budget-approved:财预〔2015〕18号"].due_on is not None


#: What is typed, and what the page says to it.
WRONG: list[tuple[dict[str, str], str]] = [
    ({"on": "7月32日"}, "无法识别"),
    ({"on": "2015-12-31"}, "还没有到"),
    ({"on": ""}, "请填写预算批复的日期"),
    ({"field-year": "15"}, "四位数字"),
    ({"reference": "财预/18"}, "文号请照文件填写"),
    ({"department": "nobody"}, "请选择单位"),
    ({"department": "huanbao"}, "请选择单位"),
    ({"event": "no-such"}, "请选择事件"),
]


async def test_what_is_wrong_is_said_and_what_was_typed_stands_there_still(house: House, come: Come) -> None:
    office = await come(Role.OFFICE)
    for fields, said in WRONG:
        typed = {**TAKEN, **fields}
        status, page = await office.do("/events?event=budget-approved", "record", **typed)
        assert (status, said in page) == (422, True), page
        assert house.rows(events) == []
        if typed["event"] == TAKEN["event"]:
            assert all(html.escape(typed[name]) in page for name in ("on", "reference", "field-year"))


async def test_a_day_that_looks_mistyped_is_doubted_before_it_is_recorded(house: House, come: Come) -> None:
    office = await come(Role.OFFICE)
    _, page = await office.do("/events", "record", **{**TAKEN, "on": "2015-07-19"})  # a Sunday
    assert "请核对：" in page
    assert house.rows(events) == []


async def test_a_number_that_is_on_record_is_not_recorded_again(house: House, come: Come) -> None:
    office = await come(Role.OFFICE)
    house.small.event("2015-07-20", "财预〔2015〕18号")
    key = "small/small/budget/keji/awaiting:budget-approved"  # it was awaited as the page was made
    status, page = await office.do("/events", "record", **{**TAKEN, "on": "2015-07-21", "key": key})
    assert (status, "已经登记过" in page, 'value="2015-07-21"' in page) == (422, True, True), page
    status, _ = await office.do("/events", "record", **{**TAKEN, "on": "2015-07-21", "sure": "1"})
    assert (status, len(house.rows(events))) == (422, 1)


async def test_a_file_is_shown_first_and_recorded_as_it_was_shown(house: House, come: Come) -> None:
    office = await come(Role.OFFICE)
    status, page = await upload(office, GOOD)
    assert (status, "时限将如何变动" in page, house.rows(events)) == (200, True, []), page
    confirm = hidden(page, "照此登记")
    status, page = await office.do("/events", "import", **confirm)
    assert (status, [row["reference"] for row in house.rows(events)]) == (200, ["财预〔2015〕18号"]), page
    imported = next(row for row in house.rows(journal) if row["action"] == "events.imported")
    assert (imported["who"], imported["subject"]) == ("county-office的姓名", f"file:{confirm['sha256']}")


async def test_bad_rows_are_named_and_the_others_recorded_alone_if_wanted(house: House, come: Come) -> None:
    office = await come(Role.OFFICE)
    status, page = await upload(office, f"{GOOD}预算批复,科枝局,2015-07-21,19号,2015\n预算批复,科技局,七月,20号,2015\n")
    assert (status, "科技局" in page, "有些行不能登记" in page, "照此登记" in page) == (200, True, True, False), page
    _, page = await office.do("/events", "import", **hidden(page, "只看其余各行"))
    assert house.rows(events) == []
    await office.do("/events", "import", **hidden(page, "照此登记"))
    assert [row["reference"] for row in house.rows(events)] == ["财预〔2015〕18号"]


async def test_what_was_recorded_meanwhile_is_shown_and_nothing_is_written(house: House, come: Come) -> None:
    office = await come(Role.OFFICE)
    _, page = await upload(office, GOOD)
    confirm = hidden(page, "照此登记")
    house.small.event("2015-07-21", "财预〔2015〕18号")
    status, page = await office.do("/events", "import", **confirm)
    assert (status, "其间另有登记" in page, "已登记为" in page) == (200, True, True), page
    assert [str(row["occurred"]) for row in house.rows(events)] == ["2015-07-21"]


async def test_what_is_no_sheet_of_events_is_refused(house: House, come: Come) -> None:
    office = await come(Role.OFFICE)
    for content in ("", "一二三", "PK\x03\x04 no workbook", HEAD):
        status, page = await upload(office, content)
        assert (status in (200, 422), "照此登记" in page, house.rows(events)) == (True, False, []), page


async def test_another_persons_or_a_forgotten_file_is_chosen_anew(house: House, come: Come) -> None:
    office, other = await come(Role.OFFICE), await come(Role.OFFICE, "other")
    _, page = await upload(office, GOOD)
    confirm = hidden(page, "照此登记")
    assert (await other.do("/events", "import", **confirm))[0] == 422
    house.small.clock.now = at("2015-08-03", "10:29")
    await office.open("/events")
    house.small.clock.now = at("2015-08-03", "10:31")
    assert (await office.do("/events", "import", **confirm))[0] == 422
    assert house.rows(events) == []


async def test_who_may_see_and_record(house: House, come: Come) -> None:
    liaison, auditor = await come(Role.LIAISON), await come(Role.AUDITOR)
    assert (await liaison.open("/events"))[0] == 403
    status, page = await auditor.open("/events")
    assert (status, 'value="record"' in page, "科技局：预算批复" in page) == (200, False, True)
    for act in ("record", "import"):
        assert (await auditor.do("/events", act, **TAKEN))[0] == 403
