"""Says what keeps a circular from naming a matter that only a site shows: no second look, or something that it found.

A circular accuses in public, so that what a second look found holds it back until a person has decided about it; a
step of a policy is held back for a working day alone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, tzinfo

from tracker.core.law.counting import day_start
from tracker.core.law.wording import day_zh
from tracker.core.law.workdays import Calendar
from tracker.core.values.second_looks import SecondLook


def find_look_since(today: date, days: int, due_at: datetime | None, calendar: Calendar, zone: tzinfo) -> datetime:
    """Return the first instant at which a look serves a circular of `today`: the beginning of the `days`-th working day
    before, and never before the due instant."""
    since = day_start(calendar.add_workdays(today, -days), zone)
    return since if due_at is None else max(since, due_at)


def explain_unlooked(looks: Sequence[SecondLook], since: datetime, refused: Collection[str], zone: tzinfo) -> str:
    """Return why the matter is to be looked at again first (Chinese), or "".

    `looks`: those for it; `refused`: the addresses that a person decided not to be what it asks for.
    """
    last = max(looks, key=lambda look: (look.began_at, look.id), default=None)
    if last is None:
        return "尚未再次查看网站，须先再次查看，暂不通报"
    if last.began_at < since:
        return f"最近一次再次查看是{day_zh(last.began_at.astimezone(zone).date())}，须先再次查看，暂不通报"
    open_hits = [hit for hit in last.hits if hit.url not in refused]
    found = "、".join(f"《{hit.title}》（{hit.url}）" for hit in open_hits)
    return f"再次查看时查到标题相符的{found}，尚待判定，暂不通报" if open_hits else ""
