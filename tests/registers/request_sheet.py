"""Sheets of requests as offices keep them, made for tests as real files."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import xlsxwriter

#: The heads of an office's sheet, in the order of its columns A-N.
HEADS = (
    "登记编号", "收到日期", "申请人", "申请人类别", "身份证号", "联系电话", "申请内容", "申请方式", "承办单位", "延期",
    "答复日期", "办理结果", "不予公开理由", "备注",
)  # fmt: skip
#: A person who does not exist; the number's check digit is right.
NAME, ID_NUMBER, PHONE = "钱学礼", "37132319900307001X", "13805391234"
#: What a row holds where a test does not say otherwise.
ROW: Mapping[str, Any] = {
    "登记编号": "2025-7", "收到日期": date(2025, 3, 3), "申请人": NAME, "申请人类别": "公民", "身份证号": ID_NUMBER,
    "联系电话": PHONE, "申请内容": "2024年大气环境质量监测数据", "申请方式": "网上申请", "承办单位": "环保局",
    "答复日期": date(2025, 3, 20), "办理结果": "予以公开",
}  # fmt: skip
#: What nobody may find in clear outside the encrypted rows.
SECRETS = (NAME, ID_NUMBER, PHONE)


def row_of(**changed: Any) -> tuple[Any, ...]:
    """The cells of a row, with what a test changes."""
    cells = {**ROW, **changed}
    return tuple(cells.get(head, "") for head in HEADS)


def workbook(
    *rows: Sequence[Any], heads: Sequence[str] = HEADS, first: str = "A1", merged: Mapping[str, str] | None = None
) -> bytes:
    """A workbook with the heads at the cell `first` and the rows below. `merged`: texts of merged ranges."""
    from xlsxwriter.utility import xl_cell_to_rowcol

    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("2025年")
        day = book.add_format({"num_format": "yyyy/m/d"})
        top, left = xl_cell_to_rowcol(first)
        for line, cells in enumerate([heads, *rows], top):
            for column, cell in enumerate(cells, left):
                if isinstance(cell, date):
                    sheet.write_datetime(line, column, cell, day)
                elif cell != "":
                    sheet.write(line, column, cell)
        for cells_range, text in (merged or {}).items():
            sheet.merge_range(cells_range, text)
    return made.getvalue()


def csv_file(*rows: Sequence[Any], heads: Sequence[str] = HEADS, code: str = "utf-8") -> bytes:
    """The same as a text file."""
    return "\r\n".join(",".join(map(str, cells)) for cells in (heads, *rows)).encode(code)
