"""A year of invented requests, entered by their moves, read back as the national table beside independent sums."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime

import pytest
import sqlalchemy as sa

from tests.core.requests.test_national_table import numbers, summed
from tests.core.requests.test_yearly_analysis import ASKED, OPEN
from tests.invented_requests import invent
from tests.registers.request_office import CALENDAR, RULES, ZONE
from tests.reports.entered_year import NOW, enter_year
from tracker.core.requests.counted import count_request
from tracker.core.requests.national_form import COLUMNS
from tracker.core.requests.national_table import table_of
from tracker.core.requests.yearly_analysis import analyse
from tracker.reports.pictures.bars import Bar, bars, bars_in_parts
from tracker.reports.pictures.drawing import Rectangle
from tracker.reports.request_analysis import analysis_paper, charts
from tracker.reports.request_statistics import RequestStatistics, read_statistics
from tracker.store.counties import ensure_county
from tracker.store.engine import Store
from tracker.store.request_years import count_remarks_in, load_counted
from tracker.store.requests import list_moves_of, list_requests

DEPARTMENTS = ("guotu", "huanbao")
INVENTED = invent(7, 200, DEPARTMENTS)
#: The numbers by applicant, by hand-written SQL over what the register stored. %s: the year.
NEW_SQL = "SELECT applicant_kind, count(*) FROM requests WHERE received LIKE '{year}-%' GROUP BY 1"
DONE_SQL = """
SELECT applicant_kind, count(*) FROM requests r WHERE EXISTS (
  SELECT 1 FROM request_moves m WHERE m.request = r.id AND m.kind IN ('answer', 'abandon', 'withdraw')
  GROUP BY m.request HAVING min(m."on") LIKE '{year}-%') GROUP BY 1
"""


@pytest.mark.nightly
@pytest.mark.parametrize("count", [60, pytest.param(200, marks=pytest.mark.nightly)])
def test_a_year_of_requests_adds_up_and_equals_an_independent_sum(store: Store, count: int) -> None:
    invented = INVENTED[:: len(INVENTED) // count]
    with store.begin() as tx:
        ensure_county(tx, "sample")
        requests = enter_year(tx, RULES, invented)
    assert len(requests) >= count
    with store.read() as tx:
        for year in (2024, 2025, 2026):
            table = read_statistics(tx, RULES, CALENDAR, year, NOW.date()).table
            assert numbers(table) == summed(invented, year)
            assert table.faults == ()
            for line, query in (("1", NEW_SQL), ("3.7", DONE_SQL)):
                by_sql = {row[0]: row[1] for row in tx.execute(sa.text(query.format(year=year)))}
                assert {column: table.count(line, column) for column in COLUMNS if table.count(line, column)} == (
                    by_sql | ({"total": sum(by_sql.values())} if by_sql else {})
                )
        of_one = [each for each in invented if each.department == "guotu"]
        table = read_statistics(tx, RULES, CALENDAR, 2025, NOW.date(), "guotu").table
        assert numbers(table) == summed(of_one, 2025)
        assert {request.department for request in table.requests.values()} == {"guotu"}
        moves = list_moves_of(tx, [request.id for request in list_requests(tx, "sample")])
        by_moves = {
            request.reference: count_request(request, moves[request.id], ZONE)
            for request in list_requests(tx, "sample")
        }
        by_rows = {counted.reference: counted for counted in load_counted(tx, "sample", ZONE, 2025)}
        assert len(by_rows) > count * 3 / 4
        assert by_rows == {reference: by_moves[reference] for reference in by_rows}
        assert Counter(request.received.year for request in by_moves.values())[2025] > count / 2
        assert date(2025, 1, 1) > min(request.received for request in by_moves.values())


def test_bars_of_many_departments_stand_on_several_pages_in_one_scale() -> None:
    rows = [Bar(f"单位{number}", (number, number // 10)) for number in range(60)]
    whole, parts = bars(rows, ("答复", "其中逾期"), "各单位"), bars_in_parts(rows, ("答复", "其中逾期"))
    assert len(parts) == 4
    for drawing in parts:
        assert drawing.height / drawing.width < 225 / 156 - 0.25  # below the title of a page of 156 by 225 mm
    lengths = [
        shape.width for part in parts for shape in part.shapes if isinstance(shape, Rectangle) and shape.x == 162
    ]
    told = [shape.width for shape in whole.shapes if isinstance(shape, Rectangle) and shape.x == 162]
    assert sorted(set(lengths)) == sorted(set(told))
    assert "单位59答复59件、其中逾期5件" in whole.alt


def test_the_analysis_names_what_is_overdue_and_counts_what_was_unlawful() -> None:
    late = replace(OPEN, owner="guotu")
    due = {ASKED.reference: date(2025, 10, 10), late.reference: date(2025, 10, 24)}
    table, today = table_of(2025, [ASKED, late]), date(2025, 11, 3)
    remarks = {"late": 2, "contrary": 1}
    statistics = RequestStatistics(RULES, 2025, today, "", table, analyse(table, due, CALENDAR, today), remarks)
    words = "".join(paragraph.text for paragraph in analysis_paper(statistics, painted=False).body)
    assert "截至11月3日，逾期未答复1件（2025-guotu-3）。" in words
    assert "按时答复率50.0%（逾期未答复的计入分母）" in words
    assert "不合规定的3处：逾期办理2处、违反规定办理1处。" in words
    chart = list(charts(statistics))[-1]
    assert (chart.names, [row.counts for row in chart.rows]) == (("答复和逾期未答复", "其中逾期"), [(2, 1)])


@pytest.mark.nightly
def test_unlawful_steps_are_counted_by_the_year_in_which_they_were_made(store: Store) -> None:
    with store.begin() as tx:
        ensure_county(tx, "sample")
        made = enter_year(tx, RULES, INVENTED[:50])
        moves = list_moves_of(tx, [request.id for request in made])
        expected = Counter(
            (_day_of(move.on).year, remark.code) for each in moves.values() for move in each for remark in move.remarks
        )
    assert expected
    with store.read() as tx:
        for year in (2024, 2025, 2026):
            found = count_remarks_in(tx, "sample", ZONE, year)
            assert found == {code: count for (of, code), count in expected.items() if of == year}


def _day_of(on: date) -> date:
    return on.astimezone(ZONE).date() if isinstance(on, datetime) else on
