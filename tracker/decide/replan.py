"""Plans the waiting notices anew after the working hours, the calendar or a policy changed.

A notice that nobody began to send leaves at the instant that the rules in force give for it, counted from when it was
decided. Whether it is still wanted is decided before (`core/escalation/decision.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tracker.core.escalation.notice_building import policy_for
from tracker.core.escalation.notice_kinds import rules_of
from tracker.core.escalation.notices import FLAG, NoticeKey
from tracker.core.escalation.office_time import OfficeTime
from tracker.core.escalation.policies import Policy
from tracker.core.escalation.steps import MOMENT, earliest_send_at
from tracker.core.law.wording import moment_zh
from tracker.decide.groups import DutyGroup
from tracker.store.engine import Tx
from tracker.store.journal import JournalEntry, append_entries
from tracker.store.notices import WaitingNotice, move_notice

#: Steps of notices about an occurrence that leave in working hours whatever its policy says.
_WITHOUT_POLICY = ("correction", "recorded", FLAG)
_NO_POLICY = Policy("")
_WEEK = timedelta(days=7)
_NAMED = 3  # in the log's line


@dataclass(frozen=True, slots=True)
class MovedNotice:
    """A notice that waits, with its instants before and after."""

    key: NoticeKey
    before: datetime
    after: datetime


@dataclass(frozen=True, slots=True)
class Replan:
    """What a change of the rules did to the waiting notices of a county; as text the log's line."""

    county: str
    moved: Sequence[MovedNotice]
    withdrawn: Sequence[NoticeKey]
    zone: ZoneInfo

    def __str__(self) -> str:
        if not self.moved and not self.withdrawn:
            return f"{self.county}: other rules, no waiting notice moved"
        names = [*_name_first(self.moved, self.zone), *(f"{_name(key)} withdrawn" for key in self.withdrawn[:_NAMED])]
        rest = len(self.moved) + len(self.withdrawn) - len(names)
        more = f"; and {rest} more" if rest else ""
        counts = f"{len(self.moved)} waiting notices moved, {len(self.withdrawn)} withdrawn"
        return f"{self.county}: other rules, {counts}: {'; '.join(names)}{more}"


class PlannedMove(NamedTuple):
    """A waiting notice with the instant at which it is to leave by the rules in force, another than its own."""

    notice: WaitingNotice
    at: datetime
    is_urgent: bool


def plan_moves(
    waiting: Iterable[WaitingNotice],
    groups: Mapping[str, DutyGroup],
    policies: Mapping[str, Policy],
    office: OfficeTime,
    now: datetime,
) -> Iterator[PlannedMove]:
    """Those of the waiting notices whose instant is another one by the rules in force. `groups`: by prefix."""
    for notice in waiting:
        group = groups.get(notice.key.subject.rpartition("/")[0] + "/")
        policy = _find_policy(notice, group, policies)
        at = plan_notice(notice, policy, office, now) if group is not None else _next_open(notice, office, now)
        if at != notice.not_before:
            yield PlannedMove(notice, at, policy.urgent)


def write_moves(tx: Tx, moves: Iterable[PlannedMove]) -> list[MovedNotice]:
    """Move the notices; returns those that moved. What is claimed or sent meanwhile stays as it is."""
    return [
        MovedNotice(move.notice.key, move.notice.not_before, move.at)
        for move in moves
        if move_notice(tx, move.notice.id, move.at, is_urgent=move.is_urgent)
    ]


def journal_moves(
    tx: Tx, county: str, moved: Iterable[MovedNotice], zone: ZoneInfo, now: datetime, who: str, cause: str
) -> None:
    """Journal what moved. `cause`: what changed (Chinese)."""
    append_entries(tx, county, [_build_entry(notice, zone, who, cause) for notice in moved], now)


def plan_notice(notice: WaitingNotice, policy: Policy, office: OfficeTime, now: datetime) -> datetime:
    """Return the instant at which a waiting notice may leave; its own where both that and the planned one have come.

    `policy`: as it holds for the notice's kind. A notice of a weekly batch keeps its week.
    """
    is_gathered = rules_of(notice.kind).next_morning and notice.not_before > notice.decided_at
    week = notice.not_before - _WEEK + MOMENT
    at = earliest_send_at(policy, week, notice.decided_at, office, next_morning=is_gathered)
    if at > now:
        return at
    if notice.not_before <= now:
        return notice.not_before
    return now if policy.urgent else office.next_opening(now)


def _next_open(notice: WaitingNotice, office: OfficeTime, now: datetime) -> datetime:
    """Return the instant of a notice that is about no duty (a report, a circular): its own, or the next opening."""
    is_fixed = notice.urgent or notice.not_before <= now
    return notice.not_before if is_fixed else office.next_opening(notice.not_before)


def _find_policy(notice: WaitingNotice, group: DutyGroup | None, policies: Mapping[str, Policy]) -> Policy:
    if group is None or notice.key.step in _WITHOUT_POLICY:
        return replace(_NO_POLICY, urgent=notice.urgent)
    return policy_for(policies[group.duty.escalation], notice.kind)


def _build_entry(notice: MovedNotice, zone: ZoneInfo, who: str, cause: str) -> JournalEntry:
    before, after = (at.astimezone(zone) for at in (notice.before, notice.after))
    key = notice.key
    about = {name: getattr(key, name) for name in ("due_revision", "episode", "step", "ordinal", "role", "channel")}
    reason = f"{cause}，待发通知的发出时间由{moment_zh(before)}改为{moment_zh(after)}。"
    return JournalEntry(
        who,
        "notice.moved",
        key.subject,
        {"not_before": before.isoformat()},
        {**about, "not_before": after.isoformat()},
        reason,
    )


def _name_first(moved: Sequence[MovedNotice], zone: ZoneInfo) -> Iterator[str]:
    for notice in moved[:_NAMED]:
        before, after = (at.astimezone(zone) for at in (notice.before, notice.after))
        yield f"{_name(notice.key)} from {before:%Y-%m-%d %H:%M} to {after:%Y-%m-%d %H:%M}"


def _name(key: NoticeKey) -> str:
    return f"{key.subject} {key.step} {key.role}"
