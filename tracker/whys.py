"""Why a date moved or a matter is no longer owed, as whoever was told of it reads it."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.core.occurrences import Occurrence
from tracker.store.occurrences import OccurrenceRow

#: Why what awaited an event is closed once it has come: what was asked for was done.
RECORDED = "起算事项已登记，改按登记的事项计算时限。"
#: Why a person gave more time: nothing is corrected then.
LONGER = ("经批准延期", "期限经批准延长")
STRAY = "现行规则已无此项任务或责任单位，本事项关闭。"


def why_moved(before: OccurrenceRow, row: OccurrenceRow) -> str:
    """What changed so that the due date is another one."""
    if before.provisional and not row.provisional:
        return "原时限按暂估的放假安排计算，现放假安排已公布"
    if before.calendar != row.calendar:
        return "工作日历已更新"
    if before.rulebook != row.rulebook:
        return "规则已修订"
    if "批准延期至" in row.derivation and row.due_on is not None and before.derivation != row.derivation:
        return LONGER[0]
    if "批准延期至" in before.derivation and "批准延期至" not in row.derivation:
        return "延期的决定已撤销"
    longer = "经批准延长" in row.derivation and "经批准延长" not in before.derivation
    return LONGER[1] if longer else "起算日期已更正"


def why_gone(row: OccurrenceRow, wanted: Iterable[Occurrence]) -> str:
    """Why nothing of the kind is owed any longer. `wanted`: what the duty gives now."""
    kind, _, name = row.label.partition(":")
    if kind == "awaiting" and any(one.event is not None and one.event.name == name for one in wanted):
        return RECORDED
    if kind == "event":
        return "起算事项已撤销或不再适用，本事项关闭。"
    return "规则或日历变更后不再产生此事项，本事项关闭。"
