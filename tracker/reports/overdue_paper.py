"""The overdue report as an official document (公文), with its tables attached, and as flat rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from notifications.wording import wording
from tracker.core.law.duties import Rulebook
from tracker.core.law.wording import day_zh, role_zh
from tracker.documents.official import OfficialDocument, OfficialTable, TextRun, paragraph_of, text_row

#: The parts of the report as rows name them.
PARTS = {"late": "逾期", "unjudged": "未能判定", "mended": "已补正", "coming": "将到期"}
#: What a row of the report tells, in CSV and tables.
COLUMNS = (
    "part", "department", "title", "period", "clause", "due", "published_on", "days_late", "problem", "status",
    "light", "fresh", "count", "reason", "said", "url", "occurrences",
)  # fmt: skip
_MATTERS = {
    "序号": 0.05, "责任单位": 0.11, "事项": 0.20, "依据条款": 0.085, "应公开时限": 0.145, "实际公开日期": 0.10,
    "逾期天数": 0.06, "问题类型": 0.11, "整改时限": 0.14,
}  # fmt: skip
_COUNTS = {"单位": 0.35, "逾期": 0.13, "未公开": 0.13, "不完整": 0.13, "新增": 0.13, "未能判定": 0.13}
_DUTIES = {"事项": 0.42, "依据条款": 0.18, "逾期": 0.1, "未公开": 0.1, "不完整": 0.1, "未能判定": 0.1}
_UNJUDGED = {"责任单位": 0.14, "事项": 0.26, "应公开时限": 0.14, "状态": 0.14, "原因": 0.32}
_COMING = {"时限": 0.25, "责任单位": 0.25, "事项": 0.5}


def rows_of(report: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Each line of the report with the part that it stands in; see `COLUMNS`."""
    late = [line for unit in report["departments"] for line in unit["lines"]]
    parts = {"late": late, **{name: report[name] for name in ("unjudged", "mended", "coming")}}
    for part, lines in parts.items():
        for line in lines:
            days = line["days_late"] if part in ("late", "mended") and not line["lateness"] else None
            marks = "".join(f"［{mark}］" for mark in line["marks"])
            yield {
                **line,
                "part": PARTS[part],
                "title": line["title"] + marks,
                "days_late": days,
                "occurrences": " ".join(line["keys"]),
            }


def paper_of(rulebook: Rulebook, report: Mapping[str, Any], dated: date) -> OfficialDocument:
    """The document: what stands in words, the lists as attached tables."""
    county, rules = rulebook.county, rulebook.circular
    words = wording("report_paper", {**report, "county": county.name})
    issuer = rules.issuer if rules else f"{county.name}政务公开办公室"
    return OfficialDocument(
        issuer=issuer,
        title=f"关于{county.name}政务公开逾期情况的报告",
        addressee=role_zh("county-office"),
        body=tuple(map(paragraph_of, words.paragraphs)),
        signature=issuer,
        dated=dated,
        attachments=tuple(_tables(report)),
    )


def _tables(report: Mapping[str, Any]) -> Iterator[OfficialTable]:
    late = [line for unit in report["departments"] for line in unit["lines"]]
    if late:
        rows = tuple(_late_row(number, line) for number, line in enumerate(late, 1))
        yield OfficialTable("逾期事项清单", _MATTERS, rows, landscape=True)
    if report["departments"]:
        counts = _rows(report["departments"], "name", "late", "overdue", "incomplete", "fresh", "unjudged")
        yield OfficialTable("各单位逾期情况统计表", _COUNTS, counts)
        duties = _rows(report["duties"], "title", "clause", "late", "overdue", "incomplete", "unjudged")
        yield OfficialTable("各事项逾期情况统计表", _DUTIES, duties)
    if report["unjudged"]:
        unjudged = [{**line, "matter": _matter(line)} for line in report["unjudged"]]
        rows = _rows(unjudged, "department", "matter", "due", "status", "reason")
        yield OfficialTable("未能判定事项清单", _UNJUDGED, rows, landscape=True)
    if report["coming"]:
        coming = [{**line, "matter": _matter(line)} for line in report["coming"]]
        yield OfficialTable("未来七日到期事项清单", _COMING, _rows(coming, "due", "department", "matter"))


def _rows(lines: Sequence[Mapping[str, Any]], *names: str) -> tuple[tuple[TextRun, ...], ...]:
    return tuple(text_row(line[name] for name in names) for line in lines)


def _late_row(number: int, line: Mapping[str, Any]) -> tuple[TextRun, ...]:
    cells = (
        number, line["department"], _matter(line), line["clause"], line["due"],
        _day(line["published_on"]) or ("未公开" if line["problem"].endswith("未公开") else "—"),
        "—" if line["lateness"] else line["days_late"], line["problem"], _day(line["rectify_by"]) or "—",
    )  # fmt: skip
    return text_row(cells, {2: line["url"]})


def _matter(line: Mapping[str, Any]) -> str:
    return f"{line['title']}（{line['period']}）"


def _day(iso: str) -> str:
    return day_zh(date.fromisoformat(iso)) if iso else ""
