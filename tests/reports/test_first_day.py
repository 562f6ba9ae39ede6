"""What falls due on the county's very first day is held against a department; what fell due the day before is not."""

from __future__ import annotations

import io
import shutil
from datetime import date

import pytest
import python_calamine

from notifications.ledger import HEADS
from tests.decide.small_county import COUNTY, Small, at
from tests.reports.criticised import CIRCULAR, PACKS
from tracker.registers.errors import RegisterError
from tracker.reports.circulars.lifecycle import Circulars
from tracker.reports.ledger import LedgerQuery, write_ledger
from tracker.reports.overdue import overdue_at
from tracker.reports.scores import assess
from tracker.reports.snapshot import CountyReader

WATER = "small/small/water/huanbao/2015-07"  # due on 31 July; nobody publishes it
FORMULA = "scoring: {title: 亮灯计分, full: 100, deductions: [{for: overdue, points: 2}], grades: {合格: 0}}\n"
JULY = "2015-07"


async def supervised_from(county: Small, start: str, *, last: date = date(2015, 8, 12)) -> None:
    """The small county, supervised from that day on, until 12 August."""
    shutil.copy(PACKS / "rectification.yaml", county.root / "rules" / "packs")
    rules = COUNTY.replace("packs: [small]", "packs: [small, rectification]") + CIRCULAR + FORMULA
    assert "start: 2015-07-01" in rules
    county.reload(county=rules.replace("start: 2015-07-01", f"start: {start}"))
    await county.live(date(2015, 7, 31), last)
    county.clock.now = at(last.isoformat(), "14:00")


def told(county: Small) -> list[str]:
    """`kind of matter, step, role` of what was told of what fell due on 31 July."""
    return [line.split(" ", 2)[2] for line in county.notices() if "2015-07 " in line or "awaiting" in line]


EACH_DAY = pytest.mark.parametrize(
    ("start", "counts"), [("2015-07-31", True), ("2015-08-01", False)], ids=["due on the first day", "due before it"]
)


@EACH_DAY
async def test_it_is_pressed(county: Small, start: str, counts: bool) -> None:
    await supervised_from(county, start, last=date(2015, 8, 3))
    lines = told(county)
    assert ("water/huanbao/2015-07 overdue liaison sent" in lines) is counts
    # The record of a budget was expected by 31 July.
    assert ("budget/keji/awaiting:budget-approved record liaison sent" in lines) is counts
    assert bool(lines) is counts
    row = county.rows()["water/huanbao/2015-07"]
    assert row.status == "overdue"  # it is shown as it is


@EACH_DAY
async def test_it_is_in_the_overdue_report_and_the_ledger(county: Small, start: str, counts: bool) -> None:
    await supervised_from(county, start, last=date(2015, 8, 3))
    loaded, held = county.office.loaded, io.BytesIO()
    rulebook = loaded.rulebooks[0]
    with county.office.store.read() as tx:
        reader = CountyReader(rulebook, loaded.calendar)
        report = overdue_at(tx, reader, "small", county.clock.now)
        write_ledger(tx, reader, rulebook, county.clock.now, LedgerQuery(), held)
    assert report["totals"]["overdue"] == counts
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(held.getvalue())).get_sheet_by_name("台账")
    keys = [row[HEADS.index("事项编号")] for row in sheet.to_python()[2:]]
    assert (WATER in keys) is counts


@EACH_DAY
async def test_it_is_scored(county: Small, start: str, counts: bool) -> None:
    await supervised_from(county, start, last=date(2015, 8, 3))
    loaded = county.office.loaded
    with county.office.store.read() as tx:
        found = assess(tx, CountyReader(loaded.rulebooks[0], loaded.calendar), JULY, county.clock.now)
    lost = {one.department: one.lost for one in found.scores}
    assert lost == {"huanbao": 2 if counts else 0, "shebao": 0, "keji": 0}
    assert {one.department: one.due for one in found.scores}["huanbao"] == counts


@pytest.mark.sampled(2)
@EACH_DAY
async def test_it_is_criticised(county: Small, start: str, counts: bool) -> None:
    """A month that ended before the start has no circular, and none is drafted for it by itself."""
    await supervised_from(county, start)
    with county.office.store.begin() as tx:
        circulars = Circulars(tx, county.office.loaded, county.office.loaded.rulebooks[0], county.clock.now)
        if counts:
            row = circulars.draft(JULY, "王敏")
            assert row.values["named"] == 1
        else:
            with pytest.raises(RegisterError, match="there is no circular of 2015-07"):
                circulars.draft(JULY, "王敏")


@pytest.mark.nightly
@EACH_DAY
async def test_its_month_is_drafted_by_itself(county: Small, start: str, counts: bool) -> None:
    await supervised_from(county, start, last=date(2015, 8, 3))
    assert county.office.draft_circulars() == counts


@pytest.mark.parametrize(("hour", "ended"), [("2015-07-31T23:59", False), ("2015-08-01T00:00", True)])
async def test_a_month_has_ended_when_its_last_day_has(county: Small, hour: str, ended: bool) -> None:
    await supervised_from(county, "2015-07-01", last=date(2015, 7, 31))
    county.clock.now = at(*hour.split("T"))
    with county.office.store.begin() as tx:
        circulars = Circulars(tx, county.office.loaded, county.office.loaded.rulebooks[0], county.clock.now)
        if ended:
            assert circulars.draft(JULY, "王敏").values["named"] == 0
        else:
            with pytest.raises(RegisterError, match="has not ended"):
                circulars.draft(JULY, "王敏")
