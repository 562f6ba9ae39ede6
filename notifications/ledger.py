"""The overdue report as a table to work with (台账): an .xlsx that every office opens, filters and prints."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

HEADS = ("序号", "责任单位", "事项", "期次", "依据条款", "应公开时限", "逾期工作日", "目前情况", "说明", "单位说明")
_WIDTHS = (6, 18, 34, 20, 16, 14, 11, 16, 48, 36)
_FILLS = {"red": "#FDECEB", "yellow": "#FFF5D9"}
_WRAPPED = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#C9CED6"}


def file_name(report: Mapping[str, Any]) -> str:
    return f"逾期台账（{report['day']}）.xlsx"


def ledger(county: str, report: Mapping[str, Any], now: datetime) -> bytes:
    """The workbook: what is late, then what could not be judged. The same report gives the same bytes."""
    import xlsxwriter  # heavy, and needed once a week

    held = io.BytesIO()
    # A text is a text: a title that begins with = is no formula, an address no link.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(held, options)
    book.set_properties({"title": f"{county}{report['title']}", "created": now.replace(tzinfo=None)})
    sheet = book.add_worksheet("台账")
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
    title = book.add_format({"bold": True, "font_size": 14, "align": "center", "valign": "vcenter"})
    sheet.merge_range(0, 0, 0, len(HEADS) - 1, f"{county}{report['title']}（截至{report['as_of']}）", title)
    sheet.set_row(0, 26)
    head = book.add_format({**_WRAPPED, "bold": True, "bg_color": "#E3E6EA", "align": "center"})
    sheet.write_row(1, 0, HEADS, head)
    formats = {light: book.add_format({**_WRAPPED, "bg_color": fill}) for light, fill in _FILLS.items()}
    plain, number = book.add_format(_WRAPPED), 0
    for number, line in enumerate(_lines(report), 1):
        sheet.write_row(number + 1, 0, (number, *_cells(line)), formats.get(line["light"], plain))
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(2, 3)
    sheet.autofilter(1, 0, max(number + 1, 2), len(HEADS) - 1)
    book.close()
    return held.getvalue()


def _lines(report: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for unit in report["departments"]:
        yield from unit["lines"]
    yield from report["unjudged"]


def _cells(line: Mapping[str, Any]) -> tuple[str | int, ...]:
    marks = "".join(f"［{mark}］" for mark in line["marks"])
    late: str | int = line["lateness"] or (line["days_late"] if line["light"] == "red" else "")
    return (
        line["department"], line["title"] + marks, line["period"], line.get("clause", ""), line["due"], late,
        line["status"], line["reason"], line.get("said", ""),
    )  # fmt: skip
