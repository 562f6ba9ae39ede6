"""The overdue report as a numbered 专报 to the leader, or as an internal list: number, head, foot, kept paper."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from docx import Document

from tests.deliver.test_overdue_report import LOADED, NOW, ROWS, RULES, WATER, ZONE, build
from tests.reports.on_paper import Sheet, sheets
from tracker.core.law.county import Contact
from tracker.core.values.formulas import CircularRules, ReportRules
from tracker.documents.docx import docx_of
from tracker.documents.official import OfficialDocument
from tracker.documents.pdf import pdf_of
from tracker.reports.overdue import announce_overdue
from tracker.reports.overdue_paper import paper_of
from tracker.reports.overdue_view import Previous
from tracker.rulebook.canonical import build_body, restore_rulebook
from tracker.store.bulletins import add_bulletin, find_bulletin, next_number
from tracker.store.counties import ensure_county
from tracker.store.engine import Store
from tracker.store.notices import list_notices
from tracker.store.standings import add_standings

ROLES = {"county-office": Contact("县府办公开科", "o@x.cn"), "supervisor": Contact("王县长", "w@x.cn")}
COUNTY = replace(RULES.county, roles=ROLES)
ISSUER = CircularRules("样例县人民政府办公室", "样政办公开通")


def paper(
    rules: ReportRules | None = None, number: int = 0, *, circular: CircularRules | None = ISSUER
) -> OfficialDocument:
    rulebook = replace(RULES, county=COUNTY, report=rules, circular=circular)
    report = {**build(ROWS), "faults": []}
    return paper_of(rulebook, report, date(2015, 10, 19), number)


def texts(docx: bytes) -> list[str]:
    document = Document(io.BytesIO(docx))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [*(paragraph.text for paragraph in document.paragraphs), *cells]


@pytest.fixture
def decided(store: Store) -> Store:
    with store.begin() as tx:
        ensure_county(tx, "sample")
        add_standings(tx, [(one, {}) for one in ROWS])
    return store


def issues(store: Store) -> list[tuple[str, Any]]:
    with store.read() as tx:
        return [
            (one["subject"].rpartition(":")[2], one["detail"].get("bulletin")) for one in list_notices(tx, "sample")
        ]


def test_numbers_count_from_one_within_a_year_and_stay(decided: Store) -> None:
    for at in (NOW, NOW + timedelta(hours=2), NOW + timedelta(days=7), datetime(2016, 1, 4, 8, tzinfo=ZONE)):
        announce_overdue(decided, LOADED, at)
    assert issues(decided) == [
        ("2015-10-19", [2015, 1]),
        ("2015-10-26", [2015, 2]),
        ("2016-01-04", [2016, 1]),
    ]


def test_a_report_that_has_its_number_keeps_it_though_its_notice_is_lost(decided: Store) -> None:
    announce_overdue(decided, LOADED, NOW)
    with decided.begin() as tx:
        tx.execute(sa.text("DELETE FROM notices"))
    announce_overdue(decided, LOADED, NOW + timedelta(hours=2))
    assert issues(decided) == [("2015-10-19", [2015, 1])]
    with decided.read() as tx:
        assert next_number(tx, "sample", 2015) == 2


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("number", "subject"), [(1, "report:overdue:2015-10-20"), (2, "report:overdue:2015-10-19")],
    ids=["one number for two reports", "two numbers for one report"],
)  # fmt: skip
def test_the_database_refuses(store: Store, number: int, subject: str) -> None:
    with store.begin() as tx:
        ensure_county(tx, "sample")
        add_bulletin(tx, "sample", 2015, 1, subject="report:overdue:2015-10-19", title="专报", docx=b"a", now=NOW)
    with pytest.raises(sa.exc.IntegrityError), store.begin() as tx:
        add_bulletin(tx, "sample", 2015, number, subject=subject, title="专报", docx=b"b", now=NOW)


def test_a_county_that_sends_lists_uses_no_number(decided: Store) -> None:
    listing = replace(LOADED, rulebooks=(replace(RULES, report=ReportRules(form="list")),))
    announce_overdue(decided, listing, NOW)
    assert issues(decided) == [("2015-10-19", None)]
    with decided.read() as tx:
        assert find_bulletin(tx, "sample", 2015, 1) is None


def test_a_bulletin_goes_up_and_addresses_no_department() -> None:
    found = paper(ReportRules(signer="丁启明"), 4)
    words = texts(docx_of(found))
    assert words[:1] == ["政务公开督办专报"]
    assert "第4期\t签发人：丁启明" in words
    assert "样例县人民政府办公室\t2015年10月19日" in words
    assert "报送：王县长。" in words
    assert (found.addressee, found.signature) == ("", "")
    assert not any("文件" in one or "的报告" in one or "县政务公开办公室" in one for one in words)


@pytest.mark.parametrize(
    ("rules", "circular", "issuer", "foot"),
    [
        (None, ISSUER, "样例县人民政府办公室", "报送：王县长。"),
        (None, None, "县府办公开科", "报送：王县长。"),
        (ReportRules(issuer="样例县督查室", recipient="李书记"), ISSUER, "样例县督查室", "报送：李书记。"),
    ],
)
def test_who_issues_it_and_to_whom(
    rules: ReportRules | None, circular: CircularRules | None, issuer: str, foot: str
) -> None:
    found = paper(rules, circular=circular)
    assert found.issuer == issuer
    assert foot in texts(docx_of(found))


def test_one_made_on_demand_has_room_for_its_number() -> None:
    assert "第　　期\t签发人：　　　　" in texts(docx_of(paper()))


def test_a_list_has_neither_head_nor_foot_nor_number() -> None:
    words = texts(docx_of(paper(ReportRules(form="list"))))
    assert words[0] == "样例县政务公开逾期情况清单"
    assert "逾期事项清单" in words
    assert not any(one.startswith(("第", "报送", "签发人", "附件")) for one in words)


def test_the_counts_leave_out_what_is_nothing() -> None:
    rulebook = replace(RULES, county=COUNTY)
    body = paper_of(rulebook, {**build([]), "faults": []}, date(2015, 10, 19)).body
    assert "无逾期事项。" in [one.text for one in body]
    assert not any("0件" in one.text for one in body)


def test_what_changed_leaves_out_what_is_nothing() -> None:
    def compared(*late: str) -> str:
        return str(build([WATER], Previous(NOW - timedelta(days=7), frozenset(late)))["compared"])

    assert build([WATER])["compared"] == ""  # the first report
    assert compared() == "与2015年10月12日相比，新增逾期1件"
    assert compared(WATER.key) == ""


def test_the_instrument_is_named_once_below_the_table() -> None:
    duties = tuple(replace(one, pack_title="2015年政府信息公开工作方案") for one in RULES.duties)
    report = {**build(ROWS, rules=replace(RULES, duties=duties)), "faults": []}
    late = paper_of(replace(RULES, county=COUNTY), report, date(2015, 10, 19)).attachments[0]
    assert late.note == "注：依据条款未注明文件的，为《2015年政府信息公开工作方案》的条款。"  # type: ignore[union-attr]
    assert {row[3].text for row in late.rows} == {"一"}  # type: ignore[union-attr]


def test_what_was_sent_is_kept_and_written_again(decided: Store, tmp_path: Path) -> None:
    announce_overdue(decided, LOADED, NOW)
    with decided.read() as tx:
        sent = find_bulletin(tx, "sample", 2015, 1)
    assert sent is not None
    assert sent.title == "政务公开督办专报第1期"
    assert "第1期\t签发人：　　　　" in texts(sent.docx)


def test_rules_without_a_report_have_the_body_that_they_ever_had() -> None:
    plain, own = replace(RULES, digest=""), replace(RULES, digest="", report=ReportRules(form="list"))
    assert '"report"' not in build_body(plain, {})
    assert restore_rulebook(build_body(plain, {}), "d").report is None
    assert restore_rulebook(build_body(own, {}), "d").report == own.report


@pytest.fixture(scope="module")
def printed(libreoffice: str) -> list[Sheet]:
    return sheets(asyncio.run(pdf_of(docx_of(paper(number=4)), "")))


def test_the_head_is_red_and_its_line_of_issuer_and_day_stands_on_the_rule(printed: list[Sheet]) -> None:
    first = printed[0]
    assert first.rows[0].text == "政务公开督办专报"
    assert first.red[0][0] == pytest.approx(37 + 35, abs=1)
    line = first.row("2015年10月19日")
    assert line.text == "样例县人民政府办公室2015年10月19日"
    assert first.row("第4期").bottom <= line.top + 1
    assert line.bottom < first.red[-1][0] < line.bottom + 6


def test_the_foot_stands_on_the_last_page_only(printed: list[Sheet]) -> None:
    assert [any("报送" in row.text for row in one.rows) for one in printed] == [*(False,) * (len(printed) - 1), True]
