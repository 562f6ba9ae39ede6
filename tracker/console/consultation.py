"""The page of a consultation (征求意见): a department's lines of a circular that is drafted, and objections to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.console.given import Given
from tracker.console.views import time_zh
from tracker.core.escalation.notices import DEPARTMENT_ROLES
from tracker.core.law.county import Rulebook
from tracker.core.law.wording import day_zh
from tracker.core.values.rulings import Subject
from tracker.registers.answers import describe_objection, tell_office
from tracker.registers.rulings import list_standing_rulings
from tracker.reports.circulars.lifecycle import Circulars
from tracker.reports.circulars.mails import consult_subject
from tracker.rulebook.loaded import Loaded
from tracker.store.answers import MessageNotice
from tracker.store.circulars import CircularRow, find_latest_edition, list_circular_lines
from tracker.store.engine import Tx

_WHO = 128
_ANSWERS = {"uphold": "异议成立", "dismiss": "异议不成立"}


@dataclass(frozen=True, slots=True)
class ObjectionView:
    """An objection to a line as the page shows it; `answer`: how it was decided, "" while it waits."""

    at: str
    by: str
    reason: str
    proof: str
    answer: str


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of the draft. `shown`: its values as the mail has them; `is_open`: an objection to it is taken."""

    number: int
    occurrence: str
    shown: Mapping[str, Any]
    objections: tuple[ObjectionView, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Consultation:
    """A department's lines of one draft. `closed_because`: why no objection is taken any more, "" while one is."""

    id: int
    month: str
    title: str
    until: str
    lines: tuple[LineView, ...]
    closed_because: str

    def find_line(self, number: int) -> LineView | None:
        return next((line for line in self.lines if line.number == number), None)


def build_consultation(tx: Tx, rulebook: Rulebook, notice: MessageNotice, now: datetime) -> Consultation:
    """The consultation that the notice is about, as it stands at `now`."""
    detail = notice.detail
    row = find_latest_edition(tx, rulebook.county.id, detail["month"])
    closed_because = _find_closed_reason(rulebook, row, notice.subject, now)
    if notice.role.partition("@")[0] not in DEPARTMENT_ROLES:
        closed_because = "异议由责任单位提出。"
    is_current = row is not None and consult_subject(row) == notice.subject
    rows = list_circular_lines(tx, row.id) if row is not None and is_current else []
    occurrences = {line.line: line.occurrence for line in rows}
    lines = []
    for shown in detail["lines"]:
        number, occurrence = int(shown["number"]), occurrences.get(int(shown["number"]), "")
        objections = _list_objections(tx, rulebook, detail["month"], occurrence) if occurrence else ()
        is_open = not closed_because and bool(occurrence) and not objections
        lines.append(LineView(number, occurrence, shown, objections, is_open))
    return Consultation(notice.id, detail["month"], detail["title"], detail["until"], tuple(lines), closed_because)


def _find_closed_reason(rulebook: Rulebook, row: CircularRow | None, subject: str, now: datetime) -> str:
    if row is None or consult_subject(row) != subject:
        return "该征求意见稿已由新稿取代，请以最近一次征求意见的邮件为准。"
    if row.state != "consulting":
        return "该征求意见稿已经签发或者印发，不再受理。对印发的内容有异议的，请与印发单位联系。"
    if row.window_until is not None and now.astimezone(rulebook.county.zone).date() > row.window_until:
        return f"反馈时限（{day_zh(row.window_until)}）已过，不再受理。"
    return ""


def _list_objections(tx: Tx, rulebook: Rulebook, month: str, occurrence: str) -> tuple[ObjectionView, ...]:
    """The objections to the line, with how each was decided."""
    rulings = list_standing_rulings(tx, rulebook.county.id, str(Subject(occurrence, month)))
    answers = {ruling.target: ruling for ruling in rulings if ruling.kind in _ANSWERS}
    views = []
    for ruling in rulings:
        if ruling.kind == "object":
            answer = answers.get(f"ruling:{ruling.id}")
            decided = f"{_ANSWERS[answer.kind]}：{answer.reason}" if answer else ""
            at = time_zh(ruling.recorded_at, rulebook)
            views.append(ObjectionView(at, ruling.by, ruling.reason, ruling.target, decided))
    return tuple(views)


def file_line_objection(
    tx: Tx,
    loaded: Loaded,
    rulebook: Rulebook,
    consultation: Consultation,
    line: LineView,
    given: Given,
    by: str,
    now: datetime,
) -> None:
    """File an objection to the line and tell the county office. Raises RegisterError."""
    circulars = Circulars(tx, loaded, rulebook, now)
    done = circulars.object(consultation.month, line.number, by[:_WHO], given.text, given.proof)
    if not done.changed:
        return
    text = f"对《{consultation.title}》第{line.number}项：{given.text}；依据：{given.proof}"
    reason = describe_objection(by, text, done.value.id)
    office = loaded.office_time(rulebook.county.zone)
    tell_office(tx, rulebook, office, f"objection:{done.value.id}", line.occurrence, by, reason, now)
