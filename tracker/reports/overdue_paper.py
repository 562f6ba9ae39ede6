"""The overdue report as an HTML page and as an official document (公文) with its tables attached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from notifications.ledger import MARKS
from notifications.render import NUMERALS, TONES, environment
from notifications.wording import wording
from tracker.core.law.county import Rulebook
from tracker.core.law.wording import day_zh, matter_zh
from tracker.core.values.verdicts import Light
from tracker.documents.official import OfficialDocument, OfficialTable, TextRun, paragraph_of, text_row

_MATTERS = {
    "序号": 0.05, "责任单位": 0.11, "事项": 0.20, "依据条款": 0.085, "应公开时限": 0.145, "实际公开日期": 0.10,
    "逾期天数": 0.06, "问题类型": 0.11, "整改时限": 0.14,
}  # fmt: skip
_COUNTS = {"单位": 0.35, "逾期": 0.13, "未公开": 0.13, "不完整": 0.13, "新增": 0.13, "未能判定": 0.13}
_DUTIES = {"事项": 0.42, "依据条款": 0.18, "逾期": 0.1, "未公开": 0.1, "不完整": 0.1, "未能判定": 0.1}
_UNJUDGED = {"责任单位": 0.14, "事项": 0.26, "应公开时限": 0.14, "状态": 0.14, "原因": 0.32}
_COMING = {"时限": 0.25, "责任单位": 0.25, "事项": 0.5}


def page_of_report(county: str, report: Mapping[str, Any]) -> str:
    """The report as one self-contained HTML page. `county`: its name."""
    marks = {light.value: f"{MARKS[light]} {light.zh}" for light in Light}
    template = environment().get_template("report_page.html.j2")
    return template.render(county=county, report=report, tones=TONES, marks=marks, next=iter(NUMERALS).__next__)


def paper_of(rulebook: Rulebook, report: Mapping[str, Any], dated: date) -> OfficialDocument:
    """The report as a document: its counts in words, its lists as attached tables."""
    county, rules = rulebook.county, rulebook.circular
    words = wording("report_paper", {**report, "county": county.name})
    issuer = rules.issuer if rules else county.role_name("county-office")
    return OfficialDocument(
        issuer=issuer,
        title=f"关于{county.name}政务公开逾期情况的报告",
        addressee=county.role_name("county-office"),
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
    return matter_zh(line["title"], line["period"])


def _day(iso: str) -> str:
    return day_zh(date.fromisoformat(iso)) if iso else ""
