"""Asking the policy about one occurrence: short words for what the tests of escalation say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.live_county import live
from tracker.core.escalation.case import Case
from tracker.core.escalation.decision import decide_notices
from tracker.core.escalation.notices import Decision, DeliveryState, NoticeKey, NoticeState
from tracker.core.escalation.office_time import Hours, OfficeTime, Offset
from tracker.core.escalation.policies import Policy, Step
from tracker.core.law.county import Contact, County, Department
from tracker.core.law.duties import Assignment, Deadline, Duty, EventRule, Every, Part, Span, Within
from tracker.core.law.occurrences import Derivation, Occurrence, Window
from tracker.core.values.facts import Event
from tracker.core.values.verdicts import CellVerdict, Finding, Light, Status, Verdict
from tracker.rulebook.calendars import load_calendar

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = load_calendar(None)
HOURS = Hours()
OFFICE = OfficeTime(CALENDAR, HOURS, ZONE)

STANDARD = Policy(
    "standard",
    (
        Step("reminder", "due", Offset(-5, "workdays"), "reminder", ("liaison",)),
        Step("last-reminder", "due", Offset(-1, "workdays"), "reminder", ("liaison",)),
        Step("overdue", "due", Offset(1, "workdays"), "overdue", ("liaison",)),
        Step("to-lead", "due", Offset(3, "workdays"), "escalation", ("liaison", "lead")),
        Step("to-office", "due", Offset(5, "workdays"), "escalation", ("liaison", "lead", "county-office")),
    ),
)
DAILY = Policy(
    "daily",
    (
        Step("overdue", "due", Offset(0, "hours"), "overdue", ("liaison",)),
        Step("to-lead", "due", Offset(7, "workdays"), "escalation", ("liaison", "lead")),
    ),
    batch="week",
)
URGENT = Policy(
    "urgent",
    (
        Step("opened", "open", Offset(0, "hours"), "reminder", ("liaison", "lead")),
        Step("last-hours", "due", Offset(-4, "hours"), "reminder", ("liaison",)),
        Step("overdue", "due", Offset(0, "hours"), "overdue", ("liaison", "lead")),
    ),
    urgent=True,
)
NONE = Policy("none")

SEPTEMBER = Every(unit="month")
ASSUMED = Every(unit="quarter", assumed=True, reading="timely")
EMERGENCY = Within(span=Span(24, "hours"), event=EventRule("emergency", "突发环境事件"))


def at(day: str, hour: str = "10:00") -> datetime:
    """10:00 of a day of 2015, or another hour."""
    month, number = day.split("-")
    return datetime.combine(date(2015, int(month), int(number)), time.fromisoformat(hour), ZONE)


EARLIER = at("9-1")


def county(**changes: object) -> County:
    departments = {
        one: Department(one, name, liaison=Contact("张三", f"{one}@example.gov.cn"))
        for one, name in {"huanbao": "环保局", "fagai": "发改局", "caizheng": "财政局"}.items()
    }
    base = live(County("sample", "样例县", date(2015, 1, 1), departments, {"county-office": Contact("", "o@x.cn")}, {}))
    return replace(base, **changes)  # type: ignore[arg-type]


def occurrence(
    due_on: date | None = date(2015, 9, 30),
    *,
    deadline: Deadline = SEPTEMBER,
    department: str = "huanbao",
    opens: date = date(2015, 9, 1),
    due_at: datetime | None = None,
    event: Event | None = None,
) -> Occurrence:
    midnight = datetime.combine(due_on + timedelta(days=1), time(0), ZONE) if due_on else None
    return Occurrence(
        county="sample",
        pack="plan-2015",
        duty="monthly",
        department=department,
        label="2015-09",
        parts=("",),
        deadline=deadline,
        opens_on=opens,
        due_on=due_on,
        due_at=due_at or midnight,
        derivation=Derivation("每月公开一次。", "2015年9月"),
        window=Window(opens, due_on) if due_on and isinstance(deadline, Every) else None,
        event=event,
    )


def duty(*members: str, lead: str | None = None) -> Duty:
    who = members or ("huanbao",)
    assignment = Assignment("+".join(who), who, (), lead)
    part = Part("", "环境质量月度信息", (SEPTEMBER,))
    day = (date(2015, 1, 1), date(2015, 12, 31))
    return Duty("sample", "plan-2015", "monthly", "环境质量月度信息", "一（七）1", *day, (part,), (assignment,))


def verdict(
    status: Status,
    *,
    fresh: bool = True,
    findings: Iterable[Finding] = (),
    filed_only: bool = False,
    awaits: str = "",
) -> Verdict:
    state = "missing" if status.late else "unseen" if status is Status.UNVERIFIABLE else "open"
    light = Light.RED if status.late else Light.GREY
    cell = CellVerdict("@site", "", state, "未查到", filed_only=filed_only, awaits=awaits)  # type: ignore[arg-type]
    reason = "至今未查到公开内容。" if status.late else "判定理由。"
    return Verdict("key", status, light, reason, (cell,), tuple(findings), fresh=fresh)


def key(step: str, role: str = "liaison", *, episode: int = 0, revision: int = 0) -> NoticeKey:
    return NoticeKey(occurrence().key, revision, episode, step, 0, role, "mail")


def told(*steps: str, state: NoticeState = "sent", when: datetime = EARLIER) -> dict[NoticeKey, DeliveryState]:
    """`reminder`, or `to-lead/lead` for another role than the liaison's."""
    return {key(*step.split("/")): DeliveryState(state, when) for step in steps}


def case(
    policy: Policy,
    status: Status | Verdict,
    now: datetime,
    history: Mapping[NoticeKey, DeliveryState] | None = None,
    *,
    one: Occurrence | None = None,
    where: County | None = None,
    what: Duty | None = None,
    episode: int = 0,
    revision: int = 0,
    **more: Any,
) -> Case:
    """One occurrence under a policy; `more`: whether the verdict changed, acknowledgements, silences."""
    found = status if isinstance(status, Verdict) else verdict(status)
    return Case(
        one or occurrence(), found, policy, what or duty(), where or county(), OFFICE, revision, episode, history or {},
        now, **more,
    )  # fmt: skip


def ask(policy: Policy, status: Status | Verdict, now: datetime, *args: Any, **more: Any) -> tuple[Decision, ...]:
    """What is decided of a `case`."""
    return decide_notices(case(policy, status, now, *args, **more))


def said(decisions: Iterable[Decision]) -> list[str]:
    """`send overdue liaison`, sorted."""
    return sorted(f"{one.outcome} {one.key.step} {one.key.role}" for one in decisions)
