"""A department's objection (申诉): against what, and until when it is heard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.core.duties import Span
from tracker.core.workdays import Calendar

#: Within so many working days of the notice, or of the circular's draft. No law gives the number: a setting.
WINDOW = Span(5, "workdays")


@dataclass(frozen=True, slots=True)
class Subject:
    """What is objected to: an overdue occurrence, or its line in a circular (`circular:NAME/KEY`)."""

    occurrence: str
    circular: str = ""

    def __str__(self) -> str:
        return f"circular:{self.circular}/{self.occurrence}" if self.circular else self.occurrence


def subject_of(text: str) -> Subject:
    """What the words name. Raises ValueError where a circular's line names no occurrence."""
    if not text.startswith("circular:"):
        return Subject(text)
    circular, _, occurrence = text.removeprefix("circular:").partition("/")
    if not circular or occurrence.count("/") != 4:
        raise ValueError(f"{text!r}: a circular's line is circular:NAME/county/pack/duty/department/label")
    return Subject(occurrence, circular)


def matter_of(subject: str) -> str:
    """The occurrence that a decision is about: its own subject, or that of its line in a circular."""
    return subject_of(subject).occurrence if subject.startswith("circular:") else subject


def last_day(begun: date, window: Span, calendar: Calendar) -> date:
    """The last day on which an objection is heard. The day of the notice or draft is not counted."""
    return calendar.add_workdays(begun, window.amount)
