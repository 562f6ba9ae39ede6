"""What comes from strangers goes out without what a terminal, a spreadsheet or a reader's eye obeys."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest

from notifications.workbook import Book
from tracker.commands.main import visible_streams
from tracker.commands.output import emit
from tracker.core.values.visible import visible
from tracker.documents.docx import docx_of
from tracker.documents.official import OfficialDocument

FOREIGN = "预算\u202egnp.exe\u2066\x1b]0;x\x07\u200f\r公开\x00"
SHOWN = "预算gnp.exe]0;x公开"


def test_marks_and_controls_are_left_out_and_lines_stay() -> None:
    assert visible(FOREIGN) == SHOWN
    assert visible("一\n二\t三\r\n　四") == "一\n二\t三\r\n　四"


def test_all_that_commands_print_passes_one_door(capsys: pytest.CaptureFixture[str]) -> None:
    with visible_streams():
        print(FOREIGN)
        emit(("title",), [{"title": FOREIGN}], "table")
        emit(("title",), [{"title": FOREIGN}], "csv")
    said = capsys.readouterr().out
    assert said.count(SHOWN) == 3
    assert visible(said) == said


def test_a_cell_on_the_command_line_is_no_formula(capsys: pytest.CaptureFixture[str]) -> None:
    cells = ["=1+1", "+1", "-x", "@SUM(A1)", "\t=1", "\r=1", "预算"]
    shown = [cell.lstrip("\r") for cell in cells]
    emit(("title", "days"), [{"title": cell, "days": -3} for cell in cells], "csv")
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out, newline="")))
    assert rows[1:] == [*([f"'{cell}", "-3"] for cell in shown[:-1]), ["预算", "-3"]]


def test_workbooks_and_documents_hold_nothing_unseen() -> None:
    buffer = io.BytesIO()
    book = Book(buffer, in_memory=True)
    sheet = book.add_worksheet("a")
    sheet.write(0, 0, FOREIGN)
    sheet.write(1, 0, "=1+1")
    sheet.write(2, 0, "https://example.gov.cn/")
    book.close()
    with zipfile.ZipFile(buffer) as packed:
        texts = packed.read("xl/sharedStrings.xml").decode()
        cells = packed.read("xl/worksheets/sheet1.xml").decode()
    assert (SHOWN in texts, "=1+1" in texts, "<f>" in cells, "hyperlink" in cells) == (True, True, False, False)
    document = OfficialDocument("", FOREIGN, "", (), "", None)
    with zipfile.ZipFile(io.BytesIO(docx_of(document))) as packed:
        text = packed.read("word/document.xml").decode()
    assert ("预算" in text, visible(text) == text) == (True, True)
