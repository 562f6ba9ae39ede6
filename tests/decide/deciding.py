"""What people decide in the small county, judged at once as the commands do it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from tests.decide.small_county import PACK, Small
from tests.entered import do_decide, do_object
from tracker.decide.run import judge_new_facts
from tracker.registers.errors import Registered
from tracker.store.counties import lock_county
from tracker.store.notices import list_notices
from tracker.store.occurrences import OccurrenceRow

WATER = "small/small/water/huanbao/2015-07"
#: Water's month is an assumed reading that the county has not adopted.
ASSUMED = PACK.replace(
    "duties:\n", "readings:\n  monthly: {deadline: {every: month, about: previous}, assumed: true}\nduties:\n", 1
).replace("    deadline: {every: month, about: previous}", "    deadline: monthly", 1)
WHO = {"by": "李主任", "reason": "经核实"}


def enter(
    county: Small, deed: Callable[..., Registered[Any]], **given: Any
) -> tuple[Registered[Any], dict[str, OccurrenceRow]]:
    """The deed, and the rows that became other ones by it, in one transaction."""
    loaded, now = county.office.loaded, county.clock.now
    (rulebook,) = loaded.rulebooks
    with county.office.store.begin() as tx:
        since = lock_county(tx, "small").seq
        done = deed(tx, rulebook, now=now, **{**WHO, **given})
        return done, judge_new_facts(tx, loaded, rulebook, since, now)


def waive(county: Small, **given: Any) -> dict[str, OccurrenceRow]:
    asked = {"occurrence": WATER, "ground": "secret", "basis": "条例第八条", "asked_by": "王敏"}
    return enter(county, do_decide, kind="waive", **{**asked, **given})[1]


def postpone(county: Small, to: str, **given: Any) -> dict[str, OccurrenceRow]:
    asked = {"occurrence": WATER, "to": date.fromisoformat(to), "asked_by": "王敏", **given}
    return enter(county, do_decide, kind="postpone", **asked)[1]


def exempt(county: Small, occurrence: str, **given: Any) -> dict[str, OccurrenceRow]:
    return enter(county, do_decide, kind="not-applicable", occurrence=occurrence, basis="三定方案", **given)[1]


def revoke(county: Small, number: int) -> dict[str, OccurrenceRow]:
    return enter(county, do_decide, kind="revoke", number=number, reason="情况有变")[1]


def file_objection(county: Small, **given: Any) -> tuple[int, dict[str, OccurrenceRow]]:
    loaded = county.office.loaded
    asked = {"occurrence": WATER, "target": "https://x/1", "by": "王敏", "window": loaded.schedule.objections}
    done, rows = enter(county, do_object, calendar=loaded.calendar, **{**asked, **given})
    return done.value.id, rows


def decide_objection(county: Small, number: int, *, upheld: bool) -> dict[str, OccurrenceRow]:
    return enter(county, do_decide, kind="uphold" if upheld else "dismiss", number=number)[1]


def sent_notices(county: Small, subject: str = WATER) -> list[str]:
    """`DAY step role` of what was sent about it, in the order of decision."""
    with county.office.store.read() as tx:
        found = list_notices(tx, "small", subject)
    return [f"{one['not_before']:%m-%d} {one['step']} {one['role']}" for one in found if one["state"] == "sent"]
