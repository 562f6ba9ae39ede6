"""Writes scores as .xlsx: a sheet of ranks and a sheet of lost points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tracker.core.assessment.scoring import FAULTS_ZH
from tracker.reports.list_sheet import ListColumn, ListSheet, write_lists
from tracker.reports.scores import CountyScores

_RANKS = (
    ListColumn("名次", 6), ListColumn("单位", 22), ListColumn("得分", 8), ListColumn("等次", 10), ListColumn("到期", 7),
    ListColumn("按时", 7), ListColumn("按时率", 8, is_rate=True), ListColumn("扣分", 8), ListColumn("加分", 8),
    ListColumn("一票否决", 24),
)  # fmt: skip
_LOSSES = (
    ListColumn("单位", 22), ListColumn("扣分情形", 14), ListColumn("实扣", 8), ListColumn("封顶免扣", 10),
    ListColumn("事由", 70), ListColumn("事项编号", 60, is_printed=False),
)  # fmt: skip


def sheets_of(assessment: CountyScores) -> bytes:
    """The bytes of the .xlsx; nothing in it can become a formula or a link."""
    title = assessment.title
    ranks = ListSheet("排名", f"{title} {assessment.scoring.title}", _RANKS, _ranks(assessment), frozen=2)
    losses = ListSheet("扣分明细", f"{title} 扣分明细", _LOSSES, _losses(assessment))
    return write_lists(f"{title}{assessment.scoring.title}", (ranks, losses))


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
