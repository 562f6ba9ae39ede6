"""The overdue report as an HTML page and as a paper: a numbered 专报 with its tables attached, or an internal list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from notifications.ledger import MARKS
from notifications.render import NUMERALS, TONES, environment
from notifications.wording import wording
from tracker.core.law.county import Rulebook
from tracker.core.law.wording import day_zh, matter_zh
from tracker.core.values.formulas import ReportRules
from tracker.core.values.verdicts import Light
from tracker.documents.official import (
    Masthead,
    OfficialDocument,
    OfficialTable,
    TextRun,
    note_of,
    paragraph_of,
    text_row,
)

_MATTERS = {
    "序号": 0.05, "责任单位": 0.095, "事项": 0.18, "依据条款": 0.13, "应公开时限": 0.14, "实际公开日期": 0.14,
    "逾期天数": 0.05, "问题类型": 0.105, "整改时限": 0.11,
}  # fmt: skip
_COUNTS = {
    "单位": 0.29, "逾期": 0.11, "未公开": 0.11, "不完整": 0.11, "未核对更新": 0.14, "新增": 0.11, "未能判定": 0.13,
}  # fmt: skip
_DUTIES = {
    "事项": 0.37, "依据条款": 0.17, "逾期": 0.08, "未公开": 0.08, "不完整": 0.08, "未核对更新": 0.12, "未能判定": 0.1,
}  # fmt: skip
_UNJUDGED = {"责任单位": 0.14, "事项": 0.26, "应公开时限": 0.14, "状态": 0.14, "原因": 0.32}
_COMING = {"时限": 0.25, "责任单位": 0.25, "事项": 0.5}


#: What stands for the day of publication where there is none, by the end of the problem's name.
_PUBLISHED = {"未公开": "未公开", "不完整": "部分公开", "后撤下": "曾公开", "对更新": "已公开"}


def page_of_report(county: str, report: Mapping[str, Any]) -> str:
    """The report as one self-contained HTML page. `county`: its name."""
    marks = {light.value: f"{MARKS[light]} {light.zh}" for light in Light}
    template = environment().get_template("report_page.html.j2")
    title = f"{county}政务公开逾期事项督办情况"
    return template.render(title=title, report=report, tones=TONES, marks=marks, next=iter(NUMERALS).__next__)


def paper_of(rulebook: Rulebook, report: Mapping[str, Any], dated: date, number: int = 0) -> OfficialDocument:
    """The report as a paper: its counts in words, its lists as tables. `number`: of the 专报, 0 where it has none."""
    county, rules = rulebook.county, rulebook.report or ReportRules()
    words = wording("report_paper", {**report, "county": county.name, "form": rules.form})
    listed = OfficialDocument(
        issuer="",
        title=f"{county.name}政务公开逾期情况清单",
        addressee="",
        body=tuple(map(paragraph_of, words.paragraphs)),
        signature="",
        dated=dated,
        attachments=tuple(_tables(report)),
    )
    if rules.form == "list":
        return listed
    circular = rulebook.circular
    return replace(
        listed,
        issuer=rules.issuer or (circular.issuer if circular else "") or county.role_name("county-office"),
        title=f"{county.name}政务公开逾期事项督办情况",
        number=f"第{number or '　　'}期",
        masthead=Masthead(rules.name, rules.signer, rules.recipient or county.role_name("supervisor")),
    )


def _tables(report: Mapping[str, Any]) -> Iterator[OfficialTable]:
    heads = report.get("heads") or {}
    late, note = [line for unit in report["departments"] for line in unit["lines"]], note_of(report["instrument"])
    for title, matters in (("逾期事项清单", late), ("仅作提醒的逾期事项清单", report.get("reminded"))):
        if matters:
            yield _late_table(title, matters, note, heads)
    if report["departments"]:
        counts = _rows(report["departments"], "name", "late", "overdue", "incomplete", "unkept", "fresh", "unjudged")
        yield OfficialTable("各单位逾期情况统计表", _headed(_COUNTS, heads), counts)
        duties = _rows(report["duties"], "title", "basis", "late", "overdue", "incomplete", "unkept", "unjudged")
        yield OfficialTable("各事项逾期情况统计表", _headed(_DUTIES, heads), duties, note=note)
    if report["unjudged"]:
        unjudged = [{**line, "matter": _matter(line)} for line in report["unjudged"]]
        rows = _rows(unjudged, "department", "matter", "due", "status", "reason")
        yield OfficialTable("未能判定事项清单", _headed(_UNJUDGED, heads), rows, landscape=True)
    if report["coming"]:
        coming = [{**line, "matter": _matter(line)} for line in report["coming"]]
        yield OfficialTable("未来七日到期事项清单", _COMING, _rows(coming, "due", "department", "matter"))


def _rows(lines: Sequence[Mapping[str, Any]], *names: str) -> tuple[tuple[TextRun, ...], ...]:
    return tuple(text_row(line[name] for name in names) for line in lines)


def _late_table(title: str, lines: Sequence[Mapping[str, Any]], note: str, heads: Mapping[str, str]) -> OfficialTable:
    """The table of late matters, without 整改时限 where no circular has set one."""
    columns = dict(_MATTERS)
    if not any(line["rectify_by"] for line in lines):
        del columns["整改时限"]
    rows = [_late_row(number, line)[: len(columns)] for number, line in enumerate(lines, 1)]
    return OfficialTable(title, _headed(columns, heads), tuple(rows), landscape=True, note=note)


def _headed(columns: Mapping[str, float], heads: Mapping[str, str]) -> dict[str, float]:
    """The columns under the report's heads; those of earlier versions have none and are about publication."""
    named = {"应公开时限": heads.get("due"), "实际公开日期": heads.get("done"), "未公开": heads.get("undone")}
    return {named.get(name) or name: share for name, share in columns.items()}


def _late_row(number: int, line: Mapping[str, Any]) -> tuple[TextRun, ...]:
    problem = line["problem"]
    undone = problem.removeprefix("逾期") if problem.startswith("逾期未") else "—"
    published = _day(line["published_on"]) or _PUBLISHED.get(problem[-3:], undone)
    if line.get("looked"):  # reports of earlier versions have none
        published += f"，截至{line['looked']}查看"
    cells = (
        number, line["department"], _matter(line), line["basis"], line["due"], published,
        "—" if line["lateness"] else _days_late(line), problem, _day(line["rectify_by"]) or "—",
    )  # fmt: skip
    return text_row(cells, {2: line["url"]})


def _days_late(line: Mapping[str, Any]) -> str:
    """The days late, and from which day they count where that is later than the time limit."""
    since = _day(line.get("counted_from", ""))
    return f"{line['days_late']}（自{since}起计）" if since else str(line["days_late"])


def _matter(line: Mapping[str, Any]) -> str:
    return matter_zh(line["title"], "，".join(filter(None, (line["period"], *line.get("marks", ())))))


def _day(iso: str) -> str:
    return day_zh(date.fromisoformat(iso)) if iso else ""
