"""The office's week (一周督办要点): what falls due, what waits for a decision, what was not read or answered."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from notifications.kind_words import words_of
from tracker.core.assessment.lines import Line
from tracker.core.escalation.notice_kinds import rules_of
from tracker.core.escalation.notices import DEPARTMENT_ROLES, Notice, NoticeKey
from tracker.core.law.county import Rulebook
from tracker.core.law.wording import day_zh, moment_zh
from tracker.core.values.formulas import ReportRules
from tracker.core.values.verdicts import Status
from tracker.decide.work_process import WorkProcess, run_by_size
from tracker.reports.attention import SHOWN, blind, for_people, list_blind
from tracker.reports.overdue_view import rows_by_due_day
from tracker.reports.snapshot import CountyReader, CountySnapshot
from tracker.rulebook.loaded import Loaded
from tracker.store.answers import list_answers
from tracker.store.counties import ensure_county, lock_county
from tracker.store.county_passes import CountyPasses
from tracker.store.engine import Store, Tx
from tracker.store.journal import JournalEntry, append_entries
from tracker.store.notices import insert_notices, load_delivery_states
from tracker.store.occurrences import list_open_questions
from tracker.store.standings import Wanted

log = logging.getLogger(__name__)

STEP = "week"
#: What is due within so many days is near; within so many more it is ahead.
NEAR, AHEAD = timedelta(days=7), timedelta(days=30)
#: So many departments of one duty are named one by one.
_NAMED = 3
#: By key of the week: what rows call its parts.
PARTS = {
    "near": "7日内到期",
    "ahead": "30日内到期",
    "decide": "证据待认定",
    "objections": "异议待答复",
    "records": "起算依据待登记",
    "unread": "栏目未能读取",
    "unanswered": "通知未回执",
}
COLUMNS = ("part", "department", "title", "period", "due", "note", "count", "url", "occurrences")
_ANSWERS_IN = 500  # parameters in one IN list
#: What the week looks at.
_WANTED = [
    Wanted(statuses=[each for each in Status if each.running or each.late or each is Status.CLOCK_UNKNOWN]),
    Wanted(objection="pending"),
]


def week_at(tx: Tx, reader: CountyReader, county: str, now: datetime, *, answers: bool) -> dict[str, Any]:
    """The week's values as JSON.

    `answers`: whether departments have a page on which to answer.
    """
    snapshot = reader.read(tx, now, wanted=lambda _: _WANTED)
    today, waiting = snapshot.today, list_open_questions(tx, county)
    lines = snapshot.liable_lines
    coming = [line for line in lines if line.status.running and line.due_on and line.due_on >= today]
    near = [line for line in coming if line.due_on and line.due_on < today + NEAR]
    ahead = [line for line in coming if line.due_on and today + NEAR <= line.due_on < today + AHEAD]
    objections = [line for line in lines if line.objection == "pending"]
    records = [line for line in lines if line.status is Status.CLOCK_UNKNOWN]
    blind_columns = list_blind(tx, snapshot.rulebook, now)
    unanswered = _unanswered(tx, snapshot, county) if answers else []
    totals = {
        "near": len(near),
        "ahead": len(ahead),
        "decide": len({question.target for question in waiting}),
        "objections": len(objections),
        "records": len(records),
        "unread": len({fault.subject for fault in blind_columns}),
        "unanswered": len(unanswered),
    }
    return {
        "kind": "week",
        "step": STEP,
        "title": words_of("week").name,
        "day": day_zh(today),
        "as_of": moment_zh(now.astimezone(snapshot.rulebook.county.zone)),
        "totals": totals,
        "near": _fold(rows_by_due_day(snapshot, near)),
        "ahead": _fold(rows_by_due_day(snapshot, ahead)),
        **for_people(waiting),
        "objections": rows_by_due_day(snapshot, objections),
        "records": _fold(rows_by_due_day(snapshot, records)),
        "unread": blind(snapshot.rulebook, blind_columns),
        "unanswered": unanswered,
    }


def _fold(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows of one duty, period and day as one, with the departments that it concerns (…等9个单位)."""
    groups: dict[tuple[str, str, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault((row["title"], row["period"], row["due"]), []).append(row)
    folded = []
    for group in groups.values():
        names = list(dict.fromkeys(row["department"] for row in group))
        more = f"等{len(names)}个单位" if len(names) > _NAMED else ""
        folded.append({
            **group[0],
            "department": "、".join(names[:_NAMED]) + more,
            "count": sum(row["count"] for row in group),
            "keys": [key for row in group for key in row["keys"]],
        })  # fmt: skip
    return folded


def _unanswered(tx: Tx, snapshot: CountySnapshot, county: str) -> list[dict[str, Any]]:
    """What departments were last notified of and did not answer since, the oldest first."""
    lines = [line for line in snapshot.liable_lines if line.late or line.status.running]
    by_key = {line.key: line for line in lines}
    last = {key: notice for key, notice in _last_sent(tx, county, by_key) if notice is not None}
    answered = _last_answers(tx, county, sorted(last))
    zone = snapshot.rulebook.county.zone
    open_ = [(at, kind, by_key[key]) for key, (at, kind) in last.items() if key not in answered or answered[key] < at]
    return [_build_row(at.astimezone(zone), kind, line) for at, kind, line in sorted(open_, key=lambda one: one[0])]


def _build_row(at: datetime, kind: str, line: Line) -> dict[str, Any]:
    return {
        "keys": [line.key],
        "department": line.who,
        "title": line.title,
        "period": line.period,
        "due": line.due,
        "notified": f"{day_zh(at.date())}{words_of(kind).name}",
        "status": line.status_zh,
        "count": 1,
    }


def _last_sent(tx: Tx, county: str, subjects: Mapping[str, Line]) -> Iterator[tuple[str, tuple[datetime, str] | None]]:
    """By occurrence, when its department was last notified of something that takes an answer, and what."""
    for subject, states in load_delivery_states(tx, county, list(subjects)).items():
        sent = [
            (state.at, state.kind)
            for key, state in states.items()
            if state.state == "sent" and key.role.partition("@")[0] in DEPARTMENT_ROLES and rules_of(state.kind).answers
        ]
        yield subject, max(sent, default=None)


def _last_answers(tx: Tx, county: str, occurrences: Sequence[str]) -> dict[str, datetime]:
    last: dict[str, datetime] = {}
    for start in range(0, len(occurrences), _ANSWERS_IN):
        for _, answer in list_answers(tx, county, occurrences[start : start + _ANSWERS_IN]):
            last[answer.occurrence] = max(answer.recorded_at, last.get(answer.occurrence, answer.recorded_at))
    return last


def rows_of(week: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The week as flat rows with `COLUMNS`."""
    for part, name in PARTS.items():
        for row in week.get(part, ()):
            yield {**dict.fromkeys(COLUMNS), **_row(part, row), "part": name}


def _row(part: str, row: Mapping[str, Any]) -> dict[str, Any]:
    match part:
        case "decide":
            return {
                "title": row["title"],
                "note": f"{row['kind']}：{row['matter']}；{row['question']}",
                "url": row["url"],
            }
        case "unread":
            return {"title": row["where"], "note": f"{row['note']}（自{row['since']}起）"}
    if part in ("near", "ahead"):
        note = "、".join(row["marks"])
    else:
        note = row["notified" if part == "unanswered" else "reason"]
    names = ("department", "title", "period", "due", "count")
    return {**{name: row[name] for name in names}, "note": note, "occurrences": " ".join(row["keys"])}


def counts_zh(totals: Mapping[str, int]) -> str:
    """The counts in words, without those that are 0."""
    names = {**PARTS, "ahead": "其后至30日内到期"}
    counts = [f"{name}{totals[part]}项" for part, name in names.items() if totals[part]]
    return "，".join(counts) or "没有待办事项"


def announce_weeks(store: Store, loaded: Loaded, now: datetime, apart: WorkProcess | None = None) -> int:
    """Decide each county's mail of this day, once, and return how many were new.

    A county whose file says `report: {week: false}` gets none, nor one for which nothing is ahead.
    """
    decided, passes = 0, CountyPasses(store, STEP)
    for rulebook in loaded.rulebooks:
        if (rulebook.report or ReportRules()).week:
            with passes.of(rulebook.county.id):
                decided += run_by_size(apart, _announce, store, loaded, rulebook, now)
    passes.finish(now)
    log.info("%d weeks decided", decided, extra={"action": STEP})
    return decided


def _announce(store: Store, loaded: Loaded, rulebook: Rulebook, now: datetime) -> bool:
    """Whether it was new."""
    county = rulebook.county
    with store.begin() as tx:
        ensure_county(tx, county.id)
        lock_county(tx, county.id)
        reader, answers = CountyReader(rulebook, loaded.calendar), loaded.schedule.console is not None
        week = week_at(tx, reader, county.id, now, answers=answers)
        if not any(week["totals"].values()):
            return False
        subject = f"week:{now.astimezone(county.zone).date()}"
        key = NoticeKey(subject, 0, 0, STEP, 0, "county-office", "mail")
        reason = f"{week['day']}：{counts_zh(week['totals'])}。"
        at = loaded.office_time(county.zone).next_opening(now)
        notice = Notice(key, county.id, "", "week", False, reason, at, {**_shortened(week), "reason": reason})
        if not insert_notices(tx, [notice], now):
            return False
        who = f"rule:{rulebook.digest[:12]}"
        append_entries(tx, county.id, [JournalEntry(who, "week.decided", subject, None, week["totals"], reason)], now)
    return True


def _shortened(week: Mapping[str, Any]) -> dict[str, Any]:
    """The week with so many rows of each part as a mail lists; its totals count them all."""
    parts = [part for part in PARTS if part != "decide"]
    more = {part: max(0, len(week[part]) - SHOWN) for part in parts}
    return {**week, **{part: week[part][:SHOWN] for part in parts}, "more": more}
