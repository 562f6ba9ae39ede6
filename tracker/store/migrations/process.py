"""`python -m tracker.store.migrations.process` brings the database that DUBAN_DATABASE names to our revision."""

from __future__ import annotations

import os

from tracker.store.engine import Store
from tracker.store.migrations import URL, migrate


def main() -> None:
    """Upgrade, and be gone with all that was loaded for it."""
    with Store(os.environ[URL]) as store:
        migrate(store)


if __name__ == "__main__":
    main()
