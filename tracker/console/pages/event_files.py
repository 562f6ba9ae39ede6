"""Events by file: what each row would do is shown first, and what was shown is what is recorded."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tracker.console.forms import FormError, UploadedFile, prose
from tracker.console.signed_in import PageRequest
from tracker.core.values.message import Message
from tracker.evidence.attachments.readers.sheet_rows import BadTable, read_table
from tracker.registers.checks import is_future
from tracker.registers.eventimport import ImportPlan, PlannedRow, SourceFile, import_events, plan_import
from tracker.registers.eventrows import EventRow, read_event_rows
from tracker.registers.eventrules import EventRules
from tracker.registers.events import describe_contents
from tracker.store.engine import Tx
from tracker.store.events import list_events
from tracker.store.occurrences import OccurrenceRow

#: Bytes of a file of events, and its rows that are shown.
_MOST_BYTES, _MOST_SHOWN = 2_000_000, 300
_COUNTED = {
    "new": Message("{count} to record"), "corrected": Message("{count} to correct"),
    "same": Message("{count} as on record"), "differs": Message("{count} differ"), "bad": Message("{count} bad"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the file with what it would do. `note`: what is wrong, or what to look at."""

    planned: PlannedRow
    note: str
    is_doubtful: bool


@dataclass(frozen=True, slots=True)
class ShownPlan:
    """What a file would do. `digest`: of its bytes; `seal`: of all that is shown; `done`: what was recorded."""

    name: str
    digest: str
    seal: str
    counted: str
    rows: tuple[ShownRow, ...] = ()
    left_out: int = 0
    is_refused: bool = False
    has_good: bool = False
    has_doubts: bool = False
    skip: bool = False
    correct: bool = False
    reason: str = ""
    note: str = ""
    changed: Sequence[OccurrenceRow] = ()
    done: str = ""


class _ChangedError(Exception):
    """Something was recorded since the plan was shown; nothing is written."""


def import_file(ask: PageRequest) -> ShownPlan:
    """The plan of the uploaded or the kept file, or what was recorded of it. Raises FormError."""
    form, login = ask.form, ask.viewer.account.login
    file = form.file or ask.shared.uploads.find(login, form.first("sha256"), ask.now)
    if file is None or not file.content:
        raise FormError(422, "请选择要导入的文件（.xlsx或.csv）。刚才的文件只保留半小时，过后请重新选择。")
    if len(file.content) > _MOST_BYTES:
        raise FormError(413, f"文件过大，请控制在{_MOST_BYTES // 1_000_000}MB以内，分成几个文件导入。")
    if form.first("correct") and not prose(form.first("reason")):
        raise FormError(422, "更正已登记的内容，请填写理由。")
    rows, source = _read_rows(ask, file)
    digest, note = ask.shared.uploads.keep(login, file, ask.now), ""
    if form.first("sure") and form.first("sha256") == digest:
        try:
            return _record(ask, rows, source)
        except _ChangedError:
            note = ask.translate(Message("Something was recorded meanwhile; this is what the file would do now."))
    return replace(_rehearse(ask, rows, source), note=note)


def _read_rows(ask: PageRequest, file: UploadedFile) -> tuple[tuple[EventRow, ...], SourceFile]:
    try:
        table = read_table(file.content)
        rows = read_event_rows(table, EventRules(ask.viewer.rulebook)).rows
    except BadTable as error:
        raise FormError(422, f"{file.name}：{ask.translate(error.args[0])}") from None
    return rows, SourceFile(file.name, hashlib.sha256(file.content).hexdigest(), table.sheet)


def _how(ask: PageRequest) -> dict[str, bool]:
    return {"correct": bool(ask.form.first("correct")), "skip": bool(ask.form.first("skip"))}


def _import(ask: PageRequest, tx: Tx, rows: Sequence[EventRow], source: SourceFile) -> ImportPlan:
    by, reason = ask.viewer.account.name, prose(ask.form.first("reason"))
    return import_events(
        tx, EventRules(ask.viewer.rulebook), rows, source, by=by, now=ask.now, reason=reason, **_how(ask)
    )


def _rehearse(ask: PageRequest, rows: Sequence[EventRow], source: SourceFile) -> ShownPlan:
    plan, changed = ask.rehearse(lambda tx: _import(ask, tx, rows, source))
    shown = [_show_row(ask, planned) for planned in plan.rows]
    how, first = _how(ask), [row for row in shown if row.planned.outcome != "same"]
    return ShownPlan(
        name=source.file,
        digest=source.sha256,
        seal=_seal(plan),
        counted=_count(ask, plan),
        rows=tuple(first[:_MOST_SHOWN]),
        left_out=max(0, len(first) - _MOST_SHOWN),
        is_refused=plan.is_refused,
        has_good=any(row.planned.outcome in ("new", "corrected") for row in shown),
        has_doubts=any(row.is_doubtful for row in shown),
        changed=changed,
        reason=prose(ask.form.first("reason")),
        skip=how["skip"],
        correct=how["correct"],
    )


def _record(ask: PageRequest, rows: Sequence[EventRow], source: SourceFile) -> ShownPlan:
    """Record the file, if it does what was shown. Raises _ChangedError."""

    def act(tx: Tx) -> ImportPlan:
        stored = list_events(tx, ask.viewer.rulebook.county.id, withdrawn=True)
        plan = plan_import(EventRules(ask.viewer.rulebook), rows, stored, ask.now, **_how(ask))
        if _seal(plan) != ask.form.first("seal"):
            raise _ChangedError
        return _import(ask, tx, rows, source)

    plan = ask.record(act)
    if plan.is_refused:
        raise FormError(422, "文件中有不能登记的行，本次未登记任何内容。")
    return ShownPlan(source.file, source.sha256, "", "", done=f"{source.file}：{_count(ask, plan)}")


def _seal(plan: ImportPlan) -> str:
    """The hash of what each row does, and of what is on record where it changes something."""
    parts = [
        (
            each.row.number,
            each.outcome,
            (each.row.event.key.subject, describe_contents(each.row.event)) if each.row.event else None,
            (each.before.version, describe_contents(each.before.event)) if each.before else None,
        )
        for each in plan.rows
    ]
    return hashlib.sha256(repr((parts, plan.is_refused)).encode()).hexdigest()


def _show_row(ask: PageRequest, planned: PlannedRow) -> ShownRow:
    rulebook, event = ask.viewer.rulebook, planned.row.event
    note, doubts = planned.note, list[Message]()
    if planned.outcome == "differs" and planned.before is not None:
        contents = describe_contents(planned.before.event)
        note = ask.translate(Message("on record with {contents}"), contents=contents)
    elif event is not None and planned.outcome in ("new", "corrected"):
        ahead = is_future(event.occurred, rulebook, ask.now)
        calendar = ask.office.loaded.calendar
        doubts = EventRules(rulebook).list_doubts(event, is_future=ahead, calendar=calendar)
        known = [doubt for doubt in doubts if str(doubt) not in str(note)]
        note = Message.joined("; ", [*([note] if note else []), *known])
    return ShownRow(planned, ask.translate(note) if note else "", bool(doubts))


def _count(ask: PageRequest, plan: ImportPlan) -> str:
    counts = [ask.translate(text, count=plan.counts[key]) for key, text in _COUNTED.items() if key in plan.counts]
    return "，".join(counts) or ask.translate(Message("no row below the heads"))
