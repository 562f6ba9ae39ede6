"""What people confirm of columns: what is asked, what is recorded, what stops to be true, and who took it back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.registers.register_office import NOW, RULES
from tracker.core.assessment.enrolment import Enrolment
from tracker.core.law.county import County, SiteColumn
from tracker.core.values.certificate import Certificate, CertificatePart, ConfirmationKind, PartName
from tracker.core.values.facts import Visit, VisitOutcome
from tracker.registers.columns import confirm_columns, load_confirmed_pages, load_enrolments, withdraw_columns
from tracker.registers.errors import RegisterError
from tracker.store.certificates import list_confirmations
from tracker.store.engine import Store, Tx
from tracker.store.journal import list_rows
from tracker.store.visits import record_visits

ONE_PAGE, RIGHT_LIST = ConfirmationKind.ONE_PAGE, ConfirmationKind.RIGHT_LIST
NO_END = CertificatePart(PartName.END_KNOWN, None, "只有一页，没有翻页，看不出是否全部")
WHOLE = CertificatePart(PartName.WHOLE_PAGE, True, "各页都已传完")
CONFIRMED = CertificatePart(PartName.END_KNOWN, True, "王主任确认列表只有一页，全部在此")
TORN = CertificatePart(PartName.WHOLE_PAGE, False, "页面没有传完")
PROMISED = CertificatePart(PartName.END_KNOWN, True, "共12条，已读12条")


def column(name: str, url: str = "", kind: str = "listing") -> SiteColumn:
    return SiteColumn(f"county-site/{name}", "county-site", name, kind, name, url or f"http://x/{name}/")  # type: ignore[arg-type]


COLUMNS = (column("short"), column("paged"), column("promised"), column("unread"), column("hotline", kind="page"))
COUNTY: County = replace(RULES.county, columns={one.key: one for one in COLUMNS})


def visit(tx: Tx, name: str, *parts: CertificatePart, pages: int = 1, entries: int = 12, days: int = 0) -> None:
    certificate = Certificate(parts)
    at = NOW + timedelta(days=days)
    record_visits(
        tx,
        "sample",
        1,
        [
            Visit(
                f"county-site/{name}",
                at,
                at,
                VisitOutcome.READ,
                certificate.reached,
                pages,
                entries,
                certificate=certificate.digest,
            )
        ],
        {certificate.digest: certificate},
    )


@pytest.fixture
def visited(county: Store) -> Store:
    with county.begin() as tx:
        visit(tx, "short", WHOLE, NO_END)
        visit(tx, "paged", WHOLE, replace(NO_END, holds=False), pages=3)
        visit(tx, "promised", WHOLE, PROMISED)
    return county


def enrolments(tx: Tx, county: County = COUNTY) -> dict[str, Enrolment]:
    return {one.column.name: one for one in load_enrolments(tx, county)}


def asked(tx: Tx, county: County = COUNTY) -> dict[str, tuple[ConfirmationKind, ...]]:
    return {name: one.asked for name, one in enrolments(tx, county).items()}


def test_a_person_is_asked_for_the_end_only_where_nothing_else_tells_it(visited: Store) -> None:
    with visited.read() as tx:
        assert asked(tx) == {
            "short": (RIGHT_LIST, ONE_PAGE),
            "paged": (RIGHT_LIST,),
            "promised": (RIGHT_LIST,),
            "unread": (),
        }
        assert enrolments(tx)["short"].waits_since == NOW
        assert enrolments(tx)["unread"].waits_since is None


def test_one_act_confirms_all_that_wait_and_calls_only_those_one_page_that_need_it(visited: Store) -> None:
    with visited.begin() as tx:
        done = confirm_columns(tx, COUNTY, [], one_page=True, by="王主任", now=NOW, note="对照网站核对")
        assert done.message == "confirmed 3 columns, 1 of them as one page"
        assert not any(asked(tx).values())
        pages = load_confirmed_pages(tx, COUNTY)
        assert {key: (one.by, f"{one.at:%Y-%m-%d %H:%M}", one.entries) for key, one in pages.items()} == {
            "county-site/short": ("王主任", "2015-03-10 09:00", 12)
        }
        again = confirm_columns(tx, COUNTY, [], one_page=True, by="李四", now=NOW)
        assert (again.changed, again.message) == (False, "no column waits for this confirmation, nothing changed")
        rows = list_rows(tx, "sample", subject="column:county-site/short")
        assert [(row.who, row.action, row.reason) for row in rows] == [("王主任", "column.confirmed", "对照网站核对")]
        assert json.loads(rows[0].after) == {
            "confirmed": ["right-list", "one-page"],
            "entries": 12,
            "url": "http://x/short/",
        }


def test_without_one_page_the_end_is_still_asked(visited: Store) -> None:
    with visited.begin() as tx:
        confirm_columns(tx, COUNTY, ["short"], one_page=False, by="王主任", now=NOW)
        assert asked(tx)["short"] == (ONE_PAGE,)
        assert load_confirmed_pages(tx, COUNTY) == {}


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["paged"], "county-site/paged has 3 pages: its end is read, not said"),
        (["unread"], "county-site/unread was not read yet: run duban crawl first, then look at it"),
        (["shrt"], "no column 'shrt': did you mean short"),
        (["hotline"], "no column 'hotline'"),
    ],
)
def test_what_nobody_can_have_looked_at_is_refused(visited: Store, names: list[str], message: str) -> None:
    with visited.begin() as tx, pytest.raises(RegisterError, match=message):
        confirm_columns(tx, COUNTY, names, one_page=True, by="王主任", now=NOW)


@pytest.mark.parametrize(
    ("then", "pages", "reason"),
    [
        ((WHOLE, NO_END), 2, "the list has 2 pages now"),
        ((WHOLE, NO_END), 1, "rows that it showed are gone from it: it may go on elsewhere"),
        ((TORN, replace(NO_END, holds=False)), 1, ""),
        ((WHOLE, CONFIRMED), 1, ""),
    ],
    ids=["a pager came", "it grew past its page", "a torn page says nothing", "as it was"],
)
def test_a_confirmation_is_superseded_by_what_the_list_shows_later(
    visited: Store, then: tuple[CertificatePart, ...], pages: int, reason: str
) -> None:
    with visited.begin() as tx:
        confirm_columns(tx, COUNTY, ["short"], one_page=True, by="王主任", now=NOW)
        visit(tx, "short", *then, pages=pages, days=1)
        found = enrolments(tx)["short"]
        assert [str(one.reason) for one in found.superseded] == [reason] * bool(reason)
        assert RIGHT_LIST in found.in_force
        if reason and pages == 1:
            assert (found.asked, found.waits_since) == ((ONE_PAGE,), NOW)
            confirm_columns(tx, COUNTY, ["short"], one_page=True, by="李四", now=NOW + timedelta(days=1))
            assert len(list_confirmations(tx, "sample")) == 3


def test_at_another_address_a_column_is_confirmed_anew(visited: Store) -> None:
    moved = replace(COUNTY, columns={**COUNTY.columns, "county-site/short": column("short", "http://x/new/")})
    with visited.begin() as tx:
        confirm_columns(tx, COUNTY, ["short"], one_page=True, by="王主任", now=NOW)
        assert asked(tx, moved)["short"] == (RIGHT_LIST, ONE_PAGE)
        assert {str(one.reason) for one in enrolments(tx, moved)["short"].superseded} == {
            "the column has another address now"
        }
        assert load_confirmed_pages(tx, moved) == {}


def test_what_is_taken_back_is_asked_again(visited: Store) -> None:
    with visited.begin() as tx:
        confirm_columns(tx, COUNTY, ["short"], one_page=True, by="王主任", now=NOW)
        done = withdraw_columns(tx, COUNTY, ["short"], by="李四", reason="还有往年的页面", now=NOW)
        assert done.message == "withdrew 2 confirmations"
        assert asked(tx)["short"] == (RIGHT_LIST, ONE_PAGE)
        assert {one.withdrawn_by for one in list_confirmations(tx, "sample", withdrawn=True)} == {"李四"}
        assert [row.action for row in list_rows(tx, "sample", subject="column:county-site/short")] == [
            "column.confirmed",
            "column.withdrawn",
        ]
        again = withdraw_columns(tx, COUNTY, ["short"], by="李四", reason="还有往年的页面", now=NOW)
        assert (again.changed, again.message) == (False, "nothing is confirmed of it, nothing changed")
