"""Writes the ledger (台账), an .xlsx of matters, for mails and for `duban report ledger`.

Rows go to the disk at once, so that only links take memory (some hundred bytes each).
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType, TracebackType
from typing import IO, Any

from tracker.core.values.verdicts import Light, Status

#: Heads and widths in the order of columns. Those right of 单位说明 are not printed.
COLUMNS: Mapping[str, float] = {
    "序号": 6, "责任单位": 12, "事项": 24, "期次": 15, "依据条款": 11, "应公开时限": 11, "实际公开日期": 11,
    "逾期天数": 6, "问题类型": 11, "整改时限": 11, "目前状态": 11, "灯号": 6, "情况说明": 40, "单位说明": 18,
    "证据链接": 34, "时限推算": 60, "事项编号": 46,
}  # fmt: skip
HEADS = tuple(COLUMNS)
_PRINTED = HEADS.index("单位说明")
#: Columns that are not wrapped: a long address would make its printed row as high as itself.
_ONE_LINE = frozenset(HEADS[_PRINTED + 1 :])
_FROZEN = HEADS.index("事项") + 1
#: Marks of lights, for black paper and for those who do not tell red from green.
MARKS = {
    Light.RED: "▲", Light.YELLOW: "◆", Light.GREEN: "●", Light.BLUE: "■", Light.GREY: "○", Light.NONE: "—",
}  # fmt: skip
_FILLS = {"▲": ("#F8D7DA", "#8A1313"), "◆": ("#FFEFC2", "#6B4B00"), "●": ("#D9F0DF", "#155A2B"),
          "■": ("#DCE9FA", "#174785"), "○": ("#ECEEF1", "#41474F")}  # fmt: skip
#: Limits of Excel: characters of a cell and of an address, rows and addresses of a sheet, characters of its name.
_MAX_CELL, _MAX_ADDRESS, _MAX_ROWS, _MAX_LINKS, _MAX_NAME = 32_000, 2_000, 1_048_000, 65_000, 31
#: Characters that XML cannot hold, or that spreadsheets show as a code.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SUMMARY = "汇总"
#: The counts of the summary, by statuses.
COUNTS: Mapping[str, tuple[Status, ...]] = {
    "按时公开": (Status.MET,),
    "逾期后公开": (Status.MET_LATE,),
    "逾期未公开": (Status.OVERDUE,),
    "公开不完整": (Status.INCOMPLETE,),
    "未能判定": tuple(status for status in Status if status.unjudged),
    "尚未到期": tuple(status for status in Status if status.coming),
    "不适用、豁免或异议成立": tuple(status for status in Status if status.ended),
}


class TooManyRows(ValueError):
    """There are more rows than a sheet holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """A matter in its row.

    `due`: a day, local time where the limit is an hour, or a word; `late`: working days, None where they do not apply;
    `rectify`: the day by which a circular wants it rectified; `link`: the page that proves it; `kind`: the status that
    the summary counts.
    """

    who: str
    title: str
    period: str
    clause: str
    due: date | str
    published: date | None
    late: int | None
    problem: str
    rectify: date | None
    status: str
    light: Light
    reason: str
    said: str = ""
    link: str = ""
    derivation: str = ""
    key: str = ""
    kind: Status | None = None


class Ledger:
    """A workbook that is written sheet by sheet and row by row. The same rows give the same bytes.

    `summary`: whether a first sheet counts the rows by department and status. `now`: local time of the county.
    """

    def __init__(self, to: IO[bytes], title: str, now: datetime, *, summary: bool = False) -> None:
        from notifications.workbook import Book  # heavy, and needed once a week

        self._book = Book(to, constant_memory=True, default_date_format="yyyy-mm-dd")
        self._title = title
        self._book.set_properties({"title": title, "created": now.replace(tzinfo=None)})
        self._formats = _formats(self._book)
        self._summary = self._book.add_worksheet(_SUMMARY) if summary else None
        self._counts: dict[str, Counter[str]] = {}
        self._sheet: Any = None
        self._names: set[str] = {_SUMMARY} if summary else set()
        self._row = self._linked = 0

    def sheet(self, name: str, title: str = "", heads: Mapping[str, str] = MappingProxyType({})) -> None:
        """Begin the next sheet. `name`: is made legal and unique; `title`: its first line, instead of the book's;
        `heads`: other words for heads."""
        self._end()
        name = sheet_name(name, self._names)
        self._names.add(name)
        self._sheet = self._book.add_worksheet(name)
        self._row, self._linked = 2, 0
        _set_up(self._sheet, title or self._title, list(COLUMNS.values()), _PRINTED, self._formats)
        self._sheet.write_row(1, 0, [heads.get(head, head) for head in HEADS], self._formats["head"])
        self._sheet.freeze_panes(2, _FROZEN)

    def add(self, row: LedgerRow, *, counted: bool = True) -> None:
        """Write the next row. `counted`: whether the summary counts it. Raises TooManyRows."""
        if self._row >= _MAX_ROWS:
            raise TooManyRows(f"a sheet holds {_MAX_ROWS - 2:,} rows at most: ask for fewer days")
        if counted and row.kind is not None:
            self._counts.setdefault(row.who, Counter())[_count_of(row.kind)] += 1
        values = (
            self._row - 1, row.who, row.title, row.period, row.clause, row.due, row.published, row.late, row.problem,
            row.rectify, row.status, f"{MARKS[row.light]} {row.light.zh}" if row.light is not Light.NONE else "—",
            row.reason, row.said, row.link, row.derivation, row.key,
        )  # fmt: skip
        for column, value in enumerate(values):
            self._write(column, value)
        self._row += 1

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write the file; after an error nothing, and leave no temporary rows on the disk."""
        if error is None:
            self._close()
        else:
            self._book.filename = io.BytesIO()
            self._book.close()

    def _close(self) -> None:
        if self._sheet is None:
            self.sheet("台账")
        self._end()
        if self._summary is not None:
            _write_summary(self._summary, self._title, self._counts, self._formats)
        self._book.close()

    def _write(self, column: int, value: Any) -> None:
        sheet, row, formats = self._sheet, self._row, self._formats
        if value is None or value == "":
            sheet.write_blank(row, column, None, formats["text"])
        elif isinstance(value, datetime):
            sheet.write_datetime(row, column, value, formats["hour"])
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, formats["day"])
        elif isinstance(value, int):
            sheet.write_number(row, column, value, formats["number"])
        elif HEADS[column] == "证据链接" and self._linked < _MAX_LINKS and _is_link(value):
            self._linked += 1
            sheet.write_url(row, column, value, formats["link"], value)
        else:
            sheet.write_string(row, column, _cell(value), formats["line" if HEADS[column] in _ONE_LINE else "text"])

    def _end(self) -> None:
        """Set what depends on the sheet's last row: filter, print area, colours of lights."""
        if self._sheet is None:
            return
        last = max(self._row - 1, 2)
        self._sheet.autofilter(1, 0, last, len(HEADS) - 1)
        self._sheet.print_area(0, 0, last, _PRINTED)
        light = HEADS.index("灯号")
        for mark in _FILLS:
            rule = {"type": "text", "criteria": "begins with", "value": mark, "format": self._formats[mark]}
            self._sheet.conditional_format(2, light, last, light, rule)


def _formats(book: Any) -> dict[str, Any]:
    plain = {"font_name": "宋体", "font_size": 10, "valign": "top", "border": 1, "border_color": "#C9CED6"}
    wrapped = {**plain, "text_wrap": True}
    formats = {
        "title": {"font_name": "黑体", "font_size": 14, "bold": True, "align": "center", "valign": "vcenter"},
        "head": {**wrapped, "bold": True, "bg_color": "#E3E6EA", "align": "center", "valign": "vcenter"},
        "text": wrapped,
        "line": plain,
        "number": {**plain, "align": "center"},
        "total": {**plain, "bold": True, "align": "center"},
        "day": {**plain, "num_format": "yyyy-mm-dd", "align": "center"},
        "hour": {**plain, "num_format": "yy-mm-dd hh:mm", "align": "center", "shrink": True},
        "link": {**plain, "font_color": "#1A4F94", "underline": 1},
    } | {mark: {"bg_color": fill, "font_color": ink, "bold": True} for mark, (fill, ink) in _FILLS.items()}
    return {name: book.add_format(form) for name, form in formats.items()}


def _set_up(sheet: Any, title: str, widths: Iterable[float], last: int, formats: Mapping[str, Any]) -> None:
    """Set the page: A4 landscape, one page wide, with its head on every page and numbers at the foot."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.set_row(0, 28)
    sheet.merge_range(0, 0, 0, last, title, formats["title"])


def _write_summary(sheet: Any, title: str, counts: Mapping[str, Counter[str]], formats: Mapping[str, Any]) -> None:
    heads = ("责任单位", "事项合计", *COUNTS)
    _set_up(sheet, f"{title}：{_SUMMARY}", [24, *[12] * (len(heads) - 1)], len(heads) - 1, formats)
    sheet.write_row(1, 0, heads, formats["head"])
    sheet.freeze_panes(2, 1)
    row = 1
    for row, (who, by_name) in enumerate(counts.items(), 2):
        sheet.write_string(row, 0, _cell(who), formats["text"])
        sheet.write_row(row, 1, (by_name.total(), *(by_name[name] for name in COUNTS)), formats["number"])
    total = sum(counts.values(), Counter[str]())
    sheet.write_string(row + 1, 0, "合计", formats["total"])
    sheet.write_row(row + 1, 1, (total.total(), *(total[name] for name in COUNTS)), formats["total"])


def _count_of(status: Status) -> str:
    return next(name for name, statuses in COUNTS.items() if status in statuses)


def _cell(text: str) -> str:
    """The text without unprintable characters, cut to what a cell holds."""
    if not text.isprintable():  # rare, and faster than the expression
        text = _UNPRINTABLE.sub("", text)
    return text if len(text) <= _MAX_CELL else text[:_MAX_CELL] + "……"


def _is_link(text: str) -> bool:
    """Whether it is an address of the web that a spreadsheet takes as a link."""
    return bool(re.match(r"https?://[^\s<>\"]+$", text)) and len(text) <= _MAX_ADDRESS


def sheet_name(name: str, taken: Iterable[str]) -> str:
    """A legal name that no other sheet has: at most 31 UTF-16 units, none of []:*?/\\, no quote at its ends."""
    legal = re.sub(r"[\[\]:*?/\\\t\n]", "", _UNPRINTABLE.sub("", name)).strip().strip("'")
    legal = _cut(legal, _MAX_NAME).strip("'") or "单位"
    used = {other.casefold() for other in taken} | {"history"}
    unique, number = legal, 1
    while unique.casefold() in used:
        number += 1
        tail = f"（{number}）"
        unique = _cut(legal, _MAX_NAME - len(tail)) + tail
    return unique


def _cut(text: str, most: int) -> str:
    """The text's beginning of `most` UTF-16 units, as Excel counts characters."""
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")


# -- the mailed report's --------------------------------------------------------------------------


def file_name(report: Mapping[str, Any]) -> str:
    return f"逾期台账（{report['day']}）.xlsx"


def ledger(county: str, report: Mapping[str, Any], now: datetime) -> bytes:
    """The ledger of a report: late matters, then those that could not be judged."""
    buffer = io.BytesIO()
    late = [line for unit in report["departments"] for line in unit["lines"]]
    instrument = report.get("instrument")
    note = f"；依据条款未注明文件的，为{instrument}的条款" if instrument else ""
    with Ledger(buffer, f"{county}政务公开逾期台账（截至{report['as_of']}{note}）", now) as book:
        book.sheet("台账")
        for line in (*late, *report["unjudged"]):
            book.add(row_of(line))
    return buffer.getvalue()


def row_of(line: Mapping[str, Any]) -> LedgerRow:
    """A line of the report as a row. Lines that older versions stored have fewer values."""
    light = Light(line["light"])
    has_days = (line.get("problem") or light is Light.RED) and not line["lateness"]
    published, rectify = line.get("published_on"), line.get("rectify_by")
    return LedgerRow(
        who=line["department"],
        title=line["title"] + bracketed(line["marks"]),
        period=line["period"],
        clause=line.get("basis") or line.get("clause", ""),
        due=date.fromisoformat(line["due_on"]) if line.get("due_on") else line["due"],
        published=date.fromisoformat(published) if published else None,
        late=line["days_late"] if has_days else None,
        problem=line.get("problem", line["lateness"] or (line["status"] if light is Light.RED else "")),
        rectify=date.fromisoformat(rectify) if rectify else None,
        status=line["status"],
        light=light,
        reason=line["reason"],
        said=line.get("said", ""),
        link=line.get("url", ""),
        derivation=line.get("derivation", ""),
        key="\n".join(line.get("keys", ())),
    )


def bracketed(marks: Iterable[str]) -> str:
    return "".join(f"［{mark}］" for mark in marks)
