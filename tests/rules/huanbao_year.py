"""The environment bureau's 2015, lived through under the shipped rules with the overdue report of each Monday."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from tests.rules.department_year import living
from tests.rules.huanbao_2015 import FIRST, LAST, ZONE, story
from tracker.reports.overdue import announce_overdue

#: The subjects of the weekly reports' notices.
REPORTS = "report:overdue:"


async def live_the_year(folder: Path, until: date = LAST) -> None:
    """Leaves the database in the folder as it stands at the end of the day."""
    with living("huanbao", story(), folder, FIRST, until) as year:
        office, monday = year.office, datetime(2015, 1, 5, 8, tzinfo=ZONE)
        async for now in year.run():
            while monday <= now:
                announce_overdue(office.store, office.loaded, now)
                monday += timedelta(days=7)
