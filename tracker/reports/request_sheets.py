"""The statistics of requests as .xlsx: every number of the national table opens the list of its requests."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from notifications.workbook import Book
from tracker.core.requests.counted import CountedRequest
from tracker.core.requests.national_form import COLUMNS, REMEDY_HEADS, REMEDY_TITLES, RESULTS, TOTAL
from tracker.documents.official import OfficialTable, blocks_of
from tracker.reports.request_statistics import LISTED, RequestStatistics
from tracker.reports.request_tables import LABELS, basis_zh, grouped_tables, part_four, part_three

_LIST = "各数所含申请"
_HEADS = ("登记编号", "事项名称", "登记单位", "承办单位", "申请人类别", "收到日期", "办结日期", "办理结果")
_WIDTHS = (20, 44, 16, 16, 14, 12, 12, 40)
_NUMBER_WIDTH = 9.0
#: The file's time of creation, so that the same statistics give the same bytes. Excel's times have no zone.
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001
#: Rows of a list, by line and column of the national table: the first and the last.
Spans = dict[tuple[str, str], tuple[int, int]]


def sheets_of(statistics: RequestStatistics) -> bytes:
    """The bytes of the .xlsx; nothing in it can become a formula, and links lead only to other sheets of it."""
    buffer = io.BytesIO()
    book = Book(buffer, in_memory=True)
    title = f"{statistics.unit}{statistics.year}年政府信息公开申请统计"
    book.set_properties({"title": title, "created": _CREATED})
    formats = _formats(book)
    sheets = {
        name: book.add_worksheet(name) for name in ("申请办理情况", "复议诉讼情况", "勾稽关系", "分类统计", _LIST)
    }
    spans = _write_list(sheets[_LIST], statistics, formats)
    table = statistics.table
    three = [[(line.code, column) for column in COLUMNS] for line in table.form.lines]
    four = [[(remedy, result) for remedy in REMEDY_HEADS for result in RESULTS]]
    sheet = sheets["申请办理情况"]
    sheet.set_column(0, 1, 14)
    sheet.set_column(2, 2, 34)
    sheet.set_column(LABELS, LABELS + len(COLUMNS) - 1, _NUMBER_WIDTH)
    _write_form(sheet, statistics, part_three(statistics), LABELS, three, spans, formats)
    sheets["复议诉讼情况"].set_column(0, len(four[0]) - 1, _NUMBER_WIDTH)
    _write_form(sheets["复议诉讼情况"], statistics, part_four(statistics), 0, four, spans, formats)
    _write_checks(sheets["勾稽关系"], statistics, formats)
    _write_groups(sheets["分类统计"], statistics, formats)
    book.close()
    return buffer.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    cell = {"border": 1, "valign": "vcenter", "text_wrap": True}
    return {
        "title": book.add_format({"bold": True, "font_size": 14, "align": "center", "valign": "vcenter"}),
        "head": book.add_format({**cell, "bold": True, "align": "center", "bg_color": "#e8e8e8"}),
        "cell": book.add_format(cell),
        "number": book.add_format({**cell, "align": "center"}),
        "link": book.add_format({**cell, "align": "center", "font_color": "#0067b3", "underline": 1}),
        "fault": book.add_format({**cell, "bg_color": "#F8D7DA", "font_color": "#8A1313"}),
        "day": book.add_format({**cell, "num_format": "yyyy-mm-dd", "align": "center"}),
        "note": book.add_format({"valign": "top", "text_wrap": True}),
        "section": book.add_format({"bold": True, "bg_color": "#dce9fa", "border": 1}),
    }


def _set_page(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


# -- the requests behind each number -----------------------------------------------------------------------


def _write_list(sheet: Any, statistics: RequestStatistics, formats: dict[str, Any]) -> Spans:
    """Write a block of requests for each line, in which those of a column stand together; return where each lies."""
    _set_page(sheet)
    for place, (head, width) in enumerate(zip(_HEADS, _WIDTHS, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, head, formats["head"])
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    spans: Spans = {}
    row = 1
    for code, title, parts in _blocks(statistics):
        members = [(part, request) for part, requests in parts for request in requests]
        if not members:
            continue
        sheet.merge_range(row, 0, row, len(_HEADS) - 1, f"{title}（{len(members)}件）", formats["section"])
        first = row = row + 1
        for part, request in members:
            spans[code, part] = (spans.get((code, part), (row, row))[0], row)
            _write_request(sheet, row, statistics, request, formats)
            row += 1
        spans[code, TOTAL] = (first, row - 1)
    return spans


def _blocks(
    statistics: RequestStatistics,
) -> Iterator[tuple[str, str, list[tuple[str, Sequence[CountedRequest]]]]]:
    """Code and title of each line with its requests by column; those of no column last."""
    table = statistics.table
    lines = [(line.code, line.title, tuple(COLUMNS)) for line in table.form.lines]
    lines += [(remedy, title, tuple(RESULTS)) for remedy, title in REMEDY_TITLES.items()]
    for code, title, columns in lines:
        parts = [
            (column, [table.requests[reference] for reference in table.cell(code, column).references])
            for column in columns
            if column != TOTAL
        ]
        placed = {request.reference for _, requests in parts for request in requests}
        rest = [table.requests[ref] for ref in table.cell(code).references if ref not in placed]
        yield code, title, [*parts, ("", rest)]


def _write_request(
    sheet: Any, row: int, statistics: RequestStatistics, request: CountedRequest, formats: dict[str, Any]
) -> None:
    values = statistics.listed(request)
    for place, name in enumerate(LISTED):
        value = values[name]
        if isinstance(value, date):
            sheet.write_datetime(row, place, datetime(value.year, value.month, value.day), formats["day"])  # noqa: DTZ001
        else:
            sheet.write_string(row, place, value or "", formats["cell"])


# -- the tables --------------------------------------------------------------------------------------------


def _write_form(
    sheet: Any,
    statistics: RequestStatistics,
    official: OfficialTable,
    labels: int,
    places: list[list[tuple[str, str]]],
    spans: Spans,
    formats: dict[str, Any],
) -> None:
    """Write a table of the form. `places`: by row and column, line and column of its numbers."""
    _set_page(sheet)
    texts, heads, wide = official.texts, len(official.head_rows), len(official.columns)
    sheet.merge_range(0, 0, 0, wide - 1, f"{statistics.unit}{official.title}", formats["title"])
    sheet.set_row(0, 28)
    for row, first, last_row, last in blocks_of(official):
        text, form = texts[row][first], formats["head"] if row < heads else formats["cell"]
        if row >= heads and first >= labels:
            place = places[row - heads][first - labels]
            _write_number(sheet, row + 1, first, statistics.table.count(*place), spans.get(place), formats)
        elif (row, first) == (last_row, last):
            sheet.write_string(row + 1, first, text, form)
        else:
            sheet.merge_range(row + 1, first, last_row + 1, last, text, form)
    below = len(texts) + 1
    sheet.merge_range(below, 0, below, wide - 1, official.note + basis_zh(statistics), formats["note"])
    sheet.set_row(below, 64)


def _write_number(
    sheet: Any, row: int, column: int, count: int, span: tuple[int, int] | None, formats: dict[str, Any]
) -> None:
    """Write a number that leads to its requests where it has some."""
    if span is None:
        sheet.write_number(row, column, count, formats["number"])
        return
    target = f"internal:'{_LIST}'!A{span[0] + 1}:{chr(ord('A') + len(_HEADS) - 1)}{span[1] + 1}"
    sheet.write_url(row, column, target, formats["link"], str(count))
    sheet.write_number(row, column, count, formats["link"])  # the link stays, and the number can be summed


def _write_checks(sheet: Any, statistics: RequestStatistics, formats: dict[str, Any]) -> None:
    _set_page(sheet)
    heads = (("应当相符", 44), ("所在行列", 52), ("左", 8), ("右", 8), ("结论", 10), ("一侧未计的申请", 60))
    for place, (head, width) in enumerate(heads):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, head, formats["head"])
    for row, check in enumerate(statistics.table.checks, 1):
        form = formats["cell"] if check.holds else formats["fault"]
        values = (check.rule, check.where, check.left, check.right, "相符" if check.holds else "不相符")
        for place, value in enumerate((*values, "、".join(check.references))):
            (sheet.write_number if isinstance(value, int) else sheet.write_string)(row, place, value, form)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)


def _write_groups(sheet: Any, statistics: RequestStatistics, formats: dict[str, Any]) -> None:
    _set_page(sheet)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 8, 12)
    row = 0
    for official in grouped_tables(statistics):
        sheet.merge_range(row, 0, row, len(official.columns) - 1, official.title, formats["section"])
        for place, head in enumerate(official.columns):
            sheet.write_string(row + 1, place, head, formats["head"])
        row += 2
        for values in official.texts[1:]:
            for place, text in enumerate(values):
                if text.isdecimal():
                    sheet.write_number(row, place, int(text), formats["number"])
                else:
                    sheet.write_string(row, place, text, formats["number" if place else "cell"])
            row += 1
        row += 1
    sheet.write_string(row, 0, official.note)
