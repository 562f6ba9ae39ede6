"""Every weekly report of a department's year, computed anew after its end: the same as the copy that was sent."""

from __future__ import annotations

import json
from datetime import date

from tests.rules.department_year import only_of
from tests.rules.huanbao_2015 import FIRST, LAST
from tests.rules.huanbao_year import REPORTS
from tracker.reports.overdue import ONLY_SENT, overdue_at
from tracker.reports.snapshot import CountyReader
from tracker.store.engine import Store
from tracker.store.notices import list_notices


def test_every_report_of_the_year_is_given_again_as_it_was_sent(year: Store, until: date) -> None:
    loaded = only_of("huanbao")
    reader = CountyReader(loaded.rulebooks[0], loaded.calendar)
    with year.read() as tx:
        reports = [notice for notice in list_notices(tx, "sample") if notice["subject"].startswith(REPORTS)]
        assert len(reports) >= (until - FIRST).days // 7
        late = 0
        for report in reports:
            computed = json.loads(json.dumps(overdue_at(tx, reader, "sample", report["decided_at"])))
            copy = {name: value for name, value in report["detail"].items() if name not in ONLY_SENT}
            assert computed == copy, report["subject"]
            late += copy["totals"]["late"]
    assert late > (50 if until == LAST else 2)
