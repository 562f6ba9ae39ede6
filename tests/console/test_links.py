"""Every link of every page opens for the role to which it is shown."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest

from tests.console.links import follow_links
from tests.console.people import people
from tests.console.served_pages import House, in_october
from tests.reports.criticised import consulted
from tracker.core.values.accounts import Role
from tracker.store.engine import Store


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def october(tmp_path: Path, store: Store) -> AsyncIterator[House]:
    """On 16 October, with a circular under consultation."""
    async with in_october(tmp_path, store) as house:
        await consulted(house.small, "2015-10-16")
        yield house


async def assert_links_open(house: House, roles: Iterable[Role], *, most_of_a_kind: int) -> None:
    async with people(house) as come:
        for role in roles:
            visited = await follow_links(await come(role), most_of_a_kind=most_of_a_kind)
            assert len(visited) > 5
            assert [each for each in visited if each.status != 200] == []


async def test_no_link_leads_to_an_error_or_to_what_is_not_the_viewers(october: House) -> None:
    await assert_links_open(october, (Role.LIAISON, Role.OFFICE), most_of_a_kind=2)


@pytest.mark.nightly
async def test_no_link_of_any_role_leads_there(october: House) -> None:
    await assert_links_open(october, Role, most_of_a_kind=60)
