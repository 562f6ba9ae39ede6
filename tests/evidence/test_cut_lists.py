"""A list page that is cut at any byte: a last row that does not end is left out, and what is known stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from tests.evidence.crawled import Office, Site
from tests.evidence.cut_pages import ITEM, LIST, PAGES, ROWS, page
from tests.evidence.evidence_site import SHANGHAI
from tracker.core.values.certificate import Certificate, CertificatePart, PartName
from tracker.core.values.facts import Sighting, Visit, VisitOutcome
from tracker.crawl.certifying import verify
from tracker.crawl.reconcile import compare_visit
from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.parsing import parse_listing
from tracker.store.site import KnownEntry

PageOf = Callable[..., Page]


def read(page_of: PageOf, body: bytes) -> tuple[dict[str, Sighting], bool]:
    """The rows of a page, and whether it may be held to be all of its list."""
    listing = parse_listing(page_of(body))
    return {one.url: one for one in listing.sightings}, listing.understood and not listing.cut


@pytest.mark.sampled(4)
@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.nightly)])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_cut_at_any_byte_is_whole_only_with_all_its_rows_and_they_stand_as_on_the_whole_page(
    name: str, step: int, page_of: PageOf
) -> None:
    body = PAGES[name].encode()
    whole, _ = read(page_of, body)
    for place in range(0, len(body), step):
        rows, believed = read(page_of, body[:place])
        end = body[max(0, place - 60) : place].decode(errors="replace")
        assert not believed or len(rows) == len(ROWS) >= len(whole), end
        if name != "a short list beside it":
            assert all(whole.get(url) == row for url, row in rows.items()), end


ALONE = ITEM.format(url="/a.html", title="第一号环境监测公告", day="2015-09-01")
# the page, how many of its rows are taken, whether it breaks off
ENDS = [
    ("whole", page(LIST), 8, False),
    ("cut after its last row", page(LIST).partition("</ul>")[0], 8, True),
    ("cut in its last row", page(LIST).partition("</ul>")[0].rpartition("</li>")[0], 7, True),
    ("cut behind its list", page(LIST).partition("</body>")[0], 8, False),  # what held its rows is closed
    ("cut in its end tag", page(LIST)[:-3], 7, True),
    ("one row, whole", page(f"<ul>{ALONE}</ul>"), 1, False),
    ("one row, cut", page(f"<ul>{ALONE}").partition("</body>")[0], 1, True),
    ("nothing yet", page("<p>本栏目暂无信息</p>"), 0, False),
    ("nothing yet, and cut", page("<p>本栏目暂无信息</p>").partition("</body>")[0], 0, True),
]  # fmt: skip


@pytest.mark.parametrize(("html", "taken", "cut"), [row[1:] for row in ENDS], ids=[row[0] for row in ENDS])
def test_where_a_page_ends(html: str, taken: int, cut: bool, page_of: PageOf) -> None:
    listing = parse_listing(page_of(html))
    assert (len(listing.sightings), listing.cut) == (taken, cut)


# -- what a visit changes ------------------------------------------------------------------------

NOW = datetime(2015, 9, 30, 9, tzinfo=SHANGHAI)
EARLY = NOW - timedelta(days=9)


def known(number: int, title: str, claimed: date, missing_at: datetime | None = None) -> KnownEntry:
    return KnownEntry(
        id=number, url=f"http://x/{number}.html", title=title, claimed=claimed, claimed_from="listing", number=1,
        state="read", listed_title=title, listed_claimed=claimed, publisher="", first_seen_at=EARLY,
        last_seen_at=EARLY, missing_at=missing_at, gone_at=None, hollow_at=None, read_at=NOW, etag="",
        last_modified="",
    )  # fmt: skip


A, B = known(1, "甲公告", date(2015, 9, 20)), known(2, "乙公告", date(2015, 9, 10))
AWAY = known(2, "乙公告", date(2015, 9, 10), missing_at=EARLY)
SHOWN_A = Sighting("http://x/1.html", "甲公告", date(2015, 9, 20))

# what is known, the row that is seen; of a whole and of a cut visit: what is relisted, missing, new, unlike
VISITS = [
    ("as it was", [A], SHOWN_A, ("", "", 0, 0), ("", "", 0, 0)),
    ("another title", [A], Sighting("http://x/1.html", "甲", date(2015, 9, 20)), ("1", "", 0, 0), ("", "", 0, 1)),
    ("another day", [A], Sighting("http://x/1.html", "甲公告", date(2015, 9, 2)), ("1", "", 0, 0), ("", "", 0, 1)),
    ("no day", [A], Sighting("http://x/1.html", "甲公告", None), ("1", "", 0, 0), ("", "", 0, 1)),
    ("another publisher", [A], Sighting("http://x/1.html", "甲公告", A.claimed, "水"), ("1", "", 0, 0), ("", "", 0, 1)),
    ("a row less", [A, B], SHOWN_A, ("", "2", 0, 0), ("", "", 0, 1)),
    ("another address", [A], Sighting("http://x/3.html", "甲公告", date(2015, 9, 20)), ("", "1", 1, 0), ("", "", 1, 1)),
    ("back under another title", [AWAY], Sighting("http://x/2.html", "乙", B.claimed), ("2", "", 0, 0), ("", "", 0, 1)),
]


WHOLE = Certificate((CertificatePart(PartName.END_KNOWN, True),))


@pytest.mark.parametrize("row", VISITS, ids=[row[0] for row in VISITS])
def test_a_cut_visit_adds_entries_and_changes_none(row: tuple) -> None:  # type: ignore[type-arg]
    _, held, shown, *expected = row
    visit = Visit("c", NOW, NOW, VisitOutcome.READ, "end")
    for cut, (relisted, missing, new, unlike) in zip((False, True), expected, strict=True):
        todo = compare_visit(visit, [shown], {one.url: one for one in held}, (), NOW, partial=cut)
        found = ["".join(str(one.id) for one in some) for some in ([one for one, _ in todo.relisted], todo.missing)]
        assert (*found, len(todo.new), todo.differing) == (relisted, missing, new, unlike)
        assert (verify(WHOLE, visit, todo).reached is None) == bool(unlike)
        if cut:
            assert all(todo.listed[one.url].title == one.listed_title for one in held if one.url in todo.listed)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", PAGES)
async def test_a_cut_list_changes_nothing_that_is_known(name: str, site: Site, office: Office) -> None:
    for url, title, day in ROWS:
        site.publish(url.rpartition("/")[2][:-5], title, day)
    site.lists.pop("hjbh")
    body = PAGES[name].replace("http://127.0.0.1/", office.base + "/")
    site.pages["hjbh"] = body
    await office.crawl(only=["county-site/environment"])
    before = [_lasting(one) for one in office.entries()]
    assert len(before) >= 7
    step = max(1, len(body) // 25)
    for place in [*range(7, len(body), step), len(body) - 1]:
        site.pages["hjbh"] = body[:place]
        office.clock.advance(hours=1)
        await office.crawl(only=["county-site/environment"])
        assert [_lasting(one) for one in office.entries()] == before, body[max(0, place - 60) : place]


def _lasting(entry: object) -> object:
    return [(getattr(entry, name)) for name in ("url", "versions", "gone_at", "hollow_at", "publisher")]
