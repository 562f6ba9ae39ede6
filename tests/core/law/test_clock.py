"""How a clock stops, goes on, starts anew and ends: the worked days of the rule language, and each boundary."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tracker.core.law.counting import day_start
from tracker.core.law.deadlines import Due, due_within
from tracker.core.law.duties import CLOCK_RULES, AssumedRule, EventRule, Span, Stop, Within
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


# Days off in 2026: 15 to 23 February, 4 to 6 April, 1 to 5 May; worked: 14 and 28 February, 9 May.
@pytest.mark.parametrize(
    ("deadline", "line", "now", "expected"),
    [
        # the worked days of the rule language
        (ANSWER, "received 2026-02-10", "2026-02-10", "2026-03-16"),
        (ANSWER, "received 2026-02-10, unclear 2026-02-26", "2026-02-27", "paused"),
        (ANSWER, "received 2026-02-10, unclear 2026-02-26, corrected 2026-03-03", "2026-03-03", "2026-03-31"),
        (ANSWER, "received 2026-03-02, fee-asked 2026-03-06", "2026-03-07", "paused until 2026-04-03"),
        (
            ANSWER,
            "received 2026-03-02, a-asked 2026-03-06, a-answered 2026-03-13",
            "2026-03-13",
            "2026-04-07",
        ),
        (
            ANSWER,
            "received 2026-03-02, a-asked 2026-03-06 co-maker=yes",
            "2026-03-07",
            "paused until 2026-03-27, due 2026-04-21",
        ),
        (ANSWER, "received 2026-03-02, extended 2026-03-25", "2026-03-25", "2026-04-28"),
        (ANSWER_2007, "received 2015-09-21", "2015-09-21", "2015-10-16"),
        (
            ANSWER_2007,
            "received 2015-09-21, t-asked 2015-09-25, t-answered 2015-10-12",
            "2015-10-12",
            "2015-10-27",
        ),
        # a silence: shown as standing to the end of its last day, then as gone on
        (
            ANSWER,
            "received 2026-03-02, a-asked 2026-03-06 co-maker=yes",
            "2026-03-27T23:59",
            "paused until 2026-03-27, due 2026-04-21",
        ),
        (ANSWER, "received 2026-03-02, a-asked 2026-03-06 co-maker=yes", "2026-03-28", "2026-04-21"),
        # an answer on the silence's last day is in time, one of the day after is not: the clock went on before
        (ANSWER, "received 2026-03-02, t-asked 2026-03-06, t-answered 2026-03-27", "2026-03-27", "2026-04-21"),
        (ANSWER, "received 2026-03-02, t-asked 2026-03-06, t-answered 2026-03-30", "2026-03-30", "2026-04-21"),
        # counted from the day on which the letter arrived
        (
            ANSWER,
            "received 2026-03-02, t-asked 2026-03-06 reached=2026-03-10",
            "2026-03-07",
            "paused until 2026-03-31, due 2026-04-23",
        ),
        # nothing limits another agency's time
        (ANSWER, "received 2026-03-02, a-asked 2026-03-06", "2026-06-01", "paused"),
        # 2007 knows no silence
        (ANSWER_2007, "received 2015-09-21, t-asked 2015-09-25", "2015-12-01", "paused"),
    ],
)
def test_worked_days(deadline: Within, line: str, now: str, expected: str) -> None:
    assert shown(run(line, deadline), now) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        # both days of the pause: its first counts, its last does not. Received on Monday 2 March, due on the 30th.
        ("t-asked 2026-03-09, t-answered 2026-03-09", "2026-03-30"),
        ("t-asked 2026-03-09, t-answered 2026-03-10", "2026-03-31"),
        ("t-asked 2026-03-06, t-answered 2026-03-07", "2026-03-30"),  # only a Saturday between
        ("t-asked 2026-03-06, t-answered 2026-03-09", "2026-03-31"),
        ("t-asked 2026-03-07, t-answered 2026-03-09", "2026-03-31"),  # asked on the Saturday
        # two that overlap count once; two that touch as one; with a day between, as two
        ("t-asked 2026-03-06, t-answered 2026-03-12, a-asked 2026-03-10, a-answered 2026-03-13", "2026-04-07"),
        ("t-asked 2026-03-06, t-answered 2026-03-13, a-asked 2026-03-10, a-answered 2026-03-12", "2026-04-07"),
        ("t-asked 2026-03-06, t-answered 2026-03-11, a-asked 2026-03-11, a-answered 2026-03-13", "2026-04-07"),
        ("t-asked 2026-03-06, t-answered 2026-03-10, a-asked 2026-03-11, a-answered 2026-03-13", "2026-04-03"),
        # two third parties, each with an answer of its own
        ("t-asked 2026-03-06, t-answered 2026-03-10, t-asked~2 2026-03-11, t-answered~2 2026-03-13", "2026-04-03"),
        ("t-asked 2026-03-06, t-asked~2 2026-03-06, t-answered 2026-03-10, t-answered~2 2026-03-13", "2026-04-07"),
        # an answer of before the question answers nothing; 15 working days on it is silence
        ("t-asked 2026-03-06, t-answered 2026-03-05", "2026-04-21"),
        # asked on the last day: the limit runs out when the clock goes on, on a day off on the next working day
        ("t-asked 2026-03-27, t-answered 2026-04-01", "2026-04-02"),
        ("t-asked 2026-03-30, t-answered 2026-04-01", "2026-04-01"),
        ("t-asked 2026-03-30, t-answered 2026-04-04", "2026-04-07"),
        # asked after the last day: too late to move anything
        ("t-asked 2026-03-31, t-answered 2026-04-03", "2026-03-30"),
        ("unclear 2026-03-31", "2026-03-30"),
        ("unclear 2026-03-30, corrected 2026-04-01", "2026-04-30"),
        # restart: pauses and extensions of before are void; what stands on still stands
        ("t-asked 2026-03-03, t-answered 2026-03-05, unclear 2026-03-09, corrected 2026-03-16", "2026-04-14"),
        ("t-asked 2026-03-06, t-answered 2026-03-18, unclear 2026-03-09, corrected 2026-03-16", "2026-04-16"),
        ("extended 2026-03-12, unclear 2026-03-13, corrected 2026-03-16", "2026-04-14"),
        ("extended 2026-03-16, unclear 2026-03-13, corrected 2026-03-16", "2026-05-14"),
        ("unclear 2026-03-09, corrected 2026-03-16, fee-asked 2026-03-20, fee-paid 2026-03-23", "2026-04-21"),
        # an extension runs on from the result, and pauses in it do not count either
        ("extended 2026-03-12, t-asked 2026-03-09, t-answered 2026-03-10", "2026-04-29"),
        ("extended 2026-03-12, t-asked 2026-04-01, t-answered 2026-04-02", "2026-04-29"),
        # facts of another request move nothing
        ("", "2026-03-30"),
    ],
)  # fmt: skip
def test_boundaries(line: str, expected: str) -> None:
    assert shown(run(f"received 2026-03-02, {line}".removesuffix(", ")), "2026-12-31") == expected


def test_facts_of_another_matter_move_nothing() -> None:
    received = fact("received", "2026-03-02")
    others = [fact("unclear", "2026-03-06", "71"), fact("unclear", "2026-03-06", "8~7")]
    assert due_within(ANSWER, received, CALENDAR, ZONE, related=others).on == date(2026, 3, 30)
