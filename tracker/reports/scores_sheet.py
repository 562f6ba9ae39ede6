"""Writes scores as .xlsx: a sheet of ranks and a sheet of lost points."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from xlsxwriter import Workbook

from tracker.core.assessment.scoring import FAULTS_ZH
from tracker.reports.scores import CountyScores

_RANKS = (
    ("名次", 6), ("单位", 22), ("得分", 8), ("等次", 10), ("到期", 7), ("按时", 7), ("按时率", 8),
    ("扣分", 8), ("加分", 8), ("一票否决", 24),
)  # fmt: skip
_LOSSES = (("单位", 22), ("扣分情形", 14), ("实扣", 8), ("封顶免扣", 10), ("事由", 70), ("事项编号", 60))
#: The file's time of creation, so that the same scores give the same bytes. Excel's times have no zone.
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001


def sheets_of(assessment: CountyScores) -> bytes:
    """The bytes of the .xlsx; nothing in it can become a formula or a link."""
    buffer = io.BytesIO()
    book = Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": f"{assessment.title}{assessment.scoring.title}", "created": _CREATED})
    _sheet(book, "排名", f"{assessment.title} {assessment.scoring.title}", _RANKS, _ranks(assessment))
    _sheet(book, "扣分明细", f"{assessment.title} 扣分明细", _LOSSES, _losses(assessment))
    book.close()
    return buffer.getvalue()


def _ranks(assessment: CountyScores) -> Iterable[Sequence[Any]]:
    for score in assessment.scores:
        rate = score.on_time / score.due if score.due else None
        veto = "、".join(award.title for award in score.awards if award.veto)
        yield (
            score.rank or "—", assessment.snapshot.department(score.department), score.total if score.assessed else "—",
            score.grade or "—", score.due, score.on_time, rate,
            score.lost, score.won, veto,
        )  # fmt: skip


def _losses(assessment: CountyScores) -> Iterable[Sequence[Any]]:
    for score in assessment.scores:
        for loss in score.losses:
            who = assessment.snapshot.department(loss.department)
            yield (who, FAULTS_ZH[loss.fault], loss.points, loss.cut, loss.reason, "\n".join(loss.keys))


def _sheet(book: Any, name: str, title: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Any]]) -> None:
    sheet = book.add_worksheet(name)
    head = book.add_format({"bold": True, "border": 1, "align": "center", "bg_color": "#e8e8e8"})
    cell = book.add_format({"border": 1, "valign": "top", "text_wrap": True})
    percent = book.add_format({"border": 1, "valign": "top", "num_format": "0.0%"})
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    for place, (name_zh, width) in enumerate(columns):
        sheet.set_column(place, place, width)
        sheet.write_string(1, place, name_zh, head)
    last = 1
    for last, row in enumerate(rows, 2):
        for place, value in enumerate(row):
            form = percent if columns[place][0] == "按时率" else cell
            if isinstance(value, int | float):
                sheet.write_number(last, place, value, form)
            else:
                sheet.write_string(last, place, value or "", form)
    sheet.freeze_panes(2, 2 if name == "排名" else 1)
    sheet.autofilter(1, 0, last, len(columns) - 1)
    sheet.print_area(
        0, 0, last, len([head for head, _ in columns if head != "事项编号"]) - 1
    )  # keys are for the screen
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
