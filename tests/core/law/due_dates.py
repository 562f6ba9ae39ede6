"""Reads the rules of due_dates.txt: `within 20 days, law foi-2007 24`, `by 2015-09-30, roll next`, `every year`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from tracker.core.law.assumed_rules import AssumedRule
from tracker.core.law.deadlines import Due, due_by, due_every, due_within
from tracker.core.law.duties import By, EventRule, Every, Span, Within
from tracker.core.law.periods import window_of
from tracker.core.law.statutes import Provision
from tracker.core.values.facts import Event, Moment
from tracker.rulebook.acts import read_acts
from tracker.rulebook.calendars import load_calendar
from tracker.rulebook.scalars import DueMonthDay, DueText, parse_span

RULES = Path(__file__).parents[3] / "rules"
ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = load_calendar(RULES / "calendar")
ACTS = read_acts(RULES / "acts.yaml", [])
EVENT = EventRule("approved", "预算批复")


def due_of(rule: str, start: str) -> Due:
    """Return when the rule falls due. `start`: its event's moment or its period's label."""
    head, *rest = rule.split(", ")
    form, _, value = head.partition(" ")
    terms = dict(term.split(" ", 1) for term in rest)
    if form == "within":
        law = tuple(Provision(ACTS[act], article) for act, article in [terms["law"].split()]) if "law" in terms else ()
        extension = parse_span(terms["extension"]) if "extension" in terms else None
        deadline = Within(
            span=parse_span(value), event=EVENT, roll=terms.get("roll") != "none", extension=extension, law=law
        )
        event = Event(1, EVENT.name, "keji", "", _moment(start), datetime(2015, 1, 1, tzinfo=UTC))
        return due_within(deadline, event, CALENDAR, ZONE, extended=extension is not None)
    standing: dict[str, Any] = {
        "roll": terms.get("roll") == "next",
        "rest_days": None if "roll" in terms else AssumedRule(),
    }
    if form == "by":
        return due_by(By(day=date.fromisoformat(value), **standing), date(2008, 1, 1), CALENDAR, ZONE)
    assert form == "every"
    due = TypeAdapter(DueText).validate_python(terms["due"]) if "due" in terms else None
    if isinstance(due, Span):
        standing = {"due_after_end": due, "roll": terms.get("roll") != "none"}
    elif isinstance(due, DueMonthDay):
        standing["month_day"] = (due.month, due.day)
    elif due is not None:
        standing["due_day"] = due
    deadline = Every(unit=value, about=terms.get("about", "publication"), **standing)  # type: ignore[arg-type]
    return due_every(deadline, window_of(start), CALENDAR, ZONE)


def _moment(text: str) -> Moment:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE) if "T" in text else date.fromisoformat(text)
