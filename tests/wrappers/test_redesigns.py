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


def test_a_list_beside_that_holds_the_known_rows_as_well_is_not_the_columns() -> None:
    days = [date(2015, 9, 28) - timedelta(days=6 * n) for n in range(9)]
    rows = [
        Sighting(f"http://www.yangli.gov.cn/t/{n}.html", f"关于第{n}批专项资金安排的公示", day)
        for n, day in enumerate(days)
    ]
    ranked = "".join(f"<li><a href='{one.url}'>{one.title}</a><span>{one.claimed}</span></li>" for one in rows[2:])
    own = "".join(f"<p>{one.title} {one.claimed} <a href='{one.url}'>阅读全文</a></p>" for one in rows)
    body = f"<div class='side'><h3>热门排行</h3><ul>{ranked}</ul></div><div class='main'>{own}</div>"
    html = f"<html><body>{body}</body></html>"
    page = Page("http://www.yangli.gov.cn/cz/", html.encode(), SHANGHAI, date(2015, 9, 30), "text/html")
    found = relearn(page, rows[1:])
    assert found.wrapper is not None
    assert found.adopted
    assert [one.url for one in run_wrapper(found.wrapper, page).sightings] == [one.url for one in rows]
