"""Rows that stand in a page's own scripts: read where nothing else holds a list, else left over beside one."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.parsing import parse_listing

PageOf = Callable[..., Page]
DAYS = [date(2015, 9, 28) - timedelta(days=4 * n) for n in range(9)]
ROWS = [
    {"id": n, "title": f"关于第{n}号事项的通知", "url": f"/tz/{n}.html", "time": f"{day}"} for n, day in enumerate(DAYS)
]
ITEMS = "".join(f"<li><a href='{one['url']}'>{one['title']}</a><span>{one['time']}</span></li>" for one in ROWS)


def page(script: str, body: str = "<div id=app></div>") -> str:
    return (
        f"<html><head><title>通知-样例县</title></head><body><h2>通知</h2>{body}<script>{script}</script></body></html>"
    )


HELD = {
    "JSON": f"var dataList = {json.dumps(ROWS)}; show(dataList);",
    "as scripts write": "new Vue({data: {list: [" + ",".join(f"{{title: '{one['title']}', url: '{one['url']}', time: '{one['time']}'}}" for one in ROWS) + "]}})",
    "behind another": "var nav = [{name: '首页', url: '/'}, {name: '通知', url: '/tz/'}];\nvar rows = " + json.dumps(ROWS, ensure_ascii=False),
}  # fmt: skip


@pytest.mark.parametrize("script", HELD.values(), ids=HELD)
def test_they_are_read_where_nothing_else_holds_a_list(script: str, page_of: PageOf) -> None:
    found = parse_listing(page_of(page(script)))
    assert [(one.title, one.claimed) for one in found.sightings] == [
        (one["title"], day) for one, day in zip(ROWS, DAYS, strict=True)
    ]
    assert found.more  # a script may hold some of them


NEW = "财政局2015年部门预算"
BESIDE = {
    "written": (f"document.write('<li><a href=\"/tz/99.html\">{NEW}</a></li>');", NEW, None),
    "escaped": (f"var more = {json.dumps([NEW, '2015-09-29'])};", NEW, date(2015, 9, 29)),
    "of an array": (f"var more = [['{NEW}', '/tz/99.html', '2015-09-29']];", NEW, date(2015, 9, 29)),
    "an object": (f"rest.push({{t: '{NEW}', d: '2015-08-01'}});", NEW, date(2015, 8, 1)),
    "the rows again": (f"var all = {json.dumps(ROWS, ensure_ascii=False)};", "", None),
    "a template": (
        "li += '<li><a href=\"' + one.url + '\">' + one.title + '</a></li>'; alert('暂时没有更多的内容了');",
        "",
        None,
    ),
    "a date in words": ("if (now > '2015-10-01') { alert(1); }", "", None),
}


@pytest.mark.parametrize(("script", "words", "day"), BESIDE.values(), ids=BESIDE)
def test_beside_a_list_they_are_left_over(script: str, words: str, day: date | None, page_of: PageOf) -> None:
    found = parse_listing(page_of(page(script, f"<ul>{ITEMS}</ul>")))
    assert len(found.sightings) == len(ROWS)
    assert (words in found.residue, bool(found.residue), found.residue_day) == (True, bool(words), day)
