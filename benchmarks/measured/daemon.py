"""`duban run` with its clock set: python daemon.py ROOT DATABASE INSTANT

The clock goes on from that instant, so that an idle daemon can be looked at in a year whose plan is in force.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta

from tracker import clock


def main() -> int:
    root, database, instant = sys.argv[1:]
    first, began = datetime.fromisoformat(instant).astimezone(UTC), time.monotonic()
    clock.system_clock = lambda: first + timedelta(seconds=time.monotonic() - began)

    try:  # only now: what is imported takes the clock as it is set
        from tracker.commands.main import main as duban
    except ImportError:  # the commit before
        from tracker.cli import main as duban  # type: ignore[no-redef]

    return duban(["--root", root, "--database", f"sqlite:///{database}", "run"])


if __name__ == "__main__":
    sys.exit(main())
