"""Facts that stop and restart clocks, as people record them: what is taken, what is refused and what would be right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.registers.import_office import table
from tests.registers.register_office import NOW, RECEIVED, RULES, duty
from tracker.core.law.duties import EventRule, Span, Stop, Within
from tracker.core.values.facts import Event
from tracker.registers.errors import RegisterError
from tracker.registers.eventrows import list_form_heads, read_event_rows
from tracker.registers.eventrules import EventRules

ASKED = EventRule("third-party-asked", "征求第三方意见", needs={"kind": ["个人", "单位"]})  # type: ignore[arg-type]
ANSWERED = EventRule("third-party-answered", "收到第三方意见")
SILENT = EventRule(
    "third-party-silent", "第三方逾期未答复", lapse=Span(15, "workdays"), of=ASKED.name, unless=(ANSWERED.name,)
)
CLOCK = Within(span=Span(20, "workdays"), event=RECEIVED, stops=(Stop(ASKED, (ANSWERED, SILENT)),))
BOOK = replace(
    RULES,
    duties=(duty("foi-answer", "huanbao", CLOCK, record="foi-request-answered"),),
    events={**RULES.events, **{rule.name: rule for rule in (ASKED, ANSWERED, SILENT)}},
)


def check(name: str, **fields: str) -> Event:
    event = Event(0, name, "huanbao", "2015-7", date(2015, 3, 6), NOW, fields=fields, by="王敏")
    return EventRules(BOOK).check(event)


def test_what_moves_a_clock_is_recorded_for_the_department_that_owes_the_answer() -> None:
    assert check("third-party-asked", kind="个人", reached="2015-03-09").fields["reached"] == "2015-03-09"
    assert check("third-party-asked", kind="单位", reached="2015-03-06").reference == "2015-7"
    assert check("third-party-answered").name == "third-party-answered"


@pytest.mark.parametrize(
    ("name", "fields", "message"),
    [
        (
            "third-party-silent",
            {},
            "third-party-silent is never recorded: it follows from third-party-asked without third-party-answered",
        ),
        ("third-party-asked", {"kind": "人个"}, "third-party-asked: kind='人个': "),
        ("third-party-asked", {}, "third-party-asked needs kind"),
        (
            "third-party-asked",
            {"kind": "个人", "reached": "三月九日"},
            "third-party-asked: reached=三月九日: write the day like 2026-03-09",
        ),
        (
            "third-party-asked",
            {"kind": "个人", "reached": "2015-03-05"},
            "third-party-asked: reached=2015-03-05 lies before the day it was sent, 2015-03-06",
        ),
    ],
)
def test_what_is_refused(name: str, fields: dict[str, str], message: str) -> None:
    with pytest.raises(RegisterError, match="^" + message.replace("(", r"\(")):
        check(name, **fields)


def test_a_sheet_may_say_when_a_letter_arrived() -> None:
    assert "送达日期" in list_form_heads(BOOK)
    assert "送达日期" not in list_form_heads(RULES)
    sheet = table(
        ("事项", "部门", "日期", "文号", "kind", "送达日期"),
        ("征求第三方意见", "huanbao", "2015-03-06", "2015-7", "个人", date(2015, 3, 9)),
    )
    (row,) = read_event_rows(sheet, EventRules(BOOK)).rows
    assert row.event is not None, row.errors
    assert row.event.fields == {"kind": "个人", "reached": "2015-03-09"}
