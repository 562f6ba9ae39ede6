"""What another system reads and writes through the API."""

from __future__ import annotations

import os
from typing import Any

from tests.console.served_pages import House
from tests.console.systems import WATER, Connect
from tests.decide.small_county import at
from tracker.store.tables import events, filings, journal, notices
from tracker.store.tables_accounts import api_receipts

BUDGET = {
    "number": "F-1",
    "name": "budget-approved",
    "department": "keji",
    "on": "2015-07-30",
    "fields": {"year": "2015"},
}


def budget(**other: Any) -> dict[str, Any]:
    return {**BUDGET, **other}


async def test_an_event_is_recorded_and_judged_at_once_and_the_journal_names_the_token(
    house: House, connect: Connect
) -> None:
    system = connect()
    status, answer = await system.post("/events", {"events": [budget()]})
    assert (status, answer["results"][0]["outcome"]) == (200, "recorded"), answer
    key = "small/small/budget/keji/event:budget-approved:F-1"
    assert key in answer["changed_matters"]
    _, shown = await system.get(f"/matters/{key}")
    assert shown["matter"]["due_on"] == "2015-08-19"
    row = next(row for row in house.rows(journal) if row["action"] == "event.recorded")
    assert (row["who"], row["origin"].split()[-1]) == ("财务系统", "token:1")


async def test_the_same_again_is_answered_as_the_first_time_whatever_became_of_it(
    house: House, connect: Connect
) -> None:
    system = connect()
    _, first = await system.post("/events", {"events": [budget()]})
    before = house.everything()
    _, again = await system.post("/events", {"events": [budget(), budget()]})
    assert again["results"] == [{**first["results"][0], "repeated": True}] * 2
    assert house.everything() == before
    status, problem = await system.post("/events", {"events": [budget(number="F-2"), budget(on="2015-07-31")]})
    assert (status, problem["errors"][0]["pointer"]) == (409, "/events/1")
    assert "sent before with other contents" in problem["errors"][0]["detail"]
    assert house.everything() == before


async def test_thousands_are_one_post_all_or_none_or_those_that_are_right(house: House, connect: Connect) -> None:
    system = connect()
    many = [budget(number=f"F-{number}", fields={"year": f"{1950 + number}"}) for number in range(60)]
    many[7]["department"], many[9]["on"], many[11]["on"] = "财政厅", "30.7.2015", "2015-09-01"
    status, problem = await system.post("/events", {"events": many})
    assert (status, [fault["pointer"] for fault in problem["errors"]]) == (
        422,
        ["/events/7", "/events/9", "/events/11"],
    )
    assert [fault["number"] for fault in problem["errors"]] == ["F-7", "F-9", "F-11"]
    assert "is not known" in problem["errors"][0]["detail"]
    assert "write a day as" in problem["errors"][1]["detail"]
    assert "lies in the future" in problem["errors"][2]["detail"]
    assert house.rows(events) == house.rows(api_receipts) == []
    many[11]["sure"] = True
    status, answer = await system.post("/events", {"events": many, "skip_bad": True})
    refused = [each["number"] for each in answer["results"] if each["outcome"] == "refused"]
    assert (status, refused, len(house.rows(events)), len(house.rows(api_receipts))) == (200, ["F-7", "F-9"], 58, 58)


async def test_what_is_on_record_already_is_told_and_never_overwritten(house: House, connect: Connect) -> None:
    system, other = connect(), connect(name="审批系统")
    await system.post("/events", {"events": [budget(reference="财预18号")]})
    status, answer = await other.post("/events", {"events": [budget(number="A-1", reference="财预18号")]})
    assert (status, answer["results"][0]["outcome"]) == (200, "on-record")
    status, problem = await other.post(
        "/events", {"events": [budget(number="A-2", reference="财预18号", on="2015-07-29")]}
    )
    assert (status, "on record with 2015-07-30" in problem["errors"][0]["detail"]) == (409, True)
    assert [str(row["occurred"]) for row in house.rows(events)] == ["2015-07-30"]


async def test_a_field_that_no_event_has_is_refused(connect: Connect) -> None:
    system = connect()
    status, problem = await system.post("/events", {"events": [budget(fields={"jahr": "2015"})]})
    said = " ".join(fault["detail"] for fault in problem["errors"])
    assert (status, "no field 'jahr': known: year" in said, "which budget-approved needs" in said) == (422, True, True)
    status, problem = await system.post("/events", {"events": [budget(fields={"year": "2015", "on": "x"})]})
    assert (status, problem["errors"][0]["pointer"]) == (422, "/events/0/fields/on")


async def test_a_token_of_a_department_reaches_nothing_else(house: House, connect: Connect) -> None:
    system = connect(department="huanbao")
    _, listed = await system.get("/matters")
    assert {matter["department"] for matter in listed["matters"]} == {"huanbao"}
    assert (await system.get("/matters", department="科技局"))[0] == 403
    assert (await system.get("/matters/small/small/powers/keji/once"))[0] == 404
    status, problem = await system.post("/events", {"events": [budget()]})
    assert (status, "for the department huanbao alone" in problem["errors"][0]["detail"]) == (403, True)
    status, _ = await system.post(
        "/evidence", {"number": "1", "matter": "small/small/powers/keji/once", "url": "http://a.cn"}
    )
    assert (status, house.rows(events)) == (404, [])
    assert [row["action"] for row in house.rows(journal)].count("access.refused") == 2


async def test_matters_are_filtered_and_paged(connect: Connect) -> None:
    system = connect()
    _, everything = await system.get("/matters", limit=200)
    keys = [matter["key"] for matter in everything["matters"]]
    assert keys == sorted(keys)
    assert len(keys) > 6
    paged, cursor = [], {}
    while True:
        _, page = await system.get("/matters", limit=3, **cursor)
        paged += [matter["key"] for matter in page["matters"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert paged == keys
    for query, holds in (
        ({"light": "red"}, lambda matter: matter["light"] == "red"),
        ({"status": "overdue"}, lambda matter: matter["status"] == "overdue"),
        ({"duty": "water"}, lambda matter: matter["duty"] == "water"),
        ({"duty": "small/water", "department": "环保局"}, lambda matter: matter["duty"] == "water"),
        ({"due_from": "2015-07-31", "due_until": "2015-08-31"},
         lambda matter: "2015-07-31" <= (matter["due_on"] or "") <= "2015-08-31"),
    ):  # fmt: skip
        _, found = await system.get("/matters", limit=200, **query)
        assert [matter["key"] for matter in found["matters"]] == [
            each["key"] for each in everything["matters"] if holds(each)
        ]
        assert found["matters"], query


async def test_a_matter_says_why_and_how_it_came_so(connect: Connect) -> None:
    _, shown = await connect().get(f"/matters/{WATER}")
    matter, history = shown["matter"], shown["history"]
    assert (matter["status"], matter["department_name"], matter["due_on"]) == ("overdue", "环保局", "2015-07-31")
    assert "每月一期" in matter["derivation"]
    assert matter["reason"] == history[-1]["reason"]
    assert [each["at"] for each in history] == sorted(each["at"] for each in history)


async def test_evidence_is_looked_at_at_once_and_counts_once(house: House, connect: Connect) -> None:
    system, site = connect(), os.environ["SMALL_SITE"].rstrip("/")
    body = {"number": "W-1", "matter": WATER, "url": f"{site}/environment/77.html"}
    status, problem = await system.post("/evidence", body)
    assert (status, problem["errors"][0]["pointer"]) == (422, "/url")
    assert "网页无法打开（404）" in problem["errors"][0]["detail"]
    assert house.rows(api_receipts) == []
    house.small.site.publish("environment", "6月份水环境质量", at("2015-08-03", "09:30"), "水质良好。")
    body["url"] = f"{site}/environment/0.html"
    status, first = await system.post("/evidence", body)
    assert (status, first["outcome"], "内容符合该事项的要求" in first["message"]) == (200, "checked", True), first
    before = house.everything()
    assert await system.post("/evidence", body) == (200, {**first, "repeated": True})
    assert (await system.post("/evidence", {**body, "url": f"{site}/environment/1.html"}))[0] == 409
    assert house.everything() == before
    row = next(row for row in house.rows(journal) if row["action"] == "evidence.named")
    assert (row["who"], row["subject"]) == ("财务系统", WATER)


async def test_an_address_elsewhere_is_told_to_the_county_office(house: House, connect: Connect) -> None:
    body = {"number": "W-1", "matter": WATER, "url": "https://www.other.gov.cn/a.html"}
    status, answer = await connect().post("/evidence", body)
    assert (status, answer["outcome"], "已转" in answer["message"]) == (200, "referred", True), answer
    (notice,) = [row for row in house.rows(notices) if row["subject"].startswith("claim:")]
    assert "财务系统称已公开" in notice["reason"]
    assert house.rows(filings) == []


async def test_columns_say_when_they_were_read(connect: Connect) -> None:
    _, answer = await connect().get("/columns")
    assert {column["title"]: column["outcome"] for column in answer["columns"]}["环境保护"] == "read"


async def test_a_token_says_what_it_opens(connect: Connect) -> None:
    from tracker.core.values.accounts import Scope

    _, answer = await connect(Scope.MATTERS_READ, department="huanbao").get("/token")
    assert (answer["system"], answer["scopes"], answer["department"]) == ("财务系统", ["matters:read"], "huanbao")
