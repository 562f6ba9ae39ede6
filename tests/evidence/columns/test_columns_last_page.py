"""A short last page is the same list as the pages before it, whatever stands beside it."""

from __future__ import annotations

import pytest

from tests.evidence.columns.column_site import Read, Site

SIDE = "".join(
    f"<li><a href='/yw/{n}.html'>县委常委会会议研究部署工作</a><i>2015-09-{20 - n}</i></li>" for n in range(6)
)
MANNERS = {
    "items": ("<ul class='list'>", "<li><a href='/art/{n}.html'>关于第{n}号环境保护事项的通报</a>{day}</li>", "</ul>"),
    "boxes": ("<section>", "<div><a href='/art/{n}.html'>关于第{n}号环境保护事项的通报</a>{day}</div>", "</section>"),
    "cells": (
        "<table>",
        "<tr><td>·</td><td><a href='/art/{n}.html'>关于第{n}号环境保护事项的通报</a></td><td>{day}</td></tr>",
        "</table>",
    ),
}


def page(number: int, count: int, manner: str, *, dated: bool) -> str:
    head, row, foot = MANNERS[manner]
    days = [f"<span>2015-{9 - number}-{28 - n:02}</span>" if dated else "" for n in range(count)]
    own = head + "".join(row.format(n=100 * number + n, day=days[n]) for n in range(count)) + foot
    links = "".join(f"<a href='/hjbh/{'index' if n == 1 else f'index_{n}'}.html'>{n}</a>" for n in (1, 2))
    return (
        f"<html><body><div class='main'>{own}<div class='page'>共2页 {links}</div></div>"
        f"<div class='r'><h3>要闻</h3><ul>{SIDE}</ul></div></body></html>"
    )


@pytest.mark.parametrize("manner", MANNERS)
@pytest.mark.parametrize(("first_dated", "last_dated"), [(True, False), (False, False), (True, True)])
@pytest.mark.parametrize("count", [1, 2])
async def test_a_last_page_of_one_or_two_rows(
    manner: str, count: int, first_dated: bool, last_dated: bool, site: Site, read: Read
) -> None:
    site.pages["/hjbh/"] = page(1, 12, manner, dated=first_dated)
    site.pages["/hjbh/index_2.html"] = page(2, count, manner, dated=last_dated)
    reading = await read()
    assert (reading.visit.reached, reading.visit.entries) == ("end", 12 + count)
    assert all("/art/" in sighting.url for sighting in reading.sightings)
