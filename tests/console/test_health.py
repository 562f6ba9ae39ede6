"""What a machine that watches this one is told."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.console.people import Come
from tests.console.served_pages import House
from tracker.core.values.accounts import Role
from tracker.store.jobs import MISSED, begin_run, end_run


async def test_it_is_ready_while_the_site_is_read_and_decided_about(house: House) -> None:
    store, now = house.small.office.store, house.small.clock.now
    assert await house.open(f"{house.base}healthz") == (200, "ok\n")
    assert await house.open(f"{house.base}readyz") == (503, "late: tick, crawl\n")
    for job, at in (("tick", now), ("crawl", now - timedelta(hours=1))):
        with store.begin() as tx:
            run = begin_run(tx, job, at, at)
            assert run is not None
            end_run(tx, run, at)
    assert await house.open(f"{house.base}readyz") == (200, "ok\n")
    house.small.clock.now += MISSED
    assert await house.open(f"{house.base}readyz") == (503, "late: crawl\n")


async def test_it_is_not_ready_where_the_database_does_not_answer(house: House) -> None:
    house.small.office.store.close()
    assert await house.open(f"{house.base}healthz") == (200, "ok\n")
    status, said = await house.open(f"{house.base}readyz")
    house.small.office.store.open()
    assert (status, said.partition(":")[0]) == (503, "database")


async def test_a_page_that_is_late_says_since_when_and_whom_to_call_and_names_no_command(
    house: House, come: Come
) -> None:
    """The county's file names no administrator: a liaison is sent to the office, which is sent to none by name."""
    for role, whom in (
        (Role.LIAISON, "请联系政务公开主管部门 office@small.example。"),
        (Role.OFFICE, "请联系系统管理员。"),
    ):
        _, page = await (await come(role)).open("/matters")
        (banner,) = re.findall(r'<p class="note alarm" role="alert">(.*?)</p>', page)
        assert ("上次查看网站：尚无" in banner, whom in banner, "duban" in banner) == (True, True, False), banner
