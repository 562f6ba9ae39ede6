"""Every error of the API is a problem (RFC 9457) that says where and what would be right."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from tests.console.served_pages import House
from tests.console.systems import Connect
from tests.console.test_api import budget
from tracker.catalogue import catalogue_of, translate
from tracker.console.api import gate
from tracker.console.api.events import EventIn, EventsIn
from tracker.console.api.evidence import EvidenceIn
from tracker.console.api.matters import MatterQuery
from tracker.console.api.schema_errors import explain
from tracker.core.values.accounts import Scope
from tracker.registers.tokens import record_revoked_token
from tracker.store.tables import journal

POST = {"headers": {"Content-Type": "application/json"}}
#: method, path, how it is asked, status, type, a word of the detail, and where.
CASES: list[tuple[str, str, dict[str, Any], int, str, str, str]] = [
    ("GET", "/nothing", {}, 404, "not-found", "no such resource", ""),
    ("GET", "/a%0Ab", {}, 404, "not-found", "no such resource", ""),
    ("GET", "", {}, 404, "not-found", "no such resource", ""),
    ("GET", "/matters/small/small/water/huanbao/2011-01", {}, 404, "not-found", "no such matter", ""),
    ("DELETE", "/matters", {}, 405, "method", "Allow", ""),
    ("POST", "/matters", {}, 405, "method", "Allow", ""),
    ("GET", "/events", {}, 405, "method", "Allow", ""),
    ("GET", "/matters", {"params": {"light": "rot"}}, 422, "invalid", "'red'", "light"),
    ("GET", "/matters", {"params": {"ligth": "red"}}, 422, "invalid", "not permitted", "ligth"),
    ("GET", "/matters", {"params": {"due_from": "0"}}, 422, "invalid", "2026-03-02", "due_from"),
    ("GET", "/matters", {"params": {"limit": "1000"}}, 422, "invalid", "200", "limit"),
    ("GET", "/matters", {"params": {"duty": "watr"}}, 422, "invalid", "did you mean water", "duty"),
    ("GET", "/matters", {"params": {"department": "环保厅"}}, 422, "invalid", "one of: huanbao", "department"),
    ("GET", "/matters", {"params": {"cursor": "?"}}, 422, "invalid", "`next`", "cursor"),
    ("GET", "/matters", {"params": {"duty": "a\x00"}}, 422, "invalid", "control characters", "duty"),
    ("POST", "/events", {"data": "events=1"}, 415, "not-json", "Content-Type: application/json", ""),
    ("POST", "/events", {"data": "{", **POST}, 422, "invalid", "JSON", ""),
    ("POST", "/events", {"data": b"\xff", **POST}, 400, "invalid", "no JSON", ""),
    ("POST", "/events", {"data": "[" * 100_000, **POST}, 400, "invalid", "no JSON", ""),
    ("POST", "/events", {"data": b" " * (gate.MAX_BODY + 1), **POST}, 413, "too-large", "4000000", ""),
    ("POST", "/events", {"json": {"events": []}}, 422, "invalid", "at least 1", "/events"),
    ("POST", "/events", {"json": {"events": [budget(day="x")]}}, 422, "invalid", "not permitted", "/events/0/day"),
    ("POST", "/events", {"json": {"events": [budget(number="")]}}, 422, "invalid", "at least 1", "/events/0/number"),
    ("POST", "/events", {"json": {"events": [budget(number="a/b")]}}, 422, "invalid", "without / . :", "/events/0"),
    ("POST", "/evidence", {"json": {"number": "1", "matter": "x", "url": "a.cn"}}, 404, "not-found", "", "/matter"),
    ("POST", "/evidence", {"json": {"number": "1", "matter": "small/small/water/huanbao/2015-07", "url": "x"}}, 422,
     "invalid", "完整网址", "/url"),
]  # fmt: skip


async def test_each_says_where_and_what_would_be_right(house: House, connect: Connect) -> None:
    system, before = connect(), house.everything()
    for method, path, options, status, kind, detail, where in CASES:
        case = f"{method} {path} {str(options)[:80]}"
        if isinstance(data := options.get("data"), bytes):
            options = {**options, "data": io.BytesIO(data)}  # which the client closes
        answered, problem = await system.ask(method, path, **options)
        assert (answered, problem["status"], problem["type"]) == (status, status, f"urn:duban:problem:{kind}"), case
        assert system.last["Content-Type"] == "application/problem+json", case
        faults = problem["errors"]
        assert detail in " ".join([problem["detail"], *(fault["detail"] for fault in faults)]), (case, problem)
        assert where in [*(fault.get("pointer", fault.get("parameter")) for fault in faults), ""], (case, problem)
        assert (status == 405) is ("Allow" in system.last), case
    assert {**house.everything(), "api_tokens": []} == {**before, "api_tokens": []}


async def test_a_token_that_does_not_count_opens_nothing_but_the_description(house: House, connect: Connect) -> None:
    revoked, expired, office = connect(), connect(days=1), house.small.office
    with office.store.begin() as tx:
        record_revoked_token(tx, office.loaded.rulebooks[0], 1, "管理员", "更换", office.clock())
    house.small.clock.now += timedelta(days=1)
    for token in (revoked.token, expired.token, "duban_x", ""):
        revoked.token = token
        for path in ("/matters", "/nothing", "/matters/x/openapi.json"):
            status, problem = await revoked.get(path)
            assert (status, problem["type"]) == (401, "urn:duban:problem:unauthorized")
            assert revoked.last["WWW-Authenticate"] == 'Bearer realm="duban"'
        assert (await revoked.get("/openapi.json"))[0] == 200
    statuses = [(await revoked.get("/matters"))[0] for _ in range(gate.GUESSES)]
    assert statuses[-1] == 429
    house.small.clock.now += timedelta(minutes=1)
    assert (await revoked.get("/matters"))[0] == 401


async def test_a_scope_that_is_missing_is_forbidden_and_journalled(house: House, connect: Connect) -> None:
    system = connect(Scope.COLUMNS_READ)
    for method, path, body, scope in (
        ("GET", "/matters", None, "matters:read"),
        ("POST", "/events", {"events": [budget()]}, "events:write"),
        ("POST", "/evidence", {"number": "1", "matter": "x", "url": "y"}, "evidence:write"),
    ):
        status, problem = await system.ask(method, path, body)
        assert (status, scope in problem["detail"]) == (403, True)
        last = house.rows(journal)[-1]
        assert (last["action"], last["who"], last["subject"]) == ("access.refused", "财务系统", "token:1")
    assert (await system.get("/columns"))[0] == 200


async def test_a_system_that_asks_too_often_waits(house: House, connect: Connect) -> None:
    system, other = connect(Scope.COLUMNS_READ), connect(Scope.COLUMNS_READ)
    statuses = [(await system.post("/events", {}))[0] for _ in range(gate.WRITES + 1)]
    assert (statuses.count(429), system.last["Retry-After"]) == (1, "60")
    assert (await other.post("/events", {}))[0] == 403
    house.small.clock.now += timedelta(minutes=1)
    assert (await system.post("/events", {}))[0] == 403


#: Values of each kind: whatever part a request has, it refuses one of them.
WRONG: list[Any] = [None, True, 1.5, 10**30, "", " ", "x" * 600, "a\x00", "2026-02-30", [], ["x"] * 6000, {}, object()]


@pytest.mark.parametrize("model", [EventsIn, EventIn, EvidenceIn, MatterQuery])
def test_whatever_the_schema_refuses_is_said_in_chinese(model: type[BaseModel]) -> None:
    bodies = [*WRONG, {"nothing": 1}, {"fields": {f"{n}": "" for n in range(30)}}, {"fields": {"\x00": 1}}]
    bodies += [{name: value} for name in model.model_fields for value in WRONG]
    found = set()
    for body in bodies:
        try:
            model.model_validate(body)
        except ValidationError as failure:
            for error in failure.errors():
                found.add(error["type"])
                said = translate(catalogue_of("zh"), explain(error))
                assert re.search(r"[\u3400-\u9fff]", said), error
    assert len(found) >= 5


async def test_problems_speak_chinese_where_english_is_not_asked_for(connect: Connect) -> None:
    status, problem = await connect().ask("GET", "/matters", params={"duty": "watr"}, headers={"Accept-Language": ""})
    assert (status, problem["detail"]) == (422, "没有任务'watr'：是不是 water？")
    status, problem = await connect().ask("GET", "/matters?limit=0", headers={"Accept-Language": "zh-CN"})
    assert (status, [fault["detail"] for fault in problem["errors"]]) == (422, ["不得小于1"])
