"""`duban score`: marks and ranks of a period, and by which matters they were lost."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from tracker.commands import context
from tracker.commands.errors import UsageError
from tracker.commands.output import emit, row_of, say
from tracker.commands.parsing import add
from tracker.commands.progress import Underway
from tracker.core.law.wording import percent_zh
from tracker.reports.reading import Reader
from tracker.reports.scores import CountyScores, NoScoring, assess

SCORES = ("rank", "department", "name", "total", "grade", "due", "on_time", "rate", "lost", "won", "veto")
LOSSES = ("department", "name", "fault", "points", "cut", "reason", "occurrences")


def register(commands: Any) -> None:
    made = add(commands, "score", _score, rows=True)
    made.add_argument("period", metavar="PERIOD", help="2015-09, 2015-Q3, 2015-H2 or 2015")
    made.add_argument("--as-of", metavar="DAY", help="as it stood at the end of that day (default: now)")
    made.add_argument("--department", metavar="ID", help="only this one, with every point it lost")
    made.add_argument("--to", type=Path, metavar="FILE", help="write ranks and lost points of all as .xlsx")
    made.add_argument("--losses", action="store_true", help="every point lost, by the occurrences that cost it")


def _score(args: argparse.Namespace) -> int:
    if args.to and args.to.suffix != ".xlsx":
        raise UsageError(f"--to {args.to}: write .xlsx (for CSV: --format csv)")

    loaded = context.load(args)
    rulebook = context.pick(loaded, args)
    context.one_of("--department", args.department, rulebook.county.departments)
    at = context.as_of(args, rulebook)
    with (
        Underway(f"{rulebook.county.id} score {args.period}") as under_way,
        context.opened(args, create=False) as store,
        store.read() as tx,
    ):
        try:
            scores = assess(tx, Reader(rulebook, loaded.calendar), args.period, at, under_way.told)
        except NoScoring as error:
            raise UsageError(str(error)) from None
    if args.to:
        _write(args.to, scores)
    else:
        _show(args, scores)
    if not scores.reading.lines:
        say("nothing was decided by then: run `duban tick` or `duban once` first")
    return 0


def _show(args: argparse.Namespace, scores: CountyScores) -> None:
    is_detailed = args.losses or args.department
    rows = _losses(scores, args.department) if is_detailed else _scores(scores)
    columns = LOSSES if is_detailed else SCORES
    emit(columns, rows, args.format, title=f"{scores.title} {scores.scoring.title}")


def _write(path: Path, scores: CountyScores) -> None:
    from tracker.reports.scores_sheet import sheets_of

    content = sheets_of(scores)
    path.write_bytes(content)
    say(f"{path}: {len(content):,} bytes")


def _scores(scores: CountyScores) -> list[dict[str, Any]]:
    return [
        row_of(score, SCORES, {
            "rank": score.rank or None,
            "name": scores.reading.department(score.department),
            "total": score.total if score.assessed else None,
            "rate": percent_zh(score.on_time / score.due, 0) if score.due else "",
            "veto": "、".join(award.title for award in score.awards if award.veto),
        })
        for score in scores.scores
    ]  # fmt: skip


def _losses(scores: CountyScores, department: str | None) -> list[dict[str, Any]]:
    name = scores.reading.department
    return [
        row_of(loss, LOSSES, {"name": name(loss.department), "occurrences": " ".join(loss.keys)})
        for score in scores.scores
        if department in (None, score.department)
        for loss in score.losses
    ]
