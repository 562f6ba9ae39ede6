"""Pages that a parser cannot read in linear time are refused before it, and nothing is concluded from them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.evidence.heavy_pages import ORDINARY, SLIPS_PAST, SUPER_LINEAR
from tracker.evidence.article.read import EMPTY, parse_article
from tracker.evidence.page.parsed import Page
from tracker.evidence.page.prescan import TOO_HEAVY, TooHeavyError, is_too_heavy
from tracker.evidence.reading.readings import glance
from tracker.evidence.wrappers.parsing import parse_listing

PageOf = Callable[..., Page]
EMPTY_COLUMN = "<p>本栏目暂无信息</p>"


@pytest.mark.parametrize("markup", SUPER_LINEAR.values(), ids=SUPER_LINEAR)
def test_what_takes_more_than_linear_time_is_refused(markup: str) -> None:
    assert is_too_heavy(markup)
    assert is_too_heavy(f"<html><body><p>公告</p>{markup}</body></html>")


@pytest.mark.parametrize("markup", ORDINARY.values(), ids=ORDINARY)
def test_what_old_pages_leave_open_is_read(markup: str) -> None:
    assert not is_too_heavy(markup)


@pytest.mark.parametrize("markup", SUPER_LINEAR.values(), ids=SUPER_LINEAR)
def test_a_refused_page_is_neither_empty_nor_a_list(markup: str, page_of: PageOf) -> None:
    """An empty column proves that nothing was published, an empty article that it was taken down."""
    page = page_of(f"<html><body>{EMPTY_COLUMN}{markup}</body></html>")
    with pytest.raises(TooHeavyError):
        _ = page.tree
    listing, article = parse_listing(page), parse_article(page)
    assert (listing.understood, listing.reason, listing.sightings) == (False, TOO_HEAVY, ())
    assert (article.state, article.reason, article.text) == ("unreadable", TOO_HEAVY, None)
    assert article.reason != EMPTY
    assert glance(page).judged.nature == "unverifiable"


def test_markup_inside_data_is_refused_as_well(page_of: PageOf) -> None:
    """An interface whose rows are markup: a row that cannot be parsed is no row that is missing."""
    rows = f"<record><![CDATA[<ul>{'<select>' + '<option>x' * 20_000}</ul>]]></record>"
    body = f"<datastore><totalrecord>1</totalrecord><recordset>{rows}</recordset></datastore>"
    listing = parse_listing(page_of(body, content_type="text/xml"))
    assert (listing.understood, listing.reason) == (False, TOO_HEAVY)


def test_the_page_that_slips_past_is_still_one_that_does() -> None:
    """Other tests rely on it to show what the worker's bound is for."""
    assert not is_too_heavy(SLIPS_PAST)
