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


def register(evidence: Any) -> None:
    export = add(evidence, "export", _export, "a zip with all that the judgement rests on, for anybody to check")
    export.add_argument("occurrence", metavar="OCCURRENCE")
    export.add_argument("--to", type=Path, metavar="FILE.zip", help="where it goes (default: named by the occurrence)")
    export.add_argument("--archive", type=Path, metavar="DIR", help="the WARC files (default: as schedule.yaml says)")
    export.add_argument("--now", metavar="INSTANT", help="as judged then (default: as of the last tick)")


def _export(args: argparse.Namespace) -> int:
    from tracker.reports.export import export

    loaded = context.load(args)
    now = context.instant(args, loaded.schedule.zone) if args.now else None
    target = args.to or Path(f"evidence-{re.sub(r'[^0-9A-Za-z.+_-]+', '_', args.occurrence)}.zip")
    archive = args.archive or context.root(args) / (loaded.schedule.crawl.archive or "archive")
    filings = context.root(args) / loaded.schedule.filings.folder
    if not target.parent.is_dir():
        raise UsageError(f"--to {target}: no folder {target.parent}")
    with context.opened(args, create=False) as store:
        try:
            found = export(store, loaded, archive, filings, args.occurrence, target, now)
        except LookupError as error:
            raise UsageError(str(error.args[0])) from None
    if isinstance(found, list):
        hint = f"; did you mean {', '.join(found)}" if found else "; `duban status --all` lists them"
        raise UsageError(f"no occurrence {args.occurrence!r}{hint}")
    for fault in found.faults:
        say(f"not in the archive any more: {fault}")
    say(f"{len(found.visits)} visits, {len(found.captures)} captures; check with: sha256sum -c SHA256SUMS")
    print(target)
    return int(bool(found.faults))
