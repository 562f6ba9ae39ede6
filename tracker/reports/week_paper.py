"""The office's week as a paper: its counts in words, a table for each part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from tracker.core.law.county import Rulebook
from tracker.core.law.wording import matter_zh
from tracker.documents.official import OfficialDocument, OfficialTable, TextRun, paragraph_of, text_row
from tracker.reports.week import PARTS, counts_zh

_DUE = {"时限": 0.16, "责任单位": 0.3, "事项": 0.46, "件数": 0.08}
_QUESTIONS = {"类别": 0.12, "网站上的标题": 0.3, "涉及事项": 0.28, "待认定的问题": 0.3}
_REASONS = {"责任单位": 0.14, "事项": 0.3, "时限": 0.14, "情况": 0.42}
_UNREAD = {"栏目": 0.3, "未能读取的原因": 0.5, "起始时间": 0.2}
_UNANSWERED = {"责任单位": 0.14, "事项": 0.36, "时限": 0.16, "状态": 0.14, "最近一次通知": 0.2}


def paper_of_week(rulebook: Rulebook, week: Mapping[str, Any], dated: date) -> OfficialDocument:
    """The paper. `week`: as `week_at` gives it, with all rows of each part."""
    text = f"截至{week['as_of']}：{counts_zh(week['totals'])}。供工作安排参考，不作为认定依据。"
    return OfficialDocument(
        issuer="",
        title=f"{rulebook.county.name}政务公开{week['title']}",
        addressee="",
        body=(paragraph_of([(text, "")]),),
        signature="",
        dated=dated,
        attachments=tuple(_tables(week)),
    )


def _tables(week: Mapping[str, Any]) -> Iterator[OfficialTable]:
    for part, name in PARTS.items():
        rows = week.get(part)
        if rows:
            columns, cells = _COLUMNS[part]
            title = "其后至30日内到期" if part == "ahead" else name
            more = week.get("decide_more") if part == "decide" else 0
            note = f"另有{more}篇，见督办系统的待认定清单。" if more else ""
            yield OfficialTable(f"{title}（{_count(week, part)}）", columns, tuple(map(cells, rows)), note=note)


def _count(week: Mapping[str, Any], part: str) -> str:
    return f"{week['totals'][part]}{'个' if part == 'unread' else '项'}"


def _matter(row: Mapping[str, Any]) -> str:
    return matter_zh(row["title"], "，".join(filter(None, (row["period"], *row["marks"]))))


def _due(row: Mapping[str, Any]) -> tuple[TextRun, ...]:
    return text_row((row["due"], row["department"], _matter(row), row["count"]))


def _question(row: Mapping[str, Any]) -> tuple[TextRun, ...]:
    return text_row((row["kind"], row["title"], row["matter"], row["question"]), {1: row["url"]})


def _reason(row: Mapping[str, Any]) -> tuple[TextRun, ...]:
    return text_row((row["department"], _matter(row), row["due"], row["reason"]))


def _unread(row: Mapping[str, Any]) -> tuple[TextRun, ...]:
    return text_row((row["where"], row["note"], row["since"]))


def _unanswered(row: Mapping[str, Any]) -> tuple[TextRun, ...]:
    matter = matter_zh(row["title"], row["period"])
    return text_row((row["department"], matter, row["due"], row["status"], row["notified"]))


#: By part the columns of its table and what makes a row.
_COLUMNS = {
    "near": (_DUE, _due),
    "ahead": (_DUE, _due),
    "decide": (_QUESTIONS, _question),
    "objections": (_REASONS, _reason),
    "records": (_REASONS, _reason),
    "unread": (_UNREAD, _unread),
    "unanswered": (_UNANSWERED, _unanswered),
}
