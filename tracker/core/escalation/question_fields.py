"""Fields of a question: which columns were looked at, and what would be right. They say nothing of who is late."""

from __future__ import annotations

from typing import Any

from tracker.core.escalation.case import Case
from tracker.core.law.duties import Cell, Every
from tracker.core.law.wording import moment_zh, period_zh
from tracker.core.matching.title_pattern import pattern_zh
from tracker.core.values.verdicts import CellVerdict

#: What a question says of the occurrence: what the looks showed, and no judgement.
NOT_SEEN = "查看网站时未查到全部公开内容"


def question_fields(case: Case) -> dict[str, Any]:
    """Return what a question shows beside the other fields of its occurrence.

    `looked`: the columns of the missing cells with address and instant of the last complete visit. `expected`: what a
    title has to say, in words. `near`: titles that came near; the deciding pass adds them.
    """
    pairs = [(verdict, cell) for verdict, cell in _missing_cells(case) if not verdict.filed_only]
    looked = {place["url"]: place for verdict, cell in pairs for place in _places(case, verdict, cell)}
    expected = dict.fromkeys(text for _, cell in pairs if (text := _expected(case, cell)))
    return {"looked": list(looked.values()), "expected": list(expected), "near": []}


def _missing_cells(case: Case) -> list[tuple[CellVerdict, Cell]]:
    assignment = case.duty.assignment(case.occurrence.department)
    cells = {cell.name: cell for cell in assignment.cells} if assignment else {}
    missing = (verdict for verdict in case.verdict.cells if verdict.state == "missing")
    return [(verdict, cells[verdict.cell]) for verdict in missing if verdict.cell in cells]


def _places(case: Case, verdict: CellVerdict, cell: Cell) -> list[dict[str, str]]:
    at = moment_zh(verdict.sighted_at.astimezone(case.county.zone)) if verdict.sighted_at else ""
    columns = [case.county.columns.get(key) for source in cell.sources for key in source.columns]
    return [
        {"title": column.title or column.name, "url": column.url, "at": at, "kind": column.kind}
        for column in columns
        if column is not None
    ]


def _expected(case: Case, cell: Cell) -> str:
    """Return what the title of a proof has to say: 水环境质量：标题含“水环境”或“水质”，所属时期为2015年6月."""
    event = case.occurrence.event
    words = [pattern_zh(source.title, event) for source in cell.sources if source.title]
    said = "或".join(dict.fromkeys(filter(None, words)))
    part = next((part.title for part in case.duty.parts if part.name == cell.part), "")
    name = part if part and len(case.duty.parts) > 1 else case.duty.title
    clauses = [f"标题含{said}" if said else "", _expected_time(case)]
    return f"{name}：{'，'.join(filter(None, clauses))}" if any(clauses) else name


def _expected_time(case: Case) -> str:
    """Return which period a proof is about, or when it is published; "" where any time will do."""
    deadline = case.occurrence.deadline
    if not isinstance(deadline, Every):
        return ""
    period = period_zh(case.occurrence)
    if deadline.upkeep:
        return f"{period}内有更新"
    return f"在{period}内公开" if deadline.about == "publication" else f"所属时期为{period}"
