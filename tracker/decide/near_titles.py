"""Names in a question (请核对) the titles that came near: the entries of the columns, read without the title filter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tracker.core.escalation.notices import Notice
from tracker.core.law.county import Rulebook
from tracker.core.law.wording import day_zh
from tracker.core.law.workdays import Calendar
from tracker.core.matching.near_misses import find_near_titles, list_misses
from tracker.core.values.verdicts import Finding
from tracker.decide.facts import CountyFacts
from tracker.decide.groups import prefix_of
from tracker.decide.load import load_groups
from tracker.store.engine import Tx


def add_near_titles(
    tx: Tx, rulebook: Rulebook, calendar: Calendar, notices: Sequence[Notice], now: datetime
) -> list[Notice]:
    """Return the notices, the questions among them with the titles that came near."""
    subjects = dict.fromkeys(notice.key.subject for notice in notices if notice.kind == "question" and notice.detail)
    if not subjects:
        return list(notices)
    facts = load_groups(tx, rulebook, calendar, map(prefix_of, subjects), now)
    near = {subject: near_titles_of(facts, calendar, subject) for subject in subjects}
    return [
        replace(notice, detail={**notice.detail, "near": near[notice.key.subject]})
        if notice.kind == "question" and notice.detail
        else notice
        for notice in notices
    ]


def near_titles_of(facts: CountyFacts, calendar: Calendar, key: str) -> list[dict[str, str]]:
    """Return title, address and reason of the entries that came near; none for an unknown occurrence."""
    found = facts.find_occurrence(key)
    if found is None:
        return []
    group, occurrence = found
    misses = list_misses(
        group.duty,
        group.assignment,
        facts.occurrences(group),
        facts.facts_of(group),
        facts.rulebook.county,
        calendar,
        occurrence,
    )
    findings = find_near_titles(group.duty, misses)
    return [{"title": finding.title, "url": finding.about, "reason": _describe(finding, facts)} for finding in findings]


def _describe(finding: Finding, facts: CountyFacts) -> str:
    """Return when it was published and why it does not count."""
    if finding.at is None or "公开" in finding.reason:
        return finding.reason
    return f"{day_zh(finding.at.astimezone(facts.rulebook.county.zone).date())}公开，{finding.reason}"
