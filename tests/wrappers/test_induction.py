"""What is learned from one page: where records end, which column of texts is the title, which the day."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from tests.evidence.evidence_site import SHANGHAI
from tracker.core.values.facts import Sighting
from tracker.evidence.page.dates import MonthDay, day_of
from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.induce import induce
from tracker.evidence.wrappers.link_groups import LinkTree, shapes_of
from tracker.evidence.wrappers.parsing import parse_listing
from tracker.evidence.wrappers.run import run_wrapper
from tracker.evidence.wrappers.verify import WrapperState, overlap, verify
from tracker.evidence.wrappers.years import with_years

_TODAY = date(2015, 9, 30)
_TITLES = [
    "关于开展食品安全专项检查的通知", "县财政局2015年部门预算公开", "农村危房改造补助资金分配公示",
    "关于做好今冬明春农田水利建设的意见", "集中式饮用水水源水质监测信息", "保障性住房分配结果公告",
]  # fmt: skip
_DAYS = [
    date(2015, 9, 28),
    date(2015, 9, 25),
    date(2015, 9, 11),
    date(2015, 8, 30),
    date(2015, 8, 12),
    date(2015, 7, 5),
]


def page_of(main: str, url: str = "http://www.county.gov.cn/tzgg/") -> Page:
    menu = "".join(f'<li><a href="/c{n}/">栏目{n}</a></li>' for n in range(12))
    html = f'<html><head><title>通知公告</title></head><body><ul class="nav">{menu}</ul><div class="main">{main}</div></body></html>'
    return Page(url, html.encode(), SHANGHAI, _TODAY, "text/html; charset=utf-8")


def rows(form: str, before: str = "", after: str = "") -> Page:
    parts = [
        form.format(n=n, m=28 - n, t=title, d=day) for n, (title, day) in enumerate(zip(_TITLES, _DAYS, strict=True))
    ]
    return page_of(before + "".join(parts) + after)


def read(page: Page) -> list[Sighting]:
    wrapper = induce(page)
    return list(run_wrapper(wrapper, page).sightings) if wrapper is not None else []


@pytest.mark.parametrize(
    ("form", "before", "after"),
    [
        pytest.param('<li><a href="/t/{n}.html">{t}</a><span>{d}</span></li>', "<ul>", "</ul>", id="items"),
        pytest.param('<tr><td>{n}</td><td><a href="/t/{n}.html">{t}</a></td><td>{d}</td></tr>', "<table>", "</table>",
                     id="rows of a table"),
        pytest.param('<dt><a href="/t/{n}.html">{t}</a></dt><dd>{d}</dd>', "<dl>", "</dl>", id="a record in two elements"),
        pytest.param('{d} <a href="/t/{n}.html">{t}</a><br>', "<div>", "</div>", id="the day before the link, no element"),
        pytest.param('<a href="/t/{n}.html">{t}</a> {d}<br>', "<div>", "</div>", id="the day behind the link, no element"),
        pytest.param('<a href="/t/{n}.html"><b>{d:%d}</b><i>{d:%Y-%m}</i><p>{t}</p></a>', "", "", id="the link around all"),
        pytest.param('<li><a href="/t/{n}.html">{t} ({d})</a></li>', "<ul>", "</ul>", id="the day behind the title's words"),
        pytest.param('<li><a href="/o/{n}/">县财政局</a> <a href="/t/{n}.html">{t}</a><em>{d}</em></li>', "<ul>", "</ul>",
                     id="an office linked before the title"),
        pytest.param('<li><a href="/t/{n}.html" title="{t}">{t:.8}…</a><em>{d}</em></li>', "<ul>", "</ul>",
                     id="the title cut short, whole in its attribute"),
        pytest.param('<li><a href="/t/{n}.html">{t}</a><span>{d:%d/%m/%Y}</span></li>', "<ul>", "</ul>",
                     id="the day first: one row has a 28th"),
    ],
)  # fmt: skip
def test_titles_and_days_are_read(form: str, before: str, after: str) -> None:
    seen = read(rows(form, before, after))
    assert [(one.title, day_of(one.claimed) if one.claimed else None) for one in seen] == list(
        zip(_TITLES, _DAYS, strict=True)
    )
    assert [one.url for one in seen] == [f"http://www.county.gov.cn/t/{n}.html" for n in range(6)]


def test_the_head_of_a_table_says_which_day_is_the_published_one() -> None:
    head = "<table><tr><th>名称</th><th>成文日期</th><th>发布日期</th></tr>"
    page = rows('<tr><td><a href="/t/{n}.html">{t}</a></td><td>2015-06-{m}</td><td>{d}</td></tr>', head, "</table>")
    assert [one.claimed for one in read(page)] == _DAYS


def test_a_side_list_that_is_called_so_is_not_the_columns() -> None:
    side = "".join(
        f'<li><a href="/hot/{n}.html">本周点击最多的第{n}条消息标题</a><i>2015-09-2{n}</i></li>' for n in range(9)
    )
    page = rows(
        '<li><a href="/t/{n}.html">{t}</a><span>{d}</span></li>', f"<h3>热点推荐</h3><ol>{side}</ol><ul>", "</ul>"
    )
    assert [one.title for one in read(page)] == _TITLES


def test_tabs_whose_days_begin_anew_are_several_lists_and_boxes_that_run_on_are_one() -> None:
    def box(numbers: range) -> str:
        parts = (f'<li><a href="/t/{n}.html">{_TITLES[n]}</a><span>{_DAYS[n]}</span></li>' for n in numbers)
        return f'<ul class="l">{"".join(parts)}</ul>'

    for boxes, is_head in ((box(range(3)) + box(range(3, 6)), False), (box(range(3, 6)) + box(range(3)), True)):
        page = page_of(boxes)
        wrapper = induce(page)
        assert wrapper is not None
        found = run_wrapper(wrapper, page)
        assert (len(found.sightings), found.is_head) == (6, is_head)


def test_a_page_of_words_and_menus_teaches_nothing() -> None:
    assert induce(page_of("<h2>404</h2><p>您访问的页面不存在</p>")) is None


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        pytest.param(
            ["03-02", "02-11", "01-05", "12-30", "12-01", "06-30", "11-11"],
            [2015, 2015, 2015, 2014, 2014, 2014, 2013],
            id="a year ends where days jump up",
        ),
        pytest.param(["09-20", "09-25", "09-11"], [2015, 2015, 2015], id="nearly in order"),
        pytest.param(["01-08", "09-25", "09-20", "08-03"], [2015, 2015, 2015, 2015], id="an old row pinned on top"),
        pytest.param(["11-20"], [2014], id="never in the future"),
    ],
)
def test_days_without_a_year_take_the_one_nearest_to_the_row_above(printed: list[str], expected: list[int]) -> None:
    days = [MonthDay(int(one[:2]), int(one[3:])) for one in printed]
    assert [one.year if one else None for one in with_years(days, _TODAY)] == expected


Change = Callable[[list[Sighting]], list[Sighting]]


@pytest.mark.parametrize(
    ("shown", "share"),
    [
        pytest.param(lambda last: last, 1.0, id="the same rows"),
        pytest.param(lambda last: [Sighting("/neu", "新的一条", _TODAY), *last[:-1]], 1.0, id="one pushed out by a new one"),
        pytest.param(lambda last: [Sighting(f"/x{n}", one.title, one.claimed) for n, one in enumerate(last)], 1.0,
                     id="new addresses, the same titles and days"),
        pytest.param(lambda last: [*last[::2], Sighting("/y", "另一条", _DAYS[-1])], 0.5, id="every second one gone"),
        pytest.param(lambda _: [Sighting(f"/z{n}", f"别的{n}", day) for n, day in enumerate(_DAYS)], 0.0, id="other rows"),
    ],
)  # fmt: skip
def test_overlap_counts_what_should_still_be_there(shown: Change, share: float) -> None:
    last = read(rows('<li><a href="/t/{n}.html">{t}</a><span>{d}</span></li>', "<ul>", "</ul>"))
    assert overlap(last, shown(last)) == share


def test_a_page_of_the_same_shape_with_other_rows_is_a_changed_layout() -> None:
    form = '<li><a href="/t/{n}.html">{t}</a><span>{d}</span></li>'
    page = rows(form, "<ul>", "</ul>")
    wrapper = induce(page)
    assert wrapper is not None
    last = run_wrapper(wrapper, page).sightings
    assert verify(wrapper, run_wrapper(wrapper, page), last, _TODAY).state is WrapperState.OK
    other = page_of(
        "<ul>"
        + "".join(form.format(n=n + 50, t=f"另一栏目的第{n}条消息标题", d=day) for n, day in enumerate(_DAYS))
        + "</ul>"
    )
    assert verify(wrapper, run_wrapper(wrapper, other), last, _TODAY).state is WrapperState.CHANGED
    assert verify(wrapper, run_wrapper(wrapper, page_of("")), last, _TODAY).state is WrapperState.CHANGED


def test_older_rows_that_nobody_saw_are_those_of_another_list() -> None:
    page = rows('<li><a href="/t/{n}.html">{t}</a><span>{d}</span></li>', "<ul>", "</ul>")
    wrapper = induce(page)
    assert wrapper is not None
    read = run_wrapper(wrapper, page)
    others = tuple(Sighting(f"/o{n}", f"别的栏目的第{n}条", date(2015, 8, 20 + n)) for n in range(7))
    together = sorted((*read.sightings, *others), key=lambda one: str(one.claimed), reverse=True)
    mixed = replace(read, sightings=tuple(together), records=13, dated=13)
    assert verify(wrapper, read, read.sightings, _TODAY).state is WrapperState.OK
    assert verify(wrapper, mixed, read.sightings, _TODAY).state is WrapperState.CHANGED


def test_an_old_row_on_top_does_not_call_for_rows_that_went_to_the_next_page() -> None:
    pinned = Sighting("/t0", "关于公布重点监管对象名录的公告", date(2014, 1, 2))
    last = (pinned, *(Sighting(f"/a{day}", f"第{day}号环境监测公告", date(2015, 8, day)) for day in range(28, 18, -1)))
    now = (pinned, *(Sighting(f"/b{day}", f"第{day}号环境质量月报", date(2015, 9, day)) for day in range(28, 18, -1)))
    assert overlap(last, now) is None


def test_a_row_that_two_lists_of_a_torn_page_hold_is_listed_once() -> None:
    """`<r>` for the third `<br>`: an element without end holds the rows behind it, and three rows stand above it."""
    links = (
        f"<a href=/t/{n}.html>第{n}号环境监测公告</a> 2015-09-{n}<{'r' if n == 26 else 'br'}>"
        for n in range(28, 20, -1)
    )
    html = f"<html><body><div>{''.join(links)}</div></body></html>"
    torn = Page("http://www.county.gov.cn/tzgg/", html.encode(), SHANGHAI, _TODAY, "text/html")
    listed = [one.url for one in parse_listing(torn).sightings]
    assert (len(listed), len(set(listed))) == (8, 8)


def test_a_place_where_a_list_may_lie_is_named_once_however_many_links_are_there() -> None:
    """Each is read to say how good a list it is."""
    body = b"<body><ul><li>" + b"<a href='/a/1.html'>" * 200 + "第9号公告</a></ul>".encode()
    groups = LinkTree(Page("http://www.county.gov.cn/tzgg/", body, SHANGHAI, _TODAY, "text/html")).groups()
    assert len(shapes_of(groups)) == len(set(shapes_of(groups)))
