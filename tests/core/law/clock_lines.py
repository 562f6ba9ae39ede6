"""Clocks of the two Regulations, and facts written as lines: `received 2026-03-02, a-asked 2026-03-06`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tracker.core.law.assumed_rules import CLOCK_RULES, AssumedRule
from tracker.core.law.counting import day_start
from tracker.core.law.deadlines import Due, due_within
from tracker.core.law.duties import EventRule, Span, Stop, Within
from tracker.core.law.occurrences import find_standstill
from tracker.core.law.statutes import Act, Provision
from tracker.core.values.facts import Event, Moment
from tracker.rulebook.calendars import load_calendar

CALENDAR, ZONE = load_calendar(Path(__file__).parents[3] / "rules" / "calendar"), ZoneInfo("Asia/Shanghai")
WORKDAYS_15, WORKDAYS_20 = Span(15, "workdays"), Span(20, "workdays")
RULES = {
    rule.name: rule
    for rule in (
        EventRule("received", "收到公开申请"),
        EventRule("unclear", "要求补正"),
        EventRule("corrected", "申请人补正"),
        EventRule("fee-asked", "通知缴费"),
        EventRule("fee-paid", "缴费"),
        EventRule("fee-lapsed", "逾期未缴费", lapse=WORKDAYS_20, of="fee-asked", unless=("fee-paid",)),
        EventRule("t-asked", "征求第三方意见"),
        EventRule("t-answered", "第三方答复"),
        EventRule("t-silent", "第三方逾期未答复", lapse=WORKDAYS_15, of="t-asked", unless=("t-answered",)),
        EventRule("a-asked", "征求其他机关意见"),
        EventRule("a-answered", "其他机关答复"),
        EventRule(
            "a-silent", "其他机关逾期未答复", lapse=WORKDAYS_15, of="a-asked", unless=("a-answered",),
            where={"co-maker": "yes"},
        ),
        EventRule("withdrawn", "申请人撤回"),
        EventRule("extended", "延长答复期限"),
    )
}  # fmt: skip
FOI_2007 = Act("foi-2007", "政府信息公开条例", "国务院令第492号", date(2008, 5, 1), date(2019, 5, 14))
FOI_2019 = Act("foi-2019", "政府信息公开条例", "国务院令第711号", date(2019, 5, 15))


def stop(first: str, *then: str, restarts: bool = False) -> Stop:
    return Stop(RULES[first], tuple(RULES[name] for name in then), restarts)


#: Regulations of 2019, arts. 30, 32-34, 42.
ANSWER = Within(
    span=WORKDAYS_20,
    event=RULES["received"],
    extension=WORKDAYS_20,
    extended_by=RULES["extended"],
    stops=(
        stop("t-asked", "t-answered", "t-silent"),
        stop("a-asked", "a-answered", "a-silent"),
        stop("unclear", "corrected", restarts=True),
        stop("fee-asked", "fee-paid", restarts=True),
    ),
    until=(RULES["withdrawn"], RULES["fee-lapsed"]),
    clock_rules=dict.fromkeys(CLOCK_RULES, AssumedRule()),
    law=(Provision(FOI_2019, "33"),),
)
#: Regulations of 2007, art. 24.
ANSWER_2007 = Within(
    span=WORKDAYS_15,
    event=RULES["received"],
    extension=WORKDAYS_15,
    stops=(stop("t-asked", "t-answered"),),
    clock_rules=dict.fromkeys(CLOCK_RULES, AssumedRule()),
    law=(Provision(FOI_2007, "24"),),
)
CO_MAKER = {"co-maker": "yes"}


def moment(text: str) -> Moment:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE) if "T" in text else date.fromisoformat(text)


def fact(name: str, on: str, reference: str = "7", **fields: str) -> Event:
    return Event(1, name, "keji", reference, moment(on), datetime(2026, 1, 1, tzinfo=UTC), fields=fields)


def facts(line: str) -> list[Event]:
    """The facts of a line such as `received 2026-03-02, a-asked 2026-03-06 co-maker=yes`; `~2` after a name."""
    made = []
    for part in filter(None, line.split(", ")):
        name, on, *fields = part.split()
        name, _, again = name.partition("~")
        made.append(fact(name, on, f"7~{again}" if again else "7", **dict(field.split("=") for field in fields)))
    return made


def run(line: str, deadline: Within = ANSWER) -> Due:
    received, *related = facts(line)
    return due_within(deadline, received, CALENDAR, ZONE, related=related)


def shown(due: Due, now: str) -> str:
    """What is due, or until when the clock stands at that instant, with the latest due day where it is known."""
    at = moment(now)
    standing = find_standstill(due.stood, at if isinstance(at, datetime) else day_start(at, ZONE))
    if standing is None:
        return str(due.on)
    until = f"paused until {standing.until}" if standing.until else "paused"
    return f"{until}, due {due.on}" if due.on else until
