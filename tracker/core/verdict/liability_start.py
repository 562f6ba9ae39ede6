"""Start of liability of an occurrence that was exempt, postponed, assumed or not live at its due date.

Nothing is held against a department for the time in which a decision, or the want of one, let it wait.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tracker.core.law.counting import day_end, moment_day
from tracker.core.law.duties import County, GoLive
from tracker.core.law.notice_fields import day_zh
from tracker.core.law.occurrences import Occurrence
from tracker.core.matching.filings import RELEASES, EndedRuling, FilingIndex
from tracker.core.values.facts import Ruling


@dataclass(frozen=True, slots=True)
class LiabilityStart:
    """From when what is past due is pressed, where that is later than its due instant; and the words for it."""

    at: datetime
    why: str


def liability_start(
    occurrence: Occurrence, papers: FilingIndex, county: County, now: datetime
) -> LiabilityStart | None:
    """The latest thing that put the occurrence back into force; None where nothing ever held it up."""
    starts = [start for start in _all(occurrence, papers, county) if start.at <= now]
    return max(starts, key=lambda start: start.at, default=None)


def _all(occurrence: Occurrence, papers: FilingIndex, county: County) -> Iterator[LiabilityStart]:
    zone = county.zone
    if (live := _live(occurrence, county)) is not None:
        yield live
    for ended in papers.ended(occurrence.key):
        if (start := _ended(occurrence, ended, zone)) is not None:
            yield start
    if (adopted := _adopted(occurrence, zone)) is not None:
        yield adopted


def held_from(occurrence: Occurrence, papers: FilingIndex, county: County, now: datetime) -> datetime | None:
    """From when it is held against the department, where that is later than due.

    That the county went live counts by the time in which the due instant lay, or else by the next one; what is decided
    later about going live changes nothing of it.
    """
    papers_ended = (each for ended in papers.ended(occurrence.key) if (each := _ended(occurrence, ended, county.zone)))
    instants = [each.at for each in (*papers_ended, _adopted(occurrence, county.zone)) if each is not None]
    instants += [at] if (at := _first_live(occurrence, county)) is not None else []
    due_at = occurrence.due_at
    return max((at for at in instants if at <= now and due_at is not None and at > due_at), default=None)


def _first_live(occurrence: Occurrence, county: County) -> datetime | None:
    """When the first time began for which the county was live after the due instant; None where it was live then."""
    spans = (*county.was_live, county.golive) if county.golive is not None else county.was_live
    due_at, due_on = occurrence.due_at, occurrence.due_on
    if due_at is None or (due_on is not None and due_on < county.start):
        return None
    span = next((span for span in spans if span.until is None or due_at < span.until), None)
    return _begins(span, due_at) if span is not None and due_at < span.begins_at else None


def _begins(live: GoLive, due_at: datetime) -> datetime:
    return live.at if due_at < live.at else live.begins_at


def _adopted(occurrence: Occurrence, zone: ZoneInfo) -> LiabilityStart | None:
    act, due_at = occurrence.deadline.adoption, occurrence.due_at
    if act is None or due_at is None or act.at <= due_at:
        return None
    day = day_zh(moment_day(act.at, zone))
    return LiabilityStart(act.at, f"该时限原为推定，本县于{day}经{act.by}决定采用，自该日起督办，此前不作逾期")


def _live(occurrence: Occurrence, county: County) -> LiabilityStart | None:
    """What fell due, since the county's start, before anybody could be told of it is pressed from the day on which the
    county went live."""
    live, due_at, due_on = county.golive, occurrence.due_at, occurrence.due_on
    if live is None or due_at is None or due_at >= live.begins_at or (due_on is not None and due_on < county.start):
        return None
    return LiabilityStart(_begins(live, due_at), f"本县自{day_zh(live.on)}起正式督办，此前逾期的自该日起通知")


def _ended(occurrence: Occurrence, ended: EndedRuling, zone: ZoneInfo) -> LiabilityStart | None:
    ruling, back = ended.ruling, ended.back
    ends = day_end(ruling.until, zone) if ruling.until is not None else None
    if ruling.kind in RELEASES:
        what = "豁免" if ruling.kind == "waive" else "不适用的认定"
        if ends is not None and (back is None or ends <= back.recorded_at):
            assert ruling.until is not None
            return LiabilityStart(
                ends, f"此前的{what}（经{ruling.by}决定）已于{day_zh(ruling.until)}期满，自次日起恢复督办"
            )
        return _taken_back(f"此前的{what}", back, zone) if back is not None else None
    if back is None or ruling.kind not in ("postpone", "extend", "uphold"):
        return None
    what = {"postpone": "此前的延期", "extend": "此前的延长", "uphold": "此前对申诉的支持"}[ruling.kind]
    return _taken_back(what, back, zone)


def _taken_back(what: str, back: Ruling, zone: ZoneInfo) -> LiabilityStart:
    day = day_zh(moment_day(back.recorded_at, zone))
    return LiabilityStart(back.recorded_at, f"{what}已于{day}经{back.by}撤销（{back.reason}），自该日起恢复督办")
