"""Makes docs/examples/ again from a replayed year: the circular of September 2015, by the moves people make, and the
ledger of December.

    duban replay --keep YEAR          # the sample county's year, once: YEAR/duban.db
    python docs/examples.py YEAR/duban.db

The database is copied, not changed. The .docx, .html and .xlsx are the same bytes each time; a PDF bears when it was
made.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from tracker.daemon.jobs import Office
from tracker.demo.replay import SimulatedClock
from tracker.demo.simulation import open_null_channels
from tracker.reports.circulars.lifecycle import Circulars
from tracker.rulebook.load import load
from tracker.store.engine import Store

HERE = Path(__file__).resolve().parent
MONTH, DRAFTER, SUPERVISOR = "2015-09", "王敏", "赵督查"


async def moves(database: Path) -> None:
    """Draft, put to the departments, sign after their window, issue."""
    loaded = load(HERE.parent, dict(os.environ))
    zone = loaded.rulebooks[0].county.zone
    store, clock = Store(f"sqlite:///{database}"), SimulatedClock(datetime(2015, 10, 12, 10, tzinfo=zone))
    with store:
        office = Office(loaded, store, clock, database.parent, channels=open_null_channels)
        office.prepare()
        for day, names, by in (
            (12, ("draft", "consult"), DRAFTER),
            (20, ("sign",), SUPERVISOR),
            (21, ("issue",), DRAFTER),
        ):
            clock.now = clock.now.replace(day=day)
            with store.begin() as tx:
                circulars = Circulars(tx, loaded, loaded.rulebooks[0], clock.now)
                for name in names:
                    getattr(circulars, name)(MONTH, by)
            await office.deliver()


def main() -> int:
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_file():
        print(__doc__, file=sys.stderr)
        return 2
    from tracker.commands.main import main as duban

    with tempfile.TemporaryDirectory() as name:
        database = Path(name) / "duban.db"
        shutil.copy(sys.argv[1], database)
        asyncio.run(moves(database))
        target = HERE / "examples"
        target.mkdir(exist_ok=True)
        os.environ["DUBAN_DATABASE"] = f"sqlite:///{database}"
        days = ["--as-of", "2015-12-31", "--from", "2015-12-01", "--until", "2015-12-31"]
        if status := duban(["report", "ledger", *days, "--to", str(target / "ledger-2015-12.xlsx")]):
            return status
        for ending in ("docx", "html", "pdf"):
            status = duban(["circular", "show", MONTH, "--to", str(target / f"circular-{MONTH}.{ending}")])
            if status:
                return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
