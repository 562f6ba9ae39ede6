"""`duban score`: prints the marks and ranks of a period, and the occurrences by which points were lost."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from tracker.commands.context import CommandContext, DepartmentName, UsageError
from tracker.commands.language import tr
from tracker.commands.output import emit, row_of, say, write_file
from tracker.commands.parsing import AS_OF, command, option
from tracker.commands.printing import check_sheet, print_sheet
from tracker.commands.progress import Underway
from tracker.core.law.wording import percent_zh
from tracker.reports.scores import CountyScores, NoScoring, assess
from tracker.reports.snapshot import CountyReader
from tracker.store.standings import find_last_standing

SCORES = ("rank", "department", "name", "total", "grade", "due", "on_time", "rate", "lost", "won", "veto")
LOSSES = ("department", "name", "fault", "points", "cut", "reason", "occurrences")


@command("score", rows=True)
@option("period", metavar="PERIOD", help="2015-09, 2015-Q3, 2015-H2 or 2015")
@AS_OF
@option("--department", type=DepartmentName, metavar="ID", help="only this one, with every point it lost")
@option("--to", type=Path, metavar="FILE", help="write ranks and lost points of all, as .xlsx or .pdf")
@option("--losses", action="store_true", help="every point lost, by the occurrences that cost it")
def score(args: Namespace, context: CommandContext) -> None:
    as_pdf = bool(args.to) and check_sheet(args.to)
    context.check_department()
    at = context.as_of()
    with (
        Underway(tr("{id} score {period}", id=context.county.id, period=args.period)) as under_way,
        context.read() as tx,
    ):
        try:
            reader = CountyReader(context.rulebook, context.loaded.calendar)
            scores = assess(tx, reader, args.period, at, under_way.report_progress)
            is_new = find_last_standing(tx, context.county.id, at) is None
        except NoScoring as error:
            raise UsageError(str(error)) from None
    if args.to:
        from tracker.reports.scores_sheet import sheets_of

        sheets = sheets_of(scores)
        write_file(args.to, print_sheet(sheets) if as_pdf else sheets)
    else:
        _print(args, scores)
    if is_new:
        say("nothing was decided by then: run `duban tick` or `duban once` first")


def _print(args: Namespace, scores: CountyScores) -> None:
    title = f"{scores.title} {scores.scoring.title}"
    if args.losses or args.department:
        emit(LOSSES, _losses(scores, args.department), args.format, title=title)
    else:
        emit(SCORES, _scores(scores), args.format, title=title)


def _scores(scores: CountyScores) -> list[dict[str, Any]]:
    return [
        row_of(score, SCORES, {
            "rank": score.rank or None,
            "name": scores.snapshot.department(score.department),
            "total": score.total if score.assessed else None,
            "rate": percent_zh(score.on_time / score.due, 0) if score.due else "",
            "veto": "、".join(award.title for award in score.awards if award.veto),
        })
        for score in scores.scores
    ]  # fmt: skip


def _losses(scores: CountyScores, department: str | None) -> list[dict[str, Any]]:
    name = scores.snapshot.department
    return [
        row_of(loss, LOSSES, {"name": name(loss.department), "occurrences": " ".join(loss.keys)})
        for score in scores.scores
        if department in (None, score.department)
        for loss in score.losses
    ]
