"""The report's table, opened again with a reader of spreadsheets."""
# ruff: noqa: E501  (rows as they would be read)

from __future__ import annotations

import io
import os
import subprocess
import zipfile
from datetime import date, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
import python_calamine
from hypothesis import given
from hypothesis import strategies as st

from notifications.compose import Envelope
from notifications.forms import encode_message
from notifications.ledger import COUNTS, HEADS, Ledger, LedgerRow, TooManyRows, file_name, ledger, sheet_name
from notifications.render import Addressee, RenderedMail
from tests.examples import examples
from tracker.core.values.verdicts import Light, Status

NOW = datetime(2015, 10, 12, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def line(title: str, **changes: object) -> dict[str, Any]:
    plain = {
        "department": "环保局", "title": title, "clause": "一（七）1", "period": "2015年9月", "due": "9月30日", "days_late": 3,
        "lateness": "", "status": "逾期未公开", "light": "red", "reason": "至今未查到。", "marks": [], "count": 1, "fresh": True,
    }  # fmt: skip
    return plain | changes


REPORT = {
    "kind": "report", "title": "逾期情况报告", "day": "10月12日", "as_of": "10月12日08:00",
    "departments": [
        {"name": "环保局", "lines": [line("水环境质量状况"), line("=HYPERLINK(1)", lateness="已公开后撤下", marks=["参照时限"])]},
    ],
    "unjudged": [line("空气质量", light="grey", days_late=2, status="无法核验", said="张三10月9日说明：设备检修")],
}  # fmt: skip


HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1", "http://x.cn/", "mailto:x@y.cn", "0123")
HEAD = {name: place for place, name in enumerate(HEADS)}


def rows(body: bytes, sheet: str = "台账") -> list[list[Any]]:
    return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_name(sheet).to_python()


def part(body: bytes, name: str) -> str:
    return zipfile.ZipFile(io.BytesIO(body)).read(name).decode()


def matter(**changes: Any) -> LedgerRow:
    plain: dict[str, Any] = {
        "who": "环保局", "title": "水环境质量状况", "period": "2015年9月", "clause": "一（七）1", "due": date(2015, 9, 30),
        "published": None, "late": 3, "problem": "逾期未公开", "rectify": None, "status": "逾期未公开", "light": Light.RED,
        "reason": "至今未查到。", "kind": Status.OVERDUE,
    }  # fmt: skip
    return LedgerRow(**(plain | changes))


def book(*found: LedgerRow, sheets: tuple[str, ...] = ("台账",), summary: bool = False) -> bytes:
    held = io.BytesIO()
    with Ledger(held, "样例县政务公开台账", NOW, summary=summary) as made:
        for name in sheets:
            made.sheet(name)
            for one in found:
                made.add(one)
    return held.getvalue()


def test_every_matter_has_its_row_and_a_title_is_no_formula() -> None:
    head, columns, *found = rows(ledger("样例县", REPORT, NOW))
    assert head[0] == "样例县政务公开逾期台账（截至10月12日08:00）"
    assert tuple(columns) == HEADS
    shown = ("序号", "事项", "逾期天数", "灯号", "单位说明")
    assert [tuple(row[HEAD[name]] for name in shown) for row in found] == [
        (1, "水环境质量状况", 3, "▲ 红", ""),
        (2, "=HYPERLINK(1)［参照时限］", "", "▲ 红", ""),
        (3, "空气质量", "", "○ 灰", "张三10月9日说明：设备检修"),
    ]


def test_matters_that_are_not_published_have_other_heads() -> None:
    held = io.BytesIO()
    with Ledger(held, "样例县政务公开台账", NOW) as made:
        made.sheet("台账", heads={"应公开时限": "应办时限", "实际公开日期": "实际办结日期"})
        made.add(matter(title="政府信息公开申请答复", problem="逾期未答复"))
    _, columns, row = rows(held.getvalue())
    assert [head for head in columns if head not in HEADS] == ["应办时限", "实际办结日期"]
    assert row[HEAD["问题类型"]] == "逾期未答复"


def test_the_same_rows_give_the_same_bytes() -> None:
    assert ledger("样例县", REPORT, NOW) == ledger("样例县", REPORT, NOW)
    assert book(matter(link="http://x.cn/1"), summary=True) == book(matter(link="http://x.cn/1"), summary=True)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula_or_a_link(text: str) -> None:
    body = book(
        matter(who=text, title=text, period=text, clause=text, reason=text, said=text, derivation=text, key=text)
    )
    assert {text} == {
        rows(body)[2][HEAD[name]] for name in ("责任单位", "事项", "期次", "依据条款", "情况说明", "事项编号")
    }
    sheet = part(body, "xl/worksheets/sheet1.xml")
    assert "<f>" not in sheet
    assert "<f " not in sheet
    assert "<hyperlink" not in sheet


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("http://www.x.gov.cn/a.html", True), ("https://www.x.gov.cn/a.html?b=1&c=环保#d", True), ("attestation:7", False),
        ("file:///etc/passwd", False), ("javascript:alert(1)", False), ("internal:台账!A1", False), ("http://x/ y", False),
        ("http://x/" + "a" * 3000, False), ("", False),
    ],
)  # fmt: skip
def test_only_addresses_of_the_web_are_links(link: str, leads: bool) -> None:
    body = book(matter(link=link))
    assert ("<hyperlink " in part(body, "xl/worksheets/sheet1.xml")) == leads
    assert rows(body)[2][HEAD["证据链接"]] == link


def test_days_are_days_and_hours_are_kept() -> None:
    (row,) = rows(book(matter(published=date(2015, 10, 9), rectify=date(2015, 11, 2))))[2:]
    assert [row[HEAD[name]] for name in ("应公开时限", "实际公开日期", "整改时限")] == [
        date(2015, 9, 30), date(2015, 10, 9), date(2015, 11, 2),
    ]  # fmt: skip
    (row,) = rows(book(matter(due=datetime(2015, 9, 30, 14, 20))))[2:]
    assert row[HEAD["应公开时限"]] == datetime(2015, 9, 30, 14, 20)
    (row,) = rows(book(matter(due="待定")))[2:]
    assert row[HEAD["应公开时限"]] == "待定"


def test_it_is_set_up_to_be_filtered_and_printed() -> None:
    body = book(matter(), matter(light=Light.GREEN, kind=Status.MET))
    sheet, workbook = part(body, "xl/worksheets/sheet1.xml"), part(body, "xl/workbook.xml")
    for words in (
        '<pane xSplit="3" ySplit="2"', '<autoFilter ref="A2:Q4"/>', 'paperSize="9"', 'orientation="landscape"',
        'fitToHeight="0"', "第 &amp;P 页，共 &amp;N 页", '<conditionalFormatting sqref="L3:L4">',
    ):  # fmt: skip
        assert words in sheet
    assert "Print_Titles" in workbook
    assert "$1:$2" in workbook


def test_each_light_has_a_mark_that_does_without_colour() -> None:
    marks = [row[HEAD["灯号"]][0] for row in rows(book(*(matter(light=light) for light in Light)))[2:]]
    assert len(set(marks)) == len(Light)


def test_the_summary_counts_every_status_once() -> None:
    found = [matter(kind=status, who=who) for status in Status for who in ("环保局", "财政局")]
    _, columns, *counted = rows(book(*found, summary=True), "汇总")
    assert tuple(columns) == ("责任单位", "事项合计", *COUNTS)
    assert [row[0] for row in counted] == ["环保局", "财政局", "合计"]
    assert [row[1] for row in counted] == [14, 14, 28]
    assert all(sum(row[2:]) == row[1] for row in counted)


@pytest.mark.parametrize(
    ("name", "taken", "legal"),
    [
        ("环保局", (), "环保局"), ("环保局", ("环保局",), "环保局（2）"), ("a/b:c*d?[e]\\", (), "abcde"),
        ("'引号'", (), "引号"), ("History", (), "History（2）"), ("", (), "单位"), ("局" * 40, (), "局" * 31),
        ("局" * 40, ("局" * 31,), "局" * 28 + "（2）"), ("ABC", ("abc",), "ABC（2）"),
        ("𠮷" * 20, (), "𠮷" * 15), ("局" + "𠮷" * 20, ("局" + "𠮷" * 15,), "局" + "𠮷" * 13 + "（2）"), ("环\ufffe保\x01局", (), "环保局"),
    ],
)  # fmt: skip
def test_sheets_have_legal_names(name: str, taken: tuple[str, ...], legal: str) -> None:
    assert sheet_name(name, taken) == legal
    assert len(legal.encode("utf-16-le")) <= 2 * 31


@examples(15)
@given(st.lists(st.text(), max_size=8))
def test_whatever_departments_are_called_their_sheets_can_be_opened(names: list[str]) -> None:
    taken: list[str] = []
    for name in names:
        taken.append(sheet_name(name, taken))
    body = book(sheets=tuple(names) or ("台账",))
    assert len(python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(body)).sheet_names) == max(1, len(names))
    assert len({one.casefold() for one in taken}) == len(names)


@examples(15)
@given(st.text(max_size=60))
def test_whatever_a_title_holds_the_file_can_be_read(title: str) -> None:
    body = book(matter(title=title, reason=title * 3))
    ElementTree.fromstring(part(body, "xl/worksheets/sheet1.xml"))
    assert len(rows(body)) == 3


def test_what_is_longer_than_a_cell_is_cut_and_says_so() -> None:
    (row,) = rows(book(matter(reason="长" * 40_000)))[2:]
    assert row[HEAD["情况说明"]] == "长" * 32_000 + "……"


def test_a_sheet_that_is_full_is_said_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notifications.ledger._MAX_ROWS", 4)
    with pytest.raises(TooManyRows, match="ask for fewer days"):
        book(matter(), matter(), matter())


@pytest.mark.nightly
def test_it_opens_without_repair_in_libreoffice(libreoffice: str, tmp_path: Path) -> None:
    hostile = [matter(title=text, link=f"http://x.cn/{n}") for n, text in enumerate(HOSTILE)]
    body = book(*hostile, sheets=("台账", "环保局"), summary=True)
    (tmp_path / "l.xlsx").write_bytes(body)
    command = [libreoffice, "--headless", "--norestore", f"-env:UserInstallation=file://{tmp_path}/profile",
               "--convert-to", "ods", "--outdir", str(tmp_path), str(tmp_path / "l.xlsx")]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120, env={**os.environ, "HOME": str(tmp_path)})
    again = python_calamine.CalamineWorkbook.from_path(tmp_path / "l.ods")
    assert again.sheet_names == ["汇总", "台账", "环保局"]
    there = [row for row in again.get_sheet_by_name("台账").to_python() if any(row)]
    assert [row[HEAD["事项"]].strip() for row in there[2:]] == [text.strip() for text in HOSTILE]
    assert [row[HEAD["应公开时限"]] for row in there[2:]] == [date(2015, 9, 30)] * len(HOSTILE)


def test_it_goes_with_the_mail_under_its_chinese_name() -> None:
    envelope, rendered = Envelope("duban@s.example", "office@s.example"), RenderedMail("逾期", "正文\n", "<p>正文</p>")
    raw = encode_message("mail", "6d0f", envelope, rendered, Addressee("样例县", "县办"), [REPORT], NOW)
    mail = message_from_bytes(raw, policy=policy.default)
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == file_name(REPORT) == "逾期台账（10月12日）.xlsx"
    assert rows(attached.get_content())[2][1] == "环保局"
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content() == "正文\n"
    assert max(len(one) for one in raw.split(b"\r\n")) <= 998
