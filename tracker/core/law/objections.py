"""The last day on which a department may object (申诉)."""

from __future__ import annotations

from datetime import date

from tracker.core.law.duties import Span
from tracker.core.law.workdays import Calendar

#: Within so many working days of the notice, or of the circular's draft. No law gives the number: a setting.
WINDOW = Span(5, "workdays")


def last_day(begun: date, window: Span, calendar: Calendar) -> date:
    """The last day on which an objection is heard. The day of the notice or draft is not counted."""
    return calendar.add_workdays(begun, window.amount)
