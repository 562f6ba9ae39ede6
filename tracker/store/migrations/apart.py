"""`python -m tracker.store.migrations.apart` brings the database that DUBAN_DATABASE names to our revision."""

from __future__ import annotations

import asyncio
import os

from tracker.store.engine import Store
from tracker.store.migrations import URL, migrate


async def main() -> None:
    """Upgrade, and be gone with all that was loaded for it."""
    async with Store(os.environ[URL]) as store:
        await migrate(store)


if __name__ == "__main__":
    asyncio.run(main())
