"""Notices to the county office about flags, each told once, in the next morning's mail.

The weekly report lists all of it, however old.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.core.escalation.notices import Decision, DeliveryState, Hours, Notice, NoticeKey
from tracker.core.escalation.steps import FLAG, morning
from tracker.core.law.notice_fields import detail
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.workdays import Calendar
from tracker.core.matching.texts import TextIndex, fingerprint_of
from tracker.core.values.verdicts import Verdict
from tracker.core.verdict.questions import JudgedGroup, Question, list_questions, occurrences_with_questions
from tracker.decide.facts import CountyFacts
from tracker.decide.groups import DutyGroup, prefix_of
from tracker.store.engine import Tx
from tracker.store.facts import entries_like
from tracker.store.notices import told_at

log = logging.getLogger(__name__)

_OFFICE = "county-office"
#: What is told. What is gone reopens its matter and is told by that; what awaits a person is told by its verdict.
_TOLD = ("hollow", "old-text", "redated", "changed", "dates")
#: What is so for longer is no news: the report has it.
_NEWS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class FlagNotices:
    """What people are asked about the occurrences that were judged. `asking`: those about which anything is to be
    decided; `decisions`: what the county office is told of it now, and what is taken back."""

    asking: frozenset[str] = frozenset()
    decisions: tuple[Decision, ...] = ()


def doubts_of(
    tx: Tx,
    facts: CountyFacts,
    judged: Iterable[tuple[DutyGroup, Mapping[str, Verdict]]],
    calendar: Calendar,
    hours: Hours,
    now: datetime,
) -> FlagNotices:
    """What is doubtful in the groups that were judged in a pass."""
    owed = [(group, verdicts, _with_findings(facts, group, verdicts)) for group, verdicts in judged]
    owed = [each for each in owed if each[2]]
    if not owed:
        return FlagNotices()
    delivery_states, texts = told_at(tx, facts.rulebook.county.id, FLAG), _texts(tx, facts, owed)
    recent = _changed_since(facts, now - _NEWS)
    asking: set[str] = set()
    decisions: list[Decision] = []
    for group, verdicts, occurrences in owed:
        try:
            asking |= _asking(facts, group, verdicts, occurrences, texts)
            decisions += _of(facts, group, verdicts, occurrences, recent, delivery_states, texts, calendar, hours, now)
        except Exception:  # what is only doubtful stops no judgement; the report will say so
            log.exception("%s: flags could not be looked for", group.prefix, extra={"action": "tick"})
            asking |= set(verdicts)
    return FlagNotices(frozenset(asking), tuple(decisions))


def _with_findings(facts: CountyFacts, group: DutyGroup, verdicts: Mapping[str, Verdict]) -> list[Occurrence]:
    """The judged occurrences that something was found for, or of which the office was told something."""
    waiting = {key for key in verdicts if any(notice.step == FLAG for notice in facts.delivery_states.get(key, {}))}
    return [
        occurrence
        for occurrence in facts.occurrences(group)
        if occurrence.key in waiting or (occurrence.key in verdicts and verdicts[occurrence.key].findings)
    ]


def _changed_since(facts: CountyFacts, instant: datetime) -> frozenset[str]:
    """The addresses of the entries that came, were read otherwise or went hollow since then."""
    return frozenset(
        entry.url
        for entry in facts.facts.entries
        if entry.now.seen_at >= instant or (entry.hollow_at is not None and entry.hollow_at >= instant)
    )


def _texts(
    tx: Tx, facts: CountyFacts, owed: Iterable[tuple[DutyGroup, Mapping[str, Verdict], Sequence[Occurrence]]]
) -> TextIndex:
    """The texts of the county that are like those of the entries in question."""
    if facts.scopes is None:
        return facts.texts
    about = {
        finding.about
        for _, verdicts, occurrences in owed
        for occurrence in occurrences
        for finding in verdicts[occurrence.key].findings
    }
    marks = {
        fingerprint_of(version) for entry in facts.facts.entries if entry.url in about for version in entry.versions
    } - {""}
    return TextIndex(entries_like(tx, facts.rulebook.county.id, marks)) if marks else TextIndex()


def _judged(
    facts: CountyFacts, group: DutyGroup, verdicts: Mapping[str, Verdict], occurrences: Sequence[Occurrence]
) -> JudgedGroup:
    mine = facts.of(group)
    return JudgedGroup(group.duty, group.assignment, occurrences, verdicts, mine.entries, mine.rulings, mine.visits)


def _asking(
    facts: CountyFacts,
    group: DutyGroup,
    verdicts: Mapping[str, Verdict],
    occurrences: Sequence[Occurrence],
    texts: TextIndex,
) -> frozenset[str]:
    return occurrences_with_questions(facts.rulebook.county, _judged(facts, group, verdicts, occurrences), texts)


def _of(
    facts: CountyFacts,
    group: DutyGroup,
    verdicts: Mapping[str, Verdict],
    occurrences: Sequence[Occurrence],
    recent: Collection[str],
    delivery_states: Mapping[str, Mapping[NoticeKey, DeliveryState]],
    texts: TextIndex,
    calendar: Calendar,
    hours: Hours,
    now: datetime,
) -> Iterator[Decision]:
    known = {
        key: what for subject, of_subject in delivery_states.items() if prefix_of(subject) == group.prefix
        for key, what in of_subject.items()
    }  # fmt: skip
    waiting = {key for key, what in known.items() if what.state == "due" and key.subject in verdicts}
    asked, county = {key.subject for key in waiting}, facts.rulebook.county
    owed = [
        each
        for each in occurrences
        if each.key in asked or any(finding.about in recent for finding in verdicts[each.key].findings)
    ]
    if not owed:
        return
    whole = _judged(facts, group, verdicts, owed)
    found = [question for question in list_questions(county, [whole], texts) if question.kind in _TOLD]
    numbers = {key.ordinal for key, what in known.items() if what.state != "cancelled"}
    by_key = {one.key: one for one in owed}
    for one in found:
        if _number(one) in numbers or one.since is None or one.since < now - _NEWS:
            continue
        occurrence = by_key[one.occurrence]
        row = facts.rows.get(one.occurrence)
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
    still = {_number(question) for question in found}
    for key in sorted(waiting, key=lambda one: (one.subject, one.ordinal)):
        if key.ordinal not in still:
            yield Decision("cancel", key, "发出前已有认定，或已不再如此，不再发送。")


def _number(question: Question) -> int:
    """One question of one entry has one number, whatever period it is asked for."""
    return zlib.crc32("\n".join((question.kind, question.part, question.target)).encode()) & 0x7FFFFFFF
