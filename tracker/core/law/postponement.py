"""Moves a due date to the later day that a person granted; the earlier one stays visible."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from tracker.core.law.counting import day_end, moment_day
from tracker.core.law.occurrences import Derivation, Occurrence
from tracker.core.law.wording import day_zh, due_zh
from tracker.core.values.facts import Ruling
from tracker.core.values.rulings import not_revoked

#: By this a stored derivation tells that the day was moved, and from which.
_ORIGINALLY = "原时限"
_ORIGINAL_DAY = re.compile(rf"{_ORIGINALLY}(\d+)年(\d+)月(\d+)日")


class Postponements:
    """The postponements of one duty of one department: for each occurrence the latest that is not revoked."""

    def __init__(self, rulings: Iterable[Ruling], zone: ZoneInfo) -> None:
        self._latest = {ruling.occurrence: ruling for ruling in not_revoked(rulings) if ruling.kind == "postpone"}
        self._moved: dict[str, tuple[Occurrence, Occurrence]] = {}  # before and after
        self._zone = zone

    def of(self, occurrences: tuple[Occurrence, ...]) -> tuple[Occurrence, ...]:
        """Return the occurrences with their postponed due dates; for the same occurrence always the same object."""
        return tuple(self._of(occurrence) for occurrence in occurrences) if self._latest else occurrences

    def _of(self, occurrence: Occurrence) -> Occurrence:
        ruling = self._latest.get(occurrence.key)
        if ruling is None:
            return occurrence
        before, moved = self._moved.get(occurrence.key, (None, occurrence))
        if before is not occurrence:
            moved = postponed(occurrence, ruling, self._zone)
            self._moved[occurrence.key] = occurrence, moved
        return moved


def postponed(occurrence: Occurrence, ruling: Ruling, zone: ZoneInfo) -> Occurrence:
    """Return the occurrence as the postponement leaves it.

    If the due date has moved past the granted day since then, because an event was corrected or an extension granted,
    the postponement changes nothing.
    """
    if ruling.until is None or occurrence.due_at is None:
        return occurrence
    at, day = day_end(ruling.until, zone), day_zh(moment_day(ruling.recorded_at, zone))
    asked = f"{ruling.asked_by}申请，" if ruling.asked_by else ""
    act = f"{asked}{day}经{ruling.by}批准延期至{day_zh(ruling.until)}（{ruling.reason}）"
    why = occurrence.derivation
    if at <= occurrence.due_at:
        return replace(occurrence, derivation=Derivation(f"{why.text}{act}，不晚于上述时限，不另延期。", why.short))
    text = f"{why.text}{_ORIGINALLY}{due_zh(occurrence, zone)}，{act}。"
    short = f"{why.short}，延期至{ruling.until.month}月{ruling.until.day}日"
    # More time, but none beyond the days off: in doubt for as long as without it.
    is_in_doubt = occurrence.late_anyway_at is not None and at < occurrence.late_anyway_at
    return replace(
        occurrence,
        due_on=ruling.until,
        due_at=at,
        derivation=Derivation(text, short),
        postponed_from=occurrence.due_at,
        rests_on=occurrence.rests_on if is_in_doubt else (),
        late_anyway_at=occurrence.late_anyway_at if is_in_doubt else None,
    )


def original_day(derivation: str) -> date | None:
    """Return the last day on time before a postponement, by the derivation of a due date; None where none moved it."""
    found = _ORIGINAL_DAY.search(derivation)
    return date(*map(int, found.groups())) if found else None
