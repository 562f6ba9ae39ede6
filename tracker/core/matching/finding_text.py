"""Writes findings of entries with their Chinese reasons: why an entry counts, or does not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from tracker.core.law.counting import moment_day
from tracker.core.law.duties import Item, Source
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.wording import day_zh, due_zh
from tracker.core.matching.candidates import CellCriteria
from tracker.core.matching.contents import HeldItem, find_current_item
from tracker.core.matching.proof import DISPUTED, LATE, Candidate, Requirement
from tracker.core.values.facts import Ruling
from tracker.core.values.verdicts import Finding, gone_zh


def entry_finding(
    occurrence: Occurrence,
    requirement: Requirement,
    candidate: Candidate,
    reason: str,
    ruling: Ruling | None,
    *,
    is_open: bool,
) -> Finding:
    """Return the finding of an entry that was allocated to the occurrence.

    `is_open`: the cell is not proved, so the finding may await a person. `reason`: why the entry is allocated to it.
    """
    held, missing = _split_items(candidate, requirement.criteria)
    is_awaiting = (
        bool(candidate.assessment.open_question)
        and (candidate.assessment.is_relevant or candidate.assessment.is_unread)
        and candidate.entry.gone_at is None
    )
    if ruling is not None and ruling.kind == "reject":
        return uncounted_finding(occurrence, requirement, candidate, f"经认定不予采信：{ruling.reason}")
    if candidate.assessment.refusal:
        return uncounted_finding(occurrence, requirement, candidate, candidate.assessment.refusal)
    if candidate.assessment.open_question:
        return _finding(
            occurrence.key,
            requirement.criteria,
            candidate,
            candidate.assessment.open_question,
            is_awaiting=is_awaiting and is_open,
        )
    if candidate.entry.gone_at is not None:
        return _finding(occurrence.key, requirement.criteria, candidate, _taken_down_text(requirement, candidate))
    if candidate.assessment.is_unread and not held:
        return _finding(occurrence.key, requirement.criteria, candidate, "文章或附件未能读取，尚不能判断")
    if not candidate.assessment.is_relevant:
        return _finding(occurrence.key, requirement.criteria, candidate, f"未提到{'、'.join(missing)}")
    rank, at = _grade_worst_item(requirement, candidate, occurrence)
    clauses = [reason, _publication_text(requirement, candidate, occurrence, rank)]
    if missing and requirement.criteria.contents.mode != "kinds":
        unread_note = "（文章或附件未能读取）" if candidate.assessment.is_unread else ""
        clauses.append(f"其中未见{'、'.join(missing)}{unread_note}")
    reason = "；".join(clause for clause in clauses if clause)
    return _finding(
        occurrence.key, requirement.criteria, candidate, reason, counts=True, disputed=rank == DISPUTED, at=at
    )


def uncounted_finding(occurrence: Occurrence, requirement: Requirement, candidate: Candidate, reason: str) -> Finding:
    """Return the finding of an entry that was considered and does not count."""
    return _finding(occurrence.key, requirement.criteria, candidate, reason)


def no_items_reason(criteria: CellCriteria) -> str:
    """Return why a matching entry awaits a person: it holds none of the required items."""
    labels = "、".join(item.label for item in criteria.contents.items if not item.advisory)
    return f"未见所要求的任何一项内容（{labels}），待县政府办公室认定是否即为应公开的内容"


def unfit_title_reason(sources: Sequence[Source]) -> str:
    """Return why an entry of the column was not considered: its title fits no pattern."""
    patterns = "”或“".join(dict.fromkeys(source.title for source in sources if source.title))
    return f"标题不符合“{patterns}”"


def _finding(
    occurrence: str,
    criteria: CellCriteria,
    candidate: Candidate,
    reason: str,
    *,
    counts: bool = False,
    is_awaiting: bool = False,
    disputed: bool = False,
    at: datetime | None = None,
) -> Finding:
    held, missing = _split_items(candidate, criteria)
    return Finding(
        occurrence=occurrence,
        cell=criteria.cell.name,
        about=candidate.entry.url,
        title=candidate.entry.title,
        counts=counts,
        reason=reason,
        at=at or candidate.at,
        first_seen_at=candidate.entry.first_seen_at,
        held=tuple(item.label for item in held),
        where=tuple(str(find_current_item(candidate.entry, item) or "") for item in held),
        lacks=() if candidate.assessment.belongs_to_others else missing,
        unread=candidate.assessment.is_unread and not candidate.assessment.belongs_to_others,
        unattributed=is_awaiting,
        disputed=disputed,
    )


def _split_items(candidate: Candidate, criteria: CellCriteria) -> tuple[list[Item], tuple[str, ...]]:
    """Return the items that the entry holds, and the labels of the required ones that it lacks."""
    pairs = list(zip(criteria.contents.items, candidate.assessment.held_items, strict=True))
    items = [item for item, held in pairs if held is not None]
    return items, tuple(item.label for item, held in pairs if held is None and not item.advisory)


def _publication_text(requirement: Requirement, candidate: Candidate, occurrence: Occurrence, rank: int | None) -> str:
    """Return when the entry was published, by its claimed date and its first sighting, against the deadline."""
    zone, seen = requirement.dating.zone, candidate.entry.first_seen_at.astimezone(requirement.dating.zone)
    if candidate.claimed is None:
        when = f"页面未标日期，{day_zh(seen.date())}首次看到"
    else:
        day = moment_day(candidate.claimed, zone)
        days = dict.fromkeys(moment_day(claimed, zone) for claimed in (*candidate.earlier_dates, candidate.claimed))
        when = f"{'先后' if len(days) > 1 else ''}标注{'、'.join(map(day_zh, days))}公开"
        if seen.date() != day:
            when += f"，{day_zh(seen.date())}首次看到"
    if candidate.entry.moved_to:
        when += f"，原地址已失效，同题同文现见于{candidate.entry.moved_to}"
    return f"{when}，{_deadline_text(requirement, candidate, occurrence, rank)}"


def _deadline_text(requirement: Requirement, candidate: Candidate, occurrence: Occurrence, rank: int | None) -> str:
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


def _grade_worst_item(
    requirement: Requirement, candidate: Candidate, occurrence: Occurrence
) -> tuple[int | None, datetime]:
    """Return the rank of its worst item, None without a deadline, and the instant from which the entry counts."""
    if occurrence.due_at is None:
        return None, candidate.at
    grades = [
        requirement.grade_item(candidate, item) for item in candidate.assessment.held_items if item is not None
    ] or [requirement.grade_item(candidate, HeldItem())]
    return max(rank for rank, _ in grades), max(at for _, at in grades) if candidate.earlier_dates else candidate.at


def _taken_down_text(requirement: Requirement, candidate: Candidate) -> str:
    since = candidate.entry.gone_at
    day = f"自{day_zh(since.astimezone(requirement.dating.zone).date())}起" if since else ""
    return f"曾公开，{day}该地址已{gone_zh(candidate.entry.gone_status)}"
