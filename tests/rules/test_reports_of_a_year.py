"""Every weekly report of a department's year, computed anew after its end: the same as the copy that was sent."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

from department_year import living
from huanbao_2015 import FIRST, LAST, ZONE, story

from tracker.reports.overdue import ONLY_SENT, announce_overdue, overdue_at
from tracker.reports.reading import Reader
from tracker.store.notices import list_notices


async def test_every_report_of_the_year_is_given_again_as_it_was_sent(tmp_path: Path) -> None:
    with living("huanbao", story(), tmp_path, FIRST, LAST) as year:
        office, monday = year.office, datetime(2015, 1, 5, 8, tzinfo=ZONE)
        async for now in year.run():
            while monday <= now:
                announce_overdue(office.store, office.loaded, now)
                monday += timedelta(days=7)
        reader = Reader(office.loaded.rulebooks[0], office.loaded.calendar)
        with office.store.read() as tx:
            told = [one for one in list_notices(tx, "sample") if one["subject"].startswith("report:overdue:")]
            assert len(told) > 50
            late = 0
            for one in told:
                found = json.loads(json.dumps(overdue_at(tx, reader, "sample", one["decided_at"])))
                copy = {name: value for name, value in one["detail"].items() if name not in ONLY_SENT}
                assert found == copy, one["subject"]
                late += copy["totals"]["late"]
        assert late > 50
