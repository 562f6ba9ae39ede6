"""Chinese reasons for changes: why a due date moved, why an occurrence is no longer owed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tracker.core.law.occurrences import Occurrence
from tracker.core.law.wording import day_zh, due_zh, period_zh
from tracker.core.values.verdicts import Verdict
from tracker.store.occurrences import OccurrenceRow

#: By these words the reason of a closed occurrence tells that the event it awaited was recorded.
RECORDED = "已登记，时限自该日起算"
#: Reasons by which a person gave more time: the earlier date was not wrong.
EXTENDED = ("经批准延期", "期限经批准延长")
#: Reasons by which a recorded fact moved the clock: the earlier date was right until then. Only who was told of a
#: missed limit hears of it; the next reminder brings the new date to the others.
CLOCK_MOVED = ("计时已中止", "时限已重新起算", "中止计时的期间不计入")
_STOPPED, _RESTARTED, _EXCLUDED = ("时限待定", "重新起算，", "中止计时不计入")
#: For the roles that got an escalation, where the due day is assumed, again or since the rules say so.
NOW_ASSUMED = "该时限现系参照时限（本县未采用，或采用已撤销），此前的上报和督办单不再作数；事项本身仍请按时公开。"
ORPHANED = "现行规则已无此项任务或责任单位，本事项关闭。"


def start_liability_at_entry(verdict: Verdict, row: OccurrenceRow, began_at: datetime, zone: ZoneInfo) -> Verdict:
    """Return the verdict with liability from the row's creation, if the occurrence was created after its due date.

    That is so where a rule was added later, or an event recorded late. Occurrences of the county's first pass
    (`began_at`) count from their due date.
    """
    is_late = row.due_at is not None and row.created_at > row.due_at and row.created_at > began_at
    if not is_late or (verdict.liable_from is not None and verdict.liable_from >= row.created_at):
        return verdict
    day = day_zh(row.created_at.astimezone(zone).date())
    reason = verdict.liability_reason or f"该事项于{day}列入督办，自该日起督办"
    return replace(verdict, liable_from=row.created_at, held_from=row.created_at, liability_reason=reason)


def start_liability_at_upgrade(
    verdict: Verdict, occurrence: Occurrence, before: OccurrenceRow | None, now: datetime, zone: ZoneInfo
) -> Verdict:
    """Return the verdict with liability from `now`, or from the instant that the row has of it, where the row says that
    the due day is ours although it was late by either reading of a day off.

    Versions up to 0.2.0 said so for ever (the row then waits for nothing at that instant); nobody is liable for a time
    in which the county itself took it for 参照时限.
    """
    late_at = occurrence.late_anyway_at
    if before is None or late_at is None or verdict.held_from != late_at or occurrence.is_weak_at(now):
        return verdict
    is_of_old = before.assumed and (before.next_at is None or before.next_at > late_at)
    since = now if is_of_old else before.since
    if since is None or since <= late_at:
        return verdict
    reason = f"该时限此前列为参照时限，自{day_zh(since.astimezone(zone).date())}起督办，此前不计逾期"
    return replace(
        verdict,
        liable_from=since if verdict.liable_from is None else max(since, verdict.liable_from),
        held_from=since,
        liability_reason=reason,
        reason=verdict.reason.replace(verdict.liability_reason, reason) if verdict.liability_reason else verdict.reason,
    )


def due_change_reason(before: OccurrenceRow, row: OccurrenceRow) -> str:
    """Return what moved the due date (Chinese)."""
    if before.provisional and not row.provisional:
        return "原时限按暂定的放假安排计算，现放假安排已公布"
    has_new_rules, has_new_calendar = before.rulebook != row.rulebook, before.calendar != row.calendar
    if has_new_rules or has_new_calendar:
        both = "规则或工作日历已修订"  # a version that counts otherwise stores both anew
        return both if has_new_rules and has_new_calendar else "规则已修订" if has_new_rules else "工作日历已更新"
    if "批准延期至" in row.derivation and row.due_on is not None and before.derivation != row.derivation:
        return EXTENDED[0]
    if "批准延期至" in before.derivation and "批准延期至" not in row.derivation:
        return "延期的决定已撤销"
    if "经批准延长" in row.derivation and "经批准延长" not in before.derivation:
        return EXTENDED[1]
    return _clock_reason(before.derivation, row.derivation) or "起算日期已更正"


def _clock_reason(before: str, after: str) -> str:
    """Return what moved the clock between two derivations; "" where nothing did, as where its event was corrected."""
    texts = zip(CLOCK_MOVED, (_STOPPED, _RESTARTED, _EXCLUDED), strict=True)
    moved = next((reason for reason, words in texts if words in after), "")
    if not moved and any(words in before for words in (_STOPPED, _RESTARTED, _EXCLUDED)):
        return "中止或重新起算的登记已撤销"
    return moved if _start_of(before) == _start_of(after) else ""


def _start_of(derivation: str) -> str:
    """Return the clause on the event that started the clock."""
    return derivation.partition("，")[0]


def closing_reason(row: OccurrenceRow, current: Iterable[Occurrence], met: Collection[str], zone: ZoneInfo) -> str:
    """Return why the occurrence is no longer owed (Chinese).

    `current`: the current occurrences of the duty; `met`: the keys of those that are met.
    """
    kind, _, name = row.label.partition(":")
    recorded = [occurrence for occurrence in current if occurrence.event is not None and occurrence.event.name == name]
    if kind == "awaiting" and recorded:
        last = max(recorded, key=lambda occurrence: occurrence.due_on or date.min)
        rest = "有关内容已查到公开" if last.key in met else "有关任务仍需按时完成"
        return f"{period_zh(last)}{RECORDED}，至{due_zh(last, zone)}；{rest}。"
    if kind == "event":
        return "时限起算依据已撤销或不再适用，本事项关闭。"
    return "规则或日历变更后不再产生此事项，本事项关闭。"
