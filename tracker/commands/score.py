"""`duban score`: marks and ranks of a period, and by which matters they were lost."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.commands import context
from tracker.commands.errors import UsageError
from tracker.commands.output import emit, say
from tracker.commands.parsing import add
from tracker.commands.progress import Underway

if TYPE_CHECKING:
    from tracker.reports.scores import CountyScores

SCORES = ("rank", "department", "name", "total", "grade", "due", "on_time", "rate", "lost", "won", "veto")
LOSSES = ("department", "name", "fault", "points", "cut", "reason", "occurrences")


def register(commands: Any) -> None:
    made = add(commands, "score", _score, "score and rank the departments for a month, quarter or year", rows=True)
    made.add_argument("period", metavar="PERIOD", help="2015-09, 2015-Q3, 2015-H2 or 2015")
    made.add_argument("--as-of", metavar="DAY", help="as it stood at the end of that day (default: now)")
    made.add_argument("--department", metavar="ID", help="only this one, with every point it lost")
    made.add_argument("--to", type=Path, metavar="FILE", help="write ranks and lost points of all as .xlsx")
    made.add_argument("--losses", action="store_true", help="every point lost, by the occurrences that cost it")


def _score(args: argparse.Namespace) -> int:
    from tracker.reports.reading import Reader
    from tracker.reports.scores import NoScoring, assess

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
            found = assess(tx, Reader(rulebook, loaded.calendar), args.period, at, under_way.told)
        except NoScoring as error:
            raise UsageError(str(error)) from None
    if args.to:
        _write(args.to, found)
    else:
        _show(args, found)
    if not found.reading.lines:
        say("nothing was decided by then: run `duban tick` or `duban once` first")
    return 0


def _show(args: argparse.Namespace, found: CountyScores) -> None:
    if args.losses or args.department:
        emit(LOSSES, _losses(found, args.department), args.format, title=f"{found.title} {found.scoring.title}")
    else:
        emit(SCORES, _scores(found), args.format, title=f"{found.title} {found.scoring.title}")


def _write(path: Path, found: CountyScores) -> None:
    from tracker.reports.scores_sheet import sheets_of

    content = sheets_of(found)
    path.write_bytes(content)
    say(f"{path}: {len(content):,} bytes")


def _scores(found: CountyScores) -> list[dict[str, Any]]:
    from tracker.core.law.notice_fields import percent_zh

    return [
        {
            "rank": one.rank or None,
            "department": one.department,
            "name": found.reading.department(one.department),
            "total": one.total if one.assessed else None,
            "grade": one.grade,
            "due": one.due,
            "on_time": one.on_time,
            "rate": percent_zh(one.on_time / one.due, 0) if one.due else "",
            "lost": one.lost,
            "won": one.won,
            "veto": "、".join(award.title for award in one.awards if award.veto),
        }
        for one in found.scores
    ]


def _losses(found: CountyScores, department: str | None) -> list[dict[str, Any]]:
    return [
        {
            "department": loss.department,
            "name": found.reading.department(loss.department),
            "fault": loss.fault,
            "points": loss.points,
            "cut": loss.cut,
            "reason": loss.reason,
            "occurrences": " ".join(loss.keys),
        }
        for one in found.scores
        if department in (None, one.department)
        for loss in one.losses
    ]
