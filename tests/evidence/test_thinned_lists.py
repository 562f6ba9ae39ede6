"""A list that all at once lacks most of its rows or the newest, and a site that was cleared of what is old."""

from __future__ import annotations

import pytest

from tests.evidence.crawled import Office, Site

NAMES = [f"{n}" for n in range(1, 10)]


@pytest.fixture
async def listed(site: Site, office: Office) -> Office:
    """Nine articles, one a week, were read a day ago."""
    for name in reversed(NAMES):
        site.publish(name, f"环境保护工作简报第{name}期", f"2015-0{7 + int(name) // 5}-{3 * int(name):02}")
    await office.crawl()
    office.clock.advance(hours=24)
    return office


async def reached(office: Office, hours: float = 0.0) -> tuple[object, str]:
    """How far the next visit speaks, and what it says of itself."""
    office.clock.advance(hours=hours)
    await office.crawl()
    visits = [one for one in office.facts().visits if one.column == "county-site/environment"]
    return visits[-1].reached, visits[-1].note


def leave(site: Site, names: list[str]) -> dict[str, tuple[str, str]]:
    """The list keeps these rows alone; what it showed before."""
    before = dict(site.lists["hjbh"])
    site.lists["hjbh"] = {path: row for path, row in before.items() if path.rpartition("/")[2][:-5] in names}
    return before


# the rows that are left, whether the list is believed
LEFT = [
    ([], False),
    (["9"], False),
    (["9", "8"], False),
    (["9", "8", "7"], True),
    (NAMES[2:], True),
    (NAMES[:8], True),  # the newest alone: somebody took it back
    (NAMES[:7], False),  # the two newest: a copy from before them
    (["1", "2", "3", "9"], False),  # fewer than half of those that should still stand there
]


@pytest.mark.parametrize(("names", "believed"), LEFT, ids=["".join(names) for names, _ in LEFT])
async def test_what_a_list_lacks_that_lost_most_of_its_rows_or_the_newest(
    names: list[str], believed: bool, site: Site, listed: Office
) -> None:
    leave(site, names)
    far, note = await reached(listed)
    assert (far == "end", "少了" in note) == (believed, not believed)


async def test_it_is_believed_after_four_days_and_at_once_when_it_is_whole_again(site: Site, listed: Office) -> None:
    before = leave(site, ["9"])
    assert [(await reached(listed, hours))[0] for hours in (0, 20, 60, 20)] == [None, None, None, "end"]
    site.lists["hjbh"] = before
    assert (await reached(listed, 1))[0] == "end"
    leave(site, ["9"])
    assert (await reached(listed, 1))[0] is None


async def test_rows_that_stand_under_other_addresses_are_not_lost(site: Site, listed: Office) -> None:
    site.lists["hjbh"] = {path.replace("/hjbh/", "/art/"): row for path, row in site.lists["hjbh"].items()}
    assert (await reached(listed))[0] == "end"


# what is deleted and no longer listed, what of it is gone, what is only doubted
DELETED = [
    (["1"], ["1"], []),
    (["1", "2"], ["1", "2"], []),
    (["1", "2", "3"], [], ["1", "2", "3"]),
    (["3", "5", "7"], ["3", "5", "7"], []),  # amid what stayed
    (["1", "2", "3", "7"], ["7"], ["1", "2", "3"]),
]


@pytest.mark.parametrize(("names", "gone", "doubted"), DELETED, ids=[" ".join(names) for names, _, _ in DELETED])
async def test_what_is_deleted_by_itself_and_what_with_all_that_is_old(
    names: list[str], gone: list[str], doubted: list[str], site: Site, listed: Office
) -> None:
    leave(site, [one for one in NAMES if one not in names])
    for name in names:
        del site.articles[f"/hjbh/{name}.html"]
    for hours in (0, 2, 30):  # looks to come say the same
        listed.clock.advance(hours=hours)
        await listed.crawl(reread={f"{listed.base}/hjbh/{name}.html" for name in names})
        entries = {one.url.rpartition("/")[2][:-5]: one for one in listed.entries()}
        assert sorted(name for name, one in entries.items() if one.gone_at) == gone
        assert sorted(name for name, one in entries.items() if one.hollow_at) == doubted
