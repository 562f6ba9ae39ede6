"""Keeps from a circular what nobody looked for lately.

A circular accuses in public, so that it needs at least what an overdue notice needs: a complete visit since the
previous working day began.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from tracker.core.assessment.circular_looks import explain_unlooked, find_look_since
from tracker.core.assessment.lines import Line
from tracker.core.law.counting import day_start
from tracker.core.law.county import Rulebook
from tracker.core.law.wording import day_zh
from tracker.core.law.workdays import Calendar
from tracker.core.values.verdicts import Light, Status
from tracker.core.verdict.questions import Question
from tracker.decide.run import judge_new_facts
from tracker.registers.rulings import list_standing_rulings
from tracker.reports.snapshot import CountySnapshot
from tracker.rulebook.loaded import Loaded
from tracker.store.counties import lock_county
from tracker.store.engine import Tx
from tracker.store.filings import list_filings
from tracker.store.second_looks import list_second_looks
from tracker.store.visits import find_last_seen_seq

#: A visit that was recorded after a tick may have begun this long before it.
_UNDER_WAY = timedelta(minutes=10)


def judge_news(tx: Tx, loaded: Loaded, rulebook: Rulebook, now: datetime) -> None:
    """Judge what was crawled since the last tick, so that nobody is accused after publishing."""
    county = lock_county(tx, rulebook.county.id)
    if county.ticked_at is not None:
        since = find_last_seen_seq(tx, county.id, county.ticked_at - _UNDER_WAY)
        if since < county.seq:
            judge_new_facts(tx, loaded, rulebook, since, now)


def columns_of(line: Line, rulebook: Rulebook) -> list[str]:
    """The keys of the columns that show whether it was published; none where it is proved by filing or record."""
    duty = rulebook.duty(line.pack, line.duty)
    assignment = duty.assignment(line.department) if duty else None
    cells = assignment.cells if assignment else ()
    named = dict.fromkeys(key for cell in cells for source in cell.sources for key in source.columns)
    return [key for key in named if key in rulebook.county.columns]


def as_seen(snapshot: CountySnapshot, looked: Mapping[str, datetime], calendar: Calendar) -> CountySnapshot:
    """The snapshot in which late matters that nobody looked for lately are unverifiable instead.

    `looked`: by column, the end of its last complete visit.
    """
    county = snapshot.rulebook.county
    since = day_start(calendar.add_workdays(snapshot.today, -1), county.zone)
    lines = []
    for line in snapshot.lines:
        keys = _missing_in(line, snapshot.rulebook) if line.is_liable and line.status.late else []
        if old := [key for key in keys if _before(looked.get(key), since)]:
            looks = "、".join(_last_look(county.columns[key].title or key, looked.get(key), snapshot) for key in old)
            line = replace(
                line, status=Status.UNVERIFIABLE, status_zh=Status.UNVERIFIABLE.zh, light=Light.GREY,
                reason=f"{looks}，其后情况不明", days_late=0,
            )  # fmt: skip
        lines.append(line)
    return replace(snapshot, lines=tuple(lines))


def as_doubted(snapshot: CountySnapshot, questions: Iterable[Question]) -> CountySnapshot:
    """The snapshot in which the matters are doubted for which a person has still to decide whether they are gone."""
    asked = {question.occurrence for question in questions if question.kind == "gone"}
    return replace(
        snapshot, lines=tuple(replace(line, doubted=True) if line.key in asked else line for line in snapshot.lines)
    )


def as_looked(tx: Tx, snapshot: CountySnapshot, days: int) -> CountySnapshot:
    """The snapshot in which each late matter that only a site shows says why it is to be looked at again first.

    `days`: the county's number of working days; 0 for none.
    """
    county = snapshot.rulebook.county
    lines = []
    for line in snapshot.lines:
        if days > 0 and line.is_liable and line.status.late and columns_of(line, snapshot.rulebook):
            looks = list_second_looks(tx, county.id, line.key)
            since = find_look_since(snapshot.today, days, line.due_at, snapshot.calendar, county.zone)
            refused = _list_refused(tx, county.id, line.key) if looks and looks[-1].hits else frozenset()
            line = replace(line, unlooked=explain_unlooked(looks, since, refused, county.zone))
        lines.append(line)
    return replace(snapshot, lines=tuple(lines))


def _list_refused(tx: Tx, county: str, key: str) -> frozenset[str]:
    """The addresses that a person decided not to be what the occurrence asks for, as entries or as filed proofs."""
    filed = {f"attestation:{filing.id}": filing.proof for filing in list_filings(tx, county, key)}
    refused = [ruling for ruling in list_standing_rulings(tx, county, key) if ruling.kind == "reject"]
    return frozenset(filed.get(ruling.target, ruling.target) for ruling in refused)


def unseen(raw: CountySnapshot, seen: CountySnapshot) -> dict[str, str]:
    """By occurrence that `as_seen` made unverifiable, the reason. `raw`: the snapshot before, `seen`: after."""
    return {
        line.key: line.reason
        for line in seen.lines
        if line.status is Status.UNVERIFIABLE and raw.by_key[line.key].status.late
    }


def _missing_in(line: Line, rulebook: Rulebook) -> list[str]:
    """The columns that the line's missing parts name, else all: that another column was not seen excuses nobody."""
    keys, columns = columns_of(line, rulebook), rulebook.county.columns
    missing = "".join(line.missing)
    return [key for key in keys if f"“{columns[key].title or key}”" in missing] or keys


def _before(at: datetime | None, since: datetime) -> bool:
    return at is None or at < since


def _last_look(title: str, at: datetime | None, snapshot: CountySnapshot) -> str:
    if at is None:
        return f"“{title}”尚无完整查看记录"
    return f"“{title}”最近一次完整查看是{day_zh(at.astimezone(snapshot.rulebook.county.zone).date())}"
