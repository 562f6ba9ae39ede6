"""The rules in force, and what changed files on the disk would move."""

from __future__ import annotations

import re

import pytest

from tests.console.people import Come
from tests.console.query_count import counted
from tests.console.served_pages import REPEATS, WITH_AIR, House
from tests.decide.small_county import write_rules
from tracker.core.values.accounts import Role


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    return sqlite_url


async def test_each_rule_says_its_deadline_and_where_it_stands(house: House, come: Come) -> None:
    auditor = await come(Role.AUDITOR)
    status, page = await auditor.open("/rules")
    assert (status, "自“预算批复”起20日内" in page, "2015年9月30日前" in page) == (200, True, True), page
    line = next(number for number, text in enumerate(WITH_AIR.splitlines(), 1) if "id: budget" in text)
    assert f"rules/packs/small.yaml:{line}" in page
    assert 'value="compare"' not in page


async def test_what_changed_files_would_move_is_shown_and_nothing_is_applied(house: House, come: Come) -> None:
    office, small = await come(Role.OFFICE), house.small
    _, page = await office.do("/rules", "compare")
    assert "没有事项和待发通知会变动" in page, page
    write_rules(small.root, pack=WITH_AIR.replace("2015-09-30", "2015-10-30"), schedule=REPEATS)
    before = house.everything()
    with counted(house) as statements:
        _, page = await office.do("/rules", "compare")
    assert statements  # nobody who writes has to wait for them
    assert not [each for each in statements if re.search(r"\b(INSERT|UPDATE|DELETE)\b", each)]
    assert ("2015年10月30日" in page, "权力清单" in page) == (True, True), page
    after = house.everything()
    assert {name: rows for name, rows in after.items() if name != "sessions"} == {
        name: rows for name, rows in before.items() if name != "sessions"
    }


async def test_files_that_are_wrong_are_named_with_their_line(house: House, come: Come) -> None:
    office = await come(Role.OFFICE)
    write_rules(house.small.root, pack=WITH_AIR.replace("2015-09-30", "2015-09-31"), schedule=REPEATS)
    status, page = await office.do("/rules", "compare")
    assert (status, "磁盘上的规则文件有误" in page, "small.yaml" in page) == (422, True, True), page


async def test_who_may_see_and_compare(house: House, come: Come) -> None:
    liaison, supervisor = await come(Role.LIAISON), await come(Role.SUPERVISOR)
    assert (await liaison.open("/rules"))[0] == 403
    assert ((await supervisor.open("/rules"))[0], (await supervisor.do("/rules", "compare"))[0]) == (200, 403)
