"""A circular on the pages: drafted and consulted by the office, signed by a supervisor, issued."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.console.people import people
from tests.console.served_pages import House, in_october
from tests.decide.small_county import at
from tests.reports.criticised import acting
from tracker.core.values.accounts import Role
from tracker.store.circulars import add_pdf
from tracker.store.engine import Store
from tracker.store.tables import journal
from tracker.store.tables_reports import circular_papers, circulars

SEPTEMBER = "/circular/2015-09"


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    """What a page asks of the registers depends on no database."""
    return sqlite_url


@pytest.fixture
async def october(tmp_path: Path, store: Store) -> AsyncIterator[House]:
    """On 16 October two matters of September are to be criticised."""
    async with in_october(tmp_path, store) as house:
        async with acting(house.small, "2015-10-16"):
            pass
        yield house


async def test_from_the_draft_to_the_issue_each_step_by_whose_it_is(october: House) -> None:
    async with people(october) as come:
        office, supervisor = await come(Role.OFFICE), await come(Role.SUPERVISOR)
        assert (await supervisor.do("/circulars", "draft", month="2015-09"))[0] == 403
        status, page = await office.do("/circulars", "draft", month="2015-13")
        assert (status, "不是月份" in page) == (422, True)
        status, page = await office.do("/circulars", "draft", month="2015-09")
        assert (status, "行政权力清单" in page, "征求意见" in page) == (200, True, True), page
        status, page = await supervisor.do(SEPTEMBER, "sign")
        assert (status, "征求" in page) == (422, True)
        assert (await office.do(SEPTEMBER, "consult"))[0] == 200
        await october.small.office.deliver()
        async with acting(october.small, "2015-10-26"):
            pass
        await office.log_in()
        await supervisor.log_in()
        assert (await office.do(SEPTEMBER, "sign"))[0] == 403
        assert (await supervisor.do(SEPTEMBER, "issue"))[0] == 403
        status, page = await supervisor.do(SEPTEMBER, "sign")
        assert (status, "已签发" in page) == (200, True), page
        status, page = await office.do(SEPTEMBER, "issue")
        assert (status, "〔2015〕1号" in page) == (200, True), page
        async with office.http.get(f"{october.base}d{SEPTEMBER}/circular.docx") as answer:
            assert (answer.status, (await answer.read())[:2]) == (200, b"PK")
            assert answer.headers["Content-Disposition"] == 'attachment; filename="circular-2015-09.docx"'
        with october.small.office.store.begin() as tx:
            (paper,) = [row for row in october.rows(circular_papers) if row["line"] == 0]
            add_pdf(tx, paper["id"], b"%PDF-as-sent")
        async with office.http.get(f"{october.base}d{SEPTEMBER}/circular.pdf") as answer:
            assert await answer.read() == b"%PDF-as-sent"  # what the departments have, and no other print of it
    (issued,) = [row for row in october.rows(circulars) if row["state"] == "issued"]
    people_of = {name: issued[name] for name in ("drafted_by", "signed_by", "issued_by")}
    assert people_of == {
        "drafted_by": "county-office的姓名", "signed_by": "supervisor的姓名", "issued_by": "county-office的姓名",
    }  # fmt: skip
    origins = {row["origin"] for row in october.rows(journal) if row["action"] == "circular.signed"}
    assert all("console 127.0.0.1 supervisor" in origin for origin in origins)


async def test_the_page_says_which_faults_are_not_named_and_why(october: House) -> None:
    october.small.clock.now = at("2015-10-20", "10:00")  # nobody has looked at the site for two working days
    async with people(october) as come:
        status, page = await (await come(Role.OFFICE)).do("/circulars", "draft", month="2015-09")
    spared = page[page.index("不予通报的事项及原因") :]
    assert status == 200
    assert 'href="/d/matter/small/small/powers/huanbao/once">' in spared
    assert "无法核验，不能据以通报" in spared


async def test_a_month_without_a_circular_has_no_page(october: House) -> None:
    async with people(october) as come:
        office = await come(Role.OFFICE)
        assert [
            (await office.open(f"/circular/{month}"))[0] for month in ("2015-08", "x", "2015-08/circular.docx")
        ] == [404] * 3
