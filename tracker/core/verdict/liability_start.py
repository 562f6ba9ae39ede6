"""Start of liability of an occurrence that nobody was liable for at its due date.

It was exempt or postponed, its deadline was our interpretation that the county had not adopted, or the county was not
live.

A department is not liable for the time in which a ruling, or the lack of one, let it wait.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tracker.core.law.assumed_rules import REST_DAYS
from tracker.core.law.counting import day_end, moment_day
from tracker.core.law.county import County, GoLive
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.wording import day_zh
from tracker.core.matching.filings import RELEASE_KINDS, EndedRuling, FilingIndex
from tracker.core.values.facts import Ruling


@dataclass(frozen=True, slots=True)
class LiabilityStart:
    """The instant from which an occurrence is escalated, if later than its due instant, and the reason (Chinese)."""

    at: datetime
    reason: str


def find_liability_start(
    occurrence: Occurrence, filings: FilingIndex, county: County, now: datetime
) -> LiabilityStart | None:
    """Return the latest start of liability up to `now`; None where nothing ever suspended the occurrence."""
    starts = [start for start in _find_starts(occurrence, filings, county) if start.at <= now]
    return max(starts, key=lambda start: start.at, default=None)


def _find_starts(occurrence: Occurrence, filings: FilingIndex, county: County) -> Iterator[LiabilityStart]:
    zone = county.zone
    if (by_golive := _start_by_golive(occurrence, county)) is not None:
        yield by_golive
    for ended in filings.ended_rulings(occurrence.key):
        if (start := _start_by_ended_ruling(occurrence, ended, zone)) is not None:
            yield start
    for start in (_start_by_adoption(occurrence, zone), _start_after_rest_days(occurrence, zone)):
        if start is not None:
            yield start


def find_held_from(occurrence: Occurrence, filings: FilingIndex, county: County, now: datetime) -> datetime | None:
    """Return the instant from which days late count, if later than the due instant; else None.

    Of the spans in which the county was live, the one that holds the due instant decides, else the next one. A county
    that pauses and goes live again does not change it.
    """
    by_rulings = (
        start
        for ended in filings.ended_rulings(occurrence.key)
        if (start := _start_by_ended_ruling(occurrence, ended, county.zone))
    )
    by_readings = (_start_by_adoption(occurrence, county.zone), _start_after_rest_days(occurrence, county.zone))
    instants = [start.at for start in (*by_rulings, *by_readings) if start is not None]
    instants += [at] if (at := _first_live_at(occurrence, county)) is not None else []
    due_at = occurrence.due_at
    return max((at for at in instants if at <= now and due_at is not None and at > due_at), default=None)


def _first_live_at(occurrence: Occurrence, county: County) -> datetime | None:
    """Return the begin of the first live span after the due instant; None where the county was live then."""
    due_at, due_on = occurrence.due_at, occurrence.due_on
    if due_at is None or (due_on is not None and due_on < county.start):
        return None
    span = next((span for span in county.live_spans if span.until is None or due_at < span.until), None)
    return _golive_instant(span, due_at) if span is not None and due_at < span.begins_at else None


def _golive_instant(live: GoLive, due_at: datetime) -> datetime:
    """Return when going live makes liable: when its day begins (`at`); for what fell due between that and the recording
    of the decision, when departments can be notified (`begins_at`)."""
    return live.at if due_at < live.at else live.begins_at


def _start_by_adoption(occurrence: Occurrence, zone: ZoneInfo) -> LiabilityStart | None:
    adoptions = [
        adoption
        for name, (_, adoption) in occurrence.assumptions.items()
        if adoption is not None and not (name == REST_DAYS and occurrence.late_anyway_at is not None)
    ]
    adoption, due_at = max(adoptions, key=lambda adoption: adoption.at, default=None), occurrence.due_at
    if adoption is None or due_at is None or adoption.at <= due_at:
        return None
    day = day_zh(moment_day(adoption.at, zone))
    return LiabilityStart(
        adoption.at, f"该时限原为参照时限，本县于{day}经{adoption.by}决定采用，自该日起督办，此前不计逾期"
    )


def _start_after_rest_days(occurrence: Occurrence, zone: ZoneInfo) -> LiabilityStart | None:
    at = occurrence.late_anyway_at
    if at is None:
        return None
    day = day_zh(moment_day(at, zone) - timedelta(days=1))
    return LiabilityStart(at, f"时限届满日系休息日，至次一工作日（{day}）届满仍未公开，自次日起督办，此前不计逾期")


def _start_by_golive(occurrence: Occurrence, county: County) -> LiabilityStart | None:
    """Return the day of going live as start for an occurrence that fell due before that day, and not before
    `county.start`, from which on occurrences bind."""
    live, due_at, due_on = county.golive, occurrence.due_at, occurrence.due_on
    if live is None or due_at is None or due_at >= live.begins_at or (due_on is not None and due_on < county.start):
        return None
    return LiabilityStart(_golive_instant(live, due_at), f"本县自{day_zh(live.on)}起正式督办，此前逾期的自该日起通知")


def _start_by_ended_ruling(occurrence: Occurrence, ended: EndedRuling, zone: ZoneInfo) -> LiabilityStart | None:
    ruling, revocation = ended.ruling, ended.revocation
    ends_at = day_end(ruling.until, zone) if ruling.until is not None else None
    if ruling.kind in RELEASE_KINDS:
        ended_text = "豁免" if ruling.kind == "waive" else "“不适用”的认定"
        if ends_at is not None and (revocation is None or ends_at <= revocation.recorded_at):
            assert ruling.until is not None
            return LiabilityStart(
                ends_at, f"此前的{ended_text}（经{ruling.by}决定）已于{day_zh(ruling.until)}期满，自次日起恢复督办"
            )
        return _start_by_revocation(f"此前的{ended_text}", revocation, zone) if revocation is not None else None
    if revocation is None or ruling.kind not in ("postpone", "extend", "uphold"):
        return None
    ended_text = {"postpone": "此前的延期", "extend": "此前的延长", "uphold": "此前“异议成立”的认定"}[ruling.kind]
    return _start_by_revocation(ended_text, revocation, zone)


def _start_by_revocation(revoked_text: str, revocation: Ruling, zone: ZoneInfo) -> LiabilityStart:
    day = day_zh(moment_day(revocation.recorded_at, zone))
    return LiabilityStart(
        revocation.recorded_at, f"{revoked_text}已于{day}经{revocation.by}撤销（{revocation.reason}），自该日起恢复督办"
    )
