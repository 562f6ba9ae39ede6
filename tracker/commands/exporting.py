"""`duban evidence export`: everything a judgement rests on, in a zip that a third person can check."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

from tracker.commands import context
from tracker.commands.errors import UsageError
from tracker.commands.output import say
from tracker.commands.parsing import add
from tracker.reports.export import export


def register(evidence: Any) -> None:
    made = add(evidence, "export", _export, "a zip with all that the judgement rests on, for anybody to check")
    made.add_argument("occurrence", metavar="OCCURRENCE")
    made.add_argument("--to", type=Path, metavar="FILE.zip", help="where it goes (default: named by the occurrence)")
    made.add_argument("--archive", type=Path, metavar="DIR", help="the WARC files (default: as schedule.yaml says)")
    made.add_argument("--now", metavar="INSTANT", help="as judged then (default: as of the last tick)")


def _export(args: argparse.Namespace) -> int:
    loaded = context.load(args)
    now = context.instant(args, loaded.schedule.zone) if args.now else None
    target = args.to or Path(f"evidence-{re.sub(r'[^0-9A-Za-z.+_-]+', '_', args.occurrence)}.zip")
    archive = args.archive or context.root(args) / (loaded.schedule.crawl.archive or "archive")
    filings = context.root(args) / loaded.schedule.filings.folder
    if not target.parent.is_dir():
        raise UsageError(f"--to {target}: no folder {target.parent}")
    with context.opened(args, create=False) as store:
        try:
            exported = export(store, loaded, archive, filings, args.occurrence, target, now)
        except LookupError as error:
            raise UsageError(str(error.args[0])) from None
    if isinstance(exported, list):
        raise context.unknown_occurrence(args.occurrence, exported)
    for fault in exported.faults:
        say(f"not in the archive any more: {fault}")
    say(f"{len(exported.visits)} visits, {len(exported.captures)} captures; check with: sha256sum -c SHA256SUMS")
    print(target)
    return int(bool(exported.faults))
