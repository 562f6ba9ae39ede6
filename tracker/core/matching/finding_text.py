"""The sentences of findings: why an entry or a paper counts for an occurrence, or why it does not."""

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
    occurrence: Occurrence, demand: Requirement, one: Candidate, why: str, ruling: Ruling | None, *, open_cell: bool
) -> Finding:
    """An entry of the occurrence's own pool. `open_cell`: the cell is not proved, so a person may be awaited."""
    held, lacks = _items(one, demand.view)
    waits = bool(one.look.unattributed) and (one.look.relevant or one.look.unread) and one.entry.gone_at is None
    if ruling is not None and ruling.kind == "reject":
        return not_counted(occurrence, demand, one, f"经认定不予采信：{ruling.reason}")
    if one.look.refusal:
        return not_counted(occurrence, demand, one, one.look.refusal)
    if one.look.unattributed:
        return _finding(occurrence.key, demand.view, one, one.look.unattributed, awaited=waits and open_cell)
    if one.entry.gone_at is not None:
        return _finding(occurrence.key, demand.view, one, _gone(demand, one))
    if one.look.unread and not held:
        return _finding(occurrence.key, demand.view, one, "文章或附件未能读取，尚不能判断")
    if not one.look.relevant:
        return _finding(occurrence.key, demand.view, one, f"未提到{'、'.join(lacks)}")
    rank, at = _grade(demand, one, occurrence)
    parts = [why, _published(demand, one, occurrence, rank)]
    if lacks and demand.view.contents.mode != "kinds":
        unread = "（文章或附件未能读取）" if one.look.unread else ""
        parts.append(f"其中未见{'、'.join(lacks)}{unread}")
    reason = "；".join(part for part in parts if part)
    return _finding(occurrence.key, demand.view, one, reason, counts=True, disputed=rank == DISPUTED, at=at)


def not_counted(occurrence: Occurrence, demand: Requirement, one: Candidate, reason: str) -> Finding:
    """An entry that was looked at and does not count."""
    return _finding(occurrence.key, demand.view, one, reason)


def holds_none(view: CellCriteria) -> str:
    """Why an entry that matches awaits a person: it holds none of what is required."""
    labels = "、".join(item.label for item in view.contents.items if not item.advisory)
    return f"未见所要求的任何一项内容（{labels}），待县政府办公室认定是否即为应公开的内容"


def title_unfit(sources: Sequence[Source]) -> str:
    """Why an entry of the column was passed over."""
    patterns = "”或“".join(dict.fromkeys(source.title for source in sources if source.title))
    return f"标题不符合“{patterns}”"


def _finding(
    occurrence: str,
    view: CellCriteria,
    one: Candidate,
    reason: str,
    *,
    counts: bool = False,
    awaited: bool = False,
    disputed: bool = False,
    at: datetime | None = None,
) -> Finding:
    held, lacks = _items(one, view)
    return Finding(
        occurrence=occurrence,
        cell=view.cell.name,
        about=one.entry.url,
        title=one.entry.title,
        counts=counts,
        reason=reason,
        at=at or one.at,
        first_seen_at=one.entry.first_seen_at,
        held=tuple(item.label for item in held),
        where=tuple(str(where_now(one.entry, item) or "") for item in held),
        lacks=() if one.look.of_others else lacks,
        unread=one.look.unread and not one.look.of_others,
        unattributed=awaited,
        disputed=disputed,
    )


def _items(one: Candidate, view: CellCriteria) -> tuple[list[Item], tuple[str, ...]]:
    """The items that the entry holds, and the labels of those it should hold and does not."""
    pairs = list(zip(view.contents.items, one.look.held, strict=True))
    held = [item for item, found in pairs if found is not None]
    return held, tuple(item.label for item, found in pairs if found is None and not item.advisory)


def _published(demand: Requirement, one: Candidate, occurrence: Occurrence, rank: int | None) -> str:
    """When it came out, by its own date and as it was seen, against the deadline."""
    zone, seen = demand.bench.zone, one.entry.first_seen_at.astimezone(demand.bench.zone)
    if one.claimed is None:
        when = f"页面未标日期，{day_zh(seen.date())}首次看到"
    else:
        day = moment_day(one.claimed, zone)
        days = dict.fromkeys(moment_day(claimed, zone) for claimed in (*one.before, one.claimed))
        when = f"{'先后' if len(days) > 1 else ''}标注{'、'.join(map(day_zh, days))}公开"
        if seen.date() != day:
            when += f"，{day_zh(seen.date())}首次看到"
    if one.entry.moved_to:
        when += f"，原地址已失效，同题同文现见于{one.entry.moved_to}"
    return f"{when}，{_against(demand, one, occurrence, rank)}"


def _against(demand: Requirement, one: Candidate, occurrence: Occurrence, rank: int | None) -> str:
    if occurrence.due_at is None:
        return "时限未定"
    due = due_zh(occurrence, demand.bench.zone)
    if rank == LATE:
        return f"晚于截止时间{due}"
    if rank == DISPUTED and demand.bench.first_seen(one.entry) < occurrence.due_at:
        return f"早于截止时间{due}，但部分内容在此后的检查中没有，截止后才首次看到"
    if rank == DISPUTED:
        return f"标注时间未超过截止时间{due}，但其后的完整检查中没有，公开日期存疑"
    return "早于截止时间" if occurrence.due_at.astimezone(demand.bench.zone).time() != time(0) else "未超过截止时间"


def _grade(demand: Requirement, one: Candidate, occurrence: Occurrence) -> tuple[int | None, datetime]:
    """How good the worst item is that it holds, None where no time limit runs; and the instant that it counts from."""
    if occurrence.due_at is None:
        return None, one.at
    grades = [demand.grade(one, held) for held in one.look.held if held is not None] or [demand.grade(one, HeldItem())]
    return max(rank for rank, _ in grades), max(at for _, at in grades) if one.before else one.at


def _gone(demand: Requirement, one: Candidate) -> str:
    since = one.entry.gone_at
    day = f"自{day_zh(since.astimezone(demand.bench.zone).date())}起" if since else ""
    return f"曾公开，{day}该地址已{gone_zh(one.entry.gone_status)}"
