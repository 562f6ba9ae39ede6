"""Fields that a notice shows of an occurrence, in Chinese and as JSON, for mails and pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tracker.core.escalation.cell_words import CellWords
from tracker.core.law.binding import marks_zh
from tracker.core.law.citations import cite_basis
from tracker.core.law.county import County
from tracker.core.law.duties import Duty, Every
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.wording import (
    WITHDRAWN,
    cells_of,
    days_late,
    due_zh,
    duty_zh,
    last_day_not_late,
    lateness_zh,
    period_zh,
    proved_by_record,
    status_zh,
)
from tracker.core.law.workdays import Calendar
from tracker.core.values.verdicts import Light, Verdict, only_taken_down

Detail = dict[str, Any]

#: The number of proofs of one occurrence that are stored by name; news may have hundreds.
_PROOFS = 20


def shown_of(occurrence: Occurrence, verdict: Verdict, duty: Duty, county: County) -> Detail:
    """Return the grounds of a decision, to be stored with it, without empty ones: `proofs` (about, title, instant); the
    `missing` and `unseen` cells in words; the state of an `objection`; `since`: from when days late count;
    `published`: when it was published that was taken down since."""
    words = CellWords(occurrence, verdict, duty, county)
    counting = [finding for finding in verdict.findings if finding.counts]
    proofs = {
        finding.about: [finding.about, finding.title, finding.at.isoformat() if finding.at else ""]
        for finding in counting
    }
    kept = {
        "proofs": list(proofs.values())[:_PROOFS],
        "missing": words.sentences("missing"),
        "unseen": words.sentences("unseen"),
        "objection": verdict.objection,
        "since": verdict.held_from.isoformat() if verdict.held_from else "",
        "published": _published_once(verdict),
    }
    return {name: value for name, value in kept.items() if value}


def _published_once(verdict: Verdict) -> str:
    """Return the instant at which it was published that the reason says was taken down, or ""."""
    named = [finding.at for finding in verdict.findings if finding.at and f"（{finding.about}）" in verdict.reason]
    return max(named).isoformat() if named and only_taken_down(verdict.reason) else ""


def aged(shown: Mapping[str, Any], now: datetime, calendar: Calendar, zone: ZoneInfo) -> Detail:
    """Return the fields of an earlier decision, with the days late counted as of `now`."""
    if not shown.get("due_at"):
        return dict(shown)
    if shown.get("mend_by", "") < now.astimezone(zone).date().isoformat():
        shown = {**shown, "mend_by": ""} if "mend_by" in shown else shown
    if shown.get("kind") == "question":
        return {**shown, "days_late": 0, "lateness": ""}  # nothing is held against anybody yet
    if only_taken_down(shown.get("judged", "")):
        return {**shown, "days_late": 0, "lateness": WITHDRAWN}
    due_at, due_on = datetime.fromisoformat(shown["due_at"]), date.fromisoformat(shown["due_on"])
    since = datetime.fromisoformat(shown["since"]) if shown.get("since") else None
    late = days_late(last_day_not_late(due_on, since, zone), now, calendar, zone)
    return {**shown, "days_late": late, "lateness": lateness_zh(due_at, due_on, now, calendar, zone, since)}


def with_objection_day(fields: Mapping[str, Any], on: date, window: int, calendar: Calendar) -> Detail:
    """Return the fields of a notice that leaves on that day, with the last day to object where it says when the
    department was first told. `window`: in working days, not counting the day of the first notice."""
    told = fields.get("notified_on", "")
    if "first_notice" not in fields or not (told or fields["first_notice"]):
        return dict(fields)
    begun = on if fields["first_notice"] else date.fromisoformat(told)
    return {**fields, "object_until": calendar.add_workdays(begun, window).isoformat()}


def detail(
    occurrence: Occurrence, verdict: Verdict, duty: Duty, county: County, calendar: Calendar, now: datetime
) -> Detail:
    """Return all fields that a template may show of one occurrence."""
    due_on, due_at = occurrence.due_on, occurrence.due_at
    words = CellWords(occurrence, verdict, duty, county)
    shown = {
        "occurrence": occurrence.key,
        "duty_id": f"{occurrence.pack}/{occurrence.duty}",
        "duty": duty_zh(duty, occurrence),
        "clause": duty.clause,
        "basis": cite_basis(occurrence, duty, now.astimezone(county.zone).date()),
        "pack": duty.pack_title,
        "weight": duty.weight,
        "department": county.department_names(occurrence.department),
        "period": period_zh(occurrence),
        "day": _covered_day(occurrence),
        "due": due_zh(occurrence, county.zone),
        "due_on": due_on.isoformat() if due_on else "",
        "due_at": due_at.isoformat() if due_at else "",
        "since": verdict.held_from.isoformat() if verdict.held_from else "",
        "status": verdict.status.value,
        "status_zh": status_zh(verdict.status, cells_of(duty, occurrence.department, occurrence.label), verdict.reason),
        "light": verdict.light.value,
        "light_zh": verdict.light.zh if verdict.light is not Light.NONE else "",
        "judged": verdict.reason,
        "missing": _after_found(occurrence, words.sentences("missing")),
        "unseen": words.sentences("unseen"),
        "open": _after_found(occurrence, words.sentences("open")),
        "how": words.requests(),
        "why": occurrence.derivation.text,
        "why_short": occurrence.derivation.short,
        "marks": marks_zh(occurrence, duty, county, now),
    }
    if proved_by_record(cells_of(duty, occurrence.department, occurrence.label)):
        shown["recorded"] = True
    return aged(shown, now, calendar, county.zone)


def _after_found(occurrence: Occurrence, sentences: Sequence[str]) -> list[str]:
    """Return the sentences, the first one after what was found on the site (`registers/review_findings.py`)."""
    found = occurrence.event.fields.get("found", "") if occurrence.event is not None else ""
    return [f"{found.rstrip('。')}；{sentences[0]}", *sentences[1:]] if found and sentences else list(sentences)


def _covered_day(occurrence: Occurrence) -> str:
    """Return the day whose data a daily duty owes, "" for any other."""
    deadline, window = occurrence.deadline, occurrence.window
    if not isinstance(deadline, Every) or deadline.unit not in ("day", "workday") or window is None:
        return ""
    return (occurrence.covers or window).first.isoformat()
