"""A short list whose days run to and fro beside a long one in order: what people read, and no column's rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.parsing import parse_listing

PageOf = Callable[..., Page]
NEWEST = date(2015, 9, 28)
TO_AND_FRO = [0, 40, 12, 60, 3]
IN_ORDER = [0, 3, 12, 40, 60]


def listed(steps: list[int], folder: str, day: str) -> str:
    name = "重点工作推进" if folder == "d" else "专题活动开展"
    rows = [
        f"<a href='/{folder}/{n}.html'>全县{name}情况通报第{n}号</a><i>{NEWEST - timedelta(step):{day}}</i>"
        for n, step in enumerate(steps)
    ]
    return "".join(f"<li>{row}" for row in rows) if folder == "d" else "".join(f"<p>{row}</p>" for row in rows)


@pytest.mark.parametrize("day", ["%Y-%m-%d", "%m月%d日"])
@pytest.mark.parametrize(
    ("long", "short", "digest"),
    [
        (list(range(0, 60, 4)), TO_AND_FRO, False),
        (list(range(0, 60, 4)), IN_ORDER, True),  # the head of another column
        (list(range(0, 24, 4)), TO_AND_FRO, True),  # neither is much longer
        ([0, 40, 12, 60, 3] * 3, TO_AND_FRO, True),  # neither is in order
        ([*range(0, 250, 14)], TO_AND_FRO, False),
    ],
    ids=["to and fro", "in order", "as short", "both", "long"],
)
def test_what_is_beside(long: list[int], short: list[int], digest: bool, day: str, page_of: PageOf) -> None:
    beside, own = listed(short, "zt", day), listed(long, "d", day)
    html = f"<html><body><table><tr><td>{beside}<td><ol>{own}</ol></table></body></html>"
    listing = parse_listing(page_of(html))
    assert listing.digest is digest
    assert len(listing.sightings) == len(long) + (len(short) if digest else 0)


def test_over_the_turn_of_the_year_is_in_order(page_of: PageOf) -> None:
    beside, own = listed(TO_AND_FRO, "zt", "%m-%d"), listed(list(range(150, 400, 14)), "d", "%m-%d")
    html = f"<body><div>{beside}</div><ol>{own}</ol>"
    assert not parse_listing(page_of(html)).digest


@pytest.mark.parametrize("attributes", ["", " id='form1' action='list.aspx' method='post'", " class='list-form'"])
@pytest.mark.parametrize("count", [2, 4, 10, 12])
def test_a_short_list_in_a_form_is_seen_beside_a_list_with_days(attributes: str, count: int, page_of: PageOf) -> None:
    own, beside = listed(list(range(0, 4 * count, 4)), "d", "%Y-%m-%d"), listed(IN_ORDER, "zt", "%Y-%m-%d")
    html = f"<html><body><form{attributes}><ul>{own}</ul></form><div><h3>要闻</h3>{beside}</div></body></html>"
    found = parse_listing(page_of(html))
    assert sum("/d/" in sighting.url for sighting in found.sightings) == count
    assert found.digest  # neither is known to be the column's own


def test_a_search_form_with_its_words_is_no_list(page_of: PageOf) -> None:
    form = "<form action='/s'><input name=q><a href='/s?q=1'>公务员考试</a><a href='/s?q=2'>低保</a>2015-09-01</form>"
    html = f"<html><body>{form}<ol>{listed(list(range(0, 60, 4)), 'd', '%Y-%m-%d')}</ol></body></html>"
    assert len(parse_listing(page_of(html)).sightings) == 15


def test_a_list_without_days_is_seen_beside_one_with_days(page_of: PageOf) -> None:
    own = "".join(f"<li><a href='/d/{n}.html'>关于第{n}号建设项目规划条件变更的公示</a></li>" for n in range(6))
    html = f"<html><body><ul>{own}</ul><div><h3>政务动态</h3>{listed(IN_ORDER, 'zt', '%Y-%m-%d')}</div></body></html>"
    found = parse_listing(page_of(html))
    assert sum("/d/" in sighting.url for sighting in found.sightings) == 6
    assert found.digest  # nothing says that the one with days is the column's


@pytest.mark.parametrize(("heading", "apart"), [("最新公告", True), ("", False), ("要闻", False)])
def test_a_box_without_days_is_another_list_where_it_is_called_so(heading: str, apart: bool, page_of: PageOf) -> None:
    head = f"<tr><td>{heading}</td></tr>" if heading else ""
    beside = "".join(f"<tr><td>·<a href='/zt/{n}.html'>全县专题活动开展公告第{n}号</a></td></tr>" for n in range(5))
    own = "".join(
        f"<tr><td><a href='/d/{n}.html'>全县重点工作推进情况通报第{n}号</a></td><td>{day}</td></tr>"
        for n, day in enumerate(NEWEST - timedelta(step) for step in range(0, 48, 4))
    )
    html = f"<table><tr><td><table>{head}{beside}</table></td><td><table>{own}</table></td></tr></table>"
    found = parse_listing(page_of(f"<html><body>{html}</body></html>"))
    assert len(found.sightings) == (12 if apart else 17)
    assert not found.digest


@pytest.mark.parametrize("own_first", [True, False])
def test_of_two_tabs_the_one_below_the_columns_address_is_its_own(own_first: bool, page_of: PageOf) -> None:
    def tab(folder: str, more: str = "") -> str:
        rows = [
            f"<li><a href='/{folder}/{n}.html'>全县{folder}工作推进情况通报第{n}号</a><i>{day}</i></li>"
            for n, day in enumerate(NEWEST - timedelta(step) for step in range(0, 32, 4))
        ]
        return f"<div class='item'><ul>{''.join(rows)}</ul>{more}</div>"

    tabs = [tab("tzgg"), tab("zfcg", "<a href='/zfcg/'>更多</a>")]
    html = f"<html><body><div class='tab'>{''.join(tabs if own_first else tabs[::-1])}</div></body></html>"
    for url in ("http://www.yangli.gov.cn/tzgg", "http://www.yangli.gov.cn/tzgg/index.html"):
        found = parse_listing(page_of(html, url))
        assert [one.url.split("/")[3] for one in found.sightings] == ["tzgg"] * 8
        assert not found.digest


@pytest.mark.parametrize(("heading", "apart"), [("点击排行", True), ("", False)])
def test_two_links_that_are_called_another_list_are_no_headlines(heading: str, apart: bool, page_of: PageOf) -> None:
    beside = "".join(f"<a href='/zt/{n}.html'>全县专题活动开展公告第{n}号</a><br>" for n in range(2))
    own = listed(list(range(0, 48, 4)), "d", "%Y-%m-%d")
    html = f"<table><tr><td><b>{heading}</b><br>{beside}</td><td><ul>{own}</ul></td></tr></table>"
    found = parse_listing(page_of(f"<html><body>{html}</body></html>"))
    assert len(found.sightings) == 12
    assert bool(found.residue) is not apart


@pytest.mark.parametrize("twice", [True, False])
def test_a_list_that_is_shown_twice_to_roll_without_end_is_one_list(twice: bool, page_of: PageOf) -> None:
    rolled = f"<div>{listed(list(range(0, 32, 4)), 'd', '%Y-%m-%d')}</div>"
    other = f"<div>{listed(list(range(0, 32, 4)), 'd', '%Y-%m-%d').replace('/d/', '/e/')}</div>"
    html = f"<html><body><marquee>{rolled}{rolled if twice else other}</marquee></body></html>"
    found = parse_listing(page_of(html))
    assert (len(found.sightings), found.digest) == ((8, False) if twice else (16, True))


@pytest.mark.parametrize(("title", "count"), [("关于第{}号建设项目规划条件变更的公示", 2), ("第{}号", 0)])
def test_a_table_of_two_rows_one_of_which_has_a_day_is_a_list(title: str, count: int, page_of: PageOf) -> None:
    rows = "".join(
        f"<tr><td><a href='/d/{n}.html'>{title.format(n)}</a></td><td>{day}</td></tr>"
        for n, day in enumerate(("2015-09-01", ""))
    )
    assert len(parse_listing(page_of(f"<html><body><table>{rows}</table></body></html>")).sightings) == count


@pytest.mark.parametrize("panel", ["<ul>{}</ul>", "<div class='panel'><ul>{}</ul></div>"], ids=["lists", "panels"])
@pytest.mark.parametrize(
    ("tabs", "seen"),
    [("公告公示,部门动态", {"d"}), ("部门动态,公告公示", {"e"}), ("部门动态,乡镇动态", {"d", "e"})],
    ids=["the first", "the second", "neither"],
)
def test_the_panel_whose_tab_has_the_columns_name_is_its_own(
    panel: str, tabs: str, seen: set[str], page_of: PageOf
) -> None:
    own = listed(list(range(0, 32, 4)), "d", "%m-%d")
    heads = "".join(f"<li>{one}</li>" for one in tabs.split(","))
    panels = "".join(panel.format(one) for one in (own, own.replace("/d/", "/e/")))
    body = f"<div class='tab'><div class='hd'><ul>{heads}</ul></div><div class='bd'>{panels}</div></div>"
    found = parse_listing(page_of(f"<html><head><title>公告公示-样例县</title></head><body>{body}</body></html>"))
    assert {one.url.split("/")[3] for one in found.sightings} == seen
    assert found.digest is (len(seen) > 1)


@pytest.mark.parametrize(
    ("rest", "is_seen"),
    [
        ("<p><a href='/old/'>往期公告</a></p>", True),
        (
            "<h3>往期公告</h3><ul><li><a href='/d/99.html'>全县重点工作情况通报第99号</a><i>2014-03-01</i></li></ul>",
            True,
        ),
        ("", False),
    ],
    ids=["behind a link", "below", "of the site"],
)
def test_the_newest_part_of_a_list_is_the_columns_where_its_older_part_is_named(
    rest: str, is_seen: bool, page_of: PageOf
) -> None:
    own = listed(list(range(0, 48, 4)), "d", "%Y-%m-%d")
    found = parse_listing(page_of(f"<html><body><div><h3>最新公告</h3><ul>{own}</ul></div>{rest}</body></html>"))
    assert found.understood is is_seen
    assert not is_seen or found.digest or found.doubt
