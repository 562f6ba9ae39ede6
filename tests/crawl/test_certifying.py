"""What a column's history and a person add to a visit's certificate: its end, and what speaks against it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests.evidence.evidence_site import SHANGHAI
from tracker.core.values.certificate import Certificate, CertificatePart, Confirmation, ConfirmationKind, PartName
from tracker.core.values.facts import Moment, Sighting, Visit, VisitOutcome
from tracker.crawl.certifying import add_end, apply, has_grown, verify
from tracker.crawl.reconcile import compare_visit
from tracker.store.site import KnownEntry

NOW = datetime(2015, 9, 30, 9, tzinfo=SHANGHAI)
NEWEST = date(2015, 9, 28)


def at(days: int) -> datetime:
    """So many days ago."""
    return NOW - timedelta(days=days)


def entry(
    number: int, *, first: int = 9, last: int = 1, gone: bool = False, missing: int | None = None, title: str = ""
) -> KnownEntry:
    """The entry of a day, the newest being number 1; `first`, `last`, `missing`: days ago."""
    claimed = NEWEST - timedelta(days=number)
    return KnownEntry(
        id=number, url=f"http://x/{number}.html", title="", claimed=claimed, claimed_from="listing", number=1,
        state="read", listed_title=title or f"第{number}号公告", listed_claimed=claimed, publisher="",
        first_seen_at=at(first), last_seen_at=at(last), missing_at=None if missing is None else at(missing),
        gone_at=at(1) if gone else None, hollow_at=None, read_at=NOW, etag="", last_modified="",
    )  # fmt: skip


def row(number: int, *, url: str = "", dated: bool = True) -> Sighting:
    day = NEWEST - timedelta(days=number)
    return Sighting(url or f"http://x/{number}.html", f"第{number}号公告", day if dated else None)


def rows(numbers: Iterable[int]) -> list[Sighting]:
    return [row(number) for number in numbers]


def known(*entries: KnownEntry) -> dict[str, KnownEntry]:
    return {one.url: one for one in entries}


FIRST = [entry(number) for number in range(1, 40)]  # 39 rows, nine days ago
NEW, LATER = entry(0, first=2), entry(-1, first=1)

# name → what is known, what the list shows, whether that shows all of it
GROWN = [
    ("one more than at the last visit", known(*FIRST), rows(range(40)), True),
    ("the same as at the last visit, one more than before", known(*FIRST, NEW), rows(range(40)), True),
    ("the same as ever", known(*FIRST), rows(range(1, 40)), False),
    ("the newest pushed the oldest out", known(*FIRST), rows(range(39)), False),
    ("it grew, and then the oldest was pushed out", known(*FIRST, NEW, LATER), rows(range(-1, 39)), False),
    ("the page holds more rows now", known(*FIRST), rows(range(1, 50)), False),
    ("one was deleted and an older one slid in", known(entry(1, gone=True), *FIRST[1:]), rows(range(2, 41)), False),
    ("one was deleted and one published", known(entry(1, gone=True), *FIRST[1:]), rows((0, *range(2, 40))), False),
    ("it grew by more than was deleted", known(*FIRST[:-1], entry(39, gone=True)), rows(range(-1, 39)), True),
    ("the new one has no day", known(*FIRST), [row(0, dated=False), *rows(range(1, 40))], False),
    ("the first visit", {}, rows(range(40)), False),
]  # fmt: skip


@pytest.mark.parametrize(("held", "shown", "is_whole"), [one[1:] for one in GROWN], ids=[one[0] for one in GROWN])
def test_a_list_that_grew_within_its_page_is_whole(
    held: dict[str, KnownEntry], shown: list[Sighting], is_whole: bool
) -> None:
    """Rows of one year alone are that year's list: it may have others."""
    bounded = add_end(UNPAGED, shown, held)
    assert (bounded.reached == date(2014, 12, 31), bounded.shown_to) == (is_whole, "end")
    earlier = {url: one._replace(listed_claimed=_earlier(one.listed_claimed)) for url, one in held.items()}
    two_years = [replace(one, claimed=_earlier(one.claimed)) for one in shown]
    assert (add_end(UNPAGED, two_years, earlier).reached == "end") is is_whole


def test_rows_of_one_month_may_be_that_months() -> None:
    held = known(*(entry(number) for number in range(1, 9)))
    assert add_end(UNPAGED, rows(range(9)), held).reached == date(2015, 8, 31)


def _earlier(day: Moment | None) -> Moment | None:
    return day if day is None else day - timedelta(days=250)


UNPAGED = Certificate((CertificatePart(PartName.END_KNOWN, None),))
PAGED = Certificate((CertificatePart(PartName.END_KNOWN, False, "页面称共有 3 页，但后面的页无法翻到"),))
OTHERWISE = Confirmation("c", "王主任", at(5), ConfirmationKind.RIGHT_LIST)
SAID = Confirmation("c", "王主任", at(5), ConfirmationKind.ONE_PAGE)

# name → certificate of the pages, what was confirmed, what is known and not shown, whether the end is known
CONFIRMED = [
    ("nobody said so", UNPAGED, (), [], None),
    ("a person said so", UNPAGED, (SAID,), [], True),
    ("a person said another thing", UNPAGED, (OTHERWISE,), [], None),
    ("it has a pager since", PAGED, (SAID,), [], False),
    ("its oldest was pushed out since", UNPAGED, (SAID,), [entry(9, last=2)], None),
    ("its oldest had been cleared before", UNPAGED, (SAID,), [entry(9, last=6)], True),
    ("its oldest was deleted", UNPAGED, (SAID,), [entry(9, gone=True)], True),
    ("a newer one was taken off", UNPAGED, (SAID,), [entry(1)], True),
    ("the column could not be read", Certificate(), (SAID,), [], None),
]  # fmt: skip


@pytest.mark.parametrize(("pages", "said", "absent", "holds"), [one[1:] for one in CONFIRMED],
                         ids=[one[0] for one in CONFIRMED])  # fmt: skip
def test_a_person_confirms_one_page(
    pages: Certificate, said: tuple[Confirmation, ...], absent: list[KnownEntry], holds: bool | None
) -> None:
    held = known(entry(2), entry(3), *absent)
    assert add_end(pages, rows((2, 3)), held, said).holds(PartName.END_KNOWN) is holds


WHOLE = Certificate((CertificatePart(PartName.END_KNOWN, True),))
TEN, AWAY = [entry(number) for number in range(10)], [entry(number, missing=30) for number in range(2)]
OTHER = [Sighting(f"http://x/o{number}.html", f"其他动态{number}", NEWEST - timedelta(number)) for number in range(10)]
LOST = {PartName.RIGHT_LIST, PartName.NOTHING_LOST}
MOVED = [row(number, url=f"http://x/new/{number}.html") for number in range(10)]

# name → what is known, what the list shows, the parts that do not hold
DOUBTED = [
    ("all is there", TEN, rows(range(10)), set()),
    ("one more", TEN, rows(range(-1, 10)), set()),
    ("the newest was taken back", TEN, rows(range(1, 10)), set()),
    ("another list", TEN, OTHER, LOST),
    ("half of it, to and fro", TEN, rows((0, 2, 4, 6, 9)), {PartName.RIGHT_LIST}),
    ("more than half of it", TEN, rows((0, 1, 2, 4, 6, 9)), set()),
    ("what is old was cleared away", TEN, rows(range(4)), set()),
    ("most was cleared away", TEN, rows(range(3)), {PartName.NOTHING_LOST}),
    ("the two newest are missing", TEN, rows(range(2, 10)), {PartName.FRESH}),
    ("under other addresses", TEN, MOVED, set()),
    ("two of three known", TEN[:3], rows((0, 2)), set()),
    ("none of two known", TEN[:2], [OTHER[0]], set()),
    ("doubted for three days", [entry(n, missing=3) for n in range(10)], OTHER, LOST),
    ("doubted for four days", [entry(n, missing=4) for n in range(10)], OTHER, set()),
    ("an old copy for a month", [*AWAY, *TEN[2:]], rows(range(2, 10)), {PartName.FRESH}),
    ("renewed since", [*AWAY, *TEN[2:]], rows((-1, *range(2, 10))), set()),
    ("its articles are gone", [*(entry(n, gone=True) for n in range(2)), *TEN[2:]], rows(range(2, 10)), set()),
]  # fmt: skip


@pytest.mark.parametrize(("held", "shown", "denied"), [one[1:] for one in DOUBTED], ids=[one[0] for one in DOUBTED])
def test_what_speaks_against_a_list(held: list[KnownEntry], shown: list[Sighting], denied: set[PartName]) -> None:
    visit = Visit("c", NOW, NOW, VisitOutcome.READ, "end", 1, len(shown))
    certificate = verify(WHOLE, visit, compare_visit(visit, shown, known(*held), (), NOW))
    recorded = apply(certificate, visit, WHOLE)
    assert {part.name for part in certificate.denied} == denied
    assert (recorded.reached, recorded.certificate) == (None if denied else "end", certificate.digest)
    assert bool(recorded.note) is bool(denied)


def certificate_without(name: PartName) -> Certificate:
    """A certificate whose parts hold, but for one that does not."""
    return Certificate(tuple(CertificatePart(one, one is not name) for one in PartName), NEWEST)


OF_THE_END = {PartName.PROMISES_MET, PartName.SAME_LIST, PartName.END_KNOWN}


@pytest.mark.parametrize("name", PartName)
def test_one_part_that_does_not_hold_denies_the_claim(name: PartName) -> None:
    """Those of the end alone leave what is newer than a day, disordered days leave the end."""
    expected = NEWEST if name in OF_THE_END else "end" if name is PartName.DAYS_IN_ORDER else None
    assert certificate_without(name).reached == expected


def test_growth_of_a_list_without_days_is_not_told() -> None:
    bare = [row(number, dated=False) for number in range(5)]
    undated = {one.url: one._replace(claimed=None, listed_claimed=None) for one in known(*TEN[1:5]).values()}
    assert not has_grown(bare, undated)
