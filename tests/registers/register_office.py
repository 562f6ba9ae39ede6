"""Defines a small county for the tests of the registers: its rules, its open occurrences, and entries of people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

from tests.entered import new_event, new_filing
from tests.shipped_acts import ACTS
from tracker.core.law.county import County, Department, Rulebook
from tracker.core.law.duties import Assignment, By, Cell, Duty, EventRule, Every, Part, Source, Span, Within
from tracker.core.values.facts import Event, Filing
from tracker.core.values.verdicts import Light, Status
from tracker.store.chain import verify_chain
from tracker.store.engine import Tx
from tracker.store.journal import JournalRow, list_rows
from tracker.store.occurrences import OccurrenceRow

EAST = timezone(timedelta(hours=8))
NOW = datetime(2015, 3, 10, 9, tzinfo=EAST)
BUDGET = EventRule("budget-approved", "预算批复", needs=("year",))
FORMED = EventRule("information-formed", "信息形成或变更", per_duty=True)
RECEIVED = EventRule("foi-request-received", "收到申请")
ANSWERED = EventRule("foi-request-answered", "答复申请")
WORKDAYS_20 = Span(20, "workdays")
WITHIN_15 = Within(span=Span(15, "workdays"), event=RECEIVED, extension=Span(15, "workdays"))


def duty(id: str, departments: str, *deadlines: Any, parts: tuple[Part, ...] = (), record: str = "") -> Duty:
    source = Source("attested", "record" if record else "filing", record=record)
    made = tuple(
        Assignment(department, (department,), (Cell("@attested", "", (source,)),)) for department in departments.split()
    )
    span = (date(2015, 1, 1), date(2015, 12, 31))
    return Duty("sample", "plan-2015", id, id, "一", *span, parts or (Part("", id, deadlines),), made)


RULES = Rulebook(
    County(
        "sample",
        "样例县",
        date(2015, 1, 1),
        {department: Department(department, department) for department in ("huanbao", "caizheng", "bianban")},
        {},
        {},
        hosts=frozenset({"x"}),
    ),
    (
        duty(
            "approval-reform",
            "bianban",
            Within(span=WORKDAYS_20, event=FORMED),
            Every(unit="quarter", zero_report=True),
        ),
        duty("budget", "huanbao caizheng", Within(span=Span(20, "days"), event=BUDGET)),
        duty("foi-request", "huanbao", WITHIN_15, record="foi-request-answered"),
        duty(
            "power-list",
            "huanbao",
            By(day=date(2015, 7, 31)),
            Every(unit="quarter", upkeep=True, upkeep_after=date(2015, 7, 31)),
        ),
        duty(
            "environment-monthly",
            "huanbao",
            parts=(
                Part("water", "水", (Every(unit="month"),)),
                Part("air", "气", (Every(unit="month"),)),
                Part("plan", "计划", (Every(unit="year"),), own_deadline=True),
            ),
        ),
    ),
    {rule.name: rule for rule in (BUDGET, FORMED, RECEIVED, ANSWERED)},
    "d" * 64,
    acts=ACTS,
)


def row(key: str, due_on: date | None = date(2015, 3, 31), **changes: Any) -> OccurrenceRow:
    county, pack, duty, department, label = key.split("/")
    one = OccurrenceRow(
        key=key,
        county=county,
        pack=pack,
        duty=duty,
        department=department,
        label=label,
        opens_on=date(2015, 1, 1) if due_on else None,
        due_on=due_on,
        due_at=datetime(due_on.year, due_on.month, due_on.day, tzinfo=EAST) + timedelta(days=1) if due_on else None,
        status=Status.OPEN,
        light=Light.NONE,
        reason="进行中",
        rulebook="r",
        calendar="c",
        created_at=NOW,
        updated_at=NOW,
    )
    return replace(one, **changes)


QUARTER = "sample/plan-2015/approval-reform/bianban/2015-Q1"
LAST_QUARTER = "sample/plan-2015/approval-reform/bianban/2014-Q4"
NEXT_QUARTER = "sample/plan-2015/approval-reform/bianban/2015-Q2"
PUBLISHED = "sample/plan-2015/approval-reform/bianban/2015-Q3"
GONE = "sample/plan-2015/approval-reform/bianban/2015-Q4"
FORGOTTEN = "sample/plan-2015/no-such-duty/bianban/2015-Q1"
ONCE = "sample/plan-2015/power-list/huanbao/once"
UPKEEP = "sample/plan-2015/power-list/huanbao/2015-Q4"
MONTH = "sample/plan-2015/environment-monthly/huanbao/2015-03"
PLAN = "sample/plan-2015/environment-monthly/huanbao/2015.plan"
BEGUN = "sample/plan-2015/approval-reform/bianban/2014-Q3"
WAIVED = "sample/plan-2015/approval-reform/bianban/2014-Q2"
KEPT = "sample/plan-2015/power-list/huanbao/2015-Q3"
NEXT_UPKEEP = "sample/plan-2015/power-list/huanbao/2015-Q2"
WAITS = "sample/plan-2015/budget/huanbao/awaiting:budget-approved"
REQUEST = "sample/plan-2015/foi-request/huanbao/event:foi-request-received:7号"
BUDGETED = "sample/plan-2015/budget/huanbao/event:budget-approved:2015-03-02"

ROWS = (
    row(QUARTER),
    row(LAST_QUARTER, date(2014, 12, 31)),
    row(NEXT_QUARTER, date(2015, 6, 30), opens_on=date(2015, 4, 1)),
    row(PUBLISHED, status=Status.MET, reason="已于2015年3月9日公开"),
    row(GONE, closed=True, status=Status.CLOSED, reason="由事项替代"),
    row(FORGOTTEN),
    row(ONCE, date(2015, 7, 31)),
    row(UPKEEP, date(2015, 12, 31)),
    row(MONTH),
    row(PLAN, date(2015, 12, 31)),
    row(BEGUN, light=Light.YELLOW, reason="已公开一部分"),
    row(WAIVED, status=Status.WAIVED, reason="经张主任豁免：涉密"),
    row(KEPT, status=Status.MET, reason="已更新"),
    row(NEXT_UPKEEP, opens_on=date(2015, 4, 1)),
    row(WAITS, None),
    row(REQUEST, date(2015, 3, 20)),
    row(BUDGETED, date(2015, 3, 23)),
)


def journalled(tx: Tx) -> list[JournalRow]:
    assert verify_chain(tx, "sample") == []
    return list_rows(tx, "sample")


def budget(**changes: Any) -> Event:
    given = {"name": "budget-approved", "department": "huanbao", "occurred": date(2015, 3, 2), "by": "王", "now": NOW}
    return new_event(**{**given, "fields": {"year": "2015"}, **changes})


def statement(occurrence: str = QUARTER, **changes: Any) -> Filing:
    given = {"form": "statement", "proof": "已在大厅公示", "by": "王", "now": NOW, **changes}
    return new_filing("attestation", occurrence=occurrence, **given)
