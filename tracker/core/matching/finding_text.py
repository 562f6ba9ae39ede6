"""Writes the Chinese sentences of findings: why an entry or a filing counts, or does not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from tracker.core.law.counting import moment_day
from tracker.core.law.duties import Item, Source
from tracker.core.law.notice_fields import day_zh, due_zh
from tracker.core.law.occurrences import Occurrence
from tracker.core.matching.candidates import CellCriteria
from tracker.core.matching.contents import HeldItem, where_now
from tracker.core.matching.proof import DISPUTED, LATE, Candidate, Requirement
from tracker.core.values.facts import Ruling
from tracker.core.values.verdicts import Finding, gone_zh


def of_entry(
    occurrence: Occurrence,
    requirement: Requirement,
    candidate: Candidate,
    why: str,
    ruling: Ruling | None,
    *,
    open_cell: bool,
) -> Finding:
    """An entry of the occurrence's own pool. `open_cell`: the cell is not proved, so a person may be awaited."""
    items, lacks = _items(candidate, requirement.criteria)
    waits = (
        bool(candidate.assessment.unattributed)
        and (candidate.assessment.relevant or candidate.assessment.unread)
        and candidate.entry.gone_at is None
    )
    if ruling is not None and ruling.kind == "reject":
        return not_counted(occurrence, requirement, candidate, f"经认定不予采信：{ruling.reason}")
    if candidate.assessment.refusal:
        return not_counted(occurrence, requirement, candidate, candidate.assessment.refusal)
    if candidate.assessment.unattributed:
        return _finding(
            occurrence.key,
            requirement.criteria,
            candidate,
            candidate.assessment.unattributed,
            awaited=waits and open_cell,
        )
    if candidate.entry.gone_at is not None:
        return _finding(occurrence.key, requirement.criteria, candidate, _gone(requirement, candidate))
    if candidate.assessment.unread and not items:
        return _finding(occurrence.key, requirement.criteria, candidate, "文章或附件未能读取，尚不能判断")
    if not candidate.assessment.relevant:
        return _finding(occurrence.key, requirement.criteria, candidate, f"未提到{'、'.join(lacks)}")
    rank, at = _grade(requirement, candidate, occurrence)
    parts = [why, _published(requirement, candidate, occurrence, rank)]
    if lacks and requirement.criteria.contents.mode != "kinds":
        unread = "（文章或附件未能读取）" if candidate.assessment.unread else ""
        parts.append(f"其中未见{'、'.join(lacks)}{unread}")
    reason = "；".join(part for part in parts if part)
    return _finding(
        occurrence.key, requirement.criteria, candidate, reason, counts=True, disputed=rank == DISPUTED, at=at
    )


def not_counted(occurrence: Occurrence, requirement: Requirement, candidate: Candidate, reason: str) -> Finding:
    """An entry that was looked at and does not count."""
    return _finding(occurrence.key, requirement.criteria, candidate, reason)


def holds_none(criteria: CellCriteria) -> str:
    """Why an entry that matches awaits a person: it holds none of what is required."""
    labels = "、".join(item.label for item in criteria.contents.items if not item.advisory)
    return f"未见所要求的任何一项内容（{labels}），待县政府办公室认定是否即为应公开的内容"


def title_unfit(sources: Sequence[Source]) -> str:
    """Why an entry of the column was passed over."""
    patterns = "”或“".join(dict.fromkeys(source.title for source in sources if source.title))
    return f"标题不符合“{patterns}”"


def _finding(
    occurrence: str,
    criteria: CellCriteria,
    candidate: Candidate,
    reason: str,
    *,
    counts: bool = False,
    awaited: bool = False,
    disputed: bool = False,
    at: datetime | None = None,
) -> Finding:
    items, lacks = _items(candidate, criteria)
    return Finding(
        occurrence=occurrence,
        cell=criteria.cell.name,
        about=candidate.entry.url,
        title=candidate.entry.title,
        counts=counts,
        reason=reason,
        at=at or candidate.at,
        first_seen_at=candidate.entry.first_seen_at,
        held=tuple(item.label for item in items),
        where=tuple(str(where_now(candidate.entry, item) or "") for item in items),
        lacks=() if candidate.assessment.of_others else lacks,
        unread=candidate.assessment.unread and not candidate.assessment.of_others,
        unattributed=awaited,
        disputed=disputed,
    )


def _items(candidate: Candidate, criteria: CellCriteria) -> tuple[list[Item], tuple[str, ...]]:
    """The items that the entry holds, and the labels of those it should hold and does not."""
    pairs = list(zip(criteria.contents.items, candidate.assessment.held, strict=True))
    items = [item for item, found in pairs if found is not None]
    return items, tuple(item.label for item, found in pairs if found is None and not item.advisory)


def _published(requirement: Requirement, candidate: Candidate, occurrence: Occurrence, rank: int | None) -> str:
    """When it came out, by its own date and as it was seen, against the deadline."""
    zone, seen = requirement.dating.zone, candidate.entry.first_seen_at.astimezone(requirement.dating.zone)
    if candidate.claimed is None:
        when = f"页面未标日期，{day_zh(seen.date())}首次看到"
    else:
        day = moment_day(candidate.claimed, zone)
        days = dict.fromkeys(moment_day(claimed, zone) for claimed in (*candidate.before, candidate.claimed))
        when = f"{'先后' if len(days) > 1 else ''}标注{'、'.join(map(day_zh, days))}公开"
        if seen.date() != day:
            when += f"，{day_zh(seen.date())}首次看到"
    if candidate.entry.moved_to:
        when += f"，原地址已失效，同题同文现见于{candidate.entry.moved_to}"
    return f"{when}，{_against(requirement, candidate, occurrence, rank)}"


def _against(requirement: Requirement, candidate: Candidate, occurrence: Occurrence, rank: int | None) -> str:
    if occurrence.due_at is None:
        return "时限未定"
    due = due_zh(occurrence, requirement.dating.zone)
    if rank == LATE:
        return f"晚于截止时间{due}"
    if rank == DISPUTED and requirement.dating.first_seen(candidate.entry) < occurrence.due_at:
        return f"早于截止时间{due}，但部分内容在此后的检查中没有，截止后才首次看到"
    if rank == DISPUTED:
        return f"标注时间未超过截止时间{due}，但其后的完整检查中没有，公开日期存疑"
    return (
        "早于截止时间" if occurrence.due_at.astimezone(requirement.dating.zone).time() != time(0) else "未超过截止时间"
    )


def _grade(requirement: Requirement, candidate: Candidate, occurrence: Occurrence) -> tuple[int | None, datetime]:
    """How good the worst item is that it holds, None where no time limit runs; and the instant that it counts from."""
    if occurrence.due_at is None:
        return None, candidate.at
    grades = [requirement.grade(candidate, item) for item in candidate.assessment.held if item is not None] or [
        requirement.grade(candidate, HeldItem())
    ]
    return max(rank for rank, _ in grades), max(at for _, at in grades) if candidate.before else candidate.at


def _gone(requirement: Requirement, candidate: Candidate) -> str:
    since = candidate.entry.gone_at
    day = f"自{day_zh(since.astimezone(requirement.dating.zone).date())}起" if since else ""
    return f"曾公开，{day}该地址已{gone_zh(candidate.entry.gone_status)}"
