"""What the pages show of a notice: its matter, the answers that were given, and the forms that are open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from tracker.core.escalation.notice_fields import aged
from tracker.core.escalation.notice_kinds import AnswerKind
from tracker.core.escalation.notices import Acknowledgement
from tracker.core.escalation.steps import MOMENT
from tracker.core.law.binding import explain_not_binding
from tracker.core.law.counting import moment_day
from tracker.core.law.county import Rulebook
from tracker.core.law.duties import EventRule
from tracker.core.law.wording import cells_of, day_zh, moment_zh, status_zh
from tracker.core.law.workdays import Calendar
from tracker.registers.eventrows import FIELD_HEADS
from tracker.registers.filed_events import find_awaited_event
from tracker.store.answers import MessageNotice
from tracker.store.occurrences import OccurrenceRow

#: The answers by their names on the pages.
ANSWER_NAMES: Mapping[AnswerKind, str] = {
    "seen": "知悉", "published": "已公开", "filed": "报送佐证", "event": "报送登记", "explained": "说明情况",
    "objected": "提出异议",
}  # fmt: skip
_NOTICE_NAMES = {
    "reminder": "催办提醒", "question": "请核对", "overdue": "逾期通知", "escalation": "提级督办", "slip": "督办单",
    "reopened": "重新督办", "record": "请登记", "returned": "退回",
}  # fmt: skip
_MET = ("met", "met-late", "met-disputed")


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer as the pages show it; `quiet_until`: "" if the notice is sent again already."""

    kind: str
    at: str
    by: str
    text: str
    quiet_until: str


@dataclass(frozen=True, slots=True)
class EventField:
    """A field that the record of an event needs. `choices`: the values allowed; none: any."""

    name: str
    title: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EventForm:
    """The record of an event that a notice asks for."""

    title: str
    fields: tuple[EventField, ...]


@dataclass(frozen=True, slots=True)
class AnswerableNotice:
    """A notice as the pages show it.

    `also_for`: notices of the same step for recipients who could not be written to; an answer counts for them too.
    `closed_because`: why no answer is needed any more, "" while one is. `answers`: those of its role to its step, to
    earlier notices too; `open_answers`: the kinds of answer that may still be given to this one.
    """

    notice: MessageNotice
    also_for: tuple[MessageNotice, ...]
    name: str
    title: str
    department: str
    period: str
    due: str
    lateness: str
    tone: str
    chip: str
    reason: str
    closed_because: str
    answers: tuple[AnswerView, ...]
    open_answers: tuple[AnswerKind, ...]
    event: EventForm | None

    @property
    def id(self) -> int:
        return self.notice.id

    @property
    def open_names(self) -> tuple[str, ...]:
        """The names of the answers that have a page of their own."""
        return tuple(ANSWER_NAMES[kind] for kind in self.open_answers if kind != "seen")


def build_answerable(
    rulebook: Rulebook,
    calendar: Calendar,
    notices: Sequence[MessageNotice],
    row: OccurrenceRow | None,
    answers: Sequence[Acknowledgement],
    open_answers: tuple[AnswerKind, ...],
    now: datetime,
) -> AnswerableNotice:
    """The notices of one step as one, the reader's own first. `row`: its occurrence as it was decided last."""
    notice, *others = notices
    detail = aged(notice.detail, now, calendar, rulebook.county.zone)
    closed_because, is_question = find_closed_reason(row), notice.kind == "question"
    return AnswerableNotice(
        notice=notice,
        also_for=tuple(others),
        name=_NOTICE_NAMES[notice.kind],
        title=str(detail.get("duty", notice.subject)),
        department=str(detail.get("department", "")),
        period=str(detail.get("period", "")),
        due=str(detail.get("due", "")),
        lateness="" if closed_because else str(detail.get("lateness", "")),
        tone="blue" if is_question else row.light.value if row else "grey",
        chip="请核对" if is_question else _status_zh(rulebook, row),
        reason=_question_zh(detail) if is_question else _sentence(row.reason) if row else "",
        closed_because=closed_because,
        answers=tuple(_view_of(answer, now, rulebook) for answer in answers),
        open_answers=open_answers,
        event=build_event_form(rulebook, notice.subject) if "event" in open_answers else None,
    )


def build_event_form(rulebook: Rulebook, occurrence: str) -> EventForm | None:
    """The form for the event that an occurrence waits for; None where it waits for none."""
    rule = find_awaited_event(rulebook, occurrence)
    return form_of_rule(rule) if rule is not None else None


def form_of_rule(rule: EventRule) -> EventForm:
    """The form for the events of a rule."""
    titles = {name: (FIELD_HEADS[name][1] if name in FIELD_HEADS else name) for name in rule.needs}
    fields = tuple(EventField(name, titles[name], tuple(rule.choices.get(name, ()))) for name in rule.needs)
    return EventForm(rule.title, fields)


def find_closed_reason(row: OccurrenceRow | None) -> str:
    """Why the occurrence needs no answer any more (Chinese); "" while it does."""
    if row is None:
        return "该事项已不再督办，无需回执。"
    if row.closed or row.status.value in ("waived", "not-applicable", "closed"):
        return f"该事项不再要求，无需回执：{_sentence(row.reason)}"
    if row.status.value in _MET:
        return f"已查到公开内容，无需回执：{_sentence(row.reason)}"
    return ""


def _question_zh(detail: Mapping[str, Any]) -> str:
    """What was looked for and not found, as the mail says it; nothing of how late it is."""
    looked = "、".join(f"{place['title']}（{place['at']}查看）" for place in detail.get("looked", ()) if place["at"])
    expected = "；".join(detail.get("expected", ()))
    parts = [
        "；".join(detail.get("missing", ())),
        f"查看栏目：{looked}" if looked else "",
        f"要找的是：{expected}" if expected else "",
    ]
    return "。".join(filter(None, parts)) + "。" if any(parts) else ""


def _sentence(reason: str) -> str:
    """The reason with its full stop; those of closed rows have one."""
    return f"{reason.removesuffix('。')}。"


def _status_zh(rulebook: Rulebook, row: OccurrenceRow | None) -> str:
    if row is None:
        return "已撤销"
    duty = rulebook.duty(row.pack, row.duty)
    if (shown_only := explain_not_binding(row, duty, rulebook.county)) and not row.status.met:
        return shown_only.partition("：")[0]
    cells: Any = cells_of(duty, row.department, row.label) if duty else ()
    return status_zh(row.status, cells, row.reason)


def _view_of(acknowledgement: Acknowledgement, now: datetime, rulebook: Rulebook) -> AnswerView:
    quiet = _quiet_until_zh(acknowledgement.quiet_until, rulebook) if acknowledgement.quiet_until > now else ""
    return AnswerView(
        ANSWER_NAMES[acknowledgement.kind],
        time_zh(acknowledgement.recorded_at, rulebook),
        acknowledgement.by,
        acknowledgement.text,
        quiet,
    )


def time_zh(at: datetime, rulebook: Rulebook) -> str:
    """The instant in words, by the county's clock."""
    return moment_zh(at.astimezone(rulebook.county.zone))


def _quiet_until_zh(at: datetime, rulebook: Rulebook) -> str:
    """The instant in words; of one at midnight the day that ends then."""
    zone = rulebook.county.zone
    if at.astimezone(zone).time() == time(0):
        return day_zh(moment_day(at - MOMENT, zone))
    return time_zh(at, rulebook)
