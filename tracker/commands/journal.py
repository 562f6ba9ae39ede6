"""`duban journal show | verify | export`: the record of every change, whether it holds, a copy to take away."""

from __future__ import annotations

import re
import sys
from argparse import Namespace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from tracker.commands.context import CommandContext, UsageError, begin_of, parse_moment
from tracker.commands.language import tr
from tracker.commands.output import emit, row_of, say
from tracker.commands.parsing import command, count, exclusive, option
from tracker.commands.progress import RowCount
from tracker.reports.journal import ExportError, compare, export, find_heads, read_export
from tracker.reports.verification import verify_journal
from tracker.store.chain import find_hash, find_row_hash, list_journalled_counties, read_chain_head
from tracker.store.engine import Tx
from tracker.store.journal import list_rows
from tracker.store.restores import load_restores

COLUMNS = (
    "height", "at", "who", "action", "subject", "before", "after", "reason", "origin", "form", "previous", "hash",
)  # fmt: skip
TABLE = ("height", "at", "who", "action", "subject", "reason", "origin")
#: As it is printed in mails, whole or short: 1234-3f2a9c01d4e5f607, or without the height.
_HEAD = re.compile(r"(?:(\d{1,18})[-:])?([0-9a-f]{12,64})")


# -- show ----------------------------------------------------------------------------------------


@command("journal show", rows=True)
@option("--subject", metavar="TEXT", help="only lines about it: the whole subject, or its end after a /")
@option("--action", metavar="NAME", help="only this action: event.recorded, or event for all of events")
@option("--who", metavar="NAME", help="only by this person; rule: by any version of the rules")
@option("--since", metavar="DAY[THH:MM]", help="not before")
@option("--until", metavar="DAY[THH:MM]", help="not after")
@option("--last", type=count, metavar="N", help="only the last N")
def show_lines(args: Namespace, context: CommandContext) -> None:
    """List journal lines, oldest first."""
    with context.read() as tx:
        lines = list_rows(
            tx, context.county.id, subject=args.subject, action=args.action, who=args.who, last=args.last,
            since=_from(args.since, context.zone), until=_up_to(args.until, context.zone),
        )  # fmt: skip
    rows = (row_of(line, COLUMNS, {"at": line.at.astimezone(context.zone)}) for line in lines)
    emit(COLUMNS, rows, args.format, table=TABLE)


def _from(text: str | None, zone: tzinfo) -> datetime | None:
    return None if text is None else begin_of(parse_moment(text, zone, "--since"), zone)


def _up_to(text: str | None, zone: tzinfo) -> datetime | None:
    """The first instant that is no longer meant: after the day, or after the minute."""
    if text is None:
        return None
    last = parse_moment(text, zone, "--until")
    return begin_of(last, zone) + (timedelta(minutes=1) if isinstance(last, datetime) else timedelta(days=1))


# -- verify --------------------------------------------------------------------------------------


@command("journal verify")
@exclusive(
    option("--head", metavar="HASH", help="a head from a report mail, whole or short: is it in the chain?"),
    option(
        "--from",
        dest="file",
        type=Path,
        metavar="FILE",
        help="an earlier export: does it go on? Or a kept mail or document: are the heads in it in the chain?",
    ),
)
def verify_chains(args: Namespace, context: CommandContext) -> int:
    """Check every chain, and the rows of the tables against it; exit status 1, and each row named that is not right."""
    heads = [_parse_head(args.head)] if args.head else _heads_of(args.file) if args.file else []
    with context.open_store() as store, store.read() as tx:
        counties = _counties(tx, args.county)
        if not counties:
            say("no county has a journal in this database")
        for county, restore in load_restores(tx).items():
            if county in counties:
                say(
                    "{county}: a backup of {made_at:%Y-%m-%d %H:%M}Z was restored on {at:%Y-%m-%d %H:%M}Z; it ended at "
                    "row {height}. `--from` with the newest report mail says how many rows were lost",
                    county=county, made_at=restore.made_at, at=restore.at, height=restore.height,
                )  # fmt: skip
        holding = [_holds(tx, county) for county in counties]
        if args.file and not heads:
            known = [_continues(tx, args.file)]
        else:
            known = [_is_known(tx, counties, height, start) for height, start in heads]
    return int(not holding or not all(holding + known))


def _heads_of(path: Path) -> list[tuple[int | None, str]]:
    """The heads that a mail or a document prints; none for an export, which is compared as a whole."""
    try:
        return find_heads(path)
    except ExportError as error:
        raise UsageError(str(error)) from None


def _counties(tx: Tx, asked: str | None) -> list[str]:
    counties = list_journalled_counties(tx)
    if asked and asked not in counties:
        raise UsageError(
            "--county {asked}: not in this database (one of: {counties})",
            asked=asked,
            counties=", ".join(counties) or tr("none"),
        )
    return [asked] if asked else counties


def _holds(tx: Tx, county: str) -> bool:
    """Say whether the county's chain holds and the tables agree with it, and where not."""
    found = verify_journal(tx, county, county, lambda name, rows: RowCount(name, rows).report_progress)
    for defect in found.defects:
        print(tr(defect))
    for text in found.holds:
        say(text)
    return not found.defects


def _parse_head(text: str) -> tuple[int | None, str]:
    match = _HEAD.fullmatch(re.sub(r"\s", "", text).lower())
    if match is None:
        raise UsageError(
            "--head {text!r}: write it as the mail prints it, like 1234-3f2a9c01d4e5f607, or 12 to 64 hex digits",
            text=text,
        )
    return int(match[1]) if match[1] else None, match[2]


def _is_known(tx: Tx, counties: list[str], height: int | None, start: str) -> bool:
    """Whether a head that was kept outside stands in a chain here."""
    for county in counties:
        at = find_hash(tx, county, start)
        if at is not None and height in (None, at):
            say("{county}: the head is row {at} of this chain", county=county, at=at)
            return True
    restores = load_restores(tx)
    for county in counties:
        restore = restores.get(county)
        if restore is not None and height is not None and height > restore.height:
            print(
                tr(
                    "{county}: the head is of the installation that was lost: the backup of {made_at:%Y-%m-%d %H:%M}Z "
                    "ends at row {last}; the {count} rows from there to row {height} are not here",
                    county=county,
                    made_at=restore.made_at,
                    last=restore.height,
                    count=height - restore.height,
                    height=height,
                )
            )
            continue
        here = find_row_hash(tx, county, height) if height is not None else None
        if here is not None:
            print(
                tr(
                    "{county}: this chain was rewritten: row {height} is {here}…, not {start}…",
                    county=county,
                    height=height,
                    here=here[:16],
                    start=start[:16],
                )
            )
        elif height is not None:
            last = read_chain_head(tx, county).height
            print(
                tr(
                    "{county}: this chain was rewritten or an old copy restored: it ends at row {last}, not {height}",
                    county=county,
                    last=last,
                    height=height,
                )
            )
        else:
            print(tr("{county}: this chain was rewritten: no row of it is {start}…", county=county, start=start[:16]))
    return False


def _continues(tx: Tx, path: Path) -> bool:
    """Whether the chain here goes on from an export that was kept outside."""
    try:
        compared = compare(tx, read_export(path))
    except ExportError as error:
        if error.unusable:
            raise UsageError(str(error)) from None
        print(error)
        return False
    say(
        "{county}: the chain goes on from row {height} of {path}",
        county=compared.county,
        height=compared.height,
        path=path,
    )
    return True


# -- export --------------------------------------------------------------------------------------


@command("journal export")
@option("file", type=Path, metavar="FILE.jsonl")
@option("--from", dest="first", type=count, default=1, metavar="HEIGHT", help="from this row on")
def export_chain(args: Namespace, context: CommandContext) -> int:
    """Write a chain to a file that can be verified alone; go on with one there."""
    if not args.file.parent.is_dir():
        raise UsageError("{file}: no folder {parent}", file=args.file, parent=args.file.parent)
    with context.open_store() as store, store.read() as tx:
        counties = _counties(tx, args.county)
        if len(counties) != 1:
            raise UsageError(
                "several counties have a journal; give --county (one of: {counties})", counties=", ".join(counties)
            )
        try:
            done = export(tx, counties[0], args.file, args.first, context.instant(None))
        except ExportError as error:
            if error.unusable:
                raise UsageError(str(error)) from None
            print(error, file=sys.stderr)
            return 1
    say(
        "{county}: {added} rows written, up to row {height}; head {height}-{head}",
        county=done.county,
        added=done.added,
        height=done.height,
        head=done.head,
    )
    print(args.file)
    return 0
