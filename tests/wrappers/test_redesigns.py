"""A stored wrapper before changed pages: what is the column's is learned anew, what is not passes nowhere."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from tests.evidence.evidence_site import SHANGHAI
from tests.sites.build import CORPORA
from tests.sites.redesigned import measure, table
from tracker.core.values.facts import Sighting
from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.relearn import relearn
from tracker.evidence.wrappers.run import run_wrapper

#: Pages that are not the column's list.
_WRONG = ("another column", "missing, with a side list", "the list gone", "login", "front page", "barrier")


@pytest.mark.parametrize(
    ("every", "names"),
    [
        pytest.param(4, ("held out third",), id="a few"),
        pytest.param(1, tuple(CORPORA), id="all", marks=pytest.mark.nightly),
    ],
)
def test_redesigns_are_adopted_and_wrong_pages_refused(every: int, names: Sequence[str]) -> None:
    tried, taken, faults = measure(every, names)
    assert tried["redesign"] >= 12
    assert {kind: taken[kind] for kind in _WRONG} == dict.fromkeys(_WRONG, 0), "\n".join([table(tried, taken), *faults])
    missed = sum(tried[kind] - taken[kind] for kind in ("redesign", "redesign, new addresses"))
    assert missed * 100 <= tried["redesign"] + tried["redesign, new addresses"], "\n".join(faults)


_ROWS = [
    Sighting(
        f"http://www.yangli.gov.cn/t/{n}.html",
        f"关于第{n}批专项资金安排的公示",
        date(2015, 9, 28) - timedelta(days=6 * n),
    )
    for n in range(9)
]
_BESIDE = "<div class='side'><h3>{}</h3><ul>{}</ul></div><div class='main'>{}</div>"


def _items(rows: Sequence[Sighting]) -> str:
    return "".join(f"<li><a href='{one.url}'>{one.title}</a><span>{one.claimed}</span></li>" for one in rows)


def _page(body: str) -> Page:
    html = f"<html><body>{body}</body></html>"
    return Page("http://www.yangli.gov.cn/cz/", html.encode(), SHANGHAI, date(2015, 9, 30), "text/html")


def test_a_list_beside_that_holds_the_known_rows_as_well_is_not_the_columns() -> None:
    own = "".join(f"<p>{one.title} {one.claimed} <a href='{one.url}'>阅读全文</a></p>" for one in _ROWS)
    page = _page(_BESIDE.format("热门排行", _items(_ROWS[2:]), own))
    found = relearn(page, _ROWS[1:])
    assert found.wrapper is not None
    assert found.adopted
    assert [one.url for one in run_wrapper(found.wrapper, page).sightings] == [one.url for one in _ROWS]


@pytest.mark.parametrize("own", ["<ul></ul>", "Error: null", "<h1>关于专项资金安排的公示</h1><p>现予公示。</p>"])
def test_a_list_beside_is_not_adopted_where_the_columns_own_is_gone(own: str) -> None:
    assert not relearn(_page(_BESIDE.format("最新信息", _items(_ROWS[1:]), own)), _ROWS[1:]).adopted
    assert not relearn(_page(_BESIDE.format("相关阅读", _items(_ROWS[2:6]), own)), _ROWS[1:]).adopted
