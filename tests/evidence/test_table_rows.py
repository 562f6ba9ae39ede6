"""Tables that people hand in, cell by cell: every way to save one, and files that are none."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
import xlsxwriter

from tracker.catalogue import catalogue_of, translate
from tracker.evidence.attachments.readers import sheet_rows
from tracker.evidence.attachments.readers.sheet_rows import BadTable, RefusedTable, Table, _words_of, read_table


def workbook(fill: Callable[[Any], None], **options: Any) -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, options) as book:
        fill(book)
    return held.getvalue()


def cells(table: Table) -> list[tuple[int, tuple[Any, ...]]]:
    return [(one.line, one.cells) for one in table.rows]


HEAD_AND_ROW = [(1, ("部门", "日期")), (2, ("环保局", "2015-03-02"))]


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("comma", [",", "\t", ";"])
def test_a_csv_is_read_in_each_encoding_that_offices_write(code: str, end: str, comma: str) -> None:
    text = end.join(comma.join(row) for _, row in HEAD_AND_ROW)
    assert cells(read_table(text.encode(code))) == HEAD_AND_ROW


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    text = '部门,说明\n\n环保局,"一行\n又一行"\n,\n科技局,无\n'
    assert cells(read_table(text.encode())) == [
        (1, ("部门", "说明")), (3, ("环保局", "一行\n又一行")), (6, ("科技局", "无")),
    ]  # fmt: skip


NO_CSV = {
    "a quotation mark that swallows rows": (
        '部门,说明\n环保局,"注\n科技局,无\n税务局,"',
        r"line 2: .*not closed in its row",
    ),
    "one that is never closed": ('部门,说明\n环保局,"注', r"line 2: no row of a CSV file \(unexpected end of data\)"),
    "a text behind the mark": ('部门,说明\n环保局,"注"意,\n', "line 2: no row of a CSV file"),
    "a cell without end": (f"部门\n{'长' * 10_001}", "line 2: a cell of more than 10000 characters"),
    "columns without end": (",".join("x" * 201), "line 1: more than 200 columns"),
    "a binary": ("a\x00b", "no text in UTF-8 or GB18030, and no workbook"),
}


@pytest.mark.parametrize(("text", "why"), NO_CSV.values(), ids=NO_CSV.keys())
def test_a_text_that_is_no_table_says_where(text: str, why: str) -> None:
    with pytest.raises(BadTable, match=why):
        read_table(text.encode())


def test_bytes_in_no_encoding_are_not_guessed_at() -> None:
    with pytest.raises(BadTable, match="no text in UTF-8 or GB18030"):
        read_table("部门,".encode() + b"\xff\xff\n")


def test_a_workbook_gives_days_hours_numbers_and_texts_as_they_are() -> None:
    def fill(book: Any) -> None:
        sheet, day = book.add_worksheet("登记"), book.add_format({"num_format": "yyyy/m/d h:mm"})
        sheet.merge_range("B3:E3", "2015年预算批复情况")
        sheet.write_row("B5", ["部门", "日期", "年度", "已公开"])
        for row, at in enumerate((datetime(2015, 3, 2), datetime(2015, 3, 2, 9, 30)), 5):
            sheet.write_datetime(row, 2, at, day)
            sheet.write(row, 3, 2015)
            sheet.write(row, 4, True)
        sheet.merge_range("B6:B7", "环保局")

    found = read_table(workbook(fill))
    assert (found.sheet, found.since_1904) == ("登记", False)
    assert cells(found) == [
        (3, ("2015年预算批复情况",) * 4),
        (5, ("部门", "日期", "年度", "已公开")),
        (6, ("环保局", date(2015, 3, 2), 2015.0, "TRUE")),
        (7, ("环保局", datetime(2015, 3, 2, 9, 30), 2015.0, "TRUE")),
    ]
    assert [merged.address for merged in found.merged] == ["B3:E3", "B6:B7"]
    assert [found.address(6, 0), found.address(6, 1)] == ["B6", "C6"]


@pytest.mark.parametrize(("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA")])
def test_a_column_is_named_as_a_spreadsheet_names_it(number: int, letters: str) -> None:
    assert sheet_rows.column_letters(number) == letters


def test_a_formula_without_a_value_is_no_blank() -> None:
    def fill(book: Any) -> None:
        book.add_worksheet("说明").hide()
        sheet = book.add_worksheet("登记")
        sheet.write_row("B2", ["部门", "文号", "年度"])
        sheet.write_row("B3", ["环保局", "1号", 2015])
        for row, (formula, shown) in enumerate(((("=NA()"), "#N/A"), ("=1/0", "#DIV/0!"), ("=B1", "甲"))):
            sheet.write(row + 3, 1, "环保局")
            sheet.write_formula(row + 3, 2, formula, None, shown)
        sheet.write_formula(9, 2, "=NA()", None, "#N/A")  # a row of the form that nobody filled in

    found = cells(read_table(workbook(fill)))
    assert [row[1] for _, row in found] == ["文号", "1号", "#N/A", "#DIV/0!", "甲"]


@pytest.mark.nightly
def test_a_formula_that_was_never_computed_is_no_blank() -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        for row in range(40_000):  # far beyond one piece of the sheet as it is read
            sheet.write_row(row, 0, ["环保局", 2015])
        sheet.write_formula("B39999", '=""', None, "x")  # this one was computed, and came to nothing
        sheet.write_formula("B40000", "=2000+15")

    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(fill))) as book, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as other:
        for name in book.namelist():
            other.writestr(
                name, book.read(name).replace(b"</f><v>0</v>", b"</f><v></v>").replace(b"<v>x</v>", b"<v></v>")
            )
    found = cells(read_table(made.getvalue()))
    assert found[-2:] == [(39_999, ("环保局", "")), (40_000, ("环保局", "#CALC!"))]


def two_sheets(book: Any) -> None:
    for name in ("一月", "二月", "空白", "可选项"):
        sheet = book.add_worksheet(name)
        if name != "空白":
            sheet.write(0, 0, name)
        if name == "可选项":
            sheet.hide()


def test_what_is_wrong_with_a_workbook_is_said_in_chinese_too() -> None:
    """It is found in the worker process."""
    with pytest.raises(BadTable) as refused:
        read_table(workbook(two_sheets))
    told = "有多个工作表有内容，请用 --sheet 指定一个（现有：一月, 二月）"
    assert translate(catalogue_of("zh"), refused.value.args[0]) == told


@pytest.mark.parametrize(
    "refused",
    [
        RefusedTable("{wanted.__class__}", (("wanted", "x"),)),
        RefusedTable("{wanted:>99999999999}", (("wanted", "x"),)),
        RefusedTable("{wanted}", (("other", "x"),)),
        RefusedTable("{wanted}", 5),  # type: ignore[arg-type]
        RefusedTable(5, ()),  # type: ignore[arg-type]
    ],
)
def test_what_a_taken_over_worker_says_is_not_said(refused: RefusedTable) -> None:
    assert _words_of(refused) == "no workbook that can be read"


def test_of_several_sheets_one_is_asked_for_and_hidden_or_empty_ones_do_not_count() -> None:
    body = workbook(two_sheets)
    with pytest.raises(BadTable, match=r"several sheets hold something: say which with --sheet \(one of: 一月, 二月\)"):
        read_table(body)
    assert cells(read_table(body, "二月")) == [(1, ("二月",))]
    with pytest.raises(BadTable, match=r"no sheet '三月' \(one of: 一月, 二月, 空白, 可选项\)"):
        read_table(body, "三月")
    assert read_table(body, "空白").rows == ()


def test_a_text_file_has_no_sheets() -> None:
    with pytest.raises(BadTable, match="a text file has no sheets"):
        read_table(b"a,b", "Sheet1")


def test_a_workbook_that_counts_from_1904_says_so() -> None:
    body = workbook(lambda book: book.add_worksheet().write(0, 0, 1), date_1904=True)
    assert read_table(body).since_1904


def swelling() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", bytes(30_000_000))
    return held.getvalue()


def far_apart(row: int = 1_048_576, column: str = "XFD") -> bytes:
    """Two cells, and between them more than any memory holds."""
    body = workbook(lambda book: book.add_worksheet().write(0, 0, "部门"))
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(held, "w") as book:
        for one in old.namelist():
            text = old.read(one)
            if one == "xl/worksheets/sheet1.xml":
                cell = f'<row r="{row}"><c r="{column}{row}"><v>1</v></c></row></sheetData>'
                text = text.replace(b"</sheetData>", cell.encode())
            book.writestr(one, text)
    return held.getvalue()


NO_WORKBOOK: dict[str, tuple[Callable[[], bytes], str]] = {
    "an archive that swells": (swelling, "cannot be read: 压缩包解开后过大"),
    "cells too far apart": (far_apart, "makes its reader fail|too much memory|cannot be read"),
    "cells apart by more than its reader may take": (
        lambda: far_apart(100_000, "DKJ"),  # 7 GB, which a machine may well have
        "makes its reader fail|too much memory|cannot be read",
    ),
    "half of one": (lambda: workbook(two_sheets)[:2000], "cannot be read: 文件已损坏"),
    "an archive that is no workbook": (lambda: zip_of("a.txt"), "cannot be read: 表格已损坏或格式无法识别"),
    "an old one, broken": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 5000,
        "cannot be read: 表格已损坏或格式无法识别",
    ),
}


def zip_of(name: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as book:
        book.writestr(name, "x")
    return held.getvalue()


@pytest.mark.parametrize(("make", "why"), NO_WORKBOOK.values(), ids=NO_WORKBOOK.keys())
def test_what_is_no_workbook_ends_with_a_reason_and_never_with_us(make: Callable[[], bytes], why: str) -> None:
    with pytest.raises(BadTable, match=why):
        read_table(make())


def test_more_than_the_bounds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_rows, "MAX_ROWS", 3)
    monkeypatch.setattr(sheet_rows, "MAX_BYTES", 40)
    with pytest.raises(BadTable, match="more than 3 rows: part it"):
        read_table(b"a\n" * 4)
    with pytest.raises(BadTable, match="42 bytes: more than 40"):
        read_table(b"a\n" * 21)
