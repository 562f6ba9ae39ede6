"""Reports and scores: the ranking beside the period before, and files as the command line writes them."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

from tests.console.people import Come
from tests.console.query_count import ALWAYS, counted
from tests.console.served_pages import REPEATS, WITH_AIR, House
from tests.decide.small_county import COUNTY, at
from tests.printers import show_libreoffice
from tracker.core.values.accounts import Role
from tracker.decide import work_process
from tracker.documents.pdf import libreoffice

FORMULA = "scoring: {title: 亮灯计分, full: 100, deductions: [{for: overdue, points: 2}], grades: {合格: 0}}\n"


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    return sqlite_url


async def with_formula(house: House) -> None:
    schedule = house.small.office.loaded.schedule
    house.small.reload(pack=WITH_AIR, schedule=REPEATS, county=COUNTY + FORMULA)
    house.small.office.loaded = replace(house.small.office.loaded, schedule=schedule)  # which knows the port
    await house.small.turn()


async def test_the_ranking_says_points_and_what_cost_them(house: House, come: Come) -> None:
    await with_formula(house)
    supervisor = await come(Role.SUPERVISOR)
    _, page = await supervisor.open("/reports")
    assert 'name="period" value="2015-07"' in page
    status, page = await supervisor.open("/reports?period=2015-07")
    assert (status, "环保局" in page, "亮灯计分" in page) == (200, True, True), page
    assert "/matter/small/small/water/huanbao/2015-07" in page
    async with supervisor.http.get(f"{house.base}d/reports/scores.xlsx?period=2015-07") as answer:
        book = CalamineWorkbook.from_filelike(io.BytesIO(await answer.read()))
    assert "环保局" in str(book.get_sheet_by_index(0).to_python())


async def test_the_ranking_is_counted_once_until_something_changes(house: House, come: Come) -> None:
    await with_formula(house)
    supervisor, page = await come(Role.SUPERVISOR), "/reports?period=2015-07"
    with counted(house) as statements:
        _, first = await supervisor.open(page)
    assert len(statements) > ALWAYS + 1
    with counted(house) as statements:
        assert (await supervisor.open(page))[1] == first
    assert len(statements) == ALWAYS + 1
    house.small.clock.now = at("2015-08-14", "10:00")
    await house.small.turn()
    await supervisor.log_in()
    with counted(house) as statements:
        assert (await supervisor.open(page))[1] != first
    assert len(statements) > ALWAYS + 1


@pytest.mark.parametrize("period", ["七月", "2015-13", "2015-Q9", "0000", "0001", "2015-", "../etc"])
async def test_what_is_no_period_is_said(house: House, come: Come, period: str) -> None:
    await with_formula(house)
    office = await come(Role.OFFICE)
    status, page = await office.open(f"/reports?period={period}")
    assert (status, "<table" in page and period != "0001") == (200, False), page
    assert period == "0001" or "考核期无法识别" in page


async def test_a_county_without_a_formula_is_told_so(house: House, come: Come) -> None:
    office = await come(Role.OFFICE)
    assert "还没有考核办法" in (await office.open("/reports?period=2015-07"))[1]
    assert (await office.open("/reports/scores.xlsx?period=2015-07"))[0] == 404


@pytest.mark.parametrize("name", ["ledger.xlsx", "overdue.xlsx", "overdue.docx", "week.docx"])
async def test_reports_are_files_of_this_moment(house: House, come: Come, name: str) -> None:
    auditor = await come(Role.AUDITOR)
    async with auditor.http.get(f"{house.base}d/reports/{name}") as answer:
        content = await answer.read()
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert "水环境质量月报" in "".join(file.read(each).decode("utf-8", "ignore") for each in file.namelist())


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("name", "is_turned"), [("overdue.pdf", False), ("week.pdf", True), ("ledger.pdf", True), ("scores.pdf", True)]
)
async def test_a_pdf_is_made_on_demand(
    house: House, come: Come, monkeypatch: pytest.MonkeyPatch, name: str, is_turned: bool
) -> None:
    show_libreoffice(monkeypatch)
    if libreoffice() is None and name in ("ledger.pdf", "scores.pdf"):
        pytest.skip("LibreOffice is not installed on this machine")
    await with_formula(house)
    auditor = await come(Role.AUDITOR)
    assert f"/reports/{name}" in (await auditor.open("/reports?period=2015-07"))[1]
    async with auditor.http.get(f"{house.base}d/reports/{name}?period=2015-07") as answer:
        assert (answer.status, answer.headers["Content-Type"]) == (200, "application/pdf")
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        pages = pypdfium2.PdfDocument(await answer.read())
    words = "".join(page.get_textpage().get_text_range() for page in pages)
    assert "环保局" in words.replace(" ", "")
    assert (pages[0].get_width() > pages[0].get_height()) is is_turned


async def test_what_cannot_be_printed_is_not_offered_and_says_what_to_take_instead(house: House, come: Come) -> None:
    office = await come(Role.OFFICE)
    _, page = await office.open("/reports")
    assert ("reports/ledger.xlsx" in page, "reports/ledger.pdf" in page) == (True, False)  # LibreOffice is hidden
    status, page = await office.open("/reports/ledger.pdf")
    assert (status, "请改为下载Word或者Excel文件" in page) == (422, True)
    with house.shared.printing:
        status, page = await office.open("/reports/overdue.pdf")
    assert (status, "正在为他人制作PDF" in page) == (422, True)
    assert not house.shared.printing.locked()
    assert [(await office.open(f"/reports/{name}"))[0] for name in ("week.xlsx", "lights.pdf", "week", ".pdf")] == [
        404
    ] * 4


async def test_pictures_are_handed_out_as_files(house: House, come: Come) -> None:
    auditor = await come(Role.AUDITOR)
    for name in ("lights.svg", "rate.svg"):
        async with auditor.http.get(f"{house.base}d/reports/{name}") as answer:
            assert answer.headers["Content-Disposition"].startswith("attachment")
            assert "<svg" in await answer.text()


async def test_who_may_see_them(house: House, come: Come) -> None:
    liaison, office = await come(Role.LIAISON), await come(Role.OFFICE)
    paths = ("/reports", "/reports/ledger.xlsx", "/reports/overdue.docx")
    assert [(await liaison.open(path))[0] for path in paths] == [403] * 3
    assert (await office.open("/reports/passwd"))[0] == 404


async def test_of_a_large_county_it_is_made_by_a_process_of_its_own_for_one_person_at_a_time(
    house: House, come: Come, monkeypatch: pytest.MonkeyPatch
) -> None:
    await with_formula(house)
    auditor, office = await come(Role.AUDITOR), house.small.office
    paths = ["/reports/rate.svg", "/reports/week.docx", "/reports/scores.xlsx?period=2015-07"]

    async def taken() -> list[bytes]:
        answers = []
        for path in paths:
            async with auditor.http.get(f"{house.base}d{path}") as answer:
                answers.append(await answer.read())
        return answers

    here = await taken()
    office.lives_on = True
    monkeypatch.setattr(work_process, "_MANY", -1)
    assert await taken() == here
    with office._working:
        for path in (paths[0], "/reports?period=2015-06"):
            status, page = await auditor.open(path)
            assert (status == 422, "正在为他人制作报表" in page) == (path == paths[0], True)
    assert "亮灯计分" in (await auditor.open("/reports?period=2015-06"))[1]
