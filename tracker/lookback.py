"""How far back a crawl has to read, and which articles it asks for again: what is open decides.

The crawl itself knows nothing of duties; this is where its parameters come from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tracker.core.duties import By, Every, Within
from tracker.core.occurrences import Occurrence
from tracker.core.verdicts import Status
from tracker.deciding.groups import Group
from tracker.deciding.memory import Memory

_DONE = {Status.MET, Status.MET_LATE, Status.NOT_APPLICABLE, Status.WAIVED, Status.CLOSED}


@dataclass(frozen=True, slots=True)
class LookBack:
    """By column: the first day that matters. `reread`: articles that may yet gain what is missing, or of which
    somebody says that they hold it."""

    since: Mapping[str, date] = field(default_factory=dict)
    reread: frozenset[str] = frozenset()


def look_back(memory: Memory, now: datetime, slack: timedelta) -> LookBack:
    """What the unproved occurrences need to see. `slack`: days before the oldest open window."""
    today = now.astimezone(memory.rulebook.county.zone).date()
    since = dict.fromkeys(memory.rulebook.county.columns, today - slack)
    reread: set[str] = set()
    for group in memory.groups.values():
        if not group.columns:
            continue
        open_ones = [one for one in memory.occurrences(group) if _unproved(group, one, today)]
        for one in open_ones:
            first = _first_day(one, slack)
            for column in group.columns:
                since[column] = min(since[column], first)
        claimed = (answer for one in open_ones for answer in memory.answers.get(one.key, ()))
        reread |= {answer.text.partition("\n")[0] for answer in claimed if answer.kind == "published"}
        if any(_half_done(group, one) for one in open_ones):
            reread |= memory.addresses(group) if group.wanting is None else group.wanting
    return LookBack(since, frozenset(reread))


def _unproved(group: Group, one: Occurrence, today: date) -> bool:
    row = group.rows.get(one.key)
    begins = one.window.first if one.window else one.opens_on
    return (row is None or row.status not in _DONE) and (begins is None or begins <= today)


def _half_done(group: Group, one: Occurrence) -> bool:
    """Past due with something seen: an item added to an old article may complete it."""
    row = group.rows.get(one.key)
    return row is not None and row.status in (Status.INCOMPLETE, Status.UNVERIFIABLE)


def _first_day(one: Occurrence, slack: timedelta) -> date:
    """The first day on which a proof may have come out."""
    deadline = one.deadline
    if isinstance(deadline, By) or one.opens_on is None:
        return date.min  # a standing thing may be of any age
    if isinstance(deadline, Every) and one.window is not None:
        length = one.window.last - one.window.first + timedelta(days=1)
        back = length if deadline.about == "previous" else timedelta()
        return one.window.first - back - slack
    return one.opens_on - max(slack, timedelta(days=deadline.slack if isinstance(deadline, Within) else 0))
