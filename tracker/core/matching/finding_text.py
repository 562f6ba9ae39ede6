"""Writes findings of entries with their Chinese reasons: why an entry counts, or does not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from tracker.core.law.duties import Item, Source
from tracker.core.law.wording import day_zh, due_zh, quoted_zh
from tracker.core.matching.candidates import Candidate
from tracker.core.matching.contents import HeldItem, find_current_item
from tracker.core.matching.proof import DISPUTED, LATE, Requirement
from tracker.core.values.facts import Ruling
from tracker.core.values.verdicts import Finding, gone_zh

#: How the reason begins why an entry was not considered.
UNFIT_TITLE = "标题中没有"


def explain_allocated_entry(
    requirement: Requirement, candidate: Candidate, placement: str, ruling: Ruling | None, *, is_open: bool
) -> Finding:
    """Return the finding of an entry that was allocated to the occurrence.

    `is_open`: the cell is not proved, so the finding may await a person. `placement`: why the entry is allocated to it.
    """
    entry, assessment = candidate.entry, candidate.assessment
    held, missing = _split_items(requirement, candidate)
    if ruling is not None and ruling.kind == "reject":
        return build_entry_finding(requirement, candidate, f"经认定不予采信：{ruling.reason}")
    if assessment.refusal:
        return build_entry_finding(requirement, candidate, assessment.refusal)
    if assessment.open_question:
        is_awaiting = is_open and entry.gone_at is None and (assessment.is_relevant or assessment.is_unread)
        return build_entry_finding(requirement, candidate, assessment.open_question, is_awaiting=is_awaiting)
    if entry.gone_at is not None:
        reason = f"曾公开，其网页自{day_zh(requirement.context.day(entry.gone_at))}起{gone_zh(entry.gone_status)}"
        return build_entry_finding(requirement, candidate, reason)
    if assessment.is_unread and not held:
        return build_entry_finding(requirement, candidate, "文章或附件未能读取，尚不能判断")
    if not assessment.is_relevant:
        return build_entry_finding(requirement, candidate, f"未见{quoted_zh(missing)}")
    rank, at = _grade_worst_item(requirement, candidate)
    clauses = [placement, _publication_text(requirement, candidate, rank)]
    if missing and requirement.criteria.contents.mode != "kinds":
        unread_note = "（文章或附件未能读取）" if assessment.is_unread else ""
        clauses.append(f"其中未见{quoted_zh(missing)}{unread_note}")
    return build_entry_finding(
        requirement, candidate, "；".join(filter(None, clauses)), counts=True, is_disputed=rank == DISPUTED, at=at
    )


def build_entry_finding(
    requirement: Requirement,
    candidate: Candidate,
    reason: str,
    *,
    counts: bool = False,
    is_awaiting: bool = False,
    is_disputed: bool = False,
    at: datetime | None = None,
) -> Finding:
    """Return the finding of an entry; by default it was considered and does not count."""
    entry, assessment = candidate.entry, candidate.assessment
    held, missing = _split_items(requirement, candidate)
    return Finding(
        occurrence=requirement.key,
        cell=requirement.cell.name,
        about=entry.url,
        title=entry.title,
        counts=counts,
        reason=reason,
        at=at or candidate.at,
        first_seen_at=entry.first_seen_at,
        held=tuple(item.label for item in held),
        where=tuple(str(find_current_item(entry, item) or "") for item in held),
        lacks=() if assessment.belongs_to_others else missing,
        unread=assessment.is_unread and not assessment.belongs_to_others,
        awaits_person=is_awaiting,
        disputed=is_disputed,
    )


def ask_about_itemless(requirement: Requirement) -> str:
    """Return the question about matching entries that hold none of the required items (Chinese)."""
    labels = "、".join(requirement.required_labels)
    return f"未见所要求的任何一项内容（{labels}），待人工认定是否即为应公开的内容"


def explain_unfit_title(sources: Sequence[Source]) -> str:
    """Return why an entry of the column was not considered: its title fits no pattern (Chinese).

    The words of the pattern are named, unless it holds more than words: an office reads no patterns.
    """
    words = "|".join(dict.fromkeys(source.title for source in sources if source.title)).split("|")
    if not all(map(str.isalnum, words)):
        return f"{UNFIT_TITLE}该事项应有的字样"
    return f"{UNFIT_TITLE}{quoted_zh(words)}等字样" if len(words) > 1 else f"{UNFIT_TITLE}“{words[0]}”"


def _split_items(requirement: Requirement, candidate: Candidate) -> tuple[list[Item], tuple[str, ...]]:
    """Return the items that the entry holds, and the labels of the required ones that it lacks."""
    pairs = list(zip(requirement.criteria.contents.items, candidate.assessment.held_items, strict=True))
    items = [item for item, held in pairs if held is not None]
    return items, tuple(item.label for item, held in pairs if held is None and not item.advisory)


def _publication_text(requirement: Requirement, candidate: Candidate, rank: int) -> str:
    """Return when the entry was published, by its claimed date and its first sighting, against the deadline."""
    context, entry = requirement.context, candidate.entry
    first_seen_on = context.day(entry.first_seen_at)
    if entry.claimed is None:
        when = f"网页未标注日期，{day_zh(first_seen_on)}首次查到"
    else:
        days = dict.fromkeys(map(context.day, (*candidate.earlier_dates, entry.claimed)))
        when = f"{'先后' if len(days) > 1 else ''}标注{'、'.join(map(day_zh, days))}公开"
        if first_seen_on != context.day(entry.claimed):
            when += f"，{day_zh(first_seen_on)}首次查到"
    if entry.moved_to:
        when += f"，原网址已失效，现网址为{entry.moved_to}"
    return f"{when}，{_deadline_text(requirement, candidate, rank)}"


def _deadline_text(requirement: Requirement, candidate: Candidate, rank: int) -> str:
    context, due_at = requirement.context, requirement.due_at
    if due_at is None:
        return "时限未定"
    due = due_zh(requirement.occurrence, context.zone)
    if rank == LATE:
        return f"晚于时限{due}"
    if rank == DISPUTED and context.entries.first_seen(candidate.entry) < due_at:
        return f"早于时限{due}，但部分内容此后检查未查到，时限届满后首次查到"
    if rank == DISPUTED:
        return f"标注日期未超过时限{due}，但此后完整检查未查到，公开日期存疑"
    return "早于时限" if due_at.astimezone(context.zone).time() != time(0) else "未超过时限"


def _grade_worst_item(requirement: Requirement, candidate: Candidate) -> tuple[int, datetime]:
    """Return the rank of its worst item, and the instant from which the entry counts."""
    held_items = [item for item in candidate.assessment.held_items if item is not None] or [HeldItem()]
    grades = [requirement.grade_item(candidate, item) for item in held_items]
    is_renewed = requirement.due_at is not None and candidate.earlier_dates
    return max(rank for rank, _ in grades), max(at for _, at in grades) if is_renewed else candidate.at
