"""Each part of a visit's certificate that its pages alone can answer, and the claim that follows."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from datetime import date

import pytest

from tests.evidence.columns.column_site import Read, Site, days, rows
from tracker.core.values.certificate import PartName
from tracker.core.values.facts import Sighting
from tracker.evidence.listing.certificate import certificate_of
from tracker.evidence.listing.walk import Walk, advance
from tracker.evidence.wrappers.values import Listing

NINE = f"<ul>{rows(days(date(2015, 9, 28), 9))}</ul>"
NEXT = "<a href='/hjbh/index_1.html'>下一页</a>"
MORE = f"<ul>{rows(days(date(2015, 9, 18), 9))}</ul>"
LOST = NINE.replace("<ul>", "<ul><li><a href='javascript:view(7)'>环境监测年度总结报告</a></li>")
LAST, FIRST = date(2015, 9, 20), date(2015, 9, 28)

# name → the first page, the second one, how far the visit claims, whether the end is known, the other parts that fail
PAGES = [
    ("one page, no pager", NINE, "", LAST, None, set()),
    ("four rows, no pager", f"<ul>{rows(days(date(2015, 9, 28), 4))}</ul>", "", FIRST, None, set()),
    ("as many rows as promised", f"{NINE}<p>共9条</p>", "", "end", True, set()),
    ("as many pages as promised", f"{NINE}<p>共1页</p>", "", "end", True, set()),
    ("fewer rows than promised", f"{NINE}<p>共30条</p>", "", FIRST, False, {PartName.PROMISES_MET}),
    ("some rows fewer than promised", f"{NINE}<p>共10条</p>", "", FIRST, None, set()),
    ("some rows more than promised", f"{NINE}<p>共8条</p>", "", FIRST, None, set()),
    ("all pages, and rows fewer than promised", f"{NINE}<p>共10条 共1页</p>", "", FIRST, None, set()),
    ("more pages than promised", f"{NINE}{NEXT}<p>共1页</p>", MORE, date(2015, 9, 18), None, set()),
    ("fewer pages than promised", f"{NINE}<p>共3页</p>", "", FIRST, False, {PartName.PROMISES_MET}),
    ("a pager's last page", NINE + NEXT, MORE, "end", True, set()),
    ("a second page that repeats the first", NINE + NEXT, NINE, FIRST, False, {PartName.SAME_LIST}),
    ("a second page that breaks off", NINE + NEXT, f"<html><body><ul>{rows(days(date(2015, 9, 18), 9))}", FIRST, False, set()),
    ("a page that breaks off", f"<html><body><ul>{rows(days(date(2015, 9, 28), 9))}", "", None, False, {PartName.WHOLE_PAGE}),
    ("a row that cannot be read", f"{LOST}<p>共10条</p>", "", None, False, {PartName.NO_RESIDUE}),
    ("empty by its own words", "<html><body><h2>环境保护</h2><p>本栏目暂无信息。</p></body></html>", "", "end", True, set()),
    ("moved by its own words", f"{NINE}<p>本栏目已停止更新。</p><p>共9条</p>", "", None, True, {PartName.RIGHT_LIST}),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "reached", "end", "denied"), [one[1:] for one in PAGES],
                         ids=[one[0] for one in PAGES])  # fmt: skip
async def test_the_parts_of_a_certificate(
    first: str, second: str, reached: object, end: bool | None, denied: set[PartName], site: Site, read: Read
) -> None:
    site.pages = {"/hjbh/": first, "/hjbh/index_1.html": second}
    reading = await read()
    certificate = reading.certificate
    beside = {PartName.END_KNOWN, PartName.DAYS_IN_ORDER}
    assert (certificate.reached, certificate.holds(PartName.END_KNOWN)) == (reached, end)
    assert {part.name for part in certificate.denied} - beside == denied
    assert reading.visit.reached == certificate.reached
    assert all(part.reason for part in certificate.denied)


async def test_what_stays_unread_behind_the_days_that_are_needed_is_no_end(read: Read) -> None:
    certificate = (await read(date(2015, 9, 10))).certificate
    assert (certificate.reached, certificate.holds(PartName.END_KNOWN)) == (date(2015, 9, 8), False)


async def test_a_page_that_could_not_be_read_has_no_certificate(site: Site, read: Read) -> None:
    assert (await read(path="/nowhere/")).certificate.parts == ()


@pytest.mark.parametrize(("day", "reached"), [(None, None), (date(2015, 9, 25), date(2015, 9, 25))])
def test_residue_bounds_the_claim_by_its_day(day: date | None, reached: object) -> None:
    shown = tuple(Sighting(f"http://x/{one}", "公告", one) for one in days(date(2015, 9, 28), 9))
    walk = Walk()
    advance(walk, Listing(shown, total=1, residue="列表中有图片链接", residue_day=day), None, 9)
    assert certificate_of(walk).reached == reached
