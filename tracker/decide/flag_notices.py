"""Decides notices to the county office about flags, each sent once, in the next morning's mail.

The weekly report lists all flags, however old.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tracker.core.escalation.notice_fields import detail
from tracker.core.escalation.notices import FLAG, Decision, DeliveryState, Notice, NoticeKey
from tracker.core.escalation.office_time import OfficeTime
from tracker.core.law.occurrences import Occurrence
from tracker.core.matching.texts import TextIndex
from tracker.core.values.verdicts import Verdict
from tracker.core.verdict.questions import JudgedGroup, Question, find_asking, list_questions
from tracker.decide.facts import CountyFacts
from tracker.decide.groups import DutyGroup, group_by, prefix_of
from tracker.decide.similar_texts import load_similar_texts
from tracker.store.engine import Tx
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

    `asking`: those about which a person may have to decide, each with its open questions.
    `decisions`: the notices to send now, and to cancel.
    """

    asking: Mapping[str, tuple[Question, ...]] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()


def find_flag_notices(
    tx: Tx,
    facts: CountyFacts,
    judged: Iterable[tuple[DutyGroup, Mapping[str, Verdict]]],
    office: OfficeTime,
    now: datetime,
) -> FlagNotices:
    """Return the questions and flag notices of the groups that were judged in a pass."""
    affected: dict[str, JudgedGroup] = {}
    for group, verdicts in judged:
        occurrences = _find_affected(facts, group, verdicts)
        if occurrences:
            affected[group.prefix] = facts.judged_group(group, occurrences, verdicts)
    if not affected:
        return FlagNotices()
    county = facts.rulebook.county
    states = group_by(
        (pair for states in load_states_of_steps(tx, county.id, FLAG).values() for pair in states.items()),
        lambda pair: prefix_of(pair[0].subject),
    )
    texts = load_similar_texts(tx, facts, affected.values())
    changed_urls = _urls_changed_since(facts, now - _NEWS_PERIOD)
    asking: dict[str, tuple[Question, ...]] = {}
    decisions: list[Decision] = []
    for prefix, judged_group in affected.items():
        try:
            asking |= find_asking(county, judged_group, texts)
            group_states = dict(states.get(prefix, ()))
            decisions += _decide_notices(facts, judged_group, group_states, changed_urls, texts, office, now)
        except Exception:  # a flag must not stop the pass; what was asked before goes on being asked
            log.exception("%s: flags could not be looked for", prefix, extra={"action": "tick"})
            asking |= {key: row.questions if (row := facts.rows.get(key)) else () for key in judged_group.verdicts}
    return FlagNotices(asking, tuple(decisions))


def _find_affected(facts: CountyFacts, group: DutyGroup, verdicts: Mapping[str, Verdict]) -> list[Occurrence]:
    """Return the judged occurrences with findings, or with an earlier flag notice."""
    notified = {key for key in verdicts if any(notice.step == FLAG for notice in facts.delivery_states.get(key, {}))}
    return [
        occurrence
        for occurrence in facts.occurrences(group)
        if occurrence.key in notified or (occurrence.key in verdicts and verdicts[occurrence.key].findings)
    ]


def _urls_changed_since(facts: CountyFacts, since: datetime) -> frozenset[str]:
    """Return the addresses of entries that are new, changed, or show an empty page since then."""
    return frozenset(
        entry.url
        for entry in facts.facts.entries
        if entry.current.seen_at >= since or (entry.hollow_at is not None and entry.hollow_at >= since)
    )


def _decide_notices(
    facts: CountyFacts,
    judged: JudgedGroup,
    states: Mapping[NoticeKey, DeliveryState],
    changed_urls: frozenset[str],
    texts: TextIndex,
    office: OfficeTime,
    now: datetime,
) -> Iterator[Decision]:
    """Yield the decisions about one group.

    `states`: of its earlier flag notices. `changed_urls`: of entries that changed within the news period.
    """
    county, verdicts = facts.rulebook.county, judged.verdicts
    waiting = {key for key, state in states.items() if state.state == "due" and key.subject in verdicts}
    waiting_subjects = {key.subject for key in waiting}
    by_key = {
        occurrence.key: occurrence
        for occurrence in judged.occurrences
        if occurrence.key in waiting_subjects
        or any(finding.about in changed_urls for finding in verdicts[occurrence.key].findings)
    }
    if not by_key:
        return
    judged = replace(judged, occurrences=list(by_key.values()))
    questions = [question for question in list_questions(county, [judged], texts) if question.kind in _NOTIFIED_KINDS]
    notified = {key.ordinal for key, state in states.items() if state.state != "cancelled"}
    for question in questions:
        number = _question_number(question)
        if number in notified or question.since is None or question.since < now - _NEWS_PERIOD:
            continue
        row = facts.rows.get(question.occurrence)
        revision, episode = (row.due_revision, row.episode) if row else (0, 0)
        key = NoticeKey(question.occurrence, revision, episode, FLAG, number, _OFFICE, "mail")
        occurrence, verdict = by_key[question.occurrence], verdicts[question.occurrence]
        fields = {
            **detail(occurrence, verdict, judged.duty, county, office.calendar, now),
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
