"""A list page needs at most four statements beside those of every page, whatever the rows.

What is read of the whole county costs more once after it changed, for whoever comes first, but no more with more rows.
"""

from __future__ import annotations

import pytest

from tests.console.people import WATER, Come
from tests.console.query_count import ALWAYS, counted, multiply
from tests.console.served_pages import House
from tests.console.test_overview import file_proof
from tracker.core.values.accounts import Role
from tracker.store.counties import next_seq

MOST = 4
#: By page, its statements once after something changed.
ANEW = {
    "/overview": 8,
    "/queue": 9,
    "/site": 11,
    "/site/county-site/environment": 13,
    "/matters": 3,
    "/events": 1,
    "/circulars": 1,
    "/journal": 1,
    "/people": 4,
    "/rules": 0,
    "/search?q=水环境": 4,
    "/search?q=%20": 0,
}


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    return sqlite_url


async def test_a_list_page_needs_four_statements_whatever_the_rows(house: House, come: Come) -> None:
    liaison, one = await come(Role.LIAISON), await come(Role.OFFICE)
    assert (await liaison.do(WATER, "objected", reason="监测站停用", proof="县环〔2015〕8号"))[0] == 200
    await file_proof(house, liaison)
    multiply(house)
    for page, anew in ANEW.items():
        with house.small.office.store.begin() as tx:
            next_seq(tx, "small")  # as with every fact
        for needed in (anew, min(anew, MOST)):
            with counted(house) as statements:
                assert (await one.open(page))[0] == 200
            assert len(statements) - ALWAYS <= needed, (page, statements)
