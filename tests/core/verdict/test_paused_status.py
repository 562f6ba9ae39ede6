"""What a matter is called while its clock stands, and after what ends it."""

from __future__ import annotations

import pytest

from tests.core.verdict.judging import cell, duty, entry, event, items, listing, record, verdicts
from tracker.core.law.assumed_rules import CLOCK_RULES, AssumedRule
from tracker.core.law.duties import EventRule, Span, Stop, Within

RECEIVED, ASKED, ANSWERED = (EventRule(name, name) for name in ("received", "asked", "answered"))
SILENT = EventRule("silent", "silent", lapse=Span(15, "workdays"), of="asked", unless=("answered",))
GONE = EventRule("gone", "gone")
CLOCK = Within(
    span=Span(20, "workdays"),
    event=RECEIVED,
    stops=(Stop(ASKED, (ANSWERED, SILENT)),),
    until=(GONE,),
    clock_rules=dict.fromkeys(CLOCK_RULES, AssumedRule(adopted=True)),
)
ONLY_AN_ANSWER = Within(span=Span(20, "workdays"), event=RECEIVED, stops=(Stop(ASKED, (ANSWERED,)),))
#: Received on 2 March 2015, due on the 30th; asked on the 6th, silent by the 27th, then due on 21 April.
REPLY = duty(CLOCK, cells=[cell(record("reply"))])


def status(now: str, *facts: tuple[str, str], clock: Within = CLOCK) -> tuple[str, str, str]:
    """Status, light and the next instant of which time alone decides."""
    events = [event(name, day, reference="7") for name, day in (("received", "2015-03-02"), *facts)]
    one = duty(clock, cells=[cell(record("reply"))])
    (found,) = (
        verdict for label, verdict in verdicts(one, now, events=events).items() if label.startswith("event:received")
    )
    return found.status, found.light, found.next_at.strftime("%m-%d %H:%M") if found.next_at else ""


@pytest.mark.parametrize(
    ("now", "facts", "expected"),
    [
        ("2015-03-09T12:00", [], ("open", "none", "03-31 00:00")),
        ("2015-03-06T00:00", [("asked", "2015-03-06")], ("paused", "none", "03-28 00:00")),
        ("2015-03-27T23:59", [("asked", "2015-03-06")], ("paused", "none", "03-28 00:00")),
        ("2015-03-28T00:00", [("asked", "2015-03-06")], ("open", "none", "04-22 00:00")),
        ("2015-04-22T00:00", [("asked", "2015-03-06")], ("overdue", "red", "")),
        # an answer: the clock goes on when it is on record
        ("2015-03-13T00:00", [("asked", "2015-03-06"), ("answered", "2015-03-13")], ("open", "none", "04-08 00:00")),
        # asked too late: the limit has run out
        ("2015-03-31T12:00", [("asked", "2015-03-31")], ("overdue", "red", "")),
        # proved while it stands, or before it: met, whatever stands
        ("2015-03-09T12:00", [("asked", "2015-03-06"), ("reply", "2015-03-09")], ("met", "green", "")),
        # ended: from that day on, also after the limit; what was proved by then stays met
        ("2015-03-10T00:00", [("gone", "2015-03-10")], ("closed", "grey", "")),
        ("2015-03-09T23:59", [("gone", "2015-03-10")], ("open", "none", "03-10 00:00")),
        ("2015-04-02T12:00", [("gone", "2015-04-02")], ("closed", "grey", "")),
        ("2015-03-12T12:00", [("reply", "2015-03-10"), ("gone", "2015-03-10")], ("met", "green", "")),
        ("2015-03-12T12:00", [("reply", "2015-03-11"), ("gone", "2015-03-10")], ("closed", "grey", "")),
    ],
)
def test_the_status_of_a_clock(now: str, facts: list[tuple[str, str]], expected: tuple[str, str, str]) -> None:
    assert status(now, *facts) == expected


def test_without_a_silence_it_stands_until_somebody_records_the_answer() -> None:
    assert status("2015-12-01", ("asked", "2015-03-06"), clock=ONLY_AN_ANSWER) == ("paused", "none", "")


def test_what_is_half_published_has_no_light_while_the_clock_stands() -> None:
    one = duty(CLOCK, cells=[cell(listing(title="水环境"))], contents=items("水质", "污染源"))
    events = [event("received", "2015-03-02", reference="7"), event("asked", "2015-03-06", reference="7")]
    half = entry("水环境质量", "2015-03-03", text="水质良好")
    lights = [
        verdict.light
        for now in ("2015-03-05T12:00", "2015-03-10T12:00", "2015-03-30T12:00")
        for label, verdict in verdicts(one, now, entries=[half], events=events).items()
        if label.startswith("event:received")
    ]
    assert lights[1:] == ["none", "yellow"]


def test_a_limit_that_had_run_out_is_said_when_the_matter_ends() -> None:
    events = [event("received", "2015-03-02", reference="7"), event("gone", "2015-04-02", reference="7")]
    found = verdicts(REPLY, "2015-04-03T12:00", events=events)["event:received:7"]
    assert found.reason == "2015年4月2日“gone”，自此不再要求（此前时限2015年3月30日已届满）"
