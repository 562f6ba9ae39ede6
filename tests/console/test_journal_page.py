"""The journal on its page: filtered, in pages, as files, and verified on demand."""

from __future__ import annotations

import asyncio
import csv
import io
import re

import pytest
from python_calamine import CalamineWorkbook

from tests.console.people import WATER, Come
from tests.console.query_count import ALWAYS, counted
from tests.console.served_pages import House
from tracker.core.values.accounts import Role
from tracker.store import journal as store_of_journal
from tracker.store.journal import JournalEntry, append_entries
from tracker.store.tables import journal, notices

KEY = WATER.removeprefix("/matter/")


def heights(page: str) -> list[int]:
    return [int(each) for each in re.findall(r'<tr><td data-head="#">(\d+)</td>', page)]


def write(house: House, count: int, who: str = "王敏", action: str = "silence.ordered") -> None:
    with house.small.office.store.begin() as tx:
        entries = [JournalEntry(who, action, f"silence:{n}", {"a": 1}, {"a": 2, "b": "=1+1"}) for n in range(count)]
        append_entries(tx, "small", entries, house.small.clock.now)


#: A query; the values of that column in the rows it finds.
FOUND = [
    (f"about={KEY}", "subject", {KEY}),
    ("about=water/huanbao/2015-07", "subject", {KEY}),
    ("who=王敏", "who", {"王敏"}),
    ("kind=silence", "action", {"silence.ordered"}),
    ("kind=rows&who=王", "action", set()),
    ("who=王_", "who", set()),
    ("from=2015-08-04", "who", set()),
    ("until=2015-08-02&kind=silence", "who", set()),
    ("from=2015-08-03&until=2015-08-03&kind=silence", "action", {"silence.ordered"}),
]


@pytest.mark.both_databases
async def test_rows_are_found_by_matter_person_kind_and_day(house: House, come: Come) -> None:
    write(house, 3)
    one = await come(Role.AUDITOR)
    by_height = {row["height"]: row for row in house.rows(journal)}
    for query, column, values in FOUND:
        status, page = await one.open(f"/journal?{query}")
        assert (query, status) == (query, 200)
        assert (query, {by_height[height][column] for height in heights(page)}) == (query, values)
        assert heights(page) == sorted(heights(page), reverse=True)


async def test_pages_follow_each_other_without_gap_while_rows_are_added(house: House, come: Come) -> None:
    write(house, 120)
    one = await come(Role.SUPERVISOR)
    found: list[int] = []
    path = "/journal?kind=silence"
    while path:
        _, page = await one.open(path)
        found += heights(page)
        write(house, 2)
        older = re.search(r'href="(\?[^"]+)" rel="next"', page)
        path = f"/journal{older[1].replace('&amp;', '&')}" if older else ""
    assert len(found) == len(set(found)) == 120
    assert found == sorted(found, reverse=True)


async def test_what_no_index_finds_is_looked_for_in_bounds_and_goes_on(
    house: House, come: Come, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_of_journal, "_LOOKED_THROUGH", 40)
    write(house, 1, "李华")
    write(house, 100)
    one = await come(Role.OFFICE)
    _, page = await one.open("/journal?who=李华")
    pages = 1
    while not heights(page):
        older = re.search(r'href="(\?[^"]+)" rel="next"', page)
        assert older
        assert "可继续查看更早的" in page
        _, page = await one.open(f"/journal{older[1].replace('&amp;', '&')}")
        pages += 1
    assert (pages, len(heights(page))) == (3, 1)


async def test_values_are_readable_and_what_did_not_change_is_left_out(house: House, come: Come) -> None:
    with house.small.office.store.begin() as tx:
        before, after = {"light": "blue", "n": 1}, {"light": "red", "n": 1, "why": "<b>逾期</b>"}
        append_entries(tx, "small", [JournalEntry("王敏", "status", KEY, before, after)], house.small.clock.now)
    one = await come(Role.AUDITOR)
    _, page = await one.open("/journal?kind=status&who=王敏")
    assert "<tr><td>light</td><td><del>blue</del> red</td></tr>" in page
    assert "&lt;b&gt;逾期&lt;/b&gt;" in page
    assert "<td>n</td>" not in page
    assert f'href="/d/matter/{KEY}"' in page


async def test_the_files_hold_what_the_page_lists_and_no_formula(house: House, come: Come) -> None:
    write(house, 60, "=王敏")
    one = await come(Role.AUDITOR)
    for end in ("csv", "xlsx"):
        async with one.http.get(f"{house.base}d/journal.{end}?kind=silence") as answer:
            assert answer.headers["Content-Disposition"] == f'attachment; filename="journal.{end}"'
            content = await answer.read()
        if end == "csv":
            rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
            assert (len(rows), rows[0][2], rows[1][2]) == (61, "人员", "'=王敏")
        else:
            sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
            assert [row[2] for row in sheet].count("=王敏") == 60  # a text, not a formula
    liaison = await come(Role.LIAISON)
    for end in ("csv", "xlsx"):
        assert (await liaison.open(f"/journal.{end}"))[0] == 403


async def test_verified_on_demand_it_holds_and_tells_what_was_changed(house: House, come: Come) -> None:
    one = await come(Role.AUDITOR)
    status, page = await one.do("/journal", "verify")
    assert (status, 'class="note good' in page) == (200, True), page
    with house.small.office.store.engine.begin() as tx:  # past the program
        tx.execute(notices.update().values(state="cancelled"))
    status, page = await one.do("/journal", "verify")
    assert (status, 'class="note bad' in page, "notices" in page) == (200, True, True)


async def test_of_two_who_verify_at_once_the_second_is_told(house: House, come: Come) -> None:
    first, second = await come(Role.AUDITOR), await come(Role.OFFICE)
    with house.shared.verifying:
        status, page = await second.do("/journal", "verify")
        assert (status, "有人正在核对日志" in page) == (422, True)
    answers = await asyncio.gather(first.do("/journal", "verify"), second.do("/journal", "verify"))
    assert {status for status, _ in answers} <= {200, 422}
    assert 200 in {status for status, _ in answers}


async def test_two_statements_at_most_whatever_there_is(house: House, come: Come) -> None:
    one = await come(Role.AUDITOR)
    for count in (0, 200):
        write(house, count)
        for query, needed in (("", 1), ("who=王敏", 2), (f"about={KEY}&from=2015-01-01", 1)):
            with counted(house) as statements:
                await one.open(f"/journal?{query}")
            assert len(statements) == ALWAYS + needed, statements


async def test_odd_queries_are_taken_for_none(house: House, come: Come) -> None:
    one = await come(Role.AUDITOR)
    for query in (
        "before=x",
        "before=-1",
        "before=99999999999999999999",
        "from=2015-99-01",
        "until=9999-12-31",
        "kind=x",
    ):
        assert (await one.open(f"/journal?{query}"))[0] == 200
