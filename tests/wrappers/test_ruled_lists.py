"""A list that a person states in the column's rule: its rows and their parts, and what becomes of a wrong statement."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.evidence.evidence_site import SHANGHAI
from tracker.core.law.county import Interface, ListRule
from tracker.core.values.facts import Sighting
from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.parsing import parse_listing
from tracker.evidence.wrappers.values import Listing, ReadSoFar
from tracker.evidence.wrappers.wrapper import stored_wrapper
from tracker.evidence.wrappers.written_form import written_form

_TODAY = date(2015, 9, 30)
_ROWS = ListRule("ul.news > li")


def page_of(main: str) -> Page:
    html = f"<html><head><title>通知公告</title></head><body><div class=main>{main}</div></body></html>"
    return Page("http://www.county.gov.cn/tzgg/", html.encode(), SHANGHAI, _TODAY, "text/html; charset=utf-8")


def rows(name: str, form: str = "<li><a href='/{name}/{n}.html'>{title}</a><i>{day}</i></li>", first: int = 0) -> str:
    days = [_TODAY - timedelta(days=2 * n) for n in range(first, first + 6)]
    return "".join(
        form.format(name=name, n=n, title=f"{name}第{n}期关于公开的通知", day=day, due=day + timedelta(days=30))
        for n, day in enumerate(days, first)
    )


def read(main: str, rule: ListRule, so_far: ReadSoFar | None = None) -> Listing:
    return parse_listing(page_of(main), so_far=so_far, rule=rule)


def first_of(listing: Listing) -> tuple[str, str, str]:
    row = listing.sightings[0]
    return row.url.rpartition("gov.cn")[2], row.title, str(row.claimed)


def test_the_stated_list_is_read_and_no_other() -> None:
    main = f"<ul class=hot>{rows('hot')}</ul><ul class=news>{rows('news')}</ul>"
    listing = read(main, _ROWS)
    assert (len(listing.sightings), first_of(listing)) == (6, ("/news/0.html", "news第0期关于公开的通知", "2015-09-30"))
    assert not listing.digest, "what a person states has no rival"


def test_each_part_is_read_where_the_rule_says() -> None:
    form = "<li><b>[{name}]</b><a href='/top/'>栏目</a><i>截止 {due}</i><h3><a href='/{name}/{n}.html'>{title}</a></h3><p>{title}的摘要文字，比标题长得多，说了很多话</p><em>{day}</em></li>"
    listing = read(f"<ul class=news>{rows('news', form)}</ul>", ListRule("ul.news > li", "h3 a", "h3", "em"))
    assert first_of(listing) == ("/news/0.html", "news第0期关于公开的通知", "2015-09-30")


def test_a_part_may_be_an_attribute_and_a_day_may_stand_in_several_elements() -> None:
    form = "<li><a href='/{name}/{n}.html' title='{title}'>{name}第…</a><time datetime='{day}'>几天前</time></li>"
    listing = read(
        f"<ul class=news>{rows('news', form)}</ul>", ListRule("ul.news > li", title="a@title", day="time@datetime")
    )
    assert first_of(listing) == ("/news/0.html", "news第0期关于公开的通知", "2015-09-30")
    form = "<li><a href='/{name}/{n}.html'><span class=d><b>{day:%d}</b><u>{day:%Y-%m}</u></span>{title}</a></li>"
    listing = read(f"<ul class=news>{rows('news', form)}</ul>", ListRule("ul.news > li", day="span.d"))
    assert first_of(listing)[1:] == ("news第0期关于公开的通知", "2015-09-30")


def test_the_pager_is_where_the_rule_says_or_nowhere() -> None:
    two = "<p class=a><a href='a2.html'>下一页</a></p><p class=b><a href='b2.html'>下一页</a></p>"
    asks = {}
    for pager in ("p.a", "p.b", "none"):
        listing = read(f"<ul class=news>{rows('news')}</ul>{two}", replace(_ROWS, pager=pager))
        asks[pager] = listing.next_url and listing.next_url.rpartition("/")[2]
    assert asks == {"p.a": "a2.html", "p.b": "b2.html", "none": None}


def test_a_number_of_rows_beside_the_stated_pager_is_still_a_promise() -> None:
    main = f"<ul class=news>{rows('news')}</ul><b>共 40 条</b><p class=a><a href='a2.html'>下一页</a></p>"
    assert read(main, replace(_ROWS, pager="p.a")).items == 40


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (ListRule("ul.old > li"), "没有找到带链接的条目"),
        (ListRule("ul.news > li", link="h3 a"), "没有找到带链接的条目"),
        (ListRule("ul.news > li", title="h3"), "在各条目中没有找到 title"),
        (ListRule("ul.news > li", day="em"), "在各条目中没有找到 day"),
        (ListRule("ul.news > li", day="a"), "从 day 所指之处没有读出日期"),
    ],
)
def test_what_finds_nothing_is_a_fault_and_says_what_to_mend(rule: ListRule, why: str) -> None:
    listing = read(f"<ul class=news>{rows('news')}</ul><p>暂无信息</p>", rule)
    assert (listing.understood, listing.sightings) == (False, ())
    assert why in listing.reason
    assert "修改县文件中本栏目的 list" in listing.reason


def test_a_login_is_called_one() -> None:
    listing = read("<form><input type=password name=p><button>登录</button></form>", _ROWS)
    assert listing.barrier
    assert "list" not in listing.reason


def test_later_visits_and_pages_read_by_it_and_verify_it() -> None:
    main = f"<ul class=hot>{rows('hot')}</ul><ul class=news>{rows('news')}</ul>"
    known = read(main, _ROWS)
    so_far = ReadSoFar(known.wrapper, last=known.sightings)
    again = read(main, _ROWS, so_far)
    assert (again.sightings, again.wrapper) == (known.sightings, known.wrapper)
    further = read(
        f"<ul class=news>{rows('news', first=6)}</ul>", _ROWS, ReadSoFar(known.wrapper, 2, 6, date(2015, 9, 20))
    )
    assert [one.url[-6:] for one in further.sightings[:1]] == ["6.html"]


def test_another_list_in_the_stated_place_is_a_fault_and_is_not_learned_unasked() -> None:
    known = read(f"<ul class=news>{rows('news')}</ul>", _ROWS)
    so_far = ReadSoFar(known.wrapper, last=known.sightings)
    moved = read(f"<ul class=fresh>{rows('news')}</ul><ul class=news>{rows('hot')}</ul>", _ROWS, so_far)
    assert not moved.understood
    assert "修改县文件中本栏目的 list" in moved.reason


def test_a_changed_record_in_the_stated_rows_is_read_anew() -> None:
    known = read(f"<ul class=news>{rows('news')}</ul>", _ROWS)
    form = "<li><div><a href='/{name}/{n}.html'>{title}</a></div><p>{day}</p></li>"
    changed = read(f"<ul class=news>{rows('news', form)}</ul>", _ROWS, ReadSoFar(known.wrapper, last=known.sightings))
    assert changed.sightings == known.sightings


def test_a_learned_wrapper_in_the_form_of_a_rule_reads_the_same() -> None:
    pager = "<div class=page><a href='2.html'>下一页</a></div>"
    form = "<li><h4><a href='/{name}/{n}.html'>{title}</a></h4><span class=d>{day}</span></li>"
    main = f"<ul class=news>{rows('news', form)}</ul>{pager}"
    learned = parse_listing(page_of(main))
    wrapper = stored_wrapper(learned.wrapper)
    assert wrapper is not None
    rule = written_form(wrapper)
    assert rule == ListRule("body > div.main > ul.news > li", "h4 a", "", "span.d", "body > div.main > div.page")
    stated = read(main, rule)
    assert (stated.sightings, stated.next) == (learned.sightings, learned.next)
    kept = stored_wrapper(stated.wrapper)
    assert kept is not None
    assert (kept.rule, written_form(kept)) == (rule, rule)


def test_of_an_interface_it_is_the_description_of_its_paths() -> None:
    items = ",".join(
        f'{{"name":"第{n}期关于公开的通知公告","link":"/a/{n}.html","time":"2015-09-{20 - n}"}}' for n in range(9)
    )
    page = Page(
        "http://www.county.gov.cn/list",
        f'{{"data":{{"rows":[{items}]}}}}'.encode(),
        SHANGHAI,
        _TODAY,
        "application/json",
    )
    wrapper = stored_wrapper(parse_listing(page).wrapper)
    assert wrapper is not None
    rule = written_form(wrapper)
    assert rule == Interface("data.rows", "name", "link", "time")
    assert parse_listing(page, "interface", rule).sightings == parse_listing(page).sightings
    assert isinstance(parse_listing(page).sightings[0], Sighting)
