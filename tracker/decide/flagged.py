"""Decides notices to the county office about flags, each sent once, in the next morning's mail.

The weekly report lists all flags, however old.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.core.escalation.notice_fields import detail
from tracker.core.escalation.notices import FLAG, Decision, DeliveryState, Notice, NoticeKey
from tracker.core.escalation.office_time import OfficeTime
from tracker.core.law.occurrences import Occurrence
from tracker.core.matching.texts import TextIndex, fingerprint_of
from tracker.core.values.verdicts import Verdict
from tracker.core.verdict.questions import JudgedGroup, Question, list_questions, occurrences_with_questions
from tracker.decide.facts import CountyFacts
from tracker.decide.groups import DutyGroup, prefix_of
from tracker.store.engine import Tx
from tracker.store.facts import entries_like
from tracker.store.notices import load_states_of_steps

log = logging.getLogger(__name__)

_OFFICE = "county-office"
#: Kinds with a notice here. A `gone` entry reopens its occurrence, which has its own notice; questions that a verdict
#: awaits are notified by it.
_NOTIFIED_KINDS = ("hollow", "old-text", "redated", "changed", "dates")
#: Older flags get no notice; the report lists them.
_NEWS_PERIOD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class FlagNotices:
    """Questions to people about the judged occurrences.

    `asking`: keys of those with an open question. `decisions`: the notices to send now, and to cancel.
    """

    asking: frozenset[str] = frozenset()
    decisions: tuple[Decision, ...] = ()


def find_flag_notices(
    tx: Tx,
    facts: CountyFacts,
    judged: Iterable[tuple[DutyGroup, Mapping[str, Verdict]]],
    office: OfficeTime,
    now: datetime,
) -> FlagNotices:
    """Return the questions and flag notices of the groups that were judged in a pass."""
    affected = [(group, verdicts, _find_affected(facts, group, verdicts)) for group, verdicts in judged]
    affected = [item for item in affected if item[2]]
    if not affected:
        return FlagNotices()
    delivery_states, texts = (
        load_states_of_steps(tx, facts.rulebook.county.id, FLAG),
        _similar_texts(tx, facts, affected),
    )
    recent = _urls_changed_since(facts, now - _NEWS_PERIOD)
    asking: set[str] = set()
    decisions: list[Decision] = []
    for group, verdicts, occurrences in affected:
        try:
            asking |= _keys_with_questions(facts, group, verdicts, occurrences, texts)
            decisions += _decide_notices(
                facts, group, verdicts, occurrences, recent, delivery_states, texts, office, now
            )
        except Exception:  # a flag must not stop the pass; the report shows the questions
            log.exception("%s: flags could not be looked for", group.prefix, extra={"action": "tick"})
            asking |= set(verdicts)
    return FlagNotices(frozenset(asking), tuple(decisions))


def _find_affected(facts: CountyFacts, group: DutyGroup, verdicts: Mapping[str, Verdict]) -> list[Occurrence]:
    """Return the judged occurrences with findings, or with an earlier flag notice."""
    waiting = {key for key in verdicts if any(notice.step == FLAG for notice in facts.delivery_states.get(key, {}))}
    return [
        occurrence
        for occurrence in facts.occurrences(group)
        if occurrence.key in waiting or (occurrence.key in verdicts and verdicts[occurrence.key].findings)
    ]


def _urls_changed_since(facts: CountyFacts, instant: datetime) -> frozenset[str]:
    """Return the addresses of entries that are new, changed, or show an empty page since then."""
    return frozenset(
        entry.url
        for entry in facts.facts.entries
        if entry.now.seen_at >= instant or (entry.hollow_at is not None and entry.hollow_at >= instant)
    )


def _similar_texts(
    tx: Tx, facts: CountyFacts, affected: Iterable[tuple[DutyGroup, Mapping[str, Verdict], Sequence[Occurrence]]]
) -> TextIndex:
    """Return the index of the county's texts that are similar to those of the entries in question."""
    if facts.scopes is None:
        return facts.texts
    urls = {
        finding.about
        for _, verdicts, occurrences in affected
        for occurrence in occurrences
        for finding in verdicts[occurrence.key].findings
    }
    fingerprints = {
        fingerprint_of(version) for entry in facts.facts.entries if entry.url in urls for version in entry.versions
    } - {""}
    return TextIndex(entries_like(tx, facts.rulebook.county.id, fingerprints)) if fingerprints else TextIndex()


def _judged_group(
    facts: CountyFacts, group: DutyGroup, verdicts: Mapping[str, Verdict], occurrences: Sequence[Occurrence]
) -> JudgedGroup:
    group_facts = facts.facts_of(group)
    return JudgedGroup(
        group.duty,
        group.assignment,
        occurrences,
        verdicts,
        group_facts.entries,
        group_facts.rulings,
        group_facts.visits,
    )


def _keys_with_questions(
    facts: CountyFacts,
    group: DutyGroup,
    verdicts: Mapping[str, Verdict],
    occurrences: Sequence[Occurrence],
    texts: TextIndex,
) -> frozenset[str]:
    return occurrences_with_questions(facts.rulebook.county, _judged_group(facts, group, verdicts, occurrences), texts)


def _decide_notices(
    facts: CountyFacts,
    group: DutyGroup,
    verdicts: Mapping[str, Verdict],
    occurrences: Sequence[Occurrence],
    recent: Collection[str],
    delivery_states: Mapping[str, Mapping[NoticeKey, DeliveryState]],
    texts: TextIndex,
    office: OfficeTime,
    now: datetime,
) -> Iterator[Decision]:
    states = {
        key: state for subject, subject_states in delivery_states.items() if prefix_of(subject) == group.prefix
        for key, state in subject_states.items()
    }  # fmt: skip
    waiting = {key for key, state in states.items() if state.state == "due" and key.subject in verdicts}
    waiting_keys, county = {key.subject for key in waiting}, facts.rulebook.county
    affected = [
        occurrence
        for occurrence in occurrences
        if occurrence.key in waiting_keys
        or any(finding.about in recent for finding in verdicts[occurrence.key].findings)
    ]
    if not affected:
        return
    judged = _judged_group(facts, group, verdicts, affected)
    questions = [question for question in list_questions(county, [judged], texts) if question.kind in _NOTIFIED_KINDS]
    notified = {key.ordinal for key, state in states.items() if state.state != "cancelled"}
    by_key = {occurrence.key: occurrence for occurrence in affected}
    for question in questions:
        if _question_number(question) in notified or question.since is None or question.since < now - _NEWS_PERIOD:
            continue
        occurrence = by_key[question.occurrence]
        row = facts.rows.get(question.occurrence)
        revision, episode = (row.due_revision, row.episode) if row else (0, 0)
        key = NoticeKey(question.occurrence, revision, episode, FLAG, _question_number(question), _OFFICE, "mail")
        fields = {
            **detail(occurrence, verdicts[question.occurrence], group.duty, county, office.calendar, now),
            "kind": "decide", "step": FLAG, "reason": f"{question.question}。", "urgent": False,
            "flag": question.kind_zh, "about": {"target": question.target, "title": question.title},
        }  # fmt: skip
        at = office.next_morning(now)
        notice = Notice(key, county.id, "", "decide", False, f"{question.kind_zh}：{question.question}", at, fields)
        yield Decision("send", key, notice.reason, notice)
    current = {_question_number(question) for question in questions}
    for key in sorted(waiting, key=lambda key: (key.subject, key.ordinal)):
        if key.ordinal not in current:
            yield Decision("cancel", key, "发出前已有认定，或已不再如此，不再发送。")


def _question_number(question: Question) -> int:
    """Return the number of a question about an entry, the same for every period."""
    return zlib.crc32("\n".join((question.kind, question.part, question.target)).encode()) & 0x7FFFFFFF
