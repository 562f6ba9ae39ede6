"""The scores of a county that lived through a quarter, against a second count in plain SQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
import sqlalchemy as sa

from tests.decide.relived import relive
from tests.decide.small_county import COUNTY, PACK, Small, at
from tests.entered import new_event
from tracker.core.assessment.scoring import score_departments
from tracker.core.values.facts import EventKey
from tracker.core.values.formulas import Deduction
from tracker.registers.events import correct_event, record_event, withdraw_event
from tracker.reports.scores import CountyScores, NoScoring, assess, list_wanted, period_of
from tracker.reports.snapshot import CountyReader, end_of

FORMULA = """
scoring:
  title: 亮灯计分
  full: 100
  deductions: [{for: overdue, points: 2}, {for: incomplete, points: 3}, {for: late, points: 1}]
  bonuses: [{event: commended, points: 5}]
  veto: [leak]
  grades: {优秀: 90, 不合格: 0}
"""
EVENTS = "events:\n  commended: {title: 通报表扬}\n  leak: {title: 泄密}"


async def lived(county: Small) -> None:
    """August's water is late and made good, the third quarter's insurance in part, one list of powers is missing."""
    await relive(county, "scored", _live)


async def _live(county: Small) -> None:
    county.reload(county=COUNTY + FORMULA, pack=PACK.replace("events:", EVENTS))
    site = county.site
    site.publish("environment", "6月份水环境质量状况", at("2015-07-08"))
    site.publish("environment", "7月份水环境质量状况", at("2015-09-10"))
    site.publish("environment", "8月份水环境质量状况", at("2015-09-20"))
    site.publish("insurance", "二季度社会保险情况", at("2015-09-29", "15:00"), "参保情况如下")
    site.publish("powers", "科技局权力清单", at("2015-09-25"))
    await county.live(date(2015, 8, 27), date(2015, 10, 16))


def assessed(county: Small, label: str, when: datetime | None = None) -> CountyScores:
    loaded = county.office.loaded
    with county.office.store.read() as tx:
        reader = CountyReader(loaded.rulebooks[0], loaded.calendar)
        return assess(tx, reader, label, when or county.clock.now)


def tell(county: Small, name: str, department: str, on: str) -> None:
    with county.office.store.begin() as tx:
        record_event(
            tx,
            county.office.loaded.rulebooks[0],
            new_event(
                name=name, department=department, occurred=date.fromisoformat(on), by="王敏", now=county.clock.now
            ),
        )


def marks(found: CountyScores) -> dict[str, tuple[int, float, str]]:
    return {one.department: (one.rank, one.total, one.grade) for one in found.scores}


async def test_a_quarter_is_scored_by_what_it_lacked(county: Small) -> None:
    await lived(county)
    found = assessed(county, "2015-Q3")
    assert found.title == "2015年第三季度"
    assert marks(found) == {"keji": (1, 100, "优秀"), "huanbao": (2, 97, "优秀"), "shebao": (2, 97, "优秀")}
    assert {loss.reason for one in found.scores for loss in one.losses} == {
        "水环境质量月报（2015年7月）：逾期后公开，扣1分",
        "行政权力清单：逾期未公开，扣2分",
        "社会保险情况（2015年第二季度）：公开不完整，扣3分",
    }


async def test_the_sums_agree_with_a_count_in_plain_sql(county: Small) -> None:
    await lived(county)
    points = {"overdue": 2, "incomplete": 3, "met-late": 1}
    count = sa.text(
        "SELECT department, status, count(*) FROM occurrences WHERE closed = :no AND due_on BETWEEN :first AND :last "
        "GROUP BY department, status"
    ).bindparams(sa.bindparam("first", type_=sa.Date), sa.bindparam("last", type_=sa.Date))
    with county.office.store.read() as tx:
        rows = tx.execute(count, {"no": False, "first": date(2015, 7, 1), "last": date(2015, 9, 30)})
        lost: dict[str, float] = {}
        for department, status, number in rows:
            lost[department] = lost.get(department, 0) + points.get(status, 0) * number
    found = assessed(county, "2015-Q3")
    assert {one.department: one.lost for one in found.scores} == {"keji": 0} | lost


@pytest.mark.parametrize("label", ["2015-09", "2015-Q3", "2015"])
async def test_what_is_read_for_a_period_gives_the_marks_that_everything_gives(county: Small, label: str) -> None:
    """Also of what is late again: its first time lies before the period."""
    await lived(county)
    (window, _), loaded = period_of(label), county.office.loaded
    reader = CountyReader(loaded.rulebooks[0], loaded.calendar)
    with county.office.store.read() as tx:
        scoring = assessed(county, label).scoring
        scoring = replace(scoring, deductions=(*scoring.deductions, Deduction("repeated", 4)))
        wants = (lambda _: list_wanted(scoring, window), None)
        reads = [reader.read(tx, county.clock.now, wanted=wanted) for wanted in wants]
    assert len(reads[0].lines) < len(reads[1].lines)
    departments = tuple(loaded.rulebooks[0].county.departments)
    part, whole = (score_departments(scoring, departments, read.lines, (), window.first, window.last) for read in reads)
    assert part == whole


async def test_for_a_past_day_the_marks_are_those_of_that_day(county: Small) -> None:
    await lived(county)
    rulebook = county.office.loaded.rulebooks[0]
    then = end_of(date(2015, 9, 8), rulebook)
    assert marks(assessed(county, "2015-08", then))["huanbao"] == (1, 98, "优秀")  # not yet made good
    before = assessed(county, "2015-08")
    assert marks(before)["huanbao"] == (1, 99, "优秀")
    county.clock.now = at("2015-10-17")
    tell(county, "commended", "huanbao", "2015-08-15")
    await county.turn()
    assert assessed(county, "2015-08", at("2015-10-16", "12:00")) == before
    assert marks(assessed(county, "2015-08"))["huanbao"] == (1, 104, "优秀")


async def test_one_leak_gives_nought(county: Small) -> None:
    await lived(county)
    tell(county, "leak", "keji", "2015-09-01")
    found = assessed(county, "2015-Q3")
    assert marks(found)["keji"] == (3, 0, "不合格")
    assert [award.title for one in found.scores for award in one.awards] == ["泄密"]


@pytest.mark.parametrize("label", ["2015-13", "2015-W10", "September", "2015-09-01"])
def test_what_is_no_period_is_refused(county: Small, label: str) -> None:
    county.reload(county=COUNTY + FORMULA, pack=PACK.replace("events:", EVENTS))
    with pytest.raises(NoScoring, match="is no period: write 2015-09, 2015-Q3, 2015-H2 or 2015"):
        assessed(county, label)


async def test_without_a_formula_nobody_is_scored(county: Small) -> None:
    await county.live(date(2015, 8, 27), date(2015, 8, 27))
    with pytest.raises(NoScoring, match="small has no formula"):
        assessed(county, "2015-08")


async def test_an_event_counts_as_it_was_known_on_the_day_asked_for(county: Small) -> None:
    """Praise recorded for August, moved to September later, then withdrawn: each past day keeps its own marks."""
    await lived(county)
    rulebook = county.office.loaded.rulebooks[0]
    tell(county, "commended", "huanbao", "2015-08-15")
    key = EventKey("commended", "huanbao", "2015-08-15")
    who = {"by": "王敏", "reason": "文号有误"}
    for day, correct in (("2015-10-18", True), ("2015-10-20", False)):
        county.clock.now = at(day)
        with county.office.store.begin() as tx:
            if correct:
                correct_event(tx, rulebook, key, occurred=date(2015, 9, 15), now=county.clock.now, **who)
            else:
                withdraw_event(tx, rulebook, key, now=county.clock.now, **who)
    won = {
        (day, label): sum(one.won for one in assessed(county, label, at(day, "23:00")).scores)
        for day in ("2015-10-15", "2015-10-17", "2015-10-19", "2015-10-21")
        for label in ("2015-08", "2015-09")
    }
    assert won == {
        ("2015-10-15", "2015-08"): 0, ("2015-10-15", "2015-09"): 0,
        ("2015-10-17", "2015-08"): 5, ("2015-10-17", "2015-09"): 0,
        ("2015-10-19", "2015-08"): 0, ("2015-10-19", "2015-09"): 5,
        ("2015-10-21", "2015-08"): 0, ("2015-10-21", "2015-09"): 0,
    }  # fmt: skip


async def test_a_past_day_is_scored_by_the_formula_of_that_day(county: Small) -> None:
    await lived(county)
    before = assessed(county, "2015-Q3")
    dearer = FORMULA.replace("points: 2", "points: 20").replace("亮灯计分", "新办法")
    county.reload(county=COUNTY + dearer, pack=PACK.replace("events:", EVENTS))
    await county.live(date(2015, 10, 17), date(2015, 10, 17))
    again = assessed(county, "2015-Q3", at("2015-10-16", "12:00"))
    # The acts of going live are in no rulebook that is kept.
    assert replace(again, snapshot=before.snapshot) == before
    now = assessed(county, "2015-Q3")
    assert (before.scoring.title, now.scoring.title) == ("亮灯计分", "新办法")
    assert marks(before)["huanbao"] == (2, 97, "优秀")
    assert marks(now)["huanbao"] == (3, 79, "不合格")
