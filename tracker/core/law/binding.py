"""Says from which due day an occurrence binds: the county's start, the days on which instrument and act are in force,
and the day the instrument was issued.

An occurrence that was due before is shown with its reason, and neither escalated nor scored nor counted. A period that
was running when the instrument was issued binds if it falls due after that day; what an event started binds only if the
event came no earlier, as nobody could know of it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from tracker.core.law.counting import day_start
from tracker.core.law.county import County
from tracker.core.law.duties import By, Deadline, Duty, Every, Within
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.periods import governing_day, split_label, unit_of, window_of
from tracker.core.law.statutes import Provision, provisions_in_force
from tracker.core.law.wording import day_zh

#: How lists mark an occurrence that is only shown; its reason begins with the mark.
BEFORE_ISSUE, BEFORE_START = "发文前", "督办前"
_NO_LAW = "规则所列法律法规也未规定该时限"


class DueOccurrence(Protocol):
    """An occurrence, or a stored row of one."""

    @property
    def label(self) -> str: ...
    @property
    def opens_on(self) -> date | None: ...
    @property
    def due_on(self) -> date | None: ...


def explain_not_binding(occurrence: DueOccurrence, duty: Duty | None, county: County) -> str:
    """Return why it is only shown, in Chinese; "" where it binds. `duty`: None where the rules no longer have it."""
    day = occurrence.due_on or _expected(occurrence, duty)
    if day is None:
        return ""
    if day < county.start:
        return f"{BEFORE_START}：应于本县开始督办之日（{day_zh(county.start)}）以前完成，仅列示，不督办、不计分"
    if duty is None or binds_by_law(occurrence, duty):
        return ""
    before = _before_issue(occurrence, duty, day) or _before_force(occurrence, duty, day)
    return f"{BEFORE_ISSUE}：{before}，仅列示，不督办、不计分" if before else ""


def _before_issue(occurrence: DueOccurrence, duty: Duty, day: date) -> str:
    """Return that it was due, or began with an event, before the instrument was issued, and no law sets it; or ""."""
    if duty.issued is None:
        return ""
    deadline = deadline_of(duty, occurrence.label)
    began = occurrence.opens_on if isinstance(deadline, Within) else None
    issued = f"文件印发之日（{day_zh(duty.issued)}）"
    if duty.issued_assumed:
        issued = f"文件印发之日（本县未登记印发日期，按不早于{day_zh(duty.issued)}掌握）"
    if day <= duty.issued:
        return f"应于{issued}以前完成，{_NO_LAW}"
    if began is not None and began < duty.issued and isinstance(deadline, Within):
        return f"“{deadline.event.title}”（{day_zh(began)}）在{issued}以前，{_NO_LAW}"
    return ""


def _before_force(occurrence: DueOccurrence, duty: Duty, day: date) -> str:
    """Return that it was due before the instrument is in force, or, where none was issued, any act that sets its time
    limit; or ""."""
    deadline = deadline_of(duty, occurrence.label)
    since = [provision.act.since for provision in deadline.law] if deadline and duty.issued is None else []
    in_force = max(duty.in_force_from, min(since, default=duty.in_force_from))
    return f"时限（{day_zh(day)}）在所依据的文件施行之日（{day_zh(in_force)}）以前" if day < in_force else ""


def marks_zh(occurrence: Occurrence, duty: Duty, county: County, now: datetime) -> list[str]:
    """Return 参照时限 for a deadline that is our interpretation and not adopted, 暂定 where a year's holidays are not
    announced, 发文前 or 督办前 where it is only shown."""
    shown_only = explain_not_binding(occurrence, duty, county).partition("：")[0]
    marks = (("参照时限", occurrence.is_weak_at(now)), ("暂定", occurrence.provisional), (shown_only, shown_only))
    return [mark for mark, holds in marks if holds]


def silent_until(occurrence: DueOccurrence, duty: Duty, county: County) -> datetime | None:
    """Return when the instrument is issued, before which nobody is notified; None if notices need not wait for that."""
    if duty.issued is None or binds_by_law(occurrence, duty):
        return None
    return day_start(duty.issued, county.zone)


def binds_by_law(occurrence: DueOccurrence, duty: Duty) -> bool:
    """Return whether a statute in force sets the deadline: on the event's day, the named day, the due day inside a
    period, or the period's last."""
    return bool(provisions_of(occurrence, duty))


def provisions_of(occurrence: DueOccurrence, duty: Duty) -> tuple[Provision, ...]:
    """Return the articles that set the deadline, of the acts in force on that day; while the day is not known, on the
    pack's last."""
    deadline = deadline_of(duty, occurrence.label)
    if deadline is None or not deadline.law:
        return ()
    return provisions_in_force(deadline.law, _day_of_text(occurrence, deadline) or duty.in_force_until)


def deadline_of(duty: Duty, label: str) -> Deadline | None:
    """Return the deadline that gives occurrences of that label; None where the rules no longer have it."""
    base, named = split_label(label)
    return next(
        (
            deadline
            for part in duty.parts
            if part.name == named or (not named and not part.own_deadline)
            for deadline in part.deadlines
            if _gives(deadline, base)
        ),
        None,
    )


def _gives(deadline: Deadline, label: str) -> bool:
    if isinstance(deadline, By):
        return label == "once"
    if isinstance(deadline, Every):
        return unit_of(label) == ("day" if deadline.unit == "workday" else deadline.unit)
    return label.split(":")[:2] in (["event", deadline.event.name], ["awaiting", deadline.event.name])


def _day_of_text(occurrence: DueOccurrence, deadline: Deadline) -> date | None:
    """Return the day whose law applies."""
    if isinstance(deadline, By):
        return deadline.day
    if isinstance(deadline, Every):
        return governing_day(deadline, window_of(split_label(occurrence.label)[0]))
    return occurrence.opens_on or deadline.event.expected


def _expected(occurrence: DueOccurrence, duty: Duty | None) -> date | None:
    """Return the day by which the awaited event should be recorded; None if the occurrence awaits none."""
    deadline = deadline_of(duty, occurrence.label) if duty and occurrence.label.startswith("awaiting:") else None
    return deadline.event.expected if isinstance(deadline, Within) else None
