"""`python -m tracker.store.migrations` upgrades the database that DUBAN_DATABASE names to this version's revision.

For developers: `python -m tracker.store.migrations URL "add a thing"` drafts the next revision.
URL: a scratch database, best on PostgreSQL (it compares defaults too); it is migrated to `HEAD` first.
"""

from __future__ import annotations

import os
import sys

from tracker.store.engine import Store
from tracker.store.migrations import HEAD, URL, draft_revision, migrate


def main(url: str, message: str) -> None:
    with Store(url) as store:
        store.migrate()
        with store.begin() as tx:
            path = draft_revision(tx, f"{int(HEAD) + 1:04}", message)
    print(f"{path}\nread it, then set HEAD in tracker/store/migrations/__init__.py")


if __name__ == "__main__":
    if sys.argv[1:]:
        main(*sys.argv[1:])
    else:
        with Store(os.environ[URL]) as store:
            migrate(store)
