"""Fields that a notice shows of an occurrence, in Chinese and as JSON, for mails and pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tracker.core.law.binding import marks_zh
from tracker.core.law.citations import cite_basis
from tracker.core.law.county import County
from tracker.core.law.duties import Cell, Duty, Every
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.wording import (
    WITHDRAWN,
    cells_of,
    days_late,
    deed_zh,
    due_zh,
    duty_zh,
    last_day_not_late,
    lateness_zh,
    period_zh,
    status_zh,
)
from tracker.core.law.workdays import Calendar
from tracker.core.values.verdicts import CellVerdict, Light, Verdict, only_taken_down

Detail = dict[str, Any]

#: The number of proofs of one occurrence that are stored by name; news may have hundreds.
_PROOFS = 20


def _place_zh(cell: Cell, county: County) -> str:
    """Return where a proof belongs: the titles of the columns or pages, or what the channel is called."""
    places = []
    for source in cell.sources:
        columns = [f"“{county.columns[key].title}”" for key in source.columns if key in county.columns]
        places += columns or [county.channels.get(source.channel, "")]
    return "或".join(dict.fromkeys(place for place in places if place))


def _cell_zh(verdict: CellVerdict, duty: Duty, county: County, cells: Mapping[str, Cell]) -> str:
    """Return a cell in a few words: its part, its missing items, and where it belongs."""
    named = (part for part in duty.parts if part.name and len(duty.parts) > 1)
    part = next((part.title for part in named if part.name == verdict.part), "")
    of_record = verdict.cell in cells and deed_zh([cells[verdict.cell]]) == "登记"
    wanting = "尚未登记" if of_record else "尚未报送佐证材料" if verdict.filed_only else "未查到公开内容"
    what = "：".join(dict.fromkeys(text for text in (part, "、".join(verdict.missing_items) or wanting) if text))
    place = _place_zh(cells[verdict.cell], county) if verdict.cell in cells else ""
    return f"{what}（{place}）" if place else what


def cells_zh(state: str, verdict: Verdict, duty: Duty, county: County, department: str) -> list[str]:
    """Return the cells of that state, in words, each once."""
    assignment = duty.assignment(department)
    cells = {cell.name: cell for cell in assignment.cells} if assignment else {}
    found = (_cell_zh(cell, duty, county, cells) for cell in verdict.cells if cell.state == state)
    return list(dict.fromkeys(found))


def shown_of(verdict: Verdict, duty: Duty, county: County, department: str) -> Detail:
    """Return the grounds of a decision, to be stored with it, without empty ones: `proofs` (about, title, instant); the
    `missing` and `unseen` cells in words; the state of an `objection`; `since`: from when days late count."""
    counting = [finding for finding in verdict.findings if finding.counts]
    proofs = {
        finding.about: [finding.about, finding.title, finding.at.isoformat() if finding.at else ""]
        for finding in counting
    }
    kept = {
        "proofs": list(proofs.values())[:_PROOFS],
        "missing": cells_zh("missing", verdict, duty, county, department),
        "unseen": cells_zh("unseen", verdict, duty, county, department),
        "objection": verdict.objection,
        "since": verdict.held_from.isoformat() if verdict.held_from else "",
    }
    return {name: value for name, value in kept.items() if value}


def aged(shown: Mapping[str, Any], now: datetime, calendar: Calendar, zone: ZoneInfo) -> Detail:
    """Return the fields of an earlier decision, with the days late counted as of `now`."""
    if not shown.get("due_at"):
        return dict(shown)
    if only_taken_down(shown.get("judged", "")):
        return {**shown, "days_late": 0, "lateness": WITHDRAWN}
    due_at, due_on = datetime.fromisoformat(shown["due_at"]), date.fromisoformat(shown["due_on"])
    since = datetime.fromisoformat(shown["since"]) if shown.get("since") else None
    late = days_late(last_day_not_late(due_on, since, zone), now, calendar, zone)
    return {**shown, "days_late": late, "lateness": lateness_zh(due_at, due_on, now, calendar, zone, since)}


def detail(
    occurrence: Occurrence, verdict: Verdict, duty: Duty, county: County, calendar: Calendar, now: datetime
) -> Detail:
    """Return all fields that a template may show of one occurrence."""
    due_on, due_at = occurrence.due_on, occurrence.due_at
    shown = {
        "occurrence": occurrence.key,
        "duty_id": f"{occurrence.pack}/{occurrence.duty}",
        "duty": duty_zh(duty, occurrence),
        "clause": duty.clause,
        "basis": cite_basis(occurrence, duty),
        "pack": duty.pack_title,
        "weight": duty.weight,
        "department": county.department_names(occurrence.department),
        "period": period_zh(occurrence),
        "day": occurrence.window.first.isoformat() if _daily(occurrence) and occurrence.window else "",
        "due": due_zh(occurrence, county.zone),
        "due_on": due_on.isoformat() if due_on else "",
        "due_at": due_at.isoformat() if due_at else "",
        "since": verdict.held_from.isoformat() if verdict.held_from else "",
        "status": verdict.status.value,
        "status_zh": status_zh(verdict.status, cells_of(duty, occurrence.department, occurrence.label), verdict.reason),
        "light": verdict.light.value,
        "light_zh": verdict.light.zh if verdict.light is not Light.NONE else "",
        "judged": verdict.reason,
        "missing": cells_zh("missing", verdict, duty, county, occurrence.department),
        "unseen": cells_zh("unseen", verdict, duty, county, occurrence.department),
        "open": cells_zh("open", verdict, duty, county, occurrence.department),
        "why": occurrence.derivation.text,
        "why_short": occurrence.derivation.short,
        "marks": marks_zh(occurrence, duty, county),
    }
    return aged(shown, now, calendar, county.zone)


def _daily(occurrence: Occurrence) -> bool:
    return isinstance(occurrence.deadline, Every) and occurrence.deadline.unit in ("day", "workday")
