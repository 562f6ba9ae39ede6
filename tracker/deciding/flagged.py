"""What a person should look at (an old text under a new date, a date that moved…), told to the county office as it
comes up: in its next morning's mail, once. The weekly report lists all of it, however old."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from tracker.core.notices import Decision, Hours, Notice, NoticeKey
from tracker.core.particulars import detail
from tracker.core.steps import FLAG, morning
from tracker.core.workdays import Calendar
from tracker.deciding.groups import Group
from tracker.deciding.memory import Memory
from tracker.reports.decisions import Decision as Question
from tracker.reports.decisions import Judged, decisions

log = logging.getLogger(__name__)

_OFFICE = "county-office"
#: What is told. What is gone reopens its matter and is told by that; what awaits a person is told by its verdict.
_TOLD = ("hollow", "old-text", "redated", "changed", "dates")
#: What is so for longer is no news: the report has it.
_NEWS = timedelta(days=7)


def flagged(
    memory: Memory, groups: Iterable[Group], calendar: Calendar, hours: Hours, now: datetime
) -> Iterator[Decision]:
    """What to tell of the groups that were judged in this pass, and what to take back that somebody decided since."""
    judged = [one for one in groups if one.verdicts is not None]
    recent = memory.changed_since(now - _NEWS) if judged else frozenset()
    for group in judged:
        try:
            yield from _of(memory, group, recent, calendar, hours, now)
        except Exception:  # what is only doubtful stops no judgement; the report will say so
            log.exception("%s: flags could not be looked for", group.prefix, extra={"action": "tick"})


def _of(
    memory: Memory, group: Group, recent: frozenset[str], calendar: Calendar, hours: Hours, now: datetime
) -> Iterator[Decision]:
    verdicts = group.verdicts or {}
    known = {key: what for one in group.rows for key, what in memory.told.get(one, {}).items() if key.step == FLAG}
    waiting = {key for key, what in known.items() if what.state == "due"}
    asked = {key.subject for key in waiting}
    owed = [
        one
        for one in memory.occurrences(group)
        if one.key in asked
        or (
            group.flagged_of.get(one.key) is not verdicts[one.key]
            and any(found.about in recent for found in verdicts[one.key].findings)
        )
    ]
    if not owed:
        return
    facts, county = memory.facts(group), memory.rulebook.county
    whole = Judged(group.duty, group.assignment, owed, verdicts, facts.entries, facts.rulings, facts.visits)
    found = [one for one in decisions(county, [whole], memory.texts) if one.kind in _TOLD]
    numbers = {key.ordinal for key, what in known.items() if what.state != "cancelled"}
    by_key = {one.key: one for one in owed}
    for one in found:
        if _number(one) in numbers or one.since is None or one.since < now - _NEWS:
            continue
        occurrence = by_key[one.occurrence]
        row = group.rows.get(one.occurrence)
        revision, episode = (row.due_revision, row.episode) if row else (0, 0)
        key = NoticeKey(one.occurrence, revision, episode, FLAG, _number(one), _OFFICE, "mail")
        shown = {
            **detail(occurrence, verdicts[one.occurrence], group.duty, county, calendar, now),
            "kind": "decide", "step": FLAG, "reason": f"{one.question}。", "urgent": False, "flag": one.kind_zh,
            "about": {"target": one.target, "title": one.title},
        }  # fmt: skip
        at = morning(now, calendar, hours, county.zone)
        notice = Notice(key, county.id, "", "decide", False, f"{one.kind_zh}：{one.question}", at, shown)
        yield Decision("send", key, notice.reason, notice)
    still = {_number(one) for one in found}
    for key in sorted(waiting, key=lambda one: (one.subject, one.ordinal)):
        if key.ordinal not in still:
            yield Decision("cancel", key, "发出前已有认定，或已不再如此，不再发送。")
    group.flagged_of.update({one.key: verdicts[one.key] for one in owed})


def _number(one: Question) -> int:
    """One question of one entry has one number, whatever period it is asked for."""
    return zlib.crc32("\n".join((one.kind, one.part, one.target)).encode()) & 0x7FFFFFFF
